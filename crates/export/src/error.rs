//! Why a model cannot be exported.

use nnfs::files::FileError;

/// Why a model cannot be exported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// ONNX does not know what this layer does, because we do not.
    #[error(
        "layer {layer}: expected one of {known}, found kind {kind:?}, which ONNX cannot be told"
    )]
    UnknownKind {
        /// Position of the layer, from 0.
        layer: usize,
        /// Its kind, or that of its activation.
        kind: String,
        /// The kinds that are known.
        known: String,
    },
    /// A layer is not what its description says.
    #[error("layer {layer} ({kind}): expected {expected}, found {found}")]
    Layer {
        /// Position of the layer, from 0.
        layer: usize,
        /// Its kind.
        kind: String,
        /// What it should have.
        expected: String,
        /// What it has.
        found: String,
    },
    /// An ONNX file cannot be that large.
    #[error("model: expected at most 2147483647 bytes as ONNX, found {bytes}")]
    TooLarge {
        /// The size that the file would have.
        bytes: usize,
    },
    /// The file cannot be written; an old one is still there.
    #[error(transparent)]
    File(#[from] FileError),
}
