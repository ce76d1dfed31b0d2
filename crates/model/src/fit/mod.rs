//! A whole training: epochs of mini-batches.

mod history;
mod observer;
mod rows;
mod run;
mod settings;
mod state;

pub use history::{End, Epoch, History};
use nnfs_tensor::{Loss, Optimizer, Scalar, Tensor};
pub use observer::{Control, Observer, Progress};
use rows::{Data, Rows, draw_rows, gather_rows_to};
use run::{Run, Tools};
pub use settings::Fit;
use settings::Validation;
pub use state::{Best, FitState};

use crate::{FitError, Model};

/// Memory for so many epochs is set aside before the first.
const EPOCHS_AHEAD: usize = 20_000;

impl<T: Scalar> Model<T> {
    /// Trains: epoch after epoch, each a step after every batch of rows.
    ///
    /// Inputs are (samples, [`Model::input_width`]), targets (samples, [`Model::output_width`]).
    /// Batches are gathered into buffers that are used again, so that no more than a batch is copied
    /// and a step allocates nothing after the first epoch; a full batch in the order of the data is
    /// not copied at all, and gives the same bits as [`Model::train_step`] in a loop.
    ///
    /// The observer sees the model at the end of each epoch; `&mut ()` is one that does nothing.
    ///
    /// # Errors
    /// If shapes do not fit, data is empty or not finite, a setting asks for more rows than there
    /// are, the state to resume from or the optimizer belongs to another network; all before the first
    /// step. Later if a metric fails, or if training diverges: the model then has the weights of the
    /// last good epoch.
    pub fn fit(
        &mut self,
        inputs: &Tensor<T>,
        targets: &Tensor<T>,
        loss: &dyn Loss<T>,
        optimizer: &mut dyn Optimizer<T>,
        settings: &Fit<T>,
        observer: &mut dyn Observer<T>,
    ) -> Result<History, FitError> {
        self.check_fit(inputs, targets, optimizer, settings)?;
        let rows = inputs.nrows();
        let held_out = held_out_rows(settings, rows)?;
        let (mut held_inputs, mut held_targets) = (Tensor::default(), Tensor::default());
        gather_rows_to(inputs, &held_out, &mut held_inputs);
        gather_rows_to(targets, &held_out, &mut held_targets);
        let validation = match &settings.validation {
            Validation::Without => None,
            Validation::Data(inputs, targets) => Some(Data { inputs, targets }),
            Validation::Fraction { .. } => {
                Some(Data { inputs: &held_inputs, targets: &held_targets })
            }
        };
        let rows = Rows::new(rows, &held_out);
        let mut run = Run::new(Data { inputs, targets }, validation, settings, rows)?;
        let mut tools = Tools { loss, optimizer };
        let mut state = settings.state.clone();
        state.epochs.reserve(settings.epochs.saturating_sub(state.next_epoch()).min(EPOCHS_AHEAD));
        let mut good_weights = Vec::new();

        let end = loop {
            if let Some(end) = end(settings, &state) {
                break end;
            }
            self.copy_weights_to(&mut good_weights);
            let epoch = run.epoch(self, &mut tools, &state.epochs).inspect_err(|error| {
                if matches!(error, FitError::Diverged(_)) {
                    self.restore_weights(&good_weights);
                }
            })?;
            let judged = epoch.judged_loss.map(|loss| (epoch.epoch, loss));
            state.epochs.push(epoch);
            if let Some((epoch, loss)) = judged {
                state.judge(epoch, loss, self);
            }
            let progress = Progress { model: self, optimizer: tools.optimizer, state: &state };
            if observer.epoch(&progress) == Control::Stop {
                break End::StoppedByObserver;
            }
        };
        let restored = settings.patience.and(state.best);
        if let Some(best) = &restored {
            self.restore_weights(&best.weights);
        }
        Ok(History { epochs: state.epochs, end, restored: restored.map(|best| best.epoch) })
    }

    /// Everything that can be seen to be wrong before the rows are split.
    fn check_fit(
        &self,
        inputs: &Tensor<T>,
        targets: &Tensor<T>,
        optimizer: &dyn Optimizer<T>,
        settings: &Fit<T>,
    ) -> Result<(), FitError> {
        self.check_batch(inputs, targets).map_err(FitError::Training)?;
        if let Validation::Data(inputs, targets) = &settings.validation {
            self.check_batch(inputs, targets).map_err(FitError::Validation)?;
        }
        optimizer.check(self).map_err(FitError::Optimizer)?;
        let FitState { epochs, best } = &settings.state;
        if let Some(best) = best {
            if best.epoch >= epochs.len() {
                let (epoch, epochs) = (best.epoch, epochs.len());
                return Err(FitError::BestEpoch { epoch, epochs });
            }
            self.check_weights(&best.weights).map_err(FitError::State)?;
        }
        Ok(())
    }
}

/// Why a training is over before its next epoch, if it is.
fn end<T: Scalar>(settings: &Fit<T>, state: &FitState<T>) -> Option<End> {
    let stale = state.epochs_without_improvement();
    if let (Some(best), Some(patience)) = (&state.best, settings.patience)
        && stale >= patience
    {
        return Some(End::StoppedEarly { best_epoch: best.epoch });
    }
    (state.next_epoch() >= settings.epochs).then_some(End::Done)
}

/// The rows that a validation fraction takes away from training.
fn held_out_rows<T: Scalar>(settings: &Fit<T>, rows: usize) -> Result<Vec<usize>, FitError> {
    let Validation::Fraction { fraction, seed } = settings.validation else {
        return Ok(Vec::new());
    };
    let validation = (fraction * rows as f64).round() as usize;
    if validation == 0 || validation >= rows {
        return Err(FitError::Split { fraction, validation, rows });
    }
    Ok(draw_rows(rows, validation, seed))
}
