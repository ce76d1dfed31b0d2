//! A product, or a pass over numbers, divided among threads: each thread writes some of the rows, columns or
//! numbers.
//!
//! It happens only inside a rayon pool, where a program has asked for threads (`pool.install(|| ...)`),
//! and only if there is enough to do. With finite operands any number of threads gives the same bits.
//! rayon's threads sleep when there is nothing to do, and take work from each other, so a busy core costs
//! its share and no more.

use crate::instruction_set::Kernel;
use crate::product::Number;
use crate::tile::Operands;
use crate::{Epilogue, Kernels, Strided};

/// A product on one thread: `outputs = epilogue(left * right)`.
pub(crate) type Product<T> = fn(Strided<'_, T>, Strided<'_, T>, &mut [T], Epilogue<'_, T>);

/// The number of threads of the pool that this is called in; 1 outside of a pool.
#[inline]
fn current() -> usize {
    #[cfg(feature = "rayon")]
    return rayon::current_thread_index().map_or(1, |_| rayon::current_num_threads());
    #[cfg(not(feature = "rayon"))]
    1
}

/// A product of at least this many rows is divided by rows.
pub(crate) const ROWS_TO_SHARE: usize = 480;

/// Runs a product whose left operand has its rows side by side: on the threads of the current pool, which
/// share its rows.
///
/// # Safety
/// As for the kernel.
#[inline]
pub(crate) unsafe fn share_rows<T: Number>(
    kernel: Kernel<T>,
    operands: Operands<T>,
    size: (usize, usize),
    epilogue: Epilogue<'_, T>,
) {
    let threads = if size.0 >= ROWS_TO_SHARE { current() } else { 1 };
    // SAFETY: required of the caller.
    unsafe { rows_on(threads, kernel, operands, size, epilogue) }
}

/// Halves the rows until there is a part for each thread.
///
/// # Safety
/// As for the kernel.
unsafe fn rows_on<T: Number>(
    threads: usize,
    kernel: Kernel<T>,
    operands: Operands<T>,
    (rows, columns): (usize, usize),
    epilogue: Epilogue<'_, T>,
) {
    #[cfg(feature = "rayon")]
    {
        /// Rows are divided in whole panels of every register.
        const PANEL: usize = 48;
        /// Multiply-adds of a part that is worth another thread. Writing an output takes as long as
        /// `STORE` of them.
        const WORTH: usize = 1 << 21;
        const STORE: usize = 16;

        let work = rows * columns * (operands.inner + STORE);
        if threads >= 2 && rows >= 2 * PANEL && work >= 2 * WORTH {
            let half = threads / 2;
            let at = (rows * half / threads).next_multiple_of(PANEL);
            let rest = Operands {
                left: operands.left.wrapping_add(at),
                outputs: operands.outputs.wrapping_add(at),
                ..operands
            };
            rayon::join(
                // SAFETY: the parts have different rows of the left operand and the outputs.
                || unsafe { rows_on(half, kernel, operands, (at, columns), epilogue) },
                // SAFETY: as above.
                || unsafe {
                    rows_on(threads - half, kernel, rest, (rows - at, columns), epilogue);
                },
            );
            return;
        }
    }
    let _ = threads;
    // SAFETY: required of the caller.
    unsafe { kernel(operands, (rows, columns), epilogue) }
}

/// Calls `work` for each item, on the threads of the pool that it is called in. Each item should be much work.
///
/// ```
/// let mut items = [vec![3, 1, 2], vec![6, 5, 4]];
/// nnfs_kernel::for_each_mut(&mut items, &|item| item.sort());
/// assert_eq!(items, [[1, 2, 3], [4, 5, 6]]);
/// ```
pub fn for_each_mut<T: Send>(items: &mut [T], work: &(impl Fn(&mut T) + Sync)) {
    #[cfg(feature = "rayon")]
    if current() > 1 {
        use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};
        return items.par_iter_mut().with_max_len(1).for_each(work);
    }
    items.iter_mut().for_each(work);
}

/// Calls `work` for parts of some numbers, on the threads of the pool that it is called in.
///
/// ```
/// let mut numbers = [1.0, 4.0, 9.0];
/// nnfs_kernel::in_parts(&mut numbers, &|part| nnfs_kernel::map_mut(part, f64::sqrt));
/// assert_eq!(numbers, [1.0, 2.0, 3.0]);
/// ```
pub fn in_parts<T: Send>(numbers: &mut [T], work: &(impl Fn(&mut [T]) + Sync)) {
    parts_on(current(), numbers, work);
}

/// Halves the numbers until there is a part for each thread.
fn parts_on<T: Send>(threads: usize, numbers: &mut [T], work: &(impl Fn(&mut [T]) + Sync)) {
    /// Numbers of a part that is worth another thread.
    const WORTH: usize = 1 << 15;

    #[cfg(feature = "rayon")]
    if threads >= 2 && numbers.len() >= 2 * WORTH {
        let half = threads / 2;
        let (first, rest) = numbers.split_at_mut(numbers.len() * half / threads);
        rayon::join(|| parts_on(half, first, work), || parts_on(threads - half, rest, work));
        return;
    }
    let _ = (threads, WORTH);
    work(numbers);
}

/// Runs a product on the threads of the current pool, which share its columns, or on this thread.
#[inline]
pub(crate) fn share<T: Kernels>(
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    outputs: &mut [T],
    epilogue: Epilogue<'_, T>,
    product: Product<T>,
) {
    #[cfg(feature = "rayon")]
    return split(current(), left, right, outputs, epilogue, product);
    #[cfg(not(feature = "rayon"))]
    product(left, right, outputs, epilogue);
}

/// Halves the columns until there is a part for each thread.
#[cfg(feature = "rayon")]
fn split<T: Kernels>(
    threads: usize,
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    outputs: &mut [T],
    epilogue: Epilogue<'_, T>,
    product: Product<T>,
) {
    /// Columns are divided in whole tiles.
    const TILE: usize = 8;
    /// Multiply-adds of a part that is worth another thread.
    const WORTH: usize = 1 << 21;

    let columns = right.columns();
    let work = left.rows() * left.columns() * columns;
    if threads < 2 || columns < 2 * TILE || work < 2 * WORTH {
        return product(left, right, outputs, epilogue);
    }
    let half = threads / 2;
    let at = (columns * half / threads).next_multiple_of(TILE);
    debug_assert!(columns - at >= 2, "a single column is added in another order");
    let (first_right, last_right) = right.split_columns(at);
    let (first_outputs, last_outputs) = outputs.split_at_mut(at * left.rows());
    let first_epilogue = epilogue.of_columns(0, at);
    let last_epilogue = epilogue.of_columns(at, columns - at);
    rayon::join(
        || split(half, left, first_right, first_outputs, first_epilogue, product),
        || split(threads - half, left, last_right, last_outputs, last_epilogue, product),
    );
}

/// Writes `pass(left, right)` into `results` and the sum of each column of the results into `sums`, for
/// column-major matrices of `rows` rows.
///
/// It works on a few columns at a time, which are still in the cache when they are added, and on the
/// threads of the pool that it is called in if there is enough to do. `pass` is called with the numbers
/// of these columns.
///
/// # Panics
/// If the lengths differ, or there are not `rows` numbers for each sum.
pub fn zip_map_and_sum_columns_to<T: Kernels>(
    left: &[T],
    right: &[T],
    results: &mut [T],
    rows: usize,
    sums: &mut [T],
    pass: &(impl Fn(&[T], &[T], &mut [T]) + Sync),
) {
    /// This many numbers of each of three matrices fit into the caches of a core.
    const CACHED: usize = 8192;

    let count = results.len();
    assert_eq!(Some(count), rows.checked_mul(sums.len()), "values of {} columns", sums.len());
    assert!(left.len() == count && right.len() == count, "lengths differ");
    let at_once = (CACHED / rows.max(1)).max(1);
    for_each_columns(results, rows, sums, at_once, &|first, results, sums| {
        let numbers = first * rows..first * rows + results.len();
        pass(&left[numbers.clone()], &right[numbers], results);
        T::sum_columns_to(results, rows, sums);
    });
}

/// Calls `work` for at most `at_once` columns of a column-major matrix at a time: with the position of
/// the first of them, their values, and one number for each column.
fn for_each_columns<T: Kernels>(
    values: &mut [T],
    rows: usize,
    numbers: &mut [T],
    at_once: usize,
    work: &(impl Fn(usize, &mut [T], &mut [T]) + Sync),
) {
    columns_from(0, current(), values, rows, numbers, at_once, work);
}

/// The same for the columns from `first` on, halved until there is a part for each thread.
fn columns_from<T: Kernels>(
    first: usize,
    threads: usize,
    values: &mut [T],
    rows: usize,
    numbers: &mut [T],
    at_once: usize,
    work: &(impl Fn(usize, &mut [T], &mut [T]) + Sync),
) {
    /// Values of a part that is worth another thread.
    #[cfg(feature = "rayon")]
    const WORTH: usize = 1 << 15;

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
    use crate::{Epilogue, Kernels, Strided, dot_tile};

    #[test]
    fn any_number_of_threads_gives_the_same_bits() {
        // Some columns are 0, from top to bottom or for 48 rows.
        let draw = |rows: usize, columns: usize| -> Vec<f32> {
            let entry = |row: usize, column: usize| match column % 5 {
                0 => 0.0,
                1 if (row / 48).is_multiple_of(2) => 0.0,
                _ => ((row * 7 + column * 13) as f32).sin(),
            };
            let columns = 0..columns;
            columns.flat_map(|column| (0..rows).map(move |row| entry(row, column))).collect()
        };
        let (inputs, weights, delta) = (draw(1001, 150), draw(150, 83), draw(1001, 83));
        let biases = draw(1, 83);
        let (wide, few, many) = (draw(2001, 120), draw(2001, 60), draw(2001, 100));
        let wide = Strided::new(&wide, 2001, 120);
        let few = Strided::new(&few, 2001, 60);
        let many = Strided::new(&many, 2001, 100);
        // These outputs are not few, but half of them would be, which are added in another order.
        assert!(!dot_tile::is_worth(2001, 100, 120) && dot_tile::is_worth(2001, 100, 64));
        assert!(dot_tile::is_worth(2001, 60, 120));
        let inputs = Strided::new(&inputs, 1001, 150);
        let weights = Strided::new(&weights, 150, 83);
        let delta = Strided::new(&delta, 1001, 83);
        let product = |left: Strided<'_, f32>, right: Strided<'_, f32>, epilogue| {
            let mut outputs = vec![0.0; left.rows() * right.columns()];
            f32::product(left, right, &mut outputs, epilogue);
            outputs
        };
        let all = || {
            let outputs = product(inputs, weights, Epilogue::BiasRelu(&biases));
            let mut weight_gradient = vec![0.0; 150 * 83];
            f32::transposed_product(inputs, delta, &mut weight_gradient);
            let input_gradient = product(delta, weights.transpose(), Epilogue::None);
            let gradient = |left: Strided<'_, f32>| {
                let mut outputs = vec![0.0; left.columns() * 120];
                f32::transposed_product(left, wide, &mut outputs);
                outputs
            };
            let all =
                [outputs, weight_gradient, input_gradient, gradient(few), gradient(many)].concat();
            all.into_iter().map(f32::to_bits).collect::<Vec<_>>()
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
                let left: Vec<f64> = (0..rows * columns).map(|at| (at / rows) as f64).collect();
                let right = vec![2.0; rows * columns];
                let (mut results, mut sums) = (vec![0.0; rows * columns], vec![0.0; columns]);
                pool.install(|| {
                    let pass = |left: &[f64], right: &[f64], results: &mut [f64]| {
                        for (result, (left, right)) in
                            results.iter_mut().zip(left.iter().zip(right))
                        {
                            *result += left + right;
                        }
                    };
                    let (results, sums) = (&mut results, &mut sums);
                    super::zip_map_and_sum_columns_to(&left, &right, results, rows, sums, &pass);
                });
                let expected: Vec<f64> =
                    (0..columns).map(|column| ((column + 2) * rows) as f64).collect();
                assert_eq!(sums, expected, "{rows}x{columns} on {threads} threads");
                assert!(results.iter().zip(&left).all(|(result, left)| *result == left + 2.0));
            }
        }
    }
}
