//! The scales of the inputs, each taken from its column in the training rows.

use nnfs::datasets::{Bulk, ClippedScaler, Encoder, StandardScaler, Table};
use nnfs::files::Scaler;
use nnfs::prelude::*;

use crate::missing_codes::{Code, Holds};
use crate::outliers::{Found, Outliers, outlier_rows};
use crate::parallel::for_each_input;
use crate::{Error, Warning};

/// The scale of one input.
#[derive(Debug)]
pub(crate) struct FittedInput {
    /// It scales a single column.
    pub(crate) scaler: Scaler,
    bulk: Option<Bulk>,
    mean: f64,
    /// What the numbers are divided by.
    deviation: f64,
    /// The standard deviation.
    spread: f64,
    found: Found,
    codes: Vec<Code>,
}

/// How inputs are scaled that are 0 or 1 in every training row, such as categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ZeroOne {
    /// As numbers are: to mean 0 and deviation 1. A category of one row in 400 is then 0 or 20, which is
    /// far outside the range of the other inputs.
    Standardize,
    /// To mean 0; they are still 1 apart. A rare category has then no more influence than a frequent
    /// one. A. Gelman, Scaling regression inputs by dividing by two standard deviations (2008), leaves
    /// them unscaled, too.
    Center,
}

/// The scale of the inputs, taken from their columns one after another.
#[derive(Debug)]
pub(crate) struct InputScales {
    zero_one: ZeroOne,
    /// One for each input. Without them, outliers are kept.
    bulks: Option<Vec<Bulk>>,
    means: Vec<f64>,
    deviations: Vec<f64>,
    spreads: Vec<f64>,
    found: Vec<Found>,
    /// Numbers of each input that mark missing values.
    codes: Vec<Vec<Code>>,
    holds: Vec<Option<Holds>>,
    /// The column of the table from which each input comes.
    names: Vec<String>,
}

impl InputScales {
    pub(crate) fn new(encoder: &Encoder, outliers: Outliers, zero_one: ZeroOne) -> Self {
        let names = encoder.input_columns().iter();
        let names = names.flat_map(|it| std::iter::repeat_n(it.name.clone(), it.coding.width()));
        let mut names: Vec<String> = names.collect();
        // The input of constant columns.
        names.resize(encoder.input_width(), String::new());
        let bulks = (outliers == Outliers::Limit).then(Vec::new);
        let (means, deviations, spreads) = (Vec::new(), Vec::new(), Vec::new());
        let (found, codes) = (Vec::new(), Vec::new());
        let holds = Holds::of_inputs(encoder.input_columns());
        let holds = holds.map(|it| it.map(|(_, holds)| holds)).collect();
        Self { zero_one, bulks, means, deviations, spreads, found, codes, holds, names }
    }

    /// Fits the scale of an input to the numbers of the training rows.
    pub(crate) fn fit(
        &self,
        table: &Table,
        index: usize,
        numbers: &[f64],
    ) -> Result<FittedInput, Error> {
        let mut column = Tensor::from_column_slice(numbers.len(), 1, numbers);
        let mut limits = None;
        let mut found = Found::default();
        let bulk = self.bulks.is_some().then(|| Bulk::of_with_codes(numbers));
        let far = bulk.map_or_else(Vec::new, |bulk| outlier_rows(&bulk, numbers));
        far.iter().for_each(|&row| column[row] = f64::NAN);
        let mut standard = StandardScaler::fit(&column)?;
        let spread = standard.deviations()[0];
        // NaN is a missing number or an outlier.
        let is_zero_one = || column.iter().all(|&x| x.is_nan() || x == 0.0 || x == 1.0);
        if self.zero_one == ZeroOne::Center && is_zero_one() {
            standard = StandardScaler::from_parts(standard.means().to_vec(), vec![1.0])?;
        }
        let (mean, deviation) = (standard.means()[0], standard.deviations()[0]);
        if let Some(bulk) = &bulk {
            found.add(table, &self.names[index], &far)?;
            if !far.is_empty() {
                limits = Some(ClippedScaler::limits_of(bulk, spread));
            }
        }
        let mut codes = match self.holds.get(index) {
            Some(&Some(holds)) if bulk.is_some() => Code::find(numbers, holds),
            _ => Vec::new(),
        };
        codes.iter_mut().try_for_each(|code| {
            let rows = code.rows(numbers);
            code.add(table, &self.names[index], &rows)
        })?;
        let scaler = match limits {
            None => standard.into(),
            limits => ClippedScaler::from_parts(standard, vec![limits])?.into(),
        };
        Ok(FittedInput { scaler, bulk, mean, deviation, spread, found, codes })
    }

    /// Adds the scale of the next input.
    pub(crate) fn add(&mut self, fitted: FittedInput) {
        if let (Some(bulks), Some(bulk)) = (&mut self.bulks, fitted.bulk) {
            bulks.push(bulk);
        }
        self.found.push(fitted.found);
        self.codes.push(fitted.codes);
        self.means.push(fitted.mean);
        self.deviations.push(fitted.deviation);
        self.spreads.push(fitted.spread);
    }

    /// Looks for outliers among held-out rows, and for the codes of the training rows. They change no scale, but
    /// columns with outliers get limits.
    pub(crate) fn look_at(&mut self, encoder: &Encoder, table: &Table) -> Result<(), Error> {
        let Some(bulks) = &self.bulks else { return Ok(()) };
        let mut nothing = Tensor::<f64>::zeros(0, encoder.input_width());
        let far = for_each_input(encoder, table, &mut nothing, |index, numbers, _| {
            let codes = self.codes[index].iter().map(|code| code.rows(numbers));
            Ok((outlier_rows(&bulks[index], numbers), codes.collect::<Vec<_>>()))
        })?;
        for (index, (far, with_code)) in far.iter().enumerate() {
            let name = &self.names[index];
            self.found[index].add(table, name, far)?;
            for (code, rows) in self.codes[index].iter_mut().zip(with_code) {
                code.add(table, name, rows)?;
            }
        }
        Ok(())
    }

    /// The scaler of all inputs, with limits for those that have outliers, and a warning for each number, date or time
    /// among them and for each code.
    pub(crate) fn finish(self) -> Result<(Scaler, Vec<Warning>), Error> {
        let standard = StandardScaler::from_parts(self.means, self.deviations)?;
        let Some(bulks) = &self.bulks else { return Ok((standard.into(), Vec::new())) };
        let (mut limits, mut warnings) = (vec![None; bulks.len()], Vec::new());
        for (index, Found { first, count }) in self.found.into_iter().enumerate() {
            let Some((place, found)) = first else { continue };
            let (low, high) = ClippedScaler::limits_of(&bulks[index], self.spreads[index]);
            limits[index] = Some((low, high));
            // The input of constant columns has no entry.
            let holds = self.holds.get(index).copied();
            if holds == Some(None) {
                // A mark, or a position on a circle: the days or the time of the same cell have a warning.
                continue;
            }
            let dates = holds.flatten().and_then(Holds::dates);
            warnings.push(Warning::InputOutliers { place, found, count, low, high, dates });
        }
        let has_limits = limits.iter().any(Option::is_some);
        warnings.extend(self.codes.into_iter().flatten().filter_map(|code| code.warning(false)));
        Ok(match has_limits {
            false => (standard.into(), warnings),
            true => (ClippedScaler::from_parts(standard, limits)?.into(), warnings),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Classifier, Recipe, Settings};

    /// Column "rare" is 1 in one of 100 rows and once missing, and "x" is any number.
    fn deviations(recipe: Recipe) -> Vec<f64> {
        let row = |row: usize| {
            let (rare, class) = (u8::from(row == 60), if row < 50 { "low" } else { "high" });
            let rare = if row == 7 { String::new() } else { rare.to_string() };
            [format!("{}", row as f64 * 0.1), rare, class.to_owned()]
        };
        let rows: Vec<_> = (0..100).map(row).collect();
        let table = Table::from_rows("data", &["x", "rare", "class"], rows).unwrap();
        let settings =
            Settings { recipe, test_fraction: 0.0, epochs: Some(1), ..Settings::plain() };
        let fitted = Classifier::new("class").settings(settings).fit(&table).unwrap();
        match fitted.predictor().pipeline().input_scaler() {
            Some(Scaler::Standard(scaler)) => scaler.deviations().to_vec(),
            other => panic!("expected a standard scaler, found {other:?}"),
        }
    }

    #[test]
    fn bagging_does_not_scale_inputs_of_0_and_1() {
        let (bagging, plain) =
            (deviations(Recipe::Bagging { folds: 2 }), deviations(Recipe::Plain));
        assert_eq!(bagging[0], plain[0]);
        assert_eq!(bagging[1], 1.0);
        // One of 99 numbers is 1.
        assert!((plain[1] - 98_f64.sqrt() / 99.0).abs() < 1e-12, "{plain:?}");
    }
}
