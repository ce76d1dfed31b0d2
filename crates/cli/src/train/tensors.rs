//! The parts of a table as scaled tensors.

use anyhow::{anyhow, bail};
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
    /// If numbers are too far apart.
    pub(crate) fn of(data: &Data, loss: LossKind) -> anyhow::Result<Self> {
        let Data { encoder, train, .. } = data;
        let Raw { inputs, targets } = Raw::of(encoder, train, loss)?;
        let input_scaler = StandardScaler::fit(&inputs);
        let input_scaler =
            input_scaler.map_err(|error| named(&error, train, &encoder.input_names()))?;
        let target_scaler = match encoder.target() {
            Target::Classes { .. } => None,
            Target::Numbers(names) => {
                let scaler = StandardScaler::fit(&targets);
                Some(scaler.map_err(|error| named(&error, train, names))?)
            }
        };
        let scaled = |table: &Table, raw: &Raw| -> anyhow::Result<Samples<T>> {
            let (mut inputs, mut targets) = (Tensor::default(), Tensor::default());
            input_scaler.transform_to(&raw.inputs, &mut inputs)?;
            check(&inputs, &raw.inputs, table, &encoder.input_names())?;
            match &target_scaler {
                Some(scaler) => {
                    scaler.transform_to(&raw.targets, &mut targets)?;
                    check(&targets, &raw.targets, table, encoder.target_names())?;
                }
                None => targets = raw.targets.map(T::data),
            }
            Ok(Samples { inputs, targets })
        };
        let held_out = |table| scaled(table, &Raw::of(encoder, table, loss)?);
        let validation = data.validation.as_ref().map(held_out).transpose()?;
        // That they can be predicted is to be known before training.
        data.test.as_ref().map(held_out).transpose()?;
        let train = scaled(train, &Raw { inputs, targets })?;
        Ok(Self { train, validation, input_scaler, target_scaler })
    }

    /// How many inputs and outputs a network for them has.
    pub(crate) fn widths(&self) -> (usize, usize) {
        (self.train.inputs.ncols(), self.train.targets.ncols())
    }
}

/// Inputs and targets as they stand in the table: in double precision whatever the network computes
/// in, so that the scaling loses no digits.
struct Raw {
    inputs: Tensor<f64>,
    targets: Tensor<f64>,
}

impl Raw {
    fn of(encoder: &Encoder, table: &Table, loss: LossKind) -> anyhow::Result<Self> {
        let targets = encoder.targets(table)?;
        // One output, the probability of the second class.
        let binary = loss == LossKind::BinaryCrossEntropy;
        let targets = if binary { targets.columns(1, 1).into_owned() } else { targets };
        Ok(Self { inputs: encoder.inputs(table)?, targets })
    }
}

/// All numbers are within the range of `T` once they are scaled.
fn check<T: FileScalar>(
    scaled: &Tensor<T>,
    raw: &Tensor<f64>,
    table: &Table,
    names: &[String],
) -> anyhow::Result<()> {
    let Some((row, column)) = nnfs::tensor::first_non_finite(scaled) else { return Ok(()) };
    let (file, line, name) = (table.source(), table.line(row), &names[column]);
    let (found, dtype) = (raw[(row, column)], T::DTYPE);
    let hint = if dtype == Dtype::F32 { " (--dtype f64 has a wider one)" } else { "" };
    bail!(
        "{file}, line {line}, column {name:?}: expected a number within the range of {dtype} once it is scaled by the training rows{hint}, found {found:e}"
    )
}

/// What a scaler says of a tensor, with the place in the file.
fn named(error: &ScalerError, table: &Table, names: &[String]) -> anyhow::Error {
    let file = table.source();
    let &ScalerError::TooWide { column } = error else { return anyhow!("{file}: {error}") };
    let (first, last) = (table.line(0), table.line(table.rows() - 1));
    let name = &names[column];
    anyhow!(
        "{file}, lines {first} to {last}, column {name:?}: expected numbers whose spread is finite, found a larger one"
    )
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
