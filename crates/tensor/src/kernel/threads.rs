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
}
