//! The options of `cargo xtask experiment sine`, and the runs that they choose.

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, value_parser};
use nnfs::layers::Initializer;
use nnfs::losses::LossKind;
use nnfs::optimizers::{LearningRate, OptimizerKind};
use nnfs_chapter::sine::{self, Arithmetic, Label, OptimizerChoice, Run};
use nnfs_console::UsageError;

use super::super::one_of;

/// Train the chapter's nine networks on a sine, with the digits that the book prints
///
/// Writes the log that the chapter prints (run-N.log) and a picture of the fit (run-N.svg) for every
/// run, and report.html, metrics.csv, data.svg and lesson.svg for all runs together. Files of the same
/// name are replaced; other files in the folder stay. The table shows the accuracy and the loss of the
/// last epoch. If all nine runs are trained and not checked, four more compare Glorot and He
/// initialization. Ctrl-C stops the runs and saves the results so far.
#[derive(Debug, Args)]
pub(crate) struct SineOptions {
    /// A run of the chapter, 1 to 9; may be repeated [default: all nine]
    #[arg(long = "run", value_name = "N", value_parser = value_parser!(u8).range(1..=9))]
    pub(crate) runs: Vec<u8>,

    /// The arithmetic: numpy gives the digits of the book, f32 is the fastest
    #[arg(long, default_value_t, value_parser = one_of::<Arithmetic>(Arithmetic::ALL.map(Arithmetic::name)))]
    pub(crate) arithmetic: Arithmetic,

    /// The seed of NumPy's generator, which draws the first weights in every arithmetic
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true)]
    pub(crate) seed: u32,

    /// The number of epochs, at least 1; every 100th is logged, starting with 0
    #[arg(
        long, value_name = "N", default_value_t = 10_001, allow_negative_numbers = true,
        value_parser = epochs(),
    )]
    pub(crate) epochs: usize,

    /// The number of runs to train side by side, which changes no result [default: all cores]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// The folder to write into [default: target/experiments/sine of the workspace]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Write run-N-animated.svg too: the predictions from the first weights to the last
    #[arg(long)]
    pub(crate) animate: bool,

    /// Print nothing but warnings and errors
    #[arg(long)]
    pub(crate) quiet: bool,

    /// Compare the results with the digits of NumPy and the printed lines of the chapter
    ///
    /// A difference is an error with exit code 1. Needs the arithmetic numpy and seed 0, those of the
    /// book.
    #[arg(long)]
    pub(crate) check: bool,

    /// Train a custom run instead of the nine, from the options below
    #[arg(long, conflicts_with_all = ["runs", "check"])]
    pub(crate) custom: bool,

    #[command(flatten, next_help_heading = "A custom run (with --custom)")]
    pub(crate) own: CustomOptions,
}

/// The settings of a custom run.
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
    #[arg(long, requires = "custom", value_parser = one_of::<OptimizerKind>(OptimizerKind::ALL.map(OptimizerKind::name)))]
    optimizer: Option<OptimizerKind>,

    /// The learning rate [default: 0.01 for sgd and adagrad, 0.001 for the others]
    #[arg(
        long, value_name = "RATE", requires = "custom", allow_negative_numbers = true,
        value_parser = learning_rate,
    )]
    learning_rate: Option<f64>,

    /// The learning rate is divided by 1 + DECAY * step [default: 0]
    #[arg(long, requires = "custom", allow_negative_numbers = true, value_parser = decay)]
    decay: Option<f64>,

    /// The momentum of sgd, in [0, 1) [default: 0.9]
    #[arg(long, requires = "custom", allow_negative_numbers = true, value_parser = momentum)]
    momentum: Option<f64>,

    /// The loss [default: mse]
    #[arg(long, requires = "custom", value_parser = one_of::<LossKind>(LOSSES.map(LossKind::name)))]
    loss: Option<LossKind>,
}

/// The losses of a regression.
const LOSSES: [LossKind; 3] =
    [LossKind::MeanSquaredError, LossKind::MeanAbsoluteError, LossKind::Huber];

/// At least one epoch.
pub(crate) fn epochs() -> impl clap::builder::TypedValueParser<Value = usize> {
    use clap::builder::TypedValueParser;
    value_parser!(u32).range(1..).map(|epochs| epochs as usize)
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
    let choice =
        OptimizerChoice { kind: OptimizerKind::Sgd, momentum, ..OptimizerChoice::adam(0.0, 0.0) };
    choice.build::<f64>()?;
    Ok(momentum)
}

impl SineOptions {
    /// The runs to train, in the order of the table.
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
        let mut runs = sine::chapter();
        if self.runs.is_empty() {
            if !self.check {
                runs.extend(sine::extras());
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
            let why = "the digits of the book are for that one";
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
        let kind = self.optimizer.unwrap_or_default();
        let default_momentum =
            if kind == OptimizerKind::Sgd { OptimizerKind::MOMENTUM } else { 0.0 };
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
                momentum: self.momentum.unwrap_or(default_momentum),
            },
            loss: self.loss.unwrap_or_default(),
        })
    }
}
