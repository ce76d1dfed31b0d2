//! `nnfs export`: a saved model for other programs.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Args;
use nnfs::datasets::{Coding, Encoder};
use nnfs::files::{AnyPipeline, FileScalar, Pipeline};
use nnfs_console::{UsageError, count, say_bytes, warn};
use nnfs_export::ExportError;
use nnfs_tabular::Error;

use crate::model_file::ModelOptions;
use crate::options::{is_stdout, refuse_overwrite};
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
    /// ONNX file to write, or - for stdout
    #[arg(long, value_name = "MODEL.ONNX")]
    onnx: Option<PathBuf>,

    /// Rust source to write, or - for stdout: a function that predicts the same bits, for no_std and without other
    /// crates
    #[arg(long, value_name = "MODEL.RS", conflicts_with = "interval")]
    rust: Option<PathBuf>,
}

/// What a file holds.
#[derive(Debug, Clone, Copy)]
enum Format {
    Onnx,
    Rust,
}

impl FileOptions {
    /// The file, and what it holds.
    fn file(&self) -> Result<(&Path, Format), UsageError> {
        match (&self.onnx, &self.rust) {
            (Some(path), None) => Ok((path, Format::Onnx)),
            (None, Some(path)) => Ok((path, Format::Rust)),
            _ => Err(UsageError("expected one of --onnx and --rust".to_owned())),
        }
    }
}

impl Format {
    /// What predicts in the file.
    fn what(self) -> &'static str {
        match self {
            Self::Onnx => "the graph",
            Self::Rust => "predict",
        }
    }
}

/// # Errors
/// If the model cannot be read, or the file cannot be written; [`UsageError`] if it would be written over the model, or
/// an ONNX file to a terminal.
pub(crate) fn run(options: &ExportOptions) -> anyhow::Result<()> {
    let (path, format) = options.file.file()?;
    let to_stdout = is_stdout(path);
    if to_stdout && matches!(format, Format::Onnx) && io::stdout().is_terminal() {
        let found = "expected a file or a program that reads stdout, found a terminal";
        return Err(UsageError(format!("--onnx -: {found}")).into());
    }
    refuse_overwrite(&options.model.model, path)?;
    let pipeline = options.model.pipeline()?;
    let bytes = match &pipeline {
        AnyPipeline::F32(pipeline) => bytes(pipeline, format, options.intervals.interval)?,
        AnyPipeline::F64(pipeline) => bytes(pipeline, format, options.intervals.interval)?,
    };
    let contents = pipeline
        .encoder()
        .map_or_else(String::new, |encoder| format!(": {}", inputs(encoder, format.what())));
    if to_stdout {
        say_bytes(&bytes)?;
        warn(&format!("written to stdout{contents}"));
    } else {
        nnfs::files::write_atomically(path, &bytes)?;
        warn(&format!("written into {}{contents}", path.display()));
    }
    Ok(())
}

/// The bytes of the file.
fn bytes<T: FileScalar>(
    pipeline: &Pipeline<T>,
    format: Format,
    interval: Option<f64>,
) -> anyhow::Result<Vec<u8>> {
    let bytes = match (format, interval) {
        (Format::Rust, None) => nnfs_export::to_rust_source(pipeline).map(String::into_bytes),
        (Format::Rust, Some(_)) => {
            let error = "--interval: expected --onnx, found --rust, whose file has no intervals";
            return Err(UsageError(error.to_owned()).into());
        }
        (Format::Onnx, None) => nnfs_export::to_onnx_bytes(pipeline),
        (Format::Onnx, Some(level)) => nnfs_export::to_onnx_bytes_with_intervals(pipeline, level),
    };
    bytes.map_err(|error| match error {
        ExportError::NoIntervals => with_interval(Error::NoIntervals { task: pipeline.task() }),
        ExportError::Intervals(error) => with_interval(error.into()),
        error => error.into(),
    })
}

/// Where the encoding of columns is explained.
const RULES: &str = "see \"The inputs of a row\" in docs/interoperability.md";

/// How many inputs the graph or the function has, and which columns have to be encoded before it.
fn inputs(encoder: &Encoder, what: &str) -> String {
    let columns = encoder.input_columns();
    let encoded: Vec<String> = columns
        .iter()
        .filter(|column| column.coding != Coding::Number && column.coding.width() > 0)
        .map(|column| format!("{:?}", column.name))
        .collect();
    let to_encode = match &encoded[..] {
        [] => String::new(),
        few if few.len() <= 8 => {
            format!(
                "; encode {} yourself, before {what} ({RULES}): {}",
                count(few.len(), "column"),
                few.join(", ")
            )
        }
        [first, ..] => {
            format!(
                "; encode {} columns yourself, before {what} ({RULES}); the first is {first}",
                encoded.len()
            )
        }
    };
    let inputs = count(encoder.input_width(), "input");
    format!("{inputs} from {}{to_encode}", count(columns.len(), "column"))
}
