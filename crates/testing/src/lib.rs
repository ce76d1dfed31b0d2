//! What the tests of several crates share: shortcuts that return what the traits write. Not
//! published.

use nnfs_tensor::{Loss, Scalar, Tensor};

/// The gradient of a loss, as a new tensor.
pub fn gradient<T: Scalar>(
    loss: &(impl Loss<T> + ?Sized),
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
) -> Tensor<T> {
    let mut gradient = Tensor::default();
    loss.gradient_to(predictions, targets, &mut gradient);
    gradient
}
