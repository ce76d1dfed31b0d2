//! The line where each row starts.

/// The line where each row starts. Most rows start one line below the row before; the others are kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Lines {
    rows: usize,
    /// Rows that do not start one line below the row before, in order, and their lines.
    jumps: Vec<(usize, usize)>,
}

impl Lines {
    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.rows
    }

    /// Adds a row that starts at `line`.
    #[inline]
    pub(super) fn push(&mut self, line: usize) {
        let expected = self.jumps.last().map(|&(row, first)| first + (self.rows - row));
        if expected != Some(line) {
            self.jumps.push((self.rows, line));
        }
        self.rows += 1;
    }

    /// Adds the rows of `other`, whose lines count from `before`.
    #[cfg(feature = "csv")]
    pub(super) fn append(&mut self, other: &Self, before: usize) {
        // The first row may start exactly where the rows so far end.
        let expected = self.jumps.last().map(|&(row, first)| first + (self.rows - row));
        let jumps = other.jumps.iter().map(|&(row, line)| (row, before + line));
        let jumps = jumps.filter(|&(row, line)| row > 0 || expected != Some(line));
        self.jumps.extend(jumps.map(|(row, line)| (self.rows + row, line)));
        self.rows += other.rows;
    }

    /// Keeps the first rows.
    #[cfg(feature = "csv")]
    pub(super) fn truncate(&mut self, rows: usize) {
        self.rows = rows;
        self.jumps.truncate(self.jumps.partition_point(|&(row, _)| row < rows));
    }

    /// The line of a row.
    pub(super) fn line(&self, row: usize) -> usize {
        let next = self.jumps.partition_point(|&(start, _)| start <= row);
        let (start, line) = self.jumps[next - 1];
        line + (row - start)
    }
}
