//! A matrix in a slice, seen through strides.

/// A matrix seen through strides: element (i, j) is `data[i * row_stride + j * column_stride]`.
///
/// A transposed matrix is the same data with its two strides exchanged, so a product needs no
/// transposed copy.
#[derive(Debug, Clone, Copy)]
pub struct Strided<'a, T> {
    data: &'a [T],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a, T> Strided<'a, T> {
    /// A column-major matrix: the numbers of a column are side by side.
    ///
    /// ```
    /// use nnfs_kernel::Strided;
    /// let matrix = Strided::new(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3);
    /// assert_eq!(matrix.data_from(1, 2)[0], 6.0);
    /// assert_eq!(matrix.transpose().data_from(2, 0)[0], 5.0);
    /// ```
    ///
    /// # Panics
    /// If there are not `rows * columns` numbers.
    #[inline]
    pub fn new(data: &'a [T], rows: usize, columns: usize) -> Self {
        let count = data.len();
        assert!(
            Some(count) == rows.checked_mul(columns),
            "{count} numbers for a {rows}x{columns} matrix"
        );
        Self { data, rows, columns, row_stride: 1, column_stride: rows }
    }

    /// The same data with rows and columns exchanged; nothing is copied.
    #[must_use]
    #[inline]
    pub fn transpose(self) -> Self {
        Self {
            data: self.data,
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
        }
    }

    /// The columns before `column`, and the others.
    #[cfg(feature = "rayon")]
    pub(crate) fn split_columns(self, column: usize) -> (Self, Self) {
        let data = &self.data[column * self.column_stride..];
        let columns = self.columns - column;
        (Self { columns: column, ..self }, Self { data, columns, ..self })
    }

    /// Number of rows.
    #[inline]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    #[inline]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The distance between neighboring rows in the data.
    #[inline]
    pub fn row_stride(&self) -> usize {
        self.row_stride
    }

    /// The distance between neighboring columns in the data.
    #[inline]
    pub fn column_stride(&self) -> usize {
        self.column_stride
    }

    /// All the data.
    #[inline]
    pub fn data(&self) -> &'a [T] {
        self.data
    }

    /// The data from the element at `row` and `column` to the end.
    ///
    /// # Panics
    /// If the position is outside the data.
    #[inline]
    pub fn data_from(&self, row: usize, column: usize) -> &'a [T] {
        &self.data[row * self.row_stride + column * self.column_stride..]
    }
}
