//! Interleaved spirals, which no straight line can separate.

use nnfs_tensor::{Scalar, standard_normal};
use rand::Rng;

use crate::Labeled;

/// Points in the plane on the arms of a spiral, one arm for each class, class after class.
///
/// ```text
/// r = linspace(0, 1, samples)
/// t = linspace(4 * class, 4 * (class + 1), samples) + 0.2 * normal
/// x = r * sin(2.5 * t),  y = r * cos(2.5 * t)
/// ```
///
/// The inputs are (samples * classes, 2). An arm starts at the origin and ends at radius 1. The noise
/// rotates a point about the origin and does not change its radius. The same generator in the same
/// state gives the same data.
///
/// The formula is Andrej Karpathy's. The book takes it from the [notes to Stanford's course
/// CS231n][cs231n].
///
/// ```
/// use rand::{SeedableRng, rngs::ChaCha8Rng};
/// let data = nnfs_datasets::spiral::<f32>(100, 3, &mut ChaCha8Rng::seed_from_u64(0));
/// assert_eq!(data.inputs.shape(), (300, 2));
/// assert_eq!(data.labels[99..101], [0, 1]);
/// ```
///
/// [cs231n]: https://cs231n.github.io/neural-networks-case-study/
pub fn spiral<T: Scalar>(
    samples: usize,
    classes: usize,
    rng: &mut (impl Rng + ?Sized),
) -> Labeled<T> {
    let (mut xs, mut ys, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    for class in 0..classes {
        let radii = linspace(0.0, 1.0, samples);
        let angles = linspace(4.0 * class as f64, 4.0 * (class + 1) as f64, samples);
        for (radius, angle) in radii.zip(angles) {
            let turned = (angle + standard_normal(rng) * 0.2) * 2.5;
            xs.push(radius * libm::sin(turned));
            ys.push(radius * libm::cos(turned));
            labels.push(class);
        }
    }
    Labeled::from_points(xs, ys, labels)
}

/// Evenly spaced numbers from `start` to `stop`, both included, as `np.linspace` computes them.
///
/// A single number is `start`. The last of several is exactly `stop`, not a sum with a rounding error.
fn linspace(start: f64, stop: f64, count: usize) -> impl Iterator<Item = f64> {
    let last = count.saturating_sub(1);
    let step = (stop - start) / last as f64;
    (0..count).map(move |index| match index {
        0 => start,
        _ if index == last => stop,
        _ => index as f64 * step + start,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collected(start: f64, stop: f64, count: usize) -> Vec<f64> {
        linspace(start, stop, count).collect()
    }

    #[test]
    fn both_ends_belong_to_it() {
        assert_eq!(collected(0.0, 1.0, 5), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(collected(4.0, 8.0, 2), [4.0, 8.0]);
    }

    #[test]
    fn one_number_is_the_start_and_none_is_none() {
        assert_eq!(collected(4.0, 8.0, 1), [4.0]);
        assert_eq!(collected(4.0, 8.0, 0), []);
    }

    #[test]
    fn the_last_number_is_exact_where_the_sum_is_not() {
        let count = (2..1000).find(|&count| {
            let last = (count - 1) as f64;
            last * (1.0 / last) != 1.0
        });
        assert_eq!(count, Some(50));
        assert_eq!(collected(0.0, 1.0, 50)[49], 1.0);
    }

    // python -c "import numpy as np; print(*map(repr, map(float, np.linspace(4, 8, 8))))"
    #[test]
    fn it_is_that_of_numpy() {
        let numpy = [
            4.0,
            4.571428571428571,
            5.142857142857142,
            5.714285714285714,
            6.285714285714286,
            6.857142857142857,
            7.428571428571429,
            8.0,
        ];
        assert_eq!(collected(4.0, 8.0, 8), numpy);
    }
}
