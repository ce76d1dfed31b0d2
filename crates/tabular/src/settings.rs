//! The settings of a learner.

use std::path::{Path, PathBuf};

use nnfs::datasets::DateOrder;
use nnfs::files::{Dtype, Task};
use nnfs::prelude::*;
use nnfs::tensor::SettingError;

use crate::{ActivationKind, Error, LossKind, Missing, OptimizerKind, Outliers};

/// The largest width of a hidden layer.
pub const MAX_WIDTH: usize = 4096;

/// The settings of a [`Regressor`](crate::Regressor) or [`Classifier`](crate::Classifier), which
/// checks them when it is fitted.
///
/// The defaults are chosen for unseen tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Columns to ignore; default none.
    pub ignore: Vec<String>,
    /// What the first number of dates such as 3/4/2024 is; default what the rows show.
    pub date_order: Option<DateOrder>,
    /// What to do about numbers that lie far from all others; default limit what they do.
    pub outliers: Outliers,
    /// A column of weights, which is not an input; default none. A row of weight 2 counts as two equal
    /// rows in the loss and in the scores, and one of weight 0 is left out.
    pub weight: Option<String>,
    /// Weights of the classes in the loss; default none.
    pub class_weights: ClassWeights,
    /// What to do where an input is missing; default fill it from the training rows.
    pub missing: Missing,
    /// Random seed for the split, the initial weights, dropout and the order of the rows; default 0.
    pub seed: u64,
    /// Fraction of the rows that are held out for testing, in [0, 1); default 0.2.
    pub test_fraction: f64,
    /// Fraction of the remaining rows used for validation and early stopping, in [0, 1); default 0.
    pub validation_fraction: f64,
    /// Widths of the hidden layers, each 1 to 4096; default 32, 32.
    pub hidden: Vec<usize>,
    /// Activation of the hidden layers; default ReLU.
    pub activation: ActivationKind,
    /// Dropout rate after each hidden layer, in [0, 1); default 0.
    pub dropout: f64,
    /// The numbers to compute with; default `f32`.
    pub dtype: Dtype,
    /// Loss function to minimize; default mean squared error, or softmax cross-entropy for classes.
    pub loss: Option<LossKind>,
    /// Number of passes over the training rows; default 100.
    pub epochs: usize,
    /// Batch size, at most the number of training rows; default 32.
    pub batch_size: usize,
    /// Optimizer; default Adam.
    pub optimizer: OptimizerKind,
    /// Learning rate of the optimizer; default 0.001, or 0.01 for SGD and AdaGrad.
    pub learning_rate: Option<f64>,
    /// Strength of the L1 penalty on all weights; default 0.
    pub l1: f64,
    /// Strength of the L2 penalty on all weights; default 0.
    pub l2: f64,
    /// Early stopping: stop after this many epochs without a lower validation loss (or training loss,
    /// without validation rows), and keep the best weights; default never.
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
            ignore: Vec::new(),
            date_order: None,
            outliers: Outliers::Limit,
            weight: None,
            class_weights: ClassWeights::default(),
            missing: Missing::Fill,
            seed: 0,
            test_fraction: 0.2,
            validation_fraction: 0.0,
            hidden: vec![32, 32],
            activation: ActivationKind::default(),
            dropout: 0.0,
            dtype: Dtype::F32,
            loss: None,
            epochs: 100,
            batch_size: 32,
            optimizer: OptimizerKind::default(),
            learning_rate: None,
            l1: 0.0,
            l2: 0.0,
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

/// Checkpoints of a training, from which it can be resumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpointing {
    pub(crate) path: PathBuf,
    pub(crate) every: Option<usize>,
    pub(crate) resume: bool,
    pub(crate) parts: Vec<(String, String)>,
}

impl Checkpointing {
    /// Saves a checkpoint at this path when the training ends or is stopped.
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self { path: path.as_ref().to_owned(), every: None, resume: false, parts: Vec::new() }
    }

    /// Also saves one after every `epochs` epochs.
    #[must_use]
    pub fn every(mut self, epochs: usize) -> Self {
        self.every = Some(epochs);
        self
    }

    /// Resumes from the checkpoint, if there is one. The result has the same bits as that of a training
    /// without a break. The table and all settings have to be the same.
    #[must_use]
    pub fn resume(mut self) -> Self {
        self.resume = true;
        self
    }

    /// Adds text that identifies the training, such as a checksum of the file that the table was read
    /// from. A checkpoint with another text is refused.
    #[must_use]
    pub fn identified_by(mut self, part: &str, value: impl Into<String>) -> Self {
        self.parts.push((part.to_owned(), value.into()));
        self
    }
}

impl Settings {
    /// Checks everything that does not depend on the table; gives the loss.
    pub(crate) fn check(&self, task: Task) -> Result<LossKind, Error> {
        SettingError::check_fraction("test fraction", self.test_fraction)?;
        SettingError::check_fraction("validation fraction", self.validation_fraction)?;
        SettingError::check_fraction("dropout", self.dropout)?;
        for &width in &self.hidden {
            let valid = (1..=MAX_WIDTH).contains(&width);
            SettingError::check("width of a hidden layer", width as f64, "1 to 4096", valid)?;
        }
        SettingError::check_count("epochs", self.epochs as u64)?;
        SettingError::check_count("batch size", self.batch_size as u64)?;
        SettingError::check_count("patience", self.patience.unwrap_or(1) as u64)?;
        let every = self.checkpoint.as_ref().and_then(|checkpoint| checkpoint.every);
        SettingError::check_count("epochs between checkpoints", every.unwrap_or(1) as u64)?;
        if let Some(rate) = self.learning_rate {
            LearningRate::constant(rate)?;
        }
        Penalty::new(self.l1, self.l2)?;
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
