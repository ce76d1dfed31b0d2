//! The results of a training.

use std::fmt;
use std::path::Path;

use nnfs::files::Task;
use nnfs::model::End;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::parts::count;
use crate::scores::{write_baseline, write_classes, write_metrics, write_weights};
use crate::{Contents, Score, Scores, TargetScores};

/// The results of a training: its scores, its length and why it ended.
///
/// Its text counts epochs from 1. `serde` writes it as `metrics.json`, which counts them from 0.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// What was read; in JSON `file` without its folder, and `rows` of each part.
    #[serde(flatten, serialize_with = "contents")]
    pub contents: Contents,
    /// The names of the targets.
    pub targets: Vec<String>,
    /// The column of weights, if the rows have some. The loss, the scores and the baseline use them.
    pub weight: Option<String>,
    /// What is predicted.
    #[serde(serialize_with = "task")]
    pub task: Task,
    /// The scores on the training rows; `None` if they cannot be computed, because a prediction is not
    /// finite.
    pub train: Option<Scores>,
    /// The scores on the training rows, each predicted by the networks that did not learn from it. With up to
    /// 500 rows, the epochs and the share of the linear models are chosen without the row. With more rows, the row
    /// takes part in the choice, so the scores are a little better than those of new rows. `None` without bagging,
    /// or if they cannot be computed.
    pub out_of_fold: Option<Scores>,
    /// The scores on the validation rows; `None` without validation rows, or if they cannot be computed.
    pub validation: Option<Scores>,
    /// The scores on the test rows; `None` without test rows, or if they cannot be computed.
    pub test: Option<Scores>,
    /// The number of models: networks and linear models.
    pub networks: usize,
    /// The number of epochs; of several networks, of the first one.
    pub epochs: usize,
    /// Why the training ended; of several networks, that of the first one.
    #[serde(serialize_with = "end")]
    pub end: End,
    /// The epoch whose weights are kept, from 0; of several networks, that of the first one.
    pub saved_epoch: usize,
    /// How long the training took, including all parts of a resumed one.
    pub fit_seconds: f64,
    /// What reading the file guessed, changed or left out: a line for each of
    /// [`Table::notes`](crate::Table::notes), which names the file without its folder.
    pub notes: Vec<String>,
    /// What is odd in the table: a line for each of [`Fitted::warnings`](crate::Fitted::warnings), which
    /// names the file without its folder.
    pub warnings: Vec<String>,
}

fn contents<S: Serializer>(contents: &Contents, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Rows {
        train: usize,
        validation: usize,
        test: usize,
    }
    let &Contents { train, validation, test, .. } = contents;
    let mut map = serializer.serialize_map(Some(2))?;
    map.serialize_entry("file", file_name(&contents.source))?;
    map.serialize_entry("rows", &Rows { train, validation, test })?;
    map.end()
}

/// Without its folder, which is private.
fn file_name(source: &str) -> &str {
    Path::new(source).file_name().and_then(|name| name.to_str()).unwrap_or(source)
}

/// The lines of the notes or warnings of a file, with its name as [`file_name`] gives it.
pub(crate) fn lines(remarks: &[impl fmt::Display], source: &str) -> Vec<String> {
    let line = |remark: &_| {
        let line = ToString::to_string(remark);
        match line.strip_prefix(source) {
            Some(rest) => format!("{}{rest}", file_name(source)),
            None => line,
        }
    };
    remarks.iter().map(line).collect()
}

fn task<S: Serializer>(task: &Task, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(task)
}

fn end<S: Serializer>(end: &End, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match end {
        End::Done => "done",
        End::StoppedEarly { .. } => "stopped_early",
        End::StoppedByObserver => "interrupted",
    })
}

impl Report {
    /// The scores of each part of the rows, by name: `training`, `out-of-fold`, `validation`, `test`.
    pub fn parts(&self) -> Vec<(&'static str, &Scores)> {
        let Self { train, out_of_fold, validation, test, .. } = self;
        let parts = [
            ("training", train),
            ("out-of-fold", out_of_fold),
            ("validation", validation),
            ("test", test),
        ];
        parts.into_iter().filter_map(|(name, scores)| Some((name, scores.as_ref()?))).collect()
    }

    /// The name of the file without its folder, which is private.
    pub fn file_name(&self) -> &str {
        file_name(&self.contents.source)
    }

    /// Whether the network has learned the training rows by heart: it is much better than the baseline on
    /// the training rows and worse than it on those of [`Report::held_out`].
    ///
    /// ```text
    /// skill of numbers   R2
    /// skill of classes   1 - loss / (loss of the baseline)
    /// by heart           skill on the training rows > 1/4, and on the held-out rows < 0
    /// ```
    pub fn is_overfitted(&self) -> bool {
        let skill = |scores: Option<&Scores>| scores.and_then(Scores::skill);
        let held_out = self.held_out().map(|(_, scores)| scores);
        skill(self.train.as_ref()).is_some_and(|skill| skill > 0.25)
            && skill(held_out).is_some_and(|skill| skill < 0.0)
    }

    /// Whether the network is worse than the baseline on the rows of [`Report::held_out`]: its R2 is smaller,
    /// of several targets that of one of them, or for classes its loss is larger.
    pub fn is_worse_than_baseline(&self) -> bool {
        match self.held_out() {
            None => false,
            Some((_, Scores::Regression(_))) => !self.targets_worse_than_baseline().is_empty(),
            Some((_, scores)) => scores.all().iter().any(|Score { name, value, baseline, .. }| {
                name == "loss" && matches!((value, baseline), (Some(value), Some(baseline)) if value > baseline)
            }),
        }
    }

    /// The targets of a regression whose R2 on the rows of [`Report::held_out`] is smaller than that of the baseline.
    pub fn targets_worse_than_baseline(&self) -> Vec<&str> {
        let Some((_, Scores::Regression(scores))) = self.held_out() else { return Vec::new() };
        let is_worse = |scores: &&TargetScores| {
            let (value, baseline) = (scores.metrics.r2, scores.baseline.r2);
            value.zip(baseline).is_some_and(|(value, baseline)| value < baseline)
        };
        scores.targets.iter().filter(is_worse).map(|scores| scores.target.as_str()).collect()
    }

    /// The scores that judge the network best, and their part: those on the test rows; without those, on
    /// the validation rows, or out-of-fold. `None` if there are only those of rows that it has learned from.
    pub fn held_out(&self) -> Option<(&'static str, &Scores)> {
        let Self { test, validation, out_of_fold, .. } = self;
        let parts = [("test", test), ("validation", validation), ("out-of-fold", out_of_fold)];
        parts.into_iter().find_map(|(name, scores)| Some((name, scores.as_ref()?)))
    }

    /// The report without what was read.
    pub fn results(&self) -> impl fmt::Display {
        Results(self)
    }
}

/// What was read, the epochs, and the scores.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n{}", self.contents.source, self.contents, self.results())
    }
}

struct Results<'a>(&'a Report);

/// The epochs, and below them the scores.
impl fmt::Display for Results<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { networks, epochs, saved_epoch, fit_seconds, .. } = self.0;
        if *networks > 1 {
            write!(f, "{networks} models in {fit_seconds:.1} s")?;
        } else {
            write!(f, "{} in {fit_seconds:.1} s", count(*epochs, "epoch"))?;
        }
        if *networks == 1 && saved_epoch + 1 < *epochs {
            write!(f, ", the weights of epoch {} kept", saved_epoch + 1)?;
        }
        let parts = self.0.parts();
        if let Some((_, scores)) = parts.first() {
            f.write_str("\n\n")?;
            write_metrics(f, &parts)?;
            write_baseline(f, scores)?;
        }
        write_weights(f, self.0.weight.as_deref(), "the loss, the scores and the baseline")?;
        match parts.last() {
            Some((name, Scores::Classification(scores))) => write_classes(f, Some(name), scores),
            _ => Ok(()),
        }
    }
}
