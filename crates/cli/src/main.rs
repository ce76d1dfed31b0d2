//! The command `nnfs`: from a CSV file to a model that predicts.
//!
//! Exit codes: 0 for success, 1 for a failure, 2 for options that cannot be, 130 after Ctrl-C.

mod evaluate;
mod export;
mod folder;
mod import;
mod options;
mod output;
mod predict;
mod predictions;
mod score;
mod show;
mod stop;
mod train;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Small dense neural networks, from a CSV file to a model that predicts
#[derive(Debug, Parser)]
#[command(name = "nnfs", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Train(train::TrainOptions),
    Predict(predict::PredictOptions),
    Evaluate(evaluate::EvaluateOptions),
    Show(show::ShowOptions),
    Export(export::ExportOptions),
    Import(import::ImportOptions),
}

/// Options that do not go together, told before anything is done.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct UsageError(String);

fn main() -> ExitCode {
    // clap itself exits with 2 for an option that it does not understand.
    let outcome = match Cli::parse().command {
        Command::Train(options) => train::run(&options),
        Command::Predict(options) => predict::run(&options),
        Command::Evaluate(options) => evaluate::run(&options),
        Command::Show(options) => show::run(&options),
        Command::Export(options) => export::run(&options),
        Command::Import(options) => import::run(&options),
    };
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    output::warn(&format!("error: {}", output::causes(&error)));
    if error.is::<UsageError>() {
        ExitCode::from(2)
    } else if error.is::<stop::Interrupted>() {
        ExitCode::from(stop::EXIT_CODE)
    } else {
        ExitCode::FAILURE
    }
}
