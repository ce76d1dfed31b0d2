//! `nnfs import`: weights from PyTorch or Keras.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use nnfs::files::{
    AnyPipeline, Convention, DenseWeights, Dtype, FileScalar, Pipeline, read_weights_of_members,
    weights_dtype,
};
use nnfs::prelude::*;

use crate::model_file::{load, model_file};
use crate::options::refuse_overwrite;
use nnfs_tabular::{ActivationKind, with_activation};

use crate::train::{TaskOption as Task, activation};
use nnfs_console::UsageError;
use nnfs_console::{say, warn};

/// Make a model from weights that PyTorch or Keras saved as safetensors
///
/// From PyTorch, the state dict of a Sequential of Linear layers, or with --like of several Sequentials in a
/// ModuleList called `members`; from Keras 3, the variables of Dense
/// layers by their path, with default names. The file holds only the weights: give the rest as options,
/// or with --like take it from the model that was trained further elsewhere. Without --like the model
/// has no columns: it can be exported and used from Rust, but cannot predict tables.
#[derive(Debug, Args)]
pub(crate) struct ImportOptions {
    /// File with the weights
    #[arg(value_name = "WEIGHTS.SAFETENSORS")]
    weights: PathBuf,

    /// Library that saved them
    ///
    /// The weights of a layer are (outputs, inputs) in PyTorch and (inputs, outputs) in Keras.
    #[arg(long, value_enum)]
    from: Library,

    /// Activation after every layer but the last
    #[arg(long, value_name = "NAME", value_parser = activation(), required_unless_present = "like")]
    activation: Option<ActivationKind>,

    /// Slope of leaky-relu below 0, which has no default: PyTorch uses 0.01, Keras 0.2 by name and 0.3
    /// as a layer
    #[arg(long, value_name = "NUMBER", conflicts_with = "like")]
    slope: Option<f64>,

    /// What to predict: numbers or a class. For classes the outputs become probabilities by a softmax,
    /// or by a sigmoid if there is one output
    #[arg(long, value_enum, required_unless_present = "like")]
    task: Option<Task>,

    /// Model of the same widths, or its folder, from which everything but the weights is taken
    #[arg(long, value_name = "MODEL", value_parser = model_file(), conflicts_with_all = ["activation", "task"])]
    like: Option<PathBuf>,

    /// Model file to write
    #[arg(long, value_name = "MODEL.SAFETENSORS")]
    out: PathBuf,
}

/// The library that saved the weights.
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
/// [`UsageError`](nnfs_console::UsageError) if it would be written over one that is read.
pub(crate) fn run(options: &ImportOptions) -> anyhow::Result<()> {
    for input in std::iter::once(&options.weights).chain(&options.like) {
        refuse_overwrite(input, &options.out)?;
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
    match load(like)? {
        AnyPipeline::F32(pipeline) => {
            let weights = weights(&bytes, options)?;
            replace(pipeline, &weights, options)
        }
        AnyPipeline::F64(pipeline) => {
            let weights = match dtype {
                Dtype::F32 => weights::<f32>(&bytes, options)?.into_iter().map(widened).collect(),
                Dtype::F64 => weights(&bytes, options)?,
            };
            replace(pipeline, &weights, options)
        }
    }
}

/// The same numbers: other libraries compute in `f32` by default.
fn widened(layers: Vec<DenseWeights<f32>>) -> Vec<DenseWeights<f64>> {
    let widened = |DenseWeights { weights, biases, names }| DenseWeights {
        weights: weights.map(f64::from),
        biases: biases.map(f64::from),
        names,
    };
    layers.into_iter().map(widened).collect()
}

/// The model of these weights.
fn make<T: FileScalar>(bytes: &[u8], options: &ImportOptions) -> anyhow::Result<()> {
    let behind = Behind::of(options)?;
    let task = options.task.context("--task, or --like")?;
    let file = || options.weights.display().to_string();
    let weights = match <[_; 1]>::try_from(weights::<T>(bytes, options)?) {
        Ok([weights]) => weights,
        Err(members) => bail!(
            "{}: expected the weights of one network, found those of {}; see --like",
            file(),
            members.len()
        ),
    };
    let pipeline = pipeline(weights, behind, task);
    let pipeline = pipeline.with_context(file)?;
    pipeline.save(&options.out)?;
    // The activations come from the options, not from the file: the user should see them.
    say(&pipeline.ensemble().summary().to_string())
}

/// A model whose weights are replaced by those of the file.
fn replace<T: FileScalar>(
    pipeline: Pipeline<T>,
    weights: &[Vec<DenseWeights<T>>],
    options: &ImportOptions,
) -> anyhow::Result<()> {
    if pipeline.intervals().is_some() {
        warn(&format!(
            "{} has no prediction intervals: the residuals are those of the weights before",
            options.out.display()
        ));
    }
    let pipeline = pipeline.with_weights_of_members(weights);
    let pipeline = pipeline.with_context(|| options.weights.display().to_string())?;
    Ok(pipeline.save(&options.out)?)
}

/// The layers of each network of the file.
fn weights<T: FileScalar>(
    bytes: &[u8],
    options: &ImportOptions,
) -> anyhow::Result<Vec<Vec<DenseWeights<T>>>> {
    let weights = read_weights_of_members(bytes, options.from.into());
    weights.with_context(|| options.weights.display().to_string())
}

/// The activation after every layer but the last.
#[derive(Debug, Clone, Copy)]
enum Behind {
    Activation(ActivationKind),
    LeakyRelu(LeakyRelu),
}

impl Behind {
    /// # Errors
    /// [`UsageError`] if a slope is missing, not needed, or out of range.
    fn of(options: &ImportOptions) -> anyhow::Result<Self> {
        let activation = options.activation.context("--activation, or --like")?;
        match (activation, options.slope) {
            (ActivationKind::LeakyRelu, Some(slope)) => {
                let relu = LeakyRelu::new(slope).map_err(|error| UsageError(error.to_string()))?;
                Ok(Self::LeakyRelu(relu))
            }
            (ActivationKind::LeakyRelu, None) => {
                bail!(UsageError("--activation leaky-relu needs a --slope".to_owned()))
            }
            (_, Some(_)) => bail!(UsageError("--slope is for --activation leaky-relu".to_owned())),
            (activation, None) => Ok(Self::Activation(activation)),
        }
    }

    fn layer<T: Scalar>(self, dense: Dense<T>) -> Dense<T> {
        match self {
            Self::Activation(activation) => with_activation(dense, activation),
            Self::LeakyRelu(relu) => dense.activation(relu),
        }
    }

    fn is_linear(self) -> bool {
        matches!(self, Self::Activation(ActivationKind::Linear))
    }
}

/// The number of the module of a `Sequential`, of the name of its weights.
fn module(layer: &str) -> Option<usize> {
    layer.strip_suffix(".weight")?.rsplit('.').next()?.parse().ok()
}

fn pipeline<T: FileScalar>(
    weights: Vec<DenseWeights<T>>,
    behind: Behind,
    task: Task,
) -> anyhow::Result<Pipeline<T>> {
    for pair in weights.windows(2) {
        let [before, after] = [&pair[0].names[0], &pair[1].names[0]];
        let next = module(before).map(|number| number + 1);
        if !behind.is_linear() && next.is_some() && module(after) == next {
            bail!(
                "tensor {after:?}: expected a number for the activation between it and {before:?}, found none (--activation linear has none)"
            );
        }
    }
    let input_width = weights.first().map_or(0, |layer| layer.weights.nrows());
    let last = weights.len().saturating_sub(1);
    let mut layers: Vec<Box<dyn Layer<T>>> = Vec::new();
    for (index, layer) in weights.into_iter().enumerate() {
        let dense = Dense::from_parameters(layer.weights, layer.biases)?;
        layers.push(Box::new(if index == last { dense } else { behind.layer(dense) }));
    }
    let model = Model::from_layers(input_width, layers)?;
    let link = match (task, model.output_width()) {
        (Task::Regression, _) => OutputLink::Identity,
        (Task::Classification, 1) => OutputLink::Sigmoid,
        (Task::Classification, _) => OutputLink::Softmax,
    };
    Ok(Pipeline::new(model).with_link(link)?)
}
