//! One product for several threads: each writes columns of its own.
//!
//! It happens inside a rayon pool only, that is where a program has asked for threads
//! (`pool.install(|| ...)`), and only for products that are worth it. A column is computed as it
//! would be alone, so any number of threads gives the same bits of finite operands; and rayon's
//! threads sleep when there is nothing to do and take each other's work, so a busy core costs its
//! share, not more.

use super::Number;
use crate::{Finish, Strided};

/// A product on one thread: `outputs = finish(left * right)`.
pub(super) type Product<T> = fn(Strided<'_, T>, Strided<'_, T>, &mut [T], Finish<'_, T>);

/// Runs a product on the threads of the pool that this is called in, or on this one.
#[inline]
pub(super) fn share<T: Number>(
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    outputs: &mut [T],
    finish: Finish<'_, T>,
    product: Product<T>,
) {
    #[cfg(feature = "rayon")]
    if rayon::current_thread_index().is_some() {
        return split(rayon::current_num_threads(), left, right, outputs, finish, product);
    }
    product(left, right, outputs, finish);
}

/// Halves the columns until there is a part for each thread.
#[cfg(feature = "rayon")]
fn split<T: Number>(
    threads: usize,
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    outputs: &mut [T],
    finish: Finish<'_, T>,
    product: Product<T>,
) {
    /// Columns go in whole tiles.
    const TILE: usize = 8;
    /// Multiply-adds of a part that is worth handing over: less than half of it gained nothing.
    const WORTH: usize = 1 << 22;

    let columns = right.columns();
    let work = left.rows() * left.columns() * columns;
    if threads < 2 || columns < 2 * TILE || work < 2 * WORTH {
        return product(left, right, outputs, finish);
    }
    let half = threads / 2;
    let at = (columns * half / threads).next_multiple_of(TILE);
    let (first_right, last_right) = right.split_columns(at);
    let (first_outputs, last_outputs) = outputs.split_at_mut(at * left.rows());
    let first_finish = finish.of_columns(0, at);
    let last_finish = finish.of_columns(at, columns - at);
    rayon::join(
        || split(half, left, first_right, first_outputs, first_finish, product),
        || split(threads - half, left, last_right, last_outputs, last_finish, product),
    );
}

/// Runs `work` for a few columns at a time of a column-major matrix and one number for each of them, on
/// the threads of the pool that this is called in, if that is worth it: an elementwise pass with a sum
/// of every column.
///
/// `work` is given the first of its columns, their values and their numbers.
///
/// # Panics
/// If there are not as many columns of `rows` values as numbers.
pub fn for_each_columns<T: crate::Scalar>(
    values: &mut [T],
    rows: usize,
    numbers: &mut [T],
    at_once: usize,
    work: &(impl Fn(usize, &mut [T], &mut [T]) + Sync),
) {
    assert_eq!(values.len(), rows * numbers.len(), "values of {} columns", numbers.len());
    #[cfg(feature = "rayon")]
    let threads = rayon::current_thread_index().map_or(1, |_| rayon::current_num_threads());
    #[cfg(not(feature = "rayon"))]
    let threads = 1;
    columns_from(0, threads, values, rows, numbers, at_once.max(1), work);
}

/// The same for the columns from `first` on, halved until there is a part for each thread.
fn columns_from<T: crate::Scalar>(
    first: usize,
    threads: usize,
    values: &mut [T],
    rows: usize,
    numbers: &mut [T],
    at_once: usize,
    work: &(impl Fn(usize, &mut [T], &mut [T]) + Sync),
) {
    /// Values of a part that is worth handing over.
    #[cfg(feature = "rayon")]
    const WORTH: usize = 1 << 17;

    #[cfg(feature = "rayon")]
    if threads >= 2 && numbers.len() >= 2 && values.len() >= 2 * WORTH {
        let half = threads / 2;
        let at = (numbers.len() * half / threads).max(1);
        let (first_values, last_values) = values.split_at_mut(at * rows);
        let (first_numbers, last_numbers) = numbers.split_at_mut(at);
        let rest = threads - half;
        rayon::join(
            || columns_from(first, half, first_values, rows, first_numbers, at_once, work),
            || columns_from(first + at, rest, last_values, rows, last_numbers, at_once, work),
        );
        return;
    }
    let _ = threads;
    for (part, numbers) in numbers.chunks_mut(at_once).enumerate() {
        let begin = part * at_once;
        work(first + begin, &mut values[begin * rows..][..numbers.len() * rows], numbers);
    }
}

#[cfg(all(test, feature = "rayon"))]
mod tests {
    use crate::{
        Finish, Tensor, multiply_and_finish_to, multiply_transpose_to, transpose_multiply_to,
    };

    #[test]
    fn any_number_of_threads_gives_the_same_bits() {
        // Some columns are 0, from top to bottom or for 48 rows.
        let draw = |rows, columns| {
            Tensor::from_fn(rows, columns, |row, column| match column % 5 {
                0 => 0.0,
                1 if row / 48 % 2 == 0 => 0.0,
                _ => ((row * 7 + column * 13) as f32).sin(),
            })
        };
        let (inputs, weights, delta) = (draw(1001, 150), draw(150, 83), draw(1001, 83));
        let biases = draw(1, 83);
        let all = || {
            let mut outputs = Tensor::zeros(1001, 83);
            let finish = Finish::BiasRelu(biases.as_slice());
            multiply_and_finish_to(&inputs, &weights, finish, &mut outputs);
            let mut weight_gradient = Tensor::zeros(150, 83);
            transpose_multiply_to(&inputs, &delta, &mut weight_gradient);
            let mut input_gradient = Tensor::zeros(1001, 150);
            multiply_transpose_to(&delta, &weights, &mut input_gradient);
            (outputs, weight_gradient, input_gradient)
        };
        let alone = all();
        for threads in [1, 2, 3, 5, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            assert!(pool.install(all) == alone, "{threads} threads");
        }
    }

    #[test]
    fn every_column_is_worked_on_once() {
        for (rows, columns) in [(0, 3), (1000, 1), (3, 5), (2000, 301)] {
            for threads in [1, 2, 3] {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                let (mut values, mut sums) = (vec![0.0; rows * columns], vec![0.0; columns]);
                pool.install(|| {
                    let work = |first: usize, values: &mut [f64], sums: &mut [f64]| {
                        for (column, sum) in sums.iter_mut().enumerate() {
                            let values = &mut values[column * rows..][..rows];
                            values.iter_mut().for_each(|value| *value += (first + column) as f64);
                            *sum += values.iter().sum::<f64>();
                        }
                    };
                    super::for_each_columns(&mut values, rows, &mut sums, 7, &work);
                });
                let expected: Vec<f64> =
                    (0..columns).map(|column| (column * rows) as f64).collect();
                assert_eq!(sums, expected, "{rows}x{columns} on {threads} threads");
            }
        }
    }
}
