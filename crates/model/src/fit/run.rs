//! The epochs of one training, and the buffers that they reuse.

use std::ops::Range;

use nnfs_tensor::{Loss, Optimizer, Scalar, Tensor, Trainable, resize_mut};

use super::clock::Clock;
use super::rows::{Data, Rows};
use crate::divergence::{BadLayer, Diverged};
use crate::evaluate::{BatchWeights, loss_of};
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
    batch: Batch<T>,
    workspace: Workspace<T>,
    /// The predictions of a batch, and of all training rows or the validation data.
    predictions: Tensor<T>,
    all_predictions: Tensor<T>,
    /// The targets and weights of all training rows, if some rows are held out or do not count.
    all_targets: Tensor<T>,
    all_weights: Vec<f64>,
    all_metric_weights: Vec<f64>,
    /// The sum of the weights of all training rows.
    total_weight: f64,
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
        let total_weight = rows.weight(&(0..count), data.weights);
        Ok(Self {
            data,
            validation,
            settings,
            rows,
            batch_size,
            batch: Batch {
                inputs: Tensor::default(),
                targets: Tensor::default(),
                weights: Vec::new(),
            },
            workspace: Workspace::default(),
            predictions: Tensor::default(),
            all_predictions: Tensor::default(),
            all_targets: Tensor::default(),
            all_weights: Vec::new(),
            all_metric_weights: Vec::new(),
            total_weight,
        })
    }

    /// All steps of an epoch, and its evaluation at the end.
    pub(super) fn epoch(
        &mut self,
        model: &mut Model<T>,
        tools: &mut LossAndOptimizer<'_, T>,
        before: &[Epoch],
    ) -> Result<Epoch, FitError> {
        let start = Clock::start();
        let mut epoch = Epoch::new(before.len());
        match self.settings.shuffle {
            Some(seed) => self.rows.shuffle(seed, epoch.epoch),
            None => self.rows.sort(self.data.inputs.nrows()),
        }
        let clip_norm = self.settings.clip_norm;
        let mut last_batch = 0;
        let diverged = |batch, data_loss, bad, model: &Model<T>| {
            Err(divergence(before, batch, data_loss, bad, model))
        };
        for (index, range) in self.rows.batches(self.batch_size).enumerate() {
            let Self { data, settings, rows, batch, total_weight, .. } = self;
            let Data { inputs, targets, weights, .. } = batch.gather(*data, settings, rows, &range);
            let (loss, optimizer) = (tools.loss, &mut *tools.optimizer);
            let row_fraction = range.len() as f64 / rows.count() as f64;
            let weight_fraction = rows.weight(&range, data.weights) / *total_weight;
            let scale = weight_fraction / row_fraction;
            let weights = weights.map(|rows| BatchWeights { rows, scale });
            let step = match model.step(inputs, targets, weights, loss, optimizer, clip_norm) {
                Ok(step) => step,
                Err(Diverged { data_loss, bad, .. }) => {
                    return diverged(index, data_loss, bad, model);
                }
            };
            epoch.data_loss += weight_fraction * step.data_loss;
            epoch.penalty += row_fraction * step.penalty;
            epoch.gradient_norm += row_fraction * step.gradient_norm;
            last_batch = index;
        }
        epoch.learning_rate = tools.optimizer.learning_rate();
        let bad = model.find_bad_parameters().or_else(|| model.find_bad_state(tools.optimizer));
        if let Some(bad) = bad {
            return diverged(last_batch, epoch.data_loss, bad, model);
        }
        let data_loss = self.evaluate_epoch(model, tools.loss, &mut epoch)?;
        if let Some(data_loss) = data_loss
            && !epoch.judged_loss.unwrap_or(data_loss).is_finite()
        {
            let inputs = self.validation.unwrap_or(self.data).inputs;
            return diverged(last_batch, data_loss, model.find_bad_prediction(inputs), model);
        }
        epoch.seconds = start.seconds();
        Ok(epoch)
    }

    /// Computes metrics, validation, and the loss that early stopping uses. Returns the loss of the data
    /// that it is computed from: the validation data, or without it the training rows.
    fn evaluate_epoch(
        &mut self,
        model: &Model<T>,
        loss: &dyn Loss<T>,
        epoch: &mut Epoch,
    ) -> Result<Option<f64>, FitError> {
        let metrics = &self.settings.metrics;
        let early = self.settings.patience.is_some();
        let mut evaluated = None;
        if !metrics.is_empty() || (early && self.validation.is_none()) {
            self.predict_training_rows(model);
            let whole = self.rows.count() == self.data.targets.nrows();
            let Data { targets, weights, metric_weights, .. } =
                if whole { self.data } else { self.training_rows() };
            let predictions = &self.all_predictions;
            epoch.metrics = metrics.of_weighted(predictions, targets, metric_weights)?;
            if early && self.validation.is_none() {
                let data_loss = loss_of(loss, predictions, targets, weights);
                epoch.judged_loss = Some(data_loss + model.penalty());
                evaluated = Some(data_loss);
            }
        }
        if let Some(Data { inputs, targets, weights, metric_weights }) = self.validation {
            let predictions = &mut self.all_predictions;
            model
                .predict_to(inputs, &mut self.workspace, predictions)
                .expect("the data was checked");
            let loss = loss_of(loss, predictions, targets, weights);
            let metrics = metrics.of_weighted(predictions, targets, metric_weights)?;
            epoch.validation = Some(Evaluation { loss, metrics });
            epoch.judged_loss = early.then_some(loss);
            evaluated = Some(loss);
        }
        Ok(evaluated)
    }

    /// Targets and weights of all training rows, where these are not all rows of the data.
    fn training_rows(&self) -> Data<'_, T> {
        Data {
            inputs: self.data.inputs,
            targets: &self.all_targets,
            weights: self.data.weights.map(|_| &*self.all_weights),
            metric_weights: self.data.metric_weights.map(|_| &*self.all_metric_weights),
        }
    }

    /// Predicts all training rows in their order, no more than a batch at a time.
    fn predict_training_rows(&mut self, model: &Model<T>) {
        self.rows.sort(self.data.inputs.nrows());
        let count = self.rows.count();
        if count < self.data.targets.nrows() && self.all_targets.is_empty() {
            let (all, Data { targets, weights, metric_weights, .. }) = (0..count, self.data);
            self.rows.gather_to(&all, targets, &mut self.all_targets);
            self.rows.gather_weights_to(&all, weights, &mut self.all_weights);
            self.rows.gather_weights_to(&all, metric_weights, &mut self.all_metric_weights);
        }
        resize_mut(&mut self.all_predictions, count, model.output_width());
        let Self { data, settings, rows, batch, workspace, predictions, .. } = self;
        for range in rows.batches(self.batch_size) {
            let inputs = batch.gather(*data, settings, rows, &range).inputs;
            model.predict_to(inputs, workspace, predictions).expect("the data was checked");
            self.all_predictions.rows_mut(range.start, range.len()).copy_from(predictions);
        }
    }
}

/// The rows of a batch, copied.
#[derive(Debug)]
struct Batch<T: Scalar> {
    inputs: Tensor<T>,
    targets: Tensor<T>,
    weights: Vec<f64>,
}

impl<T: Scalar> Batch<T> {
    /// The rows of a range: the data itself if these are all of its rows in their order, or else a copy.
    fn gather<'b>(
        &'b mut self,
        data: Data<'b, T>,
        settings: &Fit<T>,
        rows: &Rows,
        range: &Range<usize>,
    ) -> Data<'b, T> {
        if rows.is_all(range) {
            return data;
        }
        // A batch of all training rows in their order stays the same.
        let same = settings.shuffle.is_none() && range.len() == rows.count();
        if !same || self.inputs.nrows() != range.len() {
            rows.gather_to(range, data.inputs, &mut self.inputs);
            rows.gather_to(range, data.targets, &mut self.targets);
            rows.gather_weights_to(range, data.weights, &mut self.weights);
        }
        let Self { inputs, targets, weights } = self;
        // No metric is computed of a batch.
        Data { inputs, targets, weights: data.weights.map(|_| &**weights), metric_weights: None }
    }
}

/// The error of a training in which a number is not finite.
fn divergence<T: Scalar>(
    before: &[Epoch],
    batch: usize,
    data_loss: f64,
    (layer, quantity): BadLayer,
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
