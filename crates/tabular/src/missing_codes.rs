//! Numbers and dates that mark missing values, such as -999 and 9999-12-31.

use std::collections::HashSet;

use nnfs::datasets::{Coding, DateCoding, DateKind, DatePart, Input, Table};

use crate::outliers::Found;
use crate::{Error, Warning};

/// A code occurs at least this often.
const REPEATED: usize = 3;

/// A column has at least this many values besides its codes.
const VALUES: usize = 10;

/// At most this many codes are at each end of a column.
const CODES: usize = 2;

/// How many times as far as the range of all other numbers any number is that repeats and is a code.
const FAR: f64 = 5.0;

/// The same of a date that is a usual code.
const FAR_DATE: f64 = 0.25;

/// What the numbers of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    Numbers,
    /// The days since 1970 of dates, or since midnight of times.
    Days(DateKind),
}

impl Holds {
    /// For each input, the index of its column and what it holds. `None` for an input that has no distance from
    /// others: it marks a category or a missing value, or is between -1 and 1.
    pub(crate) fn of_inputs(columns: &[Input]) -> impl Iterator<Item = Option<(usize, Self)>> {
        columns.iter().enumerate().flat_map(|(column, Input { coding, .. })| {
            let (at, holds) = match coding {
                Coding::Number | Coding::NumberOrMissing => (Some(0), Self::Numbers),
                Coding::Date(DateCoding { parts, holds, .. }) => {
                    let days = parts.iter().position(|part| *part == DatePart::Elapsed);
                    (days, Self::Days(holds.unwrap_or(DateKind::Date)))
                }
                _ => (None, Self::Numbers),
            };
            (0..coding.width()).map(move |input| (Some(input) == at).then_some((column, holds)))
        })
    }

    /// What dates or times hold; `None` for numbers.
    pub(crate) fn dates(self) -> Option<DateKind> {
        match self {
            Self::Numbers => None,
            Self::Days(kind) => Some(kind),
        }
    }

    /// Whether a number is a usual code: 999, -9999, 888.8, -99; 9999-12-31, 1900-01-01.
    fn is_usual_code(self, x: f64) -> bool {
        if self != Self::Numbers {
            return CODES_OF_DATES.contains(&x.floor());
        }
        let digits: Vec<u8> = x.abs().to_string().bytes().filter(|&byte| byte != b'.').collect();
        let fewest = if x < 0.0 { 2 } else { 3 };
        (fewest..=10).contains(&digits.len())
            && (b'7'..=b'9').contains(&digits[0])
            && digits.iter().all(|digit| *digit == digits[0])
    }

    /// How many times as far from all other numbers as their range a usual code is at least. It is 0 of a
    /// negative number where all others are at least 0.
    fn distance_of(self, x: f64, low: f64) -> f64 {
        match self {
            _ if !self.is_usual_code(x) => FAR,
            Self::Days(_) => FAR_DATE,
            Self::Numbers if x < 0.0 && low >= 0.0 => 0.0,
            Self::Numbers => 1.0,
        }
    }
}

/// The days since 1970 of dates that usually mean a missing date or no end: the largest and smallest of
/// databases and spreadsheets.
const CODES_OF_DATES: [f64; 12] = [
    2_932_896.0, // 9999-12-31
    2_932_532.0, // 9999-01-01
    376_199.0,   // 2999-12-31
    375_835.0,   // 2999-01-01
    47_481.0,    // 2099-12-31
    0.0,         // 1970-01-01
    -25_202.0,   // 1901-01-01
    -25_567.0,   // 1900-01-01
    -25_568.0,   // 1899-12-31
    -25_569.0,   // 1899-12-30
    -79_257.0,   // 1753-01-01
    -719_162.0,  // 0001-01-01
];

/// A number that marks a missing value.
#[derive(Debug)]
pub(crate) struct Code {
    value: f64,
    found: Found,
}

impl Code {
    /// The codes of a column among the numbers of its rows. NaN is a missing number.
    ///
    /// A code occurs at least three times, is smaller or larger than all numbers that are not codes, and
    /// is far from them:
    ///
    /// ```text
    /// gap    the distance of the code from the nearest other number
    /// range  the largest minus the smallest number, without the codes
    /// a number such as 12345            gap >= 5 range
    /// 999, -9999, 888.8 and the like    gap >= range, or negative where all others are at least 0
    /// a date such as 9999-12-31         gap >= range / 4
    /// ```
    pub(crate) fn find(numbers: &[f64], holds: Holds) -> Vec<Self> {
        let values = codes(numbers, holds);
        values.into_iter().map(|value| Self { value, found: Found::default() }).collect()
    }

    /// The rows that have the code.
    pub(crate) fn rows(&self, numbers: &[f64]) -> Vec<usize> {
        let equal = numbers.iter().enumerate().filter(|(_, number)| **number == self.value);
        equal.map(|(row, _)| row).collect()
    }

    /// Counts the code in these rows of a table.
    pub(crate) fn add(&mut self, table: &Table, name: &str, rows: &[usize]) -> Result<(), Error> {
        self.found.add(table, name, rows)
    }

    /// The warning; `None` if it was not counted in any row.
    pub(crate) fn warning(self, is_target: bool) -> Option<Warning> {
        let Found { first, count } = self.found;
        let (place, found) = first?;
        Some(Warning::MissingCode { place, found, count, is_target })
    }
}

/// Different numbers at one end of a column, the outermost first, and how often each occurs.
struct End {
    numbers: [(f64, usize); CODES + 1],
}

impl End {
    /// The upper end of some numbers; with a sign of -1, the lower end.
    fn of(numbers: &[f64], sign: f64) -> Self {
        let mut end = Self { numbers: [(f64::NEG_INFINITY, 0); CODES + 1] };
        for &x in numbers {
            let x = sign * x;
            // This is false for NaN.
            if x >= end.numbers[CODES].0 {
                end.insert(x);
            }
        }
        end.numbers.iter_mut().for_each(|(x, _)| *x *= sign);
        end
    }

    fn insert(&mut self, x: f64) {
        let at = self.numbers.iter().position(|&(number, _)| x >= number).unwrap_or(CODES);
        if self.numbers[at].0 != x {
            self.numbers[at..].rotate_right(1);
            self.numbers[at] = (x, 0);
        }
        self.numbers[at].1 += 1;
    }

    /// How many of the outermost numbers can be codes.
    fn candidates(&self) -> usize {
        self.numbers[..CODES].iter().take_while(|(_, count)| *count >= REPEATED).count()
    }
}

fn codes(numbers: &[f64], holds: Holds) -> Vec<f64> {
    let (lower, upper) = (End::of(numbers, -1.0), End::of(numbers, 1.0));
    let mut choices: Vec<[usize; 2]> = Vec::new();
    for low in 0..=lower.candidates() {
        choices.extend((0..=upper.candidates()).map(|high| [low, high]));
    }
    // The most codes first, and none last.
    choices.sort_by_key(|[low, high]| std::cmp::Reverse(low + high));
    for [below, above] in choices {
        let (low, high) = (lower.numbers[below].0, upper.numbers[above].0);
        let found = lower.numbers[..below].iter().chain(&upper.numbers[..above]);
        let found: Vec<f64> = found.map(|(x, _)| *x).collect();
        let is_far = |&x: &f64| {
            let gap = if x < low { low - x } else { x - high };
            gap > 0.0 && gap >= holds.distance_of(x, low) * (high - low)
        };
        if low < high && found.iter().all(is_far) && has_values(numbers, low, high) {
            return found;
        }
    }
    Vec::new()
}

/// Whether there are enough different numbers in a range.
fn has_values(numbers: &[f64], low: f64, high: f64) -> bool {
    let mut values = HashSet::new();
    numbers.iter().any(|&x| {
        (low..=high).contains(&x) && values.insert((x + 0.0).to_bits()) && values.len() >= VALUES
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Outliers, Regressor};

    fn of_numbers(mut numbers: Vec<f64>, codes: &[(f64, usize)]) -> Vec<f64> {
        codes.iter().for_each(|&(code, count)| numbers.extend(vec![code; count]));
        super::codes(&numbers, Holds::Numbers)
    }

    fn ages() -> Vec<f64> {
        (0..100).map(|row| f64::from(18 + row * 37 % 73)).collect()
    }

    #[test]
    fn numbers_that_mark_missing_values_are_found_whatever_their_share() {
        for count in [3, 9, 100, 900] {
            for code in [999.0, -99.0, -999.0, 9999.0, 999.9, 12345.0, -5000.0, 1e20] {
                assert_eq!(of_numbers(ages(), &[(code, count)]), [code], "{count} {code}");
            }
            let two = of_numbers(ages(), &[(9999.0, count), (-99.0, count)]);
            assert_eq!(two, [-99.0, 9999.0]);
            assert_eq!(of_numbers(ages(), &[(9999.0, count), (9998.0, count)]), [9999.0, 9998.0]);
        }
        // All others are at least 0, up to 10,000.
        let prices: Vec<f64> = (0..100).map(|row| f64::from(row * row)).collect();
        assert_eq!(of_numbers(prices.clone(), &[(-999.0, 5)]), [-999.0]);
        assert_eq!(of_numbers(prices, &[(f64::NAN, 5), (999.0, 5)]), Vec::<f64>::new());
    }

    #[test]
    fn ordinary_numbers_are_no_codes() {
        assert_eq!(of_numbers(ages(), &[]), Vec::<f64>::new());
        assert_eq!(of_numbers(ages(), &[(999.0, 2)]), Vec::<f64>::new());
        assert_eq!(of_numbers(ages(), &[(0.0, 50), (99.0, 5), (120.0, 9)]), Vec::<f64>::new());
        assert_eq!(of_numbers(vec![], &[(0.0, 90), (1.0, 10)]), Vec::<f64>::new());
        // Doses have few values.
        assert_eq!(
            of_numbers(vec![], &[(0.0, 9), (1.0, 9), (10.0, 9), (1000.0, 9)]),
            Vec::<f64>::new()
        );
        // A long tail.
        let tail: Vec<f64> = (0..200).map(|row| f64::from(row / 20).exp().round()).collect();
        assert_eq!(of_numbers(tail, &[]), Vec::<f64>::new());
        assert_eq!(of_numbers(vec![f64::NAN; 20], &[]), Vec::<f64>::new());
        assert_eq!(of_numbers(vec![], &[]), Vec::<f64>::new());
    }

    /// `date` is in one of three years, `age` below 80, and every fourth row can have other texts.
    fn table(date: Option<&str>, age: Option<&str>, y: Option<&str>) -> Table {
        let rows = (0..200_usize).map(|row| {
            let or = |code: Option<&str>, text: String| match code {
                Some(code) if row % 4 == 3 => code.to_owned(),
                _ => text,
            };
            let day = format!("{}-{:02}-{:02}", 2020 + row % 3, 1 + row % 12, 1 + row % 28);
            let number = (row * 37 % 62).to_string();
            [or(date, day), or(age, number), or(y, (100 + row * 13 % 83).to_string())]
        });
        Table::from_rows("data", &["date", "age", "y"], rows).unwrap()
    }

    fn warnings(table: &Table, outliers: Outliers) -> Vec<(String, String, usize, usize, bool)> {
        let training = Regressor::new("y").epochs(1).outliers(outliers).prepare::<f32>(table);
        let training = training.unwrap();
        let code = |warning: &Warning| match warning {
            Warning::MissingCode { place, found, count, is_target } => {
                Some((place.column.clone(), found.clone(), place.line, *count, *is_target))
            }
            _ => None,
        };
        training.warnings().iter().filter_map(code).collect()
    }

    #[test]
    fn the_first_place_and_the_count_are_those_of_all_rows() {
        let limit = Outliers::Limit;
        assert!(warnings(&table(None, None, None), limit).is_empty());
        for date in ["9999-12-31", "2999-12-31", "1900-01-01", "1899-12-30"] {
            let expected = ("date".to_owned(), date.to_owned(), 4, 50, false);
            assert_eq!(warnings(&table(Some(date), None, None), limit), [expected]);
        }
        let table = table(None, Some("999"), Some("-999"));
        let expected = |column: &str, found: &str, is_target| {
            (column.to_owned(), found.to_owned(), 4, 50, is_target)
        };
        let expected = [expected("y", "-999", true), expected("age", "999", false)];
        assert_eq!(warnings(&table, limit), expected);
        assert!(warnings(&table, Outliers::Keep).is_empty());
    }
}
