//! The networks of a pipeline as nodes.

use nnfs::files::FileScalar;
use nnfs::model::{Ensemble, Model};
use nnfs::tensor::{Layer, Tensor};

use crate::ExportError;
use crate::block::{Activation, Block};
use crate::graph::{Chain, constant, data_type};
use crate::proto::{AttributeProto, DOUBLE};

/// The weighted mean of the outputs of the members, which have the same inputs. The products are added in
/// the order of the members, as [`Ensemble::predict`] does.
pub(crate) fn push_ensemble<T: FileScalar>(
    ensemble: &Ensemble<T>,
    chain: &mut Chain,
) -> Result<(), ExportError> {
    if let Some(model) = ensemble.single() {
        push_model("", model, chain)?;
        chain.set_width(ensemble.output_width());
        return Ok(());
    }
    let inputs = chain.current().clone();
    let mut sum: Option<String> = None;
    for (index, member) in ensemble.members().iter().enumerate() {
        let name = |what: &str| format!("members.{index}.{what}");
        chain.go_back_to(&inputs);
        push_model(&name(""), member.model(), chain)
            .map_err(|source| ExportError::Member { member: index, source: Box::new(source) })?;
        push_share::<T>(&format!("members.{index}"), member.share(), &mut sum, chain);
    }
    chain.set_width(ensemble.output_width());
    Ok(())
}

/// The product of the current value and a share, added to the sum of those before.
fn push_share<T: FileScalar>(
    prefix: &str,
    share: f64,
    sum: &mut Option<String>,
    chain: &mut Chain,
) {
    let share = constant(&format!("{prefix}.share"), &[], &[T::from_f64(share)]);
    chain.push(&format!("{prefix}.product"), "Mul", vec![share], Vec::new());
    if let Some(sum) = sum.take() {
        chain.push_sum(&format!("{prefix}.sum"), sum);
    }
    *sum = Some(chain.last().to_owned());
}

/// The layers of a model; the names of their nodes and constants begin with `prefix`.
fn push_model<T: FileScalar>(
    prefix: &str,
    model: &Model<T>,
    chain: &mut Chain,
) -> Result<(), ExportError> {
    for (index, layer) in model.layers().iter().enumerate() {
        push_layer(prefix, index, layer, chain)?;
    }
    Ok(())
}

fn push_layer<T: FileScalar>(
    prefix: &str,
    index: usize,
    layer: &dyn Layer<T>,
    chain: &mut Chain,
) -> Result<(), ExportError> {
    let activation = match Block::of(index, &layer.description())? {
        Block::Dense(activation) => {
            push_dense(prefix, index, layer, chain)?;
            activation
        }
        Block::Dropout => None,
        Block::Activation(activation) => Some(activation),
    };
    if let Some(activation) = activation {
        push_activation::<T>(prefix, index, activation, chain);
    }
    Ok(())
}

/// `Y = X W + b`. Our weights (inputs, outputs) in column-major order are (outputs, inputs) in row-major
/// order.
///
/// In double precision, a separate operator adds the biases: the factor of the biases in `Gemm` is
/// single precision, which some runtimes do not accept there.
fn push_dense<T: FileScalar>(
    prefix: &str,
    index: usize,
    layer: &dyn Layer<T>,
    chain: &mut Chain,
) -> Result<(), ExportError> {
    let (weights, biases) = dense_parameters(index, layer)?;
    let (inputs, outputs) = weights.shape();
    let name = |what| format!("{prefix}layers.{index}.{what}");
    let weights = constant(&name("weight"), &[outputs, inputs], weights.as_slice());
    let biases = constant(&name("bias"), &[outputs], biases.as_slice());
    let transposed = vec![AttributeProto::int("transB", 1)];
    if data_type::<T>() == DOUBLE {
        chain.push(&name("product"), "Gemm", vec![weights], transposed);
        chain.push(&name("dense"), "Add", vec![biases], Vec::new());
    } else {
        chain.push(&name("dense"), "Gemm", vec![weights, biases], transposed);
    }
    Ok(())
}

/// The weights (inputs x outputs) and biases (1 x outputs) of the dense layer at this position. They are finite: a
/// product with an infinite weight may be NaN or be skipped.
pub(crate) fn dense_parameters<T: FileScalar>(
    index: usize,
    layer: &dyn Layer<T>,
) -> Result<(Tensor<T>, Tensor<T>), ExportError> {
    let mut parameters: Vec<Tensor<T>> = Vec::new();
    layer.for_each_parameter(&mut |parameter| parameters.push(parameter.value.clone()));
    let error = |expected: &str, found: String| {
        let (expected, kind) = (expected.to_owned(), layer.description().kind);
        ExportError::Layer { layer: index, kind, expected, found }
    };
    let mut numbers = parameters.iter().flatten().map(|number| number.to_f64());
    if let Some(found) = numbers.find(|number| !number.is_finite()) {
        return Err(error("finite weights and biases", found.to_string()));
    }
    let shapes: Vec<_> = parameters.iter().map(Tensor::shape).collect();
    match <[Tensor<T>; 2]>::try_from(parameters) {
        Ok([weights, biases]) if biases.shape() == (1, weights.ncols()) => Ok((weights, biases)),
        _ => {
            Err(error("weights (inputs x outputs) and biases (1 x outputs)", format!("{shapes:?}")))
        }
    }
}

fn push_activation<T: FileScalar>(
    prefix: &str,
    layer: usize,
    activation: Activation,
    chain: &mut Chain,
) {
    let name = format!("{prefix}layers.{layer}.{}", activation.name());
    match activation {
        Activation::Linear => {}
        Activation::Relu => chain.push(&name, "Relu", Vec::new(), Vec::new()),
        Activation::LeakyRelu { slope } => push_leaky_relu::<T>(&name, slope, chain),
        Activation::Sigmoid => push_sigmoid::<T>(&name, chain),
        Activation::Tanh => chain.push(&name, "Tanh", Vec::new(), Vec::new()),
        Activation::Softmax => push_softmax(&name, chain),
    }
}

/// `LeakyRelu` has a single-precision attribute, and ONNX Runtime has the operator for `f32` only. In
/// `f64` it is `max(x, slope * x)`, which is the same because the slope is below 1.
fn push_leaky_relu<T: FileScalar>(name: &str, slope: f64, chain: &mut Chain) {
    if data_type::<T>() == DOUBLE {
        let factor = constant(&format!("{name}.slope"), &[], &[slope]);
        chain.push_max_with_multiple(name, factor);
    } else {
        let attribute = AttributeProto::float("alpha", slope as f32);
        chain.push(name, "LeakyRelu", Vec::new(), vec![attribute]);
    }
}

/// In `f64` the formula `1 / (1 + exp(-x))`, because some runtimes have `Sigmoid` for `f32` only.
pub(crate) fn push_sigmoid<T: FileScalar>(name: &str, chain: &mut Chain) {
    if data_type::<T>() == DOUBLE {
        let step = |what: &str| format!("{name}.{what}");
        let one = constant(&step("one"), &[], &[1.0_f64]);
        chain.push(&step("negative"), "Neg", Vec::new(), Vec::new());
        chain.push(&step("exponential"), "Exp", Vec::new(), Vec::new());
        chain.push(&step("sum"), "Add", vec![one], Vec::new());
        chain.push(name, "Reciprocal", Vec::new(), Vec::new());
    } else {
        chain.push(name, "Sigmoid", Vec::new(), Vec::new());
    }
}

pub(crate) fn push_softmax(name: &str, chain: &mut Chain) {
    chain.push(name, "Softmax", Vec::new(), vec![AttributeProto::int("axis", 1)]);
}
