//! Options of `nnfs train` with a few values.

use clap::ValueEnum;
use nnfs_tabular::{Outliers, RateSchedule, Task};

/// What to do about outliers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutlierRule {
    /// Inputs are limited, and rows with such a target are not learned from unless the inputs explain it
    Limit,
    /// They are numbers like all others
    Keep,
}

/// What is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RecipeOption {
    /// A network and a linear model for each fold
    Bagging,
    /// One network
    Plain,
}

/// How the learning rate changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScheduleOption {
    /// It stays as it is
    Constant,
    /// It falls to 0
    Cosine,
}

/// What a network predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TaskOption {
    /// Numbers
    Regression,
    /// A class
    Classification,
}

/// How much each class counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClassWeightOption {
    /// Every class counts the same: n / (classes * rows of the class)
    Balanced,
}

impl From<OutlierRule> for Outliers {
    fn from(rule: OutlierRule) -> Self {
        match rule {
            OutlierRule::Limit => Self::Limit,
            OutlierRule::Keep => Self::Keep,
        }
    }
}

impl From<ScheduleOption> for RateSchedule {
    fn from(schedule: ScheduleOption) -> Self {
        match schedule {
            ScheduleOption::Constant => Self::Constant,
            ScheduleOption::Cosine => Self::Cosine,
        }
    }
}

impl From<TaskOption> for Task {
    fn from(task: TaskOption) -> Self {
        match task {
            TaskOption::Regression => Self::Regression,
            TaskOption::Classification => Self::Classification,
        }
    }
}
