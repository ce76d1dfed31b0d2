//! What can be wrong with a layer when it is made.

use nnfs_tensor::{SettingError, ShapeError};

/// A layer that cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LayerError {
    /// A setting is out of range.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// A width is 0, or weights and biases do not fit together.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}
