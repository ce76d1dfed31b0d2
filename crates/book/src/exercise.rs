//! What the exercises share: matrices, data, random numbers, parameters and the log. All formulas of
//! a training are in the exercises, because one of them is wrong.

use std::fmt::{self, Display, Write};

use nnfs::datasets;
use nnfs::numpy::{RandomState, python_repr};
use nnfs::tensor::{Tensor, multiply_to};

/// A matrix: a row is a sample, a column is a feature or a unit.
pub type Matrix = Tensor<f64>;

/// The product `A B`.
///
/// # Panics
/// If A has another number of columns than B has rows.
pub fn dot(a: &Matrix, b: &Matrix) -> Matrix {
    let mut product = Matrix::zeros(a.nrows(), b.ncols());
    multiply_to(a, b, &mut product);
    product
}

/// Adds a matrix of one row to every row.
///
/// # Panics
/// If the numbers of columns differ.
pub fn add_row(matrix: Matrix, row: &Matrix) -> Matrix {
    assert_eq!(row.shape(), (1, matrix.ncols()), "one row as wide as the matrix");
    let mut sum = matrix;
    for (mut column, &number) in sum.column_iter_mut().zip(row) {
        column.add_scalar_mut(number);
    }
    sum
}

/// The sum of all rows: one row.
pub fn sum_of_rows(matrix: &Matrix) -> Matrix {
    Matrix::from_fn(1, matrix.ncols(), |_, column| matrix.column(column).sum())
}

/// The sum of all columns: one column.
pub fn sum_of_columns(matrix: &Matrix) -> Matrix {
    Matrix::from_fn(matrix.nrows(), 1, |row, _| matrix.row(row).sum())
}

/// The mean of all numbers.
pub fn mean(matrix: &Matrix) -> f64 {
    matrix.sum() / matrix.len() as f64
}

/// The standard deviation of all numbers.
pub fn deviation(matrix: &Matrix) -> f64 {
    let center = mean(matrix);
    mean(&matrix.map(|number| (number - center).powi(2))).sqrt()
}

/// The number of the largest entry of a row.
///
/// # Panics
/// If there is no such row, or it is empty.
pub fn argmax(matrix: &Matrix, row: usize) -> usize {
    matrix.row(row).transpose().imax()
}

/// One period of a sine: inputs and targets, both (samples, 1).
pub fn sine(samples: usize) -> (Matrix, Matrix) {
    datasets::sine(samples)
}

/// Numbers that look random, the same as those of NumPy with the same seed.
#[derive(Debug)]
pub struct Random(RandomState);

impl Random {
    /// As `np.random.RandomState(seed)`.
    pub fn new(seed: u32) -> Self {
        Self(RandomState::new(seed))
    }

    /// A matrix of normal numbers with this standard deviation.
    pub fn normal(&mut self, rows: usize, columns: usize, deviation: f64) -> Matrix {
        let numbers = std::iter::repeat_with(|| deviation * self.0.standard_normal());
        Matrix::from_row_iterator(rows, columns, numbers.take(rows * columns))
    }

    /// A matrix of 0 with probability `rate`, and 1 otherwise.
    pub fn zeros_and_ones(&mut self, rows: usize, columns: usize, rate: f64) -> Matrix {
        let numbers = std::iter::repeat_with(|| f64::from(self.0.random_sample() >= rate));
        Matrix::from_row_iterator(rows, columns, numbers.take(rows * columns))
    }

    /// Three arms of a spiral with 100 points each: points, (300, 2), and one-hot classes, (300, 3).
    pub fn spiral(&mut self) -> (Matrix, Matrix) {
        let (mut points, mut classes) = (Matrix::zeros(300, 2), Matrix::zeros(300, 3));
        for row in 0..300 {
            let (class, radius) = (row / 100, (row % 100) as f64 / 99.0);
            let turned = 2.5 * (4.0 * (class as f64 + radius) + 0.2 * self.0.standard_normal());
            points[(row, 0)] = radius * turned.sin();
            points[(row, 1)] = radius * turned.cos();
            classes[(row, class)] = 1.0;
        }
        (points, classes)
    }

    /// A layer with normal weights of this deviation, and biases of 0.
    pub fn dense(&mut self, inputs: usize, outputs: usize, deviation: f64) -> Dense {
        Dense {
            w: Parameter::new(self.normal(inputs, outputs, deviation)),
            b: Parameter::new(Matrix::zeros(1, outputs)),
        }
    }
}

/// The parameters of a dense layer.
#[derive(Debug)]
pub struct Dense {
    /// The weights: inputs x outputs.
    pub w: Parameter,
    /// The biases: 1 x outputs.
    pub b: Parameter,
}

/// A matrix that is trained.
#[derive(Debug)]
pub struct Parameter {
    /// Its numbers.
    pub value: Matrix,
    /// The derivative of the loss with respect to them.
    pub gradient: Matrix,
    /// Two more numbers for each of them, which an optimizer may keep; 0 at the start.
    state: [Matrix; 2],
}

impl Parameter {
    fn new(value: Matrix) -> Self {
        let zeros = || Matrix::zeros(value.nrows(), value.ncols());
        Self { gradient: zeros(), state: [zeros(), zeros()], value }
    }

    /// Calls a function for each number `w` with its gradient `g` and the numbers that the optimizer
    /// keeps for it.
    ///
    /// # Panics
    /// If the gradient has fewer numbers than the value.
    pub fn update(&mut self, step: impl Fn(&mut f64, f64, [&mut f64; 2])) {
        let Self { value, gradient, state: [first, second] } = self;
        for index in 0..value.len() {
            step(&mut value[index], gradient[index], [&mut first[index], &mut second[index]]);
        }
    }
}

/// The log of a training, as the chapter prints it.
#[derive(Debug, Default)]
pub struct Log {
    text: String,
}

impl Log {
    /// The log of a program.
    pub fn of(train: impl FnOnce(&mut Self)) -> Self {
        let mut log = Self::default();
        train(&mut log);
        log
    }

    /// Adds a row. A loss of a million or more is written with an exponent.
    pub fn row(&mut self, epoch: usize, accuracy: f64, data_loss: f64, penalty: f64, rate: f64) {
        let [loss, data_loss, penalty] = [data_loss + penalty, data_loss, penalty].map(number);
        let rate = python_repr(rate);
        writeln!(
            self.text,
            "epoch: {epoch}, acc: {accuracy:.3}, loss: {loss} (data_loss: {data_loss}, \
             reg_loss: {penalty}), lr: {rate}"
        )
        .expect("writing into a string does not fail");
    }
}

impl Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn number(value: f64) -> String {
    match value {
        _ if value.is_nan() => "nan".to_owned(),
        1e6..f64::INFINITY => format!("{value:.3e}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_python() {
        let numbers = [0.0625, 999_999.9, 7.449e139, f64::INFINITY, f64::NAN];
        assert_eq!(numbers.map(number), ["0.062", "999999.900", "7.449e139", "inf", "nan"]);
    }

    #[test]
    fn rows_and_columns_are_summed() {
        let matrix = Matrix::from_row_slice(2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(sum_of_rows(&matrix).as_slice(), [5.0, 7.0, 9.0]);
        assert_eq!(sum_of_columns(&matrix).as_slice(), [6.0, 15.0]);
        assert_eq!(add_row(matrix, &Matrix::from_element(1, 3, 1.0))[(1, 2)], 7.0);
        assert_eq!(argmax(&Matrix::from_row_slice(1, 3, &[0.1, 0.7, 0.2]), 0), 1);
    }

    #[test]
    fn the_deviation_of_a_sine_is_that_of_numpy() {
        let (inputs, targets) = sine(1000);
        assert_eq!(inputs[250], 0.25);
        assert!((targets[125] - (std::f64::consts::PI / 4.0).sin()).abs() < 1e-15);
        assert!((deviation(&targets) - 0.5_f64.sqrt()).abs() < 1e-12);
    }
}
