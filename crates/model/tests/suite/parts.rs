//! A large batch in parts, which threads share: the results of the whole batch.

use nnfs_activations::{Activation, Relu, Softmax, Tanh};
use nnfs_layers::rand::{SeedableRng, rngs::ChaCha8Rng};
use nnfs_layers::{Dense, Dropout, Initializer};
use nnfs_losses::MeanSquaredError;
use nnfs_model::{Model, TrainError};
use nnfs_optimizers::{Adam, LearningRate};
use nnfs_tensor::{Description, Layer, Loss, Parameter, Penalty, Scalar, Tensor, Trainable};
use nnfs_testing::PassOn;

/// Enough rows for four parts.
const ROWS: usize = 5003;

fn layers<T: Scalar>() -> Vec<Box<dyn Layer<T>>> {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let penalty = Penalty::new(1e-3, 1e-2).unwrap();
    let mut dense = |inputs, outputs| {
        Dense::new(inputs, outputs, Initializer::GlorotUniform, &mut rng).unwrap()
    };
    vec![
        Box::new(dense(2, 20).activation(Tanh).weight_penalty(penalty).bias_penalty(penalty)),
        Box::new(dense(20, 1)),
        Box::new(dense(1, 3)),
        Box::new(Activation::new(Tanh)),
        Box::new(Softmax),
    ]
}

fn batch<T: Scalar>() -> (Tensor<T>, Tensor<T>) {
    let number = |row: usize, column: usize| ((row * 31 + column * 17) as f64 * 0.37).sin();
    let inputs = Tensor::from_fn(ROWS, 2, |row, column| T::from_f64(number(row, column)));
    (inputs, Tensor::from_fn(ROWS, 3, |row, column| T::from_f64(number(row, column + 2).abs())))
}

fn gradients<T: Scalar>(network: &(impl Trainable<T> + ?Sized)) -> Vec<f64> {
    let mut gradients = Vec::new();
    network.for_each_parameter(&mut |parameter| {
        gradients.extend(parameter.gradient.iter().map(|gradient| gradient.to_f64()));
    });
    gradients
}

/// The same layers by hand, on the whole batch: the outputs of each, and dL/d(inputs).
fn whole(
    layers: &mut [Box<dyn Layer<f64>>],
    inputs: &Tensor<f64>,
    targets: &Tensor<f64>,
) -> (Vec<Tensor<f64>>, Tensor<f64>) {
    let mut passed = vec![inputs.clone()];
    for layer in &mut *layers {
        let mut outputs = Tensor::default();
        layer.forward_to(passed.last().unwrap(), &mut outputs);
        passed.push(outputs);
    }
    let mut gradient = Tensor::default();
    MeanSquaredError.gradient_to(passed.last().unwrap(), targets, &mut gradient);
    for (layer, pair) in layers.iter_mut().zip(passed.windows(2)).rev() {
        let mut input_gradient = Tensor::default();
        layer.backward_to(&pair[0], &pair[1], &gradient, Some(&mut input_gradient));
        gradient = input_gradient;
    }
    (passed.split_off(1), gradient)
}

#[test]
fn outputs_and_gradients_are_those_of_the_whole_batch() {
    let (inputs, targets) = batch::<f64>();
    let mut by_hand = layers();
    let (outputs, expected) = whole(&mut by_hand, &inputs, &targets);
    let mut model = Model::from_layers(2, layers()).unwrap();
    // A small batch before and after: its memory is used again.
    let few = inputs.rows(0, 10).into_owned();
    model.forward(&few);
    let mut gradient = Tensor::default();
    for _ in 0..2 {
        let predictions = model.forward(&inputs);
        MeanSquaredError.gradient_to(predictions, &targets, &mut gradient);
        let mut input_gradient = Tensor::default();
        model.backward_to(&inputs, &gradient, &mut input_gradient);
        for (layer, outputs) in outputs.iter().enumerate() {
            assert_eq!(*model.layer_outputs(layer), *outputs, "layer {layer}");
        }
        assert_eq!(model.outputs(), outputs.last().unwrap());
        assert_eq!(input_gradient, expected);
        let (found, expected) = (gradients(&model), gradients(by_hand.as_slice()));
        let largest = expected.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).abs() <= 1e-13 * largest, "{found} {expected}");
        }
        model.forward(&few);
        assert_eq!(model.layer_outputs(1).nrows(), 10);
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    fn train<T: Scalar>(threads: usize) -> Vec<f64> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let (inputs, targets) = batch::<T>();
        let mut model = Model::from_layers(2, layers()).unwrap();
        let mut adam = Adam::new(LearningRate::constant(0.01).unwrap());
        pool.install(|| {
            for _ in 0..5 {
                model.train_step(&inputs, &targets, &MeanSquaredError, &mut adam).unwrap();
            }
        });
        let mut values = gradients(&model);
        model.for_each_parameter(&mut |parameter| {
            values.extend(parameter.value.iter().map(|value| value.to_f64()));
        });
        values
    }
    for threads in [2, 3, 8] {
        assert!(train::<f32>(threads) == train::<f32>(1), "f32, {threads} threads");
        assert!(train::<f64>(threads) == train::<f64>(1), "f64, {threads} threads");
    }
}

/// A dropout draws one mask after another, so its batch is not divided.
#[test]
fn a_batch_with_dropout_is_passed_as_a_whole() {
    let (inputs, _) = batch::<f64>();
    let mut dropout = Dropout::new(0.5, ChaCha8Rng::seed_from_u64(1)).unwrap();
    let mut model = Model::new(2).then(dropout.clone()).unwrap();
    let mut expected = Tensor::default();
    for _ in 0..2 {
        dropout.forward_to(&inputs, &mut expected);
        assert_eq!(*model.forward(&inputs), expected);
    }
}

/// A layer that says nothing about its rows gets the whole batch.
#[test]
fn a_batch_of_a_layer_that_may_mix_rows_is_passed_as_a_whole() {
    let (inputs, _) = batch::<f64>();
    let layer = PassOn::new(Description::new("pass_on"), Vec::new());
    let batches = layer.batches.clone();
    Model::new(2).then(layer).unwrap().forward(&inputs);
    assert_eq!(*batches.lock().unwrap(), [inputs]);
}

#[test]
fn parameters_may_change_between_two_batches() {
    let (inputs, targets) = batch::<f64>();
    let change = |parameter: &mut Parameter<f64>| {
        parameter.value.add_scalar_mut(0.25);
        parameter.set_penalty(Penalty::l2(0.1).unwrap());
    };
    let mut by_hand = layers();
    by_hand.for_each_parameter_mut(&mut |parameter| change(parameter));
    whole(&mut by_hand, &inputs, &targets);

    let mut model = Model::from_layers(2, layers()).unwrap();
    let mut gradient = Tensor::default();
    let mut pass = |model: &mut Model<f64>| {
        MeanSquaredError.gradient_to(model.forward(&inputs), &targets, &mut gradient);
        model.backward(&inputs, &gradient);
    };
    pass(&mut model);
    let mut copy = model.clone();
    model.for_each_parameter_mut(&mut |parameter| change(parameter));
    pass(&mut model);
    for (found, expected) in gradients(&model).iter().zip(gradients(by_hand.as_slice())) {
        assert!((found - expected).abs() <= 1e-13, "{found} {expected}");
    }
    // The copy has the old parameters, its last pass, and parts that are not shared.
    assert_eq!(copy.layer_outputs(0).nrows(), ROWS);
    let before = gradients(&copy);
    pass(&mut copy);
    assert_eq!(gradients(&copy), before);
    model.clear_pass();
    assert!(model.outputs().is_empty() && model.layer_outputs(0).is_empty());
    assert_eq!(gradients(&model).len(), before.len());
}

#[test]
fn diagnostics_are_those_of_all_rows() {
    let (mut inputs, _) = batch::<f64>();
    // The only unit is 0 for all rows but the last one.
    inputs.fill(-1.0);
    inputs[(ROWS - 1, 0)] = 5.0;
    let weights = Tensor::from_element(2, 1, 1.0);
    let dense = Dense::from_parameters(weights, Tensor::zeros(1, 1)).unwrap().activation(Relu);
    let mut model = Model::new(2).then(dense).unwrap();
    model.forward(&inputs);
    assert_eq!(model.diagnostics().layers[0].dead_units, Some(0.0));
    inputs[(ROWS - 1, 0)] = 0.0;
    model.forward(&inputs);
    assert_eq!(model.diagnostics().layers[0].dead_units, Some(1.0));
}

#[test]
#[should_panic(expected = "inputs of the backward pass: expected 5003x2, found 5003x1")]
fn other_inputs_are_refused_on_the_way_back() {
    let (inputs, targets) = batch::<f64>();
    let mut model = Model::from_layers(2, layers()).unwrap();
    model.forward(&inputs);
    model.backward(&inputs.columns(0, 1).into_owned(), &targets);
}

#[test]
fn what_is_wrong_in_one_part_is_found() {
    let (mut inputs, targets) = batch::<f64>();
    inputs[(ROWS - 1, 0)] = 1e300;
    let weights = Tensor::from_element(2, 3, 1.0);
    let dense = Dense::from_parameters(weights, Tensor::zeros(1, 3)).unwrap();
    let mut model = Model::new(2).then(dense).unwrap();
    let mut adam = Adam::new(LearningRate::constant(0.01).unwrap());
    let error = model.train_step(&inputs, &targets, &MeanSquaredError, &mut adam).unwrap_err();
    assert!(matches!(error, TrainError::NonFiniteLoss { .. }), "{error}");
    assert_eq!(model.layer_outputs(0).nrows(), ROWS);
}
