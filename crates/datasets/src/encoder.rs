//! From tables to tensors, and from predictions to tables.

mod by_column;
mod cells;
mod check;
mod codes;
mod coding;
mod columns;
mod doubtful;
mod fit;
mod number_format;
mod number_like;
mod numbers_and_words;
mod ordinary;
mod prefix;
mod repeat;
mod row_numbers;
mod shape;
mod spelling;
mod with_targets;

use std::collections::HashMap;

use cells::{encode, numbers_to};
pub use check::{Finding, Found, Missing, Unknown};
pub use coding::{Coding, Input};
pub use columns::Columns;
pub use doubtful::Alike;
use nnfs_tensor::{Scalar, ShapeError, Tensor, shape_text};
pub use number_format::NumberFormat;
use number_format::OtherUnit;
pub use number_like::NumberLike;
pub use numbers_and_words::NumbersAndWords;
pub use spelling::spelling_key;

use crate::dates::DateOrder;
use crate::labels::{LabelError, Labels};
use crate::one_hot;
use crate::table::{Builder, CsvError, Selector, Table, shorten};

/// How a table becomes tensors. It is fitted to the training rows and saved with the model.
///
/// It finds its columns by name. Another table may have them in another order, may have more columns,
/// and needs no targets for [`inputs`](Self::inputs).
///
/// ```
/// use nnfs_datasets::{Columns, Encoder, Table};
/// let rows = [["1.5", "red", "yes"], ["2.5", "blue", "no"]];
/// let table = Table::from_rows("pens", &["length", "color", "dry"], rows)?;
/// let encoder = Encoder::fit(&table, &Columns::classification("dry"))?;
/// assert_eq!(encoder.input_names(), ["length", "color=blue", "color=red"]);
/// assert_eq!(encoder.target_names(), ["no", "yes"]);
///
/// let new = Table::from_rows("new pens", &["color", "length"], [["blue", "3"]])?;
/// assert_eq!(encoder.inputs::<f32>(&new)?.as_slice(), [3.0, 1.0, 0.0]);
/// # Ok::<(), nnfs_datasets::CsvError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Encoder {
    inputs: Vec<Input>,
    target: Target,
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "NumberFormat::is_plain"))]
    number_format: NumberFormat,
}

/// What a network predicts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub enum Target {
    /// Regression: the names of the numeric target columns.
    #[cfg_attr(feature = "serde", serde(alias = "numbers"))]
    Numbers(Vec<String>),
    /// Classification: one target column and its classes. Classes that are all numbers are compared as
    /// numbers, unless the column was declared categorical.
    #[cfg_attr(feature = "serde", serde(alias = "classes"))]
    Classes {
        /// The name of the column.
        name: String,
        /// The classes.
        labels: Labels,
    },
}

impl Target {
    /// The index of the class of each row; `None` for a regression.
    ///
    /// # Errors
    /// If the column is missing, or if it has a missing value or a class that was not among the training
    /// rows.
    pub fn labels(&self, table: &Table) -> Result<Option<Vec<usize>>, CsvError> {
        let Self::Classes { name, labels } = self else { return Ok(None) };
        let column = find(table, [name.as_str()])?[0];
        let mut known = HashMap::new();
        let index = |row| {
            let text = table.value(row, column);
            if let Some(&index) = known.get(&text) {
                return Ok(index);
            }
            let index = class_at(table, row, column, labels);
            let index = index.map_err(|error| {
                fit::with_count(error, table.rows(), true, |row| {
                    table.is_missing(row, column)
                        && labels.index(&table.value(row, column)).is_none()
                })
            })?;
            known.insert(text, index);
            Ok(index)
        };
        (0..table.rows()).map(index).collect::<Result<_, _>>().map(Some)
    }
}

impl Encoder {
    /// The input columns, in order.
    pub fn input_columns(&self) -> &[Input] {
        &self.inputs
    }

    /// What a network predicts.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// How the numbers of the training rows are written.
    pub fn number_format(&self) -> &NumberFormat {
        &self.number_format
    }

    /// The same encoder for dates of another table: in the order of day and month that its rows show or,
    /// where they do not show it, in the order that is given. If none is given, the order of the training
    /// rows comes first.
    ///
    /// # Errors
    /// If a column is missing, or if dates such as 3/4/2024 mean two days and no row shows the order.
    pub fn with_date_order(
        mut self,
        table: &Table,
        order: Option<DateOrder>,
    ) -> Result<Self, CsvError> {
        let columns = find(table, self.inputs.iter().map(|input| input.name.as_str()))?;
        for (input, column) in self.inputs.iter_mut().zip(columns) {
            if let Coding::Date(dates) = &mut input.coding {
                *dates = dates.with_order(table, column, order)?;
            }
        }
        Ok(self)
    }

    /// The number of columns of [`inputs`](Self::inputs), at least 1: if all columns are constant, there is
    /// one input that is always 0.
    pub fn input_width(&self) -> usize {
        self.inputs.iter().map(|input| input.coding.width()).sum::<usize>().max(1)
    }

    /// The number of columns of [`targets`](Self::targets).
    pub fn target_width(&self) -> usize {
        self.target_names().len()
    }

    /// The names of the columns of [`inputs`](Self::inputs): `name`, `name is missing`, `name=category`,
    /// or `name=other`; the only input of constant columns is called `nothing`.
    pub fn input_names(&self) -> Vec<String> {
        let names = |input: &Input| input.coding.input_names(&input.name);
        let names: Vec<String> = self.inputs.iter().flat_map(names).collect();
        if names.is_empty() { vec!["nothing".to_owned()] } else { names }
    }

    /// The names of the columns of [`targets`](Self::targets): columns of the table, or classes.
    pub fn target_names(&self) -> &[String] {
        match &self.target {
            Target::Numbers(names) => names,
            Target::Classes { labels, .. } => labels.names(),
        }
    }

    /// The inputs of a table: (rows, [`input_width`](Self::input_width)).
    ///
    /// Where a number is missing, the input is NaN, which the scalers fill with the center of the training
    /// rows. An unknown category is 0 in all inputs of its column, or 1 in the input of the rare
    /// categories. [`check`](Self::check) reports or refuses both.
    ///
    /// Take them in `f64` if a scaler follows, also for a network in `f32`: `f32` rounds 1700000001, a
    /// time in seconds, to 1700000000.
    ///
    /// # Errors
    /// If a column is missing, if it has a value that is not a finite number of kind `T` where numbers
    /// are expected, or if its numbers have another unit than in training.
    pub fn inputs<T: Scalar>(&self, table: &Table) -> Result<Tensor<T>, CsvError> {
        let columns = find(table, self.inputs.iter().map(|input| input.name.as_str()))?;
        let mut inputs = Tensor::from_element(table.rows(), self.input_width(), T::data(0.0));
        let mut rest = inputs.as_mut_slice();
        for (input, column) in self.inputs.iter().zip(columns) {
            self.check_numbers(table, input, column)?;
            let Input { coding, .. } = input;
            // The columns of a tensor are one after the other.
            let (of_column, others) = rest.split_at_mut(coding.width() * table.rows());
            encode(table, column, coding, of_column)?;
            rest = others;
        }
        Ok(inputs)
    }

    /// The targets of a table, numbers or one-hot: (rows, [`target_width`](Self::target_width)).
    ///
    /// Take them in `f64` if a scaler follows, as [`inputs`](Self::inputs).
    ///
    /// # Errors
    /// If a column is missing, or if it has a missing value, a value that is not a finite number of
    /// kind `T`, a number with another unit than in training, or a class that was not among the training rows.
    pub fn targets<T: Scalar>(&self, table: &Table) -> Result<Tensor<T>, CsvError> {
        let Target::Numbers(names) = &self.target else {
            let classes = self.labels(table)?.unwrap_or_default();
            let targets = one_hot(&classes, self.target_width());
            return Ok(targets.expect("every index is that of a class"));
        };
        let indices = find(table, names.iter().map(String::as_str))?;
        let mut targets = Tensor::from_element(table.rows(), names.len(), T::data(0.0));
        for (target, column) in indices.into_iter().enumerate() {
            table.check_notation(column)?;
            self.number_format.check(table, column, &names[target])?;
            let numbers = numbers_to(table, column, targets.column_mut(target).as_mut_slice());
            numbers.map_err(|error| {
                fit::with_count(error, table.rows(), false, |row| {
                    table.is_missing_number(row, column)
                })
            })?;
        }
        Ok(targets)
    }

    /// The index of the class of each row; `None` for a regression.
    ///
    /// # Errors
    /// As [`targets`](Self::targets).
    pub fn labels(&self, table: &Table) -> Result<Option<Vec<usize>>, CsvError> {
        if let Target::Classes { name, labels } = &self.target
            && labels.compares_numbers()
        {
            let column = find(table, [name.as_str()])?[0];
            table.check_notation(column)?;
            self.number_format.check(table, column, name)?;
        }
        self.target.labels(table)
    }

    /// Predictions as a table of the target columns: numbers, or the class of the largest value.
    ///
    /// # Errors
    /// If the number of columns is not [`target_width`](Self::target_width), or if a prediction of a
    /// class is NaN.
    pub fn decode<T: Scalar>(&self, predictions: &Tensor<T>) -> Result<Table, LabelError> {
        let (names, rows): (Vec<&str>, Vec<Vec<String>>) = match &self.target {
            Target::Classes { name, labels } => {
                let decoded = labels.decode(predictions)?;
                (vec![name], decoded.into_iter().map(|label| vec![label.to_owned()]).collect())
            }
            Target::Numbers(names) => {
                if predictions.ncols() != names.len() {
                    let expected = format!("{} columns, one for each target", names.len());
                    let found = shape_text(predictions);
                    return Err(ShapeError::new("predictions", expected, found).into());
                }
                let row = |row| (0..names.len()).map(|i| text(predictions[(row, i)])).collect();
                let rows = (0..predictions.nrows()).map(row).collect();
                (names.iter().map(String::as_str).collect(), rows)
            }
        };
        // An encoder from an edited file may have two targets with the same name.
        let failed =
            |error: CsvError| ShapeError::new("targets", "different names", error.to_string());
        let mut builder = Builder::new("predictions", names);
        for (row, values) in rows.iter().enumerate() {
            builder.push(row + 1, values).map_err(failed)?;
        }
        Ok(builder.finish_any(&[]).map_err(failed)?)
    }
}

impl Encoder {
    /// Refuses numbers that are not written as those of the table, or whose unit is not that of the
    /// training. Returns where a currency is left out or added.
    fn check_numbers(
        &self,
        table: &Table,
        input: &Input,
        column: usize,
    ) -> Result<Option<OtherUnit>, CsvError> {
        if !input.coding.is_of_numbers() {
            return Ok(None);
        }
        table.check_notation(column)?;
        self.number_format.check(table, column, &input.name)
    }
}

/// The indices of the columns with these names.
fn find<'a>(
    table: &Table,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<usize>, CsvError> {
    let positions = table.positions();
    names.into_iter().map(|name| positions.find(&Selector::from(name))).collect()
}

/// The index of the class at a place.
///
/// A word for a missing value, such as `NA`, is a class here if it was one in the training rows.
fn class_at(table: &Table, row: usize, column: usize, labels: &Labels) -> Result<usize, CsvError> {
    // A number may be written in another way: `1,5`, or `1.000` for 1000. Words are compared as they are.
    let is_number = labels.compares_numbers() && table.cell(row, column).number().is_some();
    let index = match is_number {
        true => labels.index(&fit::plain_number(table, row, column)),
        false => labels.index(&table.value(row, column)),
    };
    if let Some(index) = index {
        return Ok(index);
    }
    Err(CsvError::UnknownCategory {
        found: shorten(&table.category(row, column)?),
        place: table.place(row, column),
        known: labels.known(),
    })
}

/// The shortest text that reads back as the same number of `T`.
fn text<T: Scalar>(value: T) -> String {
    shortest(value.to_f64(), |value| T::data(value).to_f64())
}

/// The digits of single precision if they read back as `value` after `round`, else those of double
/// precision.
fn shortest(value: f64, round: impl Fn(f64) -> f64) -> String {
    // Without an exponent, unless there are more zeros than digits.
    let plain = value == 0.0 || (1e-5..1e16).contains(&value.abs());
    let single = value as f32;
    let text = if plain { single.to_string() } else { format!("{single:e}") };
    if text.parse().is_ok_and(|read| round(read) == value) {
        return text;
    }
    if plain { value.to_string() } else { format!("{value:e}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number of 32 bits with 16 of them after the point.
    fn fixed_point(value: f64) -> f64 {
        (value * 65536.0).round() / 65536.0
    }

    #[test]
    fn a_text_is_read_back_as_the_same_number() {
        let single = |value: f64| f64::from(value as f32);
        assert_eq!(shortest(single(0.1), single), "0.1");
        assert_eq!(shortest(single(1e-7), single), "1e-7");
        assert_eq!(shortest(0.1, |value| value), "0.1");
        assert_eq!(shortest(single(0.1), |value| value), "0.10000000149011612");
        assert_eq!(shortest(f64::NAN, single), "NaN");
        assert_eq!(shortest(-0.0, single), "-0");
        // As wide as an `f32`, but with more digits.
        let value = fixed_point(20_000.000_11);
        assert_eq!(fixed_point(shortest(value, fixed_point).parse().unwrap()), value);
        assert_ne!(fixed_point((value as f32).to_string().parse().unwrap()), value);
    }
}
