//! One run, from its first weights to its predictions.

use nnfs::model::{Control, Epoch};
use nnfs::numpy::NumpyScalar;
use nnfs::tensor::SettingError;
use nnfs_report::TextTable;

use super::choices::Arithmetic;
use super::network::{self, Number};
use super::runs::Run;
use crate::Trained;

/// A run that was trained.
#[derive(Debug)]
pub struct TrainedRun {
    /// What was recorded.
    pub training: Trained,
    /// The predictions of all inputs by the weights that the last epoch started with.
    pub predictions: Vec<f64>,
    /// The layers of the network.
    pub layers: TextTable,
}

/// Trains a run in an arithmetic. `watch` is called after every epoch, as in
/// [`Training::run`](crate::Training::run).
///
/// # Errors
/// If a setting of the run is out of range. A run that diverges is no error.
pub fn train(
    run: &Run,
    arithmetic: Arithmetic,
    seed: u32,
    epochs: usize,
    watch: &mut dyn FnMut(&Epoch) -> Control,
) -> Result<TrainedRun, SettingError> {
    match arithmetic {
        Arithmetic::Numpy => train_in::<NumpyScalar>(run, seed, epochs, watch),
        Arithmetic::F32 => train_in::<f32>(run, seed, epochs, watch),
        Arithmetic::F64 => train_in::<f64>(run, seed, epochs, watch),
    }
}

fn train_in<T: Number>(
    run: &Run,
    seed: u32,
    epochs: usize,
    watch: &mut dyn FnMut(&Epoch) -> Control,
) -> Result<TrainedRun, SettingError> {
    let mut training = network::training::<T>(run, seed)?;
    let trained = training.run(epochs, watch);
    // The outputs of the last epoch's forward pass.
    let predictions = training.model.outputs().iter().map(|value| value.to_f64()).collect();
    let layers = TextTable::layers(training.model.summary());
    Ok(TrainedRun { training: trained, predictions, layers })
}
