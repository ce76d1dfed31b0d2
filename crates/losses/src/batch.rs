//! What the losses share: passes over predictions and targets, and the chapter's clip.

use nnfs_tensor::{Scalar, Tensor, assert_same_shape, weighted_zip_sum, zip_map_to, zip_sum};

/// Probabilities are clipped to this distance from 0 and from 1, so that their logarithm is finite.
const CLIP: f64 = 1e-7;

/// A probability, clipped as in the book.
pub(crate) fn clipped(probability: f64) -> f64 {
    probability.clamp(CLIP, 1.0 - CLIP)
}

/// Whether the clip binds: there the clipped loss is flat and its derivative is 0.
pub(crate) fn is_clipped<T: Scalar>(probability: T) -> bool {
    let probability = probability.to_f64();
    // False for NaN: the loss is not flat there.
    (probability - clipped(probability)).abs() > 0.0
}

/// The sum of a function of every (prediction, target).
pub(crate) fn sum_over<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
    entry: impl Fn(T, T) -> f64,
) -> f64 {
    assert_same_shape("predictions", predictions, "targets", targets);
    zip_sum(predictions, targets, entry)
}

/// The weighted mean over the rows of the sum of a function of every (prediction, target) of a row.
///
/// ```text
/// sum_i w_i * (sum_j f(p_ij, y_ij)) / sum_i w_i
/// ```
pub(crate) fn weighted_mean<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
    weights: &[f64],
    entry: impl Fn(T, T) -> f64,
) -> f64 {
    assert_same_shape("predictions", predictions, "targets", targets);
    weighted_zip_sum(predictions, targets, weights, entry) / weights.iter().sum::<f64>()
}

/// Writes a function of every (prediction, target) into the gradient.
pub(crate) fn write_gradient<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
    gradient: &mut Tensor<T>,
    entry: impl Fn(T, T) -> T,
) {
    assert_same_shape("predictions", predictions, "targets", targets);
    zip_map_to(predictions, targets, gradient, entry);
}
