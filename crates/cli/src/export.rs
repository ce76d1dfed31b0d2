//! `nnfs export`: a saved model for other programs.

use std::path::PathBuf;

use clap::Args;
use nnfs::datasets::Encoder;
use nnfs::files::{AnyPipeline, Pipeline, Scaler};

use crate::options::{ModelOptions, refuse_overwrite};
use nnfs_console::warn;

/// Write a saved model as an ONNX file
///
/// The file includes the scaling of inputs and targets and the probabilities of classes. It does not
/// include the encoding of words: it takes one input per word, and its metadata lists them.
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
        AnyPipeline::F32(pipeline) => {
            nnfs_export::save_onnx(&pipeline, &options.onnx)?;
            if let Some(warning) = lost_digits(&pipeline) {
                warn(&format!("warning: {warning}"));
            }
        }
        AnyPipeline::F64(pipeline) => nnfs_export::save_onnx(&pipeline, &options.onnx)?,
    }
    Ok(())
}

/// A line on the input whose values lie farthest from 0 for their spread, if the inputs of the graph, which
/// are `f32`, round them by more than 1 in 10,000 of that spread.
fn lost_digits(pipeline: &Pipeline<f32>) -> Option<String> {
    let (sizes, spreads) = match pipeline.input_scaler()? {
        Scaler::Standard(scaler) => (scaler.means(), scaler.deviations()),
        Scaler::MinMax(scaler) => (scaler.minimums(), scaler.widths()),
    };
    let lost = sizes.iter().zip(spreads).map(|(size, spread)| {
        // Half of the last of the 24 digits.
        size.abs() / spread * f64::from(f32::EPSILON) / 2.0
    });
    let (input, lost) = lost.enumerate().max_by(|left, right| left.1.total_cmp(&right.1))?;
    if lost <= 1e-4 {
        return None;
    }
    let names = pipeline.encoder().map(Encoder::input_names);
    let name = names.map_or_else(|| format!("{input}"), |names| format!("{:?}", names[input]));
    Some(format!(
        "input {name}: its numbers lie so far from 0 that the f32 inputs of the graph round them by {lost:.0e} of their spread; a model of --dtype f64 has f64 inputs"
    ))
}
