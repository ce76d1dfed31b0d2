//! What came of a training: `metrics.json`, and the table on the terminal.

use std::fmt;

use nnfs::model::{End, History};
use nnfs_report::Frame;
use serde::Serialize;

use super::options::Task;
use crate::output::count;
use crate::score::Scores;

/// What came of a training: `metrics.json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Report {
    pub(crate) task: Task,
    pub(crate) train: Scores,
    /// `null` without such rows, as is `test`.
    pub(crate) validation: Option<Scores>,
    pub(crate) test: Option<Scores>,
    /// How many there were.
    pub(crate) epochs: usize,
    pub(crate) end: Ending,
    /// The epoch whose weights were saved, from 0.
    pub(crate) saved_epoch: usize,
    pub(crate) fit_seconds: f64,
}

/// Why a training ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ending {
    Done,
    StoppedEarly,
    Interrupted,
}

impl From<End> for Ending {
    fn from(end: End) -> Self {
        match end {
            End::StoppedEarly { .. } => Self::StoppedEarly,
            End::StoppedByObserver => Self::Interrupted,
            End::Done => Self::Done,
        }
    }
}

/// What came of a training, before it is judged.
pub(crate) struct Outcome {
    pub(crate) history: History,
    /// How long it took, all parts of a resumed one together.
    pub(crate) seconds: f64,
    /// How many epochs were asked for.
    pub(crate) asked: usize,
    /// What it predicted on the way.
    pub(crate) frames: Vec<Frame>,
}

impl Outcome {
    /// The epoch whose weights the model has.
    pub(crate) fn saved_epoch(&self) -> usize {
        self.history.restored.unwrap_or(self.history.epochs.len() - 1)
    }
}

impl Report {
    /// The file.
    pub(crate) fn to_json(&self) -> anyhow::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// The parts of the rows that there are.
    pub(crate) fn parts(&self) -> Vec<(&'static str, Scores)> {
        let parts =
            [("train", Some(self.train)), ("validation", self.validation), ("test", self.test)];
        parts.into_iter().filter_map(|(name, scores)| Some((name, scores?))).collect()
    }
}

/// The epochs and, under them, a row a metric and a column a part of the rows.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { train, epochs, saved_epoch, fit_seconds, .. } = self;
        write!(f, "{} in {fit_seconds:.1} s", count(*epochs, "epoch"))?;
        if saved_epoch + 1 < *epochs {
            write!(f, ", the weights of epoch {} kept", saved_epoch + 1)?;
        }
        write!(f, "\n\n{:10}", "")?;
        let parts = self.parts();
        for (name, _) in &parts {
            write!(f, "{name:>12}")?;
        }
        for (index, (metric, _)) in train.by_name().into_iter().enumerate() {
            write!(f, "\n{metric:10}")?;
            for (_, scores) in &parts {
                write!(f, "{:>12}", scores.by_name()[index].1.map_or("-".to_owned(), short))?;
            }
        }
        Ok(())
    }
}

/// A number in a few digits.
pub(super) fn short(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-2..1e6).contains(&size) {
        format!("{value:.4}")
    } else {
        format!("{value:.3e}")
    }
}
