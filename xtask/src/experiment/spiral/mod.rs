//! `cargo xtask experiment spiral`: classification end to end, with fresh data to test on.

mod options;
mod picture;
mod plane;
mod report;
mod setups;

use std::time::Instant;

use nnfs_model::Model;
use nnfs_report::{Fact, RunReport};
use nnfs_tensor::{Optimizer, Scalar};

use super::folder::Folder;
use super::progress::Progress;
use super::raster::Raster;
use super::record::{self, short};
use super::stop::{Interrupted, Stop};
use super::training::{History, Training, ensure_all_ended};
use super::workers::{all_cores, side_by_side};
use crate::table::table;
use options::Arithmetic;
pub(crate) use options::SpiralOptions;
use picture::classes_svg;

const METRICS_HEADER: &str = "classes,epoch,accuracy,data_loss,regularization_loss,loss,\
                              learning_rate,test_accuracy,test_loss";

/// Trains the classifiers side by side, writes their files, and says how they do on fresh data.
///
/// # Errors
/// [`UsageError`](crate::UsageError) before training, if the folder cannot be written; afterwards
/// if a classifier diverged or was interrupted, or a file cannot be written.
pub(crate) fn run(options: &SpiralOptions, stop: &Stop) -> anyhow::Result<()> {
    let folder = Folder::open(options.out.as_deref(), "spiral")?;
    // The long one first.
    let classes = options.classes.map_or(vec![3, 2], |classes| vec![classes]);
    let progress = Progress::new(options.quiet);
    let start = Instant::now();
    let outcomes = side_by_side(&classes, all_cores(), |&classes| match options.arithmetic {
        Arithmetic::F32 => train::<f32>(classes, options, &folder, stop, &progress),
        Arithmetic::F64 => train::<f64>(classes, options, &folder, stop, &progress),
    });
    stop.ignore();
    let mut outcomes = outcomes.into_iter().collect::<anyhow::Result<Vec<Outcome>>>()?;
    outcomes.sort_by_key(|outcome| outcome.classes);

    let rows = outcomes
        .iter()
        .map(|Outcome { classes, history, .. }| (classes.to_string(), history.records.as_slice()));
    folder.write("metrics.csv", record::metrics(METRICS_HEADER, rows))?;
    let interrupted = interrupted(&outcomes);
    let warning = interrupted.as_ref().map(ToString::to_string);
    let runs = outcomes.iter().map(|outcome| outcome.shown.clone()).collect();
    let report = report::report(options, runs, warning);
    folder.write("report.html", nnfs_report::html(&report))?;
    if !options.quiet {
        println!("{}\n", summary(&outcomes));
        println!(
            "{} epochs in {:.1} s (arithmetic {}, seed {})",
            options.epochs,
            start.elapsed().as_secs_f64(),
            options.arithmetic,
            options.seed,
        );
        println!("report.html, logs, pictures and metrics.csv: {folder}");
    }
    if let Some(interrupted) = interrupted {
        return Err(interrupted.into());
    }
    let name = |outcome: &Outcome| format!("{} classes", outcome.classes);
    ensure_all_ended(outcomes.iter().map(|outcome| (name(outcome), &outcome.history)))
}

/// What was not done, if something was not.
fn interrupted(outcomes: &[Outcome]) -> Option<Interrupted> {
    let stopped: Vec<String> = outcomes
        .iter()
        .filter(|outcome| outcome.history.interrupted)
        .map(|outcome| format!("{} classes, {}", outcome.classes, outcome.history.verdict()))
        .collect();
    let text = format!("{}; what was done is written", stopped.join("; "));
    (!stopped.is_empty()).then_some(Interrupted(text))
}

/// What came of a classifier.
struct Outcome {
    classes: u8,
    /// The widths of the network, as a word.
    network: String,
    /// How many samples it was trained on.
    samples: usize,
    history: History,
    /// As the report shows it.
    shown: RunReport,
}

/// Trains one classifier and writes its log and its picture.
fn train<T: Scalar>(
    classes: u8,
    options: &SpiralOptions,
    folder: &Folder,
    stop: &Stop,
    progress: &Progress,
) -> anyhow::Result<Outcome> {
    let mut training: Training<T> = setups::training(classes, options.seed)?;
    let (network, samples) = (network(&training.model), training.data.inputs.nrows());
    let display = progress.start(format!("{classes} classes"), options.epochs);
    let history = training.run(options.epochs, stop, display);

    let name = format!("classes-{classes}");
    folder.write(&format!("{name}.log"), record::log(&history.records))?;
    let title = format!("A spiral of {classes} classes, {network}");
    let subtitle = match history.test_score() {
        Some(test) => format!("{}, test accuracy {:.3}", history.verdict(), test.accuracy),
        None => history.verdict(),
    };
    let svg = classes_svg(&training, title, subtitle)?;
    folder.write(&format!("{name}.png"), Raster::new().png(&svg)?)?;
    folder.write(&format!("{name}.svg"), svg)?;
    let facts = vec![
        Fact::new("network", network.as_str()),
        Fact::new("samples", samples.to_string()),
        Fact::new("loss", training.loss.description().kind.replace('_', " ")),
        Fact::new("optimizer", optimizer(&*training.optimizer)),
    ];
    let shown = report::shown(&training, &history, facts);
    Ok(Outcome { classes, network, samples, history, shown })
}

/// Kind and learning rate: `adam 0.05, decay 0.00005`.
fn optimizer<T: Scalar>(optimizer: &dyn Optimizer<T>) -> String {
    let description = optimizer.description();
    let rate = description.nested("learning_rate");
    let number = |name| rate.and_then(|rate| rate.number(name)).unwrap_or_default();
    format!("{} {}, decay {}", description.kind, number("initial"), number("decay"))
}

/// `2-64-3`, for the layers that change the width.
fn network<T: Scalar>(model: &Model<T>) -> String {
    let mut widths = vec![model.input_width()];
    for row in model.summary().rows {
        if row.parameters > 0 {
            widths.push(row.outputs);
        }
    }
    widths.iter().map(usize::to_string).collect::<Vec<_>>().join("-")
}

/// The table at the end: a row a classifier, judged by its last epoch.
fn summary(outcomes: &[Outcome]) -> String {
    let columns = [
        ("classes", true),
        ("network", false),
        ("samples", true),
        ("accuracy", true),
        ("loss", true),
        ("test accuracy", true),
        ("test loss", true),
        ("seconds", true),
    ];
    let rows = outcomes.iter().map(|outcome| {
        let Outcome { classes, network, samples, history, .. } = outcome;
        let [accuracy, loss] = history.cells();
        let test = history.test_score();
        let [test_accuracy, test_loss] = test.map_or(["-".to_owned(), "-".to_owned()], |test| {
            [format!("{:.3}", test.accuracy), short(test.loss)]
        });
        vec![
            classes.to_string(),
            network.clone(),
            samples.to_string(),
            accuracy,
            loss,
            test_accuracy,
            test_loss,
            format!("{:.1}", history.seconds),
        ]
    });
    table(&columns, rows.collect())
}
