//! The chapter's training loop by hand, without a model: its run 9, in the book's arithmetic, so
//! that it prints the book's lines. Run it with
//! `cargo run --release -p nnfs --example by_hand`.

// An example speaks through stdout.
#![allow(clippy::print_stdout)]

use nnfs::datasets::sine;
use nnfs::metrics::{Tolerance, accuracy_within};
use nnfs::numpy::{NumpyScalar, RandomState, python_repr};
use nnfs::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Create dataset: in NumPy it stays float64.
    let (x, y) = sine::<NumpyScalar>(1000);

    // Create three dense layers, and activations for the first two.
    let mut random = RandomState::new(0);
    let mut dense = |inputs, outputs| {
        let draw = |_| NumpyScalar::from_f64(0.1) * NumpyScalar::float32(random.standard_normal());
        let weights = Tensor::from_row_iterator(inputs, outputs, (0..inputs * outputs).map(draw));
        Dense::from_parameters(weights, Tensor::from_element(1, outputs, NumpyScalar::float32(0.0)))
    };
    let (mut dense1, mut dense2, mut dense3) = (dense(1, 64)?, dense(64, 64)?, dense(64, 1)?);
    let (mut relu1, mut relu2) = (Activation::new(Relu), Activation::new(Relu));

    let (mse, mut gradient) = (MeanSquaredError, Tensor::default());
    let mut adam = Adam::<NumpyScalar>::new(LearningRate::inverse_time(0.005, 1e-3)?);
    let tolerance = Tolerance::from_targets(&y, Tolerance::CHAPTER_DIVISOR)?;

    for epoch in 0..=1000 {
        // Forward.
        dense1.forward(&x);
        relu1.forward(dense1.outputs());
        dense2.forward(relu1.outputs());
        relu2.forward(dense2.outputs());
        let predictions = dense3.forward(relu2.outputs());

        if epoch % 100 == 0 {
            let loss = mse.value(predictions, &y);
            let accuracy = accuracy_within(predictions, &y, tolerance)?;
            let rate = python_repr(adam.learning_rate());
            println!(
                "epoch: {epoch}, acc: {accuracy:.3}, loss: {loss:.3} (data_loss: {loss:.3}, \
                 reg_loss: 0.000), lr: {rate}"
            );
        }

        // Backward.
        mse.gradient_to(predictions, &y, &mut gradient);
        dense3.backward(relu2.outputs(), &gradient);
        relu2.backward(dense2.outputs(), dense3.input_gradient());
        dense2.backward(relu1.outputs(), relu2.input_gradient());
        relu1.backward(dense1.outputs(), dense2.input_gradient());
        dense1.backward(&x, relu1.input_gradient());

        // Update weights and biases.
        adam.step(&mut [&mut dense1, &mut dense2, &mut dense3]);
    }
    Ok(())
}
