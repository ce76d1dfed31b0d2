//! Which columns of a table are inputs, and which are targets.

use crate::dates::DateOrder;
use crate::table::{CsvError, Selector, Table};

/// Which columns of a table are inputs, and which are targets.
///
/// ```
/// use nnfs_datasets::{Columns, Encoder, Table};
/// let rows = [["1", "20", "3"], ["2", "30", "5"]];
/// let table = Table::from_rows("t", &["id", "area", "price"], rows)?;
/// let columns = Columns::regression(["price"]).ignore(["id"]);
/// assert_eq!(Encoder::fit(&table, &columns)?.input_width(), 1);
/// # Ok::<(), nnfs_datasets::CsvError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    pub(super) targets: Vec<Selector>,
    pub(super) classes: bool,
    /// `None`: all columns that are neither targets nor ignored.
    inputs: Option<Vec<Selector>>,
    ignored: Vec<Selector>,
    pub(super) date_order: Option<DateOrder>,
}

impl Columns {
    /// Regression: the targets are one or more numeric columns.
    pub fn regression(targets: impl IntoIterator<Item = impl Into<Selector>>) -> Self {
        let targets = targets.into_iter().map(Into::into).collect();
        Self { targets, classes: false, inputs: None, ignored: Vec::new(), date_order: None }
    }

    /// Classification: the target is one column, which holds the class of each row.
    ///
    /// ```
    /// use nnfs_datasets::{Columns, Encoder, Table};
    /// let table = Table::from_rows("t", &["size", "kind"], [["1", "cat"], ["2", "dog"], ["3", "cat"]])?;
    /// let encoder = Encoder::fit(&table, &Columns::classification("kind"))?;
    /// assert_eq!(encoder.target_width(), 2);
    /// # Ok::<(), nnfs_datasets::CsvError>(())
    /// ```
    pub fn classification(target: impl Into<Selector>) -> Self {
        let targets = vec![target.into()];
        Self { targets, classes: true, inputs: None, ignored: Vec::new(), date_order: None }
    }

    /// Sets the inputs, in this order. By default they are all columns that are neither targets nor
    /// ignored.
    #[must_use]
    pub fn inputs(mut self, inputs: impl IntoIterator<Item = impl Into<Selector>>) -> Self {
        self.inputs = Some(inputs.into_iter().map(Into::into).collect());
        self
    }

    /// Adds columns to ignore.
    #[must_use]
    pub fn ignore(mut self, columns: impl IntoIterator<Item = impl Into<Selector>>) -> Self {
        self.ignored.extend(columns.into_iter().map(Into::into));
        self
    }

    /// Sets what the first number of dates such as 3/4/2024 is. By default the rows decide: a column in
    /// which both orders are possible is refused.
    #[must_use]
    pub fn date_order(mut self, order: DateOrder) -> Self {
        self.date_order = Some(order);
        self
    }

    /// The indices of the inputs and of the targets, all different.
    pub(super) fn resolve(&self, table: &Table) -> Result<(Vec<usize>, Vec<usize>), CsvError> {
        let positions = table.positions();
        let names: Vec<&str> = table.names().collect();
        // Each column can be chosen once; `taken` marks those that are.
        let mut taken = vec![false; names.len()];
        let mut take = |indices: Vec<usize>| -> Result<Vec<usize>, CsvError> {
            for &index in &indices {
                if std::mem::replace(&mut taken[index], true) {
                    let column = crate::table::shorten(names[index]);
                    return Err(CsvError::ChosenTwice { file: table.source().to_owned(), column });
                }
            }
            Ok(indices)
        };
        let find = |selectors: &[Selector]| -> Result<Vec<usize>, CsvError> {
            selectors.iter().map(|selector| positions.find(selector)).collect()
        };
        let targets = take(find(&self.targets)?)?;
        // Several columns may have a name that is ignored.
        for selector in &self.ignored {
            take(positions.find_all(selector)?)?;
        }
        let inputs = match &self.inputs {
            Some(inputs) => take(find(inputs)?)?,
            None => {
                let inputs: Vec<usize> = (0..names.len()).filter(|&index| !taken[index]).collect();
                // The encoder finds its columns by name.
                for &input in &inputs {
                    positions.find(&Selector::from(names[input]))?;
                }
                inputs
            }
        };
        for (what, chosen) in [("targets", &targets), ("inputs", &inputs)] {
            if chosen.is_empty() {
                return Err(CsvError::NoColumns { file: table.source().to_owned(), what });
            }
        }
        Ok((inputs, targets))
    }
}
