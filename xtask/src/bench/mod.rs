//! `cargo xtask bench`: how long a training step takes, and how near that is to the machine's limit.

mod compare;
mod job;
mod matrix_exponential;
mod numbers;
mod peak;
mod peers;
mod rows;
mod sample;
mod simple_chains;
mod training;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use nnfs::activations::ActivationKind;
use nnfs::tensor::Dtype;
use serde_json::json;

use nnfs_console::Alignment::{self, Left, Right};
use nnfs_console::{UsageError, table};

use crate::experiment::one_of;
use crate::workspace::{cargo, run as run_command};
use compare::{Comparison, STEP};
use job::{Inputs, Job, Sizes};
use peers::Memory;
use sample::Measured;
pub(crate) use sample::median;

/// Time a training step: forward, loss, backward, Adam with decay
///
/// Without --sizes, --batch, --inputs and --activation it times a table: dense jobs with random inputs,
/// then jobs of the chapter, whose step computes the accuracy too.
#[derive(Debug, Args)]
pub(crate) struct BenchOptions {
    /// Widths from the inputs to the outputs, as in 1,64,64,1; may be repeated
    #[arg(long)]
    sizes: Vec<Sizes>,
    /// Samples in a step; may be repeated [default: 1000]
    #[arg(long)]
    batch: Vec<usize>,
    /// Samples of the chapter's sine, or of independent uniform numbers; may be repeated [default: sine]
    #[arg(long, value_parser = one_of::<Inputs>(Inputs::ALL.map(Inputs::name)))]
    inputs: Vec<Inputs>,
    /// Activation of the hidden layers; may be repeated [default: relu]
    #[arg(long, value_parser = one_of::<ActivationKind>(ActivationKind::ALL.map(ActivationKind::name)))]
    activation: Vec<ActivationKind>,
    /// Kind of number; may be repeated [default: both]
    #[arg(long, value_parser = one_of::<Dtype>(Dtype::ALL.map(Dtype::name)))]
    dtype: Vec<Dtype>,
    /// Threads to share a step among; may be repeated
    #[arg(long, default_values_t = [1])]
    threads: Vec<usize>,
    /// How long to time each job
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// Time the prediction of a single row instead [default sizes: 8,16,16,1 and 8,64,64,1]
    #[arg(long, conflicts_with_all = ["batch", "inputs", "threads"])]
    rows: bool,
    /// Time the two published jobs of SimpleChains instead, side by side with JAX, PyTorch and NumPy
    #[arg(
        long,
        conflicts_with_all = ["sizes", "batch", "inputs", "activation", "dtype", "threads", "rows", "peers"]
    )]
    simple_chains: bool,
    /// Do the same job side by side with JAX, PyTorch, NumPy, scikit-learn, burn and candle; a single
    /// row, with ONNX Runtime, tract and PyTorch
    #[arg(long)]
    peers: bool,
    /// Python with the peers [default: that in xtask/peers/.venv, or python3]
    #[arg(long)]
    python: Option<PathBuf>,
    /// How many turns ours and each peer take
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(5..))]
    rounds: u32,
    /// Print one JSON object a line instead of a table
    #[arg(long)]
    json: bool,
}

/// The headings of the table.
const COLUMNS: [(&str, Alignment); 9] = [
    ("sizes", Left),
    ("activation", Left),
    ("inputs", Left),
    ("batch", Right),
    ("dtype", Left),
    ("threads", Right),
    ("us a step", Right),
    ("GFLOP/s", Right),
    ("of the peak", Right),
];

/// Times every job and prints the results; JSON line by line.
///
/// # Errors
/// [`UsageError`] if a size, a batch, a number of threads or the time is 0.
pub(crate) fn run(options: &BenchOptions) -> anyhow::Result<()> {
    let jobs = options.jobs()?;
    if cfg!(debug_assertions) {
        return run_optimized();
    }
    if options.rows {
        return rows::run(options);
    }
    if options.simple_chains {
        return simple_chains::run(options);
    }
    if options.peers {
        return jobs.iter().try_for_each(|job| compare(job, options));
    }
    let time = Duration::from_secs_f64(options.seconds);
    let mut rows = Vec::new();
    for job in &jobs {
        let measured = job.measure(time)?;
        if options.json {
            println!("{}", as_json(job, &measured));
        } else {
            eprintln!("{job}: {:.1} us", measured.us_per_step);
            rows.push(as_row(job, &measured));
        }
    }
    if !options.json {
        println!("{}", table(&COLUMNS, &rows));
    }
    Ok(())
}

/// Runs the same task again in the release profile, which is the one that counts.
fn run_optimized() -> anyhow::Result<()> {
    let mut again = cargo("run --quiet --release --package xtask --");
    eprintln!("compiling in the release profile, and timing that");
    run_command(again.args(std::env::args_os().skip(1)))
}

/// Takes turns with every peer that is installed.
fn compare(job: &Job, options: &BenchOptions) -> anyhow::Result<()> {
    let arguments = (&*job.arguments(), job.threads);
    let memories = [Memory::Default, Memory::Kept];
    let peers = peers::start(options.python.as_deref(), &peers::TRAINERS, arguments, &memories);
    let comparison = Comparison {
        title: job.to_string(),
        line: job.to_json(),
        unit: &STEP,
        check: job.loss_of_step_100()?,
        published: None,
    };
    comparison.run(peers, options, |time| Ok(job.measure(time)?.us_per_step))
}

/// What is asked for, or else what is timed by default.
fn or_default<'a, V>(asked: &'a [V], default: &'a [V]) -> &'a [V] {
    if asked.is_empty() { default } else { asked }
}

impl BenchOptions {
    fn activations(&self) -> &[ActivationKind] {
        or_default(&self.activation, &[ActivationKind::Relu])
    }

    fn dtypes(&self) -> &[Dtype] {
        or_default(&self.dtype, &[Dtype::F32, Dtype::F64])
    }

    /// Every combination of the options, or the table.
    fn jobs(&self) -> Result<Vec<Job>, UsageError> {
        if !(self.seconds > 0.0 && self.seconds <= 3600.0) {
            return Err(UsageError("--seconds takes a time above 0 and up to 3600".to_owned()));
        }
        if self.batch.contains(&0) || self.threads.contains(&0) {
            return Err(UsageError("--batch and --threads take numbers from 1 on".to_owned()));
        }
        let mut jobs = Vec::new();
        for job in self.chosen().unwrap_or_else(job::table) {
            for &dtype in self.dtypes() {
                for &threads in &self.threads {
                    jobs.push(Job { dtype, threads, ..job.clone() });
                }
            }
        }
        Ok(jobs)
    }

    /// Every combination of networks and samples, if any is chosen.
    fn chosen(&self) -> Option<Vec<Job>> {
        let Self { sizes, batch, inputs, activation, .. } = self;
        if sizes.is_empty() && batch.is_empty() && inputs.is_empty() && activation.is_empty() {
            return None;
        }
        let mut jobs = Vec::new();
        for &inputs in or_default(inputs, &[Inputs::Sine]) {
            for sizes in or_default(sizes, &[inputs.default_sizes()]) {
                for &activation in self.activations() {
                    for &batch in or_default(batch, &[1000]) {
                        let (sizes, dtype, threads) = (sizes.clone(), Dtype::F32, 1);
                        jobs.push(Job { sizes, activation, inputs, batch, dtype, threads });
                    }
                }
            }
        }
        Some(jobs)
    }
}

fn as_json(job: &Job, measured: &Measured) -> serde_json::Value {
    let mut line = job.to_json();
    line["us_per_step"] = json!(measured.us_per_step);
    line["gflops"] = json!(measured.gflops);
    line["peak_share"] = json!(measured.peak_share);
    line
}

fn as_row(job: &Job, measured: &Measured) -> Vec<String> {
    let Job { sizes, activation, inputs, batch, dtype, threads } = job;
    let Measured { us_per_step, gflops, peak_share } = measured;
    vec![
        sizes.to_string(),
        activation.to_string(),
        inputs.name().to_owned(),
        batch.to_string(),
        dtype.to_string(),
        threads.to_string(),
        format!("{us_per_step:.1}"),
        format!("{gflops:.1}"),
        format!("{:.0}%", peak_share * 100.0),
    ]
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: BenchOptions,
    }

    fn jobs(line: &str) -> Result<Vec<String>, UsageError> {
        let words = std::iter::once("bench").chain(line.split_whitespace());
        let jobs = Line::parse_from(words).options.jobs()?;
        Ok(jobs.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn every_combination_becomes_a_job() {
        let line = "--sizes 1,64,64,1 --sizes 2,8,3 --batch 32 --batch 1000 --dtype f32 --threads 1 --threads 2";
        let two = jobs(&format!("{line} --inputs random --activation tanh")).unwrap();
        assert_eq!(two.len(), 8);
        assert_eq!(two[0], "1-64-64-1 tanh, random inputs, batch 32, f32, 1 thread");
        assert_eq!(two[7], "2-8-3 tanh, random inputs, batch 1000, f32, 2 threads");
        let more = "--inputs sine --inputs random --activation relu --activation sigmoid";
        assert_eq!(jobs(&format!("{line} {more}")).unwrap().len(), 32);
    }

    #[test]
    fn the_defaults_are_those_of_the_chapter() {
        assert_eq!(
            jobs("--batch 7").unwrap(),
            [
                "1-64-64-1 relu, sine inputs, batch 7, f32, 1 thread",
                "1-64-64-1 relu, sine inputs, batch 7, f64, 1 thread",
            ]
        );
        assert_eq!(
            jobs("--inputs random --dtype f32").unwrap(),
            ["32-64-64-1 relu, random inputs, batch 1000, f32, 1 thread"]
        );
    }

    #[test]
    fn the_table_has_dense_jobs_and_then_those_of_the_chapter() {
        let table = jobs("--dtype f32").unwrap();
        assert_eq!(table[0], "32-64-64-1 relu, random inputs, batch 1000, f32, 1 thread");
        for job in [
            "32-512-512-1 tanh, random inputs, batch 1000, f32, 1 thread",
            "32-64-64-1 sigmoid, random inputs, batch 32, f32, 1 thread",
            "1-64-64-1 relu, sine inputs, batch 10000, f32, 1 thread",
        ] {
            assert!(table.contains(&job.to_owned()), "{job}");
        }
        let last = "1-64-64-64-64-1 relu, sine inputs, batch 1000, f32, 1 thread";
        assert_eq!(table.last().unwrap(), last);
        assert_eq!(table.len(), 19);
    }

    #[test]
    fn the_other_tasks_refuse_options_that_they_do_not_have() {
        for line in ["--rows --batch 3", "--rows --simple-chains", "--simple-chains --dtype f32"] {
            let words = std::iter::once("bench").chain(line.split_whitespace());
            assert!(Line::try_parse_from(words).is_err(), "{line}");
        }
    }

    #[test]
    fn nothing_is_timed_with_a_zero() {
        for line in ["--batch 0", "--threads 0", "--seconds 0", "--seconds=-1", "--seconds nan"] {
            assert!(jobs(line).is_err(), "{line}");
        }
        assert!("1".parse::<Sizes>().is_err());
        assert!("1,0,1".parse::<Sizes>().is_err());
        assert!("1,x,1".parse::<Sizes>().is_err());
    }
}
