//! From options to a network: dense layers, the activation behind all but the last.

use nnfs::layers::rand::rngs::ChaCha8Rng;
use nnfs::prelude::*;

use super::draws::Draws;
use super::options::{Activation, LossKind, TrainOptions};
use super::tensors::Tensors;

/// A network for these tensors.
///
/// Its first weights are He's where a ReLU comes behind them, and Glorot's otherwise.
///
/// # Errors
/// If a setting is out of range, which the options have checked.
pub(crate) fn network<T: Scalar>(
    tensors: &Tensors<T>,
    options: &TrainOptions,
    loss: LossKind,
) -> anyhow::Result<Model<T>> {
    let (inputs, outputs) = (tensors.train.inputs.ncols(), tensors.train.targets.ncols());
    let TrainOptions { network: options, training, seed, .. } = options;
    let penalty = Penalty::new(training.l1, training.l2)?;
    let draws = Draws::new(*seed);
    let mut rng = draws.weights();
    let mut layers: Vec<Box<dyn Layer<T>>> = Vec::new();
    let mut width = inputs;
    for (index, &units) in options.hidden.0.iter().enumerate() {
        let dense = hidden(width, units, options.activation, &mut rng)?;
        layers.push(Box::new(dense.weight_penalty(penalty)));
        if options.dropout > 0.0 {
            layers.push(Box::new(Dropout::new(options.dropout, draws.dropout(index))?));
        }
        width = units;
    }
    let dense = Dense::new(width, outputs, Initializer::GlorotUniform, &mut rng)?;
    let dense = dense.weight_penalty(penalty);
    // The softmax of the other loss for classes is inside that loss.
    let sigmoid = loss == LossKind::BinaryCrossEntropy;
    layers.push(Box::new(if sigmoid { dense.activation(Sigmoid) } else { dense }));
    Ok(Model::new(inputs, layers)?)
}

fn hidden<T: Scalar>(
    inputs: usize,
    outputs: usize,
    activation: Activation,
    rng: &mut ChaCha8Rng,
) -> anyhow::Result<Dense<T>> {
    let init = match activation {
        Activation::Relu | Activation::LeakyRelu => Initializer::HeNormal,
        Activation::Tanh | Activation::Sigmoid => Initializer::GlorotUniform,
    };
    let dense = Dense::new(inputs, outputs, init, rng)?;
    Ok(match activation {
        Activation::Relu => dense.activation(Relu),
        Activation::LeakyRelu => dense.activation(LeakyRelu::default()),
        Activation::Tanh => dense.activation(Tanh),
        Activation::Sigmoid => dense.activation(Sigmoid),
    })
}
