#![doc = include_str!("../README.md")]

mod batch;
mod binary_cross_entropy;
mod categorical_cross_entropy;
mod huber;
mod kind;
mod mean_absolute_error;
mod mean_squared_error;
mod sigmoid_cross_entropy;
mod softmax_cross_entropy;

pub use binary_cross_entropy::BinaryCrossEntropy;
pub use categorical_cross_entropy::CategoricalCrossEntropy;
pub use huber::Huber;
pub use kind::LossKind;
pub use mean_absolute_error::MeanAbsoluteError;
pub use mean_squared_error::MeanSquaredError;
pub use sigmoid_cross_entropy::SigmoidCrossEntropy;
pub use softmax_cross_entropy::SoftmaxCrossEntropy;
