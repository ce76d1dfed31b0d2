//! One training: its settings, its curves, and what it predicted on the way.

use serde::Serialize;

use crate::round::{drawn, drawn_list};
use crate::{Fact, Table};

/// A training.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Run {
    /// Its name, which no other run of the report has.
    pub name: String,
    /// Network and settings.
    pub facts: Vec<Fact>,
    /// What came of it, in a word and a sentence.
    pub verdict: Verdict,
    /// What has to be known to read the rest, such as where it is thinned out.
    pub notes: Vec<String>,
    /// What its score is, if it has one.
    pub score: Option<Score>,
    /// What its validation data is, if there is any: `validation`, `test`.
    pub held_out: Option<String>,
    /// The epochs that the curves go through, in their order.
    pub epochs: Vec<Epoch>,
    /// Whether an epoch is told as it is at its end, and not as it begins: the frame after `n` epochs
    /// then belongs to epoch `n - 1`, and to epoch `n` otherwise.
    pub epochs_are_ends: bool,
    /// Which rows are watched, that is predicted at every frame: `40 test rows`.
    pub watched: String,
    /// What it predicted on the way, in the order of the epochs.
    pub frames: Vec<Frame>,
    /// What the predictions of the frames are drawn against.
    pub picture: Picture,
    /// How often which class was taken for which, once it was trained.
    pub confusions: Vec<Confusion>,
    /// How good it is.
    pub metrics: Option<Table>,
    /// Layers and whatever else comes in rows.
    pub tables: Vec<Table>,
}

/// What tells how good predictions are, beside the loss.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Score {
    /// Its name: `accuracy`, `R2`.
    pub name: String,
    /// What it means, in a sentence.
    pub means: String,
    /// Whether it is a share, from 0 to 1, and shown in percent.
    pub is_share: bool,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Verdict {
    /// In a word.
    pub outcome: Outcome,
    /// In a sentence.
    pub text: String,
}

/// What came of a run, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It ended, and nothing more is said.
    #[default]
    Done,
    /// It ended when its validation loss did not become smaller any more.
    StoppedEarly,
    /// It has learned.
    Learned,
    /// It has learned, but its accuracy jumps up and down.
    Unsteady,
    /// Its loss is still falling.
    Learning,
    /// Its loss is high and does not fall any more.
    Stuck,
    /// Its numbers became too large.
    Diverged,
    /// It was stopped before its end.
    Interrupted,
}

/// What one epoch found; every number is shown with all its digits.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Epoch {
    /// Its number.
    pub epoch: usize,
    /// The loss of the data.
    pub data_loss: f64,
    /// The penalty of the parameters.
    pub penalty: f64,
    /// The score, if it was told.
    pub score: Option<f64>,
    /// The learning rate.
    pub learning_rate: f64,
    /// The loss on data that is not trained on.
    pub held_out_loss: Option<f64>,
    /// The score on data that is not trained on.
    pub held_out_score: Option<f64>,
    /// Whether it stands in the run's log too.
    pub logged: bool,
}

/// What a network predicted after some epochs, and the health of its layers.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Frame {
    /// How many epochs of training were done: epoch `n` begins with these weights.
    pub epoch: usize,
    /// The predictions, row after row.
    #[serde(serialize_with = "drawn_list")]
    pub predictions: Vec<f64>,
    /// The layers, from the inputs to the outputs.
    pub layers: Vec<LayerHealth>,
}

/// The health of one layer.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct LayerHealth {
    /// The share of its units that are 0 for every row that is watched, if it has a ReLU.
    #[serde(serialize_with = "drawn")]
    pub dead_units: Option<f64>,
    /// The norm of the gradients of its parameters in the last step, which was one batch, if it has
    /// any.
    #[serde(serialize_with = "drawn")]
    pub gradient_norm: Option<f64>,
}

/// What the predictions of the frames are drawn against.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Picture {
    /// Nothing is drawn.
    #[default]
    Nothing,
    /// One output over one input.
    Curve(Curve),
    /// Outputs against their targets.
    Scatter(Scatter),
    /// Classes in the plane.
    Regions(Regions),
}

/// One output over one input; the predictions of a frame are one for each input.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Curve {
    /// The inputs, rising.
    #[serde(serialize_with = "drawn_list")]
    pub inputs: Vec<f64>,
    /// The target of each input.
    #[serde(serialize_with = "drawn_list")]
    pub targets: Vec<f64>,
    /// How far from its target a prediction may be to count as right.
    pub tolerance: Option<f64>,
}

/// Outputs against their targets; the predictions of a frame are one for each target.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Scatter {
    /// Which rows these are: `test rows`.
    pub rows: String,
    /// The names of the outputs.
    pub outputs: Vec<String>,
    /// The targets, row after row, a number an output.
    #[serde(serialize_with = "drawn_list")]
    pub targets: Vec<f64>,
}

/// Classes in the plane; the predictions of a frame are the percentages of the classes in the cells
/// of a square grid, cell after cell, from the lower left to the right and then upwards. Where two
/// classes share a single output, the percentage is that of class 1.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Regions {
    /// The plane goes from minus this to plus this in both directions.
    pub edge: f64,
    /// How many cells there are along each side.
    pub cells: usize,
    /// How many classes there are.
    pub classes: usize,
    /// Data to draw over the regions.
    pub points: Vec<Point>,
}

/// A sample in the plane.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// From left to right.
    #[serde(serialize_with = "drawn")]
    pub x: f64,
    /// From the bottom to the top.
    #[serde(serialize_with = "drawn")]
    pub y: f64,
    /// Its class, from 0.
    pub class: usize,
}

/// How often which class was taken for which.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Confusion {
    /// Which rows were judged.
    pub title: String,
    /// The names of the classes.
    pub classes: Vec<String>,
    /// `counts[class][predicted]`.
    pub counts: Vec<Vec<u64>>,
}
