//! A layer, a loss and a whole network in one line each, and the table of what was found.

use nnfs::datasets::one_hot;
use nnfs::prelude::*;
use nnfs_gradcheck::{self as gradcheck, GradientCheck, GradientError, Report, TensorReport};

use crate::blocks::{Linear, LossOf, Pointwise};

fn numbers(rows: usize, columns: usize, seed: u64) -> Tensor<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Initializer::normal(1.0).unwrap().weights(rows, columns, &mut rng)
}

fn dense(inputs: usize, outputs: usize, seed: u64) -> Dense<f64> {
    Dense::from_parameters(numbers(inputs, outputs, seed), numbers(1, outputs, seed + 1)).unwrap()
}

/// 3-4-2 with penalties and dropout.
fn network() -> Model<f64> {
    let dropout = Dropout::new(0.3, ChaCha8Rng::seed_from_u64(5)).unwrap();
    Model::new(3)
        .then(dense(3, 4, 1).activation(Tanh).weight_penalty(Penalty::l2(0.1).unwrap()))
        .unwrap()
        .then(dropout)
        .unwrap()
        .then(dense(4, 2, 7))
        .unwrap()
}

fn names(report: &Report) -> Vec<&str> {
    report.tensors.iter().map(|tensor| tensor.tensor.as_str()).collect()
}

#[test]
fn layers_of_every_kind_pass_in_one_line() {
    let inputs = numbers(5, 3, 3);
    let report = gradcheck::layer(&dense(3, 2, 1).activation(Sigmoid), &inputs).unwrap();
    assert_eq!(names(&report), ["inputs", "parameter 0", "parameter 1"]);
    assert_eq!((report.checked, report.skipped, report.wrong()), (15 + 6 + 2, 0, 0));
    let counts: Vec<usize> = report.tensors.iter().map(TensorReport::entries).collect();
    assert_eq!(counts, [15, 6, 2]);
    gradcheck::layer(&Softmax, &inputs).unwrap();
    // Boxed, as a model has its layers; the mask of dropout is the same in each evaluation.
    for layer in network().layers() {
        let inputs = numbers(4, layer.description().widths.map_or(4, |(inputs, _)| inputs), 9);
        gradcheck::layer(layer, &inputs).unwrap();
        gradcheck::layer(&**layer, &inputs).unwrap();
    }
}

#[test]
fn a_layer_that_does_not_fit_is_an_error() {
    let error = gradcheck::layer(&dense(3, 2, 1), &numbers(5, 4, 3)).unwrap_err();
    assert!(matches!(error, GradientError::Shape(_)), "{error:?}");
    assert_eq!(error.report(), None);
}

#[test]
fn the_directions_are_not_all_the_same() {
    // A gradient that forgets the direction would be right for equal ones.
    let mean = |x: f64| x;
    for derivative in [|_| -1.0, |_| 0.0, |_| 0.999] as [fn(f64) -> f64; 3] {
        let result = gradcheck::layer(&Pointwise::new(mean, derivative), &numbers(2, 3, 1));
        assert!(matches!(result, Err(GradientError::Wrong { wrong: 6, .. })), "{result:?}");
    }
    // It returns the transposed gradient: right only if all directions are equal.
    let weights = Tensor::identity(3, 3);
    let transposed = Linear::new(&weights, |_, written| written.input_gradient.transpose_mut());
    assert!(gradcheck::layer(&transposed, &numbers(3, 3, 1)).is_err());
}

#[test]
fn losses_pass_in_one_line() {
    let (predictions, targets) = (numbers(4, 2, 1), numbers(4, 2, 2));
    let report = gradcheck::loss(&MeanSquaredError, &predictions, &targets).unwrap();
    assert_eq!(names(&report), ["predictions"]);
    assert_eq!(
        report,
        GradientCheck::default().loss(&MeanSquaredError, &predictions, &targets).unwrap()
    );
}

#[test]
fn a_whole_network_passes_in_one_line() {
    let (model, inputs, targets) = (network(), numbers(5, 3, 3), numbers(5, 2, 4));
    let report = gradcheck::model(model.layers(), &MeanSquaredError, &inputs, &targets).unwrap();
    let expected = [
        "predictions",
        "inputs",
        "layer 0 (dense), parameter 0",
        "layer 0 (dense), parameter 1",
        "layer 2 (dense), parameter 0",
        "layer 2 (dense), parameter 1",
    ];
    assert_eq!(names(&report), expected);
    assert_eq!((report.checked, report.skipped), (10 + 15 + 12 + 4 + 8 + 2, 0));
    // Classes, and a single layer.
    let one = Model::new(3).then(dense(3, 3, 1)).unwrap();
    let classes = one_hot(&[0, 2, 1, 1, 0], 3).unwrap();
    gradcheck::model(one.layers(), &SoftmaxCrossEntropy, &inputs, &classes).unwrap();
}

/// The layers of a network, one of them with another function as its derivative.
fn spoiled(derivative: fn(f64) -> f64) -> Vec<Box<dyn Layer<f64>>> {
    vec![
        Box::new(dense(3, 4, 1)),
        Box::new(Pointwise::new(f64::tanh, derivative)),
        Box::new(dense(4, 2, 7)),
    ]
}

#[test]
fn the_table_shows_how_far_back_a_network_is_wrong() {
    let (inputs, targets) = (numbers(5, 3, 3), numbers(5, 2, 4));
    let check =
        |derivative| gradcheck::model(&spoiled(derivative), &MeanSquaredError, &inputs, &targets);
    check(|x| 1.0 - x.tanh().powi(2)).unwrap();

    // Everything before the layer is wrong; the layers after it are not.
    let error = check(|x| 1.0 - x.tanh()).unwrap_err();
    let report = error.report().unwrap();
    let verdicts: Vec<&str> = report.tensors.iter().map(TensorReport::verdict).collect();
    assert_eq!(verdicts, ["right", "wrong", "wrong", "wrong", "right", "right"]);
    let GradientError::Wrong { entry, wrong, total, .. } = &error else { panic!("{error:?}") };
    assert_eq!((report.wrong(), report.worst.as_ref()), (*wrong, Some(entry)));
    assert_eq!(*total, 10 + 15 + 12 + 4 + 8 + 2);

    let table = report.to_string();
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("gradient of    "), "{table}");
    assert!(lines[0].ends_with("  entries  at kinks  difference  tolerance  verdict"), "{table}");
    assert!(lines[3].starts_with("layer 0 (dense), parameter 0       12         0"), "{table}");
    assert!(lines[3].ends_with("  wrong") && lines[6].ends_with("  right"), "{table}");
    assert_eq!(lines.len(), 7);
}

#[test]
fn a_wrong_loss_is_found_before_the_network() {
    let wrong = LossOf::new(|p, y| (p - y).norm_squared(), |p, y| p - y);
    let model = network();
    let result = gradcheck::model(model.layers(), &wrong, &numbers(5, 3, 3), &numbers(5, 2, 4));
    let Err(GradientError::Wrong { entry, report, .. }) = result else { panic!("{result:?}") };
    assert_eq!(entry.tensor, "predictions");
    assert_eq!(names(&report), ["predictions"]);
}

#[test]
fn shapes_of_a_network_are_checked() {
    let model = network();
    let check = |layers: &[Box<dyn Layer<f64>>], inputs, outputs| {
        let (inputs, targets) = (numbers(5, inputs, 3), numbers(5, outputs, 4));
        gradcheck::model(layers, &MeanSquaredError, &inputs, &targets).unwrap_err()
    };
    let error = check(&[], 3, 2);
    assert!(error.to_string().contains("at least one"), "{error}");
    for (inputs, outputs) in [(4, 2), (3, 3)] {
        let error = check(model.layers(), inputs, outputs);
        assert!(matches!(error, GradientError::Shape(_)), "{error:?}");
    }
}
