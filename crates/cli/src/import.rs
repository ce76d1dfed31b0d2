//! `nnfs import`: weights that PyTorch or Keras has saved.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use nnfs::files::{
    AnyPipeline, Convention, DenseWeights, Dtype, FileScalar, Pipeline, read_weights, weights_dtype,
};
use nnfs::prelude::*;

use crate::options::keep;
use crate::train::{Activation, Task};

/// Make a model of weights that PyTorch or Keras has saved as safetensors
///
/// Of PyTorch, the state dict of a Sequential of Linear layers; of Keras 3, the variables by their path,
/// of Dense layers without names of their own. Only the numbers are in such a file, so the rest has to
/// be said; or, with --like, is that of a model that was trained on elsewhere.
#[derive(Debug, Args)]
pub(crate) struct ImportOptions {
    /// The file of weights
    #[arg(value_name = "WEIGHTS.SAFETENSORS")]
    weights: PathBuf,

    /// Which library has saved them
    ///
    /// The weights of a layer are (outputs, inputs) in PyTorch and (inputs, outputs) in Keras.
    #[arg(long, value_enum)]
    from: Library,

    /// The activation behind every layer but the last
    #[arg(long, value_enum, required_unless_present = "like")]
    activation: Option<Activation>,

    /// What the network tells; of classes, its outputs become probabilities by a softmax, or by a
    /// sigmoid if there is a single one
    #[arg(long, value_enum, required_unless_present = "like")]
    task: Option<Task>,

    /// A model of the same widths, of which all but the weights is taken
    #[arg(long, value_name = "MODEL.SAFETENSORS", conflicts_with_all = ["activation", "task"])]
    like: Option<PathBuf>,

    /// The model file to write
    #[arg(long, value_name = "MODEL.SAFETENSORS")]
    out: PathBuf,
}

/// Who has saved the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Library {
    // Not `py-torch`, as clap would have it.
    #[value(name = "pytorch")]
    PyTorch,
    Keras,
}

impl From<Library> for Convention {
    fn from(library: Library) -> Self {
        match library {
            Library::PyTorch => Self::PyTorch,
            Library::Keras => Self::Keras,
        }
    }
}

/// # Errors
/// If a file cannot be read, is not what it should be, or cannot be written;
/// [`UsageError`](crate::UsageError) if it would be written over one that is read.
pub(crate) fn run(options: &ImportOptions) -> anyhow::Result<()> {
    for input in std::iter::once(&options.weights).chain(&options.like) {
        keep(input, &options.out)?;
    }
    let file = options.weights.display().to_string();
    let bytes = std::fs::read(&options.weights).with_context(|| file.clone())?;
    let dtype = weights_dtype(&bytes).with_context(|| file.clone())?;
    let Some(like) = &options.like else {
        return match dtype {
            Dtype::F32 => make::<f32>(&bytes, options),
            Dtype::F64 => make::<f64>(&bytes, options),
        };
    };
    match AnyPipeline::load(like)? {
        AnyPipeline::F32(pipeline) => replace(pipeline, &bytes, options),
        AnyPipeline::F64(pipeline) => replace(pipeline, &bytes, options),
    }
}

/// The model of these weights.
fn make<T: FileScalar>(bytes: &[u8], options: &ImportOptions) -> anyhow::Result<()> {
    let (Some(activation), Some(task)) = (options.activation, options.task) else {
        bail!("expected --activation and --task, or --like")
    };
    let pipeline = pipeline(weights::<T>(bytes, options)?, activation, task);
    let pipeline = pipeline.with_context(|| options.weights.display().to_string())?;
    Ok(pipeline.save(&options.out)?)
}

/// A model with the weights of the file in the place of its own.
fn replace<T: FileScalar>(
    pipeline: Pipeline<T>,
    bytes: &[u8],
    options: &ImportOptions,
) -> anyhow::Result<()> {
    let pipeline = pipeline.with_weights(&weights(bytes, options)?);
    let pipeline = pipeline.with_context(|| options.weights.display().to_string())?;
    Ok(pipeline.save(&options.out)?)
}

fn weights<T: FileScalar>(
    bytes: &[u8],
    options: &ImportOptions,
) -> anyhow::Result<Vec<DenseWeights<T>>> {
    let weights = read_weights(bytes, options.from.into());
    weights.with_context(|| options.weights.display().to_string())
}

fn pipeline<T: FileScalar>(
    weights: Vec<DenseWeights<T>>,
    activation: Activation,
    task: Task,
) -> anyhow::Result<Pipeline<T>> {
    let input_width = weights.first().map_or(0, |layer| layer.weights.nrows());
    let last = weights.len().saturating_sub(1);
    let mut layers: Vec<Box<dyn Layer<T>>> = Vec::new();
    for (index, layer) in weights.into_iter().enumerate() {
        let dense = Dense::from_parameters(layer.weights, layer.biases)?;
        layers.push(Box::new(if index == last { dense } else { activation.behind(dense) }));
    }
    let model = Model::new(input_width, layers)?;
    let link = match (task, model.output_width()) {
        (Task::Regression, _) => OutputLink::Identity,
        (Task::Classification, 1) => OutputLink::Sigmoid,
        (Task::Classification, _) => OutputLink::Softmax,
    };
    Ok(Pipeline::new(model).with_link(link)?)
}
