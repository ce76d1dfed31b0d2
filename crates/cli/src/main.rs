//! The command `nnfs`: from a CSV file to a model that predicts.
//!
//! Exit codes: 0 for success, 1 for a failure, 2 for invalid options, 130 after Ctrl-C.

mod evaluate;
mod export;
mod identity;
mod import;
mod options;
mod predict;
mod predictions;
mod reading;
mod show;
mod train;
mod warnings;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
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

fn main() -> ExitCode {
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
