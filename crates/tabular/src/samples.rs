//! The parts of a table as scaled tensors.

use nnfs::datasets::{Encoder, ScalerError, StandardScaler, Table, Target};
use nnfs::files::FileScalar;
use nnfs::prelude::*;

use crate::{Error, LossKind, Parts};

/// Scaled inputs, and the targets as the loss takes them.
#[derive(Debug)]
pub(crate) struct Samples<T: Scalar> {
    pub(crate) inputs: Tensor<T>,
    pub(crate) targets: Tensor<T>,
}

/// The scales of inputs and targets, taken from the training rows alone.
#[derive(Debug, Clone)]
pub(crate) struct Scales {
    pub(crate) inputs: StandardScaler,
    /// Of a regression.
    pub(crate) targets: Option<StandardScaler>,
}

/// Training rows, and validation rows if there are any.
pub(crate) type Sampled<T> = (Samples<T>, Option<Samples<T>>);

impl Scales {
    /// Scales the parts of a table.
    ///
    /// # Errors
    /// If the spread of a column is not finite, or a number is not once it is scaled; of test rows too,
    /// because it should be known before training that they can be predicted.
    pub(crate) fn fit<T: FileScalar>(
        parts: &Parts,
        loss: LossKind,
    ) -> Result<(Self, Sampled<T>), Error> {
        let (encoder, train) = (parts.encoder(), parts.train());
        let raw = Raw::of(encoder, train, loss)?;
        let fit = |tensor, names: &[String]| {
            StandardScaler::fit(tensor).map_err(|source| named(source, train, names))
        };
        let inputs = fit(&raw.inputs, &encoder.input_names())?;
        let targets = match encoder.target() {
            Target::Classes { .. } => None,
            Target::Numbers(names) => Some(fit(&raw.targets, names)?),
        };
        let scales = Self { inputs, targets };
        let held_out = |table| scales.scale(encoder, table, &Raw::of(encoder, table, loss)?);
        let validation = parts.validation().map(held_out).transpose()?;
        parts.test().map(held_out).transpose()?;
        let train = scales.scale(encoder, train, &raw)?;
        Ok((scales, (train, validation)))
    }

    fn scale<T: FileScalar>(
        &self,
        encoder: &Encoder,
        table: &Table,
        raw: &Raw,
    ) -> Result<Samples<T>, Error> {
        let (mut inputs, mut targets) = (Tensor::default(), Tensor::default());
        self.inputs.transform_to(&raw.inputs, &mut inputs)?;
        check(&inputs, &raw.inputs, table, &encoder.input_names())?;
        match &self.targets {
            Some(scaler) => {
                scaler.transform_to(&raw.targets, &mut targets)?;
                check(&targets, &raw.targets, table, encoder.target_names())?;
            }
            None => targets = raw.targets.map(T::data),
        }
        Ok(Samples { inputs, targets })
    }
}

/// Inputs and targets as they are in the table. In double precision whatever the network computes in,
/// so that scaling loses no digits.
struct Raw {
    inputs: Tensor<f64>,
    targets: Tensor<f64>,
}

impl Raw {
    fn of(encoder: &Encoder, table: &Table, loss: LossKind) -> Result<Self, Error> {
        let targets = encoder.targets(table)?;
        // One output, the probability of the second class.
        let binary = loss == LossKind::SigmoidCrossEntropy;
        let targets = if binary { targets.columns(1, 1).into_owned() } else { targets };
        Ok(Self { inputs: encoder.inputs(table)?, targets })
    }
}

/// Checks that all numbers are within the range of `T` once they are scaled.
fn check<T: FileScalar>(
    scaled: &Tensor<T>,
    raw: &Tensor<f64>,
    table: &Table,
    names: &[String],
) -> Result<(), Error> {
    let Some((row, column)) = nnfs::tensor::first_non_finite(scaled) else { return Ok(()) };
    Err(Error::OutOfRange {
        file: table.source().to_owned(),
        line: table.line(row),
        column: names[column].clone(),
        dtype: T::DTYPE,
        found: raw[(row, column)],
    })
}

/// The error of a scaler, with the place in the file.
fn named(source: ScalerError, table: &Table, names: &[String]) -> Error {
    let ScalerError::TooWide { column } = source else { return source.into() };
    Error::SpreadTooLarge {
        file: table.source().to_owned(),
        first: table.line(0),
        last: table.line(table.rows() - 1),
        column: names[column].clone(),
    }
}

#[cfg(test)]
mod tests {
    use nnfs::datasets::Columns;

    use super::*;
    use crate::Settings;

    #[test]
    fn the_training_rows_alone_decide_the_scales() {
        let rows = (0..40).map(|row| [(row * row).to_string(), (7 - 3 * row).to_string()]);
        let table = Table::from_rows("data", &["x", "y"], rows).unwrap();
        let settings = Settings { validation_fraction: 0.3, ..Settings::default() };
        let loss = LossKind::MeanSquaredError;
        let parts = Parts::of(&table, &Columns::regression(["y"]), &settings, loss).unwrap();
        let (scales, (train, validation)) = Scales::fit::<f64>(&parts, loss).unwrap();
        let scaled = |tensor: &Tensor<f64>| {
            tensor.mean().abs() < 1e-12 && (tensor.variance() - 1.0).abs() < 1e-12
        };
        assert!(scaled(&train.inputs) && scaled(&train.targets));
        let Samples { inputs, targets } = validation.unwrap();
        assert!(!scaled(&inputs) && !scaled(&targets));
        // The inverse gives the numbers of the table.
        let mut unscaled = targets;
        scales.targets.unwrap().inverse_mut(&mut unscaled).unwrap();
        let expected = parts.encoder().targets::<f64>(parts.validation().unwrap()).unwrap();
        assert!((unscaled - expected).abs().max() < 1e-9);
    }
}
