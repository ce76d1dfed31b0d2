//! From options to a network: dense layers, the activation behind all but the last.

use nnfs::prelude::*;

use super::draws::Draws;
use super::options::{Activation, TrainOptions};

/// A network from so many inputs to so many outputs.
///
/// Its first weights are He's behind a ReLU, for which they were made, and Glorot's elsewhere, in the
/// first layer too. The last layer starts smaller, so that the first predictions are close to 0, which
/// is the mean of scaled targets and an equal chance for each class: nothing has to be unlearned.
/// (He's in the first layer and Glorot's in the last overfit small tables; see docs/comparison.md.)
///
/// # Errors
/// If a setting is out of range, which the options have checked.
pub(crate) fn network<T: Scalar>(
    (inputs, outputs): (usize, usize),
    options: &TrainOptions,
) -> anyhow::Result<Model<T>> {
    let TrainOptions { network: options, training, seed, .. } = options;
    let penalty = Penalty::new(training.l1, training.l2)?;
    let draws = Draws::new(*seed);
    let mut rng = draws.weights();
    let mut layers: Vec<Box<dyn Layer<T>>> = Vec::new();
    let mut width = inputs;
    for (index, &units) in options.hidden.0.iter().enumerate() {
        let init = match options.activation {
            Activation::Relu | Activation::LeakyRelu if index > 0 => Initializer::HeNormal,
            _ => Initializer::GlorotUniform,
        };
        let dense = Dense::new(width, units, init, &mut rng)?.weight_penalty(penalty);
        layers.push(Box::new(options.activation.behind(dense)));
        if options.dropout > 0.0 {
            layers.push(Box::new(Dropout::new(options.dropout, draws.dropout(index))?));
        }
        width = units;
    }
    let init = Initializer::normal(0.5 / (width as f64).sqrt())?;
    let dense = Dense::new(width, outputs, init, &mut rng)?.weight_penalty(penalty);
    // Its outputs are logits if the loss is one of classes: the softmax or the sigmoid is inside the loss.
    layers.push(Box::new(dense));
    Ok(Model::from_layers(inputs, layers)?)
}

impl Activation {
    /// The layer with this activation.
    pub(crate) fn behind<T: Scalar>(self, dense: Dense<T>) -> Dense<T> {
        match self {
            Self::Relu => dense.activation(Relu),
            Self::LeakyRelu => dense.activation(LeakyRelu::default()),
            Self::Tanh => dense.activation(Tanh),
            Self::Sigmoid => dense.activation(Sigmoid),
            Self::Linear => dense,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::options::parse;

    /// The standard deviations of the weights of each layer.
    fn deviations(words: &str, inputs: usize) -> Vec<f64> {
        let options = parse(&format!("data.csv --target y --task regression {words}"));
        let model = network::<f64>((inputs, 1), &options).unwrap();
        let mut deviations = Vec::new();
        for layer in model.layers() {
            let mut weights = Vec::new();
            layer.for_each_parameter(&mut |parameter| weights.push(parameter.value.variance()));
            deviations.extend(weights.first().map(|variance| variance.sqrt()));
        }
        deviations
    }

    #[test]
    fn first_weights_suit_what_is_before_them() {
        let close = |found: Vec<f64>, expected: [f64; 3]| {
            for (found, expected) in found.iter().zip(expected) {
                assert!((found / expected - 1.0).abs() < 0.1, "{found} {expected}");
            }
            assert_eq!(found.len(), 3);
        };
        let glorot = |inputs: f64, outputs: f64| (2.0 / (inputs + outputs)).sqrt();
        let last = 0.5 / 800.0_f64.sqrt();
        let he = (2.0 / 300.0_f64).sqrt();
        let words = "--hidden 300,800 --dropout 0.1";
        close(deviations(words, 50), [glorot(50.0, 300.0), he, last]);
        let tanh = format!("{words} --activation tanh");
        close(deviations(&tanh, 50), [glorot(50.0, 300.0), glorot(300.0, 800.0), last]);
    }
}
