//! Numbers such as `1.10`, which may be versions.

use std::collections::HashSet;

use super::Table;

impl Table {
    /// The first row of a number such as `1.10`, if there is `1.1` too, and all decimals are like those of versions:
    /// none, one digit, or two that are 10 to 40.
    pub(crate) fn row_of_version(&self, column: usize) -> Option<usize> {
        let values = &self.data.columns[column].values;
        let (mut with_one, mut with_two) = (HashSet::new(), Vec::new());
        for row in (0..self.rows()).filter(|&row| !self.view(column).number(row).is_nan()) {
            match values.point(self.base(row))? {
                (number, _) if number < 0.0 => return None,
                (_, 0) => {}
                (number, 1) => {
                    with_one.insert(number.to_bits());
                }
                (number, 2) => {
                    let decimals = (100.0 * number.fract()).round();
                    if !(10.0..=40.0).contains(&decimals) {
                        return None;
                    }
                    if decimals % 10.0 == 0.0 {
                        with_two.push((row, number));
                    }
                }
                _ => return None,
            }
        }
        let is_both = |&&(_, number): &&(usize, f64)| with_one.contains(&number.to_bits());
        with_two.iter().find(is_both).map(|&(row, _)| row)
    }
}
