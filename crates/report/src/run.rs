//! The report of one training.

use nnfs_model::{End, Epoch};
use serde::Serialize;

use crate::round::{drawn, drawn_list};
use crate::{Fact, Inspection, TextTable};

/// The report of one training: its settings, its history, and its predictions along the way.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunReport {
    /// Its name, which is different from that of every other run in the report.
    pub name: String,
    /// The network and the settings.
    pub facts: Vec<Fact>,
    /// The result, as a word and a sentence.
    pub verdict: Verdict,
    /// What a reader should know beforehand, such as what was left out.
    pub notes: Vec<String>,
    /// The metric that the page shows beside the loss.
    pub metric: Option<ShownMetric>,
    /// A sentence beside the loss of the epochs, such as how it differs from a score.
    pub loss_note: Option<String>,
    /// What the validation data is called, if there is any: `validation`, `test`.
    pub validation_name: Option<String>,
    /// The results of the epochs, in their order: those of a [`History`](nnfs_model::History). A page
    /// shows about 1000 of more than 2000 epochs, and says so.
    pub epochs: Vec<Epoch>,
    /// The file that has the results of all epochs, if there is one: `history.csv`.
    pub epochs_file: Option<String>,
    /// Which epochs the page lists with all digits: those that this divides. All with 0 or 1.
    pub list_every: usize,
    /// Whether the results of an epoch belong to the weights that it starts with, as in the book, and
    /// not to those that it ends with. The frame after `n` epochs is then shown with epoch `n`, and
    /// otherwise with epoch `n - 1`.
    pub epochs_are_starts: bool,
    /// The rows whose predictions the frames have: `40 test rows`.
    pub watched_rows: String,
    /// The predictions along the way, in the order of the epochs.
    pub frames: Vec<Frame>,
    /// The number of finished epochs after which the weights were kept, if more were trained. The frames end there.
    pub kept_epoch: Option<usize>,
    /// How the predictions of the frames are drawn.
    pub picture: Picture,
    /// The confusion matrices of the trained network.
    pub confusions: Vec<Confusion>,
    /// The metrics of the trained network.
    pub metrics: Option<TextTable>,
    /// Which columns of a table matter, and how the predictions depend on them.
    pub inspection: Option<Inspection>,
    /// Other tables, such as the layers.
    pub tables: Vec<TextTable>,
}

/// The metric that a page shows beside the loss.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ShownMetric {
    /// Its name in [`Epoch::metrics`], such as `r2`.
    #[serde(skip)]
    pub name: String,
    /// Its name on the page, such as `R2`.
    pub label: String,
    /// What it means, in a sentence.
    pub meaning: String,
    /// Whether it is a fraction from 0 to 1, which the page shows in percent.
    pub is_fraction: bool,
}

/// The result of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Verdict {
    /// In a word.
    pub kind: VerdictKind,
    /// In a sentence.
    pub text: String,
}

/// The result of a run in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictKind {
    /// All epochs were done.
    #[default]
    Done,
    /// Early stopping ended the training.
    StoppedEarly,
    /// The network has learned.
    Learned,
    /// The network has learned, but its accuracy jumps up and down.
    Unsteady,
    /// The loss is still decreasing.
    Learning,
    /// The loss is high and no longer decreases.
    Stuck,
    /// The numbers became too large.
    Diverged,
    /// The training was stopped before its end.
    Interrupted,
}

impl From<End> for VerdictKind {
    fn from(end: End) -> Self {
        match end {
            End::Done => Self::Done,
            End::StoppedEarly { .. } => Self::StoppedEarly,
            End::StoppedByObserver => Self::Interrupted,
        }
    }
}

/// The predictions of a network after some epochs, and the health of its layers.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Frame {
    /// The number of finished epochs: epoch `n`, counted from 0, starts with these weights.
    pub epoch: usize,
    /// The predictions of the watched rows, row after row.
    #[serde(serialize_with = "drawn_list")]
    pub predictions: Vec<f64>,
    /// The health of the layers, from the inputs to the outputs.
    pub layers: Vec<LayerHealth>,
}

/// The health of one layer.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct LayerHealth {
    /// The share of its units that are 0 for all watched rows, if its units can die.
    #[serde(serialize_with = "drawn")]
    pub dead_units: Option<f64>,
    /// The norm of the gradients of its parameters in the last step, if it has parameters.
    #[serde(serialize_with = "drawn")]
    pub gradient_norm: Option<f64>,
}

/// How the predictions of the frames are drawn.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Picture {
    /// They are not drawn.
    #[default]
    Nothing,
    /// As a curve of one output over one input.
    Curve(Curve),
    /// As points of predicted and true values.
    Scatter(Scatter),
    /// As regions of classes in the plane.
    Regions(Regions),
}

/// One output over one input. A frame has one prediction per input.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Curve {
    /// The inputs, in ascending order.
    #[serde(serialize_with = "drawn_list")]
    pub inputs: Vec<f64>,
    /// The target of each input.
    #[serde(serialize_with = "drawn_list")]
    pub targets: Vec<f64>,
    /// The largest error with which a prediction counts as correct; 0 is the same as `None`.
    pub tolerance: Option<f64>,
}

/// Predicted against true values. A frame has one prediction per target.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Scatter {
    /// What the rows are called: `test rows`.
    pub rows: String,
    /// The names of the outputs.
    pub outputs: Vec<String>,
    /// The targets, row after row, one number per output.
    #[serde(serialize_with = "drawn_list")]
    pub targets: Vec<f64>,
}

/// Regions of classes in the plane. The predictions of a frame are the percentages of the classes in the
/// cells of a square grid, cell after cell, row by row from the lower left cell. With two classes and a
/// single output, the percentage is that of class 1.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Regions {
    /// The plane is `-edge..edge` in both directions.
    pub edge: f64,
    /// The number of cells along each side.
    pub cells: usize,
    /// The number of classes.
    pub classes: usize,
    /// Samples to draw over the regions.
    pub points: Vec<Point>,
}

/// A sample in the plane.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// The horizontal coordinate.
    #[serde(serialize_with = "drawn")]
    pub x: f64,
    /// The vertical coordinate.
    #[serde(serialize_with = "drawn")]
    pub y: f64,
    /// Its class, from 0.
    pub class: usize,
}

/// A confusion matrix.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Confusion {
    /// The rows that were classified: `test rows`.
    pub title: String,
    /// The names of the classes.
    pub classes: Vec<String>,
    /// `counts[class][predicted]`.
    pub counts: Vec<Vec<u64>>,
}
