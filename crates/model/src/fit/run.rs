//! The epochs of one training, and the buffers that they reuse.

use std::ops::Range;
use std::time::Instant;

use nnfs_tensor::{Loss, Optimizer, Scalar, Tensor, Trainable, resize_mut};

use super::rows::{Data, Rows};
use crate::divergence::Site;
use crate::{Divergence, Epoch, Evaluation, Fit, FitError, Model, Workspace};

/// The loss and the optimizer of a training.
pub(super) struct LossAndOptimizer<'a, T: Scalar> {
    pub(super) loss: &'a dyn Loss<T>,
    pub(super) optimizer: &'a mut dyn Optimizer<T>,
}

/// One training: its data, its settings, its buffers.
#[derive(Debug)]
pub(super) struct Run<'a, T: Scalar> {
    data: Data<'a, T>,
    validation: Option<Data<'a, T>>,
    pub(super) settings: &'a Fit<T>,
    rows: Rows,
    batch_size: usize,
    /// The inputs and targets of a batch.
    inputs: Tensor<T>,
    targets: Tensor<T>,
    workspace: Workspace<T>,
    /// The predictions of a batch, and of all training rows or the validation data.
    predictions: Tensor<T>,
    all_predictions: Tensor<T>,
    /// The targets of all training rows, if some rows are held out.
    all_targets: Tensor<T>,
}

impl<'a, T: Scalar> Run<'a, T> {
    pub(super) fn new(
        data: Data<'a, T>,
        validation: Option<Data<'a, T>>,
        settings: &'a Fit<T>,
        rows: Rows,
    ) -> Result<Self, FitError> {
        let count = rows.count();
        let batch_size = settings.batch_size.unwrap_or(count);
        if batch_size > count {
            return Err(FitError::BatchSize { batch_size, rows: count });
        }
        Ok(Self {
            data,
            validation,
            settings,
            rows,
            batch_size,
            inputs: Tensor::default(),
            targets: Tensor::default(),
            workspace: Workspace::default(),
            predictions: Tensor::default(),
            all_predictions: Tensor::default(),
            all_targets: Tensor::default(),
        })
    }

    /// All steps of an epoch, and its evaluation at the end.
    pub(super) fn epoch(
        &mut self,
        model: &mut Model<T>,
        tools: &mut LossAndOptimizer<'_, T>,
        before: &[Epoch],
    ) -> Result<Epoch, FitError> {
        let start = Instant::now();
        let mut epoch = Epoch::new(before.len());
        match self.settings.shuffle {
            Some(seed) => self.rows.shuffle(seed, epoch.epoch),
            None => self.rows.sort(self.data.inputs.nrows()),
        }
        let clip_norm = self.settings.clip_norm;
        let mut last_batch = 0;
        let diverged = |batch, data_loss, site, model: &Model<T>| {
            Err(divergence(before, batch, data_loss, site, model))
        };
        for (index, batch) in self.rows.batches(self.batch_size).enumerate() {
            let (inputs, targets) = self.gather(&batch);
            let step = match model.step(inputs, targets, tools.loss, tools.optimizer, clip_norm) {
                Ok(step) => step,
                Err((step, site)) => return diverged(index, step.data_loss, site, model),
            };
            let share = batch.len() as f64 / self.rows.count() as f64;
            epoch.data_loss += share * step.data_loss;
            epoch.penalty += share * step.penalty;
            epoch.gradient_norm += share * step.gradient_norm;
            last_batch = index;
        }
        epoch.learning_rate = tools.optimizer.learning_rate();
        if let Some(site) = model.find_bad_parameters() {
            return diverged(last_batch, epoch.data_loss, site, model);
        }
        self.evaluate_epoch(model, tools.loss, &mut epoch)?;
        if let Some(loss) = epoch.validation.as_ref().map(|validation| validation.loss)
            && !loss.is_finite()
        {
            let inputs = self.validation.expect("it was evaluated").inputs;
            return diverged(last_batch, loss, model.find_bad_prediction(inputs), model);
        }
        if let Some(loss) = epoch.judged_loss.filter(|loss| !loss.is_finite()) {
            let site = model.find_bad_prediction(self.data.inputs);
            return diverged(last_batch, loss, site, model);
        }
        epoch.seconds = start.elapsed().as_secs_f64();
        Ok(epoch)
    }

    /// The rows of a batch: the data itself if the batch is all of it, or else a copy.
    fn gather(&mut self, batch: &Range<usize>) -> (&Tensor<T>, &Tensor<T>) {
        if self.rows.is_all(batch) {
            return (self.data.inputs, self.data.targets);
        }
        // A batch of all training rows in their order stays the same.
        let same = self.settings.shuffle.is_none() && batch.len() == self.rows.count();
        if !same || self.inputs.nrows() != batch.len() {
            self.rows.gather_to(batch, self.data.inputs, &mut self.inputs);
            self.rows.gather_to(batch, self.data.targets, &mut self.targets);
        }
        (&self.inputs, &self.targets)
    }

    /// Computes metrics, validation, and the loss that early stopping uses.
    fn evaluate_epoch(
        &mut self,
        model: &Model<T>,
        loss: &dyn Loss<T>,
        epoch: &mut Epoch,
    ) -> Result<(), FitError> {
        let metrics = &self.settings.metrics;
        let early = self.settings.patience.is_some();
        if !metrics.is_empty() || (early && self.validation.is_none()) {
            self.predict_training_rows(model);
            let whole = self.rows.count() == self.data.targets.nrows();
            let targets = if whole { self.data.targets } else { &self.all_targets };
            epoch.metrics = metrics.of(&self.all_predictions, targets)?;
            if early && self.validation.is_none() {
                let data_loss = loss.value(&self.all_predictions, targets);
                epoch.judged_loss = Some(data_loss + model.penalty());
            }
        }
        if let Some(Data { inputs, targets }) = self.validation {
            let predictions = &mut self.all_predictions;
            model
                .predict_to(inputs, &mut self.workspace, predictions)
                .expect("the data was checked");
            let loss = loss.value(predictions, targets);
            let metrics = metrics.of(predictions, targets)?;
            epoch.validation = Some(Evaluation { loss, metrics });
            epoch.judged_loss = early.then_some(loss);
        }
        Ok(())
    }

    /// Predicts all training rows in their order, no more than a batch at a time.
    fn predict_training_rows(&mut self, model: &Model<T>) {
        self.rows.sort(self.data.inputs.nrows());
        let count = self.rows.count();
        if count < self.data.targets.nrows() && self.all_targets.is_empty() {
            self.rows.gather_to(&(0..count), self.data.targets, &mut self.all_targets);
        }
        resize_mut(&mut self.all_predictions, count, model.output_width());
        for batch in self.rows.batches(self.batch_size) {
            let mut predictions = std::mem::take(&mut self.predictions);
            let mut workspace = std::mem::take(&mut self.workspace);
            let (inputs, _) = self.gather(&batch);
            model
                .predict_to(inputs, &mut workspace, &mut predictions)
                .expect("the data was checked");
            self.all_predictions.rows_mut(batch.start, batch.len()).copy_from(&predictions);
            (self.predictions, self.workspace) = (predictions, workspace);
        }
    }
}

/// The error of a training in which a number is not finite.
fn divergence<T: Scalar>(
    before: &[Epoch],
    batch: usize,
    data_loss: f64,
    (layer, quantity): Site,
    model: &Model<T>,
) -> FitError {
    FitError::Diverged(Box::new(Divergence {
        epoch: before.len(),
        batch,
        layer,
        description: model.layers()[layer].description().to_string(),
        quantity,
        data_loss,
        epochs: before.to_vec(),
    }))
}
