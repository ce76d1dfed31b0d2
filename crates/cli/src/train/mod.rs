//! `nnfs train`: from a CSV file to a folder with a model.

mod choices;
mod data;
mod hint;
mod inspection;
mod largest;
mod models;
mod observer;
mod options;
mod page;
mod task;
mod values;
mod watched;
mod written;

use std::fs;

use anyhow::anyhow;
use nnfs::files::FileScalar;
use nnfs::tensor::ShapeError;
use nnfs_report::Frame;
use nnfs_tabular::{
    Beginning, Checkpointing, Diverged, Divergence, Dtype, Error, Fitted, NetworkOfFold, Report,
    Table, Training,
};
use serde::Serialize;

use crate::identity::{Identity, Saved};
use crate::model_file::{METRICS, MODEL};
use crate::options::refuse_overwrite;
use crate::predictions::warn_of_size;
use crate::warnings::warn_of_training;
pub(crate) use choices::TaskOption;
use data::Data;
use hint::hint;
use inspection::Inspected;
use models::Models;
use nnfs_console::{Folder, InUse};
use nnfs_console::{Interrupted, Stop};
use nnfs_console::{say, warn};
use observer::Observer;
pub(crate) use options::{TrainOptions, activation};
use watched::Watched;
use written::Written;

/// What is put into the folder, in this order. The model is last: it shows that the other files are of its training.
const FILES: [&str; 6] = [HISTORY, PREDICTIONS, METRICS, IMPORTANCE, PAGE, MODEL];

const HISTORY: &str = "history.csv";
const PREDICTIONS: &str = "predictions.csv";
const IMPORTANCE: &str = "importance.csv";
const PAGE: &str = "report.html";

/// What is written if training diverges.
const DIVERGED: &str = "diverged.safetensors";

/// Where the training can be resumed.
const CHECKPOINT: &str = "checkpoint.safetensors";

/// Reads, trains, and writes the folder.
///
/// # Errors
/// [`UsageError`](nnfs_console::UsageError) if options do not go together; if the file, the folder or the
/// checkpoint is not what it should be; if training diverges, or is interrupted.
pub(crate) fn run(options: &TrainOptions) -> anyhow::Result<()> {
    options.check()?;
    for name in FILES.into_iter().chain([DIVERGED, CHECKPOINT]) {
        refuse_overwrite(&options.data.data, &options.out.join(name))?;
    }
    let data = Data::read(options)?;
    match options.settings().dtype {
        Dtype::F32 => train::<f32>(options, &data),
        Dtype::F64 => train::<f64>(options, &data),
    }
}

/// Trains, and writes the results.
fn train<T: FileScalar>(options: &TrainOptions, data: &Data) -> anyhow::Result<()> {
    let training: Training<T> = data.prepare(options)?;
    // Listens before the folder is made, so that Ctrl-C always leaves it complete.
    let stop = Stop::on_ctrl_c()?;
    let checkpoints = match options.training.has_checkpoints() {
        false => Vec::new(),
        true => checkpoint_files(training.network_count()),
    };
    let files: Vec<&str> =
        FILES.into_iter().chain(checkpoints.iter().map(String::as_str)).collect();
    let folder = Folder::open(&options.out, &files).map_err(in_use)?;
    announce(&training, &folder, options)?;

    let watched = Watched::of(training.parts());
    let facts = page::facts(&training, options)?;
    let mut observer = Observer::new(&training, &watched, &stop, folder, options)?;
    let plan = page::Plan { epochs: training.epochs(), models: Models::of(&training), facts };
    let fitted = training.fit(&mut observer);
    stop.ignore();
    let (folder, frames) = observer.into_parts()?;
    match fitted {
        Err(Error::Diverged(diverged)) => Err(keep_last_good(&diverged, &folder)),
        Err(error) => Err(error.into()),
        Ok(fitted) if fitted.was_finished() && is_complete(&folder, &fitted)? => {
            warn(&format!("the training in {folder} has already finished; nothing was changed"));
            Ok(())
        }
        Ok(fitted) => write(fitted, &folder, options, data.identity(), &watched, frames, plan),
    }
}

/// The names of the checkpoints of some networks.
fn checkpoint_files(networks: usize) -> Vec<String> {
    let checkpoint = Checkpointing::new(CHECKPOINT);
    let name = |network| checkpoint.path_of_network(network).display().to_string();
    match networks {
        1 => vec![CHECKPOINT.to_owned()],
        _ => (0..networks).map(name).collect(),
    }
}

/// The error, with the option that helps if another training writes into the folder.
fn in_use(error: anyhow::Error) -> anyhow::Error {
    match error.is::<InUse>() {
        true => anyhow!("{error}; wait for it, or see --out"),
        false => error,
    }
}

/// Prints what was read, the network, the warnings, and where the training begins.
fn announce<T: FileScalar>(
    training: &Training<T>,
    folder: &Folder,
    options: &TrainOptions,
) -> anyhow::Result<()> {
    if !options.quiet {
        let contents = training.parts().contents();
        let models = Models::of(training).counted_meaning().map(|models| format!("\n\n{models}"));
        let (summary, models) = (training.model().summary(), models.unwrap_or_default());
        say(&format!("{}: {contents}\n\n{summary}{models}", contents.source))?;
    }
    warn_of_training(training.warnings(), options.quiet);
    match training.beginning() {
        Beginning::Start | Beginning::Finished => {}
        Beginning::NoCheckpoint => {
            warn(&format!("no checkpoint in {folder}: starting from the beginning"));
        }
        Beginning::Resumed { epochs } => warn(&match training.networks_with_epochs() {
            1 => format!("resuming with epoch {}", epochs + 1),
            _ => {
                let (all, models) =
                    (training.epochs_of_all(), Models::of(training).with_epochs().words());
                format!("resuming after {epochs} of {all} epochs ({models} together)")
            }
        }),
    }
    Ok(())
}

/// Whether the folder has all files of a training that had finished before.
fn is_complete(folder: &Folder, fitted: &Fitted) -> anyhow::Result<bool> {
    Ok(FILES.iter().all(|name| folder.file(name).exists()) && is_written(folder, fitted)?)
}

/// Whether the files in the folder were written by this training to the last, and by no other since:
/// the history is put there first, and the model last.
fn is_written(folder: &Folder, fitted: &Fitted) -> anyhow::Result<bool> {
    let has = |name, bytes: Vec<u8>| -> anyhow::Result<bool> {
        let file = folder.file(name);
        Ok(file.exists() && fs::read(file)? == bytes)
    };
    Ok(has(HISTORY, fitted.history_csv())?
        && has(MODEL, fitted.predictor().pipeline().to_bytes()?)?)
}

/// Writes the history, the scores, the page and the model; see [`Written`].
fn write(
    mut fitted: Fitted,
    folder: &Folder,
    options: &TrainOptions,
    identity: &Identity,
    watched: &Watched,
    frames: Result<Vec<Frame>, ShapeError>,
    plan: page::Plan,
) -> anyhow::Result<()> {
    // A training that had finished before has no frames to show, but perhaps its page.
    let has_page =
        fitted.was_finished() && folder.file(PAGE).exists() && is_written(folder, &fitted)?;
    // All is computed first, so that the files are written and replaced in a short time.
    let inspected = Inspected::of(&fitted, options.settings().seed);
    let done = plan.done(&fitted);
    let page = (!has_page).then(|| {
        let page = frames
            .map_err(Into::into)
            .and_then(|frames| page::page(&fitted, watched, frames, plan, &inspected));
        page.map(|page| nnfs_report::html(&page).into_bytes())
    });
    let layout = options.probabilities.layout();
    let tested = fitted.parts().test().map_or(0, Table::rows);
    warn_of_size(fitted.predictor(), tested, &layout, PREDICTIONS);
    let mut written = Written::new(folder, MODEL);
    // The model first, which needs its space on the disk most.
    written.write(MODEL, fitted.predictor().pipeline().to_bytes());
    written.write(HISTORY, anyhow::Ok(fitted.history_csv()));
    written.write_with(PREDICTIONS, |file| fitted.write_test_predictions(&layout, file));
    written.write(METRICS, json(&fitted, identity));
    written.write(IMPORTANCE, anyhow::Ok(inspected.csv()));
    if let Some(page) = page {
        written.write(PAGE, page);
    }
    let is_elsewhere = folder.file(CHECKPOINT) != options.out.join(CHECKPOINT);
    for problem in fitted.take_problems() {
        match problem {
            // The results are whole, in a folder that a warning has named.
            Error::Checkpoint(error) if is_elsewhere => {
                warn(&format!(
                    "warning: {error}; the results are in {folder}, without a checkpoint"
                ));
            }
            problem => {
                written.keep(Err::<(), _>(problem));
            }
        }
    }
    let (names, failed) = written.finish();
    if !options.quiet {
        let results = fitted.report().results();
        let hints = largest::note(&fitted).into_iter().chain(hint(fitted.report(), options));
        let lines = inspected.lines().into_iter().chain(hints);
        let lines: String = lines.map(|line| format!("\n{line}")).collect();
        let written = match names.as_str() {
            "" => String::new(),
            names => format!("\n\nwritten into {folder}: {names}"),
        };
        say(&format!("{results}{lines}{written}"))?;
    }
    failed?;
    if fitted.is_interrupted() {
        let hint = if fitted.can_resume() { "; continue with --resume" } else { "" };
        return Err(anyhow!(Interrupted(format!(
            "{done}; the results so far are in {folder}{hint}"
        ))));
    }
    Ok(())
}

/// `metrics.json`.
fn json(fitted: &Fitted, identity: &Identity) -> anyhow::Result<Vec<u8>> {
    #[derive(Serialize)]
    struct Metrics<'a> {
        #[serde(flatten)]
        report: &'a Report,
        #[serde(flatten)]
        identity: Saved,
    }
    let metrics = Metrics { report: fitted.report(), identity: identity.saved() };
    let mut bytes = serde_json::to_vec_pretty(&metrics)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Writes the last good weights into a separate file: an older model in the folder is better than one
/// that is about to diverge.
fn keep_last_good(diverged: &Diverged, folder: &Folder) -> anyhow::Error {
    let Diverged { network, divergence, last_good } = diverged;
    let file = folder.file(DIVERGED);
    let kept = match last_good.as_ref().map(|model| model.save(&file)) {
        None => "nothing was written".to_owned(),
        Some(Ok(())) => format!(
            "{} has the model at the end of epoch {}",
            file.display(),
            divergence.epochs.len(),
        ),
        Some(Err(error)) => error.to_string(),
    };
    let network = network.map_or_else(String::new, |NetworkOfFold { network, is_linear, fold }| {
        let kind = if is_linear { "a linear model " } else { "" };
        format!("network {} ({kind}without the rows of fold {}): ", network + 1, fold + 1)
    });
    anyhow!("{network}{}; {kept}; a smaller --learning-rate may help", place(divergence))
}

/// Where a training diverged. Messages count epochs and batches from 1, and layers from 0 as the page.
fn place(divergence: &Divergence) -> String {
    let Divergence { epoch, batch, layer, description, quantity, data_loss, .. } = divergence;
    format!(
        "training diverged in epoch {}, batch {}: {quantity} layer {layer} ({description}; layers \
         count from 0) became infinite or NaN, loss of the data {data_loss}",
        epoch + 1,
        batch + 1,
    )
}
