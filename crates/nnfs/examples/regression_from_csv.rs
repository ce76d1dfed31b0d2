//! From a CSV file to a model file that predicts: the price of a flat from its size, its age and its
//! quarter. Run it with `cargo run --release -p nnfs --example regression_from_csv`.

// An example speaks through stdout.
#![allow(clippy::print_stdout)]

use nnfs::datasets::{Columns, Encoder, StandardScaler, Table, train_test_split};
use nnfs::files::Pipeline;
use nnfs::metrics::{mean_absolute_error, r2};
use nnfs::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let (data, saved) = (folder.path().join("flats.csv"), folder.path().join("flats.safetensors"));
    std::fs::write(&data, flats())?;

    // The file, and rows that are held back to test with.
    let table = Table::read(&data)?;
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let (train, test) = train_test_split(table.rows(), 0.2, &mut rng)?;
    let (train, test) = (table.select_rows(&train), table.select_rows(&test));

    // Numbers: words become a column each, and all columns are brought to one scale. A table is in
    // double precision; what has been scaled fits into `f32`.
    let encoder = Encoder::fit(&train, &Columns::regression(["price"]))?;
    let (raw_inputs, raw_targets) =
        (encoder.inputs::<f64>(&train)?, encoder.targets::<f64>(&train)?);
    let (input_scaler, inputs): (_, Tensor<f32>) = StandardScaler::fit_transform(&raw_inputs)?;
    let (target_scaler, targets) = StandardScaler::fit_transform(&raw_targets)?;

    // The network, and its training until a tenth of the rows says that it gets no better.
    let mut model = Model::new(encoder.input_width())
        .then(
            Dense::new(encoder.input_width(), 32, Initializer::HeNormal, &mut rng)?
                .activation(Relu),
        )?
        .then(Dense::new(32, 1, Initializer::GlorotUniform, &mut rng)?)?;
    println!("{}", model.summary());
    let settings =
        Fit::epochs(500).batch_size(32).shuffle(1).validation_fraction(0.1, 2).early_stopping(20);
    let mse = MeanSquaredError;
    let mut adam = Adam::new(0.005);
    let history = model.fit(&inputs, &targets, &mse, &mut adam, &settings)?;
    println!("{} epochs, {:?}", history.epochs.len(), history.end);

    // One file with all that predicting takes. Predictions are in the unit of the file.
    Pipeline::new(model)
        .with_encoder(encoder)?
        .with_input_scaler(input_scaler)?
        .with_target_scaler(target_scaler)?
        .save(&saved)?;
    let pipeline = Pipeline::<f32>::load(&saved)?;
    let predictions = pipeline.predict_table(&test)?;
    let targets = pipeline.encoder().expect("it was saved with one").targets(&test)?;
    let (r2, mae) = (r2(&predictions, &targets)?, mean_absolute_error(&predictions, &targets)?);
    println!("{} flats to test with: R2 {r2:.3}, mean error {mae:.0}", test.rows());
    assert!(r2 > 0.95, "{r2}");
    Ok(())
}

/// A table of flats. Each is 1000 a square metre, more in the centre, and less with every year.
fn flats() -> String {
    let mut text = "size,age,quarter,price\n".to_owned();
    for flat in 0..500 {
        let (size, age) = (30 + flat * 37 % 120, flat * 17 % 60);
        let quarter = ["centre", "harbour", "hill"][flat % 3];
        let factor = if quarter == "centre" { 1.5 } else { 1.0 };
        let price = 1000.0 * size as f64 * factor * (1.0 - 0.005 * age as f64);
        text += &format!("{size},{age},{quarter},{price:.0}\n");
    }
    text
}
