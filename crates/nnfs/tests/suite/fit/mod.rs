//! What a training promises: batches, early stopping, clipping, resumption, divergence, errors.

mod diagnostics;
mod errors;
mod resume;
mod training;
mod weighted;

use nnfs::model::History;
use nnfs::prelude::*;

pub(crate) fn draw<T: Scalar>(rows: usize, columns: usize, seed: u64) -> Tensor<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Initializer::normal(1.0).unwrap().weights(rows, columns, &mut rng)
}

/// 2-8-1 with a penalty, and dropout if the rate is above 0.
pub(crate) fn model<T: Scalar>(dropout: f64) -> Model<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let penalty = Penalty::l2(1e-3).unwrap();
    let first = Dense::new(2, 8, Initializer::HeNormal, &mut rng).unwrap();
    let mut layers: Vec<Box<dyn Layer<T>>> =
        vec![Box::new(first.activation(Tanh).weight_penalty(penalty))];
    if dropout > 0.0 {
        layers.push(Box::new(Dropout::new(dropout, ChaCha8Rng::seed_from_u64(4)).unwrap()));
    }
    layers.push(Box::new(Dense::new(8, 1, Initializer::GlorotUniform, &mut rng).unwrap()));
    Model::from_layers(2, layers).unwrap()
}

pub(crate) fn adam(rate: f64) -> Adam<f64> {
    Adam::new(LearningRate::inverse_time(rate, 1e-2).unwrap())
}

pub(crate) fn weights<T: Scalar>(model: &Model<T>) -> Vec<Tensor<T>> {
    model.weights()
}

/// The history without the times, which differ from run to run.
pub(crate) fn timeless(mut history: History) -> History {
    history.epochs.iter_mut().for_each(|epoch| epoch.seconds = 0.0);
    history
}
