//! `report.html`: the training as a page.

use nnfs::datasets::Target;
use nnfs::files::FileScalar;
use nnfs::model::History;
use nnfs_report::{Confusion, Fact, Frame, RunReport, ShownMetric, TextTable, Verdict, short};
use nnfs_tabular::{
    ClassScores, ClassWeights, End, Fitted, NetworkHistory, RateSchedule, Report, Score, Task,
    Training,
};

use super::inspection::Inspected;
use super::models::Models;
use super::options::TrainOptions;
use super::watched::Watched;
use crate::warnings::lines_of_page;
use nnfs_console::count;

/// The most classes of a confusion matrix: with more, no screen shows it.
const MOST_CLASSES: usize = 50;

/// What a training is going to do.
pub(crate) struct Plan {
    /// The epochs of a network.
    pub(crate) epochs: usize,
    /// The networks and linear models.
    pub(crate) models: Models,
    /// The settings.
    pub(crate) facts: Vec<Fact>,
}

impl Plan {
    /// How much of it was done: `after epoch 3 of 100`.
    pub(crate) fn done(&self, fitted: &Fitted) -> String {
        let Self { epochs, models, .. } = self;
        if models.count() == 1 {
            return format!("after epoch {} of {epochs}", fitted.report().epochs);
        }
        let all = fitted.networks();
        let is_complete = |it: &&NetworkHistory| it.history.end != End::StoppedByObserver;
        let complete = all.iter().filter(is_complete).count();
        let in_part = |it: &&NetworkHistory| !is_complete(it) && !it.history.epochs.is_empty();
        let begun = all.iter().filter(in_part).count();
        let and = if begun == 0 { String::new() } else { format!(" and {begun} in part") };
        format!("after {complete} of {} models{and}", models.count())
    }
}

/// The settings of a training, for the page.
///
/// # Errors
/// If the learning rate is out of range.
pub(crate) fn facts<T: FileScalar>(
    training: &Training<T>,
    options: &TrainOptions,
) -> anyhow::Result<Vec<Fact>> {
    let (model, rows) = (training.model(), training.parts().train().rows());
    let widths = model.summary().rows.into_iter().filter(|row| row.parameters > 0);
    let network = widths
        .fold(model.input_width().to_string(), |network, row| format!("{network}-{}", row.outputs));
    let settings = options.settings();
    let models = Models::of(training).meaning().map(|meaning| Fact::new("models", meaning));
    let schedule = match settings.rate_schedule() {
        RateSchedule::Constant => "constant",
        RateSchedule::Cosine => "cosine, which falls to 0 at the last epoch",
    };
    let mut facts: Vec<Fact> =
        std::iter::once(Fact::new("network", network)).chain(models).collect();
    facts.extend([
        Fact::new("loss", training.loss().description().kind.replace('_', " ")),
        Fact::new("optimizer", training.optimizer().description().kind),
        Fact::new("learning rate", settings.learning_rate_for(rows)?.initial().to_string()),
        Fact::new("schedule", schedule),
        Fact::new("requested epochs", training.epochs().to_string()),
        Fact::new("batch size", settings.batch_size_for(rows).to_string()),
        Fact::new("rows trained on", rows.to_string()),
        Fact::new("number type", T::DTYPE.to_string()),
        Fact::new("seed", settings.seed.to_string()),
    ]);
    if let Some(patience) = settings.patience_for(rows) {
        facts.push(Fact::new("patience", count(patience, "epoch")));
    }
    if settings.class_weights == ClassWeights::Balanced {
        facts.push(Fact::new("class weights", "balanced"));
    }
    if let Some(weight) = settings.weight {
        facts.push(Fact::new("weights of rows", weight));
    }
    Ok(facts)
}

/// The page of a training.
///
/// # Errors
/// If a row of the table is not what it should be.
pub(crate) fn page(
    fitted: &Fitted,
    watched: &Watched,
    frames: Vec<Frame>,
    plan: Plan,
    inspected: &Inspected,
) -> anyhow::Result<nnfs_report::Report> {
    let (parts, history, report) = (fitted.parts(), fitted.history(), fitted.report());
    let name = fitted.predictor().targets().join(", ");
    let of_networks = plan.done(fitted);
    let Plan { mut facts, epochs, models } = plan;
    let networks = models.count();
    let (frames, picture) = watched.picture(fitted, frames)?;
    facts.push(Fact::new("time", format!("{:.2} s", report.fit_seconds)));
    let done = format!("{} of {}", report.epochs, count(epochs, "epoch"));
    let interrupted = fitted.is_interrupted().then_some(match networks {
        1 => format!("after {done}"),
        _ => of_networks,
    });
    let run = RunReport {
        verdict: verdict(history, models, fitted.networks(), report, &done),
        facts,
        metric: metric(history),
        loss_note: Some(loss_note(fitted)),
        validation_name: parts.validation().map(|_| "validation".to_owned()),
        notes: note(&frames, networks)
            .into_iter()
            .chain(many_classes(fitted))
            .chain(first_network(models))
            .chain(ends_early(history))
            .chain(inspected.problem())
            .collect(),
        epochs: history.epochs.clone(),
        epochs_file: Some("history.csv".to_owned()),
        watched_rows: watched.name(),
        frames,
        kept_epoch: kept_epoch(history),
        picture,
        confusions: confusion(fitted)?.into_iter().collect(),
        metrics: Some(metrics(report)),
        inspection: inspected.on_page(),
        tables: classes(report)
            .into_iter()
            .chain(TextTable::layers_of_members(fitted.predictor().pipeline().summary()))
            .collect(),
        name: name.clone(),
        ..RunReport::default()
    };
    let interrupted =
        interrupted.map(|done| format!("Interrupted {done}. The training was not finished."));
    Ok(nnfs_report::Report {
        title: format!("Learning {name}"),
        introduction: format!("{}: {}.", report.file_name(), report.contents),
        warnings: interrupted.into_iter().chain(lines_of_page(fitted)).collect(),
        runs: vec![run],
        ..nnfs_report::Report::default()
    })
}

/// The number of the epoch whose weights were kept, from 1, if more were trained.
fn kept_epoch(history: &History) -> Option<usize> {
    history.restored.map(|epoch| epoch + 1).filter(|&kept| kept < history.epochs.len())
}

/// Why the frames end before the curves.
fn ends_early(history: &History) -> Option<String> {
    let (kept, trained) = (kept_epoch(history)?, history.epochs.len());
    Some(format!(
        "The predictions of epochs end with epoch {kept}, the best, whose weights are kept. {trained} epochs were \
         trained."
    ))
}

/// How the loss of the epochs differs from that of the metrics.
fn loss_note(fitted: &Fitted) -> String {
    let difference = match fitted.report().task {
        Task::Regression => "of the targets scaled to mean 0 and deviation 1",
        Task::Classification => "with the weights of the classes, if there are any",
    };
    format!(
        "The training loss is the mean over the batches of an epoch, while the weights change, \
         {difference}. So it differs from the metrics of the training rows, which belong to the weights at \
         the end."
    )
}

fn verdict(
    history: &History,
    models: Models,
    networks: &[NetworkHistory],
    report: &Report,
    done: &str,
) -> Verdict {
    let (part, scores) = match report.held_out() {
        Some((part, scores)) => (part, Some(scores)),
        None => ("training", report.train.as_ref()),
    };
    let text = |Score { name, value, .. }| Some(format!("{name} {}", short(value?)));
    let scores = scores.map_or_else(
        || "not finite".to_owned(),
        |scores| scores.all().into_iter().filter_map(text).collect::<Vec<_>>().join(", "),
    );
    let early = match history.end {
        End::StoppedEarly { .. } => {
            let has_validation = history.epochs.iter().any(|epoch| epoch.validation.is_some());
            let judged = if has_validation { "validation" } else { "training" };
            format!(" Stopped early, after {done}: the {judged} loss stopped improving.")
        }
        _ => String::new(),
    };
    if report.networks > 1 {
        // A ridge regression is solved without epochs.
        let trained = models.trained(networks);
        let solved = networks.len() - trained.count();
        let of_ridge = match solved {
            0 => String::new(),
            _ => format!(" {}.", count(solved, "ridge regression")),
        };
        return Verdict {
            kind: history.end.into(),
            text: format!(
                "On the {part} rows: {scores}. {}, each with the weights of its best epoch.{of_ridge}",
                trained.words(),
            ),
        };
    }
    let kept = history.restored.map_or_else(String::new, |epoch| {
        format!(" The weights are those of epoch {}, the best.", epoch + 1)
    });
    Verdict {
        kind: history.end.into(),
        text: format!("On the {part} rows: {scores}.{early}{kept}"),
    }
}

/// The metric of every epoch.
fn metric(history: &History) -> Option<ShownMetric> {
    let (name, _) = history.epochs.first()?.metrics.first()?;
    let (label, meaning, is_fraction) = match name.as_str() {
        "r2" => {
            ("R2", "The fraction of the targets' variance that the predictions explain.", false)
        }
        name => (name, "The fraction of rows with the right class.", true),
    };
    let (name, label, meaning) = (name.clone(), label.to_owned(), meaning.to_owned());
    Some(ShownMetric { name, label, meaning, is_fraction })
}

/// A note on what is left out for many classes.
fn many_classes(fitted: &Fitted) -> Option<String> {
    let classes = fitted.predictor().classes().len();
    (classes > MOST_CLASSES).then(|| {
        format!(
            "There are {classes} classes: the page has the scores of the {MOST_CLASSES} most frequent ones and no \
             confusion matrix. metrics.json has the scores of all."
        )
    })
}

/// Which of several models the curves and the frames show.
fn first_network(models: Models) -> Option<String> {
    (models.count() > 1).then(|| {
        format!(
            "The curves and the predictions of epochs are those of the first model; the scores are those of {} \
             together. history.csv has the epochs of all.",
            models.words()
        )
    })
}

/// What is missing from the pictures.
fn note(frames: &[Frame], networks: usize) -> Option<String> {
    match frames.first().map(|frame| frame.epoch) {
        Some(0) => None,
        Some(first) if networks > 1 => Some(format!(
            "The training was resumed: the pictures begin after epoch {first} of the first model."
        )),
        Some(first) => {
            Some(format!("The training was resumed: the pictures begin after epoch {first}."))
        }
        None => Some("This run had already finished, so its progress was not recorded.".to_owned()),
    }
}

/// The scores of each part of the rows, with those of the baseline beside them.
fn metrics(report: &Report) -> TextTable {
    let parts: Vec<_> =
        report.parts().into_iter().map(|(name, scores)| (name, scores.all())).collect();
    let cell = |value: Option<f64>| match value {
        None => "–".to_owned(),
        Some(value) => short(value),
    };
    let row = |index: usize| {
        let cells = parts.iter().flat_map(|(_, scores)| {
            let Score { value, baseline, .. } = &scores[index];
            [cell(*value), cell(*baseline)]
        });
        let name = parts[0].1[index].name.clone();
        std::iter::once(name).chain(cells).collect()
    };
    let columns =
        parts.iter().flat_map(|(name, _)| [(*name).to_owned(), format!("{name} baseline")]);
    let rows = parts.first().map_or(0, |(_, scores)| scores.len());
    TextTable {
        title: "Metrics".to_owned(),
        columns: std::iter::once("metric".to_owned()).chain(columns).collect(),
        rows: (0..rows).map(row).collect(),
    }
}

/// The scores of each class in the last part of the rows: the test rows, if there are some.
fn classes(report: &Report) -> Option<TextTable> {
    let (part, scores) = report.parts().pop()?;
    let row = |scores: &ClassScores| {
        let ClassScores { class, rows, precision, recall, f1 } = scores;
        let numbers = [*precision, *recall, *f1].map(short);
        [class.clone(), rows.to_string()].into_iter().chain(numbers).collect()
    };
    Some(TextTable {
        title: format!("Classes ({part} rows)"),
        columns: ["class", "rows", "precision", "recall", "f1"].map(str::to_owned).to_vec(),
        rows: scores.classification()?.by_rows().into_iter().take(MOST_CLASSES).map(row).collect(),
    })
}

/// The confusion matrix of the test rows; without test rows, that of the training rows, with bagging each
/// predicted by the networks that did not learn from it.
fn confusion(fitted: &Fitted) -> anyhow::Result<Option<Confusion>> {
    let (parts, encoder) = (fitted.parts(), fitted.parts().encoder());
    let Target::Classes { labels, .. } = encoder.target() else { return Ok(None) };
    if labels.len() > MOST_CLASSES {
        return Ok(None);
    }
    let (title, table, predicted) = match (parts.test(), fitted.test_predictions()) {
        (Some(test), Some(predictions)) => ("test rows", test, predictions.most_likely()),
        _ if let Some(predictions) = fitted.out_of_fold() => {
            ("out-of-fold rows", parts.train(), predictions.most_likely())
        }
        _ => {
            let train = parts.train();
            ("training rows", train, fitted.predictor().predict(train)?.most_likely())
        }
    };
    let classes = encoder.labels(table)?.unwrap_or_default();
    let mut counts = vec![vec![0; labels.len()]; labels.len()];
    for (class, predicted) in classes.into_iter().zip(predicted) {
        counts[class][predicted] += 1;
    }
    Ok(Some(Confusion { title: title.to_owned(), classes: labels.names().to_vec(), counts }))
}
