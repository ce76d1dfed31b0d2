//! What the encoder needs of a table.

use std::borrow::Cow;
use std::collections::HashMap;

use super::column::{Column, Meaning, foreign_number};
use super::similar::{has_same_letters, meant};
use super::{
    Cell, CsvError, Kind, Notation, Note, Selector, Table, Values, is_placeholder, list, shorten,
};

impl Table {
    /// The index of each name, to look up many of them.
    pub(crate) fn positions(&self) -> Positions<'_> {
        let mut found = HashMap::with_capacity(self.data.columns.len());
        for (index, name) in self.names().enumerate() {
            found.entry(name).and_modify(|(_, second)| *second = index).or_insert((index, index));
        }
        Positions { table: self, found }
    }

    /// The index of the column at a position of the file, unless it was left out.
    pub(super) fn at_position(&self, position: usize) -> Option<usize> {
        self.data.columns.binary_search_by_key(&position, |column| column.position).ok()
    }

    /// Whether the kind of a column was declared.
    ///
    /// # Panics
    /// If there is no such column.
    pub fn is_declared(&self, column: usize) -> bool {
        self.data.columns[column].declared
    }

    /// The unit of the numbers of a column, if they have one.
    pub(crate) fn unit(&self, column: usize) -> Option<&str> {
        self.data.columns[column].unit.as_deref()
    }

    /// The decimal mark and the separator of thousands.
    pub(crate) fn marks(&self) -> (char, Option<char>) {
        let Notation { decimal, thousands } = self.data.notation;
        (char::from(decimal), thousands)
    }

    fn left_out_nameless_columns(&self) -> bool {
        self.notes().iter().any(|note| matches!(note, Note::NamelessColumns { .. }))
    }

    /// Whether most values of a column are numbers, also if some are written in other ways.
    pub(crate) fn is_mostly_numbers(&self, column: usize) -> bool {
        self.data.columns[column].is_mostly_numbers
    }

    /// Refuses a column whose values are numbers only with another decimal mark or separator of thousands.
    ///
    /// # Errors
    /// [`CsvError::NumberFormat`] at the first such value, or at the first whose point may be either.
    pub(crate) fn check_notation(&self, column: usize) -> Result<(), CsvError> {
        let Column { foreign, ambiguous, declared, kind, values, name, .. } =
            &self.data.columns[column];
        if *declared && *kind == Kind::Categorical {
            return Ok(());
        }
        let Some(row) = foreign.map(|foreign| foreign.row).or(*ambiguous) else { return Ok(()) };
        let text = values.text(row, self.data.notation);
        let place = super::Place::new(&self.data.source, self.data.lines.line(row), name);
        let Some(foreign) = foreign else {
            let meanings = Meaning::of_point(values.numbers()[row]);
            return Err(CsvError::NumberFormat { place, found: shorten(&text), meanings });
        };
        foreign.error(place, &text, self.data.notation).map_or(Ok(()), Err)
    }

    /// The first row of a number whose text is not a plain decimal and fits.
    pub(crate) fn row_of_number(&self, column: usize, fits: fn(&str) -> bool) -> Option<usize> {
        let values = &self.data.columns[column].values;
        let has_one = values.texts().iter().any(|text| fits(text));
        let mut rows = if has_one { 0..self.rows() } else { 0..0 };
        rows.find(|&row| values.odd_text(self.base(row)).is_some_and(fits))
    }

    /// Whether some number of a column is written with a decimal mark, as `4.0`.
    pub(crate) fn has_decimal_mark(&self, column: usize) -> bool {
        let values = &self.data.columns[column].values;
        (0..self.rows()).map(|row| self.base(row)).any(|row| {
            let is_odd = || values.odd_text(row).is_some_and(|text| text.contains(['.', ',']));
            values.has_digits_after_point(row) || is_odd()
        })
    }

    /// A column, for fast access to its values.
    pub(crate) fn view(&self, column: usize) -> ColumnView<'_> {
        ColumnView { values: &self.data.columns[column].values, rows: self.rows.as_deref() }
    }

    /// What a value is.
    pub(crate) fn cell(&self, row: usize, column: usize) -> Cell {
        self.data.columns[column].values.cell(self.base(row))
    }

    /// Whether a value is missing. In a column that is declared categorical, only an empty value is.
    pub(crate) fn is_missing(&self, row: usize, column: usize) -> bool {
        let Column { kind, declared, .. } = self.data.columns[column];
        let keeps_words = declared && kind == Kind::Categorical;
        self.cell(row, column) == Cell::Missing
            && (!keeps_words || self.value(row, column).is_empty())
    }

    /// Whether a value is missing where all others are numbers or dates: there, `None` or `-` is too.
    pub(crate) fn is_missing_number(&self, row: usize, column: usize) -> bool {
        match self.cell(row, column) {
            Cell::Missing => true,
            Cell::Word => is_placeholder(&self.value(row, column)),
            Cell::Number(_) | Cell::Infinite => false,
        }
    }

    /// The error for a column that is not there. Names that are the wanted one but for case, spaces and
    /// punctuation come first, because the message has a few names only.
    pub(crate) fn missing_column(&self, selector: &Selector) -> CsvError {
        let wanted = match selector {
            Selector::Name(name) => name.as_str(),
            Selector::Index(_) => "",
        };
        let is_similar = |name: &&str| has_same_letters(wanted, name);
        let line = self.line_with_name(selector);
        let meant = meant(wanted, self.names()).filter(|_| line.is_none());
        let (similar, others): (Vec<&str>, Vec<&str>) = self.names().partition(is_similar);
        let names = [similar, others].concat();
        CsvError::MissingColumn {
            file: self.source().to_owned(),
            wanted: selector.to_string(),
            found: list(names.into_iter()),
            line,
            meant: meant.map(|name| shorten(name).into()),
        }
    }

    pub(crate) fn duplicate_column(&self, first: usize, second: usize) -> CsvError {
        CsvError::DuplicateColumn {
            file: self.source().to_owned(),
            name: shorten(&self.data.columns[first].name),
            first: self.data.columns[first].position + 1,
            second: self.data.columns[second].position + 1,
        }
    }

    /// The number at a place.
    ///
    /// # Errors
    /// If the value is missing, infinite or no number.
    ///
    /// # Panics
    /// If there is no such row or column.
    pub fn number(&self, row: usize, column: usize) -> Result<f64, CsvError> {
        let cell = self.cell(row, column);
        if let Cell::Number(number) = cell {
            return Ok(number);
        }
        let (place, value) = (self.place(row, column), self.value(row, column));
        let found = shorten(&value);
        Err(match cell {
            Cell::Missing => CsvError::MissingValue { place, found },
            Cell::Infinite => CsvError::NotFinite { place, found },
            Cell::Word | Cell::Number(_) => {
                foreign_number(place.clone(), &value, self.data.notation, |_| true)
                    .or_else(|| self.mixed_units(row, column))
                    .unwrap_or(CsvError::NotANumber { place, found })
            }
        })
    }

    /// The category at a place: any text that is not a missing value. In a column that is declared
    /// categorical, only an empty value is one.
    pub(crate) fn category(&self, row: usize, column: usize) -> Result<Cow<'_, str>, CsvError> {
        let value = self.value(row, column);
        if self.is_missing(row, column) {
            let (place, found) = (self.place(row, column), shorten(&value));
            return Err(CsvError::MissingValue { place, found });
        }
        Ok(value)
    }
}

/// The index of each name of a table.
pub(crate) struct Positions<'a> {
    table: &'a Table,
    /// The first and the last column with each name.
    found: HashMap<&'a str, (usize, usize)>,
}

impl Positions<'_> {
    /// The index of a column.
    ///
    /// # Errors
    /// If there is no such column, or if several columns have the name.
    pub(crate) fn find(&self, selector: &Selector) -> Result<usize, CsvError> {
        let name = match selector {
            Selector::Name(name) => name,
            Selector::Index(_) => return self.table.column(selector),
        };
        match self.found.get(name.as_str()) {
            None => Err(self.table.missing_column(selector)),
            Some(&(first, last)) if first == last => Ok(first),
            Some(_) => self.table.column(selector),
        }
    }

    /// The indices of all columns with a name, or of the one with an index.
    ///
    /// # Errors
    /// If there is no such column, and no column without a name was left out.
    pub(crate) fn find_all(&self, selector: &Selector) -> Result<Vec<usize>, CsvError> {
        match selector {
            Selector::Name(name) if self.found.contains_key(name.as_str()) => {
                let columns = self.table.names().enumerate();
                Ok(columns.filter(|(_, found)| found == name).map(|(index, _)| index).collect())
            }
            // All columns without a name are left out already.
            Selector::Name(name) if name.is_empty() && self.table.left_out_nameless_columns() => {
                Ok(Vec::new())
            }
            _ => self.find(selector).map(|index| vec![index]),
        }
    }
}

/// One column of a table, for fast access to its values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ColumnView<'a> {
    values: &'a Values,
    rows: Option<&'a [usize]>,
}

impl<'a> ColumnView<'a> {
    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.map_or(self.values.len(), <[usize]>::len)
    }

    /// The finite number of each row, and NaN where a value is not one.
    pub(crate) fn numbers(self) -> impl ExactSizeIterator<Item = f64> + 'a {
        let all = self.values.numbers();
        (0..self.len()).map(move |row| match self.rows {
            Some(rows) => all[rows[row]],
            None => all[row],
        })
    }

    /// The finite number of a row, or NaN if its value is not one.
    pub(crate) fn number(self, row: usize) -> f64 {
        self.values.numbers()[self.base(row)]
    }

    /// The code of a value that is not a number: equal texts have equal codes, which count from 0.
    pub(crate) fn code(self, row: usize) -> Option<usize> {
        self.values.code(self.base(row))
    }

    /// The number of codes. Some may not occur in these rows.
    pub(crate) fn codes(self) -> usize {
        self.values.texts().len()
    }

    /// The text of a code.
    pub(crate) fn text(self, code: usize) -> &'a str {
        &self.values.texts()[code]
    }

    fn base(self, row: usize) -> usize {
        self.rows.map_or(row, |rows| rows[row])
    }
}
