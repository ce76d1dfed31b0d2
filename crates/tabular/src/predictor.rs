//! A fitted network that predicts.

use std::path::Path;
use std::sync::Arc;

use nnfs::datasets::{DateOrder, Encoder, NumberFormat, Scale, Table};
use nnfs::files::{AnyPipeline, FileError, Scaler, Task};
use nnfs::tensor::Tensor;

use crate::far::of_numbers;
use crate::missing_target::with_targets;
use crate::odd::of_prediction;
use crate::prediction::{classes, targets};
use crate::weights::weighted_rows;
use crate::{Error, Prediction, Predictions, Scores, Strictness, Value, Warning};

/// A fitted network that predicts the rows of tables, and single rows.
///
/// It holds everything that predicting takes (columns, categories, scales, network), in `f32` or `f64` as it was
/// trained, and has no settings. A missing value and a category that training has not seen are predicted and reported
/// by [`Predictions::warnings`]; [`Predictor::predict_with`] can refuse them. It is `Send` and `Sync`: threads can
/// share one.
///
/// ```no_run
/// use nnfs_tabular::Predictor;
/// let predictor = Predictor::load("model.safetensors")?;
/// let from_bytes = Predictor::from_bytes(&std::fs::read("model.safetensors")?)?;
/// let of_pipeline = Predictor::new(nnfs::files::AnyPipeline::load("model.safetensors")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Predictor {
    pipeline: AnyPipeline,
    /// That of the pipeline, shared with all predictions.
    encoder: Arc<Encoder>,
}

impl Predictor {
    /// Loads a model file.
    ///
    /// # Errors
    /// If the file cannot be read, is not a valid model file, or was not trained on a table.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        Self::new(AnyPipeline::load(path)?)
            .ok_or_else(|| Error::NoColumns { file: path.display().to_string() })
    }

    /// The model in the bytes of a model file.
    ///
    /// # Errors
    /// As [`Predictor::load`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let name = "bytes";
        let pipeline = AnyPipeline::from_bytes(bytes)
            .map_err(|source| FileError::Format { path: name.into(), source: Box::new(source) })?;
        Self::new(pipeline).ok_or_else(|| Error::NoColumns { file: name.to_owned() })
    }

    /// A pipeline that can make inputs of tables; `None` of another one.
    pub fn new(pipeline: impl Into<AnyPipeline>) -> Option<Self> {
        let pipeline = pipeline.into();
        let encoder = Arc::new(pipeline.encoder()?.clone());
        Some(Self { pipeline: pipeline.with_packed_weights(), encoder })
    }

    /// Saves it into one file; a crash leaves the old file or the new one.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        Ok(self.pipeline.save(path)?)
    }

    /// The same predictor for dates of a table: in the order of day and month that its rows show or, where
    /// they do not show it, in the order that is given. If none is given, the order of the training rows comes
    /// first.
    ///
    /// Without it, a date such as 3/4/2024 is refused if the training rows do not show the order.
    ///
    /// # Errors
    /// If a column is missing, or if dates such as 3/4/2024 mean two days and no row shows the order.
    pub fn with_date_order(self, table: &Table, order: Option<DateOrder>) -> Result<Self, Error> {
        let encoder = self.encoder().clone().with_date_order(table, order)?;
        let pipeline = self.pipeline.with_encoder(encoder.clone());
        let pipeline = pipeline.expect("an order does not change the number of inputs");
        Ok(Self { pipeline, encoder: Arc::new(encoder) })
    }

    /// The columns that are predicted.
    pub fn targets(&self) -> &[String] {
        targets(self.encoder())
    }

    /// The classes; none for a regression.
    pub fn classes(&self) -> &[String] {
        classes(self.encoder())
    }

    /// The columns that it takes.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.encoder().input_columns().iter().map(|input| input.name.as_str())
    }

    /// How the numbers of the training rows are written: read new files with
    /// [`CsvOptions::number_format`](nnfs::datasets::CsvOptions::number_format).
    pub fn number_format(&self) -> &NumberFormat {
        self.encoder().number_format()
    }

    /// The network and all that is around it.
    pub fn pipeline(&self) -> &AnyPipeline {
        &self.pipeline
    }

    pub(crate) fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    /// Predicts the rows of a table. Columns are found by name, in any order; others are ignored, and
    /// the targets may be missing. [`Predictions::warnings`] reports missing values, categories that
    /// training has not seen, other values than before in a column that was constant in training, and numbers
    /// far from those of the training rows.
    ///
    /// # Errors
    /// If a column is missing, a value is not what its column should hold, or a prediction is not
    /// finite.
    pub fn predict(&self, table: &Table) -> Result<Predictions, Error> {
        self.predict_with(table, Strictness::default())
    }

    /// Predicts the rows of a table, or refuses it.
    ///
    /// ```
    /// # use nnfs_tabular::{CsvError, Error, Regressor, Table};
    /// use nnfs_tabular::{Strictness, Unknown};
    /// # let quarter = |row: usize| ["hill", "port"][row % 2].to_owned();
    /// # let rows = (0..40).map(|row| [(30 + row).to_string(), quarter(row), (3 * row).to_string()]);
    /// # let table = Table::from_rows("prices", &["area", "quarter", "price"], rows)?;
    /// # let predictor = Regressor::new("price").epochs(2).fit(&table)?.into_predictor();
    /// let table = Table::from_rows("new", &["area", "quarter"], [["55", "moon"]])?;
    /// let strict = Strictness { unknown: Unknown::Refuse, ..Strictness::default() };
    /// let error = predictor.predict_with(&table, strict).unwrap_err();
    /// assert!(matches!(error, Error::Table(CsvError::UnknownCategory { .. })));
    /// assert_eq!(predictor.predict(&table)?.warnings().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Predictor::predict`], and if a value is missing or a category is unknown and that is refused.
    pub fn predict_with(
        &self,
        table: &Table,
        strictness: Strictness,
    ) -> Result<Predictions, Error> {
        self.predict_checked(table, self.check(table, strictness)?)
    }

    /// What is odd in the rows of a table: what [`Predictions::warnings`] of its predictions would be.
    ///
    /// # Errors
    /// If a column is missing, a value is not what its column should hold, or if a value is missing or a
    /// category is unknown and that is refused.
    pub fn check(&self, table: &Table, strictness: Strictness) -> Result<Vec<Warning>, Error> {
        let Strictness { missing, unknown } = strictness;
        if self.pipeline.input_scaler().is_none() {
            self.encoder().refuse_missing_numbers(table)?;
        }
        let mut warnings = of_prediction(self.encoder(), table, missing, unknown)?;
        warnings.extend(of_numbers(&self.pipeline, table)?);
        Ok(warnings)
    }

    /// The predictions for rows that were checked.
    pub(crate) fn predict_checked(
        &self,
        table: &Table,
        warnings: Vec<Warning>,
    ) -> Result<Predictions, Error> {
        let (values, probabilities) = match self.pipeline.task() {
            Task::Regression => (self.pipeline.predict_table(table)?, None),
            Task::Classification => {
                let outputs = self.pipeline.outputs_of_table(table)?;
                let probabilities = self.probabilities(&outputs)?;
                (outputs, Some(probabilities))
            }
        };
        let shown = probabilities.as_ref().unwrap_or(&values);
        let bad = shown.row_iter().position(|row| row.iter().any(|value| !value.is_finite()));
        if let Some(row) = bad {
            let (file, line) = (table.source().to_owned(), table.line(row));
            return Err(Error::NotFinite { file, line });
        }
        Ok(self.predictions(values, probabilities, warnings))
    }

    /// The predictions for rows whose outputs were computed elsewhere: scaled numbers, or logits.
    pub(crate) fn of_outputs(&self, outputs: &Tensor<f64>) -> Result<Predictions, Error> {
        Ok(match (self.pipeline.task(), self.pipeline.target_scaler()) {
            (Task::Classification, _) => {
                let probabilities = self.probabilities(outputs)?;
                self.predictions(outputs.clone(), Some(probabilities), Vec::new())
            }
            (Task::Regression, None) => self.predictions(outputs.clone(), None, Vec::new()),
            (Task::Regression, Some(scaler)) => {
                let (rows, width) = outputs.shape();
                let value = |row, column| scaler.unscale(column, outputs[(row, column)]);
                self.predictions(Tensor::from_fn(rows, width, value), None, Vec::new())
            }
        })
    }

    /// The predictions for raw inputs, finite or not: (rows, inputs of the network).
    pub(crate) fn predict_inputs(&self, inputs: &Tensor<f64>) -> Result<Predictions, Error> {
        let (values, probabilities) = match self.pipeline.task() {
            Task::Regression => (self.pipeline.predict(inputs)?, None),
            Task::Classification => {
                let outputs = self.pipeline.outputs(inputs)?;
                let probabilities = self.probabilities(&outputs)?;
                (outputs, Some(probabilities))
            }
        };
        Ok(self.predictions(values, probabilities, Vec::new()))
    }

    /// The probabilities of all classes from logits.
    fn probabilities(&self, outputs: &Tensor<f64>) -> Result<Tensor<f64>, Error> {
        let linked = self.pipeline.linked(outputs);
        // A single output is the probability of the second class.
        Ok(match linked.ncols() {
            1 => self.pipeline.class_probabilities(&linked)?,
            _ => linked,
        })
    }

    fn predictions(
        &self,
        values: Tensor<f64>,
        probabilities: Option<Tensor<f64>>,
        warnings: Vec<Warning>,
    ) -> Predictions {
        let (encoder, dtype) = (Arc::clone(&self.encoder), self.pipeline.dtype());
        let values = (self.pipeline.link(), values);
        Predictions::new(encoder, dtype, values, probabilities, self.target_means(), warnings)
    }

    /// Predicts the rows of a table and compares with its targets.
    ///
    /// # Errors
    /// As [`Predictor::predict`], and if a target is missing.
    pub fn score(&self, table: &Table) -> Result<Scores, Error> {
        self.predict(table)?.score(table)
    }

    /// The rows of a table that have all targets, and a warning about the others; `None` if all rows have
    /// them, or if no row has them.
    ///
    /// # Errors
    /// If a target column is missing.
    pub fn rows_with_targets(&self, table: &Table) -> Result<Option<(Table, Warning)>, Error> {
        let rows = self.encoder().target().rows_with_targets(table)?;
        Ok(with_targets(table, &rows, self.targets().iter().map(String::as_str))?)
    }

    /// [`Predictor::score`] with the weights of a column of the table. A row of weight 0 is left out.
    ///
    /// # Errors
    /// As [`Predictor::score`], or if there is no such column, a value is not a number or negative, or all
    /// are 0.
    pub fn score_weighted(&self, table: &Table, weight: &str) -> Result<Scores, Error> {
        Ok(self.score_with(table, Strictness::default(), Some(weight))?.0)
    }

    /// [`Predictor::score`], or [`Predictor::score_weighted`] with a column of weights; also gives what is
    /// odd in the rows, or refuses it.
    ///
    /// # Errors
    /// As [`Predictor::predict_with`], [`Predictor::score`] and [`Predictor::score_weighted`].
    pub fn score_with(
        &self,
        table: &Table,
        strictness: Strictness,
        weight: Option<&str>,
    ) -> Result<(Scores, Vec<Warning>), Error> {
        let (table, weights) = weighted_rows(table, weight)?;
        let predictions = self.predict_with(&table, strictness)?;
        let scores = predictions.score_weighted(&table, weights.as_deref())?;
        Ok((scores, predictions.warnings))
    }

    /// The means of the targets in the training rows, which the scaler of the targets keeps; `None` for
    /// classes.
    fn target_means(&self) -> Option<Vec<f64>> {
        match (self.pipeline.task(), self.pipeline.target_scaler()) {
            (Task::Regression, Some(Scaler::Standard(scaler))) => Some(scaler.means().to_vec()),
            _ => None,
        }
    }

    /// Predicts one row, whose values are found by name as in a table. The prediction has the same bits
    /// as that of the row in a table of several rows.
    ///
    /// ```
    /// # use nnfs_tabular::{Regressor, Table};
    /// # let rows = (0..40).map(|row| [(30 + row).to_string(), "hill".to_owned(), (3 * row).to_string()]);
    /// # let table = Table::from_rows("prices", &["area", "quarter", "price"], rows)?;
    /// # let predictor = Regressor::new("price").epochs(2).fit(&table)?.into_predictor();
    /// let price = predictor.predict_row(&[("area", 55.0.into()), ("quarter", "hill".into())])?;
    /// println!("{price}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// The row needs all [columns](Self::columns). A missing value is [`Value::Missing`];
    /// [`Prediction::warnings`] reports it, and a category that training has not seen.
    ///
    /// # Errors
    /// As [`Predictor::predict`], for the file `row`. The row is at fault if it is [`Error::Table`] or
    /// [`Error::NotFinite`].
    pub fn predict_row(&self, row: &[(&str, Value<'_>)]) -> Result<Prediction, Error> {
        self.predict_row_with(row, Strictness::default())
    }

    /// Predicts one row, or refuses it.
    ///
    /// # Errors
    /// As [`Predictor::predict_with`], for the file `row`.
    pub fn predict_row_with(
        &self,
        row: &[(&str, Value<'_>)],
        strictness: Strictness,
    ) -> Result<Prediction, Error> {
        let (names, values): (Vec<&str>, Vec<&Value>) =
            row.iter().map(|(name, value)| (*name, value)).unzip();
        let table = self.table_of("row", &names, [values])?;
        let predictions = self.predict_with(&table, strictness)?;
        Ok(predictions.single())
    }

    /// Predicts rows of values in the order of `columns`. Line 1 of the file `rows` is the first row.
    ///
    /// ```
    /// # use nnfs_tabular::{Regressor, Table, Value};
    /// # let rows = (0..40).map(|row| [(30 + row).to_string(), "hill".to_owned(), (3 * row).to_string()]);
    /// # let table = Table::from_rows("prices", &["area", "quarter", "price"], rows)?;
    /// # let predictor = Regressor::new("price").epochs(2).fit(&table)?.into_predictor();
    /// let rows = [[Value::from(55), "hill".into()], [Value::Missing, "port".into()]];
    /// let prices = predictor.predict_rows(&["area", "quarter"], &rows)?;
    /// assert_eq!(prices.rows(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Predictor::predict_row`], which name the file `rows`. It is also an error if `rows` is empty, or if a
    /// row has fewer or more values than there are columns.
    pub fn predict_rows<'a>(
        &self,
        columns: &[&str],
        rows: &[impl AsRef<[Value<'a>]>],
    ) -> Result<Predictions, Error> {
        self.predict(&self.table_of("rows", columns, rows.iter().map(AsRef::as_ref))?)
    }

    /// Values as a table.
    pub(crate) fn table_of<'r, 'v: 'r>(
        &self,
        name: &str,
        columns: &[&str],
        rows: impl IntoIterator<Item = impl IntoIterator<Item = &'r Value<'v>>>,
    ) -> Result<Table, Error> {
        let inputs = self.encoder.input_columns();
        let coding = |name: &&str| inputs.iter().find(|it| it.name == *name).map(|it| &it.coding);
        let unit = |name: &&str| self.number_format().unit(name);
        let columns_of: Vec<_> = columns.iter().map(|name| (coding(name), unit(name))).collect();
        let texts = rows.into_iter().map(|row| {
            let columns = columns_of.iter().copied().chain(std::iter::repeat((None, None)));
            row.into_iter().zip(columns).map(|(value, (coding, unit))| match (value, unit) {
                // A number is in the unit of the training, which it gets as in a file.
                (Value::Number(number), Some(unit)) if number.is_finite() => {
                    // Without an exponent, a number may have hundreds of digits, which are not read.
                    let plain = number.to_string();
                    let text = if plain.len() > 40 { format!("{number:e}") } else { plain };
                    format!("{text}{unit}").into()
                }
                (Value::Integer(integer), Some(unit)) => format!("{integer}{unit}").into(),
                _ => value.text(coding),
            })
        });
        Ok(Table::from_rows(name, columns, texts)?)
    }
}
