//! Dropout: in training a random share of the values is set to zero.

use nnfs_tensor::{
    Description, Layer, RowLayer, Scalar, SettingError, ShapeError, Tensor, Trainable,
    assert_same_shape, assert_shape, resize_mut, zip_map_to,
};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

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
    /// The mask of the last batch; `backward_to` uses it again.
    mask: Tensor<T>,
}

impl<T: Scalar> Dropout<T> {
    /// Drops this share of the values.
    ///
    /// ```
    /// use nnfs_layers::Dropout;
    /// use nnfs_layers::rand::{SeedableRng, rngs::ChaCha8Rng};
    /// use nnfs_tensor::{Layer, Tensor};
    /// let mut dropout = Dropout::new(0.5, ChaCha8Rng::seed_from_u64(0))?;
    /// let (inputs, mut outputs) = (Tensor::from_element(10, 10, 1.0_f32), Tensor::default());
    /// dropout.forward_to(&inputs, &mut outputs);
    /// assert!(outputs.iter().all(|&output| output == 0.0 || output == 2.0));
    /// dropout.predict_to(&inputs, &mut outputs);
    /// assert_eq!(outputs, inputs);
    /// # Ok::<(), nnfs_tensor::SettingError>(())
    /// ```
    ///
    /// # Errors
    /// If the rate is not in [0, 1).
    pub fn new(rate: f64, rng: ChaCha8Rng) -> Result<Self, SettingError> {
        Ok(Self {
            rate: SettingError::check_fraction("dropout rate", rate)?,
            rng,
            mask: Tensor::default(),
        })
    }

    /// The share of values that is dropped.
    pub fn rate(&self) -> f64 {
        self.rate
    }
}

/// A copy draws the same masks from here on.
impl<T: Scalar> Clone for Dropout<T> {
    fn clone(&self) -> Self {
        let mut rng = ChaCha8Rng::from_seed(self.rng.get_seed());
        rng.set_stream(self.rng.get_stream());
        rng.set_word_pos(self.rng.get_word_pos());
        Self { rate: self.rate, rng, mask: self.mask.clone() }
    }
}

impl<T: Scalar> Trainable<T> for Dropout<T> {}

/// Dropout in prediction: it changes nothing.
#[derive(Debug)]
struct Identity;

impl<T: Scalar> RowLayer<T> for Identity {
    fn predict_row(&self, inputs: &[T], outputs: &mut [T]) {
        outputs.copy_from_slice(inputs);
    }
}

impl<T: Scalar> Layer<T> for Dropout<T> {
    fn forward_to(&mut self, x: &Tensor<T>, y: &mut Tensor<T>) {
        resize_mut(&mut self.mask, x.nrows(), x.ncols());
        let kept = T::from_f64(1.0 / (1.0 - self.rate));
        for value in self.mask.as_mut_slice() {
            *value = if self.rng.random_bool(self.rate) { T::ZERO } else { kept };
        }
        zip_map_to(x, &self.mask, y, |x, mask| x * mask);
    }

    fn predict_to(&self, x: &Tensor<T>, y: &mut Tensor<T>) {
        resize_mut(y, x.nrows(), x.ncols());
        y.copy_from(x);
    }

    fn backward_to(
        &mut self,
        x: &Tensor<T>,
        _: &Tensor<T>,
        g: &Tensor<T>,
        dx: Option<&mut Tensor<T>>,
    ) {
        let batch = "backward_to of Dropout needs the batch of the last forward_to";
        assert_shape(batch, x, self.mask.shape());
        assert_same_shape("gradients", g, "outputs of Dropout", &self.mask);
        if let Some(dx) = dx {
            zip_map_to(g, &self.mask, dx, |g, mask| g * mask);
        }
    }

    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        Ok(input_width)
    }

    fn row_layer(&self) -> Box<dyn RowLayer<T>> {
        Box::new(Identity)
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
