//! The settings of a training.

use std::error::Error;

use nnfs_tensor::{Scalar, SettingError, Tensor};

use crate::Metrics;

/// The settings of a training, for [`Model::fit`](crate::Model::fit), which checks them.
///
/// ```
/// use nnfs_model::Fit;
/// let settings = Fit::<f32>::epochs(100)
///     .batch_size(32)
///     .shuffle(1)
///     .validation_fraction(0.2, 2)
///     .early_stopping(10)
///     .clip_norm(1.0);
/// settings.check()?;
/// # Ok::<(), nnfs_tensor::SettingError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Fit<T: Scalar> {
    pub(crate) epochs: usize,
    pub(crate) batch_size: Option<usize>,
    pub(crate) shuffle: Option<u64>,
    pub(crate) validation: Validation<T>,
    pub(crate) patience: Option<usize>,
    pub(crate) clip_norm: Option<f64>,
    pub(crate) metrics: Metrics<T>,
    pub(crate) weights: Option<Vec<f64>>,
    pub(crate) validation_weights: Option<Vec<f64>>,
    pub(crate) class_weights: Option<Vec<f64>>,
}

/// Where validation data comes from.
#[derive(Debug, Clone)]
pub(crate) enum Validation<T> {
    Without,
    Data(Tensor<T>, Tensor<T>),
    Fraction { fraction: f64, seed: u64 },
}

impl<T: Scalar> Fit<T> {
    /// A training of this many epochs, at least 1, each over all rows in their order and in a single
    /// batch.
    #[must_use]
    pub fn epochs(epochs: usize) -> Self {
        Self {
            epochs,
            batch_size: None,
            shuffle: None,
            validation: Validation::Without,
            patience: None,
            clip_norm: None,
            metrics: Metrics::new(),
            weights: None,
            validation_weights: None,
            class_weights: None,
        }
    }

    /// The number of rows in a batch: at least 1, and at most the number of training rows. The last
    /// batch of an epoch has the rows that are left.
    #[must_use]
    pub fn batch_size(mut self, rows: usize) -> Self {
        self.batch_size = Some(rows);
        self
    }

    /// Shuffles the rows in each epoch.
    ///
    /// Their order depends on the seed and the number of the epoch alone, and is the same on every
    /// machine.
    #[must_use]
    pub fn shuffle(mut self, seed: u64) -> Self {
        self.shuffle = Some(seed);
        self
    }

    /// Evaluates every epoch on this data, which is not trained on: inputs (samples, features) and
    /// targets (samples, outputs). It replaces a validation fraction.
    #[must_use]
    pub fn validation(mut self, inputs: Tensor<T>, targets: Tensor<T>) -> Self {
        self.validation = Validation::Data(inputs, targets);
        self
    }

    /// Holds out a fraction of the rows, above 0 and below 1, drawn with a seed, and evaluates every
    /// epoch on them. It replaces validation data.
    ///
    /// ```text
    /// validation rows = round(fraction * rows)
    /// ```
    /// At least one row has to be held out, and one has to be left for training.
    #[must_use]
    pub fn validation_fraction(mut self, fraction: f64, seed: u64) -> Self {
        self.validation = Validation::Fraction { fraction, seed };
        self
    }

    /// Gives each row of the data a weight, in the loss and in the metrics that take weights.
    ///
    /// ```text
    /// L = 1/N * sum w_i l_i / mean(w)      N rows of a batch, l_i the loss of row i alone,
    ///                                      mean(w) over all training rows
    /// ```
    /// The steps of an epoch together follow the weighted mean of the loss over all training rows, whatever
    /// the size of the batches, so a row of weight 2 counts as two equal rows. A row of weight 0 is left
    /// out, as if the data did not have it, but its numbers must be finite, too. Only the ratios of the
    /// weights matter. A validation fraction takes the weights of its rows with it.
    #[must_use]
    pub fn weights(mut self, weights: Vec<f64>) -> Self {
        self.weights = Some(weights);
        self
    }

    /// Gives each row of the data of [`Fit::validation`] a weight, in its loss and in the metrics that take
    /// weights. It is an error without such data. (The rows of a validation fraction have weights of
    /// [`Fit::weights`].)
    #[must_use]
    pub fn validation_weights(mut self, weights: Vec<f64>) -> Self {
        self.validation_weights = Some(weights);
        self
    }

    /// Multiplies the weight of each row by that of its class, in the loss of training and validation
    /// rows; metrics do not use it.
    ///
    /// For targets with one column for each class, one-hot, or with one column of 0 and 1, which are two
    /// classes; `fit` refuses other targets. The weights of all classes with training rows are above 0.
    /// [`balanced`](crate::balanced_class_weights) weights let every class count the same.
    #[must_use]
    pub fn class_weights(mut self, weights: Vec<f64>) -> Self {
        self.class_weights = Some(weights);
        self
    }

    /// Early stopping: ends the training after `patience` epochs in a row, at least 1, without a
    /// smaller loss. When the training ends, the model gets the best weights back. After an error of a metric
    /// or a divergence it does not.
    ///
    /// The loss is that of the validation data. Without validation data, it is the loss and penalty of
    /// the training rows, computed with the weights at the end of each epoch and without dropout.
    #[must_use]
    pub fn early_stopping(mut self, patience: usize) -> Self {
        self.patience = Some(patience);
        self
    }

    /// Gradient clipping: scales the gradients of all parameters down to this norm, finite and above
    /// 0, if theirs is larger.
    ///
    /// ```text
    /// norm = sqrt(sum of the squares of all entries)
    /// g    = g * max / norm                             if norm > max
    /// ```
    /// [`clip_gradients`](crate::clip_gradients) does this in your own loop.
    ///
    /// Pascanu et al., 2013: On the difficulty of training recurrent neural networks.
    #[must_use]
    pub fn clip_norm(mut self, max: f64) -> Self {
        self.clip_norm = Some(max);
        self
    }

    /// Computes a metric of predictions and targets at the end of each epoch, for the training rows
    /// and for the validation data; see [`Metrics`].
    #[must_use]
    pub fn metric<E: Into<Box<dyn Error + Send + Sync>>>(
        mut self,
        name: impl Into<String>,
        function: impl Fn(&Tensor<T>, &Tensor<T>) -> Result<f64, E> + Send + Sync + 'static,
    ) -> Self {
        self.metrics = self.metrics.with(name, function);
        self
    }

    /// [`Fit::metric`] of a function that also takes the weights of the rows, `None` if they have none.
    #[must_use]
    pub fn weighted_metric<E: Into<Box<dyn Error + Send + Sync>>>(
        mut self,
        name: impl Into<String>,
        function: impl Fn(&Tensor<T>, &Tensor<T>, Option<&[f64]>) -> Result<f64, E>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.metrics = self.metrics.with_weighted(name, function);
        self
    }

    /// Checks the range of every setting. `fit` does this too.
    ///
    /// # Errors
    /// For the first setting that is out of range.
    pub fn check(&self) -> Result<(), SettingError> {
        SettingError::check_count("epochs", self.epochs as u64)?;
        SettingError::check_count("batch size", self.batch_size.unwrap_or(1) as u64)?;
        SettingError::check_count("patience", self.patience.unwrap_or(1) as u64)?;
        if let Validation::Fraction { fraction, .. } = self.validation {
            let valid = fraction > 0.0 && fraction < 1.0;
            SettingError::check("validation fraction", fraction, "above 0 and below 1", valid)?;
        }
        if let Some(max) = self.clip_norm {
            SettingError::check_positive("clip norm", max)?;
        }
        for &weight in self.class_weights.iter().flatten() {
            SettingError::check_not_negative("class weight", weight)?;
        }
        if let Some(weights) = &self.validation_weights {
            let (count, expected) = (weights.len() as f64, "0 without validation data");
            let valid = matches!(self.validation, Validation::Data(..));
            SettingError::check("number of validation weights", count, expected, valid)?;
        }
        Ok(())
    }

    /// The settings by name, as text: equal for equal trainings.
    ///
    /// Metrics are listed by name. Validation data is listed without its values; see
    /// [`Fit::validation_data`]. The weights of rows are not listed; see [`Fit::row_weights`].
    ///
    /// ```
    /// use nnfs_model::Fit;
    /// let settings = Fit::<f32>::epochs(100).batch_size(32).shuffle(1).by_name();
    /// let expected = [("epochs", "100"), ("batch size", "32"), ("shuffle", "seed 1")];
    /// assert_eq!(settings[..3], expected.map(|(name, value)| (name, value.to_owned())));
    /// ```
    pub fn by_name(&self) -> Vec<(&'static str, String)> {
        fn text(setting: Option<impl ToString>, without: &str) -> String {
            setting.map_or_else(|| without.to_owned(), |setting| setting.to_string())
        }
        // Checkpoints keep these texts: another wording would refuse those of older versions.
        let validation = match &self.validation {
            Validation::Without => "none".to_owned(),
            Validation::Data(..) => "data of its own".to_owned(),
            Validation::Fraction { fraction, seed } => {
                format!("a fraction of {fraction}, seed {seed}")
            }
        };
        let mut settings = vec![
            ("epochs", self.epochs.to_string()),
            ("batch size", text(self.batch_size, "all rows")),
            ("shuffle", text(self.shuffle.map(|seed| format!("seed {seed}")), "none")),
            ("validation", validation),
            ("patience", text(self.patience, "none")),
            ("clip norm", text(self.clip_norm, "none")),
            ("metrics", self.metrics.names().collect::<Vec<_>>().join(", ")),
        ];
        if let Some(weights) = &self.class_weights {
            let weights = weights.iter().map(ToString::to_string);
            settings.push(("class weights", weights.collect::<Vec<_>>().join(", ")));
        }
        settings
    }

    /// The number of epochs.
    pub fn epoch_count(&self) -> usize {
        self.epochs
    }

    /// The weights of the rows, if they have some.
    pub fn row_weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    /// The weights of the rows of the validation data, if they have some.
    pub fn validation_row_weights(&self) -> Option<&[f64]> {
        self.validation_weights.as_deref()
    }

    /// The validation inputs and targets, if such data was given.
    pub fn validation_data(&self) -> Option<(&Tensor<T>, &Tensor<T>)> {
        match &self.validation {
            Validation::Data(inputs, targets) => Some((inputs, targets)),
            Validation::Without | Validation::Fraction { .. } => None,
        }
    }
}
