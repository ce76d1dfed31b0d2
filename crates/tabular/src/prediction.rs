//! What a network predicts for the rows of a table.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use nnfs::datasets::{Encoder, Table, Target};
use nnfs::files::Dtype;
use nnfs::metrics::{MetricError, argmax_rows, log_sigmoid, log_softmax};
use nnfs::prelude::*;
use nnfs::tensor::sum_of_weights;

use crate::csv_file::CsvWriter;
use crate::scores::Baseline;
use crate::{BaselineRows, CsvLayout, Error, Scores, Warning};

/// The predictions for the rows of a table, in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    encoder: Arc<Encoder>,
    dtype: Dtype,
    /// Numbers, (rows, targets), or for classes the outputs of the network.
    values: Tensor<f64>,
    /// From outputs to probabilities.
    link: OutputLink,
    /// For classes, (rows, classes).
    probabilities: Option<Tensor<f64>>,
    /// For numbers, the means of the targets in the training rows, if they are known.
    target_means: Option<Vec<f64>>,
    pub(crate) warnings: Vec<Warning>,
}

impl Predictions {
    pub(crate) fn new(
        encoder: Arc<Encoder>,
        dtype: Dtype,
        (link, values): (OutputLink, Tensor<f64>),
        probabilities: Option<Tensor<f64>>,
        target_means: Option<Vec<f64>>,
        warnings: Vec<Warning>,
    ) -> Self {
        Self { encoder, dtype, values, link, probabilities, target_means, warnings }
    }

    pub(crate) fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    pub(crate) fn values(&self) -> &Tensor<f64> {
        &self.values
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.values.nrows()
    }

    /// What is odd in the rows: missing values, categories that training has not seen, other values than
    /// before in a column that was constant in training, and numbers far from those of the training rows. At
    /// most one of each sort for each column.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Predicted numbers, (rows, targets), in the units of the targets; `None` for classes.
    pub fn numbers(&self) -> Option<&Tensor<f64>> {
        self.probabilities.is_none().then_some(&self.values)
    }

    /// The probability of each class, (rows, classes); `None` for numbers.
    pub fn probabilities(&self) -> Option<&Tensor<f64>> {
        self.probabilities.as_ref()
    }

    /// [`Predictions::probabilities`] of predictions that are known to be of classes.
    pub(crate) fn class_probabilities(&self) -> &Tensor<f64> {
        self.probabilities.as_ref().expect("the predictions are classes")
    }

    /// The logarithm of the probability of each class, (rows, classes); `None` for numbers.
    ///
    /// It is computed from the logits, in double precision, so that the logarithm of a probability that
    /// is rounded to 0 or 1 keeps its digits.
    pub fn log_probabilities(&self) -> Option<Tensor<f64>> {
        self.probabilities.as_ref().map(|_| self.log_probabilities_of(0..self.rows()))
    }

    /// [`Predictions::log_probabilities`] of some rows, of predictions that are known to be of classes.
    pub(crate) fn log_probabilities_of(&self, rows: Range<usize>) -> Tensor<f64> {
        let select = |tensor: &Tensor<f64>| tensor.rows(rows.start, rows.len()).into_owned();
        match self.link {
            OutputLink::Softmax => {
                log_softmax(&select(&self.values)).expect("a column for each class")
            }
            OutputLink::Sigmoid if self.values.ncols() == 1 => {
                log_sigmoid(&select(&self.values)).expect("one column")
            }
            OutputLink::Sigmoid | OutputLink::Identity => {
                // A network without a link may have outputs that are no probabilities.
                let ln = |p: f64| if p <= 1.0 + 1e-6 { p.ln() } else { f64::NAN };
                select(self.class_probabilities()).map(ln)
            }
        }
    }

    /// Compares the predictions with the targets of their table.
    ///
    /// The baseline of numbers is the mean of the training rows, and that of classes the most frequent
    /// class of these rows: a model does not know how often each class was trained on.
    ///
    /// # Errors
    /// If the table does not have the targets, or has another number of rows.
    pub fn score(&self, table: &Table) -> Result<Scores, Error> {
        self.score_weighted(table, None)
    }

    /// [`Predictions::score`] with a weight for each row.
    ///
    /// # Errors
    /// As [`Predictions::score`], or if there is not one weight for each row, a weight is negative or not
    /// finite, or all are 0.
    pub fn score_weighted(&self, table: &Table, weights: Option<&[f64]>) -> Result<Scores, Error> {
        if let Some(weights) = weights {
            sum_of_weights(weights, table.rows()).map_err(MetricError::from)?;
        }
        let baseline = self.baseline(table, weights)?;
        Scores::of(self, table, weights, &baseline)
    }

    /// The baseline: for numbers the mean of the training rows, and otherwise that of the given rows.
    pub(crate) fn baseline(
        &self,
        table: &Table,
        weights: Option<&[f64]>,
    ) -> Result<Baseline, Error> {
        match &self.target_means {
            Some(means) => Ok(Baseline::of_means(means)),
            None => Baseline::of_rows(&self.encoder, table, weights, BaselineRows::Scored),
        }
    }

    /// The classes, in the order of the columns of [`probabilities`](Self::probabilities); none for
    /// numbers.
    pub fn classes(&self) -> &[String] {
        classes(&self.encoder)
    }

    /// The index of the most likely class of each row; none for numbers.
    pub fn most_likely(&self) -> Vec<usize> {
        self.probabilities.as_ref().map_or_else(Vec::new, argmax_rows)
    }

    /// The prediction for one row.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn row(&self, row: usize) -> Predicted {
        let values = |tensor: &Tensor<f64>| tensor.row(row).iter().copied().collect();
        match &self.probabilities {
            None => Predicted::Numbers(values(&self.values)),
            Some(probabilities) => {
                let class = argmax_rows(&probabilities.rows(row, 1).into_owned())[0];
                let class = self.classes()[class].clone();
                Predicted::Class { class, probabilities: values(probabilities) }
            }
        }
    }

    /// The prediction for the only row, with the warnings.
    pub(crate) fn single(self) -> Prediction {
        Prediction { predicted: self.row(0), encoder: self.encoder, warnings: self.warnings }
    }

    /// A table of the target columns: numbers, or the most likely classes.
    pub(crate) fn decoded(&self) -> Result<Table, Error> {
        Ok(self.encoder.decode(self.probabilities.as_ref().unwrap_or(&self.values))?)
    }

    /// A CSV file with one line per row:
    ///
    /// ```text
    /// regression       prediction, or prediction_NAME for each of several targets
    /// classification   prediction, then probability_CLASS for each class
    /// ```
    ///
    /// # Errors
    /// If a probability is NaN.
    pub fn to_csv(&self) -> Result<Vec<u8>, Error> {
        self.csv(None)
    }

    /// The same with the targets of the table before the predictions, as `target` or `target_NAME`.
    ///
    /// # Errors
    /// As [`Predictions::to_csv`], and if the table does not have the targets.
    pub fn to_csv_with_targets(&self, table: &Table) -> Result<Vec<u8>, Error> {
        self.csv(Some(table))
    }

    fn csv(&self, table: Option<&Table>) -> Result<Vec<u8>, Error> {
        let layout = CsvLayout::new();
        let layout = if table.is_some() { layout.with_targets() } else { layout };
        let mut csv = Vec::new();
        let mut writer = CsvWriter::new(&layout, &self.encoder, table, &mut csv)?;
        writer.write(self, None, table)?;
        writer.finish()?;
        Ok(csv)
    }

    /// The shortest text of a probability that is read back as the same number.
    pub(crate) fn text(&self, probability: f64) -> String {
        match self.dtype {
            Dtype::F32 => format!("{:?}", probability as f32),
            Dtype::F64 => format!("{probability:?}"),
        }
    }
}

/// The columns that are predicted.
pub(crate) fn targets(encoder: &Encoder) -> &[String] {
    match encoder.target() {
        Target::Numbers(names) => names,
        Target::Classes { name, .. } => std::slice::from_ref(name),
    }
}

/// The classes, if a class is predicted.
pub(crate) fn classes(encoder: &Encoder) -> &[String] {
    match encoder.target() {
        Target::Numbers(_) => &[],
        Target::Classes { labels, .. } => labels.names(),
    }
}

/// What is predicted for one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicted {
    /// One number per target.
    Numbers(Vec<f64>),
    /// A class.
    Class {
        /// The most likely class.
        class: String,
        /// The probability of each class, in the order of [`Predictor::classes`](crate::Predictor::classes).
        probabilities: Vec<f64>,
    },
}

/// The numbers, separated by commas, or the class.
impl fmt::Display for Predicted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Class { class, .. } => f.write_str(class),
            Self::Numbers(numbers) => {
                let numbers = numbers.iter().map(ToString::to_string);
                f.write_str(&numbers.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// The prediction for one row, and what is odd in the row.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    predicted: Predicted,
    encoder: Arc<Encoder>,
    warnings: Vec<Warning>,
}

impl Prediction {
    /// What is predicted.
    pub fn predicted(&self) -> &Predicted {
        &self.predicted
    }

    /// The predicted number, or the first of several; `None` for a class.
    pub fn number(&self) -> Option<f64> {
        match &self.predicted {
            Predicted::Numbers(numbers) => numbers.first().copied(),
            Predicted::Class { .. } => None,
        }
    }

    /// The most likely class; `None` for numbers.
    pub fn class(&self) -> Option<&str> {
        match &self.predicted {
            Predicted::Numbers(_) => None,
            Predicted::Class { class, .. } => Some(class),
        }
    }

    /// The name and the probability of each class, in the order of
    /// [`Predictor::classes`](crate::Predictor::classes); nothing for numbers.
    pub fn probabilities(&self) -> impl ExactSizeIterator<Item = (&str, f64)> {
        let probabilities: &[f64] = match &self.predicted {
            Predicted::Numbers(_) => &[],
            Predicted::Class { probabilities, .. } => probabilities,
        };
        classes(&self.encoder).iter().map(String::as_str).zip(probabilities.iter().copied())
    }

    /// The probability of a class; `None` if there is no class with this name.
    pub fn probability(&self, class: &str) -> Option<f64> {
        self.probabilities().find(|&(name, _)| name == class).map(|(_, probability)| probability)
    }

    /// What is odd in the row, as [`Predictions::warnings`].
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

/// The numbers, separated by commas, or the class.
impl fmt::Display for Prediction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.predicted.fmt(f)
    }
}
