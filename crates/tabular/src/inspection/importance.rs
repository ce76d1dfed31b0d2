//! Permutation importance.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use nnfs::datasets::Table;
use nnfs::files::Task;
use nnfs::metrics::{weighted_categorical_accuracy, weighted_log_loss, weighted_r2};
use nnfs::prelude::*;
use nnfs::rand::Rng;
use nnfs::rand::seq::SliceRandom;

use super::{EncodedRows, sample_rows, weighted_rows};
use crate::threads::{FEW, available_threads, run_on_threads};
use crate::{Error, Predictor};

/// How [`Predictor::permutation_importance`] is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportanceSettings {
    /// How often each column is shuffled; 5 by default.
    pub repeats: NonZeroUsize,
    /// The most rows; of a table with more, this number is drawn. 2,000 by default.
    pub max_rows: usize,
    /// The score of a classification. That of a regression is R2.
    pub classes: ScoreOfClasses,
    /// The column of weights of the rows, if there is one.
    pub weight: Option<String>,
}

impl Default for ImportanceSettings {
    fn default() -> Self {
        Self {
            repeats: const { NonZeroUsize::new(5).unwrap() },
            max_rows: 2000,
            classes: ScoreOfClasses::default(),
            weight: None,
        }
    }
}

/// The score of predicted classes in which importance is measured. More is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ScoreOfClasses {
    /// The fraction of rows whose most likely class is right: the default of scikit-learn.
    #[default]
    Accuracy,
    /// The negative log loss, the mean of `ln(p)` for the predicted probability `p` of the right class. It
    /// changes with every probability, so it also shows columns that rarely change the most likely class.
    NegativeLogLoss,
}

/// How much each column matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Importances {
    /// The score: `r2`, `accuracy` or `neg_log_loss`, as scikit-learn names them.
    pub score: &'static str,
    /// The score of the rows as they are.
    pub value: f64,
    /// The number of rows.
    pub rows: usize,
    /// The number of rows that they were drawn from, if they are not all.
    pub drawn_from: Option<usize>,
    /// The input columns of the table, the most important first.
    pub columns: Vec<Importance>,
}

/// How much a column matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Importance {
    /// The name of the column.
    pub column: String,
    /// By how much the score decreased each time that the column was shuffled.
    pub decreases: Vec<f64>,
    /// A smaller difference of scores may be their rounding.
    rounding: f64,
}

impl Importance {
    /// That of decreases of a score.
    fn new(column: String, score: f64, decreases: Vec<f64>) -> Self {
        Self { column, decreases, rounding: 1e-12 * score.abs().max(1.0) }
    }

    /// The importance: the mean of the decreases. It is 0 if its size is below
    /// `1e-12 max(1, |s|)`, the rounding of the score `s`.
    pub fn mean(&self) -> f64 {
        self.without_rounding(self.decreases.iter().sum::<f64>() / self.decreases.len() as f64)
    }

    /// The standard deviation of the decreases, `sqrt(mean((decrease - mean)^2))`. It is 0 if it is as small as an
    /// [importance](Self::mean) of 0.
    pub fn deviation(&self) -> f64 {
        let mean = self.mean();
        let squares = self.decreases.iter().map(|decrease| (decrease - mean).powi(2));
        self.without_rounding((squares.sum::<f64>() / self.decreases.len() as f64).sqrt())
    }

    fn without_rounding(&self, number: f64) -> f64 {
        if number.abs() < self.rounding { 0.0 } else { number }
    }
}

impl Importances {
    /// A CSV file with the columns `column`, `importance` and `deviation`, the most important column first.
    pub fn to_csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut write = |record: [&str; 3]| writer.write_record(record).expect("equal columns");
        write(["column", "importance", "deviation"]);
        for importance in &self.columns {
            // Debug prints the fewest digits that are read back as the same number.
            let numbers = [importance.mean(), importance.deviation()].map(|it| format!("{it:?}"));
            write([&importance.column, &numbers[0], &numbers[1]]);
        }
        writer.into_inner().expect("memory can be written")
    }
}

impl Predictor {
    /// How much each column of a table matters to the predictions: by how much the score decreases if the
    /// values of the column are shuffled among the rows.
    ///
    /// ```text
    /// importance of column j = s - mean over k of s_jk      k = 1, ..., repeats
    ///
    /// s      the score of the rows: R2, of classes the accuracy or the negative log loss
    /// s_jk   the score after shuffle k of column j
    /// ```
    ///
    /// A column is shuffled as a whole, however many inputs of the network it has. All columns are shuffled in
    /// the same `repeats` ways. An importance near 0 means that the network does not need the column. Two
    /// columns with the same information share their importance, because the network can use either. An importance may
    /// be slightly negative by chance. Compute it on rows that were not trained on: on training rows it shows what
    /// the network has learned, also by heart.
    ///
    /// The sources are L. Breiman, *Random Forests*, Machine Learning 45 (2001), section 10, and
    /// `sklearn.inspection.permutation_importance`, which gives the same numbers for the same shuffles.
    ///
    /// ```
    /// # use nnfs_tabular::{Regressor, Table};
    /// use nnfs_tabular::ImportanceSettings;
    /// use nnfs::prelude::*;
    /// let rows = (0..200).map(|row| [row % 17, row % 5, 3 * (row % 17)].map(|it| it.to_string()));
    /// let table = Table::from_rows("prices", &["area", "door", "price"], rows)?;
    /// let fitted = Regressor::new("price").epochs(20).fit(&table)?;
    /// let (predictor, test) = (fitted.predictor(), fitted.parts().test().unwrap());
    ///
    /// let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// let importances =
    ///     predictor.permutation_importance(test, &ImportanceSettings::default(), &mut rng)?;
    /// assert_eq!(importances.columns[0].column, "area");
    /// assert!(importances.columns[0].mean() > 10.0 * importances.columns[1].mean());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Predictor::score`], if the column of weights is not one, if there is a single row, which has
    /// no R2, or if the score is not finite.
    pub fn permutation_importance(
        &self,
        table: &Table,
        settings: &ImportanceSettings,
        rng: &mut (impl Rng + ?Sized),
    ) -> Result<Importances, Error> {
        let ImportanceSettings { repeats, max_rows, classes, weight } = settings;
        let (counted, _) = weighted_rows(table, weight.as_deref())?;
        let rows = sample_rows(&counted, (*max_rows).max(1), rng);
        let shuffle = |_| {
            let mut permutation: Vec<usize> = (0..rows.rows()).collect();
            permutation.shuffle(rng);
            permutation
        };
        let permutations: Vec<Vec<usize>> = (0..repeats.get()).map(shuffle).collect();
        let weight = weight.as_deref();
        let found = self.importance_of_permutations(&rows, &permutations, *classes, weight)?;
        let drawn_from = (rows.rows() < counted.rows()).then(|| counted.rows());
        Ok(Importances { drawn_from, ..found })
    }

    /// [`Predictor::permutation_importance`] of all rows for given permutations: in shuffle `k`, row `i` gets the
    /// value of row `permutations[k][i]`.
    ///
    /// # Errors
    /// As [`Predictor::permutation_importance`].
    ///
    /// # Panics
    /// If the list of permutations is empty, the length of a permutation differs from the number of rows whose
    /// weight is above 0, or one has an index that is not below this number.
    pub fn importance_of_permutations(
        &self,
        table: &Table,
        permutations: &[Vec<usize>],
        classes: ScoreOfClasses,
        weight: Option<&str>,
    ) -> Result<Importances, Error> {
        let (table, weights) = weighted_rows(table, weight)?;
        assert!(!permutations.is_empty(), "permutation importance without permutations");
        for permutation in permutations {
            let (rows, found) = (table.rows(), permutation.len());
            assert_eq!(found, rows, "a permutation of {found} rows for a table of {rows} rows");
            if let Some(row) = permutation.iter().find(|&&row| row >= rows) {
                panic!("a permutation with row {row} for a table of {rows} rows");
            }
        }
        let rows = EncodedRows::new(self, &table)?;
        let scorer = Scorer { targets: self.encoder().targets(&table)?, weights, classes };
        let value = scorer.score(&rows, &rows.inputs)?;
        let name = scorer.name(self.pipeline().task());
        if !value.is_finite() {
            let file = table.source().to_owned();
            return Err(Error::ScoreNotFinite { file, score: name, found: value });
        }
        let decreases = each_column(&rows, permutations.len(), |inputs, column| {
            let range = rows.inputs_of(column);
            let shuffled = permutations.iter().map(|permutation| {
                for input in range.clone() {
                    let from = rows.inputs.column(input);
                    let to = inputs.column_mut(input);
                    to.into_iter().zip(permutation).for_each(|(to, &row)| *to = from[row]);
                }
                // A column without inputs has no influence.
                if range.is_empty() {
                    return Ok(0.0);
                }
                Ok(value - scorer.score(&rows, inputs)?)
            });
            let decreases = shuffled.collect::<Result<Vec<f64>, Error>>();
            for input in range.clone() {
                inputs.set_column(input, &rows.inputs.column(input));
            }
            decreases
        });
        let columns =
            rows.columns.iter().zip(decreases).map(|(input, decreases)| {
                Ok(Importance::new(input.name.clone(), value, decreases?))
            });
        let mut columns = columns.collect::<Result<Vec<_>, Error>>()?;
        // The sort is stable: equal columns stay in their order.
        columns.sort_by(|a, b| b.mean().total_cmp(&a.mean()));
        Ok(Importances { score: name, value, rows: table.rows(), drawn_from: None, columns })
    }
}

/// Compares predictions with the targets.
struct Scorer {
    targets: Tensor<f64>,
    weights: Option<Vec<f64>>,
    classes: ScoreOfClasses,
}

impl Scorer {
    fn name(&self, task: Task) -> &'static str {
        match (task, self.classes) {
            (Task::Regression, _) => "r2",
            (Task::Classification, ScoreOfClasses::Accuracy) => "accuracy",
            (Task::Classification, ScoreOfClasses::NegativeLogLoss) => "neg_log_loss",
        }
    }

    fn score(&self, rows: &EncodedRows<'_>, inputs: &Tensor<f64>) -> Result<f64, Error> {
        let predictions = rows.predictor.predict_inputs(inputs)?;
        let (targets, weights) = (&self.targets, self.weights.as_deref());
        Ok(match (predictions.probabilities(), self.classes) {
            (None, _) => weighted_r2(predictions.values(), targets, weights)?,
            (Some(probabilities), ScoreOfClasses::Accuracy) => {
                weighted_categorical_accuracy(probabilities, targets, weights)?
            }
            (Some(_), ScoreOfClasses::NegativeLogLoss) => {
                let logarithms = predictions.log_probabilities().expect("the targets are classes");
                -weighted_log_loss(&logarithms, targets, weights)?
            }
        })
    }
}

/// Calls `work` with a copy of the inputs and the index of every column, on several threads if there is enough
/// to do. Returns the results in the order of the columns.
fn each_column<R: Send>(
    rows: &EncodedRows<'_>,
    repeats: usize,
    work: impl Fn(&mut Tensor<f64>, usize) -> R + Sync,
) -> Vec<R> {
    let columns = rows.columns.len();
    let is_small = rows.inputs.len() * columns * repeats < FEW;
    let threads = if is_small { 1 } else { available_threads().min(columns) };
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(columns)));
    let worker = || {
        let mut inputs = rows.inputs.clone();
        loop {
            let column = next.fetch_add(1, Ordering::Relaxed);
            if column >= columns {
                break;
            }
            let result = work(&mut inputs, column);
            results.lock().unwrap_or_else(PoisonError::into_inner).push((column, result));
        }
    };
    run_on_threads(threads, worker);
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|&(column, _)| column);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_counts_as_zero() {
        let of_score = |score: f64, decreases: &[f64]| {
            let it = Importance::new(String::new(), score, decreases.to_vec());
            (it.mean(), it.deviation())
        };
        let of = |decreases: &[f64]| of_score(0.8, decreases);
        // Differences of accuracies of 0.8 that cancel but for rounding.
        let (mean, deviation) = of(&[0.8 - 0.7, 0.8 - 0.9]);
        assert_ne!((0.8 - 0.7) + (0.8 - 0.9), 0.0);
        assert_eq!(mean, 0.0);
        assert!((deviation - 0.1).abs() < 1e-12);
        assert_eq!(of(&[2e-17, -1.1e-16, 3e-14]), (0.0, 0.0));
        assert_eq!(of(&[2e-9, 2e-9]), (2e-9, 0.0));
        assert_eq!(of(&[-0.3, -0.3]), (-0.3, 0.0));
        // The numbers of f64 near 1e6 are 1.2e-10 apart.
        assert_eq!(of_score(-1e6, &[1.2e-10, -2.4e-10, 1.2e-10]), (0.0, 0.0));
        assert_eq!(of_score(-1e6, &[0.5, 0.5]), (0.5, 0.0));
    }
}
