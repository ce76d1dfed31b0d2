//! The contract of a layer whose batches may be computed in parts.

use nnfs_tensor::{Layer, Penalty, Tensor};

use crate::GradientError;
use crate::check::size;
use crate::expect::broken;
use crate::passes::{Pair, parameters};

/// Sums may be added in another order.
const ROUNDING: f64 = 1e-12;

/// The results of a forward and a backward pass.
struct Results {
    outputs: Tensor<f64>,
    input_gradient: Tensor<f64>,
    parameters: Vec<Pair>,
}

/// If the layer says that it is row-wise, tests that each row gives the same results without the others, that
/// the gradients of the parameters are the sums of those of the rows, and that a pass changes no setting.
pub(crate) fn check_rows<L: Layer<f64>>(
    build: &impl Fn() -> L,
    inputs: &Tensor<f64>,
    gradient: &Tensor<f64>,
) -> Result<(), GradientError> {
    if !build().is_row_wise() {
        return Ok(());
    }
    let all = results(build, inputs, gradient)?;
    let mut sums: Vec<_> = all
        .parameters
        .iter()
        .map(|(value, _)| Tensor::zeros(value.nrows(), value.ncols()))
        .collect();
    for row in 0..inputs.nrows() {
        let alone = results(build, &row_of(inputs, row), &row_of(gradient, row))?;
        if !is_close(&alone.outputs, &all.outputs, row)
            || !is_close(&alone.input_gradient, &all.input_gradient, row)
        {
            return broken(format!(
                "is_row_wise is true, but row {row} gives another result without the other rows"
            ));
        }
        for (sum, (_, gradient)) in sums.iter_mut().zip(&alone.parameters) {
            *sum += gradient;
        }
    }
    for (number, (sum, (_, gradient))) in sums.iter().zip(&all.parameters).enumerate() {
        // The terms of a sum may be larger than the sum.
        let tolerance = ROUNDING * size(gradient).max(1.0) * inputs.nrows() as f64;
        if sum.iter().zip(gradient).any(|(sum, gradient)| (sum - gradient).abs() > tolerance) {
            return broken(format!(
                "is_row_wise is true, but the gradient of parameter {number} is not the sum of those of the \
                 rows and that of its `Penalty`"
            ));
        }
    }
    Ok(())
}

/// A forward and a backward pass without the penalties of the parameters.
fn results<L: Layer<f64>>(
    build: &impl Fn() -> L,
    inputs: &Tensor<f64>,
    gradient: &Tensor<f64>,
) -> Result<Results, GradientError> {
    let mut layer = build();
    layer.for_each_parameter_mut(&mut |parameter| parameter.set_penalty(Penalty::default()));
    let before = layer.description();
    let [mut outputs, mut input_gradient] = [Tensor::default(), Tensor::default()];
    layer.forward_to(inputs, &mut outputs);
    layer.backward_to(inputs, &outputs, gradient, Some(&mut input_gradient));
    if layer.description() != before {
        return broken("is_row_wise is true, but a pass changes the description of the layer");
    }
    Ok(Results { outputs, input_gradient, parameters: parameters(&mut layer)? })
}

fn row_of(tensor: &Tensor<f64>, row: usize) -> Tensor<f64> {
    tensor.rows(row, 1).into_owned()
}

/// Whether a result of a row alone is that of the row among the others.
fn is_close(alone: &Tensor<f64>, all: &Tensor<f64>, row: usize) -> bool {
    let tolerance = ROUNDING * size(all);
    alone.shape() == (1, all.ncols())
        && alone.iter().zip(&row_of(all, row)).all(|(alone, all)| (alone - all).abs() <= tolerance)
}
