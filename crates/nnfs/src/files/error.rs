//! Errors of files and predictions.
//!
//! A message has the error within it. A field `r#source` is not `Error::source`, which would show it twice.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use nnfs_datasets::{CsvError, LabelError, ScalerError};
use nnfs_model::{ConformalError, EnsembleError, ModelError};
use nnfs_tensor::ShapeError;

use super::Dtype;

/// A file that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The file cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        r#source: io::Error,
    },
    /// The file cannot be written. A file that existed before remains.
    #[error("{}: cannot be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        r#source: io::Error,
    },
    /// Another training has replaced the checkpoint, which is left as it is.
    #[error("{}: expected the checkpoint of this training, found one that another program has written since", path.display())]
    Replaced {
        /// The file.
        path: PathBuf,
    },
    /// The content of the file is wrong.
    #[error("{}: {source}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The reason.
        r#source: Box<FormatError>,
    },
}

impl FileError {
    pub(super) fn format(path: &Path, source: FormatError) -> Self {
        Self::Format { path: path.to_owned(), source: Box::new(source) }
    }

    /// Whether the error is that this very file does not exist.
    pub(super) fn is_missing(&self, file: &Path) -> bool {
        matches!(self, Self::Read { path, source }
            if path == file && source.kind() == io::ErrorKind::NotFound)
    }
}

/// An error in the content of a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// It is not a safetensors file, or a damaged one.
    #[error("not a valid safetensors file ({0})")]
    Container(String),
    /// It is a safetensors file without the metadata of this library.
    #[error("not a file of nnfs: its metadata has no entry \"nnfs\"")]
    Foreign,
    /// It is of another version of the format.
    #[error("expected version {expected} of the format, found version {found}")]
    Version {
        /// The newest version that can be read.
        expected: u64,
        /// The one in the file.
        found: u64,
    },
    /// It is a checkpoint and not a model, or a model and not a checkpoint.
    #[error("expected a {expected}, found a {found}")]
    Content {
        /// `model` or `checkpoint`.
        expected: &'static str,
        /// The content of the file.
        found: String,
    },
    /// The metadata is wrong.
    #[error("metadata: {0}")]
    Metadata(String),
    /// The file of epochs does not begin with the epochs of its checkpoint.
    #[error("expected the epochs of {}, found others or too few", checkpoint.display())]
    Epochs {
        /// The checkpoint.
        checkpoint: PathBuf,
    },
    /// The epochs of a checkpoint are in another file, which its bytes alone do not have.
    #[error("the epochs of the checkpoint are in the file {file:?} beside it")]
    EpochsBeside {
        /// The name of the file, in the folder of the checkpoint.
        file: String,
    },
    /// The numbers have another type.
    #[error("expected numbers of {expected}, found {found}")]
    Dtype {
        /// The type that was requested.
        expected: Dtype,
        /// The one in the file.
        found: Dtype,
    },
    /// The numbers of a tensor have another type than the description of the file.
    #[error("tensor {name:?}: expected numbers of {expected}, found {found}")]
    TensorDtype {
        /// The tensor.
        name: String,
        /// The expected type, as safetensors calls it.
        expected: String,
        /// The type of the tensor.
        found: String,
    },
    /// A tensor is missing.
    #[error("expected a tensor {name:?}, found none")]
    MissingTensor {
        /// The tensor.
        name: String,
    },
    /// The name of a tensor is not one that the library of the file gives to dense layers.
    #[error("expected tensor names like {expected:?}, found {name:?}")]
    TensorName {
        /// The tensor.
        name: String,
        /// An example of a correct name.
        expected: &'static str,
    },
    /// A weight, or a number of the state of an optimizer, is NaN or infinite: its training has diverged.
    #[error("tensor {name:?}: expected finite numbers, found {found}")]
    NotFinite {
        /// The tensor.
        name: String,
        /// The number.
        found: f64,
    },
    /// A tensor does not belong to any layer.
    #[error("unexpected tensor {name:?}")]
    ExtraTensor {
        /// The tensor.
        name: String,
    },
    /// Shapes or widths do not fit together.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// A kind of layer is unknown.
    #[error("layer {layer}: expected one of {known}, found kind {kind:?} (see Registry)")]
    UnknownKind {
        /// Position of the layer, from 0.
        layer: usize,
        /// Its kind.
        kind: String,
        /// The known kinds.
        known: String,
    },
    /// A layer could not be built from its description, or could not be saved.
    #[error("layer {layer} ({kind}): {source}")]
    Layer {
        /// Position of the layer, from 0.
        layer: usize,
        /// Its kind.
        kind: String,
        /// The reason.
        r#source: Box<dyn Error + Send + Sync>,
    },
    /// The layers do not form a model.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A network of several could not be read or written.
    #[error("member {member} (from 0): {source}")]
    Member {
        /// Position of the network, from 0.
        member: usize,
        /// The reason.
        r#source: Box<FormatError>,
    },
    /// The networks do not form an ensemble.
    #[error(transparent)]
    Ensemble(#[from] EnsembleError),
}

/// A prediction that could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PredictError {
    /// The inputs have another number of columns than the model.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// The inputs have another number of columns than the scaler.
    #[error(transparent)]
    Scaler(#[from] ScalerError),
    /// The table does not have the columns or values that the encoder needs.
    #[error(transparent)]
    Table(#[from] CsvError),
    /// The model has no encoder, which tables need.
    #[error("expected a model with an encoder for tables, found one for tensors only")]
    NoEncoder,
    /// The model is a regression, which predicts numbers and no probabilities.
    #[error("expected a model for classification, found one for regression")]
    NoClasses,
    /// The model has no residuals for prediction intervals.
    #[error("expected a model with residuals for prediction intervals, found one without")]
    NoIntervals,
    /// The level of intervals is out of range.
    #[error(transparent)]
    Intervals(#[from] ConformalError),
    /// The predictions cannot be decoded into the targets of the encoder.
    #[error(transparent)]
    Labels(#[from] LabelError),
}
