#![doc = include_str!("../README.md")]

#[cfg(feature = "files")]
pub mod files;

pub use nnfs_activations as activations;
pub use nnfs_datasets as datasets;
pub use nnfs_gradcheck as gradcheck;
pub use nnfs_layers as layers;
pub use nnfs_layers::rand;
pub use nnfs_losses as losses;
pub use nnfs_metrics as metrics;
pub use nnfs_model as model;
pub use nnfs_numpy as numpy;
pub use nnfs_optimizers as optimizers;
pub use nnfs_tensor as tensor;

/// The names that most programs need: `use nnfs::prelude::*;`
pub mod prelude {
    pub use nnfs_activations::{Activation, LeakyRelu, Relu, Sigmoid, Softmax, Tanh};
    pub use nnfs_datasets::{
        Columns, CsvOptions, Encoder, Scale, StandardScaler, Table, stratified_split,
        train_test_split,
    };
    pub use nnfs_layers::rand::SeedableRng;
    pub use nnfs_layers::rand::rngs::ChaCha8Rng;
    pub use nnfs_layers::{Dense, Dropout, Initializer};
    pub use nnfs_losses::{
        BinaryCrossEntropy, CategoricalCrossEntropy, Huber, MeanAbsoluteError, MeanSquaredError,
        SigmoidCrossEntropy, SoftmaxCrossEntropy,
    };
    pub use nnfs_model::{Control, Fit, History, Metrics, Model, Progress};
    pub use nnfs_optimizers::{
        AdaGrad, Adam, AdamW, LearningRate, OptimizerKind, RmsProp, Schedule, Sgd,
    };
    pub use nnfs_tensor::{
        Layer, Loss, Optimizer, OutputLink, Parameter, Penalty, Scalar, Tensor, Trainable,
    };

    #[cfg(feature = "files")]
    pub use crate::files::Pipeline;
}
