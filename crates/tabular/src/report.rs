//! The results of a training.

use std::fmt;

use nnfs::files::Task;
use nnfs::model::End;
use serde::{Serialize, Serializer};

use crate::parts::count;
use crate::scores::short;
use crate::{ClassScores, ClassificationScores, Contents, Score, Scores};

/// The text has the scores of this many classes at most.
const MOST_CLASSES: usize = 20;

/// The results of a training: its scores, its length and why it ended.
///
/// Its text counts epochs from 1. `serde` writes it as `metrics.json`, which counts them from 0.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// What was read.
    #[serde(skip)]
    pub contents: Contents,
    /// What is predicted.
    #[serde(serialize_with = "task")]
    pub task: Task,
    /// The scores on the training rows; `None` if they cannot be computed, because a prediction is not
    /// finite.
    pub train: Option<Scores>,
    /// The scores on the validation rows; `None` without validation rows, or if they cannot be computed.
    pub validation: Option<Scores>,
    /// The scores on the test rows; `None` without test rows, or if they cannot be computed.
    pub test: Option<Scores>,
    /// The number of epochs.
    pub epochs: usize,
    /// Why the training ended.
    #[serde(serialize_with = "end")]
    pub end: End,
    /// The epoch whose weights are kept, from 0.
    pub saved_epoch: usize,
    /// How long the training took, including all parts of a resumed one.
    pub fit_seconds: f64,
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
    /// The scores of each part of the rows, by name: `training`, `validation`, `test`.
    pub fn parts(&self) -> Vec<(&'static str, &Scores)> {
        let Self { train, validation, test, .. } = self;
        let parts = [("training", train), ("validation", validation), ("test", test)];
        parts.into_iter().filter_map(|(name, scores)| Some((name, scores.as_ref()?))).collect()
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
        let Report { epochs, saved_epoch, fit_seconds, .. } = self.0;
        write!(f, "{} in {fit_seconds:.1} s", count(*epochs, "epoch"))?;
        if saved_epoch + 1 < *epochs {
            write!(f, ", the weights of epoch {} kept", saved_epoch + 1)?;
        }
        let parts = self.0.parts();
        write_scores(f, &parts)?;
        match parts.last() {
            Some((name, Scores::Classification(scores))) => write_classes(f, name, scores),
            _ => Ok(()),
        }
    }
}

/// One row for each metric, and for each part of the rows a column, with the baseline beside it.
fn write_scores(f: &mut fmt::Formatter<'_>, parts: &[(&str, &Scores)]) -> fmt::Result {
    let columns: Vec<(&str, Vec<Score>)> =
        parts.iter().map(|(name, scores)| (*name, scores.all())).collect();
    let Some((_, first)) = columns.first() else { return Ok(()) };
    let width = first.iter().map(|score| score.name.chars().count()).max().unwrap_or(0);
    write!(f, "\n\n{:width$}", "")?;
    for (name, _) in &columns {
        write!(f, "{name:>12}{:>12}", "baseline")?;
    }
    for (index, Score { name, .. }) in first.iter().enumerate() {
        write!(f, "\n{name:width$}")?;
        for (_, scores) in &columns {
            let [value, baseline] = scores[index].texts();
            write!(f, "{value:>12}{baseline:>12}")?;
        }
    }
    match parts.first() {
        Some((_, Scores::Classification(scores))) => {
            write!(f, "\n\nbaseline: the most frequent class, {:?}", scores.baseline.class)
        }
        _ => write!(f, "\n\nbaseline: the mean of the training rows"),
    }
}

/// The scores of each class, unless there are many.
fn write_classes(
    f: &mut fmt::Formatter<'_>,
    part: &str,
    scores: &ClassificationScores,
) -> fmt::Result {
    let classes = &scores.classes[..scores.classes.len().min(MOST_CLASSES)];
    let title = format!("classes ({part})");
    let names = classes.iter().map(|class| class.class.chars().count());
    let width = names.chain([title.len()]).max().unwrap_or(0);
    write!(f, "\n\n{title:width$}{:>8}{:>12}{:>12}{:>12}", "rows", "precision", "recall", "f1")?;
    for ClassScores { class, rows, precision, recall, f1 } in classes {
        // The recall of no rows is not 0 but undefined.
        let cell = |value: f64| if *rows > 0 { short(value) } else { "-".to_owned() };
        let (precision, recall, f1) = (short(*precision), cell(*recall), cell(*f1));
        write!(f, "\n{class:width$}{rows:>8}{precision:>12}{recall:>12}{f1:>12}")?;
    }
    match scores.classes.len() - classes.len() {
        0 => Ok(()),
        more => write!(f, "\nand {more} more"),
    }
}
