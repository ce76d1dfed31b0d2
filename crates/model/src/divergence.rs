//! Where numbers stopped being finite.

use std::fmt;

use nnfs_tensor::{Layer, Optimizer, Scalar, Tensor, Trainable, all_finite};

use crate::gradients::gradient_norm;
use crate::{Epoch, Model};

/// A training in which a number has become infinite or NaN.
///
/// The model has the weights of the end of the last good epoch again, or those of the start. The optimizer
/// keeps the state of the failed epoch. Create a new one, with a smaller learning rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Divergence {
    /// The epoch, from 0.
    pub epoch: usize,
    /// The batch of the epoch, from 0.
    pub batch: usize,
    /// The layer at which it shows first, from 0.
    pub layer: usize,
    /// Its kind and settings.
    pub description: String,
    /// What of this layer is not finite.
    pub quantity: NonFinite,
    /// The loss of the data, which may still be finite.
    pub data_loss: f64,
    /// The epochs before.
    pub epochs: Vec<Epoch>,
}

/// What is not finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NonFinite {
    /// The parameters of a layer: an earlier step was too large.
    Parameters,
    /// The outputs of a layer with finite inputs and parameters.
    Outputs,
    /// The loss of finite outputs; the layer is the last one.
    Loss,
    /// The penalty of finite parameters.
    Penalty,
    /// The gradients of a layer's parameters, or their norm. Gradients run from the last layer to the
    /// first, and the layer is the one at which they first are not finite.
    Gradients,
    /// The state of the optimizer for a layer's parameters: the square of a finite gradient may be too large for a
    /// number. The parameters would not move again.
    OptimizerState,
}

impl fmt::Display for NonFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Parameters => "the parameters of",
            Self::Outputs => "the outputs of",
            Self::Loss => "the loss after",
            Self::Penalty => "the penalty of",
            Self::Gradients => "the gradients of",
            Self::OptimizerState => "the state of the optimizer for",
        })
    }
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { epoch, batch, layer, description, quantity, data_loss, .. } = self;
        write!(
            f,
            "training diverged in epoch {epoch}, batch {batch}: {quantity} layer {layer} \
             ({description}) became infinite or NaN (all from 0), loss of the data {data_loss}",
        )
    }
}

impl std::error::Error for Divergence {}

/// A step in which a number became infinite or NaN, before it moved a parameter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Diverged {
    pub(crate) data_loss: f64,
    pub(crate) penalty: f64,
    pub(crate) bad: BadLayer,
}

/// A layer (its index) and which of its values is infinite or NaN.
pub(crate) type BadLayer = (usize, NonFinite);

fn has_finite_parameters<T: Scalar>(network: &dyn Trainable<T>) -> bool {
    let mut finite = true;
    network.for_each_parameter(&mut |parameter| finite &= all_finite(&parameter.value));
    finite
}

impl<T: Scalar> Model<T> {
    /// The first layer whose parameters are not finite.
    pub(crate) fn find_bad_parameters(&self) -> Option<BadLayer> {
        let position = self.layers().iter().position(|layer| !has_finite_parameters(layer));
        position.map(|layer| (layer, NonFinite::Parameters))
    }

    /// The first layer for which the state of the optimizer is not finite.
    pub(crate) fn find_bad_state(&self, optimizer: &dyn Optimizer<T>) -> Option<BadLayer> {
        let mut tensors =
            optimizer.state().tensors.chunks(optimizer.tensors_per_parameter().max(1));
        let position = self.layers().iter().position(|layer| {
            let mut finite = true;
            layer.for_each_parameter(&mut |_| {
                finite &= tensors.next().unwrap_or_default().iter().all(all_finite);
            });
            !finite
        });
        position.map(|layer| (layer, NonFinite::OptimizerState))
    }

    /// Where the last `forward` met what made the loss or the penalty infinite or NaN.
    pub(crate) fn find_bad_forward(&self) -> BadLayer {
        self.find_bad(|index, _| !all_finite(&self.layer_outputs(index)))
    }

    /// [`Model::find_bad_forward`], of a prediction.
    pub(crate) fn find_bad_prediction(&self, inputs: &Tensor<T>) -> BadLayer {
        let (mut current, mut next) = (inputs.clone(), Tensor::default());
        self.find_bad(|_, layer| {
            layer.predict_to(&current, &mut next);
            std::mem::swap(&mut current, &mut next);
            !all_finite(&current)
        })
    }

    fn find_bad(&self, mut has_bad_outputs: impl FnMut(usize, &dyn Layer<T>) -> bool) -> BadLayer {
        let mut penalized = None;
        for (index, layer) in self.layers().iter().enumerate() {
            if !has_finite_parameters(layer) {
                return (index, NonFinite::Parameters);
            }
            if has_bad_outputs(index, layer.as_ref()) {
                return (index, NonFinite::Outputs);
            }
            if !layer.penalty().is_finite() {
                penalized.get_or_insert((index, NonFinite::Penalty));
            }
        }
        penalized.unwrap_or((self.layers().len() - 1, NonFinite::Loss))
    }

    /// The layer at which the last `backward` met the first gradient that is not finite.
    pub(crate) fn find_bad_gradients(&self) -> BadLayer {
        let bad = self.layers().iter().rposition(|layer| !gradient_norm(layer).is_finite());
        // A norm may also be too large only for all layers together.
        let layer = bad.unwrap_or(0);
        (layer, NonFinite::Gradients)
    }
}
