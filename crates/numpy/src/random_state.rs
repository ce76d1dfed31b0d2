//! NumPy's legacy generator: `np.random.seed`, `random_sample`, `uniform` and `randn`.

use rand_mt::Mt;

/// NumPy's `RandomState`: the same random numbers as after `np.random.seed(seed)`.
///
/// Uniform numbers have the bits of NumPy's. Normal numbers use a logarithm that is the same on every
/// machine, and may differ from NumPy's in the last bit of double precision. The book rounds them to
/// float32, where they are equal.
///
/// The generator is MT19937, the Mersenne Twister of Matsumoto and Nishimura, 1998.
///
/// ```
/// use nnfs_numpy::RandomState;
/// // np.random.seed(0); np.random.randn(3)
/// let mut random = RandomState::new(0);
/// assert_eq!(random.standard_normal(), 1.764052345967664);
/// assert_eq!(random.standard_normal(), 0.4001572083672233);
/// assert_eq!(random.standard_normal(), 0.9787379841057392);
/// ```
#[derive(Debug, Clone)]
pub struct RandomState {
    twister: Mt,
    /// The polar method makes two normal numbers at a time; this is the second, until it is used.
    spare_normal: Option<f64>,
}

impl RandomState {
    /// The generator after `np.random.seed(seed)`.
    pub fn new(seed: u32) -> Self {
        Self { twister: Mt::new(seed), spare_normal: None }
    }

    /// A number in [0, 1) with 53 random bits: `random_sample()`.
    pub fn random_sample(&mut self) -> f64 {
        let high = f64::from(self.twister.next_u32() >> 5);
        let low = f64::from(self.twister.next_u32() >> 6);
        (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
    }

    /// A number in [low, high): `uniform(low, high)`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.random_sample()
    }

    /// A number from the standard normal distribution: an element of `randn(...)`.
    ///
    /// Marsaglia's polar method: a random point in the unit circle gives two independent numbers.
    pub fn standard_normal(&mut self) -> f64 {
        if let Some(normal) = self.spare_normal.take() {
            return normal;
        }
        loop {
            let x = 2.0 * self.random_sample() - 1.0;
            let y = 2.0 * self.random_sample() - 1.0;
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                // `libm`, so that every machine computes the same digits.
                let factor = (-2.0 * libm::log(square) / square).sqrt();
                self.spare_normal = Some(factor * x);
                return factor * y;
            }
        }
    }
}
