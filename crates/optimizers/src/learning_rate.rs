//! The learning rate.

use nnfs_tensor::{Description, SettingError};

use crate::Schedule;

/// A learning rate that may change with the number of steps already made.
///
/// ```
/// use nnfs_optimizers::LearningRate;
/// let rate = LearningRate::inverse_time(0.005, 1e-3)?;
/// assert_eq!(rate.at(0), 0.005);
/// assert_eq!(rate.at(99), 0.004549590536851684);
/// assert!(LearningRate::constant(-0.1).is_err());
/// # Ok::<(), nnfs_tensor::SettingError>(())
/// ```
///
/// A plain number is a constant rate that is checked later, by
/// [`Optimizer::check`](nnfs_tensor::Optimizer::check):
///
/// ```
/// use nnfs_optimizers::LearningRate;
/// assert_eq!(LearningRate::from(0.1).at(7), 0.1);
/// assert!(LearningRate::from(-0.1).check().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LearningRate {
    initial: f64,
    schedule: Schedule,
}

impl LearningRate {
    /// Checks a rate and its schedule.
    ///
    /// ```
    /// use nnfs_optimizers::{LearningRate, Schedule};
    /// let rate = LearningRate::new(0.5, Schedule::InverseTime { decay: 1.0 })?;
    /// assert_eq!((rate.at(0), rate.at(1)), (0.5, 0.25));
    /// # Ok::<(), nnfs_tensor::SettingError>(())
    /// ```
    ///
    /// # Errors
    /// If the rate or a number of the schedule is out of range.
    pub fn new(initial: f64, schedule: Schedule) -> Result<Self, SettingError> {
        let rate = Self { initial, schedule };
        rate.check()?;
        Ok(rate)
    }

    /// The same rate at every step.
    ///
    /// # Errors
    /// If it is negative or not finite.
    pub fn constant(rate: f64) -> Result<Self, SettingError> {
        Self::new(rate, Schedule::Constant)
    }

    /// The chapter's learning-rate decay.
    ///
    /// # Errors
    /// If the rate or the decay is negative or not finite.
    pub fn inverse_time(initial: f64, decay: f64) -> Result<Self, SettingError> {
        Self::new(initial, Schedule::InverseTime { decay })
    }

    /// Checks a rate that was made from a plain number.
    ///
    /// # Errors
    /// If the rate or a number of the schedule is out of range.
    pub fn check(&self) -> Result<(), SettingError> {
        SettingError::check_not_negative("learning rate", self.initial)?;
        self.schedule.check()
    }

    /// The rate of the first step.
    pub fn initial(&self) -> f64 {
        self.initial
    }

    /// How the rate changes.
    pub fn schedule(&self) -> Schedule {
        self.schedule
    }

    /// The schedule and its numbers, for the description of an optimizer.
    ///
    /// ```
    /// use nnfs_optimizers::LearningRate;
    /// let rate = LearningRate::inverse_time(0.005, 1e-3)?;
    /// assert_eq!(rate.description().to_string(), "inverse_time (decay 0.001, initial 0.005)");
    /// # Ok::<(), nnfs_tensor::SettingError>(())
    /// ```
    pub fn description(&self) -> Description {
        let description = match self.schedule {
            Schedule::Constant => Description::new("constant"),
            Schedule::InverseTime { decay } => {
                Description::new("inverse_time").with("decay", decay)
            }
            Schedule::Step { every, factor } => {
                Description::new("step").with("every", every as f64).with("factor", factor)
            }
            Schedule::Exponential { factor } => {
                Description::new("exponential").with("factor", factor)
            }
            Schedule::Cosine { steps, end } => {
                Description::new("cosine").with("steps", steps as f64).with("end", end)
            }
        };
        description.with("initial", self.initial)
    }

    /// The rate after `steps` steps.
    pub fn at(&self, steps: u64) -> f64 {
        // `libm`, so that every machine computes the same digits.
        let time = steps as f64;
        match self.schedule {
            Schedule::Constant => self.initial,
            Schedule::InverseTime { decay } => self.initial * (1.0 / (1.0 + decay * time)),
            Schedule::Step { every, factor } => {
                self.initial * libm::pow(factor, (steps / every) as f64)
            }
            Schedule::Exponential { factor } => self.initial * libm::pow(factor, time),
            Schedule::Cosine { steps: total, end } => {
                let share = (time / total as f64).min(1.0);
                let height = (1.0 + libm::cos(std::f64::consts::PI * share)) / 2.0;
                end + (self.initial - end) * height
            }
        }
    }
}

/// A constant rate, not checked yet.
impl From<f64> for LearningRate {
    fn from(rate: f64) -> Self {
        Self { initial: rate, schedule: Schedule::Constant }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_follow_their_formulas() {
        let step = LearningRate::new(1.0, Schedule::Step { every: 10, factor: 0.5 }).unwrap();
        assert_eq!([step.at(9), step.at(10), step.at(29)], [1.0, 0.5, 0.25]);
        let exponential = LearningRate::new(2.0, Schedule::Exponential { factor: 0.5 }).unwrap();
        assert_eq!([exponential.at(0), exponential.at(3)], [2.0, 0.25]);
        let cosine = LearningRate::new(1.0, Schedule::Cosine { steps: 100, end: 0.1 }).unwrap();
        assert_eq!([cosine.at(0), cosine.at(100), cosine.at(1000)], [1.0, 0.1, 0.1]);
        assert!((cosine.at(50) - 0.55).abs() < 1e-15);
        assert_eq!(LearningRate::constant(0.3).unwrap().at(1_000_000), 0.3);
    }

    #[test]
    fn every_number_is_checked() {
        let refused = [
            (f64::NAN, Schedule::Constant),
            (-1.0, Schedule::Constant),
            (f64::INFINITY, Schedule::Constant),
            (1.0, Schedule::InverseTime { decay: -1.0 }),
            (1.0, Schedule::Step { every: 0, factor: 0.5 }),
            (1.0, Schedule::Step { every: 1, factor: 0.0 }),
            (1.0, Schedule::Step { every: 1, factor: 1.5 }),
            (1.0, Schedule::Exponential { factor: -0.5 }),
            (1.0, Schedule::Exponential { factor: 2.0 }),
            (1.0, Schedule::Exponential { factor: f64::NAN }),
            (1.0, Schedule::Cosine { steps: 0, end: 0.0 }),
            (1.0, Schedule::Cosine { steps: 1, end: -1.0 }),
        ];
        for (initial, schedule) in refused {
            assert!(LearningRate::new(initial, schedule).is_err(), "{initial} {schedule:?}");
        }
        let message = LearningRate::constant(-1.0).unwrap_err().to_string();
        assert_eq!(message, "learning rate must be finite and at least 0, found -1");
    }
}
