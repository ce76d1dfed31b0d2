//! `nnfs train`: from a CSV file to a folder with a model.

mod data;
mod draws;
mod history;
mod network;
mod options;
mod page;
mod progress;
mod report;
mod saves;
mod tensors;
mod training;
mod warnings;
mod watched;
mod written;

use std::fs;

use anyhow::anyhow;
use nnfs::datasets::Encoder;
use nnfs::files::{FileScalar, Pipeline};
use nnfs::model::{Divergence, End, FitError};
use nnfs::prelude::*;

use crate::folder::Folder;
use crate::options::keep;
use crate::output::{say, warn};
use crate::predictions::{self, Targets};
use crate::score::Scores;
use crate::stop::{Interrupted, Stop};
use data::Data;
use network::network;
pub(crate) use options::{Activation, Task, TrainOptions};
use options::{Dtype, LossKind};
use report::{Outcome, Report};
use tensors::Tensors;
use training::{CHECKPOINT, Training};
use warnings::warnings;
use watched::Watched;
use written::Written;

/// What is written.
const FILES: [&str; 5] =
    ["model.safetensors", "history.csv", "predictions.csv", "metrics.json", "report.html"];

/// What is written if training diverges.
const DIVERGED: &str = "diverged.safetensors";

/// Reads, trains, and writes the folder.
///
/// # Errors
/// [`UsageError`](crate::UsageError) if options do not go together; if the file, the folder or the
/// checkpoint is not what it should be; if training diverges, or is interrupted.
pub(crate) fn run(options: &TrainOptions) -> anyhow::Result<()> {
    let loss = options.loss()?;
    for name in FILES.into_iter().chain([DIVERGED, CHECKPOINT]) {
        keep(&options.data.data, &options.out.join(name))?;
    }
    let data = Data::read(options, loss)?;
    match options.network.dtype {
        Dtype::F32 => train::<f32>(options, loss, &data),
        Dtype::F64 => train::<f64>(options, loss, &data),
    }
}

fn train<T: FileScalar>(options: &TrainOptions, loss: LossKind, data: &Data) -> anyhow::Result<()> {
    let tensors = Tensors::<T>::of(data, loss)?;
    let mut model = network(tensors.widths(), options)?;
    // Listens before there is anything to lose.
    let stop = Stop::on_ctrl_c()?;
    let checkpoint = options.training.has_checkpoints().then_some(CHECKPOINT);
    let files: Vec<&str> = FILES.into_iter().chain(checkpoint).collect();
    let folder = Folder::open(&options.out, &files)?;
    let say = |text: &str| if options.quiet { Ok(()) } else { say(text) };
    say(&format!("{}\n\n{}", data.summary(), model.summary()))?;
    for warning in warnings(data, options.test_fraction) {
        warn(&format!("warning: {warning}"));
    }

    let mut training = Training::new(&model, options, loss, data, &tensors, &folder)?;
    let finished =
        if options.training.resume { training.resume(&mut model, &folder)? } else { None };
    let is_finished = finished.is_some();
    let watched = Watched::of(data, &tensors);
    let facts = training.facts(&model);
    let fitted = match finished {
        Some(outcome) => Ok(outcome),
        None => {
            let watched = watched.inputs(data)?;
            let fitted = training.run(&mut model, &tensors.train, &watched, &stop, options.quiet);
            stop.ignore();
            fitted
        }
    };
    let outcome = match fitted {
        Ok(outcome) => outcome,
        Err(error) => {
            let Some(FitError::Diverged(divergence)) = error.downcast_ref() else {
                return Err(error);
            };
            let pipeline = pipeline(model, &data.encoder, tensors, loss)?;
            return Err(diverged(divergence, &pipeline, &folder));
        }
    };

    let pipeline = pipeline(model, &data.encoder, tensors, loss)?;
    let is_there = is_finished && has_model(&folder, &pipeline)?;
    if is_there && FILES.iter().all(|name| folder.file(name).exists()) {
        warn(&format!("the training in {folder} is finished, and left as it is"));
        return Ok(());
    }
    let mut written = Written::new(&folder);
    let report = write(&mut written, &pipeline, data, options.task, &outcome);
    // A training that was over before has left nothing to watch, but perhaps its page.
    if let Some(report) = &report
        && !(is_there && folder.file("report.html").exists())
    {
        let page = page::page(data, &pipeline, &outcome, report, &watched, facts);
        written.write("report.html", page.map(|page| nnfs_report::html(&page).into_bytes()));
    }
    let can_resume = training.can_resume();
    written.keep(training.finish(&outcome.history));
    let (names, failed) = written.finish();
    let report = report.map_or_else(String::new, |report| format!("{report}\n\n"));
    say(&format!("{report}written into {folder}: {names}"))?;
    failed?;
    if outcome.history.end == End::StoppedByObserver {
        return Err(anyhow!(Interrupted {
            epoch: outcome.history.epochs.len(),
            epochs: options.training.epochs.get(),
            folder: folder.to_string(),
            hint: if can_resume { "; --resume goes on from there" } else { "" },
        }));
    }
    Ok(())
}

/// Whether the model in the folder is this one: another training may have been there since.
fn has_model<T: FileScalar>(folder: &Folder, pipeline: &Pipeline<T>) -> anyhow::Result<bool> {
    let [model, ..] = FILES.map(|name| folder.file(name));
    Ok(model.exists() && fs::read(model)? == pipeline.to_bytes()?)
}

/// Keeps the last good weights, in a file of their own: a model that was there before is better than
/// one that is about to diverge.
fn diverged<T: FileScalar>(
    divergence: &Divergence,
    pipeline: &Pipeline<T>,
    folder: &Folder,
) -> anyhow::Error {
    let file = folder.file(DIVERGED);
    let kept = match divergence.epochs.len() {
        0 => "nothing was written".to_owned(),
        epochs => match pipeline.save(&file) {
            Ok(()) => {
                format!("only {} was written, the model after epoch {epochs}", file.display())
            }
            Err(error) => error.to_string(),
        },
    };
    anyhow!("{divergence}; {kept}; a smaller --learning-rate may help")
}

/// Writes the model and its history, scores it, and writes predictions and metrics: a model that
/// cannot be scored is kept.
fn write<T: FileScalar>(
    written: &mut Written<'_>,
    pipeline: &Pipeline<T>,
    data: &Data,
    task: Task,
    outcome: &Outcome,
) -> Option<Report> {
    let [model, history, predictions, metrics, _] = FILES;
    written.write(model, pipeline.to_bytes());
    written.write(history, history::csv(&outcome.history.epochs));

    let test = data.test.as_ref();
    written.write(predictions, predictions::csv(pipeline, &data.encoder, test, Targets::Shown));
    let report = written.keep(report(pipeline, data, task, outcome))?;
    written.write(metrics, report.to_json());
    Some(report)
}

/// The scores of each part of the rows, and how the training went.
fn report<T: FileScalar>(
    pipeline: &Pipeline<T>,
    data: &Data,
    task: Task,
    outcome: &Outcome,
) -> anyhow::Result<Report> {
    let Data { encoder, train, validation, test, .. } = data;
    let scores = |table| Scores::of(pipeline, encoder, table);
    Ok(Report {
        task,
        train: scores(train)?,
        validation: validation.as_ref().map(scores).transpose()?,
        test: test.as_ref().map(scores).transpose()?,
        epochs: outcome.history.epochs.len(),
        end: outcome.history.end.into(),
        saved_epoch: outcome.saved_epoch(),
        fit_seconds: outcome.seconds,
    })
}

/// The model with all that predicting from a table takes.
fn pipeline<T: FileScalar>(
    model: Model<T>,
    encoder: &Encoder,
    tensors: Tensors<T>,
    loss: LossKind,
) -> anyhow::Result<Pipeline<T>> {
    let pipeline = Pipeline::new(model)
        .with_link(loss.build::<T>().link())?
        .with_encoder(encoder.clone())?
        .with_input_scaler(tensors.input_scaler)?;
    Ok(match tensors.target_scaler {
        Some(scaler) => pipeline.with_target_scaler(scaler)?,
        None => pipeline,
    })
}
