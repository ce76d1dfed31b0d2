//! Weights that other libraries have saved.

use std::collections::HashMap;

use nnfs::files::{Convention, Dtype, FormatError, Pipeline, read_weights, weights_dtype};
use nnfs::prelude::*;
use safetensors::tensor::TensorView;

/// Name and shape of a tensor; its numbers are 0, 1, 2, ... row after row.
type Named<'a> = (&'a str, &'a [usize]);

fn file(tensors: &[Named<'_>]) -> Vec<u8> {
    let bytes = |shape: &[usize]| -> Vec<u8> {
        (0..shape.iter().product())
            .flat_map(|number: usize| (number as f32).to_le_bytes())
            .collect()
    };
    let data: Vec<_> = tensors.iter().map(|(_, shape)| bytes(shape)).collect();
    let views = tensors.iter().zip(&data).map(|((name, shape), data)| {
        (*name, TensorView::new(safetensors::Dtype::F32, shape.to_vec(), data).unwrap())
    });
    safetensors::serialize(views, None::<HashMap<String, String>>).unwrap()
}

fn read(tensors: &[Named<'_>], convention: Convention) -> Result<Vec<Tensor<f32>>, FormatError> {
    let layers = read_weights::<f32>(&file(tensors), convention)?;
    Ok(layers.into_iter().flat_map(|layer| [layer.weights, layer.biases]).collect())
}

#[test]
fn a_square_kernel_lies_as_the_convention_says() {
    let torch = read(&[("0.weight", &[2, 2]), ("0.bias", &[2])], Convention::PyTorch).unwrap();
    let keras =
        read(&[("dense/kernel", &[2, 2]), ("dense/bias", &[2])], Convention::Keras).unwrap();
    assert_eq!(torch[0], Tensor::from_row_slice(2, 2, &[0.0, 2.0, 1.0, 3.0]));
    assert_eq!(keras[0], Tensor::from_row_slice(2, 2, &[0.0, 1.0, 2.0, 3.0]));
    assert_eq!(torch[1].as_slice(), [0.0, 1.0]);
    assert_eq!(torch[1], keras[1]);
}

#[test]
fn layers_come_by_their_numbers_and_not_by_the_alphabet() {
    let shapes = |convention, tensors: &[Named<'_>]| {
        let tensors = read(tensors, convention).unwrap();
        tensors.iter().map(Tensor::shape).collect::<Vec<_>>()
    };
    let expected = [(3, 2), (1, 2), (2, 4), (1, 4), (4, 1), (1, 1)];
    let torch: [Named<'_>; 6] = [
        ("10.bias", &[1]),
        ("10.weight", &[1, 4]),
        ("0.bias", &[2]),
        ("0.weight", &[2, 3]),
        ("2.bias", &[4]),
        ("2.weight", &[4, 2]),
    ];
    assert_eq!(shapes(Convention::PyTorch, &torch), expected);
    // As a second model of a session has them.
    let keras: [Named<'_>; 6] = [
        ("sequential_1/dense_10/bias", &[1]),
        ("sequential_1/dense_10/kernel", &[4, 1]),
        ("sequential_1/dense_8/bias", &[2]),
        ("sequential_1/dense_8/kernel", &[3, 2]),
        ("sequential_1/dense_9/bias", &[4]),
        ("sequential_1/dense_9/kernel", &[2, 4]),
    ];
    assert_eq!(shapes(Convention::Keras, &keras), expected);
}

/// The error, as text, which has to name the tensor.
fn error(tensor: &str, convention: Convention, tensors: &[Named<'_>]) -> String {
    let error = read(tensors, convention).unwrap_err().to_string();
    assert!(error.contains(&format!("{tensor:?}")), "{error}");
    error
}

#[test]
fn a_wrong_shape_is_reported_with_its_tensor() {
    let torch = |tensor, tensors: &[Named<'_>]| error(tensor, Convention::PyTorch, tensors);
    let first: [Named<'_>; 2] = [("0.weight", &[2, 3]), ("0.bias", &[2])];
    let text = torch("1.weight", &[first[0], first[1], ("1.weight", &[1, 3]), ("1.bias", &[1])]);
    assert!(text.contains("2 inputs") && text.contains("[1, 3]"), "{text}");
    let text = torch("0.bias", &[("0.weight", &[2, 3]), ("0.bias", &[3])]);
    assert!(text.contains("[2], one for each output of \"0.weight\""), "{text}");
    assert!(text.contains("[3]"), "{text}");
    // A normalization, say.
    torch("0.weight", &[("0.weight", &[2]), ("0.bias", &[2])]);
    torch("0.weight", &[("0.weight", &[0, 3]), ("0.bias", &[0])]);
    torch("0.weight", &[("0.weight", &[1, 1, 2]), ("0.bias", &[1])]);
}

#[test]
fn missing_and_foreign_tensors_are_named() {
    use Convention::{Keras, PyTorch};
    let missing = |name: &str, convention, tensors: &[Named<'_>]| {
        let found = read(tensors, convention);
        assert!(
            matches!(&found, Err(FormatError::MissingTensor { name: found }) if found == name),
            "{found:?}"
        );
    };
    missing("0.bias", PyTorch, &[("0.weight", &[1, 1])]);
    missing("dense_2/kernel", Keras, &[("dense_2/bias", &[1])]);
    missing("0.weight", PyTorch, &[]);
    let foreign = |name: &str, convention| {
        let found = read(&[(name, &[1, 1])], convention);
        assert!(
            matches!(&found, Err(FormatError::TensorName { name: found, .. }) if found == name),
            "{name}: {found:?}"
        );
    };
    for name in ["fc.weight", "0.kernel", "0.running_mean", "weight", "+1.weight", "dense/kernel"] {
        foreign(name, PyTorch);
    }
    // Part of another module, but of one.
    let inside: [Named<'_>; 2] = [("net.0.weight", &[1, 1]), ("net.0.bias", &[1])];
    assert_eq!(read(&inside, PyTorch).unwrap().len(), 2);
    let tensors: [Named<'_>; 2] = [("a.0.bias", &[1]), ("b.1.bias", &[1])];
    error("b.1.bias", PyTorch, &tensors);
    for name in ["0.weight", "hidden/kernel", "dense_x/kernel", "dense_/kernel", "dense/gamma"] {
        foreign(name, Keras);
    }
    let two: [Named<'_>; 2] = [("a/dense/bias", &[1]), ("b/dense/bias", &[1])];
    error("b/dense/bias", Keras, &two);
}

#[test]
fn the_kind_of_numbers_is_reported_and_kept() {
    let bytes = file(&[("0.weight", &[1, 1]), ("0.bias", &[1])]);
    assert_eq!(weights_dtype(&bytes).unwrap(), Dtype::F32);
    let found = read_weights::<f64>(&bytes, Convention::PyTorch);
    assert!(matches!(found, Err(FormatError::TensorDtype { .. })), "{found:?}");
    assert!(matches!(weights_dtype(b"no file"), Err(FormatError::Container(_))));
    let data = [0; 2];
    let half = TensorView::new(safetensors::Dtype::F16, vec![1, 1], &data).unwrap();
    let bytes = safetensors::serialize([("0.weight", half)], None::<HashMap<_, _>>).unwrap();
    let found = weights_dtype(&bytes).unwrap_err().to_string();
    assert!(found.contains("0.weight") && found.contains("F16"), "{found}");
}

#[test]
fn weights_that_are_no_numbers_are_refused() {
    let numbers = [1.0_f32, f32::NAN].map(f32::to_le_bytes).concat();
    let zero = 0.0_f32.to_le_bytes();
    let views = [("0.weight", vec![1, 2], &numbers[..]), ("0.bias", vec![1], &zero[..])];
    let views = views.map(|(name, shape, data)| {
        (name, TensorView::new(safetensors::Dtype::F32, shape, data).unwrap())
    });
    let bytes = safetensors::serialize(views, None::<HashMap<String, String>>).unwrap();
    let error = read_weights::<f32>(&bytes, Convention::PyTorch).unwrap_err().to_string();
    assert_eq!(error, r#"tensor "0.weight": expected finite numbers, found NaN"#);
}

#[test]
fn a_pipeline_takes_other_weights_of_the_same_widths() {
    let pipeline = || {
        let dense = Dense::from_parameters(Tensor::zeros(2, 1), Tensor::zeros(1, 1)).unwrap();
        let model = Model::<f32>::new(2).then(dense.activation(Relu)).unwrap();
        Pipeline::new(model).with_link(OutputLink::Sigmoid).unwrap()
    };
    let layers =
        |tensors: &[Named<'_>]| read_weights::<f32>(&file(tensors), Convention::PyTorch).unwrap();
    for pipeline in [pipeline(), pipeline().with_packed_weights()] {
        let layers = layers(&[("0.weight", &[1, 2]), ("0.bias", &[1])]);
        let back = pipeline.with_weights(&layers).unwrap();
        let predictions = back.predict(&Tensor::from_row_slice(1, 2, &[5.0, 2.0])).unwrap();
        // relu(0 * 5 + 1 * 2 + 0)
        assert_eq!(predictions[0], 2.0_f32.sigmoid());
    }

    let wide = pipeline().with_weights(&layers(&[("0.weight", &[1, 3]), ("0.bias", &[1])]));
    let error = wide.unwrap_err().to_string();
    assert!(error.contains("0.weight") && error.contains("2x1"), "{error}");
    let deep =
        layers(&[("0.weight", &[1, 2]), ("0.bias", &[1]), ("1.weight", &[1, 1]), ("1.bias", &[1])]);
    let error = pipeline().with_weights(&deep).unwrap_err().to_string();
    assert!(error.contains('2') && error.contains('4'), "{error}");
}
