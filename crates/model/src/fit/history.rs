//! What a training found, epoch by epoch.

use crate::Evaluation;
use crate::evaluate::find_metric;

/// A training, epoch by epoch, and why it ended.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct History {
    /// What each epoch found; those before a resumption are among them.
    pub epochs: Vec<Epoch>,
    /// Why it ended.
    pub end: End,
    /// The epoch whose weights the model has at the end, if early stopping was chosen. The gradients
    /// in the model, and so [`Model::diagnostics`](crate::Model::diagnostics), are still those of the
    /// last step.
    pub restored: Option<usize>,
}

/// Why a training ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum End {
    /// All epochs are done.
    Done,
    /// The loss had not become smaller for as many epochs as the patience allows.
    StoppedEarly {
        /// The epoch of the smallest loss, from 0.
        best_epoch: usize,
    },
    /// The observer said [`Control::Stop`](crate::Control::Stop).
    StoppedByObserver,
}

/// What one epoch found.
///
/// Losses, penalty and gradient norm are those that its steps met, each before it moved the
/// parameters: means over the batches, weighted by their samples. Metrics and validation are told
/// of the weights at the end of the epoch, with dropout off.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Epoch {
    /// Its number, from 0.
    pub epoch: usize,
    /// The loss of the data.
    pub data_loss: f64,
    /// The penalty of the parameters: the book's regularization loss.
    pub penalty: f64,
    /// The chosen metrics on the training rows, by name.
    #[cfg_attr(feature = "serde", serde(with = "crate::named_numbers"))]
    pub metrics: Vec<(String, f64)>,
    /// Loss and metrics on the validation data, if there is any.
    pub validation: Option<Evaluation>,
    /// What early stopping went by, if it was asked for: the loss of the validation data, or without
    /// any the loss and penalty of the training rows, of the weights at the end of the epoch.
    pub judged_loss: Option<f64>,
    /// The learning rate of the last step.
    pub learning_rate: f64,
    /// The norm of the gradients of all parameters together, before clipping:
    /// `sqrt(sum of the squares of all entries)`.
    pub gradient_norm: f64,
    /// How long the epoch took, with its metrics and validation.
    pub seconds: f64,
}

impl Epoch {
    /// One in which nothing has happened yet.
    pub(crate) fn new(epoch: usize) -> Self {
        Self {
            epoch,
            data_loss: 0.0,
            penalty: 0.0,
            metrics: Vec::new(),
            validation: None,
            judged_loss: None,
            learning_rate: 0.0,
            gradient_norm: 0.0,
            seconds: 0.0,
        }
    }

    /// What training makes small: the loss of the data and the penalty together.
    pub fn loss(&self) -> f64 {
        self.data_loss + self.penalty
    }

    /// The value of a metric on the training rows, if it was chosen.
    pub fn metric(&self, name: &str) -> Option<f64> {
        find_metric(&self.metrics, name)
    }
}
