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
    /// If the residuals are of another number of members or outputs than the ensemble has, or the model is a
    /// classifier.
    pub fn with_intervals(mut self, intervals: CrossConformal) -> Result<Self, ShapeError> {
        self.intervals = Some(intervals);
        self.check_intervals()?;
        Ok(self)
    }

    /// Checks that residuals are those of the numbers of the members.
    pub(super) fn check_intervals(&self) -> Result<(), ShapeError> {
        let Some(intervals) = &self.intervals else { return Ok(()) };
        let check = |what: &str, expected: usize, found: usize| {
            if expected == found {
                return Ok(());
            }
            let expected = format!("{expected} as the model has");
            Err(ShapeError::new(format!("{what} of the residuals"), expected, found.to_string()))
        };
        check("members", self.ensemble.members().len(), intervals.member_folds().len())?;
        check("outputs", self.ensemble.output_width(), intervals.output_width())?;
        if self.task() == Task::Classification || self.link != OutputLink::Identity {
            let expected = "none for a classifier or a model with a link";
            return Err(ShapeError::new("residuals for prediction intervals", expected, "some"));
        }
        Ok(())
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
        let conformal = self.intervals.as_ref().ok_or(PredictError::NoIntervals)?;
        let scaled = self.scaled_inputs(inputs)?;
        let mean_of = |fold| -> Result<Tensor<f64>, PredictError> {
            let members = conformal.members_of(fold);
            Ok(converted(&self.ensemble.predict_with_members(&members, &scaled)?))
        };
        let means = (0..conformal.fold_count()).map(mean_of).collect::<Result<Vec<_>, _>>()?;
        let Intervals { mut low, mut high } = conformal.intervals(level, &means)?;
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
        let outputs = self.ensemble.output_width();
        let ends = self.in_blocks(table, 2 * outputs, |inputs| {
            let Intervals { low, high } = self.predict_intervals(inputs, level)?;
            let end = |row, column| match column {
                low_column if low_column < outputs => low[(row, low_column)],
                _ => high[(row, column - outputs)],
            };
            Ok(Tensor::from_fn(low.nrows(), 2 * outputs, end))
        })?;
        let part = |first| ends.columns(first, outputs).into_owned();
        Ok(Intervals { low: part(0), high: part(outputs) })
    }
}
