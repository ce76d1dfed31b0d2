//! What the Rust peers share: the job, and the conversation with `cargo xtask bench --peers`, as
//! peer.py has them for the Python peers. Each includes this file as a module.

use std::f64::consts::{PI, SQRT_2};
use std::io::BufRead;
use std::time::Instant;

pub type Failure = Box<dyn std::error::Error>;

const FIRST_STEPS: usize = 100;
const LEAST_STEPS: usize = 3;

pub const BETAS: (f64, f64) = (0.9, 0.999);
pub const EPSILON: f64 = 1e-7;

/// The learning rate of a step, counted from 0.
pub fn rate(step: usize) -> f64 {
    0.005 / (1.0 + 1e-3 * step as f64)
}

/// What the command line asks for.
pub struct Job {
    pub sizes: Vec<usize>,
    pub batch: usize,
    pub double: bool,
    pub threads: usize,
    /// Add the biases of a layer as the product of a column of ones with them, so that their
    /// gradient is a product too: some libraries sum columns more slowly than they multiply.
    pub bias_products: bool,
}

impl Job {
    pub fn from_arguments() -> Result<Self, Failure> {
        let mut job = Self {
            sizes: vec![1, 64, 64, 1],
            batch: 1000,
            double: false,
            threads: 1,
            bias_products: false,
        };
        let mut words = std::env::args().skip(1);
        while let Some(option) = words.next() {
            let value = words.next().ok_or_else(|| format!("{option} needs a value"))?;
            match (option.as_str(), value.as_str()) {
                ("--sizes", _) => {
                    job.sizes = value.split(',').map(str::parse).collect::<Result<_, _>>()?;
                }
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

    /// The first weight of a layer from its input i to its output j.
    pub fn weight(&self, layer: usize, i: usize, j: usize) -> f64 {
        let phase = 1.0 + 12.9898 * i as f64 + 78.233 * j as f64 + 37.719 * layer as f64;
        (2.0 / self.sizes[layer] as f64).sqrt() * SQRT_2 * phase.sin()
    }

    /// Inputs and targets, one sample after another.
    pub fn data(&self) -> (Vec<f64>, Vec<f64>) {
        let repeated = |size: usize, f: fn(f64) -> f64| {
            let values = (0..self.batch).map(|i| f(i as f64 / self.batch as f64));
            values.flat_map(|value| std::iter::repeat_n(value, size)).collect()
        };
        let last = self.sizes.len() - 1;
        (repeated(self.sizes[0], |x| x), repeated(self.sizes[last], |x| (2.0 * PI * x).sin()))
    }
}

/// The standard deviation of the targets, divided by 250.
pub fn tolerance(targets: &[f64]) -> f64 {
    let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / targets.len() as f64;
    let middle = mean(&mut targets.iter().copied());
    mean(&mut targets.iter().map(|target| (target - middle).powi(2))).sqrt() / 250.0
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

/// Answers until stdin ends. `train` takes a step and gives the loss before it.
pub fn serve(
    (name, version): (&str, &str),
    settings: &str,
    mut train: impl FnMut() -> Result<f64, Failure>,
) -> Result<(), Failure> {
    let mut loss = f64::NAN;
    for _ in 0..FIRST_STEPS {
        loss = train()?;
    }
    println!(
        r#"{{"peer": "{name}", "version": "{version}", "settings": "{settings}", "loss": {loss}}}"#
    );
    for line in std::io::stdin().lock().lines() {
        let seconds: f64 = line?.trim().parse()?;
        let (mut steps, start, mut elapsed) = (0, Instant::now(), 0.0);
        while steps < LEAST_STEPS || elapsed < seconds {
            train()?;
            steps += 1;
            elapsed = start.elapsed().as_secs_f64();
        }
        println!(r#"{{"us_per_step": {}}}"#, elapsed / steps as f64 * 1e6);
    }
    Ok(())
}
