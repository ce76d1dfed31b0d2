//! The parts of a table as scaled tensors.

use anyhow::{Context, anyhow};
use nnfs::datasets::{Encoder, ScalerError, StandardScaler, Table, Target};
use nnfs::files::{Dtype, FileScalar};
use nnfs::prelude::*;

use super::data::Data;
use super::options::LossKind;

/// Scaled inputs, and the targets as the loss wants them.
#[derive(Debug)]
pub(crate) struct Samples<T: Scalar> {
    pub(crate) inputs: Tensor<T>,
    pub(crate) targets: Tensor<T>,
}

/// What training sees, and how it was scaled: by the training rows alone.
#[derive(Debug)]
pub(crate) struct Tensors<T: Scalar> {
    pub(crate) train: Samples<T>,
    pub(crate) validation: Option<Samples<T>>,
    pub(crate) input_scaler: StandardScaler,
    /// Of a regression.
    pub(crate) target_scaler: Option<StandardScaler>,
}

impl<T: FileScalar> Tensors<T> {
    /// # Errors
    /// If a number is too large for `T`, or numbers are too far apart.
    pub(crate) fn of(data: &Data, loss: LossKind) -> anyhow::Result<Self> {
        let Data { encoder, train, .. } = data;
        let (inputs, targets) = raw::<T>(encoder, train, loss)?;
        let input_scaler = StandardScaler::fit(&inputs);
        let input_scaler =
            input_scaler.map_err(|error| named::<T>(error, train, &encoder.input_names()))?;
        let target_scaler = match encoder.target() {
            Target::Classes { .. } => None,
            Target::Numbers(names) => {
                let scaler = StandardScaler::fit(&targets);
                Some(scaler.map_err(|error| named::<T>(error, train, names))?)
            }
        };
        let scaled = |(mut inputs, mut targets)| -> anyhow::Result<Samples<T>> {
            input_scaler.transform_mut(&mut inputs)?;
            if let Some(scaler) = &target_scaler {
                scaler.transform_mut(&mut targets)?;
            }
            Ok(Samples { inputs, targets })
        };
        let train = scaled((inputs, targets))?;
        let validation = data.validation.as_ref();
        let validation = validation
            .map(|table| {
                scaled(raw(encoder, table, loss)?)
                    .context(format!("{}: validation rows", table.source()))
            })
            .transpose()?;
        Ok(Self { train, validation, input_scaler, target_scaler })
    }

    /// How many inputs and outputs a network for them has.
    pub(crate) fn widths(&self) -> (usize, usize) {
        (self.train.inputs.ncols(), self.train.targets.ncols())
    }
}

/// Inputs and targets as they stand in the table.
fn raw<T: FileScalar>(
    encoder: &Encoder,
    table: &Table,
    loss: LossKind,
) -> anyhow::Result<(Tensor<T>, Tensor<T>)> {
    let targets = encoder.targets(table)?;
    // One output, the probability of the second class.
    let binary = loss == LossKind::BinaryCrossEntropy;
    let targets = if binary { targets.columns(1, 1).into_owned() } else { targets };
    Ok((encoder.inputs(table)?, targets))
}

/// What a scaler says of a tensor, with the place in the file.
fn named<T: FileScalar>(error: ScalerError, table: &Table, names: &[String]) -> anyhow::Error {
    let file = table.source();
    match error {
        ScalerError::NotFinite { row, column, .. } => {
            let hint = if T::DTYPE == Dtype::F32 { " (--dtype f64 has larger ones)" } else { "" };
            let (line, name) = (table.line(row), &names[column]);
            anyhow!(
                "{file}, line {line}, column {name:?}: expected a number within the range of {}, found a larger one{hint}",
                T::DTYPE
            )
        }
        ScalerError::TooWide { column } => {
            let (first, last) = (table.line(0), table.line(table.rows() - 1));
            let name = &names[column];
            anyhow!(
                "{file}, lines {first} to {last}, column {name:?}: expected numbers whose spread is finite, found a larger one"
            )
        }
        other => anyhow!("{file}: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::options::parse;

    #[test]
    fn the_training_rows_alone_decide_the_scales() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data.csv");
        let rows = (0..40).map(|row| format!("{},{}\n", row * row, 7 - 3 * row));
        std::fs::write(&file, format!("x,y\n{}", rows.collect::<String>())).unwrap();
        let words = "--target y --task regression --validation-fraction 0.3";
        let options = parse(&format!("{} {words}", file.display()));
        let data = Data::read(&options, LossKind::SquaredError).unwrap();
        let tensors = Tensors::<f64>::of(&data, LossKind::SquaredError).unwrap();
        let scaled = |tensor: &Tensor<f64>| {
            tensor.mean().abs() < 1e-12 && (tensor.variance() - 1.0).abs() < 1e-12
        };
        let Samples { inputs, targets } = &tensors.train;
        assert!(scaled(inputs) && scaled(targets));
        let Samples { inputs, targets } = tensors.validation.unwrap();
        assert!(!scaled(&inputs) && !scaled(&targets));
        // What is undone gives the numbers of the file.
        let mut undone = targets;
        tensors.target_scaler.unwrap().inverse_mut(&mut undone).unwrap();
        let expected = data.encoder.targets::<f64>(&data.validation.unwrap()).unwrap();
        assert!((undone - expected).abs().max() < 1e-9);
    }
}
