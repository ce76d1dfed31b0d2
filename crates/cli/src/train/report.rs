//! What came of a training: `metrics.json`, and the table on the terminal.

use nnfs::model::{End, History};
use serde::Serialize;

use super::options::Task;
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
}

impl From<End> for Ending {
    fn from(end: End) -> Self {
        match end {
            End::StoppedEarly { .. } => Self::StoppedEarly,
            // The observer stops for one reason, which is an error.
            End::Done | End::StoppedByObserver => Self::Done,
        }
    }
}

/// What came of a training, before it is judged.
pub(crate) struct Outcome {
    pub(crate) history: History,
    /// How long it took, all parts of a resumed one together.
    pub(crate) seconds: f64,
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

    /// A row a metric, a column a part of the rows.
    pub(crate) fn table(&self) -> String {
        let parts =
            [("train", Some(self.train)), ("validation", self.validation), ("test", self.test)];
        let parts: Vec<_> = parts
            .into_iter()
            .filter_map(|(name, scores)| Some((name, scores?.by_name())))
            .collect();
        let mut text = format!("{:10}", "");
        for (name, _) in &parts {
            text += &format!("{name:>12}");
        }
        for (index, (metric, _)) in self.train.by_name().into_iter().enumerate() {
            text += &format!("\n{metric:10}");
            for (_, scores) in &parts {
                text += &format!("{:>12}", scores[index].1.map_or("-".to_owned(), short));
            }
        }
        text
    }
}

/// A number in a few digits.
fn short(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-2..1e6).contains(&size) {
        format!("{value:.4}")
    } else {
        format!("{value:.3e}")
    }
}
