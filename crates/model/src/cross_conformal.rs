//! Prediction intervals around the outputs of an ensemble, from the residual of each training row for the members that
//! did not learn from it.

#[cfg(feature = "serde")]
mod file;

use nnfs_tensor::{ShapeError, Tensor, shape_text};

use crate::{ConformalError, ResidualScale};

/// The most residuals that are kept of an output.
const KEPT: usize = 5000;

/// The most residuals that are kept of all outputs together, so that a file of a model has at most some 20 MB of
/// them.
const KEPT_IN_ALL: usize = 1_000_000;

/// More rows than any table has; more than a `usize` of 32 bits.
const LIMIT: u64 = 1 << 53;

/// Prediction intervals around the outputs of an ensemble that was trained by cross-validation.
///
/// ```text
/// m(x)     the outputs of the ensemble
/// m_k(x)   those of the members that did not learn from fold k
/// s(m)     the usual size of residuals near the prediction m (ResidualScale), or 1
/// R_i      |y_i - m_k(x_i)| / s(m_k(x_i))      for each of n training rows, where k is the fold of row i
/// r        ceil(level (n + 1))
/// q        the r-th smallest R_i
/// low(x)   m(x) - s(m(x)) q
/// high(x)  m(x) + s(m(x)) q
/// ```
/// A share of about `level` of new rows is inside their intervals, if the new rows are like the training rows. This was
/// measured on tables. It is not proven, because the residuals are those of `m_k` and the intervals are around `m`.
/// CV+ is another form, which adds the residuals of a fold to `m_k(x)`. It has a proof: with `s = 1`, a share of at
/// least about `2 level - 1` is inside. Its intervals are wider and cover more than `level`, because the differences
/// between the folds widen them twice: through the residuals, and through the centers.
///
/// All rows count equally, whatever their weights were in training. Each output has its intervals by itself.
///
/// Of each output, at most 5000 residuals are kept, and fewer where that is more than 1,000,000 together. They are
/// evenly spaced in their order, and `q` is the next one that is kept, so intervals become slightly wider and never
/// narrower.
///
/// Vovk (2015), *Cross-conformal predictors*; Barber, Candès, Ramdas and Tibshirani (2021), *Predictive inference
/// with the jackknife+*, which compares CV+ with intervals around one model, the jackknife; for the residuals
/// relative to their size, Papadopoulos, Gammerman and Vovk (2008), *Normalized nonconformity measures for
/// regression conformal prediction*.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "file::Fields"))]
pub struct CrossConformal {
    rows: usize,
    /// For each output, the residuals `R` that are kept, in ascending order.
    residuals: Vec<Vec<f64>>,
    /// One for each output, or none at all: then `s = 1`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    scales: Vec<Option<ResidualScale>>,
}

/// The ends of prediction intervals, both (samples, outputs).
#[derive(Debug, Clone, PartialEq)]
pub struct Intervals {
    /// The lower ends.
    pub low: Tensor<f64>,
    /// The upper ends.
    pub high: Tensor<f64>,
}

impl CrossConformal {
    /// Takes the residuals `y_i - m_k(x_i)` of the training rows, (rows, outputs). Their signs do not matter.
    ///
    /// ```
    /// use nnfs_model::CrossConformal;
    /// use nnfs_tensor::Tensor;
    ///
    /// let residuals = [0.1, -0.2, 0.3, 0.4, 0.5, -0.6, 0.7, 0.8, -0.9, 1.0];
    /// let conformal = CrossConformal::fit(&Tensor::from_column_slice(10, 1, &residuals))?;
    /// // The ninth smallest of ten residuals.
    /// assert_eq!(conformal.quantile(0.8, 0)?, 0.9);
    /// let intervals = conformal.intervals_around(&Tensor::from_element(1, 1, 20.0), 0.8)?;
    /// assert_eq!((intervals.low[0], intervals.high[0]), (19.1, 20.9));
    /// # Ok::<(), nnfs_model::ConformalError>(())
    /// ```
    ///
    /// # Errors
    /// If there is no row or no output, or a residual is not finite.
    pub fn fit(residuals: &Tensor<f64>) -> Result<Self, ConformalError> {
        let (rows, outputs) = residuals.shape();
        let kept = number_kept(rows, outputs);
        let of_output = |output: usize| {
            let mut all: Vec<f64> = residuals.column(output).iter().map(|r| r.abs()).collect();
            all.sort_by(f64::total_cmp);
            (1..=kept).map(|place| all[rows_up_to(place, rows, kept) - 1]).collect()
        };
        let residuals = (0..outputs).map(of_output).collect();
        Self { rows, residuals, scales: Vec::new() }.checked()
    }

    /// Like [`CrossConformal::fit`], with residuals relative to their usual size near a prediction: takes the
    /// predictions `m_k(x_i)`, too, (rows, outputs).
    ///
    /// ```
    /// use nnfs_model::CrossConformal;
    /// use nnfs_tensor::Tensor;
    /// // The residuals are a tenth of the predictions.
    /// let predictions = Tensor::from_fn(90, 1, |row, _| 10.0 + row as f64);
    /// let conformal = CrossConformal::fit_scaled(&predictions, &(&predictions / 10.0))?;
    /// let around = Tensor::from_column_slice(2, 1, &[20.0, 90.0]);
    /// let intervals = conformal.intervals_around(&around, 0.9)?;
    /// let widths = &intervals.high - &intervals.low;
    /// assert!(widths[1] > 2.0 * widths[0]);
    /// # Ok::<(), nnfs_model::ConformalError>(())
    /// ```
    ///
    /// # Errors
    /// As [`CrossConformal::fit`], or if predictions and residuals have different shapes.
    pub fn fit_scaled(
        predictions: &Tensor<f64>,
        residuals: &Tensor<f64>,
    ) -> Result<Self, ConformalError> {
        if predictions.shape() != residuals.shape() {
            let expected = format!("{} as the predictions", shape_text(predictions));
            return Err(ShapeError::new("residuals", expected, shape_text(residuals)).into());
        }
        let (rows, outputs) = residuals.shape();
        let scale = |output: usize| {
            let [predictions, residuals] = [predictions, residuals].map(|it| it.column(output));
            ResidualScale::fit(predictions.as_slice(), residuals.as_slice())
        };
        let scales: Vec<Option<ResidualScale>> = (0..outputs).map(scale).collect();
        let relative = Tensor::from_fn(rows, outputs, |row, output| {
            let place = (row, output);
            let scale = scales[output].as_ref();
            residuals[place] / scale.map_or(1.0, |scale| scale.at(predictions[place]))
        });
        let conformal = Self::fit(&relative)?;
        let scales = if scales.iter().all(Option::is_none) { Vec::new() } else { scales };
        Self { scales, ..conformal }.checked()
    }

    fn checked(mut self) -> Result<Self, ConformalError> {
        let Self { rows, residuals, scales } = &self;
        let (rows, outputs) = (*rows, residuals.len());
        let wrong =
            |expected: String, found: String| Err(ConformalError::Residuals { expected, found });
        if rows == 0 || rows as u64 >= LIMIT {
            return wrong("those of 1 to 2^53 rows".into(), format!("{rows} rows"));
        }
        if outputs == 0 {
            return wrong("a list for each output".into(), "none".into());
        }
        let kept = number_kept(rows, outputs);
        for of_output in residuals {
            if of_output.len() != kept {
                return wrong(format!("{kept} for {rows} rows"), of_output.len().to_string());
            }
            if let Some(bad) = of_output.iter().find(|r| !(r.is_finite() && **r >= 0.0)) {
                return wrong("finite numbers of at least 0".into(), bad.to_string());
            }
            if let Some(pair) = of_output.windows(2).find(|pair| pair[0] > pair[1]) {
                let found = format!("{} before {}", pair[0], pair[1]);
                return wrong("ascending order".into(), found);
            }
        }
        let wrong = |expected, found| ConformalError::Scale { expected, found };
        if !(scales.is_empty() || scales.len() == outputs) {
            let expected = format!("one for each of {outputs} outputs");
            return Err(wrong(expected, scales.len().to_string()));
        }
        for scale in self.scales.iter_mut().flatten() {
            let checked = scale.clone().checked();
            *scale = checked.map_err(|(expected, found)| wrong(expected, found))?;
        }
        Ok(self)
    }

    /// The number of rows `n`.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of outputs.
    pub fn output_width(&self) -> usize {
        self.residuals.len()
    }

    /// The usual size of the residuals of an output; `None` if it is 1 for all predictions.
    pub fn scale(&self, output: usize) -> Option<&ResidualScale> {
        self.scales.get(output).and_then(Option::as_ref)
    }

    /// The rank `r = ceil(level (n + 1))` of the residual that intervals are made of.
    ///
    /// # Errors
    /// If the level is below 0.5, or above `n / (n + 1)`, where intervals have no end.
    pub fn rank(&self, level: f64) -> Result<usize, ConformalError> {
        let rows = self.rows;
        let product = level * (rows + 1) as f64;
        // 0.55 * 100 is 55 and some rounding.
        let nearest = product.round();
        let rank =
            if (product - nearest).abs() <= 1e-12 * nearest { nearest } else { product.ceil() };
        if !(level >= 0.5 && rank <= rows as f64) {
            return Err(ConformalError::Level { found: level, rows });
        }
        Ok(rank as usize)
    }

    /// The quantile `q` of an output: the r-th smallest of its residuals `R`.
    ///
    /// # Errors
    /// As [`CrossConformal::rank`].
    ///
    /// # Panics
    /// If there is no such output.
    pub fn quantile(&self, level: f64, output: usize) -> Result<f64, ConformalError> {
        let rank = self.rank(level)?;
        let residuals = &self.residuals[output];
        // The first that is kept of those with at least this rank; see `rows_up_to`.
        let place = (rank - 1) as u128 * residuals.len() as u128 / self.rows as u128;
        Ok(residuals[place as usize])
    }

    /// The intervals from `m(x) - s(m(x)) q` to `m(x) + s(m(x)) q` around the outputs `m(x)` of the ensemble,
    /// (samples, outputs).
    ///
    /// # Errors
    /// As [`CrossConformal::rank`], or if the outputs have another width.
    pub fn intervals_around(
        &self,
        outputs: &Tensor<f64>,
        level: f64,
    ) -> Result<Intervals, ConformalError> {
        let (expected, found) = (self.output_width(), outputs.ncols());
        if found != expected {
            let (expected, found) = (expected.to_string(), found.to_string());
            return Err(ShapeError::new("columns of the outputs", expected, found).into());
        }
        let (mut low, mut high) = (outputs.clone(), outputs.clone());
        for output in 0..self.output_width() {
            let quantile = self.quantile(level, output)?;
            for row in 0..outputs.nrows() {
                let center = outputs[(row, output)];
                let half = self.scale(output).map_or(1.0, |scale| scale.at(center)) * quantile;
                low[(row, output)] = center - half;
                high[(row, output)] = center + half;
            }
        }
        Ok(Intervals { low, high })
    }
}

/// The number of residuals that are kept of some rows, for each output.
fn number_kept(rows: usize, outputs: usize) -> usize {
    let share = KEPT_IN_ALL / outputs.max(1);
    rows.min(KEPT).min(share.max(1))
}

/// The number of rows whose residuals are at most the one at a place, from 1, of those that are kept: the place
/// times `rows / kept`, rounded up.
fn rows_up_to(place: usize, rows: usize, kept: usize) -> usize {
    (place as u128 * rows as u128).div_ceil(kept as u128) as usize
}

#[cfg(test)]
mod tests;
