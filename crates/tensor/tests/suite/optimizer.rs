//! The methods that an optimizer has by default.

use nnfs_tensor::{
    Description, Optimizer, OptimizerError, OptimizerState, Parameter, Tensor, Trainable,
};

/// An optimizer that keeps two tensors for each parameter, and leaves the other methods to the defaults.
#[derive(Debug, Default)]
struct TwoTensors(OptimizerState<f64>);

impl Optimizer<f64> for TwoTensors {
    fn step(&mut self, network: &mut dyn Trainable<f64>) {
        network.for_each_parameter(&mut |parameter| {
            self.0.tensors.extend([parameter.value.clone(), parameter.value.clone()]);
        });
        self.0.iterations += 1;
    }
    fn state(&self) -> &OptimizerState<f64> {
        &self.0
    }
    fn state_mut(&mut self) -> &mut OptimizerState<f64> {
        &mut self.0
    }
    fn tensors_per_parameter(&self) -> usize {
        2
    }
    fn description(&self) -> Description {
        Description::new("two_tensors")
    }
}

fn parameter(rows: usize) -> Parameter<f64> {
    Parameter::new(Tensor::zeros(rows, 3))
}

/// The four tensors of two parameters are not those of four parameters or of one.
#[test]
fn another_number_of_parameters_is_refused() {
    let mut optimizer = TwoTensors::default();
    assert_eq!(optimizer.check(&[parameter(1), parameter(9)]), Ok(()), "before the first step");
    optimizer.step(&mut [parameter(2), parameter(2)]);
    assert_eq!(optimizer.check(&[parameter(2), parameter(2)]), Ok(()));
    let is_refused = |network: &dyn Trainable<f64>| {
        matches!(optimizer.check(network), Err(OptimizerError::Shape(_)))
    };
    assert!(is_refused(&[parameter(2), parameter(2), parameter(2), parameter(2)]));
    assert!(is_refused(&[parameter(2)]));
    assert!(is_refused(&[parameter(2), parameter(3)]));
}
