#![doc = include_str!("../README.md")]

mod classify;
mod cross_conformal;
mod diagnostics;
mod divergence;
mod ensemble;
mod ensemble_summary;
mod error;
mod evaluate;
mod fit;
mod gradients;
mod metric;
mod model;
#[cfg(feature = "serde")]
mod named_numbers;
mod parts;
mod pass;
mod predictor;
mod residual_scale;
mod summary;
mod tape;
mod train_step;
mod weights;

pub use cross_conformal::{CrossConformal, Intervals};
pub use diagnostics::{Diagnostics, Hint, LayerDiagnostics, dead_units};
pub use divergence::{Divergence, NonFinite};
pub use ensemble::{Ensemble, Member};
pub use ensemble_summary::{EnsembleSummary, SummaryGroup};
pub use error::{
    ClassifyError, ConformalError, EnsembleError, EvaluateError, FitError, ModelError, TrainError,
};
pub use evaluate::Evaluation;
pub use fit::{
    Best, Control, End, Epoch, Fit, FitState, History, Observer, ObserverError, Progress,
    balanced_class_weights,
};
pub use gradients::{clip_gradients, gradient_norm};
pub use metric::{MetricFailed, Metrics};
pub use model::{Model, Workspace};
pub use parts::ROWS_OF_TWO_PARTS;
pub use predictor::Predictor;
pub use residual_scale::ResidualScale;
pub use summary::{Summary, SummaryRow};
pub use train_step::Step;
