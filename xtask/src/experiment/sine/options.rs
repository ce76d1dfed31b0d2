//! The options of `cargo xtask experiment sine`, and the runs that they choose.

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, value_parser};
use nnfs_layers::Initializer;
use nnfs_optimizers::{LearningRate, Rule, Sgd};

use super::choices::{Arithmetic, LossKind, OptimizerChoice, OptimizerKind};
use super::runs::{self, Label, Run};
use crate::UsageError;

/// Train the chapter's nine networks on a sine, with the digits that the book prints
///
/// Writes for every run the log that the chapter prints (run-N.log) and a picture of the fit
/// (run-N.svg, run-N.png), and for all of them report.html, metrics.csv and data.svg. Files of the
/// same name are replaced, other files in the folder stay. Accuracy and loss in the table are those
/// of the last epoch. Four more rows compare Glorot and He initialization, if all nine runs are
/// trained and not checked. Ctrl-C stops the runs and writes what was done.
#[derive(Debug, Args)]
pub(crate) struct SineOptions {
    /// One of the chapter's runs, 1 to 9; can be given several times [default: all nine]
    #[arg(long = "run", value_name = "N", value_parser = value_parser!(u8).range(1..=9))]
    pub(crate) runs: Vec<u8>,

    /// The kind of number to compute with
    #[arg(long, value_enum, default_value_t = Arithmetic::Numpy)]
    pub(crate) arithmetic: Arithmetic,

    /// The seed of NumPy's generator, which draws the first weights in every arithmetic
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true)]
    pub(crate) seed: u32,

    /// How many epochs to train, at least 1; every 100th is logged, from 0
    #[arg(
        long, value_name = "N", default_value_t = 10_001, allow_negative_numbers = true,
        value_parser = value_parser!(u64).range(1..),
    )]
    pub(crate) epochs: u64,

    /// How many runs go side by side; the results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// The folder to write into [default: target/experiments/sine of the workspace]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Write run-N.gif too: how the predictions go from the first weights to the last
    #[arg(long)]
    pub(crate) animate: bool,

    /// Show neither progress nor table
    #[arg(long)]
    pub(crate) quiet: bool,

    /// Compare with NumPy's digits and the chapter's lines, as far as the epochs go
    ///
    /// The first difference is named, and the exit code is 1. For the arithmetic numpy and seed 0
    /// only: these are the book's.
    #[arg(long)]
    pub(crate) check: bool,

    /// Train one run of your own instead of the nine, from the options below
    #[arg(long, conflicts_with_all = ["runs", "check"])]
    pub(crate) custom: bool,

    #[command(flatten, next_help_heading = "A run of your own (with --custom)")]
    pub(crate) own: CustomOptions,
}

/// What makes a run of one's own.
#[derive(Debug, Args)]
pub(crate) struct CustomOptions {
    /// Widths of the hidden layers, each 1 to 4096 [default: 64,64]
    #[arg(
        long, value_name = "WIDTHS", requires = "custom", value_delimiter = ',',
        allow_negative_numbers = true, value_parser = value_parser!(u16).range(1..=4096),
    )]
    hidden: Option<Vec<u16>>,

    /// The first weights: normal:DEVIATION, glorot-uniform, glorot-normal, he-uniform, he-normal
    /// or zeros [default: normal:0.1]
    #[arg(long, requires = "custom")]
    init: Option<Initializer>,

    /// The optimizer [default: adam]
    #[arg(long, value_enum, requires = "custom")]
    optimizer: Option<OptimizerKind>,

    /// The learning rate [default: that of the book: 1 for sgd and adagrad, 0.001 for the others]
    #[arg(
        long, value_name = "RATE", requires = "custom", allow_negative_numbers = true,
        value_parser = learning_rate,
    )]
    learning_rate: Option<f64>,

    /// The learning rate is divided by 1 + DECAY * step [default: 0]
    #[arg(long, requires = "custom", allow_negative_numbers = true, value_parser = decay)]
    decay: Option<f64>,

    /// The momentum of sgd, in [0, 1) [default: 0]
    #[arg(long, requires = "custom", allow_negative_numbers = true, value_parser = momentum)]
    momentum: Option<f64>,

    /// The loss [default: mse]
    #[arg(long, value_enum, requires = "custom")]
    loss: Option<LossKind>,
}

type Parsed = Result<f64, Box<dyn Error + Send + Sync>>;

fn learning_rate(text: &str) -> Parsed {
    Ok(LearningRate::constant(text.parse()?)?.initial())
}

fn decay(text: &str) -> Parsed {
    let decay = text.parse()?;
    LearningRate::inverse_time(0.0, decay)?;
    Ok(decay)
}

fn momentum(text: &str) -> Parsed {
    let momentum = text.parse()?;
    Sgd::<f64>::new(0.0).momentum(momentum).rule().check()?;
    Ok(momentum)
}

impl SineOptions {
    /// The runs to train, in the order in which they are shown.
    ///
    /// # Errors
    /// If the options do not go together.
    pub(crate) fn chosen_runs(&self) -> Result<Vec<Run>, UsageError> {
        if self.check {
            self.check_is_possible()?;
        }
        if self.custom {
            return Ok(vec![self.own.run()?]);
        }
        let mut runs = runs::chapter();
        if self.runs.is_empty() {
            if !self.check {
                runs.extend(runs::extras());
            }
        } else {
            runs.retain(
                |run| matches!(run.label, Label::Chapter(number) if self.runs.contains(&number)),
            );
        }
        Ok(runs)
    }

    /// There are golden rows for one seed and one arithmetic.
    fn check_is_possible(&self) -> Result<(), UsageError> {
        let refused = |option: &str, expected: &str, found: &str| {
            let why = "that is what the book's digits are of";
            Err(UsageError(format!("--check needs {option} {expected} ({why}), found {found}")))
        };
        if self.arithmetic != Arithmetic::Numpy {
            return refused("--arithmetic", "numpy", &self.arithmetic.to_string());
        }
        if self.seed != 0 {
            return refused("--seed", "0", &self.seed.to_string());
        }
        Ok(())
    }
}

impl CustomOptions {
    fn run(&self) -> Result<Run, UsageError> {
        let kind = self.optimizer.unwrap_or(OptimizerKind::Adam);
        if let (Some(momentum), false) = (self.momentum, kind == OptimizerKind::Sgd) {
            return Err(UsageError(format!(
                "--momentum {momentum}: only --optimizer sgd has a momentum"
            )));
        }
        let hidden = self.hidden.as_ref();
        Ok(Run {
            label: Label::Custom,
            hidden: hidden.map_or(vec![64, 64], |widths| {
                widths.iter().map(|&width| usize::from(width)).collect()
            }),
            init: self.init.unwrap_or(Initializer::Normal { standard_deviation: 0.1 }),
            optimizer: OptimizerChoice {
                kind,
                learning_rate: self.learning_rate.unwrap_or_else(|| kind.default_learning_rate()),
                decay: self.decay.unwrap_or(0.0),
                momentum: self.momentum.unwrap_or(0.0),
            },
            loss: self.loss.unwrap_or(LossKind::Mse),
        })
    }
}
