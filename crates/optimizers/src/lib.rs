#![doc = include_str!("../README.md")]

mod ada_grad;
mod adam;
mod adam_w;
mod kind;
mod learning_rate;
mod rms_prop;
mod rule;
mod schedule;
mod sgd;

pub use ada_grad::AdaGrad;
pub use adam::Adam;
pub use adam_w::AdamW;
pub use kind::OptimizerKind;
pub use learning_rate::LearningRate;
pub use rms_prop::RmsProp;
pub use rule::{Rule, RuleOptimizer};
pub use schedule::{Schedule, ScheduleError};
pub use sgd::Sgd;

/// The rules of the optimizers: their settings and formulas.
///
/// A custom rule can use one of them, as `AdamW` uses that of `Adam` after its decay.
/// [`RuleOptimizer::from_rule`] makes an optimizer of a rule.
pub mod rules {
    pub use crate::ada_grad::AdaGradRule;
    pub use crate::adam::AdamRule;
    pub use crate::adam_w::AdamWRule;
    pub use crate::rms_prop::RmsPropRule;
    pub use crate::sgd::SgdRule;
}
