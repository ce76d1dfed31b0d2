//! What is fitted to a table.

use std::fmt::Debug;
use std::marker::PhantomData;

use nnfs::datasets::{Columns, DateOrder, Table};
use nnfs::files::{Dtype, FileScalar, Task};
use nnfs::model::{Control, Epoch};

use crate::missing_target::with_targets;
use crate::watcher::EachEpoch;
use crate::{
    ActivationKind, Checkpointing, ClassWeights, Error, Fitted, LossKind, Missing, MissingTarget,
    OptimizerKind, Outliers, RateSchedule, Recipe, Settings, Training,
};

/// Learns to predict numbers from the other columns of a table.
///
/// ```
/// use nnfs_tabular::{Regressor, Table};
/// let rows = (0..50).map(|row| [row.to_string(), (3 * row + 1).to_string()]);
/// let table = Table::from_rows("line", &["x", "y"], rows)?;
/// let fitted = Regressor::new("y").learning_rate(0.01).seed(1).fit(&table)?;
/// assert!(fitted.report().test.as_ref().unwrap().get("r2") > Some(0.9));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type Regressor = Learner<Regression>;

/// Learns to predict one of several classes from the other columns of a table.
///
/// ```
/// use nnfs_tabular::{Classifier, Table};
/// let rows = (0..90).map(|row| [row.to_string(), ["low", "mid", "high"][row / 30].to_owned()]);
/// let table = Table::from_rows("thirds", &["x", "kind"], rows)?;
/// let fitted = Classifier::new("kind").learning_rate(0.01).fit(&table)?;
/// let prediction = fitted.predictor().predict_row(&[("x", 80.into())])?;
/// assert_eq!(prediction.class(), Some("high"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type Classifier = Learner<Classification>;

/// A learner before it has seen a table: a [`Regressor`] or a [`Classifier`].
#[derive(Debug, Clone, PartialEq)]
pub struct Learner<G: Goal> {
    targets: Vec<String>,
    settings: Settings,
    goal: PhantomData<G>,
}

/// What a [`Learner`] predicts: [`Regression`] or [`Classification`].
pub trait Goal: Debug + Clone + PartialEq + sealed::Sealed {
    /// The same as a value.
    const TASK: Task;
}

/// The goal of a [`Regressor`]: numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regression {}

/// The goal of a [`Classifier`]: one of several classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Classification {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Regression {}
    impl Sealed for super::Classification {}
}

impl Goal for Regression {
    const TASK: Task = Task::Regression;
}

impl Goal for Classification {
    const TASK: Task = Task::Classification;
}

/// A [`Learner`] without its type parameter, so that the training is compiled here and not in each crate that
/// uses it.
#[derive(Clone, Copy)]
struct Request<'a> {
    task: Task,
    targets: &'a [String],
    settings: &'a Settings,
}

impl Learner<Regression> {
    /// Learns this column.
    ///
    /// ```
    /// use nnfs_tabular::Regressor;
    /// let regressor = Regressor::new("price");
    /// ```
    pub fn new(target: impl Into<String>) -> Self {
        Self::multi_output([target])
    }

    /// Learns several columns at once.
    ///
    /// ```
    /// use nnfs_tabular::Regressor;
    /// let regressor = Regressor::multi_output(["price", "rent"]);
    /// ```
    pub fn multi_output(targets: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let targets = targets.into_iter().map(Into::into).collect();
        Self { targets, settings: Settings::default(), goal: PhantomData }
    }
}

impl Learner<Classification> {
    /// Learns this column, each of whose values is a class.
    ///
    /// ```
    /// use nnfs_tabular::Classifier;
    /// let classifier = Classifier::new("species");
    /// ```
    pub fn new(target: impl Into<String>) -> Self {
        Self { targets: vec![target.into()], settings: Settings::default(), goal: PhantomData }
    }

    /// Sets [`Settings::class_weights`].
    #[must_use]
    pub fn class_weights(mut self, weights: ClassWeights) -> Self {
        self.settings.class_weights = weights;
        self
    }
}

impl<G: Goal> Learner<G> {
    /// Fits a network to the rows of a table.
    ///
    /// The inputs, and the targets of a regression, are scaled to mean 0 and standard deviation 1 over
    /// the training rows; with [`Recipe::Bagging`], inputs that are 0 or 1 are brought to mean 0 and not scaled. What
    /// is done about outliers is in [`Outliers`]. A column of words becomes one
    /// input for each word; words of a single row share one. A missing number becomes the mean of its column, and
    /// another input is 1 where it is missing. A column with the same value in all training rows is not
    /// used. [`Training::warnings`] and [`Fitted::warnings`] report all of this.
    ///
    /// # Errors
    /// If a setting is out of range, the table does not have the columns or has other values than they
    /// should hold, a checkpoint is damaged or belongs to another training, or if training diverges.
    pub fn fit(&self, table: &Table) -> Result<Fitted, Error> {
        self.fit_watched(table, |_| Control::Continue)
    }

    /// Fits, and calls a function at the end of every epoch of every network, which may stop the training.
    /// [`Training::fit`] takes a [`Watcher`](crate::Watcher), which also gets the number of the network.
    ///
    /// # Errors
    /// As [`Learner::fit`].
    pub fn fit_watched(
        &self,
        table: &Table,
        mut each_epoch: impl FnMut(&Epoch) -> Control,
    ) -> Result<Fitted, Error> {
        self.request().fit(table, &mut each_epoch)
    }

    /// Everything up to the first epoch: split, encoding, scaling and network, for programs that want
    /// to look at them, or at the model during the training. `T` decides the numbers to compute with.
    ///
    /// # Errors
    /// As [`Learner::fit`], except divergence.
    pub fn prepare<T: FileScalar>(&self, table: &Table) -> Result<Training<T>, Error> {
        self.request().prepare(table)
    }

    fn request(&self) -> Request<'_> {
        Request { task: G::TASK, targets: &self.targets, settings: &self.settings }
    }

    /// Takes all settings from here.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Sets [`Settings::recipe`], on which the defaults of other settings depend.
    #[must_use]
    pub fn recipe(mut self, recipe: Recipe) -> Self {
        self.settings.recipe = recipe;
        self
    }

    /// Sets [`Settings::schedule`].
    #[must_use]
    pub fn schedule(mut self, schedule: RateSchedule) -> Self {
        self.settings.schedule = Some(schedule);
        self
    }

    /// Sets [`Settings::ignore`].
    #[must_use]
    pub fn ignore(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.settings.ignore = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Sets [`Settings::date_order`].
    #[must_use]
    pub fn date_order(mut self, order: DateOrder) -> Self {
        self.settings.date_order = Some(order);
        self
    }

    /// Sets [`Settings::outliers`].
    #[must_use]
    pub fn outliers(mut self, outliers: Outliers) -> Self {
        self.settings.outliers = outliers;
        self
    }

    /// Sets [`Settings::weight`].
    #[must_use]
    pub fn weight(mut self, column: impl Into<String>) -> Self {
        self.settings.weight = Some(column.into());
        self
    }

    /// Sets [`Settings::missing`].
    #[must_use]
    pub fn missing(mut self, missing: Missing) -> Self {
        self.settings.missing = missing;
        self
    }

    /// Sets [`Settings::missing_target`].
    #[must_use]
    pub fn missing_target(mut self, missing_target: MissingTarget) -> Self {
        self.settings.missing_target = missing_target;
        self
    }

    /// Sets [`Settings::seed`].
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// Sets [`Settings::test_fraction`].
    #[must_use]
    pub fn test_fraction(mut self, fraction: f64) -> Self {
        self.settings.test_fraction = fraction;
        self
    }

    /// Sets [`Settings::validation_fraction`].
    #[must_use]
    pub fn validation_fraction(mut self, fraction: f64) -> Self {
        self.settings.validation_fraction = fraction;
        self
    }

    /// Sets [`Settings::hidden`].
    #[must_use]
    pub fn hidden(mut self, widths: impl Into<Vec<usize>>) -> Self {
        self.settings.hidden = Some(widths.into());
        self
    }

    /// Sets [`Settings::activation`].
    #[must_use]
    pub fn activation(mut self, activation: ActivationKind) -> Self {
        self.settings.activation = activation;
        self
    }

    /// Sets [`Settings::dropout`].
    #[must_use]
    pub fn dropout(mut self, rate: f64) -> Self {
        self.settings.dropout = rate;
        self
    }

    /// Sets [`Settings::dtype`].
    #[must_use]
    pub fn dtype(mut self, dtype: Dtype) -> Self {
        self.settings.dtype = dtype;
        self
    }

    /// Sets [`Settings::loss`].
    #[must_use]
    pub fn loss(mut self, loss: LossKind) -> Self {
        self.settings.loss = Some(loss);
        self
    }

    /// Sets [`Settings::epochs`].
    #[must_use]
    pub fn epochs(mut self, epochs: usize) -> Self {
        self.settings.epochs = Some(epochs);
        self
    }

    /// Sets [`Settings::batch_size`].
    #[must_use]
    pub fn batch_size(mut self, rows: usize) -> Self {
        self.settings.batch_size = Some(rows);
        self
    }

    /// Sets [`Settings::optimizer`].
    #[must_use]
    pub fn optimizer(mut self, optimizer: OptimizerKind) -> Self {
        self.settings.optimizer = optimizer;
        self
    }

    /// Sets [`Settings::learning_rate`].
    #[must_use]
    pub fn learning_rate(mut self, rate: f64) -> Self {
        self.settings.learning_rate = Some(rate);
        self
    }

    /// Sets [`Settings::l1`].
    #[must_use]
    pub fn l1(mut self, strength: f64) -> Self {
        self.settings.l1 = strength;
        self
    }

    /// Sets [`Settings::l2`].
    #[must_use]
    pub fn l2(mut self, strength: f64) -> Self {
        self.settings.l2 = Some(strength);
        self
    }

    /// Sets [`Settings::patience`].
    #[must_use]
    pub fn patience(mut self, epochs: usize) -> Self {
        self.settings.patience = Some(epochs);
        self
    }

    /// Sets [`Settings::checkpoint`].
    #[must_use]
    pub fn checkpoint(mut self, checkpoint: Checkpointing) -> Self {
        self.settings.checkpoint = Some(checkpoint);
        self
    }

    /// Sets [`Settings::memory_limit`].
    #[must_use]
    pub fn memory_limit(mut self, bytes: u64) -> Self {
        self.settings.memory_limit = Some(bytes);
        self
    }
}

impl Request<'_> {
    fn fit(
        self,
        table: &Table,
        each_epoch: &mut dyn FnMut(&Epoch) -> Control,
    ) -> Result<Fitted, Error> {
        let mut watcher = EachEpoch(each_epoch);
        match self.settings.dtype {
            Dtype::F32 => self.prepare::<f32>(table)?.fit(&mut watcher),
            Dtype::F64 => self.prepare::<f64>(table)?.fit(&mut watcher),
        }
    }

    fn prepare<T: FileScalar>(self, table: &Table) -> Result<Training<T>, Error> {
        let loss = self.settings.check(self.task)?;
        let targets = self.targets.iter().map(String::as_str);
        let columns = match self.task {
            Task::Regression => Columns::regression(targets),
            // There is one, by construction.
            Task::Classification => Columns::classification(targets.collect::<String>()),
        };
        let columns = columns.ignore(self.settings.ignore.iter().map(String::as_str));
        let columns = columns.ignore(self.settings.weight.as_deref());
        let columns = match self.settings.date_order {
            Some(order) => columns.date_order(order),
            None => columns,
        };
        let (rows, skipped) = match self.settings.missing_target {
            MissingTarget::Refuse => (None, None),
            MissingTarget::Skip => {
                let targets = self.targets.iter().map(String::as_str);
                with_targets(table, &columns.rows_with_targets(table)?, targets)?.unzip()
            }
        };
        Training::new(self.settings, loss, &columns, rows.as_ref().unwrap_or(table), skipped)
    }
}
