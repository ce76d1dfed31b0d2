//! What a predictor refuses.

use nnfs::datasets::{Missing, Unknown};

/// What a [`Predictor`](crate::Predictor) refuses; by default nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Strictness {
    /// What to do where an input is missing.
    pub missing: Missing,
    /// What to do with a category that training has not seen.
    pub unknown: Unknown,
}
