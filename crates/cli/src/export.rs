//! `nnfs export`: a saved model for other programs.

use std::path::PathBuf;

use clap::Args;
use nnfs::files::AnyPipeline;

use crate::options::{ModelOptions, keep};

/// Write a saved model as an ONNX file
///
/// The scaling of inputs and targets and the probabilities of classes are inside of it; columns of words
/// are not: it takes an input for each word, and its metadata says which.
#[derive(Debug, Args)]
pub(crate) struct ExportOptions {
    #[command(flatten)]
    model: ModelOptions,

    /// The ONNX file to write
    #[arg(long, value_name = "MODEL.ONNX")]
    onnx: PathBuf,
}

/// # Errors
/// If the model cannot be read, or the file cannot be written;
/// [`UsageError`](crate::UsageError) if it would be written over the model.
pub(crate) fn run(options: &ExportOptions) -> anyhow::Result<()> {
    keep(&options.model.model, &options.onnx)?;
    match AnyPipeline::load(&options.model.model)? {
        AnyPipeline::F32(pipeline) => nnfs_export::save_onnx(&pipeline, &options.onnx)?,
        AnyPipeline::F64(pipeline) => nnfs_export::save_onnx(&pipeline, &options.onnx)?,
    }
    Ok(())
}
