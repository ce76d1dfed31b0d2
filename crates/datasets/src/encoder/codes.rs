//! Numbers that may be codes.

use super::check::equal_integers;
use super::{Coding, Encoder, Target};
use crate::table::{CsvError, Place, Table, shorten};

impl Encoder {
    /// The [input columns](Self::input_columns) of numbers that are written as codes are, each with the first
    /// row of such a number:
    ///
    /// ```text
    /// 01067           zeros before it; two digits, as in 08, are often months or hours
    /// +4930100037     a plus sign before at least seven digits, as in telephone numbers, in a column without
    ///                 negative numbers
    /// 1.10            beside 1.1, where the numbers have one or two decimals and those of two are 10 to 40, as in
    ///                 versions and numbers of sections
    /// 12E5            an exponent without a sign after at least two digits, in a column of integers without a
    ///                 decimal mark
    /// ```
    ///
    /// The numbers of codes mean nothing.
    ///
    /// # Errors
    /// If a column is missing.
    pub fn numbers_like_codes(&self, table: &Table) -> Result<Vec<(usize, usize)>, CsvError> {
        let columns = super::find(table, self.inputs.iter().map(|input| input.name.as_str()))?;
        let all = |column, fits: fn(f64) -> bool| {
            table.view(column).numbers().all(|number| number.is_nan() || fits(number))
        };
        let are_integers =
            |column| all(column, |number| number.fract() == 0.0) && !table.has_decimal_mark(column);
        let code = |column| {
            let row = || table.row_of_number(column, is_zero_padded);
            let telephone = || table.row_of_number(column, is_telephone);
            let exponent = || table.row_of_number(column, has_exponent);
            row()
                .or_else(|| table.row_of_version(column))
                .or_else(|| telephone().filter(|_| all(column, |number| number >= 0.0)))
                .or_else(|| exponent().filter(|_| are_integers(column)))
        };
        let of = |(index, column): (usize, usize)| match self.inputs[index].coding {
            Coding::Number | Coding::NumberOrMissing => Some((index, code(column)?)),
            _ => None,
        };
        Ok(columns.into_iter().enumerate().filter_map(of).collect())
    }

    /// The targets that become the same number as another one, because double precision has 53 bits: for
    /// each column the place and the text of the first such integer, and the text of the other one.
    ///
    /// # Errors
    /// If a column is missing.
    pub fn equal_targets(&self, table: &Table) -> Result<Vec<(Place, String, String)>, CsvError> {
        let Target::Numbers(names) = &self.target else { return Ok(Vec::new()) };
        let columns = super::find(table, names.iter().map(String::as_str))?;
        let of = |column| {
            let (row, other) = equal_integers(table, column)?;
            Some((table.place(row, column), shorten(&table.value(row, column)), shorten(&other)))
        };
        Ok(columns.into_iter().filter_map(of).collect())
    }
}

fn is_zero_padded(text: &str) -> bool {
    text.len() > 2 && text.starts_with('0') && are_digits(text)
}

fn is_telephone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|it| it.len() >= 7 && are_digits(it))
}

/// `12E5`. Numbers have one digit before an exponent: `1e5`.
fn has_exponent(text: &str) -> bool {
    let parts = text.split_once(['e', 'E']);
    parts
        .is_some_and(|(before, after)| before.len() >= 2 && are_digits(before) && are_digits(after))
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_zeros_plus_signs_or_exponents() {
        for text in ["01067", "000"] {
            assert!(is_zero_padded(text), "{text}");
        }
        assert!(is_telephone("+4930100037"));
        for text in ["12E5", "10e1"] {
            assert!(has_exponent(text), "{text}");
        }
        for text in
            ["0", "08", "10", "+5", "+123456", "1e-5", "1e5", "1.5E10", "1e+5", "e5", "1e", "+", ""]
        {
            assert!(!is_zero_padded(text) && !is_telephone(text), "{text}");
            assert!(!has_exponent(text), "{text}");
        }
    }
}
