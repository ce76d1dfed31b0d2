//! The inputs of a table, column by column, by several threads.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use nnfs::datasets::{Encoder, Table};
use nnfs::prelude::*;

use crate::Error;
use crate::threads::{FEW, available_threads, run_on_threads};

/// Some input columns of a table, and their part of the tensor of inputs.
type Part<'a, T> = (Range<usize>, &'a mut [T]);

/// Calls `work` with the index of every input, its numbers, and its column of `inputs`. Returns the
/// results in the order of the inputs.
///
/// # Errors
/// If a value is not what its column should hold, and the first error of `work` in the order of the
/// columns.
pub(crate) fn for_each_input<T: Scalar, R: Send>(
    encoder: &Encoder,
    table: &Table,
    inputs: &mut Tensor<T>,
    work: impl Fn(usize, &[f64], &mut [T]) -> Result<R, Error> + Sync,
) -> Result<Vec<R>, Error> {
    let rows = inputs.nrows();
    let of_part = |(columns, inputs): Part<'_, T>| -> Result<Vec<R>, Error> {
        let mut results = Vec::new();
        let mut slices = inputs.chunks_exact_mut(rows.max(1));
        encoder.for_each_input_of(columns, table, |index, numbers| {
            results.push(work(index, numbers, slices.next().unwrap_or_default())?);
            Ok::<(), Error>(())
        })?;
        Ok(results)
    };
    let is_small = table.rows() * encoder.input_width() < FEW;
    let threads = if is_small { 1 } else { available_threads() };
    if threads == 1 {
        return of_part((0..encoder.input_columns().len(), inputs.as_mut_slice()));
    }
    // More parts than threads, because some columns take longer.
    let parts = Mutex::new(parts(encoder, rows, 4 * threads, inputs.as_mut_slice()));
    let results = Mutex::new(Vec::new());
    let worker = || {
        let next = || parts.lock().unwrap_or_else(PoisonError::into_inner).pop();
        while let Some(part) = next() {
            let start = part.0.start;
            let result = of_part(part);
            results.lock().unwrap_or_else(PoisonError::into_inner).push((start, result));
        }
    };
    run_on_threads(threads, worker);
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|&(start, _)| start);
    let mut all = Vec::with_capacity(encoder.input_width());
    for (_, result) in results {
        all.append(&mut result?);
    }
    Ok(all)
}

/// The input columns in about `count` parts, the last one first.
fn parts<'a, T>(
    encoder: &Encoder,
    rows: usize,
    count: usize,
    mut inputs: &'a mut [T],
) -> Vec<Part<'a, T>> {
    let columns = encoder.input_columns();
    let step = columns.len().div_ceil(count).max(1);
    let mut parts = Vec::new();
    for start in (0..columns.len()).step_by(step) {
        let end = (start + step).min(columns.len());
        let width: usize = columns[start..end].iter().map(|input| input.coding.width()).sum();
        let length = if end == columns.len() { inputs.len() } else { width * rows };
        let (part, rest) = std::mem::take(&mut inputs).split_at_mut(length);
        parts.push((start..end, part));
        inputs = rest;
    }
    parts.reverse();
    parts
}

#[cfg(test)]
mod tests {
    use nnfs::datasets::Columns;

    use super::*;

    /// More numbers than one thread computes, in numeric columns and columns of words.
    #[test]
    fn columns_are_the_same_for_any_number_of_threads() {
        let rows = (0..20_000).map(|row| {
            let row = f64::from(row);
            [row.to_string(), ["a", "b", "c"][row as usize % 3].to_owned(), row.sin().to_string()]
                .into_iter()
                .chain((0..5).map(|column| (row * f64::from(column)).to_string()))
                .chain([(2.0 * row).to_string()])
                .collect::<Vec<_>>()
        });
        let table =
            Table::from_rows("t", &["x", "w", "z", "a", "b", "c", "d", "e", "y"], rows).unwrap();
        let encoder = Encoder::fit(&table, &Columns::regression(["y"])).unwrap();
        let mut inputs = Tensor::<f64>::zeros(table.rows(), encoder.input_width());
        let indices = for_each_input(&encoder, &table, &mut inputs, |index, numbers, column| {
            column.copy_from_slice(numbers);
            Ok(index)
        });
        assert_eq!(indices.unwrap(), (0..encoder.input_width()).collect::<Vec<_>>());
        assert_eq!(inputs, encoder.inputs::<f64>(&table).unwrap());
        let error = for_each_input(&encoder, &table, &mut inputs, |index, _, _| match index {
            0 | 1 => Ok(()),
            index => Err(Error::NoColumns { file: index.to_string() }),
        });
        assert!(matches!(error, Err(Error::NoColumns { file }) if file == "2"));
    }
}
