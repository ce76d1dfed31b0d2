//! Prediction intervals of a pipeline.

use nnfs_datasets::{Scale, Table};
use nnfs_model::{CrossConformal, Intervals};
use nnfs_tensor::{OutputLink, Scalar, ShapeError, Tensor};

use super::{Pipeline, converted};
use crate::files::{FileScalar, PredictError, Task};

impl<T: FileScalar> Pipeline<T> {
    /// Adds what prediction intervals need, for [`Pipeline::predict_intervals`]: the residuals of the outputs
    /// of the networks, before the scaling of the targets is undone.
    ///
    /// # Errors
    /// If the residuals are of another number of outputs than the ensemble has, or the model is a classifier.
    pub fn with_intervals(mut self, intervals: CrossConformal) -> Result<Self, ShapeError> {
        self.intervals = Some(intervals);
        self.check_intervals()?;
        Ok(self)
    }

    /// Checks that residuals are those of the numbers that the networks predict.
    pub(super) fn check_intervals(&self) -> Result<(), ShapeError> {
        let Some(intervals) = &self.intervals else { return Ok(()) };
        let (expected, found) = (self.ensemble.output_width(), intervals.output_width());
        if found != expected {
            let expected = format!("{expected} as the model has");
            return Err(ShapeError::new("outputs of the residuals", expected, found.to_string()));
        }
        if self.task() == Task::Classification || self.link != OutputLink::Identity {
            let expected = "none for a classifier or a model with a link";
            return Err(ShapeError::new("residuals for prediction intervals", expected, "some"));
        }
        Ok(())
    }

    /// The residuals, if there are intervals of a level.
    fn residuals_for(&self, level: f64) -> Result<&CrossConformal, PredictError> {
        let conformal = self.intervals.as_ref().ok_or(PredictError::NoIntervals)?;
        conformal.rank(level)?;
        Ok(conformal)
    }

    /// The ends of prediction intervals of a level for raw inputs (samples, features), in the units of the
    /// targets. See [`CrossConformal`].
    ///
    /// # Errors
    /// If the model has no residuals for intervals, the level is out of range, or as [`Pipeline::predict`].
    pub fn predict_intervals<U: Scalar>(
        &self,
        inputs: &Tensor<U>,
        level: f64,
    ) -> Result<Intervals, PredictError> {
        self.residuals_for(level)?;
        self.intervals_around(&converted(&self.network_outputs(inputs)?), level)
    }

    /// The ends of prediction intervals of a level around [`Pipeline::outputs`], (samples, outputs), in the units
    /// of the targets.
    ///
    /// # Errors
    /// If the model has no residuals for intervals, the level is out of range, or the outputs have another width
    /// than those of the model.
    pub fn intervals_around(
        &self,
        outputs: &Tensor<f64>,
        level: f64,
    ) -> Result<Intervals, PredictError> {
        let conformal = self.residuals_for(level)?;
        let (expected, found) = (conformal.output_width(), outputs.ncols());
        if found != expected {
            let (expected, found) = (expected.to_string(), found.to_string());
            return Err(ShapeError::new("columns of the outputs", expected, found).into());
        }
        let Intervals { mut low, mut high } = conformal.intervals_around(outputs, level)?;
        if let Some(scaler) = &self.target_scaler {
            scaler.inverse_mut(&mut low)?;
            scaler.inverse_mut(&mut high)?;
        }
        Ok(Intervals { low, high })
    }

    /// [`Pipeline::predict_intervals`] of a table.
    ///
    /// # Errors
    /// As [`Pipeline::predict_intervals`] and [`Pipeline::predict_table`].
    pub fn predict_table_intervals(
        &self,
        table: &Table,
        level: f64,
    ) -> Result<Intervals, PredictError> {
        self.residuals_for(level)?;
        self.intervals_around(&self.outputs_of_table(table)?, level)
    }
}
