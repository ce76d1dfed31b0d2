//! What can be wrong with a model, or with what it is given.

use nnfs_tensor::ShapeError;

/// Layers that do not make a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// There is no layer.
    #[error("a model needs at least one layer, found none")]
    Empty,
    /// The samples have no feature.
    #[error("a model needs at least one input, found width 0")]
    NoInputs,
    /// A layer does not take what the one before gives.
    #[error("layer {index} ({kind}) does not chain: {reason}")]
    Chain {
        /// Position of the layer, from 0.
        index: usize,
        /// Its kind.
        kind: String,
        /// The two widths.
        reason: ShapeError,
    },
}

/// A training step that was refused; the parameters are as they were.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TrainError {
    /// The batch has no sample.
    #[error("a batch needs at least one sample, found none")]
    EmptyBatch,
    /// Inputs or targets do not fit the model or each other.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// The data holds an infinity or a NaN.
    #[error("{what} must be finite, found {value} in row {row}, column {column} (from 0)")]
    NonFiniteData {
        /// `inputs` or `targets`.
        what: &'static str,
        /// The sample, from 0.
        row: usize,
        /// The feature or output, from 0.
        column: usize,
        /// What stands there.
        value: f64,
    },
    /// The loss or the penalty is infinite or NaN: training has diverged.
    #[error("training diverged: loss of the data {data_loss}, penalty {penalty}")]
    NonFiniteLoss {
        /// The loss of the data.
        data_loss: f64,
        /// The penalty of the parameters.
        penalty: f64,
    },
}
