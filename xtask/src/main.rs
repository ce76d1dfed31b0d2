//! The workspace's own tasks: `cargo xtask experiment ...` runs the chapter, `cargo xtask bench` times
//! a training step, `cargo xtask ci` checks everything. Exit codes: 0 for success, 1 for a
//! failure, 2 for options that cannot be, 130 after Ctrl-C.

// A command-line program speaks to its user through stdout and stderr.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod browser;
mod ci;
mod compare;
mod experiment;
mod interop;
mod pictures;
mod python;
mod table;

use std::path::Path;
use std::process::{Command, ExitCode};

use clap::{Parser, Subcommand};

use bench::BenchOptions;
use compare::CompareOptions;
use experiment::{Experiment, Interrupted};

/// Tasks of the nnfs workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Train the networks of the chapter
    #[command(subcommand)]
    Experiment(Experiment),
    Bench(BenchOptions),
    Compare(CompareOptions),
    /// Check everything, cheapest first
    Ci(ci::CiOptions),
    /// Run our models in tract, ONNX Runtime, PyTorch and Keras, and theirs here (needs Python)
    Interop,
    Pictures(pictures::PicturesOptions),
    /// Run the tests of the kernels under AddressSanitizer: no pointer leaves its slice
    Sanitize,
}

/// Options that cannot be, told before anything is done.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct UsageError(String);

/// The root of the workspace, so that a task means the same from any folder inside.
fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace")
}

/// A cargo command in the workspace, with the cargo that runs this.
fn cargo(arguments: &str) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    command.args(arguments.split(' ')).current_dir(workspace());
    command
}

fn main() -> ExitCode {
    // clap itself exits with 2 for an option that it does not understand.
    let outcome = match Cli::parse().task {
        Task::Experiment(experiment) => experiment.run(),
        Task::Bench(options) => bench::run(&options),
        Task::Ci(options) => ci::run(&options),
        Task::Interop => interop::run(),
        Task::Pictures(options) => pictures::run(&options),
        Task::Compare(options) => compare::run(&options),
        Task::Sanitize => ci::sanitize(),
    };
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    eprintln!("error: {error:#}");
    if error.is::<UsageError>() {
        ExitCode::from(2)
    } else if error.is::<Interrupted>() {
        ExitCode::from(experiment::EXIT_CODE)
    } else {
        ExitCode::FAILURE
    }
}
