//! Predictions for the rows of a table, and the CSV file of them.

use anyhow::bail;
use nnfs::datasets::{Encoder, Selector, Table, Target};
use nnfs::files::{FileScalar, Pipeline};
use nnfs::prelude::*;

/// Whether a file of predictions also has what was to be predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Targets {
    Shown,
    Left,
}

/// Predictions for the rows of a table: numbers, or probabilities.
///
/// # Errors
/// If a column is missing, a value is not what its column should hold, or a prediction is infinite or
/// NaN.
pub(crate) fn predict<T: FileScalar>(
    pipeline: &Pipeline<T>,
    table: &Table,
) -> anyhow::Result<Tensor<f64>> {
    let predictions = pipeline.predict_table(table)?;
    let bad = predictions.row_iter().position(|row| row.iter().any(|value| !value.is_finite()));
    if let Some(row) = bad {
        bail!(
            "{}, line {}: expected inputs with a finite prediction, found too large ones",
            table.source(),
            table.line(row),
        );
    }
    Ok(predictions)
}

/// A CSV file with a row for each row of the table:
///
/// ```text
/// regression       prediction                              or prediction_NAME for each of several
/// classification   prediction, then probability_CLASS for each class
/// ```
/// With [`Targets::Shown`], the targets stand before them as `target`, or `target_NAME`.
///
/// # Errors
/// As [`predict`], and if targets are to be shown and missing.
pub(crate) fn csv<T: FileScalar>(
    pipeline: &Pipeline<T>,
    encoder: &Encoder,
    table: Option<&Table>,
    targets: Targets,
) -> anyhow::Result<Vec<u8>> {
    let (columns, classes) = match encoder.target() {
        Target::Numbers(names) => (names.as_slice(), &[][..]),
        Target::Classes { name, labels } => (std::slice::from_ref(name), labels.names()),
    };
    let headings = |what: &'static str| {
        let several = columns.len() > 1;
        columns.iter().map(move |name| if several { format!("{what}_{name}") } else { what.into() })
    };
    let mut header: Vec<String> = Vec::new();
    if targets == Targets::Shown {
        header.extend(headings("target"));
    }
    header.extend(headings("prediction"));
    header.extend(classes.iter().map(|class| format!("probability_{class}")));

    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(&header)?;
    if let Some(table) = table {
        let shown = match targets {
            Targets::Shown => {
                let column = |name: &String| table.column(&Selector::Name(name.clone()));
                columns.iter().map(column).collect::<Result<Vec<_>, _>>()?
            }
            Targets::Left => Vec::new(),
        };
        let predictions = predict(pipeline, table)?;
        let decoded = pipeline.decode(&predictions)?;
        let probabilities = match encoder.target() {
            Target::Classes { .. } => pipeline.class_probabilities(&predictions)?,
            Target::Numbers(_) => Tensor::default(),
        };
        for row in 0..table.rows() {
            let target = shown.iter().map(|&column| table.value(row, column).to_owned());
            let decoded = (0..columns.len()).map(|column| decoded.value(row, column).to_owned());
            let shares = (0..classes.len()).map(|class| text::<T>(probabilities[(row, class)]));
            writer.write_record(target.chain(decoded).chain(shares))?;
        }
    }
    Ok(writer.into_inner()?)
}

/// The shortest text of a probability that is read back as the same number of `T`.
fn text<T: FileScalar>(probability: f64) -> String {
    match T::DTYPE {
        nnfs::files::Dtype::F32 => format!("{:?}", probability as f32),
        nnfs::files::Dtype::F64 => format!("{probability:?}"),
    }
}
