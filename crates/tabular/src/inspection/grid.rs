//! The values that a column is set to.

use std::cmp::Reverse;
use std::ops::Range;

use nnfs::datasets::{Coding, Labels, Table};
use nnfs::prelude::*;

use super::DependenceSettings;

/// The values that a column is set to, one after the other.
#[derive(Debug, Clone, PartialEq)]
pub enum Grid {
    /// Numbers, in ascending order.
    Numbers(Vec<f64>),
    /// Dates or times of the table, in ascending order.
    Dates {
        /// Days since 1970-01-01, or since midnight for times without a date.
        days: Vec<f64>,
        /// The dates as the table has them.
        texts: Vec<String>,
    },
    /// Categories; `""` is a missing value.
    Categories(Vec<String>),
}

impl Grid {
    /// The number of values.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Dates { days, .. } => days.len(),
            Self::Categories(names) => names.len(),
        }
    }

    /// Whether the grid is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A grid, and the inputs of the column at each of its values.
pub(super) struct EncodedGrid {
    pub(super) grid: Grid,
    pub(super) inputs: Vec<Vec<f64>>,
}

impl EncodedGrid {
    /// The grid of a column with these inputs in the rows of a table.
    pub(super) fn of(
        table: &Table,
        column: usize,
        coding: &Coding,
        inputs: &Tensor<f64>,
        range: Range<usize>,
        settings: &DependenceSettings,
    ) -> Option<Self> {
        let numbers = |input: usize| -> Vec<f64> {
            let mut numbers: Vec<f64> = inputs.column(input).iter().copied().collect();
            numbers.retain(|number| number.is_finite());
            numbers.sort_by(f64::total_cmp);
            numbers
        };
        Some(match coding {
            Coding::Number | Coding::NumberOrMissing => {
                let grid = of_numbers(&numbers(range.start), settings);
                // The second input is 1 where the number is missing.
                let of = |&number: &f64| [number, 0.0][..range.len()].to_vec();
                Self { inputs: grid.iter().map(of).collect(), grid: Grid::Numbers(grid) }
            }
            Coding::ConstantOrMissing { value } => {
                let names = vec![value.clone(), String::new()];
                Self { grid: Grid::Categories(names), inputs: vec![vec![0.0], vec![1.0]] }
            }
            Coding::OneHot(labels) => of_categories(labels, None, inputs, range, settings),
            Coding::OneHotOrOther { frequent, .. } => {
                let is_taken = frequent.index("other").is_some();
                let other = if is_taken { "(other)" } else { "other" };
                of_categories(frequent, Some(other), inputs, range, settings)
            }
            Coding::Date(_) => of_dates(table, column, inputs, range, settings),
            _ => return None,
        })
        .filter(|found: &Self| !found.grid.is_empty())
    }
}

/// All different numbers, or `resolution` equidistant ones between two percentiles if there are as many.
fn of_numbers(sorted: &[f64], settings: &DependenceSettings) -> Vec<f64> {
    let resolution = settings.resolution.get();
    let mut different = sorted.to_vec();
    different.dedup();
    if different.len() < resolution.max(2) {
        return different;
    }
    let [low, high] = settings.percentiles.map(|share| percentile(sorted, share));
    // Almost all rows may have the same number; then the grid has the others too.
    let is_narrow = high - low <= 1e-8 + 1e-5 * high.abs();
    let (low, high) = if is_narrow { (sorted[0], sorted[sorted.len() - 1]) } else { (low, high) };
    let step = (high - low) / (resolution - 1).max(1) as f64;
    let at = |point: usize| if point + 1 == resolution { high } else { low + point as f64 * step };
    (0..resolution).map(at).collect()
}

/// The quantile of sorted numbers, as `scipy.stats.mstats.mquantiles` computes it:
///
/// ```text
/// h = 0.4 + 0.2 q + n q      k = the integer part of h, within 1, ..., n - 1
/// quantile = (1 - h + k) x_k + (h - k) x_{k+1}      h - k within 0, ..., 1
/// ```
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let count = sorted.len();
    if count == 1 {
        return sorted[0];
    }
    let place = 0.4 + 0.2 * share + count as f64 * share;
    let below = place.clamp(1.0, (count - 1) as f64).floor();
    let fraction = (place - below).clamp(0.0, 1.0);
    let index = below as usize;
    (1.0 - fraction) * sorted[index - 1] + fraction * sorted[index]
}

/// The categories in their order, and last the input that the rare ones share; if there are more than
/// `resolution`, those that most rows have.
fn of_categories(
    labels: &Labels,
    other: Option<&str>,
    inputs: &Tensor<f64>,
    range: Range<usize>,
    settings: &DependenceSettings,
) -> EncodedGrid {
    let width = range.len();
    let mut kept: Vec<usize> = (0..width).collect();
    kept.sort_by_key(|&index| Reverse(inputs.column(range.start + index).sum() as usize));
    kept.truncate(settings.resolution.get());
    kept.sort_unstable();
    let names = labels.names().iter().map(String::as_str).chain(other);
    let names: Vec<&str> = names.collect();
    let one_hot = |&index: &usize| {
        let mut inputs = vec![0.0; width];
        inputs[index] = 1.0;
        inputs
    };
    EncodedGrid {
        grid: Grid::Categories(kept.iter().map(|&index| names[index].to_owned()).collect()),
        inputs: kept.iter().map(one_hot).collect(),
    }
}

/// Dates of the table, at equidistant ranks between two percentiles. They are dates of the table because the
/// position in the week and in the year belongs to the date.
fn of_dates(
    table: &Table,
    column: usize,
    inputs: &Tensor<f64>,
    range: Range<usize>,
    settings: &DependenceSettings,
) -> EncodedGrid {
    // The first input is the number of days.
    let days = inputs.column(range.start);
    let mut rows: Vec<usize> = (0..table.rows()).filter(|&row| days[row].is_finite()).collect();
    rows.sort_by(|&a, &b| days[a].total_cmp(&days[b]));
    rows.dedup_by(|a, b| days[*a] == days[*b]);
    let resolution = settings.resolution.get();
    if rows.len() > resolution {
        let [low, high] = settings.percentiles.map(|share| share * (rows.len() - 1) as f64);
        let step = (high - low) / (resolution - 1).max(1) as f64;
        let mut ranks: Vec<usize> =
            (0..resolution).map(|point| (low + point as f64 * step).round() as usize).collect();
        ranks.dedup();
        rows = ranks.into_iter().map(|rank| rows[rank]).collect();
    }
    let of_row = |&row: &usize| range.clone().map(|input| inputs[(row, input)]).collect();
    EncodedGrid {
        inputs: rows.iter().map(of_row).collect(),
        grid: Grid::Dates {
            days: rows.iter().map(|&row| days[row]).collect(),
            texts: rows.iter().map(|&row| table.value(row, column).into_owned()).collect(),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;

    fn settings(resolution: usize) -> DependenceSettings {
        let resolution = NonZeroUsize::new(resolution).unwrap();
        DependenceSettings { resolution, ..DependenceSettings::default() }
    }

    /// `mquantiles(range(1, 12), [0.05, 0.5, 0.95])` of SciPy.
    #[test]
    fn percentiles_are_those_of_scipy() {
        let sorted: Vec<f64> = (1..12).map(f64::from).collect();
        let found = [0.05, 0.5, 0.95].map(|share| percentile(&sorted, share));
        let expected = [1.0, 6.0, 11.0];
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn few_numbers_are_all_in_the_grid_and_many_are_between_percentiles() {
        assert_eq!(of_numbers(&[1.0, 1.0, 2.0, 5.0], &settings(4)), [1.0, 2.0, 5.0]);
        let many: Vec<f64> = (0..=100).map(f64::from).collect();
        let grid = of_numbers(&many, &settings(5));
        assert_eq!(grid.len(), 5);
        assert!(grid[0] > 4.0 && grid[4] < 96.0, "{grid:?}");
        assert!((grid[2] - 50.0).abs() < 1e-9, "{grid:?}");
    }

    #[test]
    fn a_number_that_almost_all_rows_have_does_not_hide_the_others() {
        let numbers: Vec<f64> =
            std::iter::repeat_n(0.0, 990).chain((1..11).map(f64::from)).collect();
        assert_eq!(of_numbers(&numbers, &settings(3)), [0.0, 5.0, 10.0]);
    }
}
