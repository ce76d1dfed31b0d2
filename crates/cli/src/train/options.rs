//! The options of `nnfs train`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use nnfs::optimizers::LearningRate;
use nnfs::prelude::*;
use nnfs_tabular::{
    ActivationKind, ClassWeights, Dtype, LossKind, OptimizerKind, Recipe, Settings, Task, task_of,
};

use super::choices::{ClassWeightOption, OutlierRule, RecipeOption, ScheduleOption, TaskOption};
use super::values::{Hidden, MemoryLimit, number, whole_number};
use crate::options::{DataOptions, DateOption, MissingOptions, MissingTargetOptions, Parsed};
use crate::predictions::ProbabilityOptions;
use nnfs_console::UsageError;

/// What the help ends with.
const EXAMPLES: &str = "Examples:
  nnfs train prices.csv --target price --task regression --out model
  nnfs train pets.csv --target kind --task classification --ignore ,id
  nnfs train prices.csv --target price --task regression --validation-fraction 0.2 --patience 10";

/// Train a network on the rows of a CSV file, and save it
///
/// Inputs, and the targets of a regression, are scaled to mean 0 and standard deviation 1 over the
/// training rows; predictions are in the units of the file. With bagging, inputs that are 0 or 1 are not
/// scaled. A column of words becomes one input per
/// word; words of a single row share one. Missing numbers and dates are filled from the training rows, and a
/// missing word is a category, with a warning. The folder gets model.safetensors (the network and
/// everything needed to predict), history.csv (one row per epoch), predictions.csv (target and
/// prediction of the test rows), metrics.json, importance.csv (which columns matter) and report.html (all of it
/// in the browser). The same file, options and seed give the same bits. Ctrl-C stops the training and saves the
/// results so far.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct TrainOptions {
    #[command(flatten)]
    pub(crate) data: DataOptions,

    /// Column to predict; a regression takes several, separated by commas
    #[arg(long, value_name = "COLUMN[,COLUMN…]", required = true)]
    pub(crate) target: Vec<String>,

    /// What to predict: numbers or a class [default: a class if the target has ordinary words, and numbers if it has
    /// more than 5 different ones with decimals, or more than 20]
    #[arg(long, value_enum)]
    pub(crate) task: Option<TaskOption>,

    /// Columns to ignore, separated by commas; an empty name is the column without a name, as in --ignore ,id
    #[arg(long, value_name = "COLUMN[,COLUMN…]")]
    pub(crate) ignore: Vec<String>,

    #[command(flatten)]
    pub(crate) missing: MissingOptions,

    #[command(flatten)]
    pub(crate) missing_target: MissingTargetOptions,

    /// Columns of words, even if they look like numbers (postal codes, for example), separated by
    /// commas
    #[arg(long, value_name = "COLUMN[,COLUMN…]")]
    pub(crate) categorical: Vec<String>,

    /// What comes first in dates such as 3/4/2024, where the rows do not show it
    #[arg(long, value_enum, value_name = "PART")]
    pub(crate) date_order: Option<DateOption>,

    /// What to do about numbers that lie at least ten times as far from the median of their column as all
    /// other numbers
    #[arg(long, value_enum, value_name = "RULE", default_value_t = OutlierRule::Limit)]
    pub(crate) outliers: OutlierRule,

    /// Column of weights, which is not an input: a row of weight 2 counts as two equal rows in the loss
    /// and in the scores, and one of weight 0 is left out
    #[arg(long, value_name = "COLUMN")]
    pub(crate) weight: Option<String>,

    /// What is trained: bagging trains a network and a linear model for each fold of the rows, and averages
    /// them; plain trains one network [default: bagging, or plain with --validation-fraction]
    #[arg(long, value_enum, value_name = "NAME")]
    pub(crate) recipe: Option<RecipeOption>,

    /// Number of folds of bagging, at least 2 [default: 5]
    #[arg(long, value_name = "N", value_parser = folds, allow_negative_numbers = true)]
    pub(crate) folds: Option<usize>,

    /// Folder for the results; files of the same name are replaced, other files stay
    #[arg(long, value_name = "DIR", default_value = "model")]
    pub(crate) out: PathBuf,

    /// Print only warnings and errors
    #[arg(long)]
    pub(crate) quiet: bool,

    #[command(flatten)]
    pub(crate) probabilities: ProbabilityOptions,

    /// Random seed for the split, initial weights, dropout and row order
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = seed, allow_negative_numbers = true)]
    pub(crate) seed: u64,

    /// Fraction of the rows held out for testing, drawn at random; 0 for none
    #[arg(long, value_name = "FRACTION", default_value_t = 0.2, value_parser = fraction, allow_negative_numbers = true)]
    pub(crate) test_fraction: f64,

    /// Fraction of the remaining rows used for validation and early stopping of one network (--recipe plain);
    /// 0 for none
    #[arg(long, value_name = "FRACTION", default_value_t = 0.0, value_parser = fraction, allow_negative_numbers = true)]
    pub(crate) validation_fraction: f64,

    #[command(flatten, next_help_heading = "Network")]
    pub(crate) network: NetworkOptions,

    #[command(flatten, next_help_heading = "Training")]
    pub(crate) training: TrainingOptions,
}

/// What the network is.
#[derive(Debug, Args)]
pub(crate) struct NetworkOptions {
    /// Widths of the hidden layers, each 1 to 4096, or none [default: 64,64; plain: 32,32]
    #[arg(long, value_name = "WIDTHS")]
    pub(crate) hidden: Option<Hidden>,

    /// Activation of the hidden layers
    #[arg(long, value_name = "NAME", value_parser = activation(), default_value_t = ActivationKind::default())]
    pub(crate) activation: ActivationKind,

    /// Dropout rate after each hidden layer, in [0, 1)
    #[arg(long, value_name = "FRACTION", default_value_t = 0.0, value_parser = fraction, allow_negative_numbers = true)]
    pub(crate) dropout: f64,

    /// Numbers to compute with: single or double precision
    #[arg(long, value_name = "NAME", value_parser = dtype(), default_value_t = Dtype::F32)]
    pub(crate) dtype: Dtype,
}

/// How it is trained.
#[derive(Debug, Args)]
pub(crate) struct TrainingOptions {
    /// Loss function to minimize [default: mse, or softmax-cross-entropy for classes]
    #[arg(long, value_name = "NAME", value_parser = loss())]
    pub(crate) loss: Option<LossKind>,

    /// How much each class counts in the loss: balanced lets a rare class count as much as a frequent
    /// one, so that it is found more often; the probabilities are then no longer frequencies [default: every
    /// row counts the same]
    #[arg(long, value_name = "NAME", value_enum)]
    pub(crate) class_weight: Option<ClassWeightOption>,

    /// Number of passes over the training rows [default: 100; bagging does fewer for more than 20,000 rows]
    #[arg(long, value_name = "N", value_parser = count, allow_negative_numbers = true)]
    pub(crate) epochs: Option<NonZeroUsize>,

    /// Batch size, at most the number of training rows [default: 32; more with bagging from 16,384 rows on]
    #[arg(long, value_name = "ROWS", value_parser = count, allow_negative_numbers = true)]
    pub(crate) batch: Option<NonZeroUsize>,

    /// Learning rate of the optimizer [default: 0.01; plain: 0.001 for adam, adamw and rmsprop]
    #[arg(long, value_name = "RATE", value_parser = learning_rate, allow_negative_numbers = true)]
    pub(crate) learning_rate: Option<f64>,

    /// How the learning rate changes: constant, or cosine, which falls to 0 at the last epoch [default:
    /// cosine; plain: constant]
    #[arg(long, value_enum, value_name = "NAME")]
    pub(crate) schedule: Option<ScheduleOption>,

    /// Optimizer; sgd has a momentum of 0.9, and adamw a weight decay of 0.01
    #[arg(long, value_name = "NAME", value_parser = optimizer(), default_value_t = OptimizerKind::default())]
    pub(crate) optimizer: OptimizerKind,

    /// Strength of the L1 penalty on all weights
    #[arg(long, value_name = "STRENGTH", default_value_t = 0.0, value_parser = l1, allow_negative_numbers = true)]
    pub(crate) l1: f64,

    /// Strength of the L2 penalty on all weights [default: 0; bagging for classes without --l1: 2 / training rows,
    /// on the networks with hidden layers]
    #[arg(long, value_name = "STRENGTH", value_parser = l2, allow_negative_numbers = true)]
    pub(crate) l2: Option<f64>,

    /// Early stopping: stop after N epochs without a lower validation loss (or training loss, without
    /// validation rows); keep the best weights [default: never; bagging keeps the best weights in any case, and
    /// with more than 500 rows and the default epochs stops after 20]
    #[arg(long, value_name = "N", value_parser = count, allow_negative_numbers = true)]
    pub(crate) patience: Option<NonZeroUsize>,

    /// Save a checkpoint every N epochs, for --resume [default: never]
    #[arg(long, value_name = "N", value_parser = count, allow_negative_numbers = true)]
    pub(crate) checkpoint_every: Option<NonZeroUsize>,

    /// Most memory that the training may need, such as 800MB or 4GiB, or none for no limit; a training
    /// that needs more is refused before it starts [default: the memory that is available]
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory_limit: Option<MemoryLimit>,

    /// Resume from the checkpoint in the folder, if there is one. The result has the same bits as
    /// without the interruption. The file and the other options must be the same, but --epochs may be
    /// larger with --schedule constant
    #[arg(long)]
    pub(crate) resume: bool,
}

/// A parser of an activation.
pub(crate) fn activation() -> impl TypedValueParser<Value = ActivationKind> {
    let names = PossibleValuesParser::new(ActivationKind::ALL.map(ActivationKind::name));
    names.try_map(|name| name.parse::<ActivationKind>())
}

fn dtype() -> impl TypedValueParser<Value = Dtype> {
    PossibleValuesParser::new(["f32", "f64"]).try_map(|name| name.parse::<Dtype>())
}

fn loss() -> impl TypedValueParser<Value = LossKind> {
    let value = |kind: LossKind| PossibleValue::new(kind.name()).aliases(kind.aliases());
    PossibleValuesParser::new(LossKind::ALL.map(value)).try_map(|name| name.parse::<LossKind>())
}

fn optimizer() -> impl TypedValueParser<Value = OptimizerKind> {
    let names = PossibleValuesParser::new(OptimizerKind::ALL.map(OptimizerKind::name));
    names.try_map(|name| name.parse::<OptimizerKind>())
}

fn fraction(text: &str) -> Parsed<f64> {
    Ok(nnfs::tensor::SettingError::check_fraction("a fraction", number(text)?)?)
}

fn folds(text: &str) -> Parsed<usize> {
    Ok(whole_number(text, 2)?)
}

fn learning_rate(text: &str) -> Parsed<f64> {
    Ok(LearningRate::constant(number(text)?)?.initial())
}

fn l1(text: &str) -> Parsed<f64> {
    Ok(Penalty::l1(number(text)?)?.l1_strength())
}

fn l2(text: &str) -> Parsed<f64> {
    Ok(Penalty::l2(number(text)?)?.l2_strength())
}

fn count(text: &str) -> Result<NonZeroUsize, String> {
    whole_number(text, const { NonZeroUsize::new(1).unwrap() })
}

fn seed(text: &str) -> Result<u64, String> {
    whole_number(text, 0)
}

impl TrainOptions {
    /// Checks that options go together.
    ///
    /// # Errors
    /// If they do not.
    pub(crate) fn check(&self) -> Result<(), UsageError> {
        if self.recipe() == RecipeOption::Plain && self.folds.is_some() {
            return Err(UsageError("--folds is for --recipe bagging".to_owned()));
        }
        if self.recipe() == RecipeOption::Bagging && self.validation_fraction > 0.0 {
            return Err(UsageError(
                "--validation-fraction is for --recipe plain: bagging validates each network on the fold \
                 that it does not learn from"
                    .to_owned(),
            ));
        }
        self.task().map_or(Ok(()), |task| self.check_task(task))
    }

    /// Checks that the loss and the weights of classes are for the task.
    ///
    /// # Errors
    /// If they are not.
    pub(crate) fn check_task(&self, task: Task) -> Result<(), UsageError> {
        if self.training.class_weight.is_some() && task == Task::Regression {
            return Err(UsageError("--class-weight is for classification".to_owned()));
        }
        let Some(loss) = self.training.loss else { return Ok(()) };
        let expected = task_of(loss);
        if expected == task {
            return Ok(());
        }
        Err(UsageError(format!("--loss {loss} is for {expected}, not for {task}")))
    }

    /// What is trained. Bagging validates each network on a fold, so that validation rows are for one network.
    fn recipe(&self) -> RecipeOption {
        self.recipe.unwrap_or(match self.validation_fraction > 0.0 && self.folds.is_none() {
            true => RecipeOption::Plain,
            false => RecipeOption::Bagging,
        })
    }

    /// What is predicted, as far as options say it.
    pub(crate) fn task(&self) -> Option<Task> {
        let by_loss = || self.training.loss.map(task_of);
        let by_weight = || self.training.class_weight.map(|_| Task::Classification);
        self.task.map(Task::from).or_else(by_loss).or_else(by_weight)
    }

    /// The settings of the learner, without columns and checkpoints.
    pub(crate) fn settings(&self) -> Settings {
        let Self { network, training, .. } = self;
        let default = match (self.recipe(), self.folds) {
            (RecipeOption::Plain, _) => Settings::plain(),
            (RecipeOption::Bagging, None) => Settings::default(),
            (RecipeOption::Bagging, Some(folds)) => {
                Settings { recipe: Recipe::Bagging { folds }, ..Settings::default() }
            }
        };
        Settings {
            date_order: self.date_order.map(Into::into),
            outliers: self.outliers.into(),
            weight: self.weight.clone(),
            class_weights: match training.class_weight {
                None => ClassWeights::Equal,
                Some(ClassWeightOption::Balanced) => ClassWeights::Balanced,
            },
            missing: self.missing.missing.into(),
            missing_target: self.missing_target.missing_target.into(),
            seed: self.seed,
            test_fraction: self.test_fraction,
            validation_fraction: self.validation_fraction,
            hidden: network.hidden.clone().map(|hidden| hidden.0),
            activation: network.activation,
            dropout: network.dropout,
            dtype: network.dtype,
            loss: training.loss,
            epochs: training.epochs.map(NonZeroUsize::get),
            batch_size: training.batch.map(NonZeroUsize::get),
            optimizer: training.optimizer,
            learning_rate: training.learning_rate,
            schedule: training.schedule.map(Into::into),
            l1: training.l1,
            l2: training.l2,
            patience: training.patience.map(NonZeroUsize::get),
            memory_limit: training.memory_limit.map(|MemoryLimit(bytes)| bytes),
            ..default
        }
    }
}

impl TrainingOptions {
    /// Whether the training saves and reads a checkpoint.
    pub(crate) fn has_checkpoints(&self) -> bool {
        self.resume || self.checkpoint_every.is_some()
    }
}
