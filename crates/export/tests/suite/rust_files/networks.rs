//! The networks that are written as Rust source, and rows for them.

use nnfs::activations::Linear;
use nnfs::datasets::{ClippedScaler, Columns, Encoder, Scale, StandardScaler, Table};
use nnfs::files::{FileScalar, Pipeline};
use nnfs::prelude::*;
use nnfs::rand::RngExt;
use nnfs_export::to_rust_source;

use super::expected;
use crate::architectures::{FIRST_ENSEMBLE, architecture};

/// A network, its file, rows, and the bits of their predictions.
pub(super) struct Network {
    name: String,
    source: String,
    rows: Vec<Vec<f64>>,
    predictions: Vec<Vec<u64>>,
}

impl Network {
    fn new<T: FileScalar>(name: &str, pipeline: Pipeline<T>) -> Self {
        let pipeline = pipeline.with_packed_weights();
        let source = to_rust_source(&pipeline).unwrap();
        let center = if pipeline.input_scaler().is_some() { 2000.0 } else { 0.0 };
        let rows = rows_for::<T>(pipeline.ensemble().input_width(), center);
        let predictions = expected(&pipeline, &rows);
        Self { name: format!("{} {name}", T::DTYPE), source, rows, predictions }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
    pub(super) fn source(&self) -> &str {
        &self.source
    }
    pub(super) fn rows(&self) -> &[Vec<f64>] {
        &self.rows
    }
    pub(super) fn predictions(&self) -> &[Vec<u64>] {
        &self.predictions
    }
}

/// Networks of both kinds of number.
pub(super) fn networks() -> Vec<Network> {
    let mut networks = networks_of::<f32>();
    networks.extend(networks_of::<f64>());
    networks
}

fn networks_of<T: FileScalar>() -> Vec<Network> {
    let random = (0..12).chain(FIRST_ENSEMBLE..FIRST_ENSEMBLE + 4);
    let random = random.map(|number| (format!("{number}"), architecture::<T>(number).0));
    let widths = [(1, 1), (3, 17), (17, 3), (7, 65), (129, 1)];
    let activations = (0..7).map(|kind| (format!("activation {kind}"), activation(kind)));
    let dense =
        widths.map(|(inputs, outputs)| (format!("{inputs} to {outputs}"), wide(inputs, outputs)));
    let others = [
        ("extreme weights".to_owned(), extreme()),
        ("nothing but dropout".to_owned(), dropout()),
        ("limits".to_owned(), clipped()),
        ("odd names".to_owned(), named()),
    ];
    let all = random.chain(activations).chain(dense).chain(others);
    all.map(|(name, pipeline)| Network::new(&name, pipeline)).collect()
}

/// Ordinary rows, and rows with numbers at the ends of the range.
pub(super) fn rows_for<T: FileScalar>(width: usize, center: f64) -> Vec<Vec<f64>> {
    let mut rng = ChaCha8Rng::seed_from_u64(width as u64);
    let ends = match T::DTYPE {
        nnfs::tensor::Dtype::F32 => [f32::MAX, f32::MIN_POSITIVE, f32::from_bits(1)].map(f64::from),
        nnfs::tensor::Dtype::F64 => [f64::MAX, f64::MIN_POSITIVE, f64::from_bits(1)],
    };
    let special = [f64::NAN, f64::INFINITY, 0.0, 1e-3, 1.0, 100.0].into_iter().chain(ends);
    let special: Vec<f64> = special.flat_map(|number| [number, -number]).collect();
    let ordinary = |rng: &mut ChaCha8Rng| {
        let exponent = rng.random_range(-3..=4);
        T::from_f64(center + rng.random_range(-1.0..1.0) * 2_f64.powi(exponent)).to_f64()
    };
    let mut rows = Vec::new();
    for row in 0..60 {
        // All ordinary, one special, or all special.
        let special_column = rng.random_range(0..width);
        rows.push(
            (0..width)
                .map(|column| match row % 3 {
                    1 if column == special_column => special[row / 3 % special.len()],
                    2 => special[rng.random_range(0..special.len())],
                    _ => ordinary(&mut rng),
                })
                .collect(),
        );
    }
    rows
}

/// Each activation inside a dense layer and as a layer, between two dense layers.
fn activation<T: FileScalar>(kind: usize) -> Pipeline<T> {
    let first = dense::<T>(5, 9, kind as u64);
    let leaky = LeakyRelu::new(0.3).unwrap();
    let model = Model::new(5);
    let model = match kind {
        0 => model.then(first.activation(Linear)).unwrap().then(Activation::new(Linear)),
        1 => model.then(first.activation(Relu)).unwrap().then(Activation::new(Relu)),
        2 => model.then(first.activation(leaky)).unwrap().then(Activation::new(leaky)),
        3 => model.then(first.activation(Sigmoid)).unwrap().then(Activation::new(Sigmoid)),
        4 => model.then(first.activation(Tanh)).unwrap().then(Activation::new(Tanh)),
        5 => model.then(first).unwrap().then(Softmax),
        _ => model.then(Activation::new(Tanh)).unwrap().then(first),
    };
    let model = model.unwrap().then(dense(9, 3, 1)).unwrap().then(Softmax).unwrap();
    Pipeline::new(model)
}

fn wide<T: FileScalar>(inputs: usize, outputs: usize) -> Pipeline<T> {
    Pipeline::new(Model::new(inputs).then(dense(inputs, outputs, 0).activation(Relu)).unwrap())
}

/// The largest and the smallest numbers, and zeros with both signs.
fn extreme<T: FileScalar>() -> Pipeline<T> {
    let row = rows_for::<T>(16, 0.0).swap_remove(2);
    let finite = row.into_iter().map(|it| if it.is_finite() { it } else { -0.0 });
    let numbers: Vec<T> = finite.map(T::from_f64).collect();
    let weights = Tensor::from_fn(4, 4, |row, column| numbers[4 * row + column]);
    let biases = Tensor::from_row_slice(1, 4, &[-0.0, 1e-30, 0.0, -1e30].map(T::from_f64));
    let first = Dense::from_parameters(weights, biases).unwrap();
    let model = Model::new(4).then(first).unwrap().then(Activation::new(Tanh)).unwrap();
    Pipeline::new(model.then(dense(4, 2, 2)).unwrap())
}

fn dropout<T: FileScalar>() -> Pipeline<T> {
    let dropout = Dropout::new(0.5, ChaCha8Rng::seed_from_u64(0)).unwrap();
    Pipeline::new(Model::new(3).then(dropout).unwrap())
}

/// A column with limits, and one without.
fn clipped<T: FileScalar>() -> Pipeline<T> {
    let standard = StandardScaler::from_parts(vec![1999.0, 2001.0], vec![3.0, 7.0]).unwrap();
    let limits = vec![None, Some((1998.0, 2005.0))];
    let inputs = ClippedScaler::from_parts(standard, limits).unwrap();
    let targets = ClippedScaler::from_parts(
        StandardScaler::from_parts(vec![1.7e9], vec![100.0]).unwrap(),
        vec![Some((0.0, 1.0))],
    );
    assert_eq!(inputs.scale(1, 3000.0), (2005.0 - 2001.0) / 7.0);
    let pipeline = Pipeline::new(Model::new(2).then(dense(2, 1, 0)).unwrap());
    let pipeline = pipeline.with_input_scaler(inputs).unwrap();
    pipeline.with_target_scaler(targets.unwrap()).unwrap()
}

/// Names that could end a text or a comment.
pub(super) const NAMES: [&str; 3] =
    ["a \"quote\" \\ */ //", "two\nlines {}", "\u{202e}right to left"];

fn named<T: FileScalar>() -> Pipeline<T> {
    let rows = (0..8)
        .map(|row| [row.to_string(), (row * row).to_string(), ["x\"", "y\nz"][row % 2].to_owned()]);
    let table = Table::from_rows("t", &NAMES, rows).unwrap();
    let encoder = Encoder::fit(&table, &Columns::classification(NAMES[2])).unwrap();
    let pipeline = Pipeline::new(Model::new(2).then(dense(2, 1, 0)).unwrap());
    let pipeline = pipeline.with_link(OutputLink::Sigmoid).unwrap();
    pipeline.with_encoder(encoder).unwrap()
}

fn dense<T: FileScalar>(inputs: usize, outputs: usize, seed: u64) -> Dense<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut number = |scale: f64| T::from_f64(scale * rng.random_range(-2.0..2.0));
    let scale = (inputs as f64).sqrt().recip();
    let weights = Tensor::from_fn(inputs, outputs, |_, _| number(scale));
    Dense::from_parameters(weights, Tensor::from_fn(1, outputs, |_, _| number(0.5))).unwrap()
}
