//! The settings of a training.

use std::error::Error;

use nnfs_tensor::{Scalar, SettingError, Tensor};

use crate::{FitState, Metrics};

/// The settings of a training, for [`Model::fit`](crate::Model::fit).
///
/// ```
/// use nnfs_model::Fit;
/// let settings = Fit::<f32>::epochs(100)?
///     .batch_size(32)?
///     .shuffle(1)
///     .validation_fraction(0.2, 2)?
///     .early_stopping(10)?
///     .clip_norm(1.0)?;
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
    pub(crate) state: FitState<T>,
}

/// Where validation data comes from.
#[derive(Debug, Clone)]
pub(crate) enum Validation<T> {
    Without,
    Data(Tensor<T>, Tensor<T>),
    Fraction { fraction: f64, seed: u64 },
}

impl<T: Scalar> Fit<T> {
    /// So many times over the training data; each time a single batch of all rows, in their order.
    ///
    /// # Errors
    /// For 0 epochs.
    pub fn epochs(epochs: usize) -> Result<Self, SettingError> {
        Ok(Self {
            epochs: check_count("epochs", epochs)?,
            batch_size: None,
            shuffle: None,
            validation: Validation::Without,
            patience: None,
            clip_norm: None,
            metrics: Metrics::new(),
            state: FitState::new(),
        })
    }

    /// Steps after every so many rows; the last batch of an epoch has what is left.
    ///
    /// # Errors
    /// For 0 rows. (That there are fewer rows than that is an error of `fit`.)
    pub fn batch_size(mut self, rows: usize) -> Result<Self, SettingError> {
        self.batch_size = Some(check_count("batch size", rows)?);
        Ok(self)
    }

    /// Takes the rows of each epoch in a new order.
    ///
    /// The order is a function of the seed and the number of the epoch alone, and the same on every
    /// machine.
    #[must_use]
    pub fn shuffle(mut self, seed: u64) -> Self {
        self.shuffle = Some(seed);
        self
    }

    /// Judges every epoch on this data too, which is never trained on: inputs (samples, features)
    /// and targets (samples, outputs). It takes the place of a fraction.
    #[must_use]
    pub fn validation(mut self, inputs: Tensor<T>, targets: Tensor<T>) -> Self {
        self.validation = Validation::Data(inputs, targets);
        self
    }

    /// Takes this share of the rows away from training, drawn with a seed, and judges every epoch on
    /// them. It takes the place of given validation data.
    ///
    /// ```text
    /// validation rows = round(fraction * rows)
    /// ```
    ///
    /// # Errors
    /// If the fraction is not between 0 and 1. (That it leaves one side without a row is an error of
    /// `fit`.)
    pub fn validation_fraction(mut self, fraction: f64, seed: u64) -> Result<Self, SettingError> {
        let valid = fraction > 0.0 && fraction < 1.0;
        SettingError::check("validation fraction", fraction, "above 0 and below 1", valid)?;
        self.validation = Validation::Fraction { fraction, seed };
        Ok(self)
    }

    /// Ends once the loss has not become smaller for so many epochs in a row, and gives the model the
    /// best weights back, also when all epochs are done.
    ///
    /// It goes by the loss of the validation data. Without any, it goes by the loss and penalty of the
    /// training rows, of the weights at the end of each epoch with dropout off.
    ///
    /// # Errors
    /// For a patience of 0 epochs.
    pub fn early_stopping(mut self, patience: usize) -> Result<Self, SettingError> {
        self.patience = Some(check_count("patience", patience)?);
        Ok(self)
    }

    /// Shortens the gradients of all parameters together to this norm, where they are longer.
    ///
    /// ```text
    /// norm = sqrt(sum of the squares of all entries)
    /// g    = g * max / norm                             if norm > max
    /// ```
    /// Pascanu et al., 2013: On the difficulty of training recurrent neural networks.
    ///
    /// # Errors
    /// If it is not finite and above 0.
    pub fn clip_norm(mut self, max: f64) -> Result<Self, SettingError> {
        self.clip_norm = Some(SettingError::check_positive("clip norm", max)?);
        Ok(self)
    }

    /// Tells this function of predictions and targets at the end of each epoch, of the training rows
    /// and of the validation data; see [`Metrics`].
    #[must_use]
    pub fn metric<E: Into<Box<dyn Error + Send + Sync>>>(
        mut self,
        name: impl Into<String>,
        function: impl Fn(&Tensor<T>, &Tensor<T>) -> Result<f64, E> + Send + Sync + 'static,
    ) -> Self {
        self.metrics = self.metrics.with(name, function);
        self
    }

    /// The settings by name, as text: equal for equal trainings.
    ///
    /// Metrics are told by their names. The state to resume from is no setting, and of given
    /// validation data only that there is some; see [`Fit::validation_data`].
    ///
    /// ```
    /// use nnfs_model::Fit;
    /// let settings = Fit::<f32>::epochs(100)?.batch_size(32)?.shuffle(1).settings();
    /// assert_eq!(settings[..3], [("epochs", "100".to_owned()), ("batch size", "32".to_owned()), ("shuffle", "seed 1".to_owned())]);
    /// # Ok::<(), nnfs_tensor::SettingError>(())
    /// ```
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        fn text(setting: Option<impl ToString>, without: &str) -> String {
            setting.map_or_else(|| without.to_owned(), |setting| setting.to_string())
        }
        let validation = match &self.validation {
            Validation::Without => "none".to_owned(),
            Validation::Data(..) => "data of its own".to_owned(),
            Validation::Fraction { fraction, seed } => {
                format!("a fraction of {fraction}, seed {seed}")
            }
        };
        vec![
            ("epochs", self.epochs.to_string()),
            ("batch size", text(self.batch_size, "all rows")),
            ("shuffle", text(self.shuffle.map(|seed| format!("seed {seed}")), "none")),
            ("validation", validation),
            ("patience", text(self.patience, "none")),
            ("clip norm", text(self.clip_norm, "none")),
            ("metrics", self.metrics.names().collect::<Vec<_>>().join(", ")),
        ]
    }

    /// The number of the first epoch, from 0: above it if the training goes on from somewhere.
    pub fn first_epoch(&self) -> usize {
        self.state.next_epoch()
    }

    /// The inputs and targets that every epoch is judged on, if such data was given.
    pub fn validation_data(&self) -> Option<(&Tensor<T>, &Tensor<T>)> {
        match &self.validation {
            Validation::Data(inputs, targets) => Some((inputs, targets)),
            Validation::Without | Validation::Fraction { .. } => None,
        }
    }

    /// Goes on from the state that an observer found, instead of starting anew; see [`FitState`].
    #[must_use]
    pub fn resume(mut self, state: FitState<T>) -> Self {
        self.state = state;
        self
    }
}

/// A count of at least 1.
fn check_count(name: &'static str, count: usize) -> Result<usize, SettingError> {
    SettingError::check(name, count as f64, "at least 1", count > 0)?;
    Ok(count)
}
