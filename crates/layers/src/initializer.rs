//! The weights before the first step. The chapter shows that they decide whether a network learns at all.

use std::fmt;
use std::str::FromStr;

use nnfs_tensor::{Scalar, SettingError, Tensor, standard_normal};
use rand::Rng;
use rand_distr::{Distribution as _, Uniform};

/// How the weights of a layer are drawn before training.
///
/// `fan_in` is the number of inputs of the layer, `fan_out` the number of its outputs.
///
/// ```
/// use nnfs_layers::Initializer;
/// use rand::{SeedableRng, rngs::ChaCha8Rng};
///
/// let mut rng = ChaCha8Rng::seed_from_u64(0);
/// let weights = Initializer::GlorotUniform.weights::<f32>(64, 64, &mut rng);
/// let limit = (6.0_f32 / 128.0).sqrt();
/// assert!(weights.iter().all(|weight| weight.abs() <= limit));
/// assert_eq!(Initializer::normal(0.1)?.to_string(), "normal:0.1");
/// # Ok::<(), nnfs_tensor::SettingError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Initializer {
    /// All zero: for a layer whose weights are set later.
    Zeros,
    /// Normal with mean 0 and this standard deviation; the book takes 0.01, and 0.1 at the end of
    /// chapter 17. Made by [`Initializer::normal`], which checks it.
    Normal {
        /// The standard deviation, finite and at least 0.
        standard_deviation: f64,
    },
    /// Uniform within `sqrt(6 / (fan_in + fan_out))`: Keras's default.
    /// Glorot and Bengio, 2010: Understanding the difficulty of training deep feedforward networks.
    GlorotUniform,
    /// Normal with variance `2 / (fan_in + fan_out)`, not truncated.
    GlorotNormal,
    /// Uniform within `sqrt(6 / fan_in)`: for ReLU.
    /// He, Zhang, Ren and Sun, 2015: Delving Deep into Rectifiers.
    HeUniform,
    /// Normal with variance `2 / fan_in`, not truncated: for ReLU.
    HeNormal,
}

/// The distribution of the weights of a layer of given widths. Its mean is 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distribution {
    /// Always 0.
    Zero,
    /// Normal with this standard deviation.
    Normal(f64),
    /// Uniform between minus and plus this limit.
    Uniform(f64),
}

impl Initializer {
    /// Normal with mean 0 and this standard deviation.
    ///
    /// # Errors
    /// If it is negative or not finite.
    pub fn normal(standard_deviation: f64) -> Result<Self, SettingError> {
        let normal = Self::Normal { standard_deviation };
        normal.check()?;
        Ok(normal)
    }

    /// Checks the standard deviation of [`Initializer::Normal`]; the others have no settings.
    ///
    /// # Errors
    /// If it is negative or not finite.
    pub fn check(self) -> Result<(), SettingError> {
        let Self::Normal { standard_deviation } = self else { return Ok(()) };
        SettingError::check_not_negative("standard deviation of weights", standard_deviation)?;
        Ok(())
    }

    /// The distribution for a layer of these widths.
    pub fn distribution(self, fan_in: usize, fan_out: usize) -> Distribution {
        let (inputs, outputs) = (fan_in as f64, fan_out as f64);
        match self {
            Self::Zeros => Distribution::Zero,
            Self::Normal { standard_deviation } => Distribution::Normal(standard_deviation),
            Self::GlorotUniform => Distribution::Uniform((6.0 / (inputs + outputs)).sqrt()),
            Self::GlorotNormal => Distribution::Normal((2.0 / (inputs + outputs)).sqrt()),
            Self::HeUniform => Distribution::Uniform((6.0 / inputs).sqrt()),
            Self::HeNormal => Distribution::Normal((2.0 / inputs).sqrt()),
        }
    }

    /// Draws weights: one row for each input, one column for each output, row after row.
    ///
    /// # Panics
    /// If the deviation of a hand-made [`Initializer::Normal`] is negative or not finite.
    pub fn weights<T: Scalar>(
        self,
        fan_in: usize,
        fan_out: usize,
        rng: &mut impl Rng,
    ) -> Tensor<T> {
        self.check().expect("a finite deviation of at least 0");
        let count = fan_in * fan_out;
        let draws: Vec<f64> = match self.distribution(fan_in, fan_out) {
            _ if count == 0 => Vec::new(),
            Distribution::Zero => vec![0.0; count],
            Distribution::Normal(deviation) => {
                (0..count).map(|_| deviation * standard_normal(rng)).collect()
            }
            Distribution::Uniform(limit) => {
                let uniform = Uniform::new_inclusive(-limit, limit).expect("a finite limit");
                uniform.sample_iter(rng).take(count).collect()
            }
        };
        Tensor::from_row_iterator(fan_in, fan_out, draws.into_iter().map(T::parameter))
    }
}

/// A text that is not the name of an initializer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InitializerError {
    /// The name is unknown.
    #[error(
        "expected zeros, normal:DEVIATION, glorot-uniform, glorot-normal, he-uniform or \
         he-normal, found {0:?}"
    )]
    Unknown(String),
    /// The text after `normal:` is not a standard deviation.
    #[error(transparent)]
    Deviation(#[from] SettingError),
}

impl FromStr for Initializer {
    type Err = InitializerError;

    fn from_str(text: &str) -> Result<Self, InitializerError> {
        match text {
            "zeros" => Ok(Self::Zeros),
            "glorot-uniform" => Ok(Self::GlorotUniform),
            "glorot-normal" => Ok(Self::GlorotNormal),
            "he-uniform" => Ok(Self::HeUniform),
            "he-normal" => Ok(Self::HeNormal),
            _ => {
                let deviation = text.strip_prefix("normal:").and_then(|text| text.parse().ok());
                let deviation =
                    deviation.ok_or_else(|| InitializerError::Unknown(text.to_owned()))?;
                Ok(Self::normal(deviation)?)
            }
        }
    }
}

impl fmt::Display for Initializer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zeros => write!(f, "zeros"),
            Self::Normal { standard_deviation } => write!(f, "normal:{standard_deviation}"),
            Self::GlorotUniform => write!(f, "glorot-uniform"),
            Self::GlorotNormal => write!(f, "glorot-normal"),
            Self::HeUniform => write!(f, "he-uniform"),
            Self::HeNormal => write!(f, "he-normal"),
        }
    }
}
