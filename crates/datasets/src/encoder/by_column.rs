//! The inputs of a table, one column after another.

use super::cells::for_each;
use super::{Encoder, Input, find};
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
        let columns = find(table, self.inputs.iter().map(|input| input.name.as_str()))?;
        let mut start = 0;
        for (Input { coding, .. }, column) in self.inputs.iter().zip(columns) {
            for_each(table, column, coding, |input, numbers| each(start + input, numbers))?;
            start += coding.width();
        }
        // All columns are constant.
        if start == 0 {
            each(0, &vec![0.0; table.rows()])?;
        }
        Ok(())
    }
}
