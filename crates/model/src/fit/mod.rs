//! A whole training: epochs of mini-batches.
//!
//! ```text
//! fit -> fit_watched -> fit_from   checks and splits the data
//! fit_epochs                       the loop over epochs
//! Run::epoch (run.rs)              the loop over batches
//! Model::step (train_step.rs)      one step
//! ```

mod clock;
mod history;
mod observer;
mod rows;
mod run;
mod settings;
mod state;
mod weights;

pub use history::{End, Epoch, History};
use nnfs_tensor::{Loss, Optimizer, Scalar, Tensor};
pub use observer::{Control, Observer, ObserverError, Progress};
use rows::{Data, HeldOut, Rows};
use run::{LossAndOptimizer, Run};
pub use settings::Fit;
use settings::Validation;
pub use state::{Best, FitState};
use weights::RowWeights;
pub use weights::balanced_class_weights;

use crate::{FitError, Model};

/// Memory for this many epochs is reserved before the first.
const EPOCHS_AHEAD: usize = 20_000;

impl<T: Scalar> Model<T> {
    /// Trains the model for several epochs, with a step after each batch of rows.
    ///
    /// Inputs are (samples, [`Model::input_width`]), targets (samples, [`Model::output_width`]).
    /// A batch is copied into buffers that are reused, and a step allocates nothing after the first epoch.
    /// Held-out rows, and the predictions for metrics, need further memory. A full batch in the order of
    /// the data is not copied at all, and gives the same bits as [`Model::train_step`] in a loop.
    ///
    /// # Errors
    /// Before the first step: if a setting is out of range, if the loss needs another number of outputs, if shapes do
    /// not fit, if data is empty or not finite, if weights do not fit or are negative, if a setting asks for more rows
    /// than there are, or if the optimizer belongs to another network. Later: if a metric fails, or if training
    /// diverges; the model then has the weights of the last good epoch.
    pub fn fit(
        &mut self,
        inputs: &Tensor<T>,
        targets: &Tensor<T>,
        loss: &dyn Loss<T>,
        optimizer: &mut dyn Optimizer<T>,
        settings: &Fit<T>,
    ) -> Result<History, FitError> {
        // `()` is the observer that does nothing.
        self.fit_watched(inputs, targets, loss, optimizer, settings, &mut ())
    }

    /// [`Model::fit`] with an observer, which sees the model at the end of each epoch and may stop.
    ///
    /// # Errors
    /// As [`Model::fit`], or if the observer fails.
    pub fn fit_watched(
        &mut self,
        inputs: &Tensor<T>,
        targets: &Tensor<T>,
        loss: &dyn Loss<T>,
        optimizer: &mut dyn Optimizer<T>,
        settings: &Fit<T>,
        observer: &mut dyn Observer<T>,
    ) -> Result<History, FitError> {
        let start = FitState::new();
        self.fit_from(start, inputs, targets, loss, optimizer, settings, observer)
    }

    /// [`Model::fit_watched`] from a later epoch: resumes a training from the state that an observer
    /// saw; see [`FitState`].
    ///
    /// # Errors
    /// As [`Model::fit_watched`], or if the state belongs to another model.
    #[allow(clippy::too_many_arguments)]
    pub fn fit_from(
        &mut self,
        mut state: FitState<T>,
        inputs: &Tensor<T>,
        targets: &Tensor<T>,
        loss: &dyn Loss<T>,
        optimizer: &mut dyn Optimizer<T>,
        settings: &Fit<T>,
        observer: &mut dyn Observer<T>,
    ) -> Result<History, FitError> {
        settings.check()?;
        self.check_loss(loss).map_err(FitError::Loss)?;
        self.check_data(inputs, targets, settings)?;
        optimizer.check(self).map_err(FitError::Optimizer)?;
        state.check(self)?;

        let class_weights = settings.class_weights.as_deref();
        let weights = RowWeights::of(settings.weights.as_deref(), class_weights, targets);
        let weights = weights.map_err(FitError::Training)?;
        weights.check_every_row_counts(targets).map_err(FitError::Training)?;
        let data = Data::new(inputs, targets, &weights);
        let counted = data.counted_rows();
        let held_out = HeldOut::of(data, &counted, settings)?;
        let validation_weights = RowWeights::of_validation_data(settings)?;
        let validation = match &settings.validation {
            Validation::Without => None,
            Validation::Data(inputs, targets) => {
                Some(Data::new(inputs, targets, &validation_weights))
            }
            Validation::Fraction { .. } => Some(held_out.data()),
        };
        let rows = Rows::new(counted, &held_out.rows, inputs.nrows());
        let mut run = Run::new(data, validation, settings, rows)?;
        let mut tools = LossAndOptimizer { loss, optimizer };
        state.epochs.reserve(settings.epochs.saturating_sub(state.next_epoch()).min(EPOCHS_AHEAD));
        if settings.patience.is_none() {
            state.best = None;
        }

        let (end, mut failure) = self.fit_epochs(&mut run, &mut tools, &mut state, observer)?;
        if failure.is_none() {
            let progress = Progress { model: self, optimizer: tools.optimizer, state: &state };
            failure = observer.end(&progress, end).err();
        }
        let history = self.restore_best(state, end);
        match failure {
            None => Ok(history),
            Some(source) => Err(FitError::Observer { source, history }),
        }
    }

    /// Puts back the best weights, if early stopping was chosen. Returns the history of the training.
    fn restore_best(&mut self, state: FitState<T>, end: End) -> History {
        if let Some(best) = &state.best {
            self.set_weights(&best.weights).expect("the best weights come from this model");
        }
        History { epochs: state.epochs, end, restored: state.best.map(|best| best.epoch) }
    }

    /// Trains epoch by epoch until the training ends. Returns why it ended, and the error of the
    /// observer if it failed.
    fn fit_epochs(
        &mut self,
        run: &mut Run<'_, T>,
        tools: &mut LossAndOptimizer<'_, T>,
        state: &mut FitState<T>,
        observer: &mut dyn Observer<T>,
    ) -> Result<(End, Option<ObserverError>), FitError> {
        let mut good_weights = Vec::new();
        loop {
            if let Some(end) = reason_to_end(run.settings, state) {
                return Ok((end, None));
            }
            self.weights_to(&mut good_weights);
            let epoch = run.epoch(self, tools, &state.epochs).inspect_err(|error| {
                if matches!(error, FitError::Diverged(_)) {
                    self.set_weights(&good_weights).expect("copies of its weights");
                }
            })?;
            state.push(epoch, self);
            let progress = Progress { model: self, optimizer: tools.optimizer, state };
            match observer.epoch(&progress) {
                Ok(Control::Continue) => {}
                Ok(Control::Stop) => return Ok((End::StoppedByObserver, None)),
                Err(error) => return Ok((End::StoppedByObserver, Some(error))),
            }
        }
    }

    /// Checks the data for training and, if it is given, for validation.
    fn check_data(
        &self,
        inputs: &Tensor<T>,
        targets: &Tensor<T>,
        settings: &Fit<T>,
    ) -> Result<(), FitError> {
        self.check_batch(inputs, targets).map_err(FitError::Training)?;
        match &settings.validation {
            Validation::Data(inputs, targets) => {
                self.check_batch(inputs, targets).map_err(FitError::Validation)
            }
            Validation::Without | Validation::Fraction { .. } => Ok(()),
        }
    }
}

/// Why a training is over before its next epoch, if it is.
fn reason_to_end<T: Scalar>(settings: &Fit<T>, state: &FitState<T>) -> Option<End> {
    let stale = state.epochs_without_improvement();
    if let (Some(best), Some(patience)) = (&state.best, settings.patience)
        && stale >= patience
    {
        return Some(End::StoppedEarly { best_epoch: best.epoch });
    }
    (state.next_epoch() >= settings.epochs).then_some(End::Done)
}
