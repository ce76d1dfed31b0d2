//! Buffers that are resized in place, and assertions about shapes.

use crate::{Scalar, Tensor};

/// Changes the shape of a tensor in place. Its entries are unspecified afterwards.
///
/// The tensor keeps its memory, so a buffer that was once large enough is never allocated again
/// (nalgebra's own `resize_mut` copies into a new one).
///
/// ```
/// use nnfs_tensor::{Tensor, resize_mut};
/// let mut buffer: Tensor<f32> = Tensor::default();
/// resize_mut(&mut buffer, 3, 2);
/// assert_eq!(buffer.shape(), (3, 2));
/// ```
pub fn resize_mut<T: Scalar>(tensor: &mut Tensor<T>, rows: usize, columns: usize) {
    if tensor.shape() == (rows, columns) {
        return;
    }
    let mut values: Vec<T> = std::mem::take(tensor).data.into();
    values.resize(rows * columns, T::ZERO);
    let (rows, columns) = (nalgebra::Dyn(rows), nalgebra::Dyn(columns));
    *tensor = Tensor::from_vec_storage(nalgebra::VecStorage::new(rows, columns, values));
}

/// The shape of a tensor in messages: `1000x64`.
pub fn shape_text<T>(tensor: &Tensor<T>) -> String {
    format!("{}x{}", tensor.nrows(), tensor.ncols())
}

/// Asserts that two tensors have the same shape.
///
/// # Panics
/// If they do not; the message has both shapes.
#[track_caller]
pub fn assert_same_shape<T>(what: &str, found: &Tensor<T>, partner: &str, expected: &Tensor<T>) {
    assert!(
        found.shape() == expected.shape(),
        "{what} are {}, but {partner} are {}",
        shape_text(found),
        shape_text(expected),
    );
}

/// Asserts the shape of a tensor.
///
/// # Panics
/// If it differs; the message has both shapes.
#[track_caller]
pub fn assert_shape<T>(what: &str, found: &Tensor<T>, expected: (usize, usize)) {
    assert!(
        found.shape() == expected,
        "{what}: expected {}x{}, found {}",
        expected.0,
        expected.1,
        shape_text(found),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resizing_down_and_up_again_keeps_the_memory() {
        let mut buffer: Tensor<f64> = Tensor::zeros(8, 4);
        let memory = buffer.as_slice().as_ptr();
        resize_mut(&mut buffer, 2, 3);
        assert_eq!(buffer.shape(), (2, 3));
        resize_mut(&mut buffer, 4, 8);
        assert_eq!(buffer.shape(), (4, 8));
        assert_eq!(buffer.as_slice().as_ptr(), memory);
    }

    #[test]
    #[should_panic(expected = "gradients are 2x1, but outputs are 3x1")]
    fn the_message_has_both_shapes() {
        assert_same_shape(
            "gradients",
            &Tensor::<f64>::zeros(2, 1),
            "outputs",
            &Tensor::zeros(3, 1),
        );
    }
}
