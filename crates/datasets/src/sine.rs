//! One period of a sine: the data of the chapter on regression.

use std::f64::consts::PI;

use nnfs_tensor::{Scalar, Tensor};

/// One period of a sine, evenly sampled: inputs and targets, both (samples, 1).
///
/// ```text
/// x_i = i / samples
/// y_i = sin(2 * pi * x_i)
/// ```
///
/// The numbers are computed in double precision with the sine of the `libm` crate and then rounded to
/// `T`, so that every machine gets the same data. Chapter 17 trains on 1000 samples.
///
/// ```
/// let (inputs, targets) = nnfs_datasets::sine::<f64>(4);
/// assert_eq!(inputs.as_slice(), [0.0, 0.25, 0.5, 0.75]);
/// assert_eq!(targets[1], 1.0);
/// ```
pub fn sine<T: Scalar>(samples: usize) -> (Tensor<T>, Tensor<T>) {
    let input = |row| row as f64 / samples as f64;
    // NumPy multiplies from the left: (2 * pi) * x.
    let target = |row| libm::sin(2.0 * PI * input(row));
    (
        Tensor::from_fn(samples, 1, |row, _| T::data(input(row))),
        Tensor::from_fn(samples, 1, |row, _| T::data(target(row))),
    )
}
