//! Clouds of points side by side, which straight lines separate almost completely.

use nnfs_tensor::{Scalar, standard_normal};
use rand::Rng;

use crate::Labeled;

/// Clouds of points side by side, one for each class, class after class.
///
/// ```text
/// x = 0.1 * normal + class / 3
/// y = 0.1 * normal + 0.5
/// ```
///
/// The inputs are (samples * classes, 2). The clouds of neighboring classes are 3.3 standard
/// deviations apart, so they overlap a little. The same generator in the same state gives the same
/// data. The book uses this data where the [spiral](crate::spiral()) would be too hard.
///
/// ```
/// use rand::{SeedableRng, rngs::ChaCha8Rng};
/// let data = nnfs_datasets::vertical::<f32>(100, 3, &mut ChaCha8Rng::seed_from_u64(0));
/// assert_eq!(data.inputs.shape(), (300, 2));
/// assert_eq!(data.labels[99..101], [0, 1]);
/// ```
pub fn vertical<T: Scalar>(
    samples: usize,
    classes: usize,
    rng: &mut (impl Rng + ?Sized),
) -> Labeled<T> {
    let (mut xs, mut ys, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    for class in 0..classes {
        // All x of a class are drawn before its first y, as in the package `nnfs`.
        xs.extend((0..samples).map(|_| standard_normal(rng) * 0.1 + class as f64 / 3.0));
        ys.extend((0..samples).map(|_| standard_normal(rng) * 0.1 + 0.5));
        labels.extend((0..samples).map(|_| class));
    }
    Labeled::from_points(xs, ys, labels)
}
