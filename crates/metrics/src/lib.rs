#![doc = include_str!("../README.md")]

mod classification;
mod confusion;
mod error;
mod probabilities;
mod regression;
mod tolerance;
mod weights;

pub use classification::{
    binary_accuracy, categorical_accuracy, weighted_binary_accuracy, weighted_categorical_accuracy,
};
pub use confusion::ConfusionMatrix;
pub use error::MetricError;
pub use nnfs_tensor::argmax_rows;
pub use probabilities::{
    brier_score, log_loss, log_sigmoid, log_softmax, roc_auc, weighted_brier_score,
    weighted_log_loss, weighted_roc_auc,
};
pub use regression::{
    max_error, mean_absolute_error, mean_squared_error, median_absolute_error, r2,
    root_mean_squared_error, weighted_mean_absolute_error, weighted_mean_squared_error,
    weighted_median_absolute_error, weighted_r2, weighted_root_mean_squared_error,
};
pub use tolerance::{Tolerance, accuracy_within};
