//! Prediction intervals of an ensemble from residuals of rows that its members did not learn from.

use nnfs_tensor::Tensor;

use crate::{ConformalError, ResidualScale};

/// The most residuals that are kept for each fold and output.
const KEPT: usize = 1000;

/// The most residuals that are kept of all folds and outputs together, so that a file of a model has at most
/// some 20 MB of them.
const KEPT_IN_ALL: usize = 1_000_000;

/// More rows than any table has; more than a `usize` of 32 bits.
const LIMIT: u64 = 1 << 53;

/// The prediction intervals CV+ of an ensemble that was trained by cross-validation.
///
/// ```text
/// m_k(x)   the weighted mean of the members that did not learn from fold k
/// s(m)     the usual size of residuals near the prediction m (ResidualScale), or 1
/// R_i      |y_i - m_k(x_i)| / s(m_k(x_i))      for each of n training rows, where k is the fold of row i
/// r        ceil(level (n + 1))
/// high(x)  the r-th smallest of m_k(x) + s(m_k(x)) R_i
/// low(x)   the r-th largest  of m_k(x) - s(m_k(x)) R_i
/// ```
/// Of rows like those of the training, a share of `level` is expected within their intervals. What is proven
/// without any assumption on the model, for `s = 1`, is a share of about `2 level - 1`. All rows count equally,
/// whatever their weights were in training. Each output has its intervals by itself.
///
/// Of each fold and output, at most 1000 residuals are kept, and fewer where that is more than 1,000,000
/// together. They are evenly spaced in their order. Each counts for the rows between it and the one before, so
/// intervals become slightly wider and never narrower.
///
/// Barber, Candès, Ramdas and Tibshirani (2021), *Predictive inference with the jackknife+*; for the residuals
/// relative to their size, Papadopoulos, Gammerman and Vovk (2008), *Normalized nonconformity measures for
/// regression conformal prediction*.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Unchecked"))]
pub struct CrossConformal {
    /// The fold that each member of the ensemble did not learn from.
    member_folds: Vec<usize>,
    folds: Vec<FoldResiduals>,
    /// One for each output, or none at all: then `s = 1`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    scales: Vec<Option<ResidualScale>>,
}

/// The residuals of the rows of a fold.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
struct FoldResiduals {
    rows: usize,
    /// For each output, the residuals that are kept, in ascending order.
    residuals: Vec<Vec<f64>>,
}

/// The fields of a [`CrossConformal`] in a file.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    member_folds: Vec<usize>,
    folds: Vec<FoldResiduals>,
    #[serde(default)]
    scales: Vec<Option<ResidualScale>>,
}

#[cfg(feature = "serde")]
impl TryFrom<Unchecked> for CrossConformal {
    type Error = ConformalError;

    fn try_from(fields: Unchecked) -> Result<Self, ConformalError> {
        let Unchecked { member_folds, folds, scales } = fields;
        Self { member_folds, folds, scales }.checked()
    }
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
    /// Takes the fold of each member of an ensemble, and for each fold the residuals `y_i - m_k(x_i)` of its
    /// rows, (rows of the fold, outputs). Their signs do not matter.
    ///
    /// ```
    /// use nnfs_model::CrossConformal;
    /// use nnfs_tensor::Tensor;
    ///
    /// // Two folds of five rows each, with one member for each.
    /// let residuals = [[0.1, -0.2, 0.3, 0.4, 0.5], [-0.6, 0.7, 0.8, -0.9, 1.0]];
    /// let residuals = residuals.map(|fold| Tensor::from_column_slice(5, 1, &fold));
    /// let conformal = CrossConformal::fit(vec![0, 1], residuals)?;
    /// // The ninth smallest of 11 with the same prediction of both members.
    /// let both = [20.0, 20.0].map(|y| Tensor::from_element(1, 1, y));
    /// let intervals = conformal.intervals(0.8, &both)?;
    /// assert_eq!((intervals.low[0], intervals.high[0]), (19.1, 20.9));
    /// # Ok::<(), nnfs_model::ConformalError>(())
    /// ```
    ///
    /// # Errors
    /// If a fold has no row or no member, a member has another fold, folds have different numbers of
    /// outputs, or a residual is not finite.
    pub fn fit(
        member_folds: Vec<usize>,
        residuals: impl IntoIterator<Item = Tensor<f64>>,
    ) -> Result<Self, ConformalError> {
        let fold_count = member_folds.iter().max().map_or(1, |last| last.saturating_add(1));
        let folds = residuals.into_iter().map(|residuals| {
            let rows = residuals.nrows();
            let of_output = |output: usize| {
                let mut all: Vec<f64> = residuals.column(output).iter().map(|r| r.abs()).collect();
                all.sort_by(f64::total_cmp);
                let kept = number_kept(rows, fold_count, residuals.ncols());
                (1..=kept).map(|place| all[rows_up_to(place, rows, kept) - 1]).collect()
            };
            FoldResiduals { rows, residuals: (0..residuals.ncols()).map(of_output).collect() }
        });
        Self { member_folds, folds: folds.collect(), scales: Vec::new() }.checked()
    }

    /// Like [`CrossConformal::fit`], with residuals relative to their usual size near a prediction: takes the
    /// predictions `m_k(x_i)` of each fold, too, (rows of the fold, outputs).
    ///
    /// # Errors
    /// As [`CrossConformal::fit`].
    ///
    /// # Panics
    /// If the predictions and the residuals of a fold have different shapes.
    pub fn fit_scaled(
        member_folds: Vec<usize>,
        folds: &[(Tensor<f64>, Tensor<f64>)],
    ) -> Result<Self, ConformalError> {
        for (predictions, residuals) in folds {
            assert_eq!(predictions.shape(), residuals.shape(), "a residual for each prediction");
        }
        let outputs = folds.iter().map(|(_, residuals)| residuals.ncols()).min().unwrap_or(0);
        let scales: Vec<_> = (0..outputs)
            .map(|output| {
                let column = |tensor: &Tensor<f64>| tensor.column(output).iter().copied().collect();
                let predictions: Vec<Vec<f64>> = folds.iter().map(|(it, _)| column(it)).collect();
                let residuals: Vec<Vec<f64>> = folds.iter().map(|(_, it)| column(it)).collect();
                ResidualScale::fit(&predictions.concat(), &residuals.concat())
            })
            .collect();
        let relative = folds.iter().map(|(predictions, residuals)| {
            Tensor::from_fn(residuals.nrows(), residuals.ncols(), |row, output| {
                let scale = scales.get(output).and_then(Option::as_ref);
                let size = scale.map_or(1.0, |scale| scale.at(predictions[(row, output)]));
                residuals[(row, output)] / size
            })
        });
        let conformal = Self::fit(member_folds, relative)?;
        let scales = if scales.iter().all(Option::is_none) { Vec::new() } else { scales };
        Self { scales, ..conformal }.checked()
    }

    fn checked(self) -> Result<Self, ConformalError> {
        let folds = self.folds.len();
        if let Some(member) = self.member_folds.iter().position(|&fold| fold >= folds) {
            let found = self.member_folds[member];
            return Err(ConformalError::MemberFold { member, folds, found });
        }
        let outputs = self.folds.first().map_or(0, |fold| fold.residuals.len());
        for (fold, FoldResiduals { rows, residuals }) in self.folds.iter().enumerate() {
            let wrong = |expected: String, found: String| {
                Err(ConformalError::Residuals { fold, expected, found })
            };
            if !self.member_folds.contains(&fold) {
                return wrong("a member that did not learn from it".into(), "none".into());
            }
            if residuals.len() != outputs || outputs == 0 {
                let expected = format!("residuals of {} outputs", outputs.max(1));
                return wrong(expected, residuals.len().to_string());
            }
            let kept = number_kept((*rows).max(1), folds, outputs);
            // Older files have 1000 residuals of every output.
            let is_older = residuals.iter().all(|it| it.len() == (*rows).min(KEPT));
            for of_output in residuals {
                if of_output.len() != kept && !(is_older && *rows > 0) {
                    let expected = format!("{kept} residuals for {rows} rows");
                    return wrong(expected, of_output.len().to_string());
                }
                if let Some(bad) = of_output.iter().find(|r| !(r.is_finite() && **r >= 0.0)) {
                    return wrong("finite residuals of at least 0".into(), bad.to_string());
                }
                if let Some(pair) = of_output.windows(2).find(|pair| pair[0] > pair[1]) {
                    let found = format!("{} before {}", pair[0], pair[1]);
                    return wrong("residuals in ascending order".into(), found);
                }
            }
        }
        if !(self.scales.is_empty() || self.scales.len() == outputs) {
            let found = self.scales.len().to_string();
            return Err(ConformalError::Scale {
                expected: format!("one for each of {outputs} outputs"),
                found,
            });
        }
        for scale in self.scales.iter().flatten() {
            let wrong = |(expected, found)| ConformalError::Scale { expected, found };
            scale.clone().checked().map_err(wrong)?;
        }
        let rows = self.folds.iter().try_fold(0_usize, |sum, fold| sum.checked_add(fold.rows));
        if folds == 0 || rows.is_none_or(|rows| rows as u64 >= LIMIT) {
            let (expected, found) =
                ("folds of a table".into(), format!("{folds} with {rows:?} rows"));
            return Err(ConformalError::Residuals { fold: 0, expected, found });
        }
        Ok(self)
    }

    /// The fold that each member of the ensemble did not learn from.
    pub fn member_folds(&self) -> &[usize] {
        &self.member_folds
    }

    /// The number of folds.
    pub fn fold_count(&self) -> usize {
        self.folds.len()
    }

    /// The members that did not learn from a fold.
    pub fn members_of(&self, fold: usize) -> Vec<usize> {
        (0..self.member_folds.len()).filter(|&it| self.member_folds[it] == fold).collect()
    }

    /// The number of rows `n`.
    pub fn rows(&self) -> usize {
        self.folds.iter().map(|fold| fold.rows).sum()
    }

    /// The number of outputs.
    pub fn output_width(&self) -> usize {
        self.folds[0].residuals.len()
    }

    /// The usual size of the residuals of an output; `None` if it is 1 for all predictions.
    pub fn scale(&self, output: usize) -> Option<&ResidualScale> {
        self.scales.get(output).and_then(Option::as_ref)
    }

    /// The residuals `R` of a fold that are kept for an output, in ascending order, each with the number of rows
    /// that it counts for.
    ///
    /// # Panics
    /// If there is no such fold or output.
    pub fn residuals(
        &self,
        fold: usize,
        output: usize,
    ) -> impl ExactSizeIterator<Item = (f64, usize)> {
        let FoldResiduals { rows, residuals } = &self.folds[fold];
        let (rows, kept) = (*rows, residuals[output].len());
        residuals[output].iter().enumerate().map(move |(place, &residual)| {
            (residual, rows_up_to(place + 1, rows, kept) - rows_up_to(place, rows, kept))
        })
    }

    /// The rank `r = ceil(level (n + 1))` of the ends of intervals.
    ///
    /// # Errors
    /// If the level is below 0.5, where intervals may be empty, or above `n / (n + 1)`, where they have no end.
    pub fn rank(&self, level: f64) -> Result<usize, ConformalError> {
        let rows = self.rows();
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

    /// The intervals CV+ for rows of which the mean of the members of each fold is known: a tensor `m_k(x)` of
    /// (samples, outputs) for each fold.
    ///
    /// # Errors
    /// As [`CrossConformal::rank`].
    ///
    /// # Panics
    /// If there is not one tensor for each fold, or a tensor has another shape.
    pub fn intervals(
        &self,
        level: f64,
        means: &[Tensor<f64>],
    ) -> Result<Intervals, ConformalError> {
        let rank = self.rank(level)?;
        assert_eq!(means.len(), self.folds.len(), "one tensor for each fold");
        let (samples, outputs) = (means[0].nrows(), self.output_width());
        let found: Vec<_> = means.iter().map(Tensor::shape).collect();
        assert_eq!(
            found,
            vec![(samples, outputs); means.len()],
            "means of the members of each fold"
        );
        let end = |sign: f64| {
            Tensor::from_fn(samples, outputs, |row, output| {
                let centers: Vec<(f64, f64)> = means
                    .iter()
                    .map(|mean| {
                        let mean = mean[(row, output)];
                        (sign * mean, self.scale(output).map_or(1.0, |scale| scale.at(mean)))
                    })
                    .collect();
                sign * self.smallest(rank, output, &centers)
            })
        };
        Ok(Intervals { low: end(-1.0), high: end(1.0) })
    }

    /// The r-th smallest of the residuals `R` of all folds.
    ///
    /// # Errors
    /// As [`CrossConformal::rank`].
    ///
    /// # Panics
    /// If there is no such output.
    pub fn quantile(&self, level: f64, output: usize) -> Result<f64, ConformalError> {
        Ok(self.smallest(self.rank(level)?, output, &vec![(0.0, 1.0); self.folds.len()]))
    }

    /// The intervals around the outputs `m(x)` of the whole ensemble, (samples, outputs):
    ///
    /// ```text
    /// q        the r-th smallest of all R_i
    /// high(x)  m(x) + s(m(x)) q
    /// low(x)   m(x) - s(m(x)) q
    /// ```
    /// They are narrower than those of CV+, because the mean of all members is better than the mean of the members
    /// of a fold. CV+ counts twice how far the folds are apart: in the residuals and in the means.
    ///
    /// # Errors
    /// As [`CrossConformal::rank`].
    ///
    /// # Panics
    /// If the outputs have another width.
    pub fn intervals_around(
        &self,
        level: f64,
        outputs: &Tensor<f64>,
    ) -> Result<Intervals, ConformalError> {
        assert_eq!(outputs.ncols(), self.output_width(), "columns of the outputs");
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

    /// The r-th smallest of `m + s R` of all residuals `R` of each fold, where `centers` has `(m, s)` of the fold.
    ///
    /// The number of sums up to a limit is a binary search in each fold, so a row takes some hundred
    /// comparisons instead of a sort of all sums.
    fn smallest(&self, rank: usize, output: usize, centers: &[(f64, f64)]) -> f64 {
        let rows_within = |limit: f64| -> usize {
            let of_fold = |(FoldResiduals { rows, residuals }, (center, size)): (
                &FoldResiduals,
                &(f64, f64),
            )| {
                let residuals = &residuals[output];
                let within =
                    residuals.partition_point(|residual| center + size * residual <= limit);
                rows_up_to(within, *rows, residuals.len())
            };
            self.folds.iter().zip(centers).map(of_fold).sum()
        };
        let mut smallest = f64::INFINITY;
        for (fold, (center, size)) in self.folds.iter().zip(centers) {
            let sum = |residual: &f64| center + size * residual;
            let residuals = &fold.residuals[output];
            let smaller = residuals.partition_point(|residual| sum(residual) < smallest);
            let residuals = &residuals[..smaller];
            let place = residuals.partition_point(|residual| rows_within(sum(residual)) < rank);
            if let Some(residual) = residuals.get(place) {
                smallest = sum(residual);
            }
        }
        smallest
    }
}

/// The number of residuals that are kept of a fold of some rows, for each output.
fn number_kept(rows: usize, folds: usize, outputs: usize) -> usize {
    let share = KEPT_IN_ALL / folds.saturating_mul(outputs).max(1);
    rows.min(KEPT).min(share.max(1))
}

/// The number of rows whose residuals are at most the one at a place, from 1, of those that are kept.
fn rows_up_to(place: usize, rows: usize, kept: usize) -> usize {
    if rows == kept {
        place
    } else {
        (place as u128 * rows as u128).div_ceil(kept as u128) as usize
    }
}

#[cfg(test)]
mod tests;
