//! Draws of the normal distribution beside those of `rand_distr`.

use nnfs_tensor::standard_normal;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt as _, SeedableRng};
use rand_distr::StandardNormal;

/// `rand_distr` uses the platform's `exp` and `ln`. They can round a draw of the tail, which is one of
/// 3,900, in another way, and the two generators read the same numbers.
#[test]
fn normal_draws_are_those_of_rand_distr() {
    let (mut ours, mut theirs) = (ChaCha8Rng::seed_from_u64(1), ChaCha8Rng::seed_from_u64(1));
    let mut tail = 0;
    for draw in 0..1_000_000 {
        let (x, peer) = (standard_normal(&mut ours), theirs.sample::<f64, _>(StandardNormal));
        if peer.abs() <= 3.654 {
            assert_eq!(x, peer, "draw {draw}");
        } else {
            tail += 1;
            assert!((x - peer).abs() <= 1e-15, "draw {draw}: {x} instead of {peer}");
        }
    }
    // The tail beyond 3.654 has a share of 2.58e-4.
    assert!((200..320).contains(&tail), "{tail} draws of the tail");
}

/// The share of draws below a number is the distribution function there.
#[test]
fn normal_draws_have_the_normal_distribution() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let draws: Vec<f64> = (0..1_000_000).map(|_| standard_normal(&mut rng)).collect();
    // From scipy.stats.norm.cdf.
    let expected = [(-3.0, 0.001349898), (-1.0, 0.1586552539), (0.0, 0.5), (0.5, 0.6914624613)];
    for (bound, share) in expected {
        let below = draws.iter().filter(|&&draw| draw < bound).count() as f64 / 1e6;
        // Five standard deviations of the share of a million draws.
        let deviation = (share * (1.0 - share) / 1e6_f64).sqrt();
        assert!((below - share).abs() <= 5.0 * deviation, "{below} below {bound}");
    }
}
