//! Layers that predict single rows.

use std::fmt::Debug;
use std::sync::Arc;

use nnfs_kernel::{Epilogue, Strided};

use crate::{Elementwise, Layer, Scalar, Tensor};

/// A layer for single rows: immutable, with its weights in the order in which they are read.
///
/// [`Layer::row_layer`] makes one. It gives the bits of [`Layer::predict_to`].
pub trait RowLayer<T: Scalar>: Debug + Send + Sync {
    /// Computes the outputs of one sample.
    ///
    /// # Panics
    /// If the number of inputs or outputs is not that of the layer.
    fn predict_row(&self, inputs: &[T], outputs: &mut [T]);
}

/// `outputs = f(inputs * weights + biases)` for single rows: a dense layer with packed weights.
#[derive(Debug)]
pub struct DenseRow<T: Scalar> {
    packed: Vec<T>,
    biases: Vec<T>,
    activation: Option<Arc<dyn Elementwise<T>>>,
    inputs: usize,
}

impl<T: Scalar> DenseRow<T> {
    /// Packs the weights (inputs x outputs) and copies the biases (1 x outputs).
    ///
    /// ```
    /// use nnfs_tensor::{DenseRow, RowLayer, Tensor};
    /// let weights = Tensor::from_row_slice(2, 1, &[3.0, 4.0]);
    /// let row = DenseRow::<f64>::new(&weights, &Tensor::from_element(1, 1, 0.5), None);
    /// let mut outputs = [0.0];
    /// row.predict_row(&[1.0, 2.0], &mut outputs);
    /// assert_eq!(outputs, [11.5]);
    /// ```
    ///
    /// # Panics
    /// If there is not one bias for each output.
    pub fn new(
        weights: &Tensor<T>,
        biases: &Tensor<T>,
        activation: Option<Arc<dyn Elementwise<T>>>,
    ) -> Self {
        let (inputs, outputs) = weights.shape();
        assert_eq!(biases.len(), outputs, "biases for {outputs} outputs");
        let packed = T::pack(Strided::new(weights.as_slice(), inputs, outputs));
        Self { packed, biases: biases.as_slice().to_vec(), activation, inputs }
    }
}

impl<T: Scalar> RowLayer<T> for DenseRow<T> {
    fn predict_row(&self, inputs: &[T], outputs: &mut [T]) {
        let Self { packed, biases, activation, .. } = self;
        assert_eq!((inputs.len(), outputs.len()), (self.inputs, biases.len()), "inputs, outputs");
        let fused = activation.as_deref().and_then(|f| f.epilogue(biases));
        T::row_product(inputs, packed, outputs, fused.unwrap_or(Epilogue::Bias(biases)));
        if let (Some(f), None) = (activation, fused) {
            f.apply_mut(outputs);
        }
    }
}

/// Any layer as a layer for single rows. It allocates two tensors for each row.
#[derive(Debug)]
pub(crate) struct AnyRow<T: Scalar>(pub(crate) Box<dyn Layer<T>>);

impl<T: Scalar> RowLayer<T> for AnyRow<T> {
    fn predict_row(&self, inputs: &[T], outputs: &mut [T]) {
        let inputs = Tensor::from_row_slice(1, inputs.len(), inputs);
        let mut results = Tensor::default();
        self.0.predict_to(&inputs, &mut results);
        outputs.copy_from_slice(results.as_slice());
    }
}
