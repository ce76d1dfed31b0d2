//! A custom layer: its formula, the proof of its derivative, and its training among the others. Run it with
//! `cargo run --release -p nnfs --example own_layer`.

// An example speaks through stdout.
#![allow(clippy::print_stdout)]

use nnfs::gradcheck;
use nnfs::prelude::*;
use nnfs::tensor::{Description, ShapeError};

/// A ReLU that learns what to do with negative numbers: `y = x` above 0, `y = a x` below.
/// He, Zhang, Ren and Sun, 2015: Delving Deep into Rectifiers.
#[derive(Debug, Clone)]
struct Prelu {
    slope: Parameter<f64>,
}

impl Prelu {
    fn new(slope: f64) -> Self {
        Self { slope: Parameter::new(Tensor::from_element(1, 1, slope)) }
    }
}

/// What an optimizer moves.
impl Trainable<f64> for Prelu {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<f64>)) {
        visit(&self.slope);
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<f64>)) {
        visit(&mut self.slope);
    }
}

/// `forward_to` is `predict_to` by default.
impl Layer<f64> for Prelu {
    fn predict_to(&self, x: &Tensor<f64>, y: &mut Tensor<f64>) {
        let a = self.slope.value[0];
        *y = x.map(|x| if x > 0.0 { x } else { a * x });
    }
    fn backward_to(
        &mut self,
        x: &Tensor<f64>,
        _y: &Tensor<f64>,
        g: &Tensor<f64>,
        dx: Option<&mut Tensor<f64>>,
    ) {
        let a = self.slope.value[0];
        // dL/da = sum of g x over the negative x
        self.slope.gradient[0] = g.zip_map(x, |g, x| g * x.min(0.0)).sum();
        self.slope.add_penalty_gradient();
        if let Some(dx) = dx {
            *dx = g.zip_map(x, |g, x| if x > 0.0 { g } else { a * g });
        }
    }
    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        Ok(input_width)
    }
    fn description(&self) -> Description {
        Description::new("prelu")
    }
    /// Threads may share the rows of a large batch.
    fn is_row_wise(&self) -> bool {
        true
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The derivative is compared with differences: a mistake in `backward_to` would be reported here.
    let inputs = Tensor::from_row_slice(2, 3, &[-2.0, -0.5, 0.3, 0.5, -1.2, 2.0]);
    println!("{}", gradcheck::layer(&Prelu::new(0.25), &inputs)?);

    // In a network, it learns that negative numbers count a third: y = x above 0, x / 3 below.
    let inputs = Tensor::from_fn(50, 1, |row, _| row as f64 / 25.0 - 1.0);
    let targets = inputs.map(|x| if x > 0.0 { x } else { x / 3.0 });
    let mut model = Model::new(1).then(Prelu::new(0.25))?;
    let mut adam = Adam::new(0.01);
    let settings = Fit::epochs(200);
    model.fit(&inputs, &targets, &MeanSquaredError, &mut adam, &settings)?;
    model.for_each_parameter(&mut |slope| println!("learned the slope {:.4}", slope.value[0]));
    let largest = (model.predict(&inputs)? - targets).abs().max();
    assert!(largest < 1e-3, "{largest}");
    Ok(())
}
