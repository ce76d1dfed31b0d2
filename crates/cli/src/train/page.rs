//! `report.html`: the training as a page.

use std::collections::HashSet;
use std::path::Path;

use nnfs::datasets::{Encoder, Table, Target};
use nnfs::files::{FileScalar, Pipeline};
use nnfs::metrics::argmax_rows;
use nnfs::model::End;
use nnfs_report::{self as page, Confusion, Fact, Run, Score, Verdict};

use super::data::Data;
use super::report::{Outcome, Report, short};
use super::watched::Watched;
use crate::output::count;
use crate::predictions::predict;

/// More epochs than a chart can show are thinned out to about so many.
const MOST_EPOCHS: usize = 1000;

/// The page of a training.
///
/// # Errors
/// If a row of the table is not what it should be.
pub(crate) fn page<T: FileScalar>(
    data: &Data,
    pipeline: &Pipeline<T>,
    outcome: &Outcome,
    report: &Report,
    watched: &Watched,
    mut facts: Vec<Fact>,
) -> anyhow::Result<page::Report> {
    let name = match data.encoder.target() {
        Target::Numbers(names) => names.join(", "),
        Target::Classes { name, .. } => name.clone(),
    };
    let (frames, picture) = watched.picture(data, outcome.frames.clone())?;
    facts.push(Fact::new("time", format!("{:.2} s", outcome.seconds)));
    let step = outcome.history.epochs.len().div_ceil(MOST_EPOCHS).max(1);
    let run = Run {
        verdict: verdict(outcome, report),
        facts,
        score: score(outcome),
        held_out: data.validation.as_ref().map(|_| "validation".to_owned()),
        notes: notes(outcome, step),
        epochs: epochs(outcome, step),
        epochs_are_ends: true,
        watched: watched.name(),
        frames,
        picture,
        confusions: confusion(data, pipeline)?.into_iter().collect(),
        metrics: Some(metrics(report)),
        tables: vec![page::Table::layers(pipeline.model().summary())],
        name: name.clone(),
    };
    Ok(page::Report {
        title: format!("Learning {name}"),
        introduction: format!("{}: {}.", file_name(data.train.source()), data.contents()),
        warnings: interrupted(outcome).into_iter().collect(),
        runs: vec![run],
        ..page::Report::default()
    })
}

/// Without its folder, which is nobody else's business.
fn file_name(source: &str) -> String {
    let name = Path::new(source).file_name().unwrap_or(source.as_ref());
    name.to_string_lossy().into_owned()
}

/// `12 of 60 epochs`.
fn done(outcome: &Outcome) -> String {
    let Outcome { history, asked, .. } = outcome;
    format!("{} of {}", history.epochs.len(), count(*asked, "epoch"))
}

fn interrupted(outcome: &Outcome) -> Option<String> {
    let text = format!("Interrupted after {}: this is what was done until then.", done(outcome));
    (outcome.history.end == End::StoppedByObserver).then_some(text)
}

fn verdict(outcome: &Outcome, report: &Report) -> Verdict {
    let (part, scores) = match (report.test, report.validation) {
        (Some(scores), _) => ("test", scores),
        (None, Some(scores)) => ("validation", scores),
        (None, None) => ("training", report.train),
    };
    let scores = scores.by_name().into_iter();
    let scores: Vec<String> =
        scores.filter_map(|(name, value)| Some(format!("{name} {}", short(value?)))).collect();
    let early = match outcome.history.end {
        End::StoppedEarly { .. } => format!(
            " Stopped early, after {}: the validation loss did not become smaller any more.",
            done(outcome),
        ),
        _ => String::new(),
    };
    let kept = outcome.history.restored.map_or_else(String::new, |epoch| {
        format!(" The weights are those of epoch {}, the best.", epoch + 1)
    });
    Verdict {
        outcome: match outcome.history.end {
            End::StoppedByObserver => page::Outcome::Interrupted,
            End::StoppedEarly { .. } => page::Outcome::StoppedEarly,
            End::Done => page::Outcome::Done,
        },
        text: format!("On the {part} rows: {}.{early}{kept}", scores.join(", ")),
    }
}

/// What the metric of every epoch is.
fn score(outcome: &Outcome) -> Option<Score> {
    let (name, _) = outcome.history.epochs.first()?.metrics.first()?;
    Some(match name.as_str() {
        "r2" => Score {
            name: "R2".to_owned(),
            means: "The share of the targets' variance that is explained.".to_owned(),
            is_share: false,
        },
        name => Score {
            name: name.to_owned(),
            means: "The share of rows that are put into their class.".to_owned(),
            is_share: true,
        },
    })
}

/// What has to be known to read the page.
fn notes(outcome: &Outcome, step: usize) -> Vec<String> {
    let mut notes = Vec::new();
    match outcome.frames.first().map(|frame| frame.epoch) {
        Some(0) => {}
        Some(first) => notes
            .push(format!("The training was resumed: the pictures begin after epoch {first}.",)),
        None => notes.push(
            "The training was over when this was made: there are no pictures of its way."
                .to_owned(),
        ),
    }
    if step > 1 {
        notes.push(format!(
            "Of {} epochs one in {step} is shown, with those of the pictures, the one whose weights \
             were kept, and the last; history.csv has all.",
            outcome.history.epochs.len(),
        ));
    }
    notes
}

/// Rows of history.csv, numbered as there: every so many, and those that the page speaks of.
fn epochs(outcome: &Outcome, step: usize) -> Vec<page::Epoch> {
    let found = &outcome.history.epochs;
    let mut wanted: HashSet<usize> = (0..found.len()).step_by(step).collect();
    // A frame after `n` epochs is of the end of epoch `n - 1`.
    wanted.extend(outcome.frames.iter().filter_map(|frame| frame.epoch.checked_sub(1)));
    wanted.extend([outcome.saved_epoch(), found.len() - 1]);
    let shown = found.iter().filter(|epoch| wanted.contains(&epoch.epoch));
    let first = |metrics: &[(String, f64)]| metrics.first().map(|&(_, value)| value);
    let epoch = |found: &nnfs::model::Epoch| page::Epoch {
        epoch: found.epoch,
        data_loss: found.data_loss,
        penalty: found.penalty,
        score: first(&found.metrics),
        learning_rate: found.learning_rate,
        held_out_loss: found.validation.as_ref().map(|validation| validation.loss),
        held_out_score: found.validation.as_ref().and_then(|found| first(&found.metrics)),
        logged: true,
    };
    shown.map(epoch).collect()
}

fn metrics(report: &Report) -> page::Table {
    let parts = report.parts();
    let cell = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:?}"));
    let row = |(index, (metric, _)): (usize, (&str, Option<f64>))| {
        let cells = parts.iter().map(|(_, scores)| cell(scores.by_name()[index].1));
        std::iter::once(metric.to_owned()).chain(cells).collect()
    };
    let columns = parts.iter().map(|(name, _)| (*name).to_owned());
    page::Table {
        title: "Metrics".to_owned(),
        columns: std::iter::once("metric".to_owned()).chain(columns).collect(),
        rows: report.train.by_name().into_iter().enumerate().map(row).collect(),
    }
}

/// Of the test rows, or where there are none of the training rows.
fn confusion<T: FileScalar>(
    data: &Data,
    pipeline: &Pipeline<T>,
) -> anyhow::Result<Option<Confusion>> {
    let Target::Classes { labels, .. } = data.encoder.target() else { return Ok(None) };
    let (title, table) = match &data.test {
        Some(test) => ("test rows", test),
        None => ("training rows", &data.train),
    };
    let mut counts = vec![vec![0; labels.len()]; labels.len()];
    for (class, predicted) in classes(&data.encoder, pipeline, table)? {
        counts[class][predicted] += 1;
    }
    Ok(Some(Confusion { title: title.to_owned(), classes: labels.names().to_vec(), counts }))
}

/// The class of each row, and that which is predicted.
fn classes<T: FileScalar>(
    encoder: &Encoder,
    pipeline: &Pipeline<T>,
    table: &Table,
) -> anyhow::Result<Vec<(usize, usize)>> {
    let classes = encoder.labels(table)?.unwrap_or_default();
    let probabilities = pipeline.class_probabilities(&predict(pipeline, table)?)?;
    Ok(classes.into_iter().zip(argmax_rows(&probabilities)).collect())
}
