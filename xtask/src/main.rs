//! The tasks of the workspace: `cargo xtask experiment ...` runs the chapter, `cargo xtask bench` times
//! a training step, `cargo xtask ci` checks everything. Exit codes: 0 for success, 1 for a failure, 2
//! for options that do not go together, 130 after Ctrl-C.

// The user of a command-line program reads stdout and stderr.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod ablation;
mod bench;
mod book;
mod browser;
mod ci;
mod compare;
mod experiment;
mod faults;
mod fuzz;
mod grade;
mod interop;
mod live;
mod metadata;
mod mutants;
mod pictures;
mod python;
mod release;
mod reproduce;
mod trained;
mod trajectories;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use ablation::AblationOptions;
use bench::BenchOptions;
use compare::CompareOptions;
use experiment::Experiment;

/// Tasks of the nnfs workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    Ablation(AblationOptions),
    /// Train the networks of the chapter
    #[command(subcommand)]
    Experiment(Experiment),
    Bench(BenchOptions),
    Book(book::BookOptions),
    Compare(CompareOptions),
    /// Check everything, cheapest first
    Ci(ci::CiOptions),
    Faults(faults::FaultsOptions),
    Fuzz(fuzz::FuzzOptions),
    Grade(grade::GradeOptions),
    /// Run our models in tract, ONNX Runtime, PyTorch and Keras, and theirs here (needs Python)
    Interop,
    Live(live::LiveOptions),
    Mutants(mutants::MutantsOptions),
    Pictures(pictures::PicturesOptions),
    Release(release::ReleaseOptions),
    Reproduce(reproduce::ReproduceOptions),
    /// Run the tests of the kernels under AddressSanitizer, which checks every access
    Sanitize,
    Trajectories(trajectories::TrajectoriesOptions),
}

fn main() -> ExitCode {
    // clap itself exits with 2 for an option that it does not understand.
    nnfs_console::exit(match Cli::parse().task {
        Task::Experiment(experiment) => experiment.run(),
        Task::Bench(options) => bench::run(&options),
        Task::Book(options) => book::run(&options),
        Task::Grade(options) => grade::run(&options),
        Task::Ci(options) => ci::run(&options),
        Task::Faults(options) => faults::run(&options),
        Task::Fuzz(options) => fuzz::run(&options),
        Task::Interop => interop::run(),
        Task::Live(options) => live::run(&options),
        Task::Mutants(options) => mutants::run(&options),
        Task::Pictures(options) => pictures::run(&options),
        Task::Release(options) => release::run(&options),
        Task::Reproduce(options) => reproduce::run(&options),
        Task::Compare(options) => compare::run(&options),
        Task::Ablation(options) => ablation::run(&options),
        Task::Sanitize => ci::sanitize(),
        Task::Trajectories(options) => trajectories::run(&options),
    })
}
