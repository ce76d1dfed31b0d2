//! `cargo xtask experiment sine`: the chapter's nine runs, with the digits that the book prints.

mod book;
mod check;
mod choices;
mod lesson;
mod network;
mod options;
mod overview;
mod pictures;
mod report;
mod runs;
mod summary;
mod train;

use std::num::NonZeroUsize;
use std::time::Instant;

use super::folder::Folder;
use super::progress::Progress;
use super::raster::Raster;
use super::record;
use super::stop::{Interrupted, Stop};
use super::training::{Data, ensure_all_ended};
use super::workers::{all_cores, side_by_side};
use book::Expected;
use check::Passed;
pub(crate) use options::SineOptions;
use runs::{Label, Run};
use train::{Outcome, train};

const METRICS_HEADER: &str = "run,epoch,accuracy,data_loss,regularization_loss,loss,learning_rate";

/// Trains the chosen runs side by side, writes their files, and says what came of them.
///
/// # Errors
/// [`UsageError`](crate::UsageError) before training, if the options do not go together or the
/// folder cannot be written; afterwards if `--check` finds a difference, if a run diverged, if it was
/// interrupted, or if a file cannot be written.
pub(crate) fn run(options: &SineOptions, stop: &Stop) -> anyhow::Result<()> {
    let chosen = options.chosen_runs()?;
    let folder = Folder::open(options.out.as_deref(), "sine")?;
    let data = network::data();
    folder.write("data.svg", pictures::data_svg(&data)?)?;

    let start = Instant::now();
    let jobs = options.jobs.map_or_else(all_cores, NonZeroUsize::get).min(chosen.len());
    let raster = Raster::new();
    let done = |run: &Run, outcome: &Outcome| {
        write(&folder, run, outcome, &data, &raster)?;
        if options.animate && run.label != Label::Extra {
            let gif = pictures::run_gif(run, outcome, &data, &raster)?;
            folder.write(&format!("run-{}.gif", run.label), gif)?;
        }
        Ok(())
    };
    let (runs, outcomes) = train_all(&chosen, options, jobs, stop, done)?;
    stop.ignore();
    let in_csv = runs.iter().zip(&outcomes).filter(|(run, _)| run.label != Label::Extra);
    let in_csv =
        in_csv.map(|(run, outcome)| (run.label.to_string(), outcome.history.records.as_slice()));
    folder.write("metrics.csv", record::metrics(METRICS_HEADER, in_csv))?;
    let interrupted = interrupted(&chosen, &runs, &outcomes);
    let warning = interrupted.as_ref().map(ToString::to_string);
    let report = report::report(options, &runs, &outcomes, &data, warning);
    folder.write("report.html", nnfs_report::html(&report))?;
    if let Some(svg) = overview::lesson_svg(&report)? {
        folder.write("lesson.png", raster.png(&svg)?)?;
        folder.write("lesson.svg", svg)?;
    }

    if !options.quiet {
        println!("{}\n", summary::summary(&runs, &outcomes, options.epochs));
        println!(
            "{} of {} epochs in {:.1} s, {jobs} at a time (arithmetic {}, seed {})",
            runs::count(runs.len()),
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
    if options.check {
        println!("{}", check(&runs, &outcomes, options.epochs)?);
    }
    ensure_all_ended(
        runs.iter().zip(&outcomes).map(|(run, outcome)| (run.name(), &outcome.history)),
    )
}

/// Trains the runs, the long ones first, and hands each to `done` when it has ended.
///
/// Those that had begun when it was time to stop come back with what came of them, in the order in
/// which they were given.
fn train_all(
    runs: &[Run],
    options: &SineOptions,
    jobs: usize,
    stop: &Stop,
    done: impl Fn(&Run, &Outcome) -> anyhow::Result<()> + Sync,
) -> anyhow::Result<(Vec<Run>, Vec<Outcome>)> {
    let SineOptions { arithmetic, seed, epochs, quiet, .. } = *options;
    let progress = Progress::new(quiet);
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(runs[index].weights()));
    let outcomes = side_by_side(&order, jobs, |&index| {
        if stop.is_asked_for() {
            return Ok(None);
        }
        let run = &runs[index];
        let outcome = train(run, arithmetic, seed, epochs, stop, &progress)?;
        done(run, &outcome)?;
        Ok(Some((index, outcome)))
    });
    let outcomes: anyhow::Result<Vec<_>> = outcomes.into_iter().collect();
    let mut begun: Vec<_> = outcomes?.into_iter().flatten().collect();
    begun.sort_by_key(|(index, _)| *index);
    Ok(begun.into_iter().map(|(index, outcome)| (runs[index].clone(), outcome)).unzip())
}

/// What was not done, if something was not.
fn interrupted(chosen: &[Run], begun: &[Run], outcomes: &[Outcome]) -> Option<Interrupted> {
    let stopped = outcomes.iter().filter(|outcome| outcome.history.interrupted).count();
    if stopped == 0 && begun.len() == chosen.len() {
        return None;
    }
    Some(Interrupted(format!(
        "of {}, {} ended, {stopped} stopped on the way, {} did not begin; what was done is written",
        runs::count(chosen.len()),
        begun.len() - stopped,
        chosen.len() - begun.len(),
    )))
}

/// The log and the picture of a run; the rows for comparison have none.
fn write(
    folder: &Folder,
    run: &Run,
    outcome: &Outcome,
    data: &Data<f64>,
    raster: &Raster,
) -> anyhow::Result<()> {
    if run.label == Label::Extra {
        return Ok(());
    }
    let name = format!("run-{}", run.label);
    folder.write(&format!("{name}.log"), record::log(&outcome.history.records))?;
    let svg = pictures::run_svg(run, outcome, data)?;
    folder.write(&format!("{name}.png"), raster.png(&svg)?)?;
    folder.write(&format!("{name}.svg"), svg)
}

/// Compares the chapter's runs with what is expected of them.
fn check(runs: &[Run], outcomes: &[Outcome], epochs: u64) -> anyhow::Result<Passed> {
    let mut passed = Passed::default();
    for (run, outcome) in runs.iter().zip(outcomes) {
        if let Label::Chapter(number) = run.label {
            passed.add(&Expected::of(number), &outcome.history.records, epochs)?;
        }
    }
    Ok(passed)
}
