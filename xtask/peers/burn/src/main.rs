//! The training step in burn, on its CPU backend "flex" with automatic differentiation.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::nn::loss::{MseLoss, Reduction};
use burn::optim::{AdaptiveMomentumState, GradientsParams, ModuleOptimizer, Optimizer};
use burn::tensor::activation::{leaky_relu, relu, sigmoid, tanh};
use burn::tensor::{Device, FloatDType, Tensor, TensorData};

#[path = "../../peer.rs"]
mod peer;

use peer::{Activation, Failure, Job};

#[derive(Module, Debug)]
struct Network {
    layers: Vec<Linear>,
}

impl Network {
    fn new(job: &Job, device: &Device) -> Self {
        let layer = |(layer, (inputs, outputs))| {
            let values =
                (0..inputs).flat_map(|i| (0..outputs).map(move |j| job.weight(layer, i, j)));
            let weight = Param::from_tensor(matrix(values.collect(), outputs, device));
            let bias = Param::from_tensor(Tensor::zeros([outputs], device));
            Linear { weight, bias: Some(bias) }
        };
        Self { layers: job.layers().into_iter().enumerate().map(layer).collect() }
    }

    /// With a column of ones, the biases are added as its product with them.
    fn forward(&self, job: &Job, inputs: Tensor<2>, ones: Option<&Tensor<2>>) -> Tensor<2> {
        let dense = |layer: &Linear, values: Tensor<2>| match (ones, &layer.bias) {
            (Some(ones), Some(biases)) => {
                values.matmul(layer.weight.val()) + ones.clone().matmul(biases.val().unsqueeze())
            }
            _ => layer.forward(values),
        };
        let first = dense(&self.layers[0], inputs);
        self.layers[1..]
            .iter()
            .fold(first, |values, layer| dense(layer, activate(job.activation, values)))
    }
}

fn activate(activation: Activation, values: Tensor<2>) -> Tensor<2> {
    match activation {
        Activation::Relu => relu(values),
        Activation::LeakyRelu => leaky_relu(values, peer::SLOPE),
        Activation::Tanh => tanh(values),
        Activation::Sigmoid => sigmoid(values),
        Activation::Linear => values,
    }
}

/// Adam with the operations of burn's own, which takes as long, but computes the corrections of the
/// moments in single precision, whatever the tensors hold: that moves the loss of deep networks.
#[derive(Clone)]
struct Adam;

impl Optimizer for Adam {
    type State<const D: usize> = AdaptiveMomentumState<D>;

    fn step<const D: usize>(
        &self,
        rate: f64,
        weights: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<Self::State<D>>,
    ) -> (Tensor<D>, Option<Self::State<D>>) {
        let zeros = || gradient.zeros_like();
        let mut state = state.unwrap_or_else(|| AdaptiveMomentumState::new(0, zeros(), zeros()));
        let (beta_1, beta_2) = peer::BETAS;
        state.time += 1;
        let square = gradient.clone().square().mul_scalar(1.0 - beta_2);
        state.moment_1 = state.moment_1.mul_scalar(beta_1) + gradient.mul_scalar(1.0 - beta_1);
        state.moment_2 = state.moment_2.mul_scalar(beta_2) + square;
        // The corrections of both moments as factors: of the rate, and of epsilon.
        let [of_mean, of_square] = [beta_1, beta_2].map(|beta| 1.0 - beta.powi(state.time as i32));
        let correction = of_square.sqrt();
        let root = state.moment_2.clone().sqrt().add_scalar(peer::EPSILON * correction);
        let factor = rate * correction / of_mean;
        (weights - state.moment_1.clone().mul_scalar(factor) / root, Some(state))
    }

    fn to_device<const D: usize>(state: Self::State<D>, device: &Device) -> Self::State<D> {
        state.to_device(device)
    }
}

/// A matrix of `columns` columns, of the device's kind of number.
fn matrix(values: Vec<f64>, columns: usize, device: &Device) -> Tensor<2> {
    let shape = [values.len() / columns, columns];
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn main() -> Result<(), Failure> {
    let job = Job::from_arguments()?;
    let settings = peer::prepare(&job, "flex");
    let mut device = Device::flex();
    device.configure(if job.double { FloatDType::F64 } else { FloatDType::F32 })?;
    let device = device.autodiff();

    let (inputs, targets) = job.data();
    let tolerance = job.tolerance(&targets);
    let inputs = matrix(inputs, job.sizes[0], &device);
    let targets = matrix(targets, job.sizes[job.sizes.len() - 1], &device);
    let ones = job.bias_products.then(|| Tensor::ones([job.batch, 1], &device));
    let mut network = Some(Network::new(&job, &device));
    let mut adam = ModuleOptimizer::from(Adam);

    let mut step = 0;
    let train = || -> Result<f64, Failure> {
        let trained = network.take().ok_or("an earlier step failed")?;
        let predictions = trained.forward(&job, inputs.clone(), ones.as_ref());
        let _accuracy = tolerance.map(|tolerance| {
            let error = predictions.clone().inner() - targets.clone().inner();
            error.abs().lower_elem(tolerance).float().mean()
        });
        let loss = MseLoss::new().forward(predictions, targets.clone(), Reduction::Mean);
        let gradients = GradientsParams::from_grads(loss.backward(), &trained);
        network = Some(adam.step(job.rate(step), trained, gradients));
        step += 1;
        Ok(loss.into_scalar())
    };

    let version = peer::version(include_str!("../Cargo.lock"), "burn");
    peer::train(("burn", version), &settings, train)
}
