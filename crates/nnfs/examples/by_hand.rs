//! The training loop of the chapter, by hand: run 9 in the arithmetic of the book, without a model. It
//! prints epochs 0 to 1000; the lines of epochs 0 and 100 are those that the book prints. Run it with
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
    // A weight is 0.1 times a random float32, as `0.1 * np.random.randn(..)` in NumPy: 0.1 is a Python
    // float, so the product is float32.
    let mut random = RandomState::new(0);
    let mut dense = |inputs, outputs| {
        let draw = |_| NumpyScalar::from_f64(0.1) * NumpyScalar::float32(random.standard_normal());
        let weights = Tensor::from_row_iterator(inputs, outputs, (0..inputs * outputs).map(draw));
        Dense::from_parameters(weights, Tensor::from_element(1, outputs, NumpyScalar::float32(0.0)))
    };
    let (mut dense1, mut dense2, mut dense3) = (dense(1, 64)?, dense(64, 64)?, dense(64, 1)?);
    let (mut relu1, mut relu2) = (Activation::new(Relu), Activation::new(Relu));

    let mse = MeanSquaredError;
    let mut adam = Adam::<NumpyScalar>::new(LearningRate::inverse_time(0.005, 1e-3)?);
    let tolerance = Tolerance::from_targets(&y, Tolerance::CHAPTER_DIVISOR)?;

    // z: outputs of a dense layer, a: of its activation, p: predictions; dz is dL/dz.
    let [mut z1, mut a1, mut z2, mut a2, mut p] = std::array::from_fn(|_| Tensor::default());
    let [mut dz1, mut da1, mut dz2, mut da2, mut dp] = std::array::from_fn(|_| Tensor::default());

    // `step` does not check the settings of the optimizer.
    adam.check(&[&mut dense1, &mut dense2, &mut dense3])?;
    for epoch in 0..=1000 {
        // Forward.
        dense1.forward_to(&x, &mut z1);
        relu1.forward_to(&z1, &mut a1);
        dense2.forward_to(&a1, &mut z2);
        relu2.forward_to(&z2, &mut a2);
        dense3.forward_to(&a2, &mut p);

        if epoch % 100 == 0 {
            let loss = mse.value(&p, &y);
            let accuracy = accuracy_within(&p, &y, tolerance)?;
            let rate = python_repr(adam.learning_rate());
            println!(
                "epoch: {epoch}, acc: {accuracy:.3}, loss: {loss:.3} (data_loss: {loss:.3}, \
                 reg_loss: 0.000), lr: {rate}"
            );
        }

        // Backward: (inputs, outputs, dL/d(outputs), dL/d(inputs)). The first layer needs no
        // dL/d(inputs).
        mse.gradient_to(&p, &y, &mut dp);
        dense3.backward_to(&a2, &p, &dp, Some(&mut da2));
        relu2.backward_to(&z2, &a2, &da2, Some(&mut dz2));
        dense2.backward_to(&a1, &z2, &dz2, Some(&mut da1));
        relu1.backward_to(&z1, &a1, &da1, Some(&mut dz1));
        dense1.backward_to(&x, &z1, &dz1, None);

        // Update weights and biases.
        adam.step(&mut [&mut dense1, &mut dense2, &mut dense3]);
    }
    Ok(())
}
