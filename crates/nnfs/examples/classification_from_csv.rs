//! Classes from a CSV file: the kind of a flower from the sizes of its leaves. Run it with
//! `cargo run --release -p nnfs --example classification_from_csv`.

// An example speaks through stdout.
#![allow(clippy::print_stdout)]

use nnfs::datasets::{Columns, CsvOptions, Encoder, StandardScaler, Table, stratified_split};
use nnfs::files::Pipeline;
use nnfs::metrics::categorical_accuracy;
use nnfs::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `Table::read` reads a file.
    let table = Table::from_reader("flowers.csv", flowers().as_bytes(), &CsvOptions::new())?;
    let encoder = Encoder::fit(&table, &Columns::classification("kind"))?;

    // Each kind has its share of the rows to train and to test with.
    let kinds = encoder.labels(&table)?.expect("a classification");
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let (train, test) = stratified_split(&kinds, 0.25, &mut rng)?;
    let (train, test) = (table.select_rows(&train), table.select_rows(&test));
    let (raw_inputs, targets) = (encoder.inputs::<f64>(&train)?, encoder.targets(&train)?);
    let (scaler, inputs): (_, Tensor<f32>) = StandardScaler::fit_transform(&raw_inputs)?;

    // One output a class. The loss takes their softmax itself, and so does the pipeline below.
    let mut model = Model::new(2)
        .then(Dense::new(2, 16, Initializer::HeNormal, &mut rng)?.activation(Relu))?
        .then(Dropout::new(0.1, ChaCha8Rng::seed_from_u64(1))?)?
        .then(Dense::new(16, 3, Initializer::GlorotUniform, &mut rng)?)?;
    let loss = SoftmaxCrossEntropy;
    let mut adam = Adam::new(0.01);
    let settings =
        Fit::epochs(100).batch_size(32).shuffle(2).metric("accuracy", categorical_accuracy);
    let mut every_25 = |progress: &Progress<'_, f32>| {
        let epoch = progress.epoch();
        if epoch.epoch.is_multiple_of(25) {
            let accuracy = epoch.metric("accuracy").unwrap_or_default();
            println!(
                "epoch {:3}: loss {:.3}, accuracy {accuracy:.3}",
                epoch.epoch, epoch.data_loss
            );
        }
        Control::Continue
    };
    model.fit_watched(&inputs, &targets, &loss, &mut adam, &settings, &mut every_25)?;

    // From a table to names and their probabilities.
    let pipeline = Pipeline::new(model)
        .with_link(OutputLink::Softmax)?
        .with_encoder(encoder)?
        .with_input_scaler(scaler)?;
    let probabilities = pipeline.predict_table(&test)?;
    let names = pipeline.decode(&probabilities)?;
    for row in 0..3 {
        let surest = probabilities.row(row).max();
        println!("a {} is a {} by {surest:.3}", test.value(row, 2), names.value(row, 0));
    }
    let targets = pipeline.encoder().expect("it has one").targets(&test)?;
    let accuracy = categorical_accuracy(&probabilities, &targets)?;
    println!("{} flowers to test with: accuracy {accuracy:.3}", test.rows());
    assert!(accuracy > 0.9, "{accuracy}");
    Ok(())
}

/// A table of flowers of three kinds, whose sizes overlap a little.
fn flowers() -> String {
    let mut text = "length,width,kind\n".to_owned();
    for flower in 0..300 {
        let (kind, spread) = (flower % 3, |step: f64| (flower as f64 * step).fract() - 0.5);
        let length = 2.0 + 1.5 * kind as f64 + 3.0 * spread(0.618_034);
        let width = 1.0 + [0.0, 1.5, 0.5][kind] + 1.6 * spread(0.414_214);
        text += &format!("{length:.2},{width:.2},{}\n", ["iris", "lily", "rose"][kind]);
    }
    text
}
