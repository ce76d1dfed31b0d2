//! From a file to a training.

use anyhow::anyhow;
use nnfs::datasets::{DateError, Place, Selector};
use nnfs::files::{Checksum, FileScalar};
use nnfs_tabular::{
    Checkpointing, Classifier, CsvError, CsvOptions, Error, Kind, Regressor, Table, Task, Training,
};

use super::CHECKPOINT;
use super::options::TrainOptions;
use super::task::task_of;
use crate::identity::Identity;
use crate::names::{comma_hint, names, names_in, quoted_names};
use crate::options::with_delimiter;
use crate::reading::Reading;
use nnfs_console::{UsageError, warn};

/// The table of a file, and the columns to learn.
#[derive(Debug)]
pub(crate) struct Data {
    table: Table,
    checksum: Checksum,
    identity: Identity,
    targets: Vec<String>,
    task: Task,
    /// Why the task was chosen, if no option says it.
    note: Option<String>,
}

impl Data {
    /// Reads the file.
    ///
    /// # Errors
    /// [`UsageError`] for targets that do not fit the task; if the file is not a table or cannot be read.
    pub(crate) fn read(options: &TrainOptions) -> anyhow::Result<Self> {
        // A comma may be part of a name, which the file shows.
        let has_comma = |options: &[String]| options.iter().any(|option| option.contains(','));
        let fewest = match has_comma(&options.target) {
            true => options.target.clone(),
            false => names(&options.target),
        };
        check_targets(options.task(), fewest)?;
        // The standard input can be read once.
        let is_retried = has_comma(&options.categorical);
        let input = if is_retried { options.data.standard_input()? } else { None };
        let input = input.as_deref();
        let mut data = Self::read_with(options, &names(&options.categorical), input);
        if is_retried {
            let whole = match &data {
                // As for the other options, the whole text is the name of a column if there is one.
                Ok(data) => names_in(&data.table, &options.categorical),
                Err(_) => options.categorical.clone(),
            };
            if whole != names(&options.categorical) {
                data = Self::read_with(options, &whole, input).or(data);
            }
        }
        let mut data = data?;
        data.targets = check_targets(options.task(), names_in(&data.table, &options.target))?;
        data.task = match options.task() {
            Some(task) => task,
            None => {
                let categorical = names_in(&data.table, &options.categorical);
                let found = task_of(&data.table, &data.targets, &categorical);
                let (task, why) = found.map_err(|error| match error.downcast::<CsvError>() {
                    Ok(error) => data.explained(error.into()),
                    Err(error) => error,
                })?;
                let (file, targets) = (data.table.source(), data.targets.join(", "));
                data.note = Some(format!("note: {file}: {task} of {targets:?}, {why}; see --task"));
                task
            }
        };
        options.check_task(data.task)?;
        Ok(data)
    }

    /// Reads the file with these columns as words.
    ///
    /// `input` is the standard input, if it was read already.
    fn read_with(
        options: &TrainOptions,
        categorical: &[String],
        input: Option<&[u8]>,
    ) -> anyhow::Result<Self> {
        let mut csv = CsvOptions::new();
        for column in categorical {
            csv = csv.column(Selector::Name(column.clone()), Kind::Categorical);
        }
        let mut checksum = Checksum::new();
        // It identifies the file of a checkpoint.
        let needed = options.training.has_checkpoints().then_some(&mut checksum);
        let mut identity = Identity::default();
        let reading =
            Reading { quiet: options.quiet, checksum: needed, identity: Some(&mut identity) };
        let table = options.data.read_from(input, csv, reading)?;
        let (targets, task) = (Vec::new(), Task::Regression);
        Ok(Self { table, checksum, identity, targets, task, note: None })
    }

    /// What identifies the file.
    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Splits, encodes and scales the rows, and makes the network.
    ///
    /// # Errors
    /// If the columns are not what they should be, or the checkpoint belongs to another training.
    pub(crate) fn prepare<T: FileScalar>(
        &self,
        options: &TrainOptions,
    ) -> anyhow::Result<Training<T>> {
        let mut settings = options.settings();
        settings.ignore = names_in(&self.table, &options.ignore);
        settings.checkpoint = options.training.has_checkpoints().then(|| {
            let checkpoint = Checkpointing::new(options.out.join(CHECKPOINT));
            let checkpoint = checkpoint.identified_by(
                "file",
                format!("{} bytes with checksum {}", self.checksum.length(), self.checksum),
            );
            let checkpoint = match options.training.checkpoint_every {
                Some(epochs) => checkpoint.every(epochs.get()),
                None => checkpoint,
            };
            if options.training.resume { checkpoint.resume() } else { checkpoint }
        });
        let training = match self.task {
            Task::Regression => {
                Regressor::multi_output(&self.targets).settings(settings).prepare(&self.table)
            }
            Task::Classification => {
                Classifier::new(&self.targets[0]).settings(settings).prepare(&self.table)
            }
        };
        let training = training.map_err(|error| self.explained(error))?;
        if let Some(note) = self.note.as_ref().filter(|_| !options.quiet) {
            warn(note);
        }
        Ok(training)
    }

    /// The error, with the options that help against it.
    fn explained(&self, error: Error) -> anyhow::Error {
        match comma_hint(&self.table, &error) {
            Some(hint) => anyhow!("{error}{hint}"),
            None => with_option(error, &self.targets, self.task),
        }
    }
}

/// The error, with the options that help against it.
fn with_option(error: Error, targets: &[String], task: Task) -> anyhow::Error {
    let is_target = |place: &Place| targets.iter().any(|name| place.is_in(name));
    let option = match &error {
        Error::Table(CsvError::NotANumber { place, .. }) if is_target(place) => "--task",
        Error::Table(CsvError::Date(DateError::Duration { place, .. }))
            if is_target(place) && task == Task::Regression =>
        {
            return error.into();
        }
        Error::Table(CsvError::Date(DateError::Classes { .. })) => "--categorical",
        Error::Table(
            CsvError::Date(DateError::Duration { place, .. } | DateError::OtherForm { place, .. })
            | CsvError::NumberLikeWords { place, .. },
        ) if is_target(place) => "--categorical",
        Error::Table(CsvError::MostlyNumbers { .. } | CsvError::NumbersAndWords { .. }) => {
            "--categorical and --ignore"
        }
        Error::Table(CsvError::HardlyRepeats { columns, .. }) => {
            let ignore = quoted_names(columns.iter().map(|(name, _)| name.as_str()));
            return anyhow!("{error}; see --ignore {ignore} or --categorical");
        }
        Error::Table(CsvError::ClassesHardlyRepeat { .. }) => "--target and --categorical",
        Error::Table(CsvError::ContinuousClasses { .. }) => "--task regression and --categorical",
        Error::Table(CsvError::MissingTarget { found, is_class: true, .. })
            if !found.is_empty() =>
        {
            "--categorical and --missing-target"
        }
        Error::Table(CsvError::MixedDecimalMarks { .. }) => "--ignore",
        Error::Table(CsvError::TooManyCategories { .. }) => "--ignore",
        Error::Table(CsvError::TooManyClasses { .. }) => "--target",
        Error::Table(CsvError::DuplicateColumn { .. }) => "--ignore",
        Error::Table(CsvError::Date(DateError::Ambiguous { .. })) => "--date-order",
        Error::Table(
            CsvError::Date(_) | CsvError::NumberLikeWords { .. } | CsvError::MixedUnits { .. },
        ) => "--categorical and --ignore",
        Error::Table(CsvError::ChosenTwice { .. }) => "--target, --weight and --ignore",
        Error::ClassesAlike { .. } => "--categorical",
        Error::OtherRecipe { .. } => "--recipe",
        Error::CosineEpochs { .. } => "--epochs and --schedule",
        Error::Memory { .. } => "--hidden, --batch and --memory-limit",
        Error::OutOfRange { dtype: nnfs_tabular::Dtype::F32, .. } => "--dtype",
        _ => return with_delimiter(error),
    };
    anyhow!("{error}; see {option}")
}

/// The columns to learn.
fn check_targets(task: Option<Task>, targets: Vec<String>) -> Result<Vec<String>, UsageError> {
    let targets: Vec<String> = targets.into_iter().filter(|name| !name.is_empty()).collect();
    let twice = (1..targets.len()).find(|&index| targets[..index].contains(&targets[index]));
    if let Some(index) = twice {
        return Err(UsageError(format!("--target names {:?} twice", targets[index])));
    }
    match (task, targets.len()) {
        (_, 0) => Err(UsageError("--target takes the name of a column, found none".to_owned())),
        (Some(Task::Classification), count @ 2..) => Err(UsageError(format!(
            "--task classification takes one column as --target, found {count}"
        ))),
        _ => Ok(targets),
    }
}
