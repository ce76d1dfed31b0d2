//! The exponential of a matrix of two rows and two columns.

/// exp(A) = I + A + A^2 / 2! + A^3 / 3! + ..., both matrices column after column.
///
/// ```text
/// A = | a  c |      s = (a + d) / 2                 half of the trace
///     | b  d |      q^2 = ((a - d) / 2)^2 + b c     from the characteristic polynomial
///
/// exp(A) = e^s (cosh(q) I + sinh(q)/q (A - s I))
/// ```
/// because `(A - s I)^2 = q^2 I` (Cayley and Hamilton). If q^2 is negative, `q = i w`, and the factors
/// are cos(w) and sin(w)/w.
pub(super) fn matrix_exponential([a, b, c, d]: [f64; 4]) -> [f64; 4] {
    let s = (a + d) / 2.0;
    let half = (a - d) / 2.0;
    let square = half * half + b * c;
    let q = square.abs().sqrt();
    let (even, odd) = match square {
        _ if q < 1e-4 => (1.0 + square / 2.0, 1.0 + square / 6.0),
        _ if square > 0.0 => (libm::cosh(q), libm::sinh(q) / q),
        _ => (libm::cos(q), libm::sin(q) / q),
    };
    let scale = libm::exp(s);
    [even + odd * half, odd * b, odd * c, even - odd * half].map(|entry| scale * entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: [f64; 4], expected: [f64; 4], tolerance: f64) {
        let largest = expected.iter().fold(0.0, |largest: f64, entry| largest.max(entry.abs()));
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() <= tolerance * largest, "{found} {expected}");
        }
    }

    #[test]
    fn known_exponentials() {
        let e = std::f64::consts::E;
        close(matrix_exponential([0.0; 4]), [1.0, 0.0, 0.0, 1.0], 0.0);
        close(matrix_exponential([1.0, 0.0, 0.0, -1.0]), [e, 0.0, 0.0, 1.0 / e], 1e-15);
        // A nilpotent matrix: the series ends after A.
        close(matrix_exponential([0.0, 0.0, 3.0, 0.0]), [1.0, 0.0, 3.0, 1.0], 0.0);
        // A rotation by an angle.
        let (sin, cos) = (libm::sin(2.0), libm::cos(2.0));
        close(matrix_exponential([0.0, 2.0, -2.0, 0.0]), [cos, sin, -sin, cos], 1e-15);
        // Example 2 of Moler and Van Loan, "Nineteen dubious ways" (1978): [-49 24; -64 31] has the
        // eigenvalues -1 and -17.
        let (x, y) = (libm::exp(-1.0), libm::exp(-17.0));
        let exact = [-2.0 * x + 3.0 * y, -4.0 * x + 4.0 * y, (x - y) * 1.5, 3.0 * x - 2.0 * y];
        close(matrix_exponential([-49.0, -64.0, 24.0, 31.0]), exact, 1e-13);
    }

    #[test]
    fn agrees_with_the_series() {
        for matrix in [[0.3, -0.2, 0.9, 0.1], [1.0, -1.5, 0.7, -0.4], [0.5, 1e-9, 1e-9, 0.5]] {
            let product = |x: [f64; 4], y: [f64; 4]| {
                let entry =
                    |row, column: usize| x[row] * y[2 * column] + x[2 + row] * y[2 * column + 1];
                [entry(0, 0), entry(1, 0), entry(0, 1), entry(1, 1)]
            };
            let (mut sum, mut term) = ([1.0, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0]);
            for k in 1..40 {
                term = product(term, matrix).map(|entry| entry / f64::from(k));
                sum = std::array::from_fn(|entry| sum[entry] + term[entry]);
            }
            close(matrix_exponential(matrix), sum, 1e-14);
        }
    }
}
