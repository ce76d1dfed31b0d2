//! Compares claimed gradients with measured slopes, entry by entry.

use nnfs_tensor::Tensor;

use crate::expect::check_finite;
use crate::slope::Slopes;
use crate::{Entry, GradientCheck, GradientError, Report};

/// The comparison of one function with its gradient, over one or more tensors.
pub(crate) struct Comparison<'a> {
    check: &'a GradientCheck,
    slopes: Slopes,
    checked: usize,
    skipped: usize,
    wrong: usize,
    worst: Option<Entry>,
}

impl<'a> Comparison<'a> {
    /// `terms` are those of the function at the point where it is differentiated; for `hidden` see
    /// [`Slopes::new`].
    pub(crate) fn new(check: &'a GradientCheck, terms: Vec<f64>, hidden: f64) -> Self {
        let slopes = Slopes::new(check.step, check.tolerance, terms, hidden);
        Self { check, slopes, checked: 0, skipped: 0, wrong: 0, worst: None }
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
            self.count(entry, slope.smooth)?;
        }
        Ok(())
    }

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
        if self.worst.as_ref().is_none_or(|worst| share(worst) < share(&entry)) {
            self.worst = Some(entry);
        }
        Ok(())
    }

    /// The result over all tensors.
    pub(crate) fn report(self) -> Result<Report, GradientError> {
        let Self { checked, skipped, wrong, worst, .. } = self;
        let total = checked + skipped + wrong;
        let allowed = self.check.max_skipped;
        match worst {
            Some(entry) if wrong > 0 => Err(GradientError::Wrong { entry, wrong, total }),
            _ if skipped as f64 > allowed * total as f64 => {
                Err(GradientError::TooManyKinks { skipped, total, allowed })
            }
            worst => Ok(Report { checked, skipped, worst }),
        }
    }
}

/// The error as a multiple of the allowed error.
fn share(entry: &Entry) -> f64 {
    if entry.error > 0.0 { entry.error / entry.allowed } else { 0.0 }
}
