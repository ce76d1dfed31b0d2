//! The loss and the metrics of a model on given data.

use nnfs_tensor::{Loss, Scalar, Tensor, map_mut, sum_of_weights};

use crate::{EvaluateError, Metrics, Model, TrainError, Workspace};

/// The loss and the chosen metrics of a model's predictions.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Evaluation {
    /// The mean loss over the samples, without penalties.
    #[cfg_attr(feature = "serde", serde(with = "crate::named_numbers::number"))]
    pub loss: f64,
    /// The metrics by name, in the order in which they were chosen.
    #[cfg_attr(feature = "serde", serde(with = "crate::named_numbers"))]
    pub metrics: Vec<(String, f64)>,
}

impl Evaluation {
    /// The value of a metric, if it was chosen.
    pub fn metric(&self, name: &str) -> Option<f64> {
        find_metric(&self.metrics, name)
    }
}

pub(crate) fn find_metric(metrics: &[(String, f64)], name: &str) -> Option<f64> {
    metrics.iter().find(|(known, _)| known == name).map(|&(_, value)| value)
}

impl<T: Scalar> Model<T> {
    /// Computes the loss and the metrics of predictions. No state changes, and dropout is off.
    ///
    /// Inputs are (samples, [`Model::input_width`]), targets (samples, [`Model::output_width`]).
    ///
    /// # Errors
    /// If shapes do not fit, the loss needs another number of outputs, there is no sample, the data is not
    /// finite, or a metric fails.
    pub fn evaluate(
        &self,
        inputs: &Tensor<T>,
        targets: &Tensor<T>,
        loss: &dyn Loss<T>,
        metrics: &Metrics<T>,
    ) -> Result<Evaluation, EvaluateError> {
        self.evaluate_weighted(inputs, targets, None, loss, metrics)
    }

    /// [`Model::evaluate`] with a weight for each row, in the loss and in the metrics that take weights.
    ///
    /// # Errors
    /// As [`Model::evaluate`], or if the weights are not what [`sum_of_weights`] expects.
    pub fn evaluate_weighted(
        &self,
        inputs: &Tensor<T>,
        targets: &Tensor<T>,
        weights: Option<&[f64]>,
        loss: &dyn Loss<T>,
        metrics: &Metrics<T>,
    ) -> Result<Evaluation, EvaluateError> {
        self.check_loss(loss).map_err(TrainError::from)?;
        self.check_batch(inputs, targets)?;
        if let Some(weights) = weights {
            sum_of_weights(weights, inputs.nrows()).map_err(TrainError::from)?;
        }
        let mut predictions = Tensor::default();
        self.predict_to(inputs, &mut Workspace::default(), &mut predictions)
            .expect("the inputs were checked");
        let loss = loss_of(loss, &predictions, targets, weights);
        Ok(Evaluation { loss, metrics: metrics.of_weighted(&predictions, targets, weights)? })
    }
}

/// The weights of the samples of a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BatchWeights<'a> {
    /// One for each row, one of which is above 0.
    pub(crate) rows: &'a [f64],
    /// What the gradient of the batch is multiplied by: the mean weight of the batch, divided by that of all
    /// training rows.
    pub(crate) scale: f64,
}

/// The mean loss, weighted if there are weights.
pub(crate) fn loss_of<T: Scalar>(
    loss: &dyn Loss<T>,
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
    weights: Option<&[f64]>,
) -> f64 {
    match weights {
        None => loss.value(predictions, targets),
        Some(weights) => loss.weighted_value(predictions, targets, weights),
    }
}

/// Writes the gradient of [`loss_of`], scaled if there are weights.
pub(crate) fn loss_gradient_to<T: Scalar>(
    loss: &dyn Loss<T>,
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
    weights: Option<BatchWeights<'_>>,
    gradient: &mut Tensor<T>,
) {
    match weights {
        None => loss.gradient_to(predictions, targets, gradient),
        Some(BatchWeights { rows, scale }) => {
            loss.weighted_gradient_to(predictions, targets, rows, gradient);
            let scale = T::from_f64(scale);
            map_mut(gradient, |slope| slope * scale);
        }
    }
}
