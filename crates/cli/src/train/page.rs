//! `report.html`: the training as a page.

use std::path::Path;

use nnfs::datasets::{Encoder, Table, Target};
use nnfs::files::{FileScalar, Pipeline};
use nnfs::metrics::argmax_rows;
use nnfs::model::End;
use nnfs_report::{Confusion, Fact, RunReport, ShownMetric, TextTable, Verdict};

use super::data::Data;
use super::report::{Outcome, Report, short};
use super::watched::Watched;
use crate::output::count;
use crate::predictions::predict;

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
) -> anyhow::Result<nnfs_report::Report> {
    let name = match data.encoder.target() {
        Target::Numbers(names) => names.join(", "),
        Target::Classes { name, .. } => name.clone(),
    };
    let (frames, picture) = watched.picture(data, outcome.frames.clone())?;
    facts.push(Fact::new("time", format!("{:.2} s", outcome.seconds)));
    let run = RunReport {
        verdict: verdict(outcome, report),
        facts,
        metric: metric(outcome),
        validation_name: data.validation.as_ref().map(|_| "validation".to_owned()),
        notes: note(outcome).into_iter().collect(),
        epochs: outcome.history.epochs.clone(),
        epochs_file: Some("history.csv".to_owned()),
        watched_rows: watched.name(),
        frames,
        picture,
        confusions: confusion(data, pipeline)?.into_iter().collect(),
        metrics: Some(metrics(report)),
        tables: vec![TextTable::layers(pipeline.model().summary())],
        name: name.clone(),
        ..RunReport::default()
    };
    Ok(nnfs_report::Report {
        title: format!("Learning {name}"),
        introduction: format!("{}: {}.", file_name(data.train.source()), data.contents()),
        warnings: interrupted(outcome).into_iter().collect(),
        runs: vec![run],
        ..nnfs_report::Report::default()
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
        kind: outcome.history.end.into(),
        text: format!("On the {part} rows: {}.{early}{kept}", scores.join(", ")),
    }
}

/// The metric of every epoch.
fn metric(outcome: &Outcome) -> Option<ShownMetric> {
    let (name, _) = outcome.history.epochs.first()?.metrics.first()?;
    let (label, meaning, is_fraction) = match name.as_str() {
        "r2" => {
            ("R2", "The fraction of the targets' variance that the predictions explain.", false)
        }
        name => (name, "The fraction of rows with the right class.", true),
    };
    let (name, label, meaning) = (name.clone(), label.to_owned(), meaning.to_owned());
    Some(ShownMetric { name, label, meaning, is_fraction })
}

/// What a reader should know beforehand.
fn note(outcome: &Outcome) -> Option<String> {
    match outcome.frames.first().map(|frame| frame.epoch) {
        Some(0) => None,
        Some(first) => Some(format!(
            "The training was resumed: the pictures begin with epoch {first}, where it went on.",
        )),
        None => Some("This run had already finished, so its progress was not recorded.".to_owned()),
    }
}

fn metrics(report: &Report) -> TextTable {
    let parts = report.parts();
    let cell = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:?}"));
    let row = |(index, (metric, _)): (usize, (&str, Option<f64>))| {
        let cells = parts.iter().map(|(_, scores)| cell(scores.by_name()[index].1));
        std::iter::once(metric.to_owned()).chain(cells).collect()
    };
    let columns = parts.iter().map(|(name, _)| (*name).to_owned());
    TextTable {
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
