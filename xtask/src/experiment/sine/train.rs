//! One run, from its first weights to its predictions.

use nnfs_numpy::NumpyScalar;
use nnfs_report::TextTable;

use super::super::progress::Progress;
use super::super::stop::Stop;
use super::super::training::History;
use super::choices::Arithmetic;
use super::network::{self, Number};
use super::runs::Run;

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) history: History,
    /// What the network made of the inputs at the last epoch.
    pub(crate) predictions: Vec<f64>,
    pub(crate) layers: TextTable,
}

/// Trains a run in this arithmetic.
///
/// # Errors
/// If a setting of the run is out of range. A run that diverges is an outcome, not an error.
pub(crate) fn train(
    run: &Run,
    arithmetic: Arithmetic,
    seed: u32,
    epochs: u64,
    stop: &Stop,
    progress: &Progress,
) -> anyhow::Result<Outcome> {
    match arithmetic {
        Arithmetic::Numpy => train_in::<NumpyScalar>(run, seed, epochs, stop, progress),
        Arithmetic::F32 => train_in::<f32>(run, seed, epochs, stop, progress),
        Arithmetic::F64 => train_in::<f64>(run, seed, epochs, stop, progress),
    }
}

fn train_in<T: Number>(
    run: &Run,
    seed: u32,
    epochs: u64,
    stop: &Stop,
    progress: &Progress,
) -> anyhow::Result<Outcome> {
    let mut training = network::training::<T>(run, seed)?;
    let history = training.run(epochs, stop, progress.start(run.name(), epochs));
    // Those that the last record judges, from before the last step moved the parameters.
    let predictions = training.model.outputs().iter().map(|value| value.to_f64()).collect();
    let layers = TextTable::layers(training.model.summary());
    Ok(Outcome { history, predictions, layers })
}
