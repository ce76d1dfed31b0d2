//! Compares claimed gradients with measured slopes, entry by entry.

use nnfs_tensor::Tensor;

use crate::expect::check_finite;
use crate::slope::Slopes;
use crate::{Entry, GradientCheck, GradientError, Report, TensorReport};

/// The comparison of one function with its gradient, over one or more tensors.
pub(crate) struct Comparison<'a> {
    check: &'a GradientCheck,
    slopes: Slopes,
    tensors: Vec<TensorReport>,
}

impl<'a> Comparison<'a> {
    /// `terms` are those of the function at the point where it is differentiated; for `hidden` see
    /// [`Slopes::new`].
    pub(crate) fn new(check: &'a GradientCheck, terms: Vec<f64>, hidden: f64) -> Self {
        let slopes = Slopes::new(check.step, check.tolerance, terms, hidden);
        Self { check, slopes, tensors: Vec::new() }
    }

    /// Compares every entry of one tensor.
    ///
    /// `evaluate(index, value, terms)` writes the function's terms with one entry set to `value`.
    pub(crate) fn add(
        &mut self,
        tensor: &str,
        values: &Tensor<f64>,
        claimed: &Tensor<f64>,
        mut evaluate: impl FnMut(usize, f64, &mut Vec<f64>),
    ) -> Result<(), GradientError> {
        check_finite(tensor, values.iter().copied())?;
        let mut found = TensorReport {
            tensor: tensor.to_owned(),
            checked: 0,
            skipped: 0,
            wrong: 0,
            worst: None,
        };
        for (index, (&value, &analytic)) in values.iter().zip(claimed).enumerate() {
            let slope = self.slopes.measure(value, |value, terms| evaluate(index, value, terms));
            let numeric = slope.value;
            let tolerance = self.check.tolerance * analytic.abs().max(numeric.abs());
            let entry = Entry {
                tensor: tensor.to_owned(),
                row: index % values.nrows(),
                column: index / values.nrows(),
                analytic,
                numeric,
                error: (analytic - numeric).abs(),
                allowed: tolerance + slope.uncertainty,
            };
            found.count(entry, slope.smooth)?;
        }
        self.tensors.push(found);
        Ok(())
    }

    /// The result over all tensors.
    pub(crate) fn report(self) -> Result<Report, GradientError> {
        Self::judge(self.check, self.tensors)
    }

    /// What was found in each tensor.
    pub(crate) fn into_tensors(self) -> Vec<TensorReport> {
        self.tensors
    }

    /// The result of tensors that were compared.
    pub(crate) fn judge(
        check: &GradientCheck,
        tensors: Vec<TensorReport>,
    ) -> Result<Report, GradientError> {
        let report = Report::of(tensors);
        let (wrong, skipped) = (report.wrong(), report.skipped);
        let total = report.checked + skipped + wrong;
        let allowed = check.max_skipped;
        match &report.worst {
            Some(entry) if wrong > 0 => {
                let (entry, report) = (entry.clone(), Box::new(report));
                Err(GradientError::Wrong { entry, wrong, total, report })
            }
            _ if skipped as f64 > allowed * total as f64 => {
                let report = Box::new(report);
                Err(GradientError::TooManyKinks { skipped, total, allowed, report })
            }
            _ => Ok(report),
        }
    }
}

impl TensorReport {
    /// At a kink (not `smooth`), the entry may be anywhere between the slopes of the two sides.
    fn count(&mut self, entry: Entry, smooth: bool) -> Result<(), GradientError> {
        if !(entry.analytic.is_finite() && entry.numeric.is_finite()) {
            return Err(GradientError::NonFinite(entry));
        }
        if entry.error > entry.allowed {
            self.wrong += 1;
        } else if smooth {
            self.checked += 1;
        } else {
            self.skipped += 1;
            return Ok(());
        }
        if self.worst.as_ref().is_none_or(|worst| worst.share() < entry.share()) {
            self.worst = Some(entry);
        }
        Ok(())
    }
}
