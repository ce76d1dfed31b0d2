//! A case: a network, its data and settings as numbers, and its training with our crates.

use nnfs::activations::ActivationKind;
use nnfs::prelude::*;
use serde::Serialize;

/// The rows of a matrix.
pub(super) type Rows = Vec<Vec<f64>>;

/// One training, which the Python programs repeat from these numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Case {
    pub(super) number: u64,
    pub(super) layers: Vec<DenseSettings>,
    pub(super) loss: LossSettings,
    pub(super) optimizer: OptimizerSettings,
    pub(super) rate: f64,
    /// A [`Schedule`] as a text.
    pub(super) schedule: String,
    pub(super) inputs: Rows,
    pub(super) targets: Rows,
    /// The rows of a batch. Batches follow each other in the order of the rows, and the last one of an
    /// epoch may be smaller.
    pub(super) batch: usize,
    pub(super) steps: usize,
}

/// A dense layer, and the activation after it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct DenseSettings {
    pub(super) weights: Rows,
    pub(super) biases: Vec<f64>,
    /// Strengths of L1 and L2.
    pub(super) weight_penalty: [f64; 2],
    /// Strengths of L1 and L2.
    pub(super) bias_penalty: [f64; 2],
    pub(super) activation: Function,
    /// Whether the activation is a layer after the dense one. If not, the dense layer applies it.
    pub(super) separate: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Function {
    Relu,
    LeakyRelu { slope: f64 },
    Tanh,
    Sigmoid,
    Linear,
    Softmax,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum LossSettings {
    MeanSquaredError,
    MeanAbsoluteError,
    Huber { delta: f64 },
    BinaryCrossEntropy,
    SigmoidCrossEntropy,
    CategoricalCrossEntropy,
    SoftmaxCrossEntropy,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum OptimizerSettings {
    Sgd { momentum: f64 },
    AdaGrad { epsilon: f64 },
    RmsProp { rho: f64, epsilon: f64 },
    Adam { beta_1: f64, beta_2: f64, epsilon: f64 },
    AdamW { beta_1: f64, beta_2: f64, epsilon: f64, weight_decay: f64 },
}

/// A case and what our training of it computed.
#[derive(Debug, Serialize)]
pub(super) struct Trained {
    pub(super) case: Case,
    /// The loss of the data in each step. It is shorter than `steps` if a number was not finite.
    pub(super) data_losses: Vec<f64>,
    /// The penalty in each step.
    pub(super) penalties: Vec<f64>,
    /// Weights and biases of each layer after the last step.
    pub(super) parameters: Vec<Rows>,
}

impl Case {
    /// Trains the network with [`Model::train_step`].
    ///
    /// # Errors
    /// If a setting is out of range, or a step fails for another reason than a number that is not finite.
    pub(super) fn train(self) -> anyhow::Result<Trained> {
        let mut model = self.model()?;
        let loss = self.loss.build()?;
        let mut optimizer =
            self.optimizer.build(LearningRate::new(self.rate, self.schedule.parse()?)?);
        let (mut data_losses, mut penalties) = (Vec::new(), Vec::new());
        let batches: Vec<(Tensor<f64>, Tensor<f64>)> = std::iter::zip(
            self.inputs.chunks(self.batch).map(tensor),
            self.targets.chunks(self.batch).map(tensor),
        )
        .collect();
        for (inputs, targets) in batches.iter().cycle().take(self.steps) {
            match model.train_step(inputs, targets, loss.as_ref(), optimizer.as_mut()) {
                Ok(step) => {
                    data_losses.push(step.data_loss);
                    penalties.push(step.penalty);
                }
                Err(nnfs::model::TrainError::NonFiniteLoss { .. }) => break,
                Err(nnfs::model::TrainError::NonFiniteGradient { .. }) => break,
                Err(error) => return Err(error.into()),
            }
        }
        let mut parameters = Vec::new();
        model.for_each_parameter(&mut |parameter| parameters.push(rows(&parameter.value)));
        Ok(Trained { case: self, data_losses, penalties, parameters })
    }

    fn model(&self) -> anyhow::Result<Model<f64>> {
        let mut layers: Vec<Box<dyn Layer<f64>>> = Vec::new();
        for settings in &self.layers {
            let biases = std::slice::from_ref(&settings.biases);
            let penalty = |[l1, l2]: [f64; 2]| Penalty::new(l1, l2);
            let dense = Dense::from_parameters(tensor(&settings.weights), tensor(biases))?
                .weight_penalty(penalty(settings.weight_penalty)?)
                .bias_penalty(penalty(settings.bias_penalty)?);
            layers.extend(settings.activation.after(dense, settings.separate)?);
        }
        Ok(Model::from_layers(self.inputs[0].len(), layers)?)
    }

    /// The optimizer, loss and size in a few words.
    pub(super) fn summary(&self) -> String {
        let activations: Vec<String> = self
            .layers
            .iter()
            .map(|layer| format!("{} {}", layer.biases.len(), layer.activation.name()))
            .collect();
        format!(
            "{} at {:.2e}, {}, {} inputs, {}",
            self.optimizer.name(),
            self.rate,
            self.loss.name(),
            self.inputs[0].len(),
            activations.join(", ")
        )
    }
}

impl Function {
    /// A dense layer and this function, as one layer or as two.
    fn after(self, dense: Dense<f64>, separate: bool) -> anyhow::Result<Vec<Box<dyn Layer<f64>>>> {
        let function = match self {
            Self::Softmax => return Ok(vec![Box::new(dense), Box::new(Softmax)]),
            Self::LeakyRelu { slope } => std::sync::Arc::new(LeakyRelu::new(slope)?),
            Self::Relu => ActivationKind::Relu.build(),
            Self::Tanh => ActivationKind::Tanh.build(),
            Self::Sigmoid => ActivationKind::Sigmoid.build(),
            Self::Linear => ActivationKind::Linear.build(),
        };
        Ok(if separate {
            vec![Box::new(dense), Box::new(Activation::new(function))]
        } else {
            vec![Box::new(dense.activation(function))]
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Relu => "ReLU",
            Self::LeakyRelu { .. } => "leaky ReLU",
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
            Self::Linear => "linear",
            Self::Softmax => "softmax",
        }
    }
}

impl LossSettings {
    fn build(self) -> anyhow::Result<Box<dyn Loss<f64>>> {
        Ok(match self {
            Self::MeanSquaredError => Box::new(MeanSquaredError),
            Self::MeanAbsoluteError => Box::new(MeanAbsoluteError),
            Self::Huber { delta } => Box::new(Huber::new(delta)?),
            Self::BinaryCrossEntropy => Box::new(BinaryCrossEntropy),
            Self::SigmoidCrossEntropy => Box::new(SigmoidCrossEntropy),
            Self::CategoricalCrossEntropy => Box::new(CategoricalCrossEntropy),
            Self::SoftmaxCrossEntropy => Box::new(SoftmaxCrossEntropy),
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::MeanSquaredError => "mean squared error",
            Self::MeanAbsoluteError => "mean absolute error",
            Self::Huber { .. } => "Huber loss",
            Self::BinaryCrossEntropy => "binary cross-entropy",
            Self::SigmoidCrossEntropy => "binary cross-entropy of logits",
            Self::CategoricalCrossEntropy => "categorical cross-entropy",
            Self::SoftmaxCrossEntropy => "categorical cross-entropy of logits",
        }
    }
}

impl OptimizerSettings {
    fn build(self, rate: LearningRate) -> Box<dyn Optimizer<f64>> {
        match self {
            Self::Sgd { momentum } => Box::new(Sgd::new(rate).momentum(momentum)),
            Self::AdaGrad { epsilon } => Box::new(AdaGrad::new(rate).epsilon(epsilon)),
            Self::RmsProp { rho, epsilon } => {
                Box::new(RmsProp::new(rate).rho(rho).epsilon(epsilon))
            }
            Self::Adam { beta_1, beta_2, epsilon } => {
                Box::new(Adam::new(rate).betas(beta_1, beta_2).epsilon(epsilon))
            }
            Self::AdamW { beta_1, beta_2, epsilon, weight_decay } => Box::new(
                AdamW::new(rate).betas(beta_1, beta_2).epsilon(epsilon).weight_decay(weight_decay),
            ),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sgd { momentum } if momentum > 0.0 => "SGD with momentum",
            Self::Sgd { .. } => "SGD",
            Self::AdaGrad { .. } => "AdaGrad",
            Self::RmsProp { .. } => "RMSprop",
            Self::Adam { .. } => "Adam",
            Self::AdamW { .. } => "AdamW",
        }
    }
}

/// The tensor of these rows, which have the same length.
fn tensor(rows: &[Vec<f64>]) -> Tensor<f64> {
    Tensor::from_fn(rows.len(), rows[0].len(), |row, column| rows[row][column])
}

fn rows(tensor: &Tensor<f64>) -> Rows {
    tensor.row_iter().map(|row| row.iter().copied().collect()).collect()
}
