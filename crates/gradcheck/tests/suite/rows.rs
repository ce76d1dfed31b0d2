//! The contract of a layer whose batches may be computed in parts.

use nnfs_gradcheck::GradientCheck;
use nnfs_tensor::{Description, Layer, Parameter, ShapeError, Tensor, Trainable};

use crate::blocks::Linear;
use crate::contracts::{check, gradient, inputs, message, weights};

/// Threads share the rows of a large batch among copies of a layer that is row-wise.
#[test]
fn rows_of_a_row_wise_layer_must_not_depend_on_each_other() {
    let check = |is_row_wise| {
        let gradient = gradient().columns(0, 2).into_owned();
        GradientCheck::default().layer(|| Centered { is_row_wise }, &inputs(), &gradient)
    };
    assert!(check(false).is_ok());
    assert_eq!(
        message(check(true)),
        "broken contract: is_row_wise is true, but row 0 gives another result without the other rows"
    );
}

/// In parts, a penalty that is not that of a parameter would count for each part.
#[test]
fn gradients_of_a_row_wise_layer_must_add_up() {
    let check = |decay| check(|| Decayed { linear: Linear::new(&weights(), |_, _| {}), decay });
    assert!(check(0.0).is_ok());
    assert!(message(check(0.1)).starts_with(
        "broken contract: is_row_wise is true, but the gradient of parameter 0 is not the sum"
    ));
}

/// A linear layer with a penalty of its biases' sum that its parameters do not know.
#[derive(Debug, Clone)]
struct Decayed {
    linear: Linear,
    decay: f64,
}

impl Trainable<f64> for Decayed {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<f64>)) {
        self.linear.for_each_parameter(visit);
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<f64>)) {
        self.linear.for_each_parameter_mut(visit);
    }
    fn penalty(&self) -> f64 {
        let mut sum = 0.0;
        self.for_each_parameter(&mut |parameter| {
            sum += parameter.penalty() + self.decay * parameter.value.sum();
        });
        sum
    }
}

impl Layer<f64> for Decayed {
    fn predict_to(&self, inputs: &Tensor<f64>, outputs: &mut Tensor<f64>) {
        self.linear.predict_to(inputs, outputs);
    }
    fn backward_to(
        &mut self,
        inputs: &Tensor<f64>,
        outputs: &Tensor<f64>,
        gradient: &Tensor<f64>,
        input_gradient: Option<&mut Tensor<f64>>,
    ) {
        self.linear.backward_to(inputs, outputs, gradient, input_gradient);
        let decay = self.decay;
        self.for_each_parameter_mut(&mut |parameter| parameter.gradient.add_scalar_mut(decay));
    }
    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        self.linear.output_width(input_width)
    }
    fn description(&self) -> Description {
        self.linear.description()
    }
    fn is_row_wise(&self) -> bool {
        true
    }
}

/// Subtracts the mean of each column of the batch.
#[derive(Debug, Clone)]
struct Centered {
    is_row_wise: bool,
}

impl Trainable<f64> for Centered {}

impl Layer<f64> for Centered {
    fn predict_to(&self, inputs: &Tensor<f64>, outputs: &mut Tensor<f64>) {
        let means = inputs.row_mean();
        *outputs = Tensor::from_fn(inputs.nrows(), inputs.ncols(), |row, column| {
            inputs[(row, column)] - means[column]
        });
    }
    fn backward_to(
        &mut self,
        _: &Tensor<f64>,
        _: &Tensor<f64>,
        gradient: &Tensor<f64>,
        input_gradient: Option<&mut Tensor<f64>>,
    ) {
        if let Some(input_gradient) = input_gradient {
            self.predict_to(gradient, input_gradient);
        }
    }
    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        Ok(input_width)
    }
    fn description(&self) -> Description {
        Description::new("centered")
    }
    fn is_row_wise(&self) -> bool {
        self.is_row_wise
    }
}
