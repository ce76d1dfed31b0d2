//! Which classes are predicted for which, and the metrics that follow from it.

use nnfs_tensor::{Scalar, Tensor, argmax};

use crate::MetricError;
use crate::classification::is_nan;
use crate::error::{check, check_classes, check_each_has_a_class};
use crate::weights::Weights;

/// The number of samples of each class for which each class is predicted, or the sum of their weights.
///
/// ```text
/// C_ij = sum of w over the samples of class i whose largest prediction is in column j
/// ```
///
/// The first of equal predictions counts. Its scores are those of scikit-learn, which has 0 for a
/// fraction of nothing: the precision of a class that is never predicted, and the recall of a class
/// without samples.
///
/// ```
/// use nnfs_metrics::ConfusionMatrix;
/// use nnfs_tensor::Tensor;
/// // Three samples of class 0 and one of class 1; the third and the fourth are wrong.
/// let targets = Tensor::from_row_slice(4, 2, &[1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0]);
/// let predictions = Tensor::from_row_slice(4, 2, &[0.9, 0.1, 0.8, 0.2, 0.3, 0.7, 0.6, 0.4]);
/// let confusion = ConfusionMatrix::new(&predictions, &targets)?;
/// assert_eq!(confusion.count(0, 1), 1.0);
/// assert_eq!(confusion.accuracy(), 0.5);
/// assert_eq!(confusion.recall(0), 2.0 / 3.0);
/// assert_eq!(confusion.recall(1), 0.0);
/// assert_eq!(confusion.balanced_accuracy(), 1.0 / 3.0);
/// // F1 is 2 * 2 / (3 + 3) for class 0, and 0 for class 1.
/// assert_eq!(confusion.macro_f1(), 1.0 / 3.0);
/// # Ok::<(), nnfs_metrics::MetricError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ConfusionMatrix {
    /// (classes, predicted classes)
    counts: Tensor<f64>,
}

impl ConfusionMatrix {
    /// Counts. Predictions are (samples, classes), probabilities or logits; targets are one-hot.
    ///
    /// # Errors
    /// If the shapes differ, the tensors are empty, they have only one column, or a row has a NaN.
    /// [`MetricError::NoClass`] if no target of a row is above 0.
    pub fn new<T: Scalar>(
        predictions: &Tensor<T>,
        targets: &Tensor<T>,
    ) -> Result<Self, MetricError> {
        Self::weighted(predictions, targets, None)
    }

    /// [`ConfusionMatrix::new`] with a weight for each sample.
    ///
    /// ```
    /// use nnfs_metrics::ConfusionMatrix;
    /// use nnfs_tensor::Tensor;
    /// let predictions = Tensor::from_row_slice(2, 2, &[0.9, 0.1, 0.8, 0.2]);
    /// let targets = Tensor::<f64>::identity(2, 2);
    /// let confusion = ConfusionMatrix::weighted(&predictions, &targets, Some(&[3.0, 1.0]))?;
    /// assert_eq!(confusion.accuracy(), 0.75);
    /// # Ok::<(), nnfs_metrics::MetricError>(())
    /// ```
    ///
    /// # Errors
    /// As [`ConfusionMatrix::new`], or if the weights are not what
    /// [`sum_of_weights`](nnfs_tensor::sum_of_weights) expects.
    pub fn weighted<T: Scalar>(
        predictions: &Tensor<T>,
        targets: &Tensor<T>,
        weights: Option<&[f64]>,
    ) -> Result<Self, MetricError> {
        check(predictions, targets)?;
        check_classes(predictions)?;
        let classes = targets.ncols();
        let mut counts = Tensor::zeros(classes, classes);
        let weights = Weights::of(weights, targets.nrows())?;
        check_each_has_a_class(targets, weights)?;
        for (row, weight) in weights.rows() {
            let (class, predicted) = (argmax(targets, row), argmax(predictions, row));
            // The argmax of a row with a NaN is the NaN.
            if is_nan(targets[(row, class)]) || is_nan(predictions[(row, predicted)]) {
                return Err(MetricError::Nan { what: "predictions and targets", row });
            }
            counts[(class, predicted)] += weight;
        }
        Ok(Self { counts })
    }

    /// The number of classes.
    pub fn classes(&self) -> usize {
        self.counts.nrows()
    }

    /// The weight of the samples of a class for which another one, or the same, is predicted.
    ///
    /// # Panics
    /// If there is no such class.
    pub fn count(&self, class: usize, predicted: usize) -> f64 {
        self.counts[(class, predicted)]
    }

    /// The weight of the samples of a class. scikit-learn calls it support.
    ///
    /// # Panics
    /// If there is no such class.
    pub fn support(&self, class: usize) -> f64 {
        self.counts.row(class).sum()
    }

    /// The fraction of samples whose class is predicted.
    ///
    /// ```text
    /// accuracy = sum_i C_ii / sum_ij C_ij
    /// ```
    pub fn accuracy(&self) -> f64 {
        self.counts.trace() / self.counts.sum()
    }

    /// The mean recall of the classes that have samples. Each class counts the same, however rare it is.
    ///
    /// ```text
    /// balanced accuracy = mean_i(C_ii / sum_j C_ij)      over the classes i with samples
    /// ```
    /// Brodersen et al., 2010: The balanced accuracy and its posterior distribution. It is
    /// `balanced_accuracy_score` of scikit-learn.
    pub fn balanced_accuracy(&self) -> f64 {
        let with_samples = || (0..self.classes()).filter(|&class| self.support(class) > 0.0);
        with_samples().map(|class| self.recall(class)).sum::<f64>() / with_samples().count() as f64
    }

    /// The fraction of the samples predicted as the class that are of the class; 0 if there are none.
    ///
    /// ```text
    /// precision_k = C_kk / sum_i C_ik
    /// ```
    ///
    /// # Panics
    /// If there is no such class.
    pub fn precision(&self, class: usize) -> f64 {
        fraction(self.count(class, class), self.counts.column(class).sum())
    }

    /// The fraction of the samples of the class that are predicted as the class; 0 if there are none.
    ///
    /// ```text
    /// recall_k = C_kk / sum_j C_kj
    /// ```
    ///
    /// # Panics
    /// If there is no such class.
    pub fn recall(&self, class: usize) -> f64 {
        fraction(self.count(class, class), self.support(class))
    }

    /// The harmonic mean of precision and recall; 0 if the class has no samples and is not predicted.
    ///
    /// ```text
    /// F1_k = 2 * C_kk / (sum_i C_ik + sum_j C_kj)
    /// ```
    /// van Rijsbergen, 1979: Information Retrieval.
    ///
    /// # Panics
    /// If there is no such class.
    pub fn f1(&self, class: usize) -> f64 {
        let predicted = self.counts.column(class).sum();
        fraction(2.0 * self.count(class, class), predicted + self.support(class))
    }

    /// The mean of the F1 of the classes that have samples or are predicted. Each of them counts the same.
    ///
    /// ```text
    /// macro F1 = mean_k F1_k      over the classes k with sum_i C_ik + sum_j C_kj > 0
    /// ```
    /// It is `f1_score` of scikit-learn with `average="macro"`.
    pub fn macro_f1(&self) -> f64 {
        let is_there = |class| self.support(class) + self.counts.column(class).sum() > 0.0;
        let classes = || (0..self.classes()).filter(|&class| is_there(class));
        classes().map(|class| self.f1(class)).sum::<f64>() / classes().count() as f64
    }
}

/// A fraction of nothing is 0.
fn fraction(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}
