//! Runs a target on inputs, and catches what goes wrong.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rand::SeedableRng;

use crate::{Random, Target};

/// The most memory of an input, in bytes. Inputs are small, so that only a claim in one can need more.
pub const MEMORY: u64 = 64 << 20;

/// Why an input failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The message of the panic, or the memory.
    pub what: String,
    /// Where the panic was, in the source.
    pub place: String,
}

/// The result of an input that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// Whether it was accepted.
    pub accepted: bool,
    /// The memory in bytes.
    pub memory: u64,
}

/// What happened with many inputs.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// The inputs.
    pub inputs: u64,
    /// Those that were accepted.
    pub accepted: u64,
    /// Those that failed.
    pub failed: u64,
    /// The first failure of each place in the source, and the number of its input.
    pub failures: Vec<(u64, Failure)>,
    /// The most memory of an input, in bytes.
    pub memory: u64,
    /// The longest time of an input.
    pub slowest: Duration,
}

/// The inputs of a target.
#[derive(Debug)]
pub struct Inputs {
    target: Target,
    seed: u64,
    seeds: Vec<Vec<u8>>,
}

impl Inputs {
    /// The inputs that a seed gives.
    pub fn new(target: Target, seed: u64) -> Self {
        Self { target, seed, seeds: (target.seeds)() }
    }

    /// The valid inputs that the others are made of.
    pub fn seeds(&self) -> &[Vec<u8>] {
        &self.seeds
    }

    /// The input with a number.
    pub fn get(&self, number: u64) -> Vec<u8> {
        let mut random = Random::seed_from_u64(self.seed);
        random.set_stream(number);
        (self.target.mutate)(&mut random, &self.seeds)
    }

    /// Tries input after input, from number 0, as long as `go_on` returns true.
    pub fn run(&self, mut go_on: impl FnMut(u64, &[u8]) -> bool) -> Summary {
        let mut summary = Summary::default();
        for number in 0.. {
            let input = self.get(number);
            if !go_on(number, &input) {
                break;
            }
            let start = Instant::now();
            let outcome = try_input(self.target, &input);
            summary.add(number, outcome, start.elapsed());
        }
        summary
    }
}

impl Summary {
    fn add(&mut self, number: u64, outcome: Result<Read, Failure>, time: Duration) {
        self.inputs += 1;
        self.slowest = self.slowest.max(time);
        match outcome {
            Ok(Read { accepted, memory }) => {
                self.accepted += u64::from(accepted);
                self.memory = self.memory.max(memory);
            }
            Err(failure) => {
                self.failed += 1;
                if !self.failures.iter().any(|(_, known)| known.place == failure.place) {
                    self.failures.push((number, failure));
                }
            }
        }
    }
}

thread_local! {
    /// Whether an input is being read.
    static READING: Cell<bool> = const { Cell::new(false) };
}

/// Where the last panic was.
static PLACE: Mutex<String> = Mutex::new(String::new());

/// Gives an input to a target.
///
/// A panic is caught, and not printed if [`quiet`] was called. An abort cannot be caught: it ends the process.
///
/// # Errors
/// If the target panics, or needs more than [`MEMORY`].
pub fn try_input(target: Target, input: &[u8]) -> Result<Read, Failure> {
    let mut outcome = Ok(false);
    let allocated = allocation_counter::measure(|| {
        READING.set(true);
        outcome = panic::catch_unwind(AssertUnwindSafe(|| (target.read)(input)));
        READING.set(false);
    });
    let memory = allocated.bytes_max;
    match outcome {
        Ok(_) if memory > MEMORY => Err(Failure {
            what: format!("{memory} bytes of memory for an input of {} bytes", input.len()),
            place: "memory".to_owned(),
        }),
        Ok(accepted) => Ok(Read { accepted, memory }),
        Err(payload) => {
            let place = PLACE.lock().map(|place| place.clone()).unwrap_or_default();
            Err(Failure { what: message(&*payload), place })
        }
    }
}

/// Remembers where a panic was instead of printing it, while an input is read.
pub fn quiet() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !READING.get() {
            print(info);
        } else if let (Ok(mut place), Some(found)) = (PLACE.lock(), info.location()) {
            *place = format!("{}:{}", found.file(), found.line());
        }
    }));
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or(payload.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
}
