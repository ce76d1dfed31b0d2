//! The settings of a learner.

use nnfs::datasets::DateOrder;
use nnfs::files::{Dtype, Task};
use nnfs::prelude::*;
use nnfs::tensor::SettingError;

use crate::bagging::FEW_ROWS;
use crate::checkpointing::Checkpointing;
use crate::input_scales::ZeroOne;
use crate::{ActivationKind, Error, LossKind, Missing, MissingTarget, OptimizerKind, Outliers};

/// The largest width of a hidden layer.
pub const MAX_WIDTH: usize = 4096;

/// The largest learning rate of optimizers that scale their steps.
const MAX_LEARNING_RATE: f64 = 100.0;

/// How long the networks of an ensemble go on without a lower loss of their held-out rows.
const PATIENCE: usize = 20;

/// What is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recipe {
    /// An ensemble: a network and a linear model for each fold of the training rows.
    ///
    /// ```text
    /// network k    is trained on all rows but those of fold k, and keeps the weights of the epoch with
    ///              the smallest loss of fold k
    /// linear k     the same without a hidden layer; of numbers, a ridge regression whose penalty has the
    ///              smallest leave-one-out error (with the squared error, without penalties, and up to 256
    ///              inputs or rows)
    /// outputs      b + ((1 - s) mean of the networks + s mean of the linear models - b) / T
    /// ```
    /// b are the logits of the shares of the classes in the training rows, equal for balanced classes; 0 for numbers.
    /// The share `s` and, for classes, the temperature `T` have the smallest loss of the training rows,
    /// each predicted by the models that did not learn from it. Breiman, 1996: Bagging Predictors, here
    /// with folds as in cross-validation (Parmanto et al., 1996).
    ///
    /// Inputs that are 0 or 1, such as categories, are brought to mean 0 and not scaled; all others
    /// are scaled to mean 0 and deviation 1.
    Bagging {
        /// The number of folds, at least 2.
        folds: usize,
    },
    /// One network. All inputs are scaled to mean 0 and deviation 1.
    Plain,
}

impl Recipe {
    /// How inputs that are 0 or 1 are scaled.
    pub(crate) fn zero_one(self) -> ZeroOne {
        match self {
            Self::Bagging { .. } => ZeroOne::Center,
            Self::Plain => ZeroOne::Standardize,
        }
    }
}

/// How the learning rate changes during a training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RateSchedule {
    /// It stays as it is.
    #[default]
    Constant,
    /// It falls along half a cosine to 0 at the end of the last epoch
    /// ([`Schedule::Cosine`](nnfs::optimizers::Schedule::Cosine)).
    Cosine,
}

/// The settings of a [`Regressor`](crate::Regressor) or [`Classifier`](crate::Classifier), which
/// checks them when it is fitted.
///
/// [`Settings::default`] is an ensemble with defaults that were chosen on many tables
/// (docs/comparison.md); [`Settings::plain`] is a single network.
///
/// ```
/// use nnfs_tabular::{Recipe, Settings};
/// let faster = Settings { recipe: Recipe::Bagging { folds: 3 }, epochs: Some(20), ..Settings::default() };
/// assert_eq!(faster.epochs_for(1000), 20);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// What is trained; default an ensemble of five folds.
    pub recipe: Recipe,
    /// Columns to ignore; default none.
    pub ignore: Vec<String>,
    /// What the first number of dates such as 3/4/2024 is. By default the rows decide.
    pub date_order: Option<DateOrder>,
    /// What to do about numbers that lie far from all others. By default they are limited
    /// ([`Outliers::Limit`]).
    pub outliers: Outliers,
    /// A column of weights, which is not an input; default none. A row of weight 2 counts as two equal
    /// rows in the loss and in the scores, and one of weight 0 is left out. The weights are divided by
    /// their mean in the training rows.
    pub weight: Option<String>,
    /// Weights of the classes in the loss; default none.
    pub class_weights: ClassWeights,
    /// What to do where an input is missing. By default it is filled from the training rows.
    pub missing: Missing,
    /// What to do about rows without a target. By default the table is refused.
    pub missing_target: MissingTarget,
    /// Random seed for the split, the initial weights, dropout and the order of the rows; default 0.
    pub seed: u64,
    /// Fraction of the rows that are held out for testing, in [0, 1); default 0.2.
    pub test_fraction: f64,
    /// Fraction of the remaining rows used for validation and early stopping, in [0, 1); default 0. Only
    /// for the plain recipe: with bagging, each fold is used for this.
    pub validation_fraction: f64,
    /// Widths of the hidden layers, each 1 to 4096; default 64, 64, and 32, 32 with the plain recipe.
    pub hidden: Option<Vec<usize>>,
    /// Activation of the hidden layers; default ReLU.
    pub activation: ActivationKind,
    /// Dropout rate after each hidden layer, in [0, 1); default 0.
    pub dropout: f64,
    /// The numbers to compute with; default `f32`.
    pub dtype: Dtype,
    /// Loss function to minimize; default mean squared error, or softmax cross-entropy for classes.
    pub loss: Option<LossKind>,
    /// Number of passes over the training rows; default 100, with bagging fewer for more than 20,000
    /// rows: `2,000,000 / rows`, at least 10.
    pub epochs: Option<usize>,
    /// Batch size, at most the number of training rows; default 32, with bagging more from
    /// 16,384 rows on: `rows / 256`, rounded down to a power of 2, at most 1024.
    pub batch_size: Option<usize>,
    /// Optimizer; default Adam.
    pub optimizer: OptimizerKind,
    /// Learning rate of the optimizer; default 0.01, and with the plain recipe 0.001 for Adam, AdamW and
    /// RMSprop.
    pub learning_rate: Option<f64>,
    /// How it changes; default a cosine, and constant with the plain recipe.
    pub schedule: Option<RateSchedule>,
    /// Strength of the L1 penalty on all weights; default 0.
    pub l1: f64,
    /// Strength of the L2 penalty on all weights; default [`l2_for`](Settings::l2_for), linear models 0.
    pub l2: Option<f64>,
    /// Early stopping: stop after this many epochs without a lower validation loss (or training loss,
    /// without validation rows), and keep the best weights; default never. With bagging, the best weights
    /// are kept in any case, and the default is 20 for more than 500 rows and the default number of epochs.
    pub patience: Option<usize>,
    /// Where and when checkpoints are saved; default never.
    pub checkpoint: Option<Checkpointing>,
    /// The most bytes that a training may need; default what is available
    /// ([`available_memory`](crate::available_memory)). A training that needs more is refused before
    /// anything is allocated.
    pub memory_limit: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            recipe: Recipe::Bagging { folds: 5 },
            ignore: Vec::new(),
            date_order: None,
            outliers: Outliers::Limit,
            weight: None,
            class_weights: ClassWeights::default(),
            missing: Missing::Fill,
            missing_target: MissingTarget::Refuse,
            seed: 0,
            test_fraction: 0.2,
            validation_fraction: 0.0,
            hidden: None,
            activation: ActivationKind::default(),
            dropout: 0.0,
            dtype: Dtype::F32,
            loss: None,
            epochs: None,
            batch_size: None,
            optimizer: OptimizerKind::default(),
            learning_rate: None,
            schedule: None,
            l1: 0.0,
            l2: None,
            patience: None,
            checkpoint: None,
            memory_limit: None,
        }
    }
}

/// How much each class counts in the loss of a training. Scores do not use these weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ClassWeights {
    /// Every row counts the same, so that a frequent class counts more than a rare one.
    #[default]
    Equal,
    /// Every class counts the same.
    ///
    /// ```text
    /// w_k = n / (K * n_k)        n training rows, n_k of them of class k, K classes
    /// ```
    /// It is `class_weight="balanced"` of scikit-learn.
    Balanced,
}

impl Settings {
    /// A single network: two hidden layers of 32, 100 epochs at a constant learning rate.
    ///
    /// ```
    /// use nnfs_tabular::Settings;
    /// let settings = Settings { hidden: Some(vec![16]), seed: 7, ..Settings::plain() };
    /// assert_eq!(settings.epochs_for(1000), 100);
    /// ```
    #[must_use]
    pub fn plain() -> Self {
        Self { recipe: Recipe::Plain, ..Self::default() }
    }

    /// The widths of the hidden layers.
    pub fn hidden_widths(&self) -> &[usize] {
        match (&self.hidden, self.recipe) {
            (Some(widths), _) => widths,
            (None, Recipe::Bagging { .. }) => &[64, 64],
            (None, Recipe::Plain) => &[32, 32],
        }
    }

    /// How the learning rate changes.
    pub fn rate_schedule(&self) -> RateSchedule {
        self.schedule.unwrap_or(match self.recipe {
            Recipe::Bagging { .. } => RateSchedule::Cosine,
            Recipe::Plain => RateSchedule::Constant,
        })
    }

    /// The number of epochs without a lower loss after which a network stops, for this many training rows.
    pub fn patience_for(&self, rows: usize) -> Option<usize> {
        let is_default = matches!(self.recipe, Recipe::Bagging { .. }) && self.epochs.is_none();
        // With few rows, all epochs are compared; see `bagging::predict_held_out`.
        self.patience.or((is_default && rows > FEW_ROWS).then_some(PATIENCE))
    }

    /// The strength of the L2 penalty on the weights of a network for this many training rows.
    ///
    /// ```text
    /// 2 / rows        by default for classes, with bagging
    /// ```
    /// Training then looks for the most probable weights, if they are normal with a standard deviation of 1/2 before a
    /// row is seen (MacKay, 1992: A Practical Bayesian Framework for Backpropagation Networks).
    pub fn l2_for(&self, rows: usize, task: Task) -> f64 {
        let is_default = matches!(self.recipe, Recipe::Bagging { .. }) && self.l1 == 0.0;
        match (self.l2, task) {
            (Some(strength), _) => strength,
            (None, Task::Classification) if is_default => 2.0 / rows.max(1) as f64,
            (None, _) => 0.0,
        }
    }

    /// The number of epochs for this many training rows.
    pub fn epochs_for(&self, rows: usize) -> usize {
        let default = match self.recipe {
            Recipe::Plain => 100,
            Recipe::Bagging { .. } => (2_000_000 / rows.max(1)).clamp(10, 100),
        };
        self.epochs.unwrap_or(default)
    }

    /// The batch size for this many training rows.
    pub fn batch_size_for(&self, rows: usize) -> usize {
        let default = match self.recipe {
            Recipe::Bagging { .. } if rows >= 16_384 => {
                // The largest power of 2 that is not above.
                let log = (rows / 256).ilog2();
                (1_usize << log).min(1024)
            }
            Recipe::Bagging { .. } | Recipe::Plain => 32,
        };
        self.batch_size.unwrap_or(default).min(rows.max(1))
    }

    /// The learning rate for this many training rows, with its schedule.
    ///
    /// # Errors
    /// If the rate is out of range.
    pub fn learning_rate_for(&self, rows: usize) -> Result<LearningRate, SettingError> {
        let default = match self.recipe {
            Recipe::Plain => self.optimizer.default_learning_rate(),
            Recipe::Bagging { .. } => 0.01,
        };
        let initial = self.learning_rate.unwrap_or(default);
        let schedule = match self.rate_schedule() {
            RateSchedule::Constant => Schedule::Constant,
            RateSchedule::Cosine => {
                let learned = match self.recipe {
                    // Fewer than 2 folds are refused when the settings are checked.
                    Recipe::Bagging { folds } => rows - rows / folds.max(2),
                    Recipe::Plain => rows,
                };
                let batches = learned.div_ceil(self.batch_size_for(rows)).max(1);
                let steps = (batches as u64).saturating_mul(self.epochs_for(rows) as u64);
                Schedule::Cosine { steps, end: 0.0 }
            }
        };
        LearningRate::new(initial, schedule)
    }

    /// Checks everything that does not depend on the table; gives the loss.
    pub(crate) fn check(&self, task: Task) -> Result<LossKind, Error> {
        SettingError::check_fraction("test fraction", self.test_fraction)?;
        SettingError::check_fraction("validation fraction", self.validation_fraction)?;
        SettingError::check_fraction("dropout", self.dropout)?;
        for &width in self.hidden_widths() {
            let valid = (1..=MAX_WIDTH).contains(&width);
            SettingError::check("width of a hidden layer", width as f64, "1 to 4096", valid)?;
        }
        SettingError::check_count("epochs", self.epochs.unwrap_or(1) as u64)?;
        SettingError::check_count("batch size", self.batch_size.unwrap_or(1) as u64)?;
        if let Recipe::Bagging { folds } = self.recipe {
            SettingError::check("folds", folds as f64, "at least 2", folds >= 2)?;
            if self.validation_fraction > 0.0 {
                return Err(Error::ValidationWithBagging);
            }
        }
        SettingError::check_count("patience", self.patience.unwrap_or(1) as u64)?;
        let every = self.checkpoint.as_ref().and_then(|checkpoint| checkpoint.every);
        SettingError::check_count("epochs between checkpoints", every.unwrap_or(1) as u64)?;
        if let Some(rate) = self.learning_rate {
            LearningRate::constant(rate)?;
            // Their steps are as large as the rate, whatever the gradients are.
            let is_adaptive = self.optimizer != OptimizerKind::Sgd;
            SettingError::check(
                "learning rate",
                rate,
                "at most 100 (inputs and targets are scaled)",
                rate <= MAX_LEARNING_RATE || !is_adaptive,
            )?;
        }
        Penalty::new(self.l1, self.l2.unwrap_or(0.0))?;
        if task == Task::Regression && self.class_weights != ClassWeights::Equal {
            return Err(Error::NoClasses);
        }
        let loss = self.loss.unwrap_or(match task {
            Task::Regression => LossKind::MeanSquaredError,
            Task::Classification => LossKind::SoftmaxCrossEntropy,
        });
        if task_of(loss) == task { Ok(loss) } else { Err(Error::Loss { loss, task }) }
    }
}

/// The task of a loss: those with a link to probabilities are for classes.
pub fn task_of(loss: LossKind) -> Task {
    match loss.build::<f64>().link() {
        OutputLink::Identity => Task::Regression,
        OutputLink::Sigmoid | OutputLink::Softmax => Task::Classification,
    }
}
