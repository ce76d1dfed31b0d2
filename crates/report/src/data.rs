//! The data of a run as the page reads it.

use std::collections::HashSet;

use nnfs_model::Epoch;
use serde::{Serialize, Serializer};

use crate::run::{Confusion, Frame, Picture, RunReport, ShownMetric, Verdict};
use crate::{Fact, Inspection, TextTable};

/// A run with more epochs is thinned.
const MOST_EPOCHS: usize = 2000;

/// About how many epochs of it remain.
const REMAINING_EPOCHS: usize = 1000;

/// A run, with a part of its epochs if there are too many for a chart.
#[derive(Serialize)]
struct RunData<'a> {
    name: &'a str,
    facts: &'a [Fact],
    verdict: &'a Verdict,
    notes: Vec<String>,
    metric: &'a Option<ShownMetric>,
    loss_note: &'a Option<String>,
    validation_name: &'a Option<String>,
    epochs: Vec<EpochData>,
    epochs_are_starts: bool,
    epochs_file: &'a Option<String>,
    watched_rows: &'a str,
    frames: &'a [Frame],
    kept_epoch: Option<usize>,
    picture: &'a Picture,
    confusions: &'a [Confusion],
    metrics: &'a Option<TextTable>,
    inspection: &'a Option<Inspection>,
    tables: &'a [TextTable],
}

/// The results of an epoch, with all digits.
#[derive(Serialize)]
struct EpochData {
    epoch: usize,
    data_loss: f64,
    penalty: f64,
    metric: Option<f64>,
    learning_rate: f64,
    validation_loss: Option<f64>,
    validation_metric: Option<f64>,
    is_listed: bool,
}

impl Serialize for RunReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RunData::of(self).serialize(serializer)
    }
}

impl<'a> RunData<'a> {
    fn of(run: &'a RunReport) -> Self {
        let mut notes = run.notes.clone();
        let data = |epoch| EpochData::of(epoch, run);
        let epochs = if run.epochs.len() <= MOST_EPOCHS {
            run.epochs.iter().map(data).collect()
        } else {
            let step = run.epochs.len().div_ceil(REMAINING_EPOCHS);
            notes.push(thinning_note(run, step));
            remaining(run, step).map(data).collect()
        };
        Self {
            name: &run.name,
            facts: &run.facts,
            verdict: &run.verdict,
            notes,
            metric: &run.metric,
            loss_note: &run.loss_note,
            validation_name: &run.validation_name,
            epochs,
            epochs_are_starts: run.epochs_are_starts,
            epochs_file: &run.epochs_file,
            watched_rows: &run.watched_rows,
            frames: &run.frames,
            kept_epoch: run.kept_epoch,
            picture: &run.picture,
            confusions: &run.confusions,
            metrics: &run.metrics,
            inspection: &run.inspection,
            tables: &run.tables,
        }
    }
}

impl EpochData {
    fn of(epoch: &Epoch, run: &RunReport) -> Self {
        let name = run.metric.as_ref().map(|metric| metric.name.as_str());
        let validation = epoch.validation.as_ref();
        Self {
            epoch: epoch.epoch,
            data_loss: epoch.data_loss,
            penalty: epoch.penalty,
            metric: name.and_then(|name| epoch.metric(name)),
            learning_rate: epoch.learning_rate,
            validation_loss: validation.map(|validation| validation.loss),
            validation_metric: name.zip(validation).and_then(|(name, found)| found.metric(name)),
            is_listed: epoch.epoch.is_multiple_of(run.list_every.max(1)),
        }
    }
}

fn thinning_note(run: &RunReport, step: usize) -> String {
    let file = run.epochs_file.as_ref();
    let file = file.map_or_else(String::new, |file| format!(" {file} has all of them."));
    format!(
        "The curves and the table of epochs show one in {step} of {} epochs, and also the epochs of \
         the pictures, the one with the lowest loss and the last one.{file}",
        run.epochs.len(),
    )
}

/// Every `step`th epoch, those of the frames, the one with the lowest loss, and the last one.
fn remaining(run: &RunReport, step: usize) -> impl Iterator<Item = &Epoch> {
    let offset = usize::from(!run.epochs_are_starts);
    let framed: HashSet<usize> =
        run.frames.iter().filter_map(|frame| frame.epoch.checked_sub(offset)).collect();
    let loss = |epoch: &Epoch| epoch.validation.as_ref().map_or(epoch.loss(), |found| found.loss);
    let finite = run.epochs.iter().enumerate().filter(|(_, epoch)| loss(epoch).is_finite());
    let lowest = finite.min_by(|(_, left), (_, right)| loss(left).total_cmp(&loss(right)));
    let (lowest, last) = (lowest.map(|(index, _)| index), run.epochs.len() - 1);
    let kept = move |(index, epoch): &(usize, &Epoch)| {
        index % step == 0
            || *index == last
            || Some(*index) == lowest
            || framed.contains(&epoch.epoch)
    };
    run.epochs.iter().enumerate().filter(kept).map(|(_, epoch)| epoch)
}
