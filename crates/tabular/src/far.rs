//! Numbers that are predicted, but lie far from those of the training rows.

use nnfs::datasets::{ClippedScaler, Scale, Table};
use nnfs::files::{AnyPipeline, Scaler};
use nnfs::prelude::*;

use crate::missing_codes::Holds;
use crate::parallel::for_each_input;
use crate::{Error, Warning};

/// A number that lies more standard deviations from the mean than this was almost certainly not among the
/// training rows, so that the network extrapolates.
///
/// Whatever the distribution, at most 1 in 900 training rows lies that far (Chebyshev's inequality), and
/// none of at most 900 rows. A normal distribution has no row that far. A log-normal one, which is as
/// skewed as prices and incomes are (sigma = 1), has 1 in 80,000. Codes for a missing number such as -9999 and
/// wrong units (grams for kilograms) usually lie hundreds of deviations away.
pub(crate) const FAR: f64 = 30.0;

/// Where the numbers of an input are far from those of the training rows.
#[derive(Debug, Clone, Copy)]
struct Rows {
    first: usize,
    count: usize,
}

/// At most one warning for each column of numbers or dates: for a column with limits, how many numbers
/// are outside, and for another column, how many are far.
pub(crate) fn of_numbers(pipeline: &AnyPipeline, table: &Table) -> Result<Vec<Warning>, Error> {
    let Some(encoder) = pipeline.encoder() else { return Ok(Vec::new()) };
    let scaler = match pipeline.input_scaler() {
        Some(scaler @ (Scaler::Standard(_) | Scaler::Clipped(_))) => scaler,
        // The numbers are not scaled to a standard deviation.
        _ => return Ok(Vec::new()),
    };
    let columns: Vec<_> = Holds::of_inputs(encoder.input_columns()).collect();
    let limits = |input: usize| match scaler {
        Scaler::Clipped(scaler) => ClippedScaler::limits(scaler)[input],
        _ => None,
    };
    let mut nothing = Tensor::<f64>::zeros(0, encoder.input_width());
    let outside = for_each_input(encoder, table, &mut nothing, |input, numbers, _| {
        Ok(match (columns.get(input).copied().flatten(), limits(input)) {
            (None, _) => None,
            (_, Some((low, high))) => rows_where(numbers, |x| x < low || x > high),
            _ => {
                let far = FAR * spread(scaler, input);
                rows_where(numbers, |x| scaler.scale(input, x).abs() > far)
            }
        })
    })?;
    let positions: std::collections::HashMap<&str, usize> =
        table.names().enumerate().map(|(index, name)| (name, index)).collect();
    let rows = table.rows();
    let warning = |(input, outside): (usize, Option<Rows>)| {
        let Rows { first, count: cells } = outside?;
        let (column, holds) = columns[input]?;
        let name = &encoder.input_columns()[column].name;
        let column = *positions.get(name.as_str())?;
        let found = AsRef::<str>::as_ref(&table.value(first, column)).to_owned();
        let place = table.place(first, column);
        Some(match limits(input) {
            Some((low, high)) => {
                let dates = holds.dates();
                Warning::Limited { place, found, low, high, dates, cells, rows }
            }
            None => Warning::Far { place, found, cells, rows },
        })
    };
    Ok(outside.into_iter().enumerate().filter_map(warning).collect())
}

/// The standard deviation of the scaled numbers of an input. A column of 0 and 1 with mean m can have been
/// brought to mean 0 without a division; its deviation is sqrt(m (1 - m)).
fn spread(scaler: &Scaler, input: usize) -> f64 {
    let (mean, deviation) = match scaler {
        Scaler::Standard(scaler) => (scaler.means()[input], scaler.deviations()[input]),
        Scaler::Clipped(scaler) => (scaler.means()[input], scaler.deviations()[input]),
        Scaler::MinMax(_) => return 1.0,
    };
    let centered = deviation == 1.0 && mean > 0.0 && mean < 1.0;
    if centered { (mean * (1.0 - mean)).sqrt() } else { 1.0 }
}

/// The rows whose number is outside.
fn rows_where(numbers: &[f64], is_outside: impl Fn(f64) -> bool) -> Option<Rows> {
    let first = numbers.iter().position(|&x| is_outside(x))?;
    let count = numbers[first..].iter().filter(|&&x| is_outside(x)).count();
    Some(Rows { first, count })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Outliers, Predictor, Regressor};

    /// 200 rows: `x` from -1 to 1, `date` in two years, a rare word, and a rare missing number.
    fn table(changes: &[(usize, usize, &str)]) -> Table {
        let mut rows: Vec<[String; 5]> = (0..200_usize)
            .map(|row| {
                let x = (row as f64 * 0.61).sin();
                let date = format!("{}-{:02}-{:02}", 2020 + row % 2, 1 + row % 12, 1 + row % 28);
                let word = if row % 100 == 7 { "rare" } else { ["a", "b"][row % 2] };
                let z = if row == 30 { String::new() } else { (row % 17).to_string() };
                [x.to_string(), date, word.to_owned(), z, (2.0 * x).to_string()]
            })
            .collect();
        for &(row, column, text) in changes {
            rows[row][column] = text.to_owned();
        }
        Table::from_rows("data", &["x", "date", "word", "z", "y"], rows).unwrap()
    }

    fn predictor(table: &Table, outliers: Outliers) -> Predictor {
        let learner = Regressor::new("y").epochs(1).test_fraction(0.0).outliers(outliers);
        learner.fit(table).unwrap().into_predictor()
    }

    /// The warnings about numbers that are far or limited.
    fn warnings(predictor: &Predictor, table: &Table) -> Vec<Warning> {
        let mut warnings = predictor.predict(table).unwrap().warnings().to_vec();
        warnings.retain(|warning| matches!(warning, Warning::Far { .. } | Warning::Limited { .. }));
        warnings
    }

    /// Column "x" is 1 in 4 of 200 rows, so 9 lies 64 standard deviations from the mean.
    #[test]
    fn a_number_far_from_0_and_1_is_reported() {
        let row = |row: usize| [u8::from(row % 50 == 3).to_string(), (row % 7).to_string()];
        let table = Table::from_rows("data", &["x", "y"], (0..200).map(row)).unwrap();
        let learner = Regressor::new("y").epochs(1).test_fraction(0.0).outliers(Outliers::Keep);
        let predictor = learner.fit(&table).unwrap().into_predictor();
        let new = |x: &str| Table::from_rows("new", &["x"], [[x.to_owned()]]).unwrap();
        let warnings = |x: &str| of_numbers(predictor.pipeline(), &new(x)).unwrap();
        assert!(matches!(warnings("9")[..], [Warning::Far { .. }]));
        assert_eq!(warnings("1"), []);
    }

    #[test]
    fn numbers_far_from_the_training_rows_are_counted() {
        let predictor = predictor(&table(&[]), Outliers::Limit);
        assert_eq!(warnings(&predictor, &table(&[])), []);
        // x has the deviation 0.7, z of 4.9 and the mean 8.
        let near = [(3, 0, "20"), (4, 0, "-20"), (5, 3, "150"), (6, 1, "2035-01-01")];
        assert_eq!(warnings(&predictor, &table(&near)), []);
        for (changes, column, cells) in [
            (&[(3, 0, "-9999"), (8, 0, "30"), (9, 0, "1e9")][..], "x", 3),
            (&[(3, 3, "-9999"), (60, 3, "999")][..], "z", 2),
            (&[(3, 1, "1815-05-01")][..], "date", 1),
        ] {
            let found = warnings(&predictor, &table(changes));
            let [Warning::Far { place, found, cells: count, rows: 200 }] = &found[..] else {
                panic!("{found:?}")
            };
            assert_eq!((place.line, place.column.as_str(), *count), (4, column, cells));
            assert_eq!(found, changes[0].2);
        }
        // Each of several columns has its line, in their order.
        let found = warnings(&predictor, &table(&[(9, 3, "-9999"), (5, 0, "-9999")]));
        assert!(
            matches!(&found[..], [Warning::Far { place: x, .. }, Warning::Far { place: z, .. }]
            if (x.line, z.line) == (6, 10)),
            "{found:?}"
        );
        // One row alone.
        let row = [("x", (-9999.0).into()), ("date", "2020-01-01".into()), ("word", "a".into())];
        let row = predictor.predict_row(&[&row[..], &[("z", 3.into())]].concat()).unwrap();
        assert!(matches!(row.warnings(), [Warning::Far { cells: 1, rows: 1, .. }]), "{row:?}");
    }

    #[test]
    fn numbers_outside_the_limits_of_a_column_are_counted() {
        let trained = table(&[(17, 0, "-9999")]);
        let limited = predictor(&trained, Outliers::Limit);
        assert_eq!(warnings(&limited, &table(&[])), []);
        let new = table(&[(2, 0, "1e6"), (5, 0, "-9999"), (6, 3, "9999")]);
        let found = warnings(&limited, &new);
        let [
            Warning::Limited { place, found, low, high, dates: None, cells: 2, rows: 200 },
            Warning::Far { .. },
        ] = &found[..]
        else {
            panic!("{found:?}")
        };
        assert_eq!((place.line, place.column.as_str(), found.as_str()), (3, "x", "1e6"));
        assert!((-4.0..-1.0).contains(low) && (1.0..4.0).contains(high), "{low} {high}");
        // Kept outliers are numbers like all others.
        let kept = predictor(&trained, Outliers::Keep);
        assert_eq!(warnings(&kept, &trained), []);
    }
}
