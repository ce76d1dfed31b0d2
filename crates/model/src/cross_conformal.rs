//! Prediction intervals of an ensemble from residuals of rows that its members did not learn from.

use nnfs_tensor::Tensor;

use crate::ConformalError;

/// The most residuals that are kept for each fold and output.
const KEPT: usize = 1000;

/// More rows than any table has; more than a `usize` of 32 bits.
const LIMIT: u64 = 1 << 53;

/// The prediction intervals CV+ of an ensemble that was trained by cross-validation.
///
/// ```text
/// m_k(x)   the weighted mean of the members that did not learn from fold k
/// R_i      |y_i - m_k(i)(x_i)|                 for each of n training rows, where k(i) is the fold of row i
/// r        ceil(level (n + 1))
/// high(x)  the r-th smallest of m_k(i)(x) + R_i
/// low(x)   the r-th largest  of m_k(i)(x) - R_i
/// ```
/// Of rows like those of the training, a share of `level` is expected within their intervals. What is proven
/// without any assumption on the model is a share of about `2 level - 1`. All rows count equally, whatever
/// their weights were in training. Each output has its intervals by itself.
///
/// Of a fold with more than 1000 rows, 1000 residuals are kept, which are evenly spaced in their order. Each counts for
/// the rows between it and the one before, so intervals become slightly wider and never narrower.
///
/// Barber, Candès, Ramdas and Tibshirani (2021), *Predictive inference with the jackknife+*.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Unchecked"))]
pub struct CrossConformal {
    /// The fold that each member of the ensemble did not learn from.
    member_folds: Vec<usize>,
    folds: Vec<FoldResiduals>,
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
}

#[cfg(feature = "serde")]
impl TryFrom<Unchecked> for CrossConformal {
    type Error = ConformalError;

    fn try_from(Unchecked { member_folds, folds }: Unchecked) -> Result<Self, ConformalError> {
        Self { member_folds, folds }.checked()
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
        let folds = residuals.into_iter().map(|residuals| {
            let rows = residuals.nrows();
            let of_output = |output: usize| {
                let mut all: Vec<f64> = residuals.column(output).iter().map(|r| r.abs()).collect();
                all.sort_by(f64::total_cmp);
                let kept = rows.min(KEPT);
                (1..=kept).map(|place| all[rows_up_to(place, rows, kept) - 1]).collect()
            };
            FoldResiduals { rows, residuals: (0..residuals.ncols()).map(of_output).collect() }
        });
        Self { member_folds, folds: folds.collect() }.checked()
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
            let kept = (*rows).clamp(1, KEPT);
            for of_output in residuals {
                if of_output.len() != kept {
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

    /// The residuals of a fold that are kept for an output, in ascending order, each with the number of rows
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

    /// The intervals for rows of which the mean of the members of each fold is known: a tensor `m_k(x)` of
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
                sign * self.smallest(rank, output, |fold| sign * means[fold][(row, output)])
            })
        };
        Ok(Intervals { low: end(-1.0), high: end(1.0) })
    }

    /// The r-th smallest of `center(k) + R` of all residuals `R` of each fold `k`.
    ///
    /// The number of sums up to a limit is a binary search in each fold, so a row takes some hundred
    /// comparisons instead of a sort of all sums.
    fn smallest(&self, rank: usize, output: usize, center: impl Fn(usize) -> f64) -> f64 {
        let rows_within = |limit: f64| -> usize {
            let of_fold = |(fold, FoldResiduals { rows, residuals }): (usize, &FoldResiduals)| {
                let (center, residuals) = (center(fold), &residuals[output]);
                let within = residuals.partition_point(|residual| center + residual <= limit);
                rows_up_to(within, *rows, residuals.len())
            };
            self.folds.iter().enumerate().map(of_fold).sum()
        };
        let mut smallest = f64::INFINITY;
        for (fold, of_fold) in self.folds.iter().enumerate() {
            let (center, residuals) = (center(fold), &of_fold.residuals[output]);
            let smaller = residuals.partition_point(|residual| center + residual < smallest);
            let residuals = &residuals[..smaller];
            let place = residuals.partition_point(|residual| rows_within(center + residual) < rank);
            if let Some(residual) = residuals.get(place) {
                smallest = center + residual;
            }
        }
        smallest
    }
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
mod tests {
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};

    use super::*;

    /// Sorts all sums.
    fn sorted(conformal: &CrossConformal, rank: usize, means: &[f64], sign: f64) -> f64 {
        let mut sums: Vec<f64> = (0..means.len())
            .flat_map(|fold| {
                let residuals = conformal.residuals(fold, 0);
                residuals
                    .flat_map(move |(residual, rows)| vec![means[fold] + sign * residual; rows])
            })
            .collect();
        sums.sort_by(|a, b| (sign * a).total_cmp(&(sign * b)));
        sums[rank - 1]
    }

    #[test]
    fn ends_are_those_of_a_sort_and_grow_with_the_level() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for rows in [1, 2, 7, 40, 999, 1000, 1001, 2750] {
            let mut fold = |rows| Tensor::from_fn(rows, 1, |_, _| rng.random_range(-1.0..1.0));
            let residuals = [fold(rows), fold(rows.div_ceil(2)), fold(rows)];
            let conformal = CrossConformal::fit(vec![2, 0, 1, 1], residuals).unwrap();
            for _ in 0..20 {
                let means: Vec<f64> = (0..3).map(|_| rng.random_range(-1.0..1.0)).collect();
                let tensors: Vec<_> =
                    means.iter().map(|&m| Tensor::from_element(1, 1, m)).collect();
                let mut before = (f64::INFINITY, f64::NEG_INFINITY);
                for level in [0.5, 0.55, 0.6, 0.8, 0.9, 0.95, 0.999] {
                    let Ok(rank) = conformal.rank(level) else { continue };
                    let Intervals { low, high } = conformal.intervals(level, &tensors).unwrap();
                    assert_eq!(low[0], sorted(&conformal, rank, &means, -1.0), "{rows} {level}");
                    assert_eq!(high[0], sorted(&conformal, rank, &means, 1.0), "{rows} {level}");
                    assert!(low[0] <= high[0] && low[0] <= before.0 && high[0] >= before.1);
                    before = (low[0], high[0]);
                }
            }
        }
    }

    #[test]
    fn many_residuals_are_thinned_and_count_for_all_rows() {
        let all = Tensor::from_fn(2500, 1, |row, _| (row + 1) as f64);
        let conformal = CrossConformal::fit(vec![0], [all]).unwrap();
        let kept: Vec<_> = conformal.residuals(0, 0).collect();
        assert_eq!((kept[0], kept[1], kept[999]), ((3.0, 3), (5.0, 2), (2500.0, 2)));
        assert_eq!(kept.iter().map(|(_, rows)| rows).sum::<usize>(), 2500);
        assert_eq!(conformal.rank(0.9).unwrap(), 2251);
    }

    #[test]
    fn a_level_is_within_what_the_rows_allow() {
        let conformal = CrossConformal::fit(vec![0], [Tensor::zeros(99, 1)]).unwrap();
        let ranks = [0.5, 0.55, 0.57, 0.9, 0.99].map(|level| conformal.rank(level).unwrap());
        assert_eq!(ranks, [50, 55, 57, 90, 99]);
        for level in [-1.0, 0.0, 0.49, 0.991, 1.0, 90.0, f64::NAN, f64::INFINITY] {
            let error = conformal.rank(level).unwrap_err();
            assert!(matches!(error, ConformalError::Level { rows: 99, .. }), "{error}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let zeros = Tensor::<f64>::zeros;
        for (members, residuals) in [
            (vec![], vec![]),
            (vec![0], vec![]),
            (vec![0, 2], vec![zeros(3, 1), zeros(3, 1)]),
            (vec![0, 0], vec![zeros(3, 1), zeros(3, 1)]),
            (vec![0, 1], vec![zeros(3, 1), zeros(3, 2)]),
            (vec![0, 1], vec![zeros(3, 1), zeros(0, 1)]),
            (vec![0], vec![zeros(3, 0)]),
            (vec![0], vec![Tensor::from_element(3, 1, f64::NAN)]),
        ] {
            assert!(CrossConformal::fit(members, residuals).is_err());
        }
    }
}
