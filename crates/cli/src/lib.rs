//! The command `nnfs`: from a CSV file to a model that predicts.
//!
//! Exit codes: 0 for success, 1 for a failure, 2 for invalid options, 130 after Ctrl-C.
//!
//! This library is for the program and its tests. Programs in Rust use the crate `nnfs-tabular`.

mod evaluate;
mod export;
mod identity;
mod import;
mod model_file;
mod names;
mod options;
mod predict;
mod predictions;
mod reading;
mod show;
mod train;
mod warnings;

use std::ffi::OsString;
use std::fmt;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use nnfs_console::report_file_size_limit;

/// Small dense neural networks, from a CSV file to a model that predicts
#[derive(Debug, Parser)]
#[command(name = "nnfs", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Train(Box<train::TrainOptions>),
    Predict(predict::PredictOptions),
    Evaluate(evaluate::EvaluateOptions),
    Show(show::ShowOptions),
    Export(export::ExportOptions),
    Import(import::ImportOptions),
}

/// The names, values and descriptions of all options.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Parses arguments, the first of which is the name of the program, and runs nothing.
///
/// # Errors
/// If an option is unknown, missing or has an invalid value, or if help or the version is asked for.
pub fn parse(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<impl fmt::Debug, clap::Error> {
    Cli::try_parse_from(arguments)
}

/// Runs the command with the arguments of the process.
pub fn run() -> ExitCode {
    // clap itself exits with 2 for an option that it does not understand.
    let command = Cli::parse().command;
    let outcome = report_file_size_limit().and_then(|()| match command {
        Command::Train(options) => train::run(&options),
        Command::Predict(options) => predict::run(&options),
        Command::Evaluate(options) => evaluate::run(&options),
        Command::Show(options) => show::run(&options),
        Command::Export(options) => export::run(&options),
        Command::Import(options) => import::run(&options),
    });
    nnfs_console::exit(outcome)
}
