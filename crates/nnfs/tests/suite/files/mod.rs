//! Models and checkpoints in files: what is read is what was written, and nothing else is read.
#![cfg(feature = "files")]

mod checkpoint;
mod crash;
mod damage;
mod ensemble;
mod errors;
mod intervals;
mod own;
mod pipeline;
mod resume_errors;
mod version_1;
mod weights;

use nnfs::activations::Linear;
use nnfs::datasets::{Columns, Encoder, MinMaxScaler, StandardScaler, Table};
use nnfs::files::{FileScalar, Pipeline};
use nnfs::prelude::*;

pub(crate) fn draw<T: Scalar>(rows: usize, columns: usize, seed: u64) -> Tensor<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Initializer::normal(1.0).unwrap().weights(rows, columns, &mut rng)
}

/// A model with every kind of layer: 3 inputs, 2 outputs.
pub(crate) fn every_kind<T: Scalar>() -> Model<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut dense = |inputs, outputs| {
        let biases = Initializer::normal(1.0).unwrap().weights(1, outputs, &mut rng);
        let weights = Initializer::HeNormal.weights(inputs, outputs, &mut rng);
        Dense::from_parameters(weights, biases).unwrap()
    };
    let penalty = Penalty::new(0.1, 1.0 / 3.0).unwrap();
    let mut dropout_rng = ChaCha8Rng::seed_from_u64(2);
    dropout_rng.set_stream(3);
    dropout_rng.set_word_pos(4);
    Model::new(3)
        .then(Activation::new(Linear))
        .unwrap()
        .then(dense(3, 5).activation(Relu).weight_penalty(penalty))
        .unwrap()
        .then(dense(5, 4).activation(LeakyRelu::new(0.2).unwrap()).bias_penalty(penalty))
        .unwrap()
        .then(dense(4, 6).activation(Sigmoid))
        .unwrap()
        .then(Dropout::new(0.1, dropout_rng).unwrap())
        .unwrap()
        .then(dense(6, 3).activation(Linear))
        .unwrap()
        .then(Activation::new(Tanh))
        .unwrap()
        .then(dense(3, 2))
        .unwrap()
        .then(Softmax)
        .unwrap()
}

/// 100 rows with a column for every coding, and a numeric class.
pub(crate) fn table_of_codings() -> Table {
    let rows = (0..100).map(|row| {
        let gap = |every: usize, value: &str| {
            if row % every == 1 { String::new() } else { value.to_owned() }
        };
        let rare = if row < 4 { format!("rare {row}") } else { ["a", "b"][row % 2].to_owned() };
        let number = row.to_string();
        [
            number.clone(),
            gap(7, &number),
            gap(5, ["x", "y"][row % 2]),
            rare,
            "5".into(),
            gap(9, "6"),
            (row % 3).to_string(),
        ]
    });
    let names = ["number", "gaps", "words", "rare", "constant", "constant or missing", "class"];
    Table::from_rows("codings", &names, rows).unwrap()
}

/// A pipeline whose encoder has every coding.
pub(crate) fn every_coding<T: FileScalar>() -> Pipeline<T> {
    let table = table_of_codings();
    let encoder = Encoder::fit(&table, &Columns::classification("class")).unwrap();
    let scaler = StandardScaler::fit(&encoder.inputs::<f64>(&table).unwrap()).unwrap();
    let width = encoder.input_width();
    let dense = Dense::from_parameters(draw(width, 3, 1), draw(1, 3, 2)).unwrap();
    let pipeline = Pipeline::new(Model::new(width).then(dense).unwrap());
    let pipeline = pipeline.with_encoder(encoder).unwrap().with_input_scaler(scaler).unwrap();
    pipeline.with_link(OutputLink::Softmax).unwrap()
}

/// A pipeline with every part.
pub(crate) fn every_part<T: FileScalar>() -> Pipeline<T> {
    let rows = [["1.5", "red", "2", "3"], ["2.5", "blue", "4", "1"]];
    let table = Table::from_rows("pens", &["length", "colour", "price", "weight"], rows).unwrap();
    let encoder = Encoder::fit(&table, &Columns::regression(["price", "weight"])).unwrap();
    let inputs = StandardScaler::fit(&encoder.inputs::<T>(&table).unwrap()).unwrap();
    let targets = MinMaxScaler::fit(&encoder.targets::<T>(&table).unwrap()).unwrap();
    Pipeline::new(every_kind())
        .with_encoder(encoder)
        .unwrap()
        .with_input_scaler(inputs)
        .unwrap()
        .with_target_scaler(targets.range(-0.1, 0.3).unwrap())
        .unwrap()
        .with_link(OutputLink::Sigmoid)
        .unwrap()
}
