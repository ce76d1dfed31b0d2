//! The inputs of a table, one column after another.

use std::ops::Range;

use super::cells::for_each;
use super::{Encoder, find};
use crate::table::{CsvError, Table};

impl Encoder {
    /// Calls `each` with the index and the numbers of every column of [`inputs`](Self::inputs), in order.
    ///
    /// Use it where a tensor of all inputs in `f64` would take too much memory: a scaler can be fitted
    /// to each column, and the scaled numbers written into the tensor of the network.
    ///
    /// ```
    /// use nnfs_datasets::{Columns, CsvError, Encoder, Table};
    /// let table = Table::from_rows("sums", &["a", "b", "sum"], [["1", "2", "3"], ["4", "5", "9"]])?;
    /// let encoder = Encoder::fit(&table, &Columns::regression(["sum"]))?;
    /// let mut means = Vec::new();
    /// encoder.for_each_input(&table, |_, numbers| {
    ///     means.push(numbers.iter().sum::<f64>() / 2.0);
    ///     Ok::<_, CsvError>(())
    /// })?;
    /// assert_eq!(means, [2.5, 3.5]);
    /// # Ok::<(), CsvError>(())
    /// ```
    ///
    /// # Errors
    /// As [`inputs`](Self::inputs), and the first error of `each`.
    pub fn for_each_input<E: From<CsvError>>(
        &self,
        table: &Table,
        each: impl FnMut(usize, &[f64]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.for_each_input_of(0..self.inputs.len(), table, each)
    }

    /// The same for the inputs of some of the [input columns](Self::input_columns), so that threads can
    /// share the columns. Inputs keep their indices.
    ///
    /// # Errors
    /// As [`for_each_input`](Self::for_each_input).
    ///
    /// # Panics
    /// If there are no such columns.
    pub fn for_each_input_of<E: From<CsvError>>(
        &self,
        columns: Range<usize>,
        table: &Table,
        mut each: impl FnMut(usize, &[f64]) -> Result<(), E>,
    ) -> Result<(), E> {
        let inputs = &self.inputs[columns.clone()];
        let indices = find(table, inputs.iter().map(|input| input.name.as_str()))?;
        let before = self.inputs[..columns.start].iter();
        let mut start: usize = before.map(|input| input.coding.width()).sum();
        for (input, column) in inputs.iter().zip(indices) {
            self.check_numbers(table, input, column)?;
            let coding = &input.coding;
            for_each(table, column, coding, |input, numbers| each(start + input, numbers))?;
            start += coding.width();
        }
        // All columns are constant.
        if start == 0 && columns.end == self.inputs.len() {
            each(0, &vec![0.0; table.rows()])?;
        }
        Ok(())
    }
}
