//! A network in training: the model, the data, the loss and the optimizer of a job.
//!
//! Peers do the same job from the same numbers, so weights and data are formulas.

use std::hint::black_box;

use nnfs::activations::ActivationKind;
use nnfs::layers::Dense;
use nnfs::losses::MeanSquaredError;
use nnfs::metrics::{Tolerance, accuracy_within};
use nnfs::model::Model;
use nnfs::optimizers::{Adam, LearningRate, Schedule};
use nnfs::tensor::{Layer, Scalar, Tensor};

use super::job::{Inputs, Job, Sizes};
use super::numbers;

/// A network in training.
pub(super) struct Training<T: Scalar> {
    model: Model<T>,
    inputs: Tensor<T>,
    targets: Tensor<T>,
    loss: MeanSquaredError,
    optimizer: Adam<T>,
    /// For the accuracy, which is a part of the chapter's step only.
    tolerance: Option<Tolerance>,
}

impl<T: Scalar> Training<T> {
    /// The network of a job with its initial weights.
    pub(super) fn new(job: &Job) -> anyhow::Result<Self> {
        let Job { sizes, activation, .. } = job;
        let spread = match (job.inputs, activation) {
            (Inputs::Sine, ActivationKind::Relu) => Spread::He,
            _ => Spread::Glorot,
        };
        let model = network(sizes, *activation, spread)?;
        let (inputs, targets) = match job.inputs {
            Inputs::Sine => numbers::sine(job.batch, sizes.ends()),
            Inputs::Random => numbers::random(job.batch, sizes.ends()),
            Inputs::MatrixExponential => numbers::matrix_exponentials(job.batch),
        };
        let tolerance = match job.inputs {
            // A single sample has no spread; any tolerance does.
            Inputs::Sine => Some(
                Tolerance::from_targets(&targets, Tolerance::CHAPTER_DIVISOR)
                    .or_else(|_| Tolerance::absolute(1e-3))?,
            ),
            Inputs::Random | Inputs::MatrixExponential => None,
        };
        let rate = match job.inputs {
            Inputs::Sine => LearningRate::new(0.005, Schedule::InverseTime { decay: 1e-3 })?,
            Inputs::Random => LearningRate::new(0.001, Schedule::InverseTime { decay: 1e-3 })?,
            Inputs::MatrixExponential => LearningRate::new(0.001, Schedule::Constant)?,
        };
        let (loss, optimizer) = (MeanSquaredError, Adam::new(rate));
        Ok(Self { model, inputs, targets, loss, optimizer, tolerance })
    }

    /// The whole of a step; returns the loss before it.
    pub(super) fn step(&mut self) -> anyhow::Result<f64> {
        let Self { model, inputs, targets, loss, optimizer, tolerance } = self;
        let step = model.train_step(inputs, targets, loss, optimizer)?;
        if let Some(tolerance) = *tolerance {
            black_box(accuracy_within(model.outputs(), targets, tolerance)?);
        }
        Ok(step.data_loss)
    }
}

/// The spread of the initial weights of a layer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Spread {
    /// The variance `2 / inputs` (He et al. 2015).
    He,
    /// The limit of the uniform numbers of Glorot and Bengio (2010).
    Glorot,
}

impl Spread {
    /// Numbers that look random, are the same in every program, and lie in [-limit, limit].
    ///
    /// ```text
    /// w_ij = limit sin(1 + 12.9898 i + 78.233 j + 37.719 layer)
    ///
    /// limit = sqrt(2 / inputs) sqrt(2)          He
    /// limit = sqrt(6 / (inputs + outputs))      Glorot
    /// ```
    fn weight(
        self,
        layer: usize,
        (inputs, outputs): (usize, usize),
        (i, j): (usize, usize),
    ) -> f64 {
        let phase = 1.0 + 12.9898 * i as f64 + 78.233 * j as f64 + 37.719 * layer as f64;
        match self {
            Self::He => (2.0 / inputs as f64).sqrt() * libm::sin(phase) * std::f64::consts::SQRT_2,
            Self::Glorot => (6.0 / (inputs + outputs) as f64).sqrt() * libm::sin(phase),
        }
    }
}

/// A network with its initial weights and biases of 0; the last layer is linear.
pub(super) fn network<T: Scalar>(
    sizes: &Sizes,
    activation: ActivationKind,
    spread: Spread,
) -> anyhow::Result<Model<T>> {
    let mut layers: Vec<Box<dyn Layer<T>>> = Vec::new();
    let last = sizes.widths().len() - 2;
    for (index, (inputs, outputs)) in sizes.layers().enumerate() {
        let weights = Tensor::from_fn(inputs, outputs, |i, j| {
            T::from_f64(spread.weight(index, (inputs, outputs), (i, j)))
        });
        let biases = Tensor::from_element(1, outputs, T::ZERO);
        let dense = Dense::from_parameters(weights, biases)?;
        let is_hidden = index < last && activation != ActivationKind::Linear;
        layers.push(Box::new(if is_hidden {
            dense.activation(activation.build::<T>())
        } else {
            dense
        }));
    }
    Ok(Model::from_layers(sizes.widths()[0], layers)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nnfs::tensor::Dtype;

    /// The losses of the first step and of the last.
    fn losses(job: &Job, steps: usize) -> (f64, f64) {
        let mut training = Training::<f64>::new(job).unwrap();
        let first = training.step().unwrap();
        (first, (1..steps).map(|_| training.step().unwrap()).last().unwrap())
    }

    #[test]
    fn every_job_learns() {
        let job = |sizes: &str, activation, inputs| Job {
            sizes: sizes.parse().unwrap(),
            activation,
            inputs,
            batch: 100,
            dtype: Dtype::F64,
            threads: 1,
        };
        let (first, last) = losses(&job("1,64,64,1", ActivationKind::Relu, Inputs::Sine), 300);
        assert!(last < first / 10.0, "{first} {last}");
        for activation in ActivationKind::ALL {
            let (first, last) = losses(&job("4,16,16,1", activation, Inputs::Random), 300);
            assert!(last < first * 0.9, "{activation}: {first} {last}");
        }
        let exponential = job("4,32,16,4", ActivationKind::Tanh, Inputs::MatrixExponential);
        let (first, last) = losses(&exponential, 300);
        assert!(last < first * 0.9, "{first} {last}");
    }
}
