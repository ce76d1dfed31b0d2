//! `nnfs export`: a saved model for other programs.

use std::path::{Path, PathBuf};

use clap::Args;
use nnfs::datasets::{Coding, Encoder};
use nnfs::files::{AnyPipeline, FileScalar, Pipeline};
use nnfs_console::{count, warn};
use nnfs_export::ExportError;
use nnfs_tabular::Error;

use crate::model_file::ModelOptions;
use crate::options::refuse_overwrite;
use crate::predictions::{IntervalOptions, with_interval};

/// Write a saved model as an ONNX file or as Rust source
///
/// The file includes the scaling of inputs and targets, and fills missing numbers, which are NaN. For
/// classes the ONNX file gives the label and the probabilities, and the Rust source the probabilities. With
/// --interval the ONNX file gives the ends of prediction intervals. Neither file includes the encoding of words: it
/// takes one input per word, and lists their names.
#[derive(Debug, Args)]
pub(crate) struct ExportOptions {
    #[command(flatten)]
    model: ModelOptions,

    #[command(flatten)]
    file: FileOptions,

    #[command(flatten)]
    intervals: IntervalOptions,
}

/// The file to write: one of them.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct FileOptions {
    /// ONNX file to write
    #[arg(long, value_name = "MODEL.ONNX")]
    onnx: Option<PathBuf>,

    /// Rust source to write: a function that predicts the same bits, for no_std and without other crates
    #[arg(long, value_name = "MODEL.RS", conflicts_with = "interval")]
    rust: Option<PathBuf>,
}

/// A file to write.
#[derive(Debug, Clone, Copy)]
enum Target<'a> {
    Onnx(&'a Path),
    Rust(&'a Path),
}

impl FileOptions {
    fn target(&self) -> Target<'_> {
        match (&self.onnx, &self.rust) {
            (Some(path), _) => Target::Onnx(path),
            (None, path) => Target::Rust(path.as_ref().expect("clap requires one of them")),
        }
    }
}

impl<'a> Target<'a> {
    fn path(self) -> &'a Path {
        match self {
            Self::Onnx(path) | Self::Rust(path) => path,
        }
    }

    /// What predicts in the file.
    fn what(self) -> &'static str {
        match self {
            Self::Onnx(_) => "the graph",
            Self::Rust(_) => "predict",
        }
    }
}

/// # Errors
/// If the model cannot be read, or the file cannot be written;
/// [`UsageError`](nnfs_console::UsageError) if it would be written over the model.
pub(crate) fn run(options: &ExportOptions) -> anyhow::Result<()> {
    let target = options.file.target();
    refuse_overwrite(&options.model.model, target.path())?;
    let pipeline = options.model.pipeline()?;
    match &pipeline {
        AnyPipeline::F32(pipeline) => save(pipeline, target, options.intervals.interval)?,
        AnyPipeline::F64(pipeline) => save(pipeline, target, options.intervals.interval)?,
    }
    let contents = pipeline
        .encoder()
        .map_or_else(String::new, |encoder| format!(": {}", inputs(encoder, target.what())));
    warn(&format!("written into {}{contents}", target.path().display()));
    Ok(())
}

fn save<T: FileScalar>(
    pipeline: &Pipeline<T>,
    target: Target<'_>,
    interval: Option<f64>,
) -> anyhow::Result<()> {
    let saved = match (target, interval) {
        (Target::Rust(path), _) => nnfs_export::save_rust(pipeline, path),
        (Target::Onnx(path), None) => nnfs_export::save_onnx(pipeline, path),
        (Target::Onnx(path), Some(level)) => {
            nnfs_export::save_onnx_with_intervals(pipeline, level, path)
        }
    };
    saved.map_err(|error| match error {
        ExportError::NoIntervals => with_interval(Error::NoIntervals { task: pipeline.task() }),
        ExportError::Intervals(error) => with_interval(error.into()),
        error => error.into(),
    })
}

/// How many inputs the graph or the function has, and which columns have to be encoded before it.
fn inputs(encoder: &Encoder, what: &str) -> String {
    let columns = encoder.input_columns();
    let encoded: Vec<String> = columns
        .iter()
        .filter(|column| column.coding != Coding::Number)
        .map(|column| format!("{:?}", column.name))
        .collect();
    let to_encode = match encoded.len() {
        0 => String::new(),
        few @ 1..=8 => format!(
            "; encode {} yourself, before {what}: {}",
            count(few, "column"),
            encoded.join(", ")
        ),
        many => {
            format!("; encode {many} columns yourself, before {what}; the first is {}", encoded[0])
        }
    };
    let inputs = count(encoder.input_width(), "input");
    format!("{inputs} from {}{to_encode}", count(columns.len(), "column"))
}
