//! Dropout: in training a random share of the values is set to zero.

use nnfs_tensor::{
    Description, Layer, Scalar, SettingError, ShapeError, Tensor, Trainable, assert_same_shape,
    resize_mut, zip_map_to,
};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// Inverted dropout: each value is dropped with probability `rate`, and the others are divided by
/// `1 - rate`, so that the mean stays and prediction needs no dropout at all.
///
/// ```text
/// mask_ij = 0 with probability rate, else 1 / (1 - rate)
/// forward   Y = X * mask        backward   dX = G * mask
/// ```
/// Chapter 15 of the book; Srivastava et al., 2014: Dropout.
///
/// The generator is given, and is one whose numbers are the same on every machine.
#[derive(Debug)]
pub struct Dropout<T: Scalar> {
    rate: f64,
    rng: ChaCha8Rng,
    mask: Tensor<T>,
    outputs: Tensor<T>,
    input_gradient: Tensor<T>,
}

impl<T: Scalar> Dropout<T> {
    /// Drops this share of the values.
    ///
    /// # Errors
    /// If the rate is not in [0, 1).
    pub fn new(rate: f64, rng: ChaCha8Rng) -> Result<Self, SettingError> {
        Ok(Self {
            rate: SettingError::check_fraction("dropout rate", rate)?,
            rng,
            mask: Tensor::default(),
            outputs: Tensor::default(),
            input_gradient: Tensor::default(),
        })
    }

    /// The share of values that is dropped.
    pub fn rate(&self) -> f64 {
        self.rate
    }
}

impl<T: Scalar> Trainable<T> for Dropout<T> {}

impl<T: Scalar> Layer<T> for Dropout<T> {
    fn forward(&mut self, inputs: &Tensor<T>) -> &Tensor<T> {
        resize_mut(&mut self.mask, inputs.nrows(), inputs.ncols());
        let kept = T::from_f64(1.0 / (1.0 - self.rate));
        for value in self.mask.as_mut_slice() {
            *value = if self.rng.random_bool(self.rate) { T::ZERO } else { kept };
        }
        zip_map_to(inputs, &self.mask, &mut self.outputs, |input, mask| input * mask);
        &self.outputs
    }

    fn backward(&mut self, inputs: &Tensor<T>, gradient: &Tensor<T>) -> &Tensor<T> {
        assert_same_shape("inputs of Dropout", inputs, "its outputs", &self.outputs);
        assert_same_shape("gradients", gradient, "outputs of Dropout", &self.outputs);
        zip_map_to(gradient, &self.mask, &mut self.input_gradient, |gradient, mask| {
            gradient * mask
        });
        &self.input_gradient
    }

    fn outputs(&self) -> &Tensor<T> {
        &self.outputs
    }

    fn input_gradient(&self) -> &Tensor<T> {
        &self.input_gradient
    }

    fn predict_to(&self, inputs: &Tensor<T>, outputs: &mut Tensor<T>) {
        resize_mut(outputs, inputs.nrows(), inputs.ncols());
        outputs.copy_from(inputs);
    }

    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        Ok(input_width)
    }

    /// The state of the generator (its seed in hexadecimal, its stream and its position) is part
    /// of the description: from it the next masks can be drawn again.
    fn description(&self) -> Description {
        let seed: String = self.rng.get_seed().iter().map(|byte| format!("{byte:02x}")).collect();
        Description::new("dropout")
            .with("rate", self.rate)
            .with_state("seed", seed)
            .with_state("stream", self.rng.get_stream())
            .with_state("position", self.rng.get_word_pos())
    }
}
