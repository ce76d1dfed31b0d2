//! `cargo xtask experiment sine`: the chapter's nine runs, with the digits that the book prints.

mod book;
mod check;
mod choices;
mod network;
mod options;
mod pictures;
mod runs;
mod summary;
mod train;

use std::num::NonZeroUsize;
use std::time::Instant;

use super::folder::Folder;
use super::progress::Progress;
use super::record;
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
/// folder cannot be written; afterwards if `--check` finds a difference, if a run diverged, or if
/// a file cannot be written.
pub(crate) fn run(options: &SineOptions) -> anyhow::Result<()> {
    let runs = options.chosen_runs()?;
    let folder = Folder::open(options.out.as_deref(), "sine")?;
    let data = network::data();
    folder.write("data.svg", &pictures::data_svg(&data)?)?;

    let start = Instant::now();
    let jobs = options.jobs.map_or_else(all_cores, NonZeroUsize::get).min(runs.len());
    let outcomes =
        train_all(&runs, options, jobs, |run, outcome| write(&folder, run, outcome, &data))?;
    let in_csv = runs.iter().zip(&outcomes).filter(|(run, _)| run.label != Label::Extra);
    let in_csv =
        in_csv.map(|(run, outcome)| (run.label.to_string(), outcome.history.records.as_slice()));
    folder.write("metrics.csv", &record::metrics(METRICS_HEADER, in_csv))?;

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
        println!("logs, pictures and metrics.csv: {folder}");
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
/// The outcomes are in the order of the runs.
fn train_all(
    runs: &[Run],
    options: &SineOptions,
    jobs: usize,
    done: impl Fn(&Run, &Outcome) -> anyhow::Result<()> + Sync,
) -> anyhow::Result<Vec<Outcome>> {
    let SineOptions { arithmetic, seed, epochs, quiet, .. } = *options;
    let progress = Progress::new(quiet);
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(runs[index].weights()));
    let outcomes = side_by_side(&order, jobs, |&index| {
        let run = &runs[index];
        let outcome = train(run, arithmetic, seed, epochs, &progress)?;
        done(run, &outcome)?;
        Ok(outcome)
    });
    let mut outcomes: Vec<_> = order.into_iter().zip(outcomes).collect();
    outcomes.sort_by_key(|(index, _)| *index);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

/// The log and the picture of a run; the rows for comparison have none.
fn write(folder: &Folder, run: &Run, outcome: &Outcome, data: &Data<f64>) -> anyhow::Result<()> {
    if run.label == Label::Extra {
        return Ok(());
    }
    let name = format!("run-{}", run.label);
    folder.write(&format!("{name}.log"), &record::log(&outcome.history.records))?;
    folder.write(&format!("{name}.svg"), &pictures::run_svg(run, outcome, data)?)
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
