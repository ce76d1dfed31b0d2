//! Experiments: what `nnfs-chapter` trains, with options, progress and files around it.
//!
//! `sine` is the chapter, `spiral` its classification.

mod sine;
mod spiral;
mod workers;

use std::path::Path;

use anyhow::ensure;
use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use nnfs::model::{Control, Epoch};
use nnfs_chapter::Trained;
use nnfs_chapter::log::{accuracy, is_logged, short};
use nnfs_console::{Folder, RunProgress, Stop, UsageError};

use crate::workspace::workspace;

/// The experiments; their options describe them.
#[derive(Debug, Subcommand)]
pub(crate) enum Experiment {
    Sine(sine::SineOptions),
    Spiral(spiral::SpiralOptions),
}

impl Experiment {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        // Before a folder is made: whoever sees it can press Ctrl-C.
        let stop = Stop::on_ctrl_c()?;
        match self {
            Self::Sine(options) => sine::run(options, &stop),
            Self::Spiral(options) => spiral::run(options, &stop),
        }
    }
}

/// The folder that was asked for, or else `target/experiments/{default}` of the workspace.
fn open(chosen: Option<&Path>, default: &str) -> Result<Folder, UsageError> {
    let default = workspace().join("target").join("experiments").join(default);
    let folder = Folder::open(chosen.unwrap_or(&default), &[]);
    folder.map_err(|error| UsageError(format!("{error:#}")))
}

/// Shows the progress of a training, and asks it to stop after Ctrl-C.
fn watch(progress: &mut RunProgress, stop: &Stop) -> impl FnMut(&Epoch) -> Control {
    move |epoch| {
        if is_logged(epoch.epoch) {
            progress.update(epoch.epoch, || {
                format!("acc {:.3}, loss {}", accuracy(epoch), short(epoch.loss()))
            });
        }
        if stop.is_asked_for() { Control::Stop } else { Control::Continue }
    }
}

/// Passes if no training diverged; the error names those that did.
fn ensure_none_diverged<'a>(
    trained: impl Iterator<Item = (String, &'a Trained)>,
) -> anyhow::Result<()> {
    let diverged: Vec<String> = trained
        .filter_map(|(name, trained)| Some(format!("{name}: {}", trained.end.as_ref().err()?)))
        .collect();
    ensure!(diverged.is_empty(), "{}", diverged.join("; "));
    Ok(())
}

/// Reads one of these names, and lists them in the help.
pub(crate) fn one_of<T: std::str::FromStr<Err: std::fmt::Debug> + Clone + Send + Sync + 'static>(
    names: impl IntoIterator<Item = &'static str>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(names).map(|name| name.parse().expect("one of the names"))
}
