//! The file of a saved model.

use std::path::{Path, PathBuf};

use anyhow::ensure;
use clap::Args;
use clap::builder::{PathBufValueParser, TypedValueParser};
use nnfs::files::AnyPipeline;
use nnfs_tabular::Predictor;

/// The name of the model in the folder of a training.
pub(crate) const MODEL: &str = "model.safetensors";

/// The name of the scores in that folder.
pub(crate) const METRICS: &str = "metrics.json";

/// A saved model.
#[derive(Debug, Args)]
pub(crate) struct ModelOptions {
    /// A model file, or the folder of a training
    #[arg(value_name = "MODEL", value_parser = model_file())]
    pub(crate) model: PathBuf,
}

impl ModelOptions {
    /// The model, with its layers, columns and scalers.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn pipeline(&self) -> anyhow::Result<AnyPipeline> {
        load(&self.model)
    }

    /// The model, which predicts the rows of tables.
    ///
    /// # Errors
    /// If it cannot be read, or was not trained on a table.
    pub(crate) fn predictor(&self) -> anyhow::Result<Predictor> {
        check(&self.model)?;
        Ok(Predictor::load(&self.model)?)
    }
}

/// A parser of a model file: of a folder, the model in it.
pub(crate) fn model_file() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().map(|path| if path.is_dir() { path.join(MODEL) } else { path })
}

/// The model in a file.
///
/// # Errors
/// If it cannot be read.
pub(crate) fn load(file: &Path) -> anyhow::Result<AnyPipeline> {
    check(file)?;
    Ok(AnyPipeline::load(file)?)
}

/// Checks that there is a file.
fn check(file: &Path) -> anyhow::Result<()> {
    // Other problems are reported when it is read.
    let is_missing = matches!(file.try_exists(), Ok(false));
    let folder = file.parent().filter(|folder| file.ends_with(MODEL) && folder.is_dir());
    if let Some(folder) = folder.filter(|_| is_missing) {
        let folder = folder.display();
        anyhow::bail!(
            "{folder}: expected a folder with {MODEL}, found a folder without it; nnfs train DATA.CSV --target COLUMN \
             --out \"{folder}\" writes it at its end"
        );
    }
    ensure!(
        !is_missing,
        "{}: expected a model file or the folder of a training, found nothing with this name; give the folder that nnfs \
         train wrote (its --out, by default `model`)",
        file.display()
    );
    Ok(())
}
