//! The choices of a run: its arithmetic and its optimizer.

use std::fmt;
use std::str::FromStr;

use nnfs::optimizers::{LearningRate, OptimizerKind, Rule, Sgd};
use nnfs::tensor::{Optimizer, Scalar, SettingError, UnknownName};

/// The arithmetic of a run. It prints and parses as `numpy`, `f32` or `f64`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Arithmetic {
    /// That of the book, where NumPy mixes single and double precision: it gives the book's digits.
    #[default]
    Numpy,
    /// Single precision, the fastest.
    F32,
    /// Double precision.
    F64,
}

impl Arithmetic {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Numpy, Self::F32, Self::F64];

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Numpy => "numpy",
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }
}

impl fmt::Display for Arithmetic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Arithmetic {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let found = Self::ALL.into_iter().find(|arithmetic| arithmetic.name() == name);
        found.ok_or_else(|| UnknownName::new("arithmetic", Self::ALL.map(Self::name), name))
    }
}

/// An optimizer with its settings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptimizerChoice {
    /// The optimizer.
    pub kind: OptimizerKind,
    /// The learning rate at the start.
    pub learning_rate: f64,
    /// The chapter's decay: the rate is divided by `1 + decay * step`.
    pub decay: f64,
    /// The momentum of SGD; 0 for the others, which have none.
    pub momentum: f64,
}

impl OptimizerChoice {
    /// The optimizer of the chapter.
    ///
    /// ```
    /// use nnfs_chapter::sine::OptimizerChoice;
    /// let adam = OptimizerChoice::adam(0.005, 1e-3);
    /// assert_eq!((adam.learning_rate, adam.decay), (0.005, 1e-3));
    /// ```
    pub const fn adam(learning_rate: f64, decay: f64) -> Self {
        Self { kind: OptimizerKind::Adam, learning_rate, decay, momentum: 0.0 }
    }

    /// A new optimizer.
    ///
    /// # Errors
    /// If a setting is out of range.
    pub fn build<T: Scalar>(self) -> Result<Box<dyn Optimizer<T>>, SettingError> {
        let rate = LearningRate::inverse_time(self.learning_rate, self.decay)?;
        Ok(match self.kind {
            OptimizerKind::Sgd => {
                let sgd = Sgd::new(rate).momentum(self.momentum);
                sgd.rule().check()?;
                Box::new(sgd)
            }
            kind => kind.build(rate),
        })
    }
}

impl fmt::Display for OptimizerChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.learning_rate)?;
        for (name, value) in [("decay", self.decay), ("momentum", self.momentum)] {
            if value > 0.0 {
                write!(f, ", {name} {value}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_optimizer_names_its_settings() {
        let adam = OptimizerChoice::adam(0.005, 1e-3);
        assert_eq!(adam.to_string(), "adam 0.005, decay 0.001");
        let sgd = OptimizerChoice { kind: OptimizerKind::Sgd, momentum: 0.9, ..adam };
        assert_eq!(sgd.to_string(), "sgd 0.005, decay 0.001, momentum 0.9");
        assert_eq!(OptimizerChoice { decay: 0.0, ..adam }.to_string(), "adam 0.005");
    }

    #[test]
    fn every_kind_steps_at_its_rate() {
        for kind in OptimizerKind::ALL {
            let learning_rate = kind.default_learning_rate();
            let choice = OptimizerChoice { kind, learning_rate, decay: 0.0, momentum: 0.0 };
            let optimizer = choice.build::<f64>().unwrap();
            assert_eq!(optimizer.learning_rate(), learning_rate);
            assert_eq!(optimizer.description().kind, kind.to_string());
            assert!(OptimizerChoice { learning_rate: -1.0, ..choice }.build::<f64>().is_err());
            assert!(OptimizerChoice { decay: -1.0, ..choice }.build::<f64>().is_err());
        }
    }

    #[test]
    fn names_are_read_as_they_are_printed() {
        for arithmetic in Arithmetic::ALL {
            assert_eq!(arithmetic.to_string().parse(), Ok(arithmetic));
        }
        assert!("f16".parse::<Arithmetic>().is_err());
    }
}
