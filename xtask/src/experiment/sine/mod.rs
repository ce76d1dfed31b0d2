//! `cargo xtask experiment sine`: the nine runs of the chapter, with the digits that the book prints.

mod options;
mod summary;

use std::cmp::Reverse;
use std::num::NonZeroUsize;
use std::time::Instant;

use nnfs_chapter::log;
use nnfs_chapter::sine::{self, Expected, Label, Passed, Run, TrainedRun};
use nnfs_console::{Folder, Interrupted, Progress, Stop, count, say, warn};

use super::workers::{all_cores, side_by_side};
use super::{ensure_none_diverged, open, watch};
pub(crate) use options::{SineOptions, epochs};

const METRICS_HEADER: &str = "run,epoch,accuracy,data_loss,regularization_loss,loss,learning_rate";

/// A run that was trained, and how long that took.
struct Timed {
    run: Run,
    trained: TrainedRun,
    seconds: f64,
}

/// Trains the chosen runs side by side, writes their files, and prints a table.
///
/// # Errors
/// [`UsageError`](nnfs_console::UsageError) before training, if the options do not go together or the
/// folder cannot be written; afterwards if `--check` finds a difference, if a run diverged or was
/// interrupted, or if a file cannot be written.
pub(crate) fn run(options: &SineOptions, stop: &Stop) -> anyhow::Result<()> {
    let chosen = options.chosen_runs()?;
    let folder = open(options.out.as_deref(), "sine")?;
    folder.write("data.svg", sine::data_svg(&sine::data()))?;

    let start = Instant::now();
    let jobs = options.jobs.map_or_else(all_cores, NonZeroUsize::get).min(chosen.len());
    let runs = count(chosen.len(), "run");
    if !options.quiet {
        warn(&format!("training {runs} of {} epochs, {jobs} at a time", options.epochs));
    }
    let finished = train_all(&chosen, options, jobs, stop, &folder)?;
    stop.ignore();
    let interrupted = interrupted(&chosen, &finished);
    write_together(options, &finished, interrupted.as_ref(), &folder)?;
    if !options.quiet {
        say(&format!("{}\n", summary::summary(&finished, options.epochs)))?;
        say(&format!(
            "{} of {} epochs in {:.1} s, {jobs} at a time (arithmetic {}, seed {})",
            count(finished.len(), "run"),
            options.epochs,
            start.elapsed().as_secs_f64(),
            options.arithmetic,
            options.seed,
        ))?;
        say(&format!("report.html, logs, pictures and metrics.csv: {folder}"))?;
    }
    if let Some(interrupted) = interrupted {
        return Err(interrupted.into());
    }
    if options.check {
        say(&check(&finished, options.epochs)?.to_string())?;
    }
    ensure_none_diverged(finished.iter().map(|run| (run.run.name(), &run.trained.training)))
}

/// Trains the runs, the long ones first, and writes the files of each as soon as it has ended.
///
/// Returns those that had started when Ctrl-C was pressed, in the order in which they were given.
fn train_all(
    runs: &[Run],
    options: &SineOptions,
    jobs: usize,
    stop: &Stop,
    folder: &Folder,
) -> anyhow::Result<Vec<Timed>> {
    let SineOptions { arithmetic, seed, epochs, quiet, animate, .. } = *options;
    let progress = Progress::new(quiet);
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by_key(|&index| Reverse(runs[index].weights()));
    let results = side_by_side(&order, jobs, |&index| {
        if stop.is_asked_for() {
            return Ok(None);
        }
        let (run, start) = (runs[index].clone(), Instant::now());
        let mut progress = progress.start(&run.name(), 0, epochs);
        let trained = sine::train(&run, arithmetic, seed, epochs, &mut watch(&mut progress, stop))?;
        progress.finish(trained.training.done(), &trained.training.verdict());
        let finished = Timed { run, trained, seconds: start.elapsed().as_secs_f64() };
        write(folder, &finished, animate)?;
        anyhow::Ok(Some((index, finished)))
    });
    let results: anyhow::Result<Vec<_>> = results.into_iter().collect();
    let mut started: Vec<_> = results?.into_iter().flatten().collect();
    started.sort_by_key(|(index, _)| *index);
    Ok(started.into_iter().map(|(_, finished)| finished).collect())
}

/// The log and the pictures of a run. The rows for comparison have none.
fn write(folder: &Folder, Timed { run, trained, .. }: &Timed, animate: bool) -> anyhow::Result<()> {
    if run.label == Label::Extra {
        return Ok(());
    }
    let (name, data) = (format!("run-{}", run.label), sine::data());
    folder.write(&format!("{name}.log"), log::text(trained.training.logged()))?;
    folder.write(&format!("{name}.svg"), sine::run_svg(run, trained, &data))?;
    if animate {
        let picture = sine::animated_svg(run, trained, &data);
        folder.write(&format!("{name}-animated.svg"), picture)?;
    }
    Ok(())
}

/// `metrics.csv`, `report.html` and `lesson.svg`.
fn write_together(
    options: &SineOptions,
    finished: &[Timed],
    interrupted: Option<&Interrupted>,
    folder: &Folder,
) -> anyhow::Result<()> {
    let in_csv = finished.iter().filter(|run| run.run.label != Label::Extra);
    let in_csv = in_csv
        .map(|run| (run.run.label.to_string(), run.trained.training.logged().collect::<Vec<_>>()));
    folder.write("metrics.csv", log::csv(METRICS_HEADER, in_csv))?;
    let SineOptions { arithmetic, seed, epochs, .. } = *options;
    let settings = sine::ReportSettings { arithmetic, seed, epochs };
    let runs = finished.iter().map(|run| (&run.run, &run.trained));
    let warning = interrupted.map(ToString::to_string);
    let report = sine::report(settings, &runs.collect::<Vec<_>>(), &sine::data(), warning);
    folder.write("report.html", nnfs_report::html(&report))?;
    match sine::lesson_svg(&report) {
        Some(svg) => folder.write("lesson.svg", svg),
        None => Ok(()),
    }
}

/// What was not done after Ctrl-C; `None` if all was done.
fn interrupted(chosen: &[Run], started: &[Timed]) -> Option<Interrupted> {
    let stopped = started.iter().filter(|run| run.trained.training.is_interrupted()).count();
    if stopped == 0 && started.len() == chosen.len() {
        return None;
    }
    Some(Interrupted(format!(
        "of {}, {} ended, {stopped} stopped early, {} did not start; the results so far are saved",
        count(chosen.len(), "run"),
        started.len() - stopped,
        chosen.len() - started.len(),
    )))
}

/// Compares the runs of the chapter with what the book expects of them.
fn check(finished: &[Timed], epochs: usize) -> anyhow::Result<Passed> {
    let mut passed = Passed::default();
    for Timed { run, trained, .. } in finished {
        if let Label::Chapter(number) = run.label {
            passed.add(&Expected::of(number), &trained.training.epochs, epochs)?;
        }
    }
    Ok(passed)
}
