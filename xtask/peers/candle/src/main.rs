//! The training step in candle, on its CPU device without a system library.

use candle_core::{DType, Device, Module, Result, Tensor, Var};
use candle_nn::ops::{leaky_relu, sigmoid};
use candle_nn::{AdamW, Linear, Optimizer, ParamsAdamW, loss::mse};

#[path = "../../peer.rs"]
mod peer;

use peer::{Activation, Failure, Job};

/// The first biases of hidden layers. The first sample is 0, and with biases of 0 it would leave
/// every hidden unit at exactly 0, where candle's ReLU has the derivative 1, all others 0: units
/// that are dead for them would train. So small a number changes nothing else.
const NEARLY_0: f64 = -1e-30;

/// A matrix of `columns` columns, of the kind of number of the job.
fn matrix(values: Vec<f64>, columns: usize, dtype: DType) -> Result<Tensor> {
    let shape = (values.len() / columns, columns);
    Tensor::from_vec(values, shape, &Device::Cpu)?.to_dtype(dtype)
}

/// The layers with their first weights, and the same weights for the optimizer.
fn network(job: &Job, dtype: DType) -> Result<(Vec<Linear>, Vec<Var>)> {
    let (mut network, mut variables) = (Vec::new(), Vec::new());
    for (layer, (inputs, outputs)) in job.layers().into_iter().enumerate() {
        // candle has a row for each output.
        let values = (0..outputs).flat_map(|j| (0..inputs).map(move |i| job.weight(layer, i, j)));
        let weights = Var::from_tensor(&matrix(values.collect(), inputs, dtype)?)?;
        let bias = if layer + 2 < job.sizes.len() { NEARLY_0 } else { 0.0 };
        let biases = Var::from_tensor(&matrix(vec![bias; outputs], outputs, dtype)?)?;
        network.push(Linear::new(weights.as_tensor().clone(), Some(biases.as_tensor().clone())));
        variables.extend([weights, biases]);
    }
    Ok((network, variables))
}

fn activate(activation: Activation, values: Tensor) -> Result<Tensor> {
    match activation {
        Activation::Relu => values.relu(),
        Activation::LeakyRelu => leaky_relu(&values, peer::SLOPE),
        Activation::Tanh => values.tanh(),
        Activation::Sigmoid => sigmoid(&values),
        Activation::Linear => Ok(values),
    }
}

fn main() -> std::result::Result<(), Failure> {
    let job = Job::from_arguments()?;
    let settings = peer::prepare(&job, "CPU");
    let dtype = if job.double { DType::F64 } else { DType::F32 };

    let (inputs, targets) = job.data();
    let tolerance = job.tolerance(&targets);
    let inputs = matrix(inputs, job.sizes[0], dtype)?;
    let targets = matrix(targets, job.sizes[job.sizes.len() - 1], dtype)?;
    let (network, variables) = network(&job, dtype)?;
    let (beta1, beta2) = peer::BETAS;
    let parameters =
        ParamsAdamW { lr: job.rate(0), beta1, beta2, eps: peer::EPSILON, weight_decay: 0.0 };
    let mut adam = AdamW::new(variables, parameters)?;

    let ones = Tensor::ones((job.batch, 1), dtype, &Device::Cpu)?;
    let dense = |layer: &Linear, values: &Tensor| match layer.bias() {
        Some(biases) if job.bias_products => {
            values.matmul(&layer.weight().t()?)? + ones.matmul(biases)?
        }
        _ => layer.forward(values),
    };
    let loss_and_accuracy = || -> Result<(Tensor, Option<Tensor>)> {
        let mut predictions = dense(&network[0], &inputs)?;
        for layer in &network[1..] {
            predictions = dense(layer, &activate(job.activation, predictions)?)?;
        }
        let accuracy = |tolerance: f64| {
            let error = (predictions.detach() - &targets)?;
            error.abs()?.lt(tolerance)?.to_dtype(dtype)?.mean_all()
        };
        Ok((mse(&predictions, &targets)?, tolerance.map(accuracy).transpose()?))
    };

    let mut step = 0;
    let train = || -> std::result::Result<f64, Failure> {
        let (loss, _accuracy) = loss_and_accuracy()?;
        adam.set_learning_rate(job.rate(step));
        adam.backward_step(&loss)?;
        step += 1;
        Ok(loss.to_dtype(DType::F64)?.to_scalar()?)
    };

    let version = peer::version(include_str!("../Cargo.lock"), "candle-core");
    peer::train(("candle", version), &settings, train)
}
