//! The two jobs that the authors of SimpleChains, a Julia library for small networks, publish times of.

use std::hint::black_box;
use std::time::Duration;

use nnfs::activations::ActivationKind;
use nnfs::losses::MeanSquaredError;
use nnfs::model::Model;
use nnfs::tensor::{Dtype, Loss, Tensor};

use super::BenchOptions;
use super::compare::{Comparison, Unit};
use super::job::{Inputs, Job};
use super::numbers;
use super::peers::{self, Memory, Peer};
use super::sample::Timed;
use super::training::{Spread, network};

/// A step on all samples.
const EPOCH: Unit = Unit {
    time: "us an epoch",
    key: "us_per_epoch",
    per_microsecond: 1.0,
    check: "loss of step 100",
};

/// The loss of a batch and the gradients of all parameters.
const GRADIENT: Unit =
    Unit { time: "us a gradient", key: "us_per_gradient", per_microsecond: 1.0, check: "loss" };

/// The core time of the authors' epoch: 41 us on 18 cores.
const PUBLISHED_EPOCH: (&str, f64) =
    ("SimpleChains, core time: 41 us on 18 cores of an i9-10980XE", 738.0);
const PUBLISHED_GRADIENT: (&str, f64) = ("SimpleChains", 5.66);

const TRAINERS: [&str; 5] = [
    "jax_step.py --mode rows",
    "jax_step.py --mode columns",
    "torch_step.py --mode compile",
    "torch_step.py --mode eager",
    "numpy_step.py",
];
const GRADIENTS: [&str; 4] = [
    "jax_gradient.py --mode scan",
    "jax_gradient.py --mode call",
    "torch_gradient.py --mode compile",
    "torch_gradient.py --mode eager",
];

/// Times both jobs.
///
/// # Errors
/// If a program fails.
pub(super) fn run(options: &BenchOptions) -> anyhow::Result<()> {
    for threads in [1, 2] {
        compare_epochs(&epoch(threads), options)?;
    }
    compare_gradients(options)
}

/// 10,000 matrices of two rows and two columns, whose exponential is learned with Adam.
fn epoch(threads: usize) -> Job {
    Job {
        sizes: Inputs::MatrixExponential.default_sizes(),
        activation: ActivationKind::Tanh,
        inputs: Inputs::MatrixExponential,
        batch: 10_000,
        dtype: Dtype::F32,
        threads,
    }
}

fn compare_epochs(job: &Job, options: &BenchOptions) -> anyhow::Result<()> {
    let peers = start(&TRAINERS, job, options);
    let comparison = Comparison {
        title: format!("{job}, an epoch with Adam"),
        line: job.to_json(),
        unit: &EPOCH,
        check: job.loss_of_step_100()?,
        published: (job.threads == 1).then_some(PUBLISHED_EPOCH),
    };
    comparison.run(peers, options, |time| Ok(job.measure(time)?.us_per_step))
}

/// The value and the gradient of the loss of 200 rows, without an optimizer.
fn compare_gradients(options: &BenchOptions) -> anyhow::Result<()> {
    let job = gradient_job()?;
    let peers = start(&GRADIENTS, &job, options);
    let mut gradients = Gradients::new(&job)?;
    let comparison = Comparison {
        title: format!("{job}, value and gradient"),
        line: job.to_json(),
        unit: &GRADIENT,
        check: gradients.compute(),
        published: Some(PUBLISHED_GRADIENT),
    };
    let work = || {
        black_box(gradients.compute());
        Ok(())
    };
    let mut timed = Timed::new(work, Duration::from_millis(20))?;
    comparison.run(peers, options, |time| Ok(timed.median(time)? * 1e6))
}

fn gradient_job() -> anyhow::Result<Job> {
    Ok(Job {
        sizes: "24,8,2".parse().map_err(anyhow::Error::msg)?,
        activation: ActivationKind::Tanh,
        inputs: Inputs::Random,
        batch: 200,
        dtype: Dtype::F64,
        threads: 1,
    })
}

fn start(programs: &[&str], job: &Job, options: &BenchOptions) -> (Vec<Peer>, Vec<String>) {
    let arguments = (&*job.arguments(), job.threads);
    peers::start(options.python.as_deref(), programs, arguments, &[Memory::Kept])
}

/// A network whose gradients are computed, but not used.
struct Gradients {
    model: Model<f64>,
    inputs: Tensor<f64>,
    targets: Tensor<f64>,
    /// dL/d(predictions).
    gradient: Tensor<f64>,
}

impl Gradients {
    fn new(job: &Job) -> anyhow::Result<Self> {
        let model = network(&job.sizes, job.activation, Spread::Glorot)?;
        let (inputs, targets) = numbers::random(job.batch, job.sizes.ends());
        Ok(Self { model, inputs, targets, gradient: Tensor::default() })
    }

    /// Computes the gradients of all parameters; returns the loss.
    fn compute(&mut self) -> f64 {
        let Self { model, inputs, targets, gradient } = self;
        let predictions = model.forward(inputs);
        let value = MeanSquaredError.value(predictions, targets);
        MeanSquaredError.gradient_to(predictions, targets, gradient);
        model.backward(inputs, gradient);
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nnfs::model::gradient_norm;

    #[test]
    fn the_gradient_points_uphill() {
        let mut gradients = Gradients::new(&gradient_job().unwrap()).unwrap();
        let value = gradients.compute();
        let norm = gradient_norm(&gradients.model);
        assert!(value > 0.1 && norm > 0.1, "{value} {norm}");
        assert_eq!(gradients.compute(), value);
        assert_eq!(gradient_norm(&gradients.model), norm);
    }
}
