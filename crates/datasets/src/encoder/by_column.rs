//! The inputs of a table, one column after another.

use super::{Coding, Encoder, find, index_of, number};
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
        mut each: impl FnMut(usize, &[f64]) -> Result<(), E>,
    ) -> Result<(), E> {
        let indices = find(table, self.inputs.iter().map(|input| input.name.as_str()))?;
        let rows = table.rows();
        let mut numbers = vec![0.0; rows];
        let mut start = 0;
        for (input, column) in self.inputs.iter().zip(indices) {
            match &input.coding {
                Coding::Number => {
                    for (row, value) in numbers.iter_mut().enumerate() {
                        *value = number(table, row, column)?;
                    }
                    each(start, &numbers)?;
                }
                Coding::OneHot(labels) => {
                    let category = |row| index_of(table, row, column, labels);
                    let categories = (0..rows).map(category).collect::<Result<Vec<_>, _>>()?;
                    for index in 0..labels.len() {
                        for (value, &category) in numbers.iter_mut().zip(&categories) {
                            *value = f64::from(u8::from(category == index));
                        }
                        each(start + index, &numbers)?;
                    }
                }
            }
            start += input.coding.width();
        }
        Ok(())
    }
}
