//! The job that is timed: training steps of a network of any sizes.

use std::fmt;
use std::str::FromStr;

use nnfs::activations::ActivationKind;
use nnfs::tensor::Dtype;
use nnfs_chapter::network_text;
use nnfs_console::count;
use serde_json::json;

/// The widths of a network, from its inputs to its outputs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sizes(Vec<usize>);

impl Sizes {
    /// The network of the chapter.
    pub(super) fn chapter() -> Self {
        Self::hidden(1, 64, 2)
    }

    /// Hidden layers of one width, and one output.
    pub(super) fn hidden(inputs: usize, width: usize, layers: usize) -> Self {
        let mut widths = vec![inputs];
        widths.extend(std::iter::repeat_n(width, layers));
        widths.push(1);
        Self(widths)
    }

    pub(super) fn widths(&self) -> &[usize] {
        &self.0
    }

    /// Inputs and outputs of the network.
    pub(super) fn ends(&self) -> (usize, usize) {
        (self.0[0], self.0[self.0.len() - 1])
    }

    /// Inputs and outputs of every layer.
    pub(super) fn layers(&self) -> impl Iterator<Item = (usize, usize)> {
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

/// The samples that a network learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inputs {
    /// The chapter's: all inputs of a sample are equal, and the samples are sorted.
    Sine,
    /// Independent uniform numbers.
    Random,
    /// The entries of a 2x2 matrix, to learn those of its exponential.
    MatrixExponential,
}

impl Inputs {
    /// The kinds that fit a network of any sizes.
    pub(super) const ALL: [Self; 2] = [Self::Sine, Self::Random];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sine => "sine",
            Self::Random => "random",
            Self::MatrixExponential => "matrix-exponential",
        }
    }

    /// The network that is timed if no sizes are given.
    pub(super) fn default_sizes(self) -> Sizes {
        match self {
            Self::Sine => Sizes::chapter(),
            Self::Random => Sizes::hidden(32, 64, 2),
            Self::MatrixExponential => Sizes(vec![4, 32, 16, 4]),
        }
    }
}

impl FromStr for Inputs {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|inputs| inputs.name() == text);
        found.ok_or_else(|| format!("no inputs have the name {text:?}"))
    }
}

/// A network, its samples, a kind of number, and the threads that share the work.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Job {
    pub(super) sizes: Sizes,
    /// Of the hidden layers; the last layer is linear.
    pub(super) activation: ActivationKind,
    pub(super) inputs: Inputs,
    pub(super) batch: usize,
    pub(super) dtype: Dtype,
    pub(super) threads: usize,
}

/// The jobs that are timed when none is asked for, on one thread in single precision: dense ones with
/// random inputs, then those of the chapter.
pub(super) fn table() -> Vec<Job> {
    use ActivationKind::{Relu, Sigmoid, Tanh};
    let job = |inputs, activation, sizes, batch| Job {
        sizes,
        activation,
        inputs,
        batch,
        dtype: Dtype::F32,
        threads: 1,
    };
    let dense = [(64, 1000), (64, 32), (256, 1000), (256, 256), (512, 1000)];
    let dense = [Relu, Tanh, Sigmoid].into_iter().flat_map(|activation| {
        let kept =
            dense.into_iter().filter(move |(width, _)| activation != Sigmoid || *width == 64);
        kept.map(move |(width, batch)| (activation, Sizes::hidden(32, width, 2), batch))
    });
    let batches = [1, 32, 1000, 10_000].map(|batch| (Sizes::chapter(), batch));
    let others = [Sizes::hidden(1, 256, 2), Sizes::hidden(1, 512, 2), Sizes::hidden(1, 64, 4)];
    let chapter = batches.into_iter().chain(others.map(|sizes| (sizes, 1000)));
    dense
        .map(|(activation, sizes, batch)| job(Inputs::Random, activation, sizes, batch))
        .chain(chapter.map(|(sizes, batch)| job(Inputs::Sine, Relu, sizes, batch)))
        .collect()
}

impl fmt::Display for Job {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sizes, activation, inputs, batch, dtype, threads } = self;
        let (inputs, threads) = (inputs.name(), count(*threads, "thread"));
        write!(
            formatter,
            "{sizes} {activation}, {inputs} inputs, batch {batch}, {dtype}, {threads}"
        )
    }
}

impl Job {
    /// The options that give a peer the same job.
    pub(super) fn arguments(&self) -> Vec<String> {
        let widths: Vec<String> = self.sizes.0.iter().map(ToString::to_string).collect();
        let (batch, threads) = (self.batch.to_string(), self.threads.to_string());
        let options = [
            ("--sizes", widths.join(",")),
            ("--activation", self.activation.to_string()),
            ("--inputs", self.inputs.name().to_owned()),
            ("--batch", batch),
            ("--dtype", self.dtype.to_string()),
            ("--threads", threads),
        ];
        options.into_iter().flat_map(|(option, value)| [option.to_owned(), value]).collect()
    }

    pub(super) fn to_json(&self) -> serde_json::Value {
        let Self { sizes, activation, inputs, batch, dtype, threads } = self;
        json!({
            "sizes": sizes.widths(),
            "activation": activation.name(),
            "inputs": inputs.name(),
            "batch": batch,
            "dtype": dtype.to_string(),
            "threads": threads,
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_work_of_the_chapters_step() {
        let job = table().into_iter().find(|job| job.inputs == Inputs::Sine).unwrap();
        let job = Job { batch: 1000, ..job };
        assert_eq!(job.flop(), 2000.0 * (2.0 * 64.0 + 3.0 * 64.0 * 64.0 + 3.0 * 64.0));
    }

    #[test]
    fn a_peer_gets_the_whole_job() {
        let job = &table()[1];
        assert_eq!(job.to_string(), "32-64-64-1 relu, random inputs, batch 32, f32, 1 thread");
        assert_eq!(
            job.arguments().join(" "),
            "--sizes 32,64,64,1 --activation relu --inputs random --batch 32 --dtype f32 --threads 1"
        );
    }
}
