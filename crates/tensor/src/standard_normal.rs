//! Draws of the standard normal distribution with the same bits on every platform.

mod tables;

use nnfs_kernel::{exp, ln};
use rand::distr::Open01;
use rand::{Rng, RngExt as _};
use tables::{F, R, X};

/// Draws a number from the normal distribution with mean 0 and standard deviation 1.
///
/// ```text
/// density(x) = e^(-x^2 / 2) / sqrt(2 pi)
/// ```
///
/// The area below the density is cut into 256 layers of equal size. One random number chooses a layer
/// and a point of it. About 99 of 100 points lie where the whole layer is below the density: such a
/// point is the draw. The others need one more random number or a draw of the tail.
///
/// An equal state of `rng` gives the same bits on every platform, because `exp` and `ln` are those of
/// `nnfs-kernel`. The draws equal those of `rand_distr::StandardNormal`, except where the platform's
/// `exp` or `ln` rounds the last bit of a rare draw in another way.
///
/// Source: G. Marsaglia and W. Tsang, The Ziggurat Method for Generating Random Variables (2000), in the
/// variant of J. Doornik, An Improved Ziggurat Method to Generate Normal Random Samples (2005).
///
/// ```
/// use nnfs_tensor::standard_normal;
/// use rand::{SeedableRng, rngs::ChaCha8Rng};
///
/// let mut rng = ChaCha8Rng::seed_from_u64(0);
/// let mean = (0..10_000).map(|_| standard_normal(&mut rng)).sum::<f64>() / 10_000.0;
/// assert!(mean.abs() < 0.05);
/// ```
pub fn standard_normal(rng: &mut (impl Rng + ?Sized)) -> f64 {
    loop {
        let bits = rng.next_u64();
        let layer = (bits & 0xff) as usize;
        // 52 random bits after the point of a number from 2 to 4 give a number from -1 to 1.
        let u = f64::from_bits(bits >> 12 | 2_f64.to_bits()) - 3.0;
        let x = u * X[layer];
        if x.abs() < X[layer + 1] {
            return x;
        }
        if layer == 0 {
            return tail(rng).copysign(u);
        }
        let height = F[layer + 1] + (F[layer] - F[layer + 1]) * rng.random::<f64>();
        if height < exp(-x * x / 2.0) {
            return x;
        }
    }
}

/// Draws a number above R (Marsaglia 1964).
fn tail(rng: &mut (impl Rng + ?Sized)) -> f64 {
    loop {
        let x = -ln(rng.sample::<f64, _>(Open01)) / R;
        let y = -ln(rng.sample::<f64, _>(Open01));
        if 2.0 * y >= x * x {
            return R + x;
        }
    }
}
