//! Metrics: functions of predictions and targets, with names.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use nnfs_tensor::{Scalar, Tensor};

type Reason = Box<dyn Error + Send + Sync>;
type Function<T> =
    dyn Fn(&Tensor<T>, &Tensor<T>, Option<&[f64]>) -> Result<f64, Reason> + Send + Sync;

/// Metrics to compute, each a function with a name.
///
/// A function takes predictions and targets, both (samples, outputs). No metric is computed by default:
/// accuracy, for example, means nothing for a regression.
///
/// ```
/// use std::convert::Infallible;
///
/// use nnfs_model::Metrics;
/// use nnfs_tensor::Tensor;
///
/// // The mean of |p - t|.
/// let mean_error = |p: &Tensor<f64>, t: &Tensor<f64>| Ok::<_, Infallible>((p - t).abs().mean());
/// let metrics = Metrics::new().with("mean error", mean_error);
/// let (predictions, targets) = (Tensor::from_element(3, 1, 2.0), Tensor::zeros(3, 1));
/// assert_eq!(metrics.of(&predictions, &targets)?, [("mean error".to_owned(), 2.0)]);
/// # Ok::<(), nnfs_model::MetricFailed>(())
/// ```
#[derive(Clone)]
pub struct Metrics<T> {
    functions: Vec<(String, Arc<Function<T>>)>,
}

/// A metric that could not be computed.
#[derive(Debug, thiserror::Error)]
#[error("metric {name:?}: {reason}")]
pub struct MetricFailed {
    /// The name of the metric.
    pub name: String,
    /// The error of its function.
    pub reason: Box<dyn Error + Send + Sync>,
}

impl<T: Scalar> Metrics<T> {
    /// No metrics.
    pub fn new() -> Self {
        Self { functions: Vec::new() }
    }

    /// Adds a function of predictions and targets, under a name.
    #[must_use]
    pub fn with<E: Into<Reason>>(
        self,
        name: impl Into<String>,
        function: impl Fn(&Tensor<T>, &Tensor<T>) -> Result<f64, E> + Send + Sync + 'static,
    ) -> Self {
        self.with_weighted(name, move |predictions, targets, _| function(predictions, targets))
    }

    /// Adds a function of predictions, targets and the weights of the rows, under a name. The weights are
    /// `None` if the rows have none.
    #[must_use]
    pub fn with_weighted<E: Into<Reason>>(
        mut self,
        name: impl Into<String>,
        function: impl Fn(&Tensor<T>, &Tensor<T>, Option<&[f64]>) -> Result<f64, E>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let function =
            move |predictions: &Tensor<T>, targets: &Tensor<T>, weights: Option<&[f64]>| {
                function(predictions, targets, weights).map_err(Into::into)
            };
        self.functions.push((name.into(), Arc::new(function)));
        self
    }

    /// The names, in the order in which the metrics were added.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.functions.iter().map(|(name, _)| name.as_str())
    }

    /// Whether there are no metrics.
    pub fn is_empty(&self) -> bool {
        self.functions.is_empty()
    }

    /// Computes every metric, in the order in which they were added.
    ///
    /// # Errors
    /// That of the first function that fails.
    pub fn of(
        &self,
        predictions: &Tensor<T>,
        targets: &Tensor<T>,
    ) -> Result<Vec<(String, f64)>, MetricFailed> {
        self.of_weighted(predictions, targets, None)
    }

    /// [`Metrics::of`] rows with weights.
    ///
    /// # Errors
    /// That of the first function that fails.
    pub fn of_weighted(
        &self,
        predictions: &Tensor<T>,
        targets: &Tensor<T>,
        weights: Option<&[f64]>,
    ) -> Result<Vec<(String, f64)>, MetricFailed> {
        let value = |(name, function): &(String, Arc<Function<T>>)| {
            let value = function(predictions, targets, weights);
            let value = value.map_err(|reason| MetricFailed { name: name.clone(), reason })?;
            Ok((name.clone(), value))
        };
        self.functions.iter().map(value).collect()
    }
}

impl<T: Scalar> Default for Metrics<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows the names; functions cannot be shown.
impl<T> fmt::Debug for Metrics<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.functions.iter().map(|(name, _)| name)).finish()
    }
}
