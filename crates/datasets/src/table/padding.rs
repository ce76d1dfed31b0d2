//! The spaces around the values of a column.

use std::collections::HashMap;
use std::sync::Arc;

/// The spaces before and after each value of a column. Most values have none, and most others have the
/// same, so each different pair is there once.
#[derive(Debug, Clone, Default)]
pub(super) struct Padding {
    /// For each row 0, or 1 + the index of its spaces. Rows at the end without spaces are not there.
    codes: Vec<u32>,
    /// The spaces before a value, a bar, and the spaces after it.
    texts: Vec<Arc<str>>,
    /// The code of each text.
    known: HashMap<Arc<str>, u32>,
    /// The last text that was looked up.
    text: String,
}

impl Padding {
    /// Adds the spaces of a row, which is below all others that have some.
    pub(super) fn push(&mut self, row: usize, before: &str, after: &str) {
        self.text.clear();
        self.text.extend([before, "|", after]);
        let code = match self.known.get(self.text.as_str()) {
            Some(&code) => code,
            None => self.add(self.text.as_str().into()),
        };
        self.codes.resize(row, 0);
        self.codes.push(code);
    }

    /// Adds a new text and returns its code.
    fn add(&mut self, text: Arc<str>) -> u32 {
        self.texts.push(text.clone());
        let code = u32::try_from(self.texts.len()).expect("a column has less than 2^32 rows");
        self.known.insert(text, code);
        code
    }

    /// Adds those of `other` below the first `rows` rows.
    #[cfg(feature = "csv")]
    pub(super) fn append(&mut self, rows: usize, other: &Self) {
        if other.codes.is_empty() {
            return;
        }
        let mut codes = vec![0];
        for text in &other.texts {
            let known = self.known.get(text).copied();
            codes.push(known.unwrap_or_else(|| self.add(text.clone())));
        }
        self.codes.resize(rows, 0);
        self.codes.extend(other.codes.iter().map(|&code| codes[code as usize]));
    }

    /// Keeps the first rows.
    #[cfg(feature = "csv")]
    pub(super) fn truncate(&mut self, rows: usize) {
        self.codes.truncate(rows);
    }

    /// Forgets all rows, and keeps the memory.
    #[cfg(feature = "csv")]
    pub(super) fn clear(&mut self) {
        self.codes.clear();
        self.texts.clear();
        self.known.clear();
    }

    /// Forgets what only adding rows needs.
    pub(super) fn shrink(&mut self) {
        self.known = HashMap::new();
        self.text = String::new();
        self.codes.shrink_to_fit();
    }

    /// The spaces before and after the value of a row, if there are some.
    pub(super) fn around(&self, row: usize) -> Option<(&str, &str)> {
        let code = *self.codes.get(row)? as usize;
        self.texts[code.checked_sub(1)?].split_once('|')
    }
}

#[cfg(all(test, feature = "csv"))]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_its_spaces_again() {
        let mut padding = Padding::default();
        padding.push(1, " ", "");
        padding.push(3, "", "\t\t");
        let mut below = Padding::default();
        below.push(0, "", "\t\t");
        below.push(1, "\u{a0}", " ");
        padding.append(6, &below);
        padding.append(9, &Padding::default());
        let found: Vec<_> = (0..9).map(|row| padding.around(row)).collect();
        let (space, tabs, both) = (Some((" ", "")), Some(("", "\t\t")), Some(("\u{a0}", " ")));
        assert_eq!(found, [None, space, None, tabs, None, None, tabs, both, None]);
        padding.truncate(2);
        assert_eq!((padding.around(1), padding.around(3)), (space, None));
    }
}
