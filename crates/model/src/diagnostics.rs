//! The health of a network after its last step.

use std::fmt;

use nnfs_tensor::{Layer, Scalar, Tensor};

use crate::Model;
use crate::gradients::gradient_norm;

/// A gradient below this share of that of the last layer has vanished.
const VANISHED: f64 = 1e-4;
/// A hidden layer that passes on less than this share of the spread lets the signal shrink.
const SHRUNK: f64 = 0.1;
/// A layer with a larger share of dead units is worth a hint. (Where all inputs are positive, about
/// half of the units are dead from the start, and the network learns all the same.)
const DEAD: f64 = 0.9;

/// The health of a network after its last step (or `forward` and `backward`); it prints a line for each
/// layer and each hint.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostics {
    /// Layer by layer, from the inputs to the outputs.
    pub layers: Vec<LayerDiagnostics>,
    /// What looks wrong.
    pub hints: Vec<Hint>,
}

/// One layer of [`Diagnostics`].
#[derive(Debug, Clone, PartialEq)]
pub struct LayerDiagnostics {
    /// Kind and settings.
    pub layer: String,
    /// The share of units that passed no gradient for any sample of the last batch; `None` if the
    /// units of the layer cannot die, or before the first batch.
    pub dead_units: Option<f64>,
    /// The norm of the gradients of its parameters; `None` if it has none.
    pub gradient_norm: Option<f64>,
    /// The spread of the outputs of the last batch over the samples: the square root of the mean
    /// variance of the units. `None` before the first batch.
    pub output_spread: Option<f64>,
}

/// What looks wrong with a network; it prints as advice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Hint {
    /// The gradient of the first layer with parameters is below 1e-4 of that of the last one.
    GradientVanishes {
        /// The first layer with parameters.
        layer: usize,
        /// Its gradient norm over that of the last one.
        share: f64,
    },
    /// The outputs of a hidden layer spread less than a tenth as far as those of the layer before.
    ///
    /// The weights may be small. Gradients then pass the same weights on their way back and shrink alike. The
    /// chapter's initial weights of 0.01 do this to a network of two hidden layers, though all its layers have
    /// gradients of one (small) size. Or most units of a sigmoid or a tanh are near their limits.
    SignalShrinks {
        /// The hidden layer.
        layer: usize,
        /// Its spread over that of the layer before.
        share: f64,
    },
    /// More than nine tenths of the units of a ReLU are 0 for every sample, and get no gradient.
    DeadUnits {
        /// The layer.
        layer: usize,
        /// The share of its units.
        share: f64,
    },
}

impl<T: Scalar> Model<T> {
    /// Reports the state of the network after the last step: dead units, gradient norms, and hints.
    ///
    /// Before the first step all gradients are 0, and there is no hint.
    pub fn diagnostics(&self) -> Diagnostics {
        let layers =
            self.layers().iter().enumerate().map(|(index, layer)| {
                LayerDiagnostics::of(layer.as_ref(), &self.layer_outputs(index))
            });
        let layers: Vec<_> = layers.collect();
        let hints = hints(&layers);
        Diagnostics { layers, hints }
    }
}

impl LayerDiagnostics {
    fn of<T: Scalar>(layer: &dyn Layer<T>, outputs: &Tensor<T>) -> Self {
        let is_known = !outputs.is_empty();
        Self {
            layer: layer.description().to_string(),
            dead_units: dead_units(layer, outputs).filter(|_| is_known),
            gradient_norm: (layer.parameter_count() > 0).then(|| gradient_norm(layer)),
            output_spread: is_known.then(|| spread(outputs)),
        }
    }
}

/// The share of units, which are columns of a layer's outputs, that are dead: the derivative of the
/// activation is 0 in every row, and no gradient passes. `None` for a layer without an activation whose
/// units can die; NaN if there are no units.
///
/// ```
/// use nnfs_activations::{Activation, Relu, Tanh};
/// use nnfs_model::dead_units;
/// use nnfs_tensor::Tensor;
/// let outputs = Tensor::from_row_slice(2, 4, &[0.0, 0.0, 0.5, 0.0, 0.0, 1.0, 2.0, 0.0]);
/// assert_eq!(dead_units(&Activation::new(Relu), &outputs), Some(0.5));
/// assert_eq!(dead_units(&Activation::new(Tanh), &outputs), None);
/// ```
pub fn dead_units<T: Scalar>(layer: &dyn Layer<T>, outputs: &Tensor<T>) -> Option<f64> {
    let activation = layer.activation().filter(|activation| activation.can_die())?;
    let units = outputs.as_slice().chunks_exact(outputs.nrows().max(1));
    let dead = units.filter(|unit| activation.is_dead(unit)).count();
    Some(dead as f64 / outputs.ncols() as f64)
}

/// The root of the mean variance of the columns.
fn spread<T: Scalar>(outputs: &Tensor<T>) -> f64 {
    let rows = outputs.nrows() as f64;
    let variance = |column: &[T]| {
        let mean = column.iter().map(|value| value.to_f64()).sum::<f64>() / rows;
        column.iter().map(|value| (value.to_f64() - mean).powi(2)).sum::<f64>() / rows
    };
    let sum: f64 = outputs.as_slice().chunks_exact(outputs.nrows()).map(variance).sum();
    (sum / outputs.ncols() as f64).sqrt()
}

fn hints(layers: &[LayerDiagnostics]) -> Vec<Hint> {
    let mut hints = Vec::new();
    let norms = || layers.iter().enumerate().filter_map(|(at, l)| Some((at, l.gradient_norm?)));
    if let (Some((layer, first)), Some((_, last))) = (norms().next(), norms().next_back())
        && first < VANISHED * last
    {
        hints.push(Hint::GradientVanishes { layer, share: first / last });
    }
    let hidden = layers.split_last().map_or(layers, |(_, hidden)| hidden);
    for (index, pair) in hidden.windows(2).enumerate() {
        if let (Some(before), Some(after)) = (pair[0].output_spread, pair[1].output_spread)
            && after < SHRUNK * before
        {
            hints.push(Hint::SignalShrinks { layer: index + 1, share: after / before });
        }
    }
    for (layer, share) in layers.iter().enumerate().filter_map(|(at, l)| Some((at, l.dead_units?)))
    {
        if share > DEAD {
            hints.push(Hint::DeadUnits { layer, share });
        }
    }
    hints
}

/// A share with two digits and an exponent; 0 is written as 0.
fn exponent(share: f64) -> String {
    if share == 0.0 { "0".to_owned() } else { format!("{share:.1e}") }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GradientVanishes { layer, share } => write!(
                f,
                "the gradient of layer {layer} is {} of that of the last layer: start from \
                 weights of another size (Glorot's or He's)",
                exponent(*share),
            ),
            Self::SignalShrinks { layer, share } => write!(
                f,
                "layer {layer} passes on {} of the spread of its inputs: start from larger weights \
                 (Glorot's or He's); if it is a sigmoid or a tanh with outputs near the limits, \
                 start from smaller ones",
                exponent(*share),
            ),
            Self::DeadUnits { layer, share } => write!(
                f,
                "{:.0} % of the units of layer {layer} are 0 for every sample and get no gradient: \
                 take a smaller learning rate or smaller weights at the start",
                share * 100.0,
            ),
        }
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, layer) in self.layers.iter().enumerate() {
            write!(f, "layer {index} ({})", layer.layer)?;
            for (name, value) in [
                ("gradient norm", layer.gradient_norm),
                ("spread of outputs", layer.output_spread),
                ("share of dead units", layer.dead_units),
            ] {
                if let Some(value) = value {
                    write!(f, ", {name} {value:.2e}")?;
                }
            }
            writeln!(f)?;
        }
        self.hints.iter().try_for_each(|hint| writeln!(f, "hint: {hint}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_zero_has_no_exponent() {
        let text = |share| Hint::GradientVanishes { layer: 0, share }.to_string();
        assert!(text(0.0).contains("layer 0 is 0 of that"), "{}", text(0.0));
        assert!(text(2e-7).contains("layer 0 is 2.0e-7 of that"), "{}", text(2e-7));
    }
}
