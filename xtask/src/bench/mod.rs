//! `cargo xtask bench`: how long a training step takes, and how near that is to the machine's limit.

mod job;
mod peak;
mod peers;
mod sample;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use nnfs::tensor::Dtype;
use serde_json::json;

use nnfs_console::Alignment::{self, Left, Right};
use nnfs_console::{UsageError, table};

use crate::experiment::one_of;
use crate::workspace::{cargo, run as run_command};
use job::{Job, Sizes};
use sample::Measured;
pub(crate) use sample::median;

/// Time a training step: forward, loss, accuracy, backward, Adam with decay
///
/// Without --sizes and --batch it times a table of widths from 16 to 1024, batches from 1 to 10000
/// and depths from 1 to 16.
#[derive(Debug, Args)]
pub(crate) struct BenchOptions {
    /// Widths from the inputs to the outputs, as in 1,64,64,1; may be repeated
    #[arg(long)]
    sizes: Vec<Sizes>,
    /// Samples in a step; may be repeated
    #[arg(long)]
    batch: Vec<usize>,
    /// Kind of number; may be repeated [default: both]
    #[arg(long, value_parser = one_of::<Dtype>(Dtype::ALL.map(Dtype::name)))]
    dtype: Vec<Dtype>,
    /// Threads to share a step among; may be repeated
    #[arg(long, default_values_t = [1])]
    threads: Vec<usize>,
    /// How long to time each job
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// Do the same job side by side with JAX, PyTorch, NumPy, scikit-learn, burn and candle
    #[arg(long)]
    peers: bool,
    /// Python with the peers [default: that in xtask/peers/.venv, or python3]
    #[arg(long, requires = "peers")]
    python: Option<PathBuf>,
    /// How often ours and each peer take turns
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(5..))]
    rounds: u32,
    /// Print one JSON object a line instead of a table
    #[arg(long)]
    json: bool,
}

/// The headings of the table.
const COLUMNS: [(&str, Alignment); 7] = [
    ("sizes", Left),
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
    let time = Duration::from_secs_f64(options.seconds);
    let mut rows = Vec::new();
    for job in &jobs {
        if options.peers {
            compare(job, options)?;
            continue;
        }
        let measured = job.measure(time)?;
        if options.json {
            println!("{}", as_json(job, &measured));
        } else {
            eprintln!("{job}: {:.1} us", measured.us_per_step);
            rows.push(as_row(job, &measured));
        }
    }
    if !options.json && !options.peers {
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

/// The headings of the comparison.
const PEER_COLUMNS: [(&str, Alignment); 5] = [
    ("who", Left),
    ("us a step", Right),
    ("from-to", Right),
    ("ours / theirs", Right),
    ("loss of step 100", Right),
];

/// Takes turns with every peer that is installed, and prints medians, spread and ratios.
fn compare(job: &Job, options: &BenchOptions) -> anyhow::Result<()> {
    let (mut peers, missing) = peers::start(options.python.as_deref(), job);
    let mut ours = Vec::new();
    let mut theirs = vec![Vec::new(); peers.len()];
    let round = options.seconds / f64::from(options.rounds);
    for _ in 0..options.rounds {
        ours.push(job.measure(Duration::from_secs_f64(round))?.us_per_step);
        for (peer, times) in peers.iter_mut().zip(&mut theirs) {
            times.push(peer.us_per_step(round)?);
        }
    }
    let mut all = vec![("nnfs".to_owned(), Some(job.loss_of_step_100()?), ours)];
    let names = peers.iter().map(|peer| (peer.name.clone(), peer.loss));
    all.extend(names.zip(theirs).map(|((name, loss), times)| (name, loss, times)));

    let own = median(&mut all[0].2);
    let mut rows = Vec::new();
    for (name, loss, mut times) in all {
        let us = median(&mut times);
        let (low, high) = (times[0], times[times.len() - 1]);
        if options.json {
            let mut line = job.to_json();
            line["who"] = json!(name);
            line["us_per_step"] = json!(us);
            line["spread"] = json!([low, high]);
            line["ratio"] = json!(own / us);
            line["loss"] = json!(loss);
            println!("{line}");
        } else {
            let loss = loss.map_or_else(|| "its own".to_owned(), |loss| format!("{loss:.6}"));
            let spread = format!("{low:.1}-{high:.1}");
            rows.push(vec![name, format!("{us:.1}"), spread, format!("{:.2}", own / us), loss]);
        }
    }
    if !options.json {
        println!("{job}\n{}", table(&PEER_COLUMNS, &rows));
    }
    for peer in missing {
        eprintln!("missing: {peer}");
    }
    Ok(())
}

impl BenchOptions {
    /// Every combination of what was asked for, or the table.
    fn jobs(&self) -> Result<Vec<Job>, UsageError> {
        if !(self.seconds > 0.0 && self.seconds <= 3600.0) {
            return Err(UsageError("--seconds takes a time above 0 and up to 3600".to_owned()));
        }
        if self.batch.contains(&0) || self.threads.contains(&0) {
            return Err(UsageError("--batch and --threads take numbers from 1 on".to_owned()));
        }
        let networks: Vec<(Sizes, usize)> = match (&*self.sizes, &*self.batch) {
            ([], []) => job::table(),
            (sizes, batches) => {
                let sizes = if sizes.is_empty() { &[Sizes::chapter()] } else { sizes };
                let batches = if batches.is_empty() { &[1000] } else { batches };
                let with = |sizes: &Sizes| {
                    let sizes = sizes.clone();
                    batches.iter().map(move |&batch| (sizes.clone(), batch))
                };
                sizes.iter().flat_map(with).collect()
            }
        };
        let dtypes = if self.dtype.is_empty() { &[Dtype::F32, Dtype::F64] } else { &*self.dtype };
        let mut jobs = Vec::new();
        for (sizes, batch) in networks {
            for &dtype in dtypes {
                for &threads in &self.threads {
                    jobs.push(Job { sizes: sizes.clone(), batch, dtype, threads });
                }
            }
        }
        Ok(jobs)
    }
}

impl Job {
    fn to_json(&self) -> serde_json::Value {
        let Self { sizes, batch, dtype, threads } = self;
        let (sizes, dtype) = (sizes.widths(), dtype.to_string());
        json!({ "sizes": sizes, "batch": batch, "dtype": dtype, "threads": threads })
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
    let Job { sizes, batch, dtype, threads } = job;
    let Measured { us_per_step, gflops, peak_share } = measured;
    vec![
        sizes.to_string(),
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
        let jobs = jobs(line).unwrap();
        assert_eq!(jobs.len(), 8);
        assert_eq!(jobs[0], "1-64-64-1, batch 32, f32, 1 thread");
        assert_eq!(jobs[7], "2-8-3, batch 1000, f32, 2 threads");
    }

    #[test]
    fn what_is_not_said_is_the_chapter() {
        assert_eq!(
            jobs("--batch 7").unwrap(),
            ["1-64-64-1, batch 7, f32, 1 thread", "1-64-64-1, batch 7, f64, 1 thread"]
        );
        let table = jobs("--dtype f32").unwrap();
        assert!(table.contains(&"1-1024-1024-1, batch 1000, f32, 1 thread".to_owned()));
        assert!(table.contains(&"1-64-64-1, batch 10000, f32, 1 thread".to_owned()));
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
