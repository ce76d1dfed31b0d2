//! The parts of a table as scaled tensors.

use nnfs::datasets::{Encoder, ScalerError, StandardScaler, Table, Target};
use nnfs::files::{FileScalar, Scaler};
use nnfs::prelude::*;
use nnfs::tensor::select_rows_to;

use crate::input_scales::InputScales;
use crate::parallel::for_each_input;
use crate::repeated_rows::{self, hashes};
use crate::weights::column_of_weights;
use crate::{Error, LossKind, Parts, Predictor, Settings, Warning};

/// Scaled inputs, and the targets as the loss takes them.
#[derive(Debug)]
pub(crate) struct Samples<T: Scalar> {
    pub(crate) inputs: Tensor<T>,
    pub(crate) targets: Tensor<T>,
}

impl<T: Scalar> Samples<T> {
    /// Some of the rows.
    pub(crate) fn rows(&self, rows: &[usize]) -> Self {
        let mut some = Self { inputs: Tensor::default(), targets: Tensor::default() };
        select_rows_to(&self.inputs, rows, &mut some.inputs);
        select_rows_to(&self.targets, rows, &mut some.targets);
        some
    }
}

/// The scales of inputs and targets, taken from the training rows alone.
#[derive(Debug, Clone)]
pub(crate) struct Scales {
    pub(crate) inputs: Scaler,
    /// The scaler of the targets of a regression.
    pub(crate) targets: Option<StandardScaler>,
    /// One for each input with outliers, and one if rows repeat.
    pub(crate) warnings: Vec<Warning>,
}

/// Training rows, and validation rows if there are any.
pub(crate) type Sampled<T> = (Samples<T>, Option<Samples<T>>);

impl Scales {
    /// Scales the parts of a table.
    ///
    /// # Errors
    /// If the spread of a column is not finite, or a number is not once it is scaled; of the inputs of
    /// test rows too, because it should be known before training that they can be predicted.
    pub(crate) fn fit<T: FileScalar>(
        parts: &Parts,
        settings: &Settings,
        loss: LossKind,
    ) -> Result<(Self, Sampled<T>), Error> {
        let (encoder, table) = (parts.encoder(), parts.train());
        let targets = raw_targets(encoder, table, loss)?;
        let mut input_scales =
            InputScales::new(encoder, settings.outliers, settings.recipe.zero_one());
        let inputs = fit_inputs(encoder, table, &mut input_scales)?;
        parts.held_out().try_for_each(|table| input_scales.look_at(encoder, table))?;
        let (input_scaler, warnings) = input_scales.finish()?;
        let target_scaler = match encoder.target() {
            Target::Classes { .. } => None,
            Target::Numbers(names) => {
                // With weights, so that the means are the baseline of a row of weight 2 as of two rows.
                let fitted = match &settings.weight {
                    Some(name) => {
                        StandardScaler::fit_weighted(&targets, &column_of_weights(table, name)?)
                    }
                    None => StandardScaler::fit(&targets),
                };
                Some(fitted.map_err(|source| named(source, table, names))?)
            }
        };
        let mut scales = Self { inputs: input_scaler, targets: target_scaler, warnings };
        let mut rows = hashes(&inputs, &targets);
        let train = Samples { inputs, targets: scales.targets_of(encoder, table, &targets)? };
        let mut held_out = |table| -> Result<_, Error> {
            let targets = raw_targets(encoder, table, loss)?;
            let inputs = scales.inputs_of::<T>(encoder, table)?;
            rows.extend(hashes(&inputs, &targets));
            Ok((inputs, targets))
        };
        let validation = match parts.validation() {
            None => None,
            Some(table) => {
                let (inputs, targets) = held_out(table)?;
                Some(Samples { inputs, targets: scales.targets_of(encoder, table, &targets)? })
            }
        };
        parts.test().map(held_out).transpose()?;
        let repeated = repeated_rows::warning(parts, settings, &train.inputs, &targets, &rows);
        scales.warnings.extend(repeated);
        Ok((scales, (train, validation)))
    }

    /// The scaled inputs of some rows.
    ///
    /// # Errors
    /// If a value is not what its column should hold, or is not finite once it is scaled.
    pub(crate) fn inputs_of<T: FileScalar>(
        &self,
        encoder: &Encoder,
        table: &Table,
    ) -> Result<Tensor<T>, Error> {
        let mut inputs = zeros(encoder, table);
        for_each_input(encoder, table, &mut inputs, |index, raw, scaled| {
            scale_to(&self.inputs, index, raw, scaled);
            check(scaled, raw, table, || encoder.input_names().swap_remove(index))
        })?;
        Ok(inputs)
    }

    /// A pipeline with everything around it that predicting takes.
    ///
    /// # Errors
    /// If the widths do not fit.
    pub(crate) fn predictor<T: FileScalar>(
        self,
        pipeline: Pipeline<T>,
        parts: &Parts,
        loss: &dyn Loss<T>,
    ) -> Result<Predictor, Error> {
        let pipeline = pipeline
            .with_link(loss.link())?
            .with_encoder(parts.encoder().clone())?
            .with_input_scaler(self.inputs)?;
        let pipeline = match self.targets {
            Some(scaler) => pipeline.with_target_scaler(scaler)?,
            None => pipeline,
        };
        Ok(Predictor::new(T::into_any(pipeline)).expect("it has an encoder"))
    }

    /// The targets as the loss takes them: scaled numbers, or the indicators of classes.
    fn targets_of<T: FileScalar>(
        &self,
        encoder: &Encoder,
        table: &Table,
        raw: &Tensor<f64>,
    ) -> Result<Tensor<T>, Error> {
        let Some(scaler) = &self.targets else { return Ok(raw.map(T::data)) };
        let targets = scaler.transform(raw)?;
        for (index, name) in encoder.target_names().iter().enumerate() {
            let scaled = targets.column(index);
            check(scaled.as_slice(), raw.column(index).as_slice(), table, || name.clone())?;
        }
        Ok(targets)
    }
}

/// Fits the scale of each input and scales the inputs with it, column by column: a copy of all
/// inputs in double precision would take twice the memory of the inputs in `f32`.
fn fit_inputs<T: FileScalar>(
    encoder: &Encoder,
    table: &Table,
    scales: &mut InputScales,
) -> Result<Tensor<T>, Error> {
    let mut inputs = zeros(encoder, table);
    let fitted = for_each_input(encoder, table, &mut inputs, |index, raw, scaled| {
        let name = || encoder.input_names().swap_remove(index);
        let fitted = scales.fit(table, index, raw).map_err(|error| match error {
            Error::Scaler(source) => named(source, table, &[name()]),
            error => error,
        })?;
        scale_to(&fitted.scaler, 0, raw, scaled);
        check(scaled, raw, table, name)?;
        Ok(fitted)
    })?;
    fitted.into_iter().for_each(|fitted| scales.add(fitted));
    Ok(inputs)
}

/// A tensor for the inputs of some rows.
fn zeros<T: FileScalar>(encoder: &Encoder, table: &Table) -> Tensor<T> {
    // `vec!` of zeros gets its memory where it is written first, which is in several threads.
    let (rows, width) = (table.rows(), encoder.input_width());
    Tensor::from_vec(rows, width, vec![T::data(0.0); rows * width])
}

/// The targets as they are in the table. In double precision whatever the network computes in, so that
/// scaling loses no digits.
fn raw_targets(encoder: &Encoder, table: &Table, loss: LossKind) -> Result<Tensor<f64>, Error> {
    let targets = encoder.targets(table)?;
    // One output, the probability of the second class.
    let binary = loss == LossKind::SigmoidCrossEntropy;
    Ok(if binary { targets.columns(1, 1).into_owned() } else { targets })
}

/// Scales the numbers of a column in double precision, and rounds them once.
fn scale_to<T: Scalar>(scaler: &impl Scale, column: usize, raw: &[f64], scaled: &mut [T]) {
    for (scaled, &raw) in scaled.iter_mut().zip(raw) {
        *scaled = T::data(scaler.scale(column, raw));
    }
}

/// Checks that all numbers of a column are within the range of `T` once they are scaled.
fn check<T: FileScalar>(
    scaled: &[T],
    raw: &[f64],
    table: &Table,
    name: impl FnOnce() -> String,
) -> Result<(), Error> {
    let bad = scaled.iter().position(|number| !number.is_finite());
    let Some(row) = bad else { return Ok(()) };
    Err(Error::OutOfRange {
        file: table.source().to_owned(),
        line: table.line(row),
        column: name(),
        dtype: T::DTYPE,
        found: raw[row],
    })
}

/// The error of a scaler, with the place in the file.
fn named(source: ScalerError, table: &Table, names: &[String]) -> Error {
    let file = table.source().to_owned();
    let (first, last) = (table.line(0), table.line(table.rows() - 1));
    match source {
        ScalerError::TooWide { column } => {
            Error::SpreadTooLarge { file, first, last, column: names[column].clone() }
        }
        ScalerError::TooNarrow { column } => {
            Error::SpreadTooSmall { file, first, last, column: names[column].clone() }
        }
        _ => source.into(),
    }
}

#[cfg(test)]
mod tests {
    use nnfs::datasets::Columns;

    use super::*;

    /// Seconds since 1970 as inputs and targets, in which single precision has steps of 128.
    #[test]
    fn numbers_far_from_zero_keep_their_digits() {
        let start = 1_700_000_000.0;
        let rows = (0..200).map(|row| {
            let (x, z) = (start + 3.0 * f64::from(row * 7 % 200), f64::from(row * 13 % 31));
            let y = start + 0.01 * (x - start) + z;
            [x, z, y].map(|number| number.to_string())
        });
        let table = Table::from_rows("data", &["x", "z", "y"], rows).unwrap();
        let fitted = crate::Regressor::new("y").learning_rate(0.01).fit(&table).unwrap();
        let r2 = fitted.predictor().score(&table).unwrap().get("r2").unwrap();
        assert!(r2 > 0.999, "{r2}");
        let loaded = fitted.predictor().pipeline().to_bytes().unwrap();
        let loaded = crate::Predictor::from_bytes(&loaded).unwrap();
        assert_eq!(loaded.predict(&table).unwrap(), fitted.predictor().predict(&table).unwrap());
    }

    #[test]
    fn column_by_column_is_the_same_as_all_at_once() {
        let word = |row: usize| ["red", "green", "blue"][row % 3].to_owned();
        let number = |row: usize| (1.7e9 + (row * row) as f64).to_string();
        let rows = (0..50).map(|row| [number(row), word(row), (0.1 * row as f64).to_string()]);
        let table = Table::from_rows("data", &["x", "color", "y"], rows).unwrap();
        let loss = LossKind::MeanSquaredError;
        let columns = Columns::regression(["y"]);
        let parts = Parts::of(&table, &columns, &Settings::plain(), loss).unwrap();
        let (scales, (train, _)) = Scales::fit::<f32>(&parts, &Settings::plain(), loss).unwrap();
        let raw = parts.encoder().inputs::<f64>(parts.train()).unwrap();
        let (scaler, inputs) = StandardScaler::fit_transform(&raw).unwrap();
        assert_eq!((scales.inputs.clone(), train.inputs), (scaler.into(), inputs));
        let raw = parts.encoder().inputs::<f64>(parts.test().unwrap()).unwrap();
        let test = scales.inputs_of::<f32>(parts.encoder(), parts.test().unwrap()).unwrap();
        assert_eq!(test, scales.inputs.transform(&raw).unwrap());
    }

    #[test]
    fn the_training_rows_alone_decide_the_scales() {
        let rows = (0..40).map(|row| [(row * row).to_string(), (7 - 3 * row).to_string()]);
        let table = Table::from_rows("data", &["x", "y"], rows).unwrap();
        let settings = Settings { validation_fraction: 0.3, ..Settings::default() };
        let loss = LossKind::MeanSquaredError;
        let parts = Parts::of(&table, &Columns::regression(["y"]), &settings, loss).unwrap();
        let (scales, (train, validation)) = Scales::fit::<f64>(&parts, &settings, loss).unwrap();
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
