#![doc = include_str!("../README.md")]

mod bagging;
mod checkpointing;
mod csv_file;
mod draws;
mod error;
mod explained;
mod far;
mod fitted;
mod history;
mod input_scales;
mod inspection;
mod intervals;
mod leaks;
mod learner;
mod memory;
mod missing_codes;
mod missing_target;
mod network;
mod network_fit;
mod odd;
mod outliers;
mod parallel;
mod parts;
mod plan;
mod prediction;
mod predictor;
mod repeated_rows;
mod report;
mod samples;
mod saves;
mod scores;
mod settings;
mod shown;
mod side_by_side;
mod strictness;
mod threads;
mod training;
mod value;
mod warning;
mod watcher;
mod weights;

pub use checkpointing::Checkpointing;
pub use csv_file::CsvLayout;
pub use error::{Diverged, Error};
pub use fitted::{Fitted, NetworkHistory};
pub use inspection::{
    DependenceSettings, Grid, Importance, ImportanceSettings, Importances, PartialDependence,
    ScoreOfClasses, sample_rows,
};
pub use intervals::{IntervalScores, TargetIntervals};
pub use learner::{Classification, Classifier, Goal, Learner, Regression, Regressor};
pub use memory::{MemoryNeed, available_memory};
pub use missing_target::MissingTarget;
pub use network::with_activation;
pub use network_fit::NetworkOfFold;
pub use nnfs::activations::ActivationKind;
pub use nnfs::datasets::{
    CsvError, CsvOptions, DateOrder, Kind, Missing, NumberFormat, Table, Unknown,
};
pub use nnfs::files::{Dtype, Task};
pub use nnfs::losses::LossKind;
pub use nnfs::model::{Control, Divergence, End, Epoch, History, Intervals};
pub use nnfs::optimizers::OptimizerKind;
pub use outliers::Outliers;
pub use parts::{Contents, Parts};
pub use prediction::{Predicted, Prediction, Predictions};
pub use predictor::Predictor;
pub use report::Report;
pub use scores::{
    BaselineRows, ClassBaseline, ClassMetrics, ClassScores, ClassificationScores, NumberMetrics,
    RegressionScores, Score, Scores, TargetScores, short,
};
pub use settings::{ClassWeights, MAX_WIDTH, RateSchedule, Recipe, Settings, task_of};
pub use shown::{shown, shown_apart};
pub use strictness::Strictness;
pub use training::{Beginning, Training};
pub use value::Value;
pub use warning::{Filling, Warning};
pub use watcher::Watcher;

/// The README of the repository: its code is tested like that of the crates' READMEs.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct RepositoryReadme;
