//! Random numbers: the streams of a seed.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// The generator of one stream of a seed. The streams are independent: what is drawn from one does not
/// change what is drawn from another. The numbers are the same on every machine.
///
/// ```
/// use nnfs_tensor::stream;
/// assert_eq!(stream(7, 0), stream(7, 0));
/// assert_ne!(stream(7, 0), stream(7, 1));
/// ```
pub fn stream(seed: u64, number: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(number);
    rng
}
