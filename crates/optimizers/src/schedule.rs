//! How a learning rate changes from step to step.

use std::fmt;
use std::str::FromStr;

use nnfs_tensor::SettingError;

/// How a learning rate changes; `t` is the number of steps already made. `t` counts steps (batches), not epochs.
///
/// A schedule prints and parses as its name and its numbers:
///
/// ```text
/// constant    inverse-time:DECAY    step:EVERY:FACTOR    exponential:FACTOR    cosine:STEPS:END
/// ```
///
/// ```
/// use nnfs_optimizers::Schedule;
/// let schedule: Schedule = "step:1000:0.5".parse()?;
/// assert_eq!(schedule, Schedule::Step { every: 1000, factor: 0.5 });
/// assert_eq!(schedule.to_string(), "step:1000:0.5");
/// # Ok::<(), nnfs_optimizers::ScheduleError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Schedule {
    /// `initial`
    #[default]
    Constant,
    /// The book's decay: `initial * (1 / (1 + decay * t))`.
    InverseTime {
        /// At least 0.
        decay: f64,
    },
    /// `initial * factor^floor(t / every)`.
    Step {
        /// At least 1.
        every: u64,
        /// In (0, 1].
        factor: f64,
    },
    /// `initial * factor^t`.
    Exponential {
        /// In (0, 1].
        factor: f64,
    },
    /// Half a cosine from `initial` to `end` over `steps`, then `end`:
    /// `end + (initial - end) * (1 + cos(pi * t / steps)) / 2`.
    /// Loshchilov and Hutter, 2017: SGDR.
    Cosine {
        /// At least 1.
        steps: u64,
        /// At least 0.
        end: f64,
    },
}

impl Schedule {
    /// Checks the numbers of the schedule.
    ///
    /// # Errors
    /// If one is out of its range.
    pub fn check(self) -> Result<(), SettingError> {
        match self {
            Self::Constant => Ok(()),
            Self::InverseTime { decay } => {
                SettingError::check_not_negative("learning-rate decay", decay).map(|_| ())
            }
            Self::Step { every, factor } => {
                SettingError::check_count("steps of a schedule", every)?;
                check_factor(factor)
            }
            Self::Exponential { factor } => check_factor(factor),
            Self::Cosine { steps, end } => {
                SettingError::check_count("steps of a schedule", steps)?;
                SettingError::check_not_negative("end of a cosine schedule", end).map(|_| ())
            }
        }
    }
}

/// A factor above 1 would make the rate infinite after enough steps.
fn check_factor(factor: f64) -> Result<(), SettingError> {
    let valid = factor > 0.0 && factor <= 1.0;
    SettingError::check("factor of a schedule", factor, "in (0, 1]", valid).map(|_| ())
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant => write!(f, "constant"),
            Self::InverseTime { decay } => write!(f, "inverse-time:{decay}"),
            Self::Step { every, factor } => write!(f, "step:{every}:{factor}"),
            Self::Exponential { factor } => write!(f, "exponential:{factor}"),
            Self::Cosine { steps, end } => write!(f, "cosine:{steps}:{end}"),
        }
    }
}

/// A text that is not a schedule.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScheduleError {
    /// The name is unknown, or a number is missing or malformed.
    #[error(
        "expected constant, inverse-time:DECAY, step:EVERY:FACTOR, exponential:FACTOR or \
         cosine:STEPS:END, found {0:?}"
    )]
    Unknown(String),
    /// A number is out of its range.
    #[error(transparent)]
    Setting(#[from] SettingError),
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let schedule = parse(text).ok_or_else(|| ScheduleError::Unknown(text.to_owned()))?;
        schedule.check()?;
        Ok(schedule)
    }
}

/// The schedule of a text, its numbers unchecked.
fn parse(text: &str) -> Option<Schedule> {
    let words: Vec<&str> = text.split(':').collect();
    let schedule = match words[..] {
        ["constant"] => Schedule::Constant,
        ["inverse-time", decay] => Schedule::InverseTime { decay: decay.parse().ok()? },
        ["step", every, factor] => {
            Schedule::Step { every: every.parse().ok()?, factor: factor.parse().ok()? }
        }
        ["exponential", factor] => Schedule::Exponential { factor: factor.parse().ok()? },
        ["cosine", steps, end] => {
            Schedule::Cosine { steps: steps.parse().ok()?, end: end.parse().ok()? }
        }
        _ => return None,
    };
    Some(schedule)
}
