//! What can be wrong with a file, or with what is to be predicted.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use nnfs_datasets::{CsvError, LabelsError, ScalerError};
use nnfs_model::ModelError;
use nnfs_tensor::ShapeError;

use super::Dtype;

/// A file that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The system refused to read it.
    #[error("{}: cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system refused to write it; a file that was there before is still there.
    #[error("{}: cannot be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What it holds, or was to hold, is not right.
    #[error("{}: {source}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: Box<FormatError>,
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

/// What is wrong with the content of a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// It is no safetensors file, or a damaged one.
    #[error("expected a whole safetensors file, found a damaged or another one ({0})")]
    Container(String),
    /// It is a safetensors file without our metadata.
    #[error("expected a file of nnfs, found no entry \"nnfs\" in its metadata")]
    Foreign,
    /// It is of another version of the format.
    #[error("expected version {expected} of the format, found version {found}")]
    Version {
        /// The version that can be read.
        expected: u64,
        /// That of the file.
        found: u64,
    },
    /// It is a checkpoint where a model was asked for, or the other way round.
    #[error("expected a {expected}, found a {found}")]
    Content {
        /// `model` or `checkpoint`.
        expected: &'static str,
        /// What the file says it holds.
        found: String,
    },
    /// The metadata does not say what it should.
    #[error("metadata: {0}")]
    Metadata(String),
    /// A file of epochs does not begin with the epochs of its checkpoint.
    #[error("expected the epochs of {}, found others or too few", checkpoint.display())]
    Epochs {
        /// The checkpoint.
        checkpoint: PathBuf,
    },
    /// The epochs of a checkpoint are in another file, which its bytes alone do not have.
    #[error("expected the epochs in the checkpoint, found them in the file {file:?} beside it")]
    EpochsBeside {
        /// The name of the file, in the folder of the checkpoint.
        file: String,
    },
    /// The numbers are of another kind.
    #[error("expected numbers of {expected}, found {found}")]
    Dtype {
        /// The kind that was asked for.
        expected: Dtype,
        /// That of the file.
        found: Dtype,
    },
    /// The numbers of one tensor are of another kind than the file says.
    #[error("tensor {name:?}: expected numbers of {expected}, found {found}")]
    TensorDtype {
        /// The tensor.
        name: String,
        /// The kind that it should have, as the container calls it.
        expected: String,
        /// That of the tensor.
        found: String,
    },
    /// A tensor is missing.
    #[error("expected a tensor {name:?}, found none")]
    MissingTensor {
        /// The tensor.
        name: String,
    },
    /// A tensor is not called as the library that the file is of calls those of dense layers.
    #[error("expected tensors called as {expected:?}, found {name:?}")]
    TensorName {
        /// The tensor.
        name: String,
        /// A name as it should be.
        expected: &'static str,
    },
    /// A weight is NaN or infinite: a training elsewhere has diverged.
    #[error("tensor {name:?}: expected finite numbers, found {found}")]
    NotFinite {
        /// The tensor.
        name: String,
        /// The number.
        found: f64,
    },
    /// A tensor belongs to nothing.
    #[error("expected no tensor {name:?}, found one")]
    ExtraTensor {
        /// The tensor.
        name: String,
    },
    /// Shapes or widths do not fit.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// Nobody knows how to build a layer.
    #[error("layer {layer}: expected one of {known}, found kind {kind:?} (see Registry)")]
    UnknownKind {
        /// Position of the layer, from 0.
        layer: usize,
        /// Its kind.
        kind: String,
        /// The kinds that are known.
        known: String,
    },
    /// A layer could not be built from its description, or not be saved.
    #[error("layer {layer} ({kind}): {source}")]
    Layer {
        /// Position of the layer, from 0.
        layer: usize,
        /// Its kind.
        kind: String,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The layers do not make a model.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// A prediction that could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PredictError {
    /// The inputs do not have the columns of the model.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// The inputs do not have the columns of the scaler.
    #[error(transparent)]
    Scaler(#[from] ScalerError),
    /// The table does not have what the encoder looks for.
    #[error(transparent)]
    Table(#[from] CsvError),
    /// The model has no encoder, which tables need.
    #[error("expected a model with an encoder for tables, found one for tensors only")]
    NoEncoder,
    /// The model is a regression, which predicts numbers and no probabilities.
    #[error("expected a model for classification, found one for regression")]
    NoClasses,
    /// The predictions cannot be decoded into the targets of the encoder.
    #[error(transparent)]
    Labels(#[from] LabelsError),
}
