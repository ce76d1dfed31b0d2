//! From settings to a network: dense layers, with an activation after all but the last.

use nnfs::prelude::*;

use crate::draws::Draws;
use crate::{ActivationKind, Error, Settings};

/// A network with this many inputs and outputs.
///
/// The initial weights are He's after a ReLU, for which they were made, and Glorot's elsewhere, the
/// first layer included. The last layer starts smaller, so that the first predictions are close to 0:
/// the mean of scaled targets, or equal probabilities of all classes. (He's in the first layer and
/// Glorot's in the last overfit small tables; see docs/comparison.md.)
pub(crate) fn network<T: Scalar>(
    (inputs, outputs): (usize, usize),
    settings: &Settings,
) -> Result<Model<T>, Error> {
    let penalty = Penalty::new(settings.l1, settings.l2.unwrap_or(0.0))?;
    let draws = Draws::new(settings.seed);
    let mut rng = draws.weights();
    let mut layers: Vec<Box<dyn Layer<T>>> = Vec::new();
    let mut width = inputs;
    for (index, &units) in settings.hidden_widths().iter().enumerate() {
        let init = match settings.activation {
            ActivationKind::Relu | ActivationKind::LeakyRelu if index > 0 => Initializer::HeNormal,
            _ => Initializer::GlorotUniform,
        };
        let dense = Dense::new(width, units, init, &mut rng)?.weight_penalty(penalty);
        layers.push(Box::new(with_activation(dense, settings.activation)));
        if settings.dropout > 0.0 {
            layers.push(Box::new(Dropout::new(settings.dropout, draws.dropout(index))?));
        }
        width = units;
    }
    let init = Initializer::normal(0.5 / (width as f64).sqrt())?;
    let dense = Dense::new(width, outputs, init, &mut rng)?.weight_penalty(penalty);
    // For classes its outputs are logits: the softmax or the sigmoid is inside the loss.
    layers.push(Box::new(dense));
    Ok(Model::from_layers(inputs, layers)?)
}

/// A network without a hidden layer, whose weights start at 0.
pub(crate) fn linear_model<T: Scalar>(
    (inputs, outputs): (usize, usize),
    settings: &Settings,
) -> Result<Model<T>, Error> {
    let mut rng = Draws::new(settings.seed).weights();
    let dense = Dense::new(inputs, outputs, Initializer::Zeros, &mut rng)?;
    let dense = dense.weight_penalty(Penalty::new(settings.l1, settings.l2.unwrap_or(0.0))?);
    Ok(Model::new(inputs).then(dense)?)
}

/// The layer with an activation by name; linear is none.
pub fn with_activation<T: Scalar>(dense: Dense<T>, activation: ActivationKind) -> Dense<T> {
    match activation {
        ActivationKind::Linear => dense,
        activation => dense.activation(activation.build()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The standard deviations of the weights of each layer.
    fn deviations(settings: &Settings, inputs: usize) -> Vec<f64> {
        let model = network::<f64>((inputs, 1), settings).unwrap();
        let mut deviations = Vec::new();
        for layer in model.layers() {
            let mut weights = Vec::new();
            layer.for_each_parameter(&mut |parameter| weights.push(parameter.value.variance()));
            deviations.extend(weights.first().map(|variance| variance.sqrt()));
        }
        deviations
    }

    #[test]
    fn initial_weights_suit_the_activation_before_them() {
        let close = |found: Vec<f64>, expected: [f64; 3]| {
            for (found, expected) in found.iter().zip(expected) {
                assert!((found / expected - 1.0).abs() < 0.1, "{found} {expected}");
            }
            assert_eq!(found.len(), 3);
        };
        let glorot = |inputs: f64, outputs: f64| (2.0 / (inputs + outputs)).sqrt();
        let last = 0.5 / 800.0_f64.sqrt();
        let he = (2.0 / 300.0_f64).sqrt();
        let relu = Settings { hidden: Some(vec![300, 800]), dropout: 0.1, ..Settings::default() };
        close(deviations(&relu, 50), [glorot(50.0, 300.0), he, last]);
        let tanh = Settings { activation: ActivationKind::Tanh, ..relu };
        close(deviations(&tanh, 50), [glorot(50.0, 300.0), glorot(300.0, 800.0), last]);
    }
}
