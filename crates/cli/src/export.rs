//! `nnfs export`: a saved model for other programs.

use std::path::PathBuf;

use clap::Args;
use nnfs::datasets::{Coding, Encoder};
use nnfs::files::{AnyPipeline, FileScalar, Pipeline};
use nnfs_console::{count, warn};
use nnfs_export::ExportError;
use nnfs_tabular::Error;

use crate::options::{ModelOptions, refuse_overwrite};
use crate::predictions::{IntervalOptions, with_interval};

/// Write a saved model as an ONNX file
///
/// The file includes the scaling of inputs and targets, and fills missing numbers, which are NaN. For
/// classes it gives the label and the probabilities, and with --interval the ends of prediction intervals. It
/// does not include the encoding of words: it takes
/// one input per word, and its metadata lists them.
#[derive(Debug, Args)]
pub(crate) struct ExportOptions {
    #[command(flatten)]
    model: ModelOptions,

    /// ONNX file to write
    #[arg(long, value_name = "MODEL.ONNX")]
    onnx: PathBuf,

    #[command(flatten)]
    intervals: IntervalOptions,
}

/// # Errors
/// If the model cannot be read, or the file cannot be written;
/// [`UsageError`](nnfs_console::UsageError) if it would be written over the model.
pub(crate) fn run(options: &ExportOptions) -> anyhow::Result<()> {
    refuse_overwrite(&options.model.model, &options.onnx)?;
    let pipeline = AnyPipeline::load(&options.model.model)?;
    match &pipeline {
        AnyPipeline::F32(pipeline) => save(pipeline, options)?,
        AnyPipeline::F64(pipeline) => save(pipeline, options)?,
    }
    let contents =
        pipeline.encoder().map_or_else(String::new, |encoder| format!(": {}", inputs(encoder)));
    warn(&format!("written into {}{contents}", options.onnx.display()));
    Ok(())
}

fn save<T: FileScalar>(pipeline: &Pipeline<T>, options: &ExportOptions) -> anyhow::Result<()> {
    let Some(level) = options.intervals.interval else {
        return Ok(nnfs_export::save_onnx(pipeline, &options.onnx)?);
    };
    let saved = nnfs_export::save_onnx_with_intervals(pipeline, level, &options.onnx);
    saved.map_err(|error| match error {
        ExportError::NoIntervals => with_interval(Error::NoIntervals { task: pipeline.task() }),
        ExportError::Intervals(error) => with_interval(error.into()),
        error => error.into(),
    })
}

/// How many inputs the graph has, and which columns have to be encoded before it.
fn inputs(encoder: &Encoder) -> String {
    let columns = encoder.input_columns();
    let encoded: Vec<String> = columns
        .iter()
        .filter(|column| column.coding != Coding::Number)
        .map(|column| format!("{:?}", column.name))
        .collect();
    let to_encode = match encoded.len() {
        0 => String::new(),
        few @ 1..=8 => format!(
            "; encode {} yourself, before the graph: {}",
            count(few, "column"),
            encoded.join(", ")
        ),
        many => format!(
            "; encode {many} columns yourself, before the graph; the first is {}",
            encoded[0]
        ),
    };
    let inputs = count(encoder.input_width(), "input");
    format!("{inputs} from {}{to_encode}", count(columns.len(), "column"))
}
