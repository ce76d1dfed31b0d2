//! The plane that the spirals are in, and the points of it that the report shows.

use nnfs::tensor::{Scalar, Tensor};

/// The plane goes from minus this to plus this in both directions; the data has radius 1.
pub(crate) const EDGE: f64 = 1.1;

/// Cells of the report's grid along each side. The page interpolates between them.
pub(crate) const CELLS: usize = 28;

/// The inputs that the report shows: the middles of the cells, from the lower left to the right and
/// then upwards, followed by the test data.
pub(crate) fn watched<T: Scalar>(test: &Tensor<T>) -> Tensor<T> {
    let middle = |cell: usize| ((2 * cell + 1) as f64 / CELLS as f64 - 1.0) * EDGE;
    let cells = CELLS * CELLS;
    Tensor::from_fn(cells + test.nrows(), 2, |row, axis| {
        if row >= cells {
            return test[(row - cells, axis)];
        }
        T::from_f64(middle(if axis == 0 { row % CELLS } else { row / CELLS }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_run_from_the_lower_left_to_the_right_and_then_upwards() {
        let watched = watched(&Tensor::from_element(3, 2, 7.0));
        assert_eq!(watched.shape(), (CELLS * CELLS + 3, 2));
        let half = EDGE / CELLS as f64;
        let row = |row: usize| (watched[(row, 0)], watched[(row, 1)]);
        let close = |(x, y): (f64, f64), (u, v): (f64, f64)| {
            assert!((x - u).abs() < 1e-12 && (y - v).abs() < 1e-12, "{x} {y}, expected {u} {v}");
        };
        close(row(0), (half - EDGE, half - EDGE));
        close(row(1), (3.0 * half - EDGE, half - EDGE));
        close(row(CELLS), (half - EDGE, 3.0 * half - EDGE));
        close(row(CELLS * CELLS - 1), (EDGE - half, EDGE - half));
        close(row(CELLS * CELLS), (7.0, 7.0));
    }
}
