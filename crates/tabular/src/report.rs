//! The results of a training.

use std::fmt;

use nnfs::files::Task;
use nnfs::model::End;
use serde::{Serialize, Serializer};

use crate::parts::count;
use crate::scores::short;
use crate::{Contents, Scores};

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
    /// The scores of each part of the rows, by name.
    pub fn parts(&self) -> Vec<(&'static str, Scores)> {
        let parts = [("train", self.train), ("validation", self.validation), ("test", self.test)];
        parts.into_iter().filter_map(|(name, scores)| Some((name, scores?))).collect()
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

/// The epochs, and below them one row per metric and one column per part of the rows.
impl fmt::Display for Results<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { epochs, saved_epoch, fit_seconds, .. } = self.0;
        write!(f, "{} in {fit_seconds:.1} s", count(*epochs, "epoch"))?;
        if saved_epoch + 1 < *epochs {
            write!(f, ", the weights of epoch {} kept", saved_epoch + 1)?;
        }
        let parts = self.0.parts();
        let Some((_, first)) = parts.first() else { return Ok(()) };
        write!(f, "\n\n{:10}", "")?;
        for (name, _) in &parts {
            write!(f, "{name:>12}")?;
        }
        for (index, (metric, _)) in first.by_name().into_iter().enumerate() {
            write!(f, "\n{metric:10}")?;
            for (_, scores) in &parts {
                write!(f, "{:>12}", scores.by_name()[index].1.map_or("-".to_owned(), short))?;
            }
        }
        Ok(())
    }
}
