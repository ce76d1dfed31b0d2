//! Numbers that lie far from all others.

use std::collections::HashSet;

use nnfs::datasets::{Bulk, Columns, Encoder, Place, Selector, Table, Target};

use crate::explained::explained;
use crate::missing_codes::{Code, Holds};
use crate::{Error, Warning};

/// What to do about outliers: numbers that lie far from all others of their column in the training
/// rows. [`Bulk`] has the definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Outliers {
    /// They do not decide what the network learns. An outlier of an input does not count for the scale of
    /// its column, and is taken as the nearer of two limits outside the other numbers. A training row or
    /// validation row whose target is an outlier is left out, unless a linear model predicts it from other rows. Each column with outliers is reported in a
    /// [`Warning`].
    #[default]
    Limit,
    /// They are numbers like all others.
    Keep,
}

/// The outliers of a column: the first, and how many there are.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) first: Option<(Place, String)>,
    pub(crate) count: usize,
}

impl Found {
    /// Adds the outliers in these rows of a table.
    pub(crate) fn add(&mut self, table: &Table, name: &str, rows: &[usize]) -> Result<(), Error> {
        self.count += rows.len();
        let Some(&row) = rows.first() else { return Ok(()) };
        if self.first.as_ref().is_none_or(|(place, _)| table.line(row) < place.line) {
            let column = table.column(&Selector::from(name))?;
            let found = AsRef::<str>::as_ref(&table.value(row, column)).to_owned();
            self.first = Some((table.place(row, column), found));
        }
        Ok(())
    }
}

/// Leaves out training rows and validation rows whose target is an outlier that the inputs do not explain. Gives one
/// warning for each target with such outliers in them, one for each with outliers in the test rows, and one for each number of a
/// target that marks missing values.
///
/// # Errors
/// [`Error::ValidationOutliers`] if no validation row is left.
pub(crate) fn leave_out(
    (table, columns, target): (&Table, &Columns, &Target),
    [train, validation]: [&mut Vec<usize>; 2],
    test: &[usize],
    outliers: Outliers,
) -> Result<Vec<Warning>, Error> {
    let Target::Numbers(names) = target else { return Ok(Vec::new()) };
    if outliers == Outliers::Keep {
        return Ok(Vec::new());
    }
    let (mut warnings, mut far_rows) = (Vec::new(), HashSet::new());
    for name in names {
        let column = table.column(&Selector::from(name.as_str()))?;
        let numbers = |rows: &[usize]| -> Result<Vec<f64>, Error> {
            Ok(rows.iter().map(|&row| table.number(row, column)).collect::<Result<_, _>>()?)
        };
        let bulk = Bulk::of(&numbers(train)?);
        let far_of = |rows: &[usize]| -> Result<Vec<usize>, Error> {
            let far = outlier_rows(&bulk, &numbers(rows)?);
            Ok(far.into_iter().map(|index| rows[index]).collect())
        };
        let rows = [train.as_slice(), validation].concat();
        let numbers_of_rows = numbers(&rows)?;
        let mut far = outlier_rows(&bulk, &numbers_of_rows);
        if !far.is_empty() {
            let encoder = Encoder::fit_rows(table, &rows, columns, target.clone())?;
            let of_rows = (&*numbers_of_rows, &*far);
            let explained = explained(table, &encoder, &rows, of_rows, bulk.median())?;
            far.retain(|index| !explained.contains(index));
        }
        let mut far: Vec<usize> = far.into_iter().map(|index| rows[index]).collect();
        far.sort_unstable();
        let mut found = Found::default();
        found.add(table, name, &far)?;
        far_rows.extend(far);
        if let Found { first: Some((place, found)), count } = found {
            warnings.push(Warning::TargetOutliers { place, found, count });
        }
        let mut found = Found::default();
        found.add(table, name, &far_of(test)?)?;
        if let Found { first: Some((place, found)), count } = found {
            warnings.push(Warning::TestOutliers { place, found, count });
        }
        for mut code in Code::find(&numbers(train)?, Holds::Numbers) {
            for part in [train.as_slice(), validation, test] {
                let rows = code.rows(&numbers(part)?);
                let rows: Vec<usize> = rows.into_iter().map(|index| part[index]).collect();
                code.add(table, name, &rows)?;
            }
            warnings.extend(code.warning(true));
        }
    }
    let (first, rows) = (validation.first().copied(), validation.len());
    train.retain(|row| !far_rows.contains(row));
    validation.retain(|row| !far_rows.contains(row));
    if let (Some(row), true) = (first, validation.is_empty()) {
        let column = table.column(&Selector::from(names[0].as_str()))?;
        return Err(Error::ValidationOutliers { place: table.place(row, column), rows });
    }
    Ok(warnings)
}

/// The rows whose number is an outlier.
pub(crate) fn outlier_rows(bulk: &Bulk, numbers: &[f64]) -> Vec<usize> {
    let far = numbers.iter().enumerate().filter(|(_, number)| bulk.is_outlier(**number));
    far.map(|(row, _)| row).collect()
}

#[cfg(test)]
mod tests {
    use nnfs::datasets::Scale;
    use nnfs::files::Scaler;
    use nnfs::prelude::*;

    use super::*;
    use crate::watcher::EachEpoch;
    use crate::{Control, Fitted, Regressor, Settings};

    /// y = 2 x + z, for 200 rows, with other texts in some places.
    fn table(changes: &[(usize, usize, &str)]) -> Table {
        let rows = (0..200).map(|row| {
            let x = (f64::from(row) * 0.61).sin();
            let z = (f64::from(row) * 1.37).cos();
            [x, z, 2.0 * x + z].map(|number| number.to_string())
        });
        let mut rows: Vec<_> = rows.collect();
        for &(row, column, text) in changes {
            rows[row][column] = text.to_owned();
        }
        Table::from_rows("data", &["x", "z", "y"], rows).unwrap()
    }

    /// The fitted network, the warnings, and R2 for 200 rows without outliers.
    fn fitted(learner: &Regressor, table: &Table) -> (Fitted, Vec<Warning>, f64) {
        let training = learner.prepare::<f32>(table).unwrap();
        let warnings = training.warnings().to_vec();
        let fitted = training.fit(&mut EachEpoch(|_: &_| Control::Continue)).unwrap();
        let clean = self::table(&[]);
        let r2 = fitted.predictor().score(&clean).unwrap().get("r2").unwrap();
        (fitted, warnings, r2)
    }

    fn regressor() -> Regressor {
        Regressor::new("y").settings(Settings::plain()).epochs(60).learning_rate(0.01)
    }

    /// Whether a row is a training row, with these settings.
    fn is_training_row(row: usize) -> bool {
        let table = table(&[]);
        let training = regressor().prepare::<f32>(&table).unwrap();
        let train = training.parts().train();
        (0..train.rows()).any(|it| train.line(it) == table.line(row))
    }

    fn rows_of_part(train: bool) -> Vec<usize> {
        (0..200).filter(|&row| is_training_row(row) == train).take(3).collect()
    }

    #[test]
    fn a_training_row_whose_target_is_an_outlier_is_left_out() {
        let [first, second, _] = rows_of_part(true)[..] else { panic!("160 training rows") };
        let table = table(&[(first, 2, "1e6"), (second, 2, "-40000")]);
        let (fitted, warnings, r2) = fitted(&regressor(), &table);
        assert!(r2 > 0.999, "{r2}");
        assert_eq!(fitted.report().contents.train, 158);
        let [Warning::TargetOutliers { place, found, count: 2 }] = &warnings[..] else {
            panic!("{warnings:?}")
        };
        assert_eq!((place.line, found.as_str()), (first + 1, "1e6"));
        // Only the outliers were left out: the rest is the same training.
        let kept = regressor().outliers(Outliers::Keep);
        let (kept, warnings, r2) = self::fitted(&kept, &table);
        assert!(warnings.is_empty() && r2 < 0.5, "{warnings:?} {r2}");
        assert_eq!(kept.report().contents.train, 160);
    }

    /// y = x + 10 flag, where the flag is 1 in 6 of 400 rows. `change` gives rows another target.
    fn flags(change: impl Fn(usize) -> Option<f64>) -> Table {
        let rows = (0..400).map(|row| {
            let (x, flag) = ((row as f64 * 0.618_034).fract(), f64::from(u8::from(row % 67 == 5)));
            [x, flag, change(row).unwrap_or(x + 10.0 * flag)].map(|number| number.to_string())
        });
        Table::from_rows("flags", &["x", "flag", "y"], rows).unwrap()
    }

    #[test]
    fn outliers_that_an_input_explains_are_learned() {
        let table = flags(|_| None);
        let training = regressor().prepare::<f32>(&table).unwrap();
        let warnings = training.warnings();
        let is_dropped = |it: &Warning| matches!(it, Warning::TargetOutliers { .. });
        assert!(!warnings.iter().any(is_dropped), "{warnings:?}");
        assert_eq!(training.parts().train().rows(), 320);
        let fitted = training.fit(&mut EachEpoch(|_: &_| Control::Continue)).unwrap();
        let r2 = fitted.predictor().score(&table).unwrap().get("r2").unwrap();
        assert!(r2 > 0.99, "{r2}");
    }

    #[test]
    fn an_error_among_outliers_that_are_explained_is_left_out() {
        let learner = || regressor().test_fraction(0.0);
        let training = learner().prepare::<f32>(&flags(|row| (row == 100).then_some(15.0)));
        let training = training.unwrap();
        let [Warning::TargetOutliers { place, count: 1, .. }] = training.warnings() else {
            panic!("{:?}", training.warnings())
        };
        assert_eq!((place.line, training.parts().train().rows()), (101, 399));
        // Nothing explains any of these.
        let is_far = |row: usize| (row % 67 == 4).then_some(-1e9);
        let training = learner().prepare::<f32>(&flags(is_far)).unwrap();
        assert_eq!(training.parts().train().rows(), 394);
    }

    #[test]
    fn what_only_left_out_rows_have_becomes_no_input() {
        let row = rows_of_part(true)[0];
        let mut rows: Vec<_> = (0..200)
            .map(|row| {
                let x = (row as f64 * 0.618_034).fract();
                [x.to_string(), "0".to_owned(), "a".to_owned(), "5".to_owned(), x.to_string()]
            })
            .collect();
        rows[row] = ["0.5", "1", "b", "", "1e6"].map(str::to_owned);
        let table = Table::from_rows("data", &["x", "flag", "word", "gap", "y"], rows).unwrap();
        let training = regressor().prepare::<f32>(&table).unwrap();
        assert_eq!(training.parts().encoder().input_names(), ["x"]);
    }

    #[test]
    fn validation_rows_that_are_all_outliers_are_refused() {
        let learner = || regressor().test_fraction(0.0).validation_fraction(0.01);
        let training = learner().prepare::<f32>(&table(&[])).unwrap();
        let validation = training.parts().validation().unwrap();
        let lines: Vec<usize> = (0..validation.rows()).map(|row| validation.line(row)).collect();
        let changes: Vec<_> = lines.iter().map(|line| (line - 1, 2, "1e6")).collect();
        let error = learner().prepare::<f32>(&table(&changes)).unwrap_err();
        let Error::ValidationOutliers { place, rows } = error else { panic!("{error}") };
        assert_eq!((place.line, rows), (lines[0], lines.len()));
    }

    #[test]
    fn an_outlier_of_an_input_does_not_decide_its_scale() {
        let row = rows_of_part(true)[0];
        let table = table(&[(row, 1, "1e12")]);
        let (fitted, warnings, r2) = fitted(&regressor(), &table);
        assert!(r2 > 0.999, "{r2}");
        assert!(matches!(warnings[..], [Warning::InputOutliers { count: 1, .. }]), "{warnings:?}");
        let scaler = fitted.predictor().pipeline().input_scaler().unwrap();
        assert!(matches!(scaler, Scaler::Clipped(_)));
        assert!(scaler.scale(1, 1e300) < 10.0);
        // It is saved with the model.
        let bytes = fitted.predictor().pipeline().to_bytes().unwrap();
        let loaded = crate::Predictor::from_bytes(&bytes).unwrap();
        assert_eq!(loaded.pipeline().input_scaler(), Some(scaler));
        assert_eq!(loaded.predict(&table).unwrap(), fitted.predictor().predict(&table).unwrap());
    }

    #[test]
    fn outliers_among_test_rows_alone_are_limited_too() {
        let [input, target, _] = rows_of_part(false)[..] else { panic!("40 test rows") };
        let clean = fitted(&regressor(), &self::table(&[])).0;
        let table = table(&[(input, 0, "1e30"), (target, 2, "1e6")]);
        let (fitted, warnings, r2) = fitted(&regressor(), &table);
        assert!(r2 > 0.999, "{r2}");
        let [Warning::TestOutliers { .. }, Warning::InputOutliers { high, .. }] = warnings[..]
        else {
            panic!("{warnings:?}")
        };
        assert!(high < 10.0);
        // The network is the same: the training rows are.
        let predict = |fitted: &Fitted| fitted.predictor().predict(&self::table(&[])).unwrap();
        assert_eq!(predict(&fitted).values(), predict(&clean).values());
    }

    #[test]
    fn a_table_without_outliers_has_a_standard_scaler() {
        let fitted = fitted(&regressor(), &table(&[]));
        assert!(fitted.1.is_empty());
        let pipeline = fitted.0.predictor().pipeline();
        assert!(matches!(pipeline.input_scaler(), Some(Scaler::Standard(_))));
    }
}
