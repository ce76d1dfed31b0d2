//! Residuals in the file of a model.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{CrossConformal, LIMIT, number_kept, rows_up_to};
use crate::{ConformalError, ResidualScale};

/// The fields of a [`CrossConformal`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fields {
    #[serde(default)]
    rows: usize,
    #[serde(default)]
    residuals: Vec<Vec<f64>>,
    #[serde(default)]
    scales: Vec<Option<ResidualScale>>,
    /// Instead of rows and residuals, in files that were written before 0.2.0 was released.
    #[serde(default)]
    folds: Vec<Fold>,
    /// In the same files, the fold of each member. It is not needed.
    #[serde(default, rename = "member_folds")]
    _member_folds: IgnoredAny,
}

/// The residuals of the rows of a fold, thinned like those of a [`CrossConformal`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fold {
    rows: usize,
    residuals: Vec<Vec<f64>>,
}

impl TryFrom<Fields> for CrossConformal {
    type Error = ConformalError;

    fn try_from(fields: Fields) -> Result<Self, ConformalError> {
        let Fields { rows, residuals, scales, folds, .. } = fields;
        let (rows, residuals) = match (rows, residuals.is_empty(), folds.is_empty()) {
            (0, true, false) => merged(&folds)?,
            (_, _, true) => (rows, residuals),
            (..) => {
                let expected = "either rows and residuals, or folds".to_owned();
                return Err(ConformalError::Residuals { expected, found: "both".to_owned() });
            }
        };
        Self { rows, residuals, scales }.checked()
    }
}

/// The number of rows of all folds, and their residuals together.
fn merged(folds: &[Fold]) -> Result<(usize, Vec<Vec<f64>>), ConformalError> {
    let wrong = |expected: &str, found: String| ConformalError::Residuals {
        expected: expected.to_owned(),
        found,
    };
    let outputs = folds[0].residuals.len();
    let mut rows: usize = 0;
    for (index, fold) in folds.iter().enumerate() {
        let lengths = fold.residuals.iter().map(Vec::len);
        let is_possible = |kept: usize| (1..=fold.rows).contains(&kept);
        if fold.residuals.len() != outputs || !lengths.clone().all(is_possible) {
            let lengths: Vec<usize> = lengths.collect();
            let found = format!("{lengths:?} for {} rows of fold {index} (from 0)", fold.rows);
            return Err(wrong("residuals of each output, at most one for each row", found));
        }
        let all = || fold.residuals.iter();
        if !all().flatten().all(|it| it.is_finite() && *it >= 0.0)
            || !all().all(|it| it.is_sorted())
        {
            let found = format!("others in fold {index} (from 0)");
            return Err(wrong("finite numbers of at least 0 in ascending order", found));
        }
        rows = rows.saturating_add(fold.rows);
    }
    if rows as u64 >= LIMIT {
        return Err(wrong("those of 1 to 2^53 rows", format!("{rows} rows")));
    }
    let kept = number_kept(rows, outputs);
    let of_output = |output: usize| {
        // Each residual, and the number of rows that it counts for.
        let of_fold = |Fold { rows, residuals }: &Fold| {
            let residuals = residuals[output].clone();
            let (rows, kept) = (*rows, residuals.len());
            let count =
                move |place| rows_up_to(place + 1, rows, kept) - rows_up_to(place, rows, kept);
            residuals.into_iter().enumerate().map(move |(place, it)| (it, count(place)))
        };
        let mut all: Vec<(f64, usize)> = folds.iter().flat_map(of_fold).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut sum = 0;
        for (_, count) in &mut all {
            sum += *count;
            *count = sum;
        }
        let at = |rank: usize| all[all.partition_point(|&(_, rows_up_to)| rows_up_to < rank)].0;
        (1..=kept).map(|place| at(rows_up_to(place, rows, kept))).collect()
    };
    Ok((rows, (0..outputs).map(of_output).collect()))
}
