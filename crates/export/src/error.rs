//! Why a model cannot be exported.
//!
//! A message has the error within it. A field `r#source` is not `Error::source`, which would show it twice.

use nnfs::files::FileError;
use nnfs::model::ConformalError;

/// Why a model cannot be exported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// A custom layer or activation, which neither ONNX nor a file of Rust source can represent.
    #[error(
        "layer {layer}: expected one of {known}, found {kind:?}: a custom layer cannot be exported"
    )]
    UnknownKind {
        /// The position of the layer, from 0.
        layer: usize,
        /// The kind of the layer or of its activation.
        kind: String,
        /// The kinds that can be exported.
        known: String,
    },
    /// A layer whose parameters do not match its description, or are not finite.
    #[error("layer {layer} ({kind}): expected {expected}, found {found}")]
    Layer {
        /// The position of the layer, from 0.
        layer: usize,
        /// The kind of the layer.
        kind: String,
        /// What was expected.
        expected: String,
        /// What was found.
        found: String,
    },
    /// A network of several that cannot be exported.
    #[error("member {member} (from 0): {source}")]
    Member {
        /// The position of the network, from 0.
        member: usize,
        /// The reason.
        r#source: Box<ExportError>,
    },
    /// The model has no residuals for prediction intervals.
    #[error("expected a model with residuals for prediction intervals, found one without")]
    NoIntervals,
    /// The level of the prediction intervals is out of range.
    #[error(transparent)]
    Intervals(#[from] ConformalError),
    /// A model that is too large for an ONNX file.
    #[error("model: expected at most 2147483647 bytes as ONNX, found {bytes}")]
    TooLarge {
        /// The size of the file.
        bytes: usize,
    },
    /// The file cannot be written. An old file stays as it is.
    #[error(transparent)]
    File(#[from] FileError),
}
