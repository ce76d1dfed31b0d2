//! Builds the layers of this library from their descriptions.

use std::sync::Arc;

use nnfs_activations::{LeakyRelu, Linear, Relu, Sigmoid, Softmax, Tanh};
use nnfs_layers::rand::SeedableRng;
use nnfs_layers::rand::rngs::ChaCha8Rng;
use nnfs_layers::{Dense, Dropout};
use nnfs_tensor::{Description, Elementwise, Layer, Penalty, Scalar, Tensor};

use super::{BuildError, Registry};

/// The kind of [`Dense`].
pub(super) const DENSE: &str = "dense";

/// Registers every layer except `Dense`, which needs the functions of the registry.
pub(super) fn register<T: Scalar>(registry: Registry<T>) -> Registry<T> {
    registry
        .with_layer("dropout", |description, parameters| {
            expect_none(&parameters)?;
            Ok(Box::new(Dropout::new(number(description, "rate")?, generator(description)?)?))
        })
        .with_layer("softmax", |_, parameters| {
            expect_none(&parameters)?;
            Ok(Box::new(Softmax))
        })
        .with_function("linear", |_| Ok(Box::new(Linear)))
        .with_function("relu", |_| Ok(Box::new(Relu)))
        .with_function("leaky_relu", |description| {
            Ok(Box::new(LeakyRelu::new(number(description, "slope")?)?))
        })
        .with_function("sigmoid", |_| Ok(Box::new(Sigmoid)))
        .with_function("tanh", |_| Ok(Box::new(Tanh)))
}

/// A dense layer from weights and biases.
pub(super) fn dense<T: Scalar>(
    description: &Description,
    parameters: Vec<Tensor<T>>,
    activation: Option<Arc<dyn Elementwise<T>>>,
) -> Result<Box<dyn Layer<T>>, BuildError> {
    let [weights, biases] = <[Tensor<T>; 2]>::try_from(parameters)
        .map_err(|found| format!("expected weights and biases, found {} tensors", found.len()))?;
    let strength = |name| description.number(name).unwrap_or(0.0);
    let dense = Dense::from_parameters(weights, biases)?
        .weight_penalty(Penalty::new(strength("weight_l1"), strength("weight_l2"))?)
        .bias_penalty(Penalty::new(strength("bias_l1"), strength("bias_l2"))?);
    Ok(match activation {
        Some(activation) => Box::new(dense.activation(activation)),
        None => Box::new(dense),
    })
}

/// The random generator of a dropout layer, at its saved position.
fn generator(description: &Description) -> Result<ChaCha8Rng, BuildError> {
    let state = |name: &str| {
        let text = description.state.get(name).map(String::as_str);
        text.ok_or_else(|| format!("expected a {name} of the generator, found none"))
    };
    let mut rng = ChaCha8Rng::from_seed(seed(state("seed")?)?);
    rng.set_stream(state("stream")?.parse()?);
    rng.set_word_pos(state("position")?.parse()?);
    Ok(rng)
}

/// 32 bytes from hexadecimal digits.
fn seed(text: &str) -> Result<[u8; 32], BuildError> {
    let wrong = || format!("expected a seed of 64 hexadecimal digits, found {text:?}");
    if text.len() != 64 || !text.is_ascii() {
        return Err(wrong().into());
    }
    let mut seed = [0; 32];
    for (index, byte) in seed.iter_mut().enumerate() {
        let digits = &text[2 * index..2 * index + 2];
        *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
    }
    Ok(seed)
}

fn number(description: &Description, name: &str) -> Result<f64, BuildError> {
    Ok(description.number(name).ok_or_else(|| format!("expected a number {name}, found none"))?)
}

fn expect_none<T>(parameters: &[Tensor<T>]) -> Result<(), BuildError> {
    match parameters.len() {
        0 => Ok(()),
        found => Err(format!("expected no parameters, found {found}").into()),
    }
}
