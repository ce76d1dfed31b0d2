//! What the Rust peers share: the job, and the conversation with `cargo xtask bench --peers`, as
//! peer.py has them for the Python peers. Each includes this file as a module.

// Not every peer needs all of it.
#![allow(dead_code)]

use std::f64::consts::{PI, SQRT_2};
use std::io::BufRead;
use std::time::Instant;

pub type Failure = Box<dyn std::error::Error>;

const FIRST_STEPS: usize = 100;
/// In a turn.
const FEWEST_SAMPLES: usize = 3;

/// The shortest sample, in seconds.
const SAMPLE: f64 = 0.02;

pub const BETAS: (f64, f64) = (0.9, 0.999);
pub const EPSILON: f64 = 1e-7;

/// The slope of the leaky ReLU.
pub const SLOPE: f64 = 0.01;

/// The activation of the hidden layers.
#[derive(Clone, Copy, PartialEq)]
pub enum Activation {
    Relu,
    LeakyRelu,
    Tanh,
    Sigmoid,
    Linear,
}

/// The number `index` of a sequence of independent uniform numbers in [0, 1): the generator
/// SplitMix64 with the seed 0, whose integers are the same in every program.
fn uniform(index: usize) -> f64 {
    let z = (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// What the command line asks for.
pub struct Job {
    pub sizes: Vec<usize>,
    pub activation: Activation,
    /// Independent uniform inputs instead of the chapter's sine.
    pub random: bool,
    pub batch: usize,
    pub double: bool,
    pub threads: usize,
    /// Add the biases of a layer as the product of a column of ones with them, so that their
    /// gradient is a product too: some libraries sum columns more slowly than they multiply.
    pub bias_products: bool,
    /// The file of the network, for single rows.
    pub onnx: String,
}

impl Job {
    pub fn from_arguments() -> Result<Self, Failure> {
        let mut job = Self {
            sizes: vec![1, 64, 64, 1],
            activation: Activation::Relu,
            random: false,
            batch: 1000,
            double: false,
            threads: 1,
            bias_products: false,
            onnx: String::new(),
        };
        let mut words = std::env::args().skip(1);
        while let Some(option) = words.next() {
            let value = words.next().ok_or_else(|| format!("{option} needs a value"))?;
            match (option.as_str(), value.as_str()) {
                ("--sizes", _) => {
                    job.sizes = value.split(',').map(str::parse).collect::<Result<_, _>>()?;
                }
                ("--activation", "relu") => job.activation = Activation::Relu,
                ("--activation", "leaky-relu") => job.activation = Activation::LeakyRelu,
                ("--activation", "tanh") => job.activation = Activation::Tanh,
                ("--activation", "sigmoid") => job.activation = Activation::Sigmoid,
                ("--activation", "linear") => job.activation = Activation::Linear,
                ("--inputs", "sine" | "random") => job.random = value == "random",
                ("--onnx", _) => job.onnx = value,
                ("--batch", _) => job.batch = value.parse()?,
                ("--dtype", "f32" | "f64") => job.double = value == "f64",
                ("--threads", _) => job.threads = value.parse()?,
                ("--mode", "layers" | "products") => job.bias_products = value == "products",
                _ => return Err(format!("cannot use {option} {value}").into()),
            }
        }
        Ok(job)
    }

    /// (inputs, outputs) of each dense layer.
    pub fn layers(&self) -> Vec<(usize, usize)> {
        self.sizes.windows(2).map(|pair| (pair[0], pair[1])).collect()
    }

    /// The learning rate of a step, counted from 0.
    pub fn rate(&self, step: usize) -> f64 {
        let initial = if self.random { 0.001 } else { 0.005 };
        initial / (1.0 + 1e-3 * step as f64)
    }

    /// The initial weight of a layer from its input i to its output j.
    pub fn weight(&self, layer: usize, i: usize, j: usize) -> f64 {
        let phase = 1.0 + 12.9898 * i as f64 + 78.233 * j as f64 + 37.719 * layer as f64;
        let (inputs, outputs) = (self.sizes[layer], self.sizes[layer + 1]);
        if !self.random && self.activation == Activation::Relu {
            // He's spread.
            (2.0 / inputs as f64).sqrt() * SQRT_2 * phase.sin()
        } else {
            // Glorot's spread.
            (6.0 / (inputs + outputs) as f64).sqrt() * phase.sin()
        }
    }

    /// Inputs and targets, one sample after another.
    pub fn data(&self) -> (Vec<f64>, Vec<f64>) {
        let (inputs, outputs) = (self.sizes[0], self.sizes[self.sizes.len() - 1]);
        if self.random {
            let data: Vec<f64> =
                (0..self.batch * inputs).map(|index| 2.0 * uniform(index) - 1.0).collect();
            let targets = data.chunks(inputs).flat_map(|row| {
                let sum: f64 = row.iter().map(|x| (3.0 * x).sin()).sum();
                std::iter::repeat_n(sum / (inputs as f64).sqrt(), outputs)
            });
            let targets = targets.collect();
            return (data, targets);
        }
        let repeated = |size: usize, f: fn(f64) -> f64| {
            let values = (0..self.batch).map(|i| f(i as f64 / self.batch as f64));
            values.flat_map(|value| std::iter::repeat_n(value, size)).collect()
        };
        (repeated(inputs, |x| x), repeated(outputs, |x| (2.0 * PI * x).sin()))
    }

    /// The tolerance of the accuracy, which is a part of the chapter's step only: the standard
    /// deviation of the targets, divided by 250.
    pub fn tolerance(&self, targets: &[f64]) -> Option<f64> {
        (!self.random).then(|| deviation(targets) / 250.0)
    }
}

fn deviation(values: &[f64]) -> f64 {
    let mean = |terms: &mut dyn Iterator<Item = f64>| terms.sum::<f64>() / values.len() as f64;
    let middle = mean(&mut values.iter().copied());
    mean(&mut values.iter().map(|value| (value - middle).powi(2))).sqrt()
}

/// Holds the thread pools to a number of threads, and lets the CPU treat numbers that fade away
/// as 0: the moments of dead units do, and each such number costs a hundred cycles. Threads that
/// start later inherit that. Says how the job is done.
pub fn prepare(job: &Job, backend: &str) -> String {
    let biases = if job.bias_products { "biases by products" } else { "linear layers" };
    // SAFETY: nothing else runs yet.
    unsafe { std::env::set_var("RAYON_NUM_THREADS", job.threads.to_string()) };
    #[cfg(target_arch = "x86_64")]
    {
        let mut settings = 0_u32;
        // SAFETY: the two bits, flush to zero and denormals are zero, change only what becomes of
        // numbers near 0.
        unsafe {
            std::arch::asm!("stmxcsr [{}]", in(reg) &mut settings);
            settings |= 0x8040;
            std::arch::asm!("ldmxcsr [{}]", in(reg) &settings);
        }
        format!("{backend}, {biases}, denormals flushed")
    }
    #[cfg(not(target_arch = "x86_64"))]
    format!("{backend}, {biases}")
}

/// The version of a package according to a Cargo.lock.
pub fn version<'a>(lock: &'a str, package: &str) -> &'a str {
    let start = format!("name = \"{package}\"\nversion = \"");
    let version = lock.split(&start).nth(1).and_then(|rest| rest.split('"').next());
    version.unwrap_or("unknown")
}

/// Trains 100 steps, and answers until stdin ends. `train` takes a step and returns the loss before it.
pub fn train(
    name_and_version: (&str, &str),
    settings: &str,
    mut train: impl FnMut() -> Result<f64, Failure>,
) -> Result<(), Failure> {
    let mut loss = f64::NAN;
    for _ in 0..FIRST_STEPS {
        loss = train()?;
    }
    serve(name_and_version, settings, loss, 1, || train().map(drop))
}

/// Answers until stdin ends. `work` does `pieces` pieces of work; `check` is the number that shows that
/// all programs do the same job.
pub fn serve(
    (name, version): (&str, &str),
    settings: &str,
    check: f64,
    pieces: usize,
    mut work: impl FnMut() -> Result<(), Failure>,
) -> Result<(), Failure> {
    println!(
        r#"{{"peer": "{name}", "version": "{version}", "settings": "{settings}", "check": {check}}}"#
    );
    for line in std::io::stdin().lock().lines() {
        let seconds: f64 = line?.trim().parse()?;
        let (mut samples, start) = (Vec::new(), Instant::now());
        while samples.len() < FEWEST_SAMPLES || start.elapsed().as_secs_f64() < seconds {
            samples.push(sample(pieces, &mut work)?);
        }
        samples.sort_by(f64::total_cmp);
        println!(r#"{{"us": {}}}"#, samples[samples.len() / 2] * 1e6);
    }
    Ok(())
}

/// The seconds of a piece of work, over pieces that take 20 ms or more, as ours are timed.
fn sample(pieces: usize, work: &mut impl FnMut() -> Result<(), Failure>) -> Result<f64, Failure> {
    let (mut done, start, mut elapsed) = (0, Instant::now(), 0.0);
    while elapsed < SAMPLE {
        work()?;
        done += pieces;
        elapsed = start.elapsed().as_secs_f64();
    }
    Ok(elapsed / done as f64)
}
