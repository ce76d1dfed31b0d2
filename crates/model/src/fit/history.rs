//! The results of a training, epoch by epoch.

use crate::Evaluation;
use crate::evaluate::find_metric;

/// The results of a training: its epochs, and why it ended.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct History {
    /// One entry per epoch, including those before a resume.
    pub epochs: Vec<Epoch>,
    /// Why the training ended.
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
    /// All epochs were done.
    Done,
    /// The loss had not decreased for as many epochs as the patience allows.
    StoppedEarly {
        /// The epoch of the smallest loss, from 0.
        best_epoch: usize,
    },
    /// An observer asked for it with [`Control::Stop`](crate::Control::Stop), or failed.
    StoppedByObserver,
}

/// The results of one epoch.
///
/// Loss, penalty and gradient norm are means over the batches, weighted by their number of samples, and
/// the loss by the weights of the samples, if they have some. Those of a batch are computed before its
/// step changes the parameters. Metrics and validation are
/// computed with the weights at the end of the epoch, without dropout.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Epoch {
    /// The number of the epoch, from 0.
    pub epoch: usize,
    /// The loss of the training rows, without the penalty.
    pub data_loss: f64,
    /// The penalty of the parameters, which the book calls regularization loss.
    pub penalty: f64,
    /// The metrics of the training rows, by name.
    #[cfg_attr(feature = "serde", serde(with = "crate::named_numbers"))]
    pub metrics: Vec<(String, f64)>,
    /// Loss and metrics of the validation data, if there is any.
    pub validation: Option<Evaluation>,
    /// The loss that early stopping uses, if it was chosen: that of the validation data, or without
    /// validation data the loss and penalty of the training rows, with the weights at the end of the
    /// epoch.
    pub judged_loss: Option<f64>,
    /// The learning rate of the last step; NaN if the optimizer has none.
    #[cfg_attr(feature = "serde", serde(with = "crate::named_numbers::number"))]
    pub learning_rate: f64,
    /// The norm of the gradients of all parameters, before clipping:
    /// `sqrt(sum of the squares of all entries)`.
    pub gradient_norm: f64,
    /// The duration of the epoch, including metrics and validation; 0 in a browser, where WebAssembly has
    /// no clock.
    pub seconds: f64,
}

impl Epoch {
    /// An epoch without results yet.
    ///
    /// ```
    /// use nnfs_model::Epoch;
    /// let epoch = Epoch { data_loss: 0.25, penalty: 0.5, ..Epoch::new(0) };
    /// assert_eq!(epoch.loss(), 0.75);
    /// ```
    pub fn new(epoch: usize) -> Self {
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

    /// What training minimizes: the loss of the data and the penalty.
    pub fn loss(&self) -> f64 {
        self.data_loss + self.penalty
    }

    /// The value of a metric of the training rows, if it was chosen.
    pub fn metric(&self, name: &str) -> Option<f64> {
        find_metric(&self.metrics, name)
    }
}
