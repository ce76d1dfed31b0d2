//! `cargo xtask experiment spiral`: classification, with new samples to test on.

mod options;

use std::cmp::Reverse;
use std::time::Instant;

use nnfs::tensor::{Dtype, Scalar};
use nnfs_chapter::Trained;
use nnfs_chapter::log::{self, short, test_accuracy};
use nnfs_chapter::spiral::{self, Classes};
use nnfs_console::Alignment::{Left, Right};
use nnfs_console::{Folder, Interrupted, Progress, Stop, count, say, table, warn};
use nnfs_report::RunReport;

use super::workers::{all_cores, side_by_side};
use super::{ensure_none_diverged, open, watch};
pub(crate) use options::SpiralOptions;

const METRICS_HEADER: &str = "classes,epoch,accuracy,data_loss,regularization_loss,loss,\
                              learning_rate,test_accuracy,test_loss";

/// Trains the classifiers side by side, writes their files, and prints their results on new samples.
///
/// # Errors
/// [`UsageError`](nnfs_console::UsageError) before training, if the folder cannot be written;
/// afterwards if a classifier diverged or was interrupted, or a file cannot be written.
pub(crate) fn run(options: &SpiralOptions, stop: &Stop) -> anyhow::Result<()> {
    let folder = open(options.out.as_deref(), "spiral")?;
    let mut classes = options.classes();
    // The long one first.
    classes.sort_by_key(|&classes| Reverse(classes));
    let start = Instant::now();
    if !options.quiet {
        let classifiers = count(classes.len(), "classifier");
        warn(&format!("training {classifiers} for {} epochs", options.epochs));
    }
    let progress = Progress::new(options.quiet);
    let finished = side_by_side(&classes, all_cores(), |&classes| match options.arithmetic {
        Dtype::F32 => train::<f32>(classes, options, &folder, stop, &progress),
        Dtype::F64 => train::<f64>(classes, options, &folder, stop, &progress),
    });
    stop.ignore();
    let mut finished = finished.into_iter().collect::<anyhow::Result<Vec<Classifier>>>()?;
    finished.sort_by_key(|classifier| classifier.classes);

    let rows = finished.iter().map(|Classifier { classes, trained, .. }| {
        (classes.to_string(), trained.logged().collect::<Vec<_>>())
    });
    folder.write("metrics.csv", log::csv(METRICS_HEADER, rows))?;
    let interrupted = interrupted(&finished);
    let warning = interrupted.as_ref().map(ToString::to_string);
    let runs = finished.iter().map(|classifier| classifier.report.clone()).collect();
    let SpiralOptions { arithmetic: dtype, seed, epochs, .. } = *options;
    let settings = spiral::ReportSettings { dtype, seed, epochs };
    let report = spiral::report(settings, runs, warning);
    folder.write("report.html", nnfs_report::html(&report))?;
    if !options.quiet {
        say(&format!("{}\n", summary(&finished)))?;
        let seconds = start.elapsed().as_secs_f64();
        say(&format!("{epochs} epochs in {seconds:.1} s (arithmetic {dtype}, seed {seed})"))?;
        say(&format!("report.html, logs, pictures and metrics.csv: {folder}"))?;
    }
    if let Some(interrupted) = interrupted {
        return Err(interrupted.into());
    }
    let name = |classifier: &Classifier| format!("{} classes", classifier.classes);
    ensure_none_diverged(finished.iter().map(|classifier| (name(classifier), &classifier.trained)))
}

/// What was not done after Ctrl-C; `None` if all was done.
fn interrupted(finished: &[Classifier]) -> Option<Interrupted> {
    let stopped: Vec<String> = finished
        .iter()
        .filter(|classifier| classifier.trained.is_interrupted())
        .map(|Classifier { classes, trained, .. }| {
            format!("{classes} classes, {}", trained.verdict())
        })
        .collect();
    let text = format!("{}; the results so far are saved", stopped.join("; "));
    (!stopped.is_empty()).then_some(Interrupted(text))
}

/// A classifier that was trained.
struct Classifier {
    classes: Classes,
    /// The widths of the network, as a word.
    network: String,
    /// The number of training samples.
    samples: usize,
    trained: Trained,
    report: RunReport,
    seconds: f64,
}

/// Trains one classifier, and writes its log and its picture.
fn train<T: Scalar>(
    classes: Classes,
    options: &SpiralOptions,
    folder: &Folder,
    stop: &Stop,
    progress: &Progress,
) -> anyhow::Result<Classifier> {
    let start = Instant::now();
    let mut training = spiral::training::<T>(classes, options.seed);
    let network = spiral::network(&training.model);
    let mut progress = progress.start(&format!("{classes} classes"), 0, options.epochs);
    let trained = training.run(options.epochs, &mut watch(&mut progress, stop));
    progress.finish(trained.done(), &trained.verdict());

    let name = format!("classes-{classes}");
    folder.write(&format!("{name}.log"), log::text(trained.logged()))?;
    let title = format!("A spiral of {classes} classes, {network}");
    let subtitle = match trained.test() {
        Some(test) => format!("{}, test accuracy {:.3}", trained.verdict(), test_accuracy(test)),
        None => trained.verdict(),
    };
    folder.write(&format!("{name}.svg"), spiral::classes_svg(&training, title, subtitle)?)?;
    let report = spiral::run_report(classes, &training, &trained);
    let (samples, seconds) = (training.data.inputs.nrows(), start.elapsed().as_secs_f64());
    Ok(Classifier { classes, network, samples, trained, report, seconds })
}

/// The table at the end: one row for each classifier, with the results of its last epoch.
fn summary(finished: &[Classifier]) -> String {
    let columns = [
        ("classes", Right),
        ("network", Left),
        ("samples", Right),
        ("accuracy", Right),
        ("loss", Right),
        ("test accuracy", Right),
        ("test loss", Right),
        ("seconds", Right),
    ];
    let rows = finished.iter().map(|classifier| {
        let Classifier { classes, network, samples, trained, seconds, .. } = classifier;
        let [accuracy, loss] = trained.cells();
        let test = trained.test();
        let [test_accuracy, test_loss] = test.map_or(["-".to_owned(), "-".to_owned()], |test| {
            [format!("{:.3}", test_accuracy(test)), short(test.loss)]
        });
        vec![
            classes.to_string(),
            network.clone(),
            samples.to_string(),
            accuracy,
            loss,
            test_accuracy,
            test_loss,
            format!("{seconds:.1}"),
        ]
    });
    table(&columns, &rows.collect::<Vec<_>>())
}
