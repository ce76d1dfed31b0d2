//! Numbers such as `1.234` beside `567`: are the points decimal marks, or do they separate thousands?

use super::Values;

/// What the points in the numbers of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Points {
    /// Decimal marks, or there are none.
    Decimal,
    /// All numbers from the one of this row on could have points between groups of digits, but there are small
    /// whole numbers, too.
    Open(usize),
    /// The same, and all numbers have a point, apart from 0 and one other.
    Alone(usize),
    /// The same, and numbers without a point make it likely.
    Thousands(usize),
}

/// What is known of the points in the numbers of a column.
///
/// Programs write `1.500` as `1.5`, or all numbers with three digits after the point. Three digits after
/// every point and none in other numbers are therefore a sign of thousands:
///
/// ```text
/// every number with a point   1 to 3 digits, the first not 0, and exactly 3 digits after the point
/// all other numbers           at most 3 digits
/// at least                    2 numbers with a point, 2 different whole numbers other than 0,
///                             and a whole number of 3 digits
/// or                          2 numbers with a point, one of which ends in 0, and a whole number of 3 digits
///                             that are not all the same
/// ```
///
/// A single whole number such as 999 is often written for what is missing, and 0 for nothing at all. If the points
/// separate thousands, the numbers between 100 and 999 are rarely left out. A program that writes `1.500` with the
/// zeros at the end writes the number 500 as `500.000`, if the point is a decimal mark.
#[derive(Debug, Default)]
pub(super) struct Grouping {
    /// The first number with a point, and how many there are.
    first: Option<usize>,
    points: usize,
    /// A whole number other than 0, and whether there is another one.
    whole: Option<f64>,
    has_two: bool,
    has_three_digits: bool,
}

impl Grouping {
    /// What the points of these numbers are.
    pub(super) fn of(values: &Values) -> Points {
        match Self::open(values) {
            Some(Self {
                first: Some(row),
                points: 2..,
                has_two: true,
                has_three_digits: true,
                ..
            }) => Points::Thousands(row),
            Some(Self { first: Some(row), points: 2.., whole: Some(whole), .. })
                if whole >= 100.0 && !is_one_digit(whole) && has_zero_at_end(values) =>
            {
                Points::Thousands(row)
            }
            Some(Self { first: Some(row), points: 2.., has_two: true, .. }) => Points::Open(row),
            Some(Self { first: Some(row), points: 2.., .. }) => Points::Alone(row),
            _ => Points::Decimal,
        }
    }

    /// What is known of numbers that do not show whether their points are decimal marks.
    fn open(values: &Values) -> Option<Self> {
        if !values.may_have_three_decimals() {
            return None;
        }
        let mut grouping = Self::default();
        for row in 0..values.len() {
            if values.cell(row).number().is_some() {
                let (number, decimals) = values.point(row)?;
                grouping.add(row, number.abs(), decimals)?;
            }
        }
        Some(grouping)
    }

    /// Adds a number with some decimals. `None` if it shows that points are decimal marks.
    fn add(&mut self, row: usize, number: f64, decimals: usize) -> Option<()> {
        match decimals {
            0 if number < 1000.0 => {
                self.has_three_digits |= number >= 100.0;
                if number > 0.0 {
                    self.has_two |= *self.whole.get_or_insert(number) != number;
                }
            }
            3 if (1.0..1000.0).contains(&number) => {
                self.first.get_or_insert(row);
                self.points += 1;
            }
            _ => return None,
        }
        Some(())
    }
}

/// Whether a number of three digits has the same digit three times, as 999.
fn is_one_digit(number: f64) -> bool {
    number % 111.0 == 0.0
}

/// Whether a number with three digits after the point ends in 0.
pub(super) fn has_zero_at_end(values: &Values) -> bool {
    let ends_in_zero =
        |(number, decimals): (f64, usize)| decimals == 3 && (1000.0 * number).round() % 10.0 == 0.0;
    (0..values.len()).any(|row| values.point(row).is_some_and(ends_in_zero))
}
