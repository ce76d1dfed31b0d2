//! `nnfs export`: a saved model for other programs.

use std::path::PathBuf;

use clap::Args;
use nnfs::files::AnyPipeline;

use crate::options::{ModelOptions, refuse_overwrite};

/// Write a saved model as an ONNX file
///
/// The file includes the scaling of inputs and targets, and fills missing numbers, which are NaN. For
/// classes it gives the label and the probabilities. It does not include the encoding of words: it takes
/// one input per word, and its metadata lists them.
#[derive(Debug, Args)]
pub(crate) struct ExportOptions {
    #[command(flatten)]
    model: ModelOptions,

    /// ONNX file to write
    #[arg(long, value_name = "MODEL.ONNX")]
    onnx: PathBuf,
}

/// # Errors
/// If the model cannot be read, or the file cannot be written;
/// [`UsageError`](nnfs_console::UsageError) if it would be written over the model.
pub(crate) fn run(options: &ExportOptions) -> anyhow::Result<()> {
    refuse_overwrite(&options.model.model, &options.onnx)?;
    match AnyPipeline::load(&options.model.model)? {
        AnyPipeline::F32(pipeline) => nnfs_export::save_onnx(&pipeline, &options.onnx)?,
        AnyPipeline::F64(pipeline) => nnfs_export::save_onnx(&pipeline, &options.onnx)?,
    }
    Ok(())
}
