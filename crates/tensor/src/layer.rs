//! A differentiable block.

use std::fmt::Debug;

use crate::row::{AnyRow, RowLayer};
use crate::{Description, Elementwise, Scalar, ShapeError, Tensor, Trainable};

/// A differentiable block: a formula, its derivative and its parameters.
///
/// ```text
/// Y = f(X)        X: inputs, Y: outputs
/// dX = G dY/dX    the chain rule; G = dL/dY, dX = dL/dX
/// ```
/// The caller owns every tensor. The layer writes outputs and gradients into the caller's buffers,
/// resizes them, and reads what it is given. A new layer needs [`Layer::predict_to`],
/// [`Layer::backward_to`], [`Layer::output_width`] and [`Layer::description`], and
/// [`Layer::forward_to`] too if training differs from prediction.
pub trait Layer<T: Scalar>: Trainable<T> + CloneLayer<T> + Debug + Send + Sync {
    /// Computes the outputs in training: one row for each sample, as in the inputs.
    ///
    /// `outputs` is resized. By default the same as [`Layer::predict_to`]; dropout draws its mask here.
    ///
    /// # Panics
    /// If the inputs do not have the width that the layer expects.
    fn forward_to(&mut self, inputs: &Tensor<T>, outputs: &mut Tensor<T>) {
        self.predict_to(inputs, outputs);
    }

    /// Computes the outputs for prediction: no state changes, and dropout is off.
    ///
    /// `outputs` is resized.
    ///
    /// # Panics
    /// If the inputs do not have the width that the layer expects.
    fn predict_to(&self, inputs: &Tensor<T>, outputs: &mut Tensor<T>);

    /// Computes the gradients: dL/d(parameter) of every parameter, penalties included, and
    /// dL/d(inputs), from the inputs and outputs of the last [`Layer::forward_to`] and `gradient` =
    /// dL/d(outputs).
    ///
    /// The previous values of all gradients are overwritten. `input_gradient` is resized; the first layer of a network
    /// gets `None`, because training does not need dL/d(inputs) there.
    ///
    /// # Panics
    /// If the shapes do not fit. Other inputs or outputs of the same shape give wrong gradients.
    fn backward_to(
        &mut self,
        inputs: &Tensor<T>,
        outputs: &Tensor<T>,
        gradient: &Tensor<T>,
        input_gradient: Option<&mut Tensor<T>>,
    );

    /// The number of columns of the outputs for inputs of `input_width` columns.
    ///
    /// # Errors
    /// If the layer does not take that many.
    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError>;

    /// Its kind and settings: for summaries, files and exports.
    fn description(&self) -> Description;

    /// The function that is applied to every output last, if there is one.
    ///
    /// Diagnostics ask it which units are dead. By default there is none.
    fn activation(&self) -> Option<&dyn Elementwise<T>> {
        None
    }

    /// Whether a batch may be computed in parts, which threads share.
    ///
    /// Then the outputs and dL/d(inputs) of a row depend on this row alone. The gradient of a parameter is the
    /// sum of those of the rows, and the gradient of its [`Penalty`](crate::Penalty). Training changes nothing
    /// else of the layer.
    ///
    /// By default it is false. A model with such a layer computes each batch as a whole.
    fn is_row_wise(&self) -> bool {
        false
    }

    /// A copy of the layer that predicts single rows, as fast as it can.
    ///
    /// By default it calls [`Layer::predict_to`] for a tensor of one row.
    fn row_layer(&self) -> Box<dyn RowLayer<T>> {
        Box::new(AnyRow(self.clone_box()))
    }
}

/// Copies a layer into a box. Every layer that is `Clone` implements it.
pub trait CloneLayer<T: Scalar> {
    /// A copy in a box.
    fn clone_box(&self) -> Box<dyn Layer<T>>;
}

impl<T: Scalar, L: Layer<T> + Clone + 'static> CloneLayer<T> for L {
    fn clone_box(&self) -> Box<dyn Layer<T>> {
        Box::new(self.clone())
    }
}

impl<T: Scalar> Clone for Box<dyn Layer<T>> {
    fn clone(&self) -> Self {
        (**self).clone_box()
    }
}

/// A boxed layer is a layer, so that one can be chosen while a program runs.
impl<T: Scalar> Layer<T> for Box<dyn Layer<T>> {
    fn forward_to(&mut self, inputs: &Tensor<T>, outputs: &mut Tensor<T>) {
        (**self).forward_to(inputs, outputs);
    }
    fn predict_to(&self, inputs: &Tensor<T>, outputs: &mut Tensor<T>) {
        (**self).predict_to(inputs, outputs);
    }
    fn backward_to(
        &mut self,
        inputs: &Tensor<T>,
        outputs: &Tensor<T>,
        gradient: &Tensor<T>,
        input_gradient: Option<&mut Tensor<T>>,
    ) {
        (**self).backward_to(inputs, outputs, gradient, input_gradient);
    }
    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        (**self).output_width(input_width)
    }
    fn description(&self) -> Description {
        (**self).description()
    }
    fn activation(&self) -> Option<&dyn Elementwise<T>> {
        (**self).activation()
    }
    fn is_row_wise(&self) -> bool {
        (**self).is_row_wise()
    }
    fn row_layer(&self) -> Box<dyn RowLayer<T>> {
        (**self).row_layer()
    }
}
