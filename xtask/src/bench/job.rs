//! The job that is timed: the training of the chapter, for a network of any sizes.
//!
//! Peers do the same job from the same numbers, so weights and data are formulas.

use std::fmt;
use std::str::FromStr;

use nnfs::activations::Relu;
use nnfs::layers::Dense;
use nnfs::losses::MeanSquaredError;
use nnfs::metrics::{Tolerance, accuracy_within};
use nnfs::model::Model;
use nnfs::optimizers::{Adam, LearningRate, Schedule};
use nnfs::tensor::{Dtype, Layer, Scalar, Tensor};
use nnfs_chapter::network_text;
use nnfs_console::count;

/// The widths of a network, from its inputs to its outputs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sizes(Vec<usize>);

impl Sizes {
    /// The network of the chapter.
    pub(super) fn chapter() -> Self {
        Self::hidden(64, 2)
    }

    /// One input, hidden layers of one width, one output.
    fn hidden(width: usize, layers: usize) -> Self {
        let mut widths = vec![1];
        widths.extend(std::iter::repeat_n(width, layers));
        widths.push(1);
        Self(widths)
    }

    pub(super) fn widths(&self) -> &[usize] {
        &self.0
    }

    /// Inputs and outputs of every layer.
    fn layers(&self) -> impl Iterator<Item = (usize, usize)> {
        self.0.windows(2).map(|pair| (pair[0], pair[1]))
    }
}

impl FromStr for Sizes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let width = |part: &str| match part.trim().parse() {
            Ok(0) | Err(_) => Err(format!("{part:?} is not a width of 1 or more")),
            Ok(width) => Ok(width),
        };
        let widths = text.split(',').map(width).collect::<Result<Vec<usize>, _>>()?;
        if widths.len() < 2 {
            return Err("a network has inputs and outputs: two widths or more".to_owned());
        }
        Ok(Self(widths))
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&network_text(&self.0))
    }
}

/// The networks and batches that are timed when none is asked for.
pub(super) fn table() -> Vec<(Sizes, usize)> {
    let widths = [16, 32, 64, 128, 256, 512, 1024].map(|width| (Sizes::hidden(width, 2), 1000));
    let batches = [1, 32, 128, 10_000].map(|batch| (Sizes::chapter(), batch));
    let depths = [1, 4, 8, 16].map(|layers| (Sizes::hidden(64, layers), 1000));
    widths.into_iter().chain(batches).chain(depths).collect()
}

/// A network, a batch, a kind of number, and the threads that share the work.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Job {
    pub(super) sizes: Sizes,
    pub(super) batch: usize,
    pub(super) dtype: Dtype,
    pub(super) threads: usize,
}

impl fmt::Display for Job {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sizes, batch, dtype, threads } = self;
        let threads = count(*threads, "thread");
        write!(formatter, "{sizes}, batch {batch}, {dtype}, {threads}")
    }
}

impl Job {
    /// The options that give a peer the same job.
    pub(super) fn arguments(&self) -> Vec<String> {
        let widths: Vec<String> = self.sizes.0.iter().map(ToString::to_string).collect();
        let (batch, threads) = (self.batch.to_string(), self.threads.to_string());
        let options = [
            ("--sizes", widths.join(",")),
            ("--batch", batch),
            ("--dtype", self.dtype.to_string()),
            ("--threads", threads),
        ];
        options.into_iter().flat_map(|(option, value)| [option.to_owned(), value]).collect()
    }

    /// Multiplications and additions of a step, in the products alone.
    ///
    /// A layer has three products of equal size. The first layer has two: the gradient of the data is not
    /// computed.
    pub(super) fn flop(&self) -> f64 {
        let multiply_adds: usize = self
            .sizes
            .layers()
            .enumerate()
            .map(|(index, (inputs, outputs))| inputs * outputs * if index == 0 { 2 } else { 3 })
            .sum();
        2.0 * multiply_adds as f64 * self.batch as f64
    }
}

/// A network in training.
pub(super) struct Training<T: Scalar> {
    model: Model<T>,
    inputs: Tensor<T>,
    targets: Tensor<T>,
    loss: MeanSquaredError,
    optimizer: Adam<T>,
    tolerance: Tolerance,
}

impl<T: Scalar> Training<T> {
    /// The network of a job with its first weights.
    pub(super) fn new(sizes: &Sizes, batch: usize) -> anyhow::Result<Self> {
        let mut layers: Vec<Box<dyn Layer<T>>> = Vec::new();
        let last = sizes.widths().len() - 2;
        for (index, (inputs, outputs)) in sizes.layers().enumerate() {
            let weights = Tensor::from_fn(inputs, outputs, |row, column| {
                T::from_f64(first_weight(index, inputs, row, column))
            });
            let biases = Tensor::from_element(1, outputs, T::ZERO);
            let dense = Dense::from_parameters(weights, biases)?;
            layers.push(Box::new(if index < last { dense.activation(Relu) } else { dense }));
        }
        let model = Model::from_layers(sizes.widths()[0], layers)?;

        let x = |row: usize| row as f64 / batch as f64;
        let y = |row| libm::sin(2.0 * std::f64::consts::PI * x(row));
        let inputs = Tensor::from_fn(batch, model.input_width(), |row, _| T::from_f64(x(row)));
        let targets = Tensor::from_fn(batch, model.output_width(), |row, _| T::from_f64(y(row)));
        // A single sample has no spread; any tolerance does.
        let tolerance = Tolerance::from_targets(&targets, Tolerance::CHAPTER_DIVISOR)
            .or_else(|_| Tolerance::absolute(1e-3))?;
        let rate = LearningRate::new(0.005, Schedule::InverseTime { decay: 1e-3 })?;
        let (loss, optimizer) = (MeanSquaredError, Adam::new(rate));
        Ok(Self { model, inputs, targets, loss, optimizer, tolerance })
    }

    /// The whole of a step; gives the loss before it and the accuracy.
    pub(super) fn step(&mut self) -> anyhow::Result<(f64, f64)> {
        let Self { model, inputs, targets, loss, optimizer, tolerance } = self;
        let step = model.train_step(inputs, targets, loss, optimizer)?;
        let accuracy = accuracy_within(model.outputs(), targets, *tolerance)?;
        Ok((step.data_loss, accuracy))
    }
}

/// Numbers that look random, are the same in every program, and have the spread of He's.
fn first_weight(layer: usize, inputs: usize, row: usize, column: usize) -> f64 {
    let phase = 1.0 + 12.9898 * row as f64 + 78.233 * column as f64 + 37.719 * layer as f64;
    (2.0 / inputs as f64).sqrt() * libm::sin(phase) * std::f64::consts::SQRT_2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_work_of_the_chapters_step() {
        let job = Job { sizes: Sizes::chapter(), batch: 1000, dtype: Dtype::F32, threads: 1 };
        assert_eq!(job.flop(), 2000.0 * (2.0 * 64.0 + 3.0 * 64.0 * 64.0 + 3.0 * 64.0));
    }

    #[test]
    fn the_job_learns() {
        let mut training = Training::<f64>::new(&Sizes::chapter(), 100).unwrap();
        let (first, _) = training.step().unwrap();
        let last = (0..300).map(|_| training.step().unwrap().0).last().unwrap();
        assert!(last < first / 10.0, "{first} {last}");
    }
}
