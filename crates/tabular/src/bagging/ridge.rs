//! Ridge regression in closed form.

use nnfs::prelude::*;
use nnfs::tensor::{multiply_to, multiply_transpose_to, transpose_multiply_to};

use crate::weights::weighted_mean;

/// The penalties that are tried: 0.01, 0.03, 0.1, ... 10,000.
const PENALTIES: [f64; 13] = [1e-2, 3e-2, 1e-1, 3e-1, 1e0, 3e0, 1e1, 3e1, 1e2, 3e2, 1e3, 3e3, 1e4];

/// The largest matrix whose eigenvalues are computed: a larger one takes longer than gradient descent.
const MOST_EIGENVALUES: usize = 256;

/// The most numbers of the inputs, which are copied.
const MOST_NUMBERS: usize = 1 << 22;

/// Below this share of the largest eigenvalue, one of rows by rows is a rounding error.
const SMALLEST_EIGENVALUE: f64 = 1e-12;

/// A linear model with a penalty on its weights: `x W + b`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ridge {
    /// (inputs, outputs).
    pub(crate) weights: Tensor<f64>,
    /// (1, outputs).
    pub(crate) biases: Tensor<f64>,
    /// The penalty with the smallest leave-one-out error.
    pub(crate) penalty: f64,
}

impl Ridge {
    /// Whether a table of this size is solved sooner than it is learned by gradient descent.
    pub(crate) fn suits(rows: usize, inputs: usize) -> bool {
        rows.min(inputs) <= MOST_EIGENVALUES && rows.saturating_mul(inputs) <= MOST_NUMBERS
    }

    /// The ridge regression of some rows, with the penalty that has the smallest leave-one-out error.
    ///
    /// ```text
    /// minimize   sum_i w_i |y_i - x_i W - b|^2 + penalty |W|^2
    /// X, Y       the centered rows times sqrt(w_i)
    /// X = Z V^T  with orthogonal columns of Z, and squares d_j of their lengths
    /// W          = V (D + penalty)^-1 Z^T Y
    /// h_i        = w_i / sum(w) + sum_j z_ij^2 / (d_j + penalty)
    /// error      = sum_i |(y_i - x_i W) / (1 - h_i)|^2       each row predicted without itself
    /// ```
    /// Hoerl and Kennard, 1970: Ridge Regression; the error is that of Allen, 1974: The Relationship between
    /// Variable Selection and Data Augmentation and a Method for Prediction. `RidgeCV` of scikit-learn
    /// computes the same, also with `sample_weight`: the weights are not divided by their sum. If all weights are
    /// halved, the penalty counts twice as much. Give weights with a mean of 1.
    pub(crate) fn fit(
        inputs: &Tensor<f64>,
        targets: &Tensor<f64>,
        weights: Option<&[f64]>,
    ) -> Self {
        let rows = inputs.nrows();
        let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
        let sum: f64 = (0..rows).map(weight).sum();
        let mean = |values: &Tensor<f64>| {
            Tensor::from_fn(1, values.ncols(), |_, column| {
                weighted_mean(values.column(column).iter().copied(), weights)
            })
        };
        let (input_means, target_means) = (mean(inputs), mean(targets));
        let centered = |values: &Tensor<f64>, means: &Tensor<f64>| {
            Tensor::from_fn(rows, values.ncols(), |row, column| {
                weight(row).sqrt() * (values[(row, column)] - means[column])
            })
        };
        let (x, y) = (centered(inputs, &input_means), centered(targets, &target_means));
        let Some(Components { z, v, squares }) = Components::of(&x) else {
            let weights = Tensor::zeros(inputs.ncols(), targets.ncols());
            return Self { weights, biases: target_means, penalty: f64::INFINITY };
        };
        let mut products = Tensor::zeros(z.ncols(), y.ncols());
        transpose_multiply_to(&z, &y, &mut products);
        // (D + penalty)^-1 Z^T Y
        let shrunk = |penalty: f64| {
            Tensor::from_fn(z.ncols(), y.ncols(), |j, output| {
                products[(j, output)] / (squares[j] + penalty)
            })
        };
        let error = |penalty: f64| {
            let mut fitted = Tensor::zeros(rows, y.ncols());
            multiply_to(&z, &shrunk(penalty), &mut fitted);
            let mut leverages: Vec<f64> = (0..rows).map(|row| weight(row) / sum).collect();
            for (z, square) in z.column_iter().zip(&squares) {
                for (leverage, z) in leverages.iter_mut().zip(z.iter()) {
                    *leverage += z * z / (square + penalty);
                }
            }
            let residual = |row: usize, output: usize| {
                (y[(row, output)] - fitted[(row, output)]) / (1.0 - leverages[row])
            };
            let terms = (0..y.ncols())
                .flat_map(|output| (0..rows).map(move |row| (row, output)))
                .map(|(row, output)| residual(row, output).powi(2));
            terms.sum::<f64>()
        };
        let mut best = (f64::INFINITY, PENALTIES[PENALTIES.len() - 1]);
        for penalty in PENALTIES {
            let error = error(penalty);
            // It is not a number if a row has the leverage 1.
            if error < best.0 {
                best = (error, penalty);
            }
        }
        let (_, penalty) = best;
        let mut weights = Tensor::zeros(inputs.ncols(), targets.ncols());
        multiply_to(&v, &shrunk(penalty), &mut weights);
        let biases = target_means - input_means * &weights;
        Self { weights, biases, penalty }
    }
}

/// `X = Z V^T`, where `Z^T Z` is diagonal and `V^T V` the identity.
struct Components {
    z: Tensor<f64>,
    v: Tensor<f64>,
    /// The diagonal of `Z^T Z`.
    squares: Vec<f64>,
}

impl Components {
    /// From the eigenvectors of `X^T X`, or of `X X^T` if it is smaller; `None` if they are not found.
    fn of(x: &Tensor<f64>) -> Option<Self> {
        let (rows, columns) = x.shape();
        let order = rows.min(columns);
        let mut gram = Tensor::zeros(order, order);
        if columns <= rows {
            transpose_multiply_to(x, x, &mut gram);
        } else {
            multiply_transpose_to(x, x, &mut gram);
        }
        // More than a few rounds for each eigenvalue are never needed.
        let eigen = gram.try_symmetric_eigen(f64::EPSILON, 1000 * order)?;
        let squares: Vec<f64> = eigen.eigenvalues.iter().map(|square| square.max(0.0)).collect();
        let vectors = eigen.eigenvectors;
        if columns <= rows {
            let mut z = Tensor::zeros(rows, columns);
            multiply_to(x, &vectors, &mut z);
            return Some(Self { z, v: vectors, squares });
        }
        let smallest = SMALLEST_EIGENVALUE * squares.iter().fold(0.0, |a: f64, &b| a.max(b));
        let kept: Vec<usize> = (0..order).filter(|&j| squares[j] > smallest).collect();
        let squares: Vec<f64> = kept.iter().map(|&j| squares[j]).collect();
        let times = |power: f64| {
            Tensor::from_fn(rows, kept.len(), |row, j| {
                vectors[(row, kept[j])] * squares[j].powf(power)
            })
        };
        let mut v = Tensor::zeros(columns, kept.len());
        transpose_multiply_to(x, &times(-0.5), &mut v);
        Some(Self { z: times(0.5), v, squares })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Results of `RidgeCV` of scikit-learn: see tests/golden_ridge.py.
    const GOLDEN: &str = include_str!("../../tests/golden/ridge.json");

    fn numbers(value: &Value) -> Vec<f64> {
        value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
    }

    fn tensor(value: &Value) -> Tensor<f64> {
        let rows: Vec<Vec<f64>> = value.as_array().unwrap().iter().map(numbers).collect();
        Tensor::from_row_slice(rows.len(), rows[0].len(), &rows.concat())
    }

    #[test]
    fn it_is_that_of_scikit_learn() {
        let golden: Value = serde_json::from_str(GOLDEN).unwrap();
        let cases = golden["cases"].as_array().unwrap();
        assert!(cases.len() >= 4);
        for case in cases {
            let weights = case["sample_weight"].is_array().then(|| numbers(&case["sample_weight"]));
            let (x, y) = (tensor(&case["x"]), tensor(&case["y"]));
            let Ridge { weights, biases, penalty } = Ridge::fit(&x, &y, weights.as_deref());
            assert_eq!(penalty, case["penalty"].as_f64().unwrap(), "{}", case["name"]);
            let close = |found: &Tensor<f64>, expected: Tensor<f64>| {
                let difference = (found - &expected).abs().max();
                assert!(difference < 1e-9, "{}: {difference}", case["name"]);
            };
            close(&weights, tensor(&case["weights"]));
            close(&biases, tensor(&case["biases"]));
        }
    }

    #[test]
    fn one_row_and_equal_rows_are_predicted_by_their_mean() {
        let y = Tensor::from_column_slice(3, 1, &[1.0, 2.0, 6.0]);
        let equal = Ridge::fit(&Tensor::from_element(3, 2, 5.0), &y, None);
        assert_eq!((equal.weights.norm(), equal.biases[0]), (0.0, 3.0));
        let one =
            Ridge::fit(&Tensor::from_element(1, 2, 5.0), &Tensor::from_element(1, 1, 4.0), None);
        assert_eq!((one.weights.norm(), one.biases[0]), (0.0, 4.0));
    }
}
