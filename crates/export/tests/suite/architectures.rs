//! Networks at random: every kind of layer, scaler and link, each from a number. The last ones are ensembles.
//!
//! `cargo xtask interop` compiles this file too, so that other libraries see the same networks.

use nnfs::activations::Linear;
use nnfs::datasets::{MinMaxScaler, StandardScaler};
use nnfs::files::{FileScalar, Pipeline, Scaler};
use nnfs::model::{CrossConformal, Ensemble};
use nnfs::prelude::*;
use nnfs::rand::{Rng, RngExt};

/// So many networks are compared.
pub(crate) const COUNT: u64 = 240;

/// The networks from this number on are ensembles.
pub(crate) const FIRST_ENSEMBLE: u64 = 200;

/// The network of this number, and inputs for it.
pub(crate) fn architecture<T: FileScalar>(number: u64) -> (Pipeline<T>, Tensor<T>) {
    let mut rng = ChaCha8Rng::seed_from_u64(number);
    let input_width = rng.random_range(1..=12);
    let mut width = input_width;
    let mut layers: Vec<Box<dyn Layer<T>>> = Vec::new();
    for _ in 0..rng.random_range(1..=6) {
        layers.push(layer(&mut width, &mut rng));
    }
    let model = Model::from_layers(input_width, layers).expect("widths follow each other");

    let links = [OutputLink::Identity, OutputLink::Sigmoid, OutputLink::Softmax];
    let link = links[rng.random_range(0..if width > 1 { 3 } else { 2 })];
    let ensemble = match number {
        FIRST_ENSEMBLE.. => ensemble(model, &mut rng),
        _ => model.into(),
    };
    let pipeline = Pipeline::of_ensemble(ensemble);
    let mut pipeline = pipeline.with_link(link).expect("a softmax of two or more");
    // Far from 0 and narrow, as a column of years is.
    if let Some(scaler) = scaler(input_width, 2000.0, &mut rng) {
        pipeline = pipeline.with_input_scaler(scaler).expect("as wide as the inputs");
    }
    if let Some(scaler) = scaler(width, 1.0, &mut rng) {
        pipeline = pipeline.with_target_scaler(scaler).expect("as wide as the outputs");
    }
    let center = if pipeline.input_scaler().is_some() { 2000.0 } else { 0.0 };
    let rows = rng.random_range(1..=33);
    let inputs = Tensor::from_fn(rows, input_width, |_, _| {
        T::from_f64(center + rng.random_range(-3.0..3.0))
    });
    (pipeline, inputs)
}

/// The network of this number with residuals at random, and the level of prediction intervals; `None` if it has
/// a link. Half of them are relative to their sizes.
pub(crate) fn with_intervals<T: FileScalar>(number: u64) -> Option<(Pipeline<T>, f64)> {
    let (pipeline, _) = architecture::<T>(number);
    if pipeline.link() != OutputLink::Identity {
        return None;
    }
    let mut rng = ChaCha8Rng::seed_from_u64(number);
    let rows = rng.random_range(2..=200);
    let width = pipeline.ensemble().output_width();
    let mut numbers = || Tensor::from_fn(rows, width, |_, _| rng.random_range(-2.0..2.0));
    let (predictions, residuals) = (numbers(), numbers());
    let conformal = match number % 2 {
        0 => CrossConformal::fit_scaled(&predictions, &residuals),
        _ => CrossConformal::fit(&residuals),
    };
    let conformal = conformal.expect("finite residuals");
    let rows = conformal.rows() as f64;
    let level = rng.random_range(0.5..rows / (rows + 1.0));
    Some((pipeline.with_intervals(conformal).expect("no link"), level))
}

/// The model with up to four others, each with other layers and a weight.
fn ensemble<T: FileScalar>(model: Model<T>, rng: &mut ChaCha8Rng) -> Ensemble<T> {
    let (input_width, output_width) = (model.input_width(), model.output_width());
    let mut members = vec![(model, rng.random_range(0.1..3.0))];
    for _ in 0..rng.random_range(1..=4) {
        let mut width = input_width;
        let mut layers: Vec<Box<dyn Layer<T>>> = Vec::new();
        for _ in 0..rng.random_range(0..=3) {
            layers.push(layer(&mut width, rng));
        }
        layers.push(Box::new(dense(width, output_width, rng)));
        let member = Model::from_layers(input_width, layers).expect("widths follow each other");
        members.push((member, rng.random_range(0.1..3.0)));
    }
    Ensemble::new(members).expect("the widths of the first")
}

/// A layer that takes `width` numbers, which becomes the number of its outputs.
fn layer<T: FileScalar>(width: &mut usize, rng: &mut ChaCha8Rng) -> Box<dyn Layer<T>> {
    match rng.random_range(0..10) {
        0 => Box::new(Dropout::new(0.5, ChaCha8Rng::seed_from_u64(0)).expect("a rate")),
        1 => Box::new(Softmax),
        2 | 3 => match rng.random_range(0..5) {
            0 => Box::new(Activation::new(Linear)),
            1 => Box::new(Activation::new(Relu)),
            2 => Box::new(Activation::new(leaky_relu(rng))),
            3 => Box::new(Activation::new(Sigmoid)),
            _ => Box::new(Activation::new(Tanh)),
        },
        _ => {
            let inputs = std::mem::replace(width, rng.random_range(1..=40));
            let dense = dense(inputs, *width, rng);
            Box::new(match rng.random_range(0..6) {
                0 => dense,
                1 => dense.activation(Linear),
                2 => dense.activation(Relu),
                3 => dense.activation(leaky_relu(rng)),
                4 => dense.activation(Sigmoid),
                _ => dense.activation(Tanh),
            })
        }
    }
}

fn dense<T: FileScalar>(inputs: usize, outputs: usize, rng: &mut ChaCha8Rng) -> Dense<T> {
    let scale = (inputs as f64).sqrt().recip();
    let weights = numbers(inputs, outputs, scale, rng);
    let biases = numbers(1, outputs, 0.5, rng);
    Dense::from_parameters(weights, biases).expect("fitting shapes")
}

fn leaky_relu(rng: &mut impl Rng) -> LeakyRelu {
    LeakyRelu::new(rng.random_range(0.0..1.0)).expect("a slope")
}

/// Uniform between `-2 scale` and `2 scale`.
fn numbers<T: FileScalar>(
    rows: usize,
    columns: usize,
    scale: f64,
    rng: &mut impl Rng,
) -> Tensor<T> {
    Tensor::from_fn(rows, columns, |_, _| T::from_f64(scale * rng.random_range(-2.0..2.0)))
}

/// None, one of means and deviations, or one of a range.
fn scaler(width: usize, center: f64, rng: &mut impl Rng) -> Option<Scaler> {
    let kind = rng.random_range(0..3);
    let around = (0..width).map(|_| center + rng.random_range(-1.0..1.0)).collect();
    let spread = (0..width).map(|_| rng.random_range(0.5..5.0)).collect();
    match kind {
        0 => None,
        1 => Some(StandardScaler::from_parts(around, spread).expect("positive").into()),
        _ => {
            let scaler = MinMaxScaler::from_parts(around, spread).expect("positive");
            Some(scaler.range(-1.0, 0.75).expect("a range").into())
        }
    }
}

/// The largest difference over the largest prediction.
pub(crate) fn difference<T: FileScalar>(ours: &Tensor<T>, theirs: &[T]) -> f64 {
    // Theirs are row after row.
    let theirs = Tensor::from_row_slice(ours.nrows(), ours.ncols(), theirs);
    let pairs = ours.iter().zip(theirs.iter());
    let difference = pairs.map(|(a, b)| (a.to_f64() - b.to_f64()).abs()).fold(0.0, largest);
    let scale = ours.iter().map(|a| a.to_f64().abs()).fold(0.0, largest);
    if difference == 0.0 { 0.0 } else { difference / scale }
}

/// The larger one; NaN if one is.
fn largest(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}
