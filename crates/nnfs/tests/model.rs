//! What a model promises: the same as its layers by hand, prediction without state, and typed
//! errors for everything that a user can get wrong.

use nnfs::model::{ModelError, TrainError, Workspace};
use nnfs::numpy::NumpyScalar;
use nnfs::prelude::*;
use nnfs_testing::gradient;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

fn draw<T: Scalar>(rows: usize, columns: usize, seed: u64) -> Tensor<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Initializer::normal(1.0).unwrap().weights(rows, columns, &mut rng)
}

fn dense<T: Scalar>(inputs: usize, outputs: usize, seed: u64) -> Dense<T> {
    Dense::from_parameters(draw(inputs, outputs, seed), draw(1, outputs, seed + 1)).unwrap()
}

/// 2-5-3, smooth or not, with a penalty.
fn layers<T: Scalar>(seed: u64) -> Vec<Box<dyn Layer<T>>> {
    let penalty = Penalty::new(1e-3, 1e-2).unwrap();
    vec![
        Box::new(dense(2, 5, seed).activation(Relu).weight_penalty(penalty)),
        Box::new(dense(5, 3, seed + 9).bias_penalty(penalty)),
    ]
}

fn train<T: Scalar>(model: &mut Model<T>, inputs: &Tensor<T>, targets: &Tensor<T>) -> Vec<f64> {
    let mse = MeanSquaredError;
    let mut adam = Adam::new(LearningRate::inverse_time(0.01, 1e-2).unwrap());
    let mut step = || model.train_step(inputs, targets, &mse, &mut adam).unwrap().loss();
    (0..10).map(|_| step()).collect()
}

/// The chapter's lines, without a model, a separate layer for each activation.
fn train_by_hand<T: Scalar>(inputs: &Tensor<T>, targets: &Tensor<T>, seed: u64) -> Vec<f64> {
    let penalty = Penalty::new(1e-3, 1e-2).unwrap();
    let mut dense1 = dense(2, 5, seed).weight_penalty(penalty);
    let mut relu = Activation::new(Relu);
    let mut dense2 = dense(5, 3, seed + 9).bias_penalty(penalty);
    let (mse, mut gradient) = (MeanSquaredError, Tensor::default());
    let mut adam = Adam::new(LearningRate::inverse_time(0.01, 1e-2).unwrap());
    let mut step = || {
        dense1.forward(inputs);
        relu.forward(dense1.outputs());
        dense2.forward(relu.outputs());
        let loss = mse.value(dense2.outputs(), targets) + (dense1.penalty() + dense2.penalty());
        mse.gradient_to(dense2.outputs(), targets, &mut gradient);
        dense2.backward(relu.outputs(), &gradient);
        relu.backward(dense1.outputs(), dense2.input_gradient());
        dense1.backward(inputs, relu.input_gradient());
        adam.step(&mut [&mut dense1 as &mut dyn Trainable<T>, &mut dense2]);
        loss
    };
    (0..10).map(|_| step()).collect()
}

fn by_hand_and_by_model_agree<T: Scalar>(samples: usize, seed: u64) -> Result<(), TestCaseError> {
    let (inputs, targets) = (draw::<T>(samples, 2, seed + 50), draw(samples, 3, seed + 51));
    let mut model = Model::new(2, layers(seed)).unwrap();
    prop_assert_eq!(train(&mut model, &inputs, &targets), train_by_hand(&inputs, &targets, seed));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/model.proptest-regressions",
        ))),
        ..ProptestConfig::default()
    })]

    /// The same code with three scalars; the losses are equal to the last bit.
    #[test]
    fn a_model_is_its_layers_by_hand(samples in 1..30_usize, seed in 0..u64::MAX - 99) {
        by_hand_and_by_model_agree::<f32>(samples, seed)?;
        by_hand_and_by_model_agree::<f64>(samples, seed)?;
        by_hand_and_by_model_agree::<NumpyScalar>(samples, seed)?;
    }

    #[test]
    fn predict_equals_forward_without_dropout(samples in 1..30_usize, seed in 0..u64::MAX - 99) {
        let mut model = Model::<f32>::new(2, layers(seed)).unwrap();
        let inputs = draw(samples, 2, seed + 50);
        let predictions = model.predict(&inputs).unwrap();
        prop_assert_eq!(model.forward(&inputs), &predictions);

        // A workspace and an output that have served another batch change nothing.
        let (mut workspace, mut reused) = (Workspace::default(), Tensor::default());
        model.predict_to(&draw(40, 2, seed), &mut workspace, &mut reused).unwrap();
        model.predict_to(&inputs, &mut workspace, &mut reused).unwrap();
        prop_assert_eq!(reused, predictions);
    }

    #[test]
    fn a_permutation_of_the_batch_leaves_loss_and_parameter_gradients(
        samples in 1..20_usize, seed in 0..u64::MAX - 99,
    ) {
        let (inputs, targets) = (draw::<f64>(samples, 2, seed + 50), draw(samples, 3, seed + 51));
        let order: Vec<usize> = (0..samples).rev().collect();
        let run = |inputs: &Tensor<f64>, targets: &Tensor<f64>| {
            let mut model = Model::new(2, layers(seed)).unwrap();
            let mse = MeanSquaredError;
            let outputs = model.forward(inputs).clone();
            let loss = mse.value(&outputs, targets);
            model.backward(inputs, &gradient(&mse, &outputs, targets));
            let mut gradients = Vec::new();
            model.for_each_parameter(&mut |parameter| gradients.push(parameter.gradient.clone()));
            (outputs, loss, gradients)
        };
        let (outputs, loss, gradients) = run(&inputs, &targets);
        let (permuted, permuted_loss, permuted_gradients) =
            run(&inputs.select_rows(&order), &targets.select_rows(&order));
        prop_assert_eq!(permuted, outputs.select_rows(&order));
        prop_assert!((permuted_loss - loss).abs() < 1e-12 * loss);
        for (one, other) in permuted_gradients.iter().zip(&gradients) {
            prop_assert!((one - other).amax() < 1e-12 * (1.0 + other.amax()));
        }
    }

    /// (That its gradient is the derivative of this term is proved in the crate of the layers.)
    #[test]
    fn penalty_is_the_term_added_to_the_loss(seed in 0..u64::MAX - 99) {
        let (inputs, targets) = (draw::<f64>(6, 2, seed + 50), draw(6, 3, seed + 51));
        let mut model = Model::<f64>::new(2, layers(seed)).unwrap();
        let mut expected = 0.0;
        for (index, layer) in model.layers().iter().enumerate() {
            let mut parameters = Vec::new();
            layer.for_each_parameter(&mut |parameter| parameters.push(parameter.value.clone()));
            let penalized = &parameters[index];
            expected += 1e-3 * penalized.iter().map(|w| w.abs()).sum::<f64>();
            expected += 1e-2 * penalized.iter().map(|w| w * w).sum::<f64>();
        }
        let mut sgd = Sgd::new(LearningRate::constant(0.0).unwrap());
        let step =
            model.train_step(&inputs, &targets, &MeanSquaredError, &mut sgd).unwrap();
        prop_assert!((step.penalty - expected).abs() < 1e-12 * expected);
        prop_assert_eq!(step.loss(), step.data_loss + step.penalty);
    }
}

#[test]
fn a_model_can_be_shared_between_threads() {
    fn check<T: Send + Sync>(_: &T) {}
    let model = Model::<f32>::new(2, layers(0)).unwrap();
    check(&model);
    let inputs = draw(4, 2, 1);
    let expected = model.predict(&inputs).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| assert_eq!(model.predict(&inputs).unwrap(), expected));
        }
    });
}

#[test]
fn a_summary_has_shapes_and_parameter_counts() {
    let rng = ChaCha8Rng::seed_from_u64(0);
    let layers: Vec<Box<dyn Layer<f32>>> = vec![
        Box::new(dense(1, 64, 0).activation(Relu)),
        Box::new(Dropout::new(0.1, rng).unwrap()),
        Box::new(dense(64, 1, 1)),
    ];
    let summary = Model::new(1, layers).unwrap().summary();
    assert_eq!(summary.parameters(), 193);
    let expected = [
        "layer                    inputs  outputs      shapes  parameters",
        "dense (activation relu)       1       64  1x64, 1x64         128",
        "dropout (rate 0.1)           64       64                       0",
        "dense                        64        1   64x1, 1x1          65",
        "total                                                        193",
        "",
    ];
    assert_eq!(summary.to_string(), expected.join("\n"));
}

#[test]
fn layers_that_do_not_chain_are_refused() {
    assert_eq!(Model::<f32>::new(1, Vec::new()).unwrap_err(), ModelError::Empty);
    let layers: Vec<Box<dyn Layer<f32>>> = vec![Box::new(Activation::new(Relu))];
    assert_eq!(Model::new(0, layers).unwrap_err(), ModelError::NoInputs);
    let layers: Vec<Box<dyn Layer<f32>>> =
        vec![Box::new(dense(2, 5, 0)), Box::new(Activation::new(Relu)), Box::new(dense(4, 1, 1))];
    let error = Model::new(2, layers).unwrap_err();
    assert!(matches!(error, ModelError::Chain { index: 2, .. }));
    assert_eq!(
        error.to_string(),
        "layer 2 (dense) does not chain: width of the inputs of Dense: expected 4, found 5"
    );
    let error = Model::<f32>::new(3, vec![Box::new(dense(2, 5, 0))]).unwrap_err();
    assert!(matches!(error, ModelError::Chain { index: 0, .. }));
}

/// The parameters, to see that a refused step has not moved them.
fn parameters<T: Scalar>(model: &Model<T>) -> Vec<Tensor<T>> {
    let mut parameters = Vec::new();
    model.for_each_parameter(&mut |parameter| parameters.push(parameter.value.clone()));
    parameters
}

/// A step of a 2-5-3 network that is refused, and leaves the parameters alone.
fn refused(inputs: &Tensor<f32>, targets: &Tensor<f32>) -> String {
    let mut model = Model::new(2, layers(0)).unwrap();
    let before = parameters(&model);
    let mut adam = Adam::new(LearningRate::constant(0.1).unwrap());
    let error = model.train_step(inputs, targets, &MeanSquaredError, &mut adam).unwrap_err();
    assert_eq!(parameters(&model), before);
    error.to_string()
}

#[test]
fn bad_batches_are_typed_errors() {
    let (inputs, targets) = (Tensor::zeros(4, 2), Tensor::zeros(4, 3));
    assert_eq!(
        refused(&Tensor::zeros(4, 1), &targets),
        "columns of the inputs: expected 2, found 1"
    );
    // One column of targets is never stretched over three columns of predictions.
    assert_eq!(refused(&inputs, &Tensor::zeros(4, 1)), "targets: expected 4x3, found 4x1");
    assert_eq!(refused(&inputs, &Tensor::zeros(3, 3)), "targets: expected 4x3, found 3x3");
    assert_eq!(
        refused(&Tensor::zeros(0, 2), &Tensor::zeros(0, 3)),
        "a batch needs at least one sample, found none"
    );
    let mut bad = inputs.clone();
    bad[(2, 1)] = f32::NAN;
    assert_eq!(
        refused(&bad, &targets),
        "inputs must be finite, found NaN in row 2, column 1 (from 0)"
    );
    let mut bad = targets.clone();
    bad[(3, 0)] = f32::INFINITY;
    assert_eq!(
        refused(&inputs, &bad),
        "targets must be finite, found inf in row 3, column 0 (from 0)"
    );
    // Finite data, but the square of the error is not.
    let message = refused(&inputs, &Tensor::from_element(4, 3, 1e30));
    assert!(message.starts_with("training diverged: loss of the data inf, penalty 0"), "{message}");
}

#[test]
fn divergence_is_an_error_and_not_a_panic() {
    let mut model = Model::<f32>::new(2, layers(0)).unwrap();
    let (inputs, targets) = (draw(8, 2, 1), draw(8, 3, 2));
    let mut sgd = Sgd::new(LearningRate::constant(1e6).unwrap());
    let mse = MeanSquaredError;
    let error = (0..1000)
        .find_map(|_| model.train_step(&inputs, &targets, &mse, &mut sgd).err())
        .expect("a learning rate of a million diverges");
    assert!(matches!(error, TrainError::NonFiniteLoss { .. }), "{error}");
}

/// Prediction 1e19, loss 1e38, and the gradient of the weight is 2e39, which `f32` does not hold.
#[test]
fn a_gradient_that_overflows_under_a_finite_loss_moves_nothing() {
    let dense = Dense::from_parameters(Tensor::from_element(1, 1, 0.1_f32), Tensor::zeros(1, 1));
    let mut model = Model::new(1, vec![Box::new(dense.unwrap())]).unwrap();
    let before = parameters(&model);
    let (inputs, targets) = (Tensor::from_element(1, 1, 1e20), Tensor::zeros(1, 1));
    let mut adam = Adam::new(LearningRate::constant(0.1).unwrap());
    let error = model.train_step(&inputs, &targets, &MeanSquaredError, &mut adam).unwrap_err();
    assert!(matches!(error, TrainError::NonFiniteGradient { layer: 0, .. }), "{error}");
    assert_eq!(parameters(&model), before);
    // The optimizer has not stepped either.
    let inputs = Tensor::from_element(1, 1, 1.0);
    model.train_step(&inputs, &targets, &MeanSquaredError, &mut adam).unwrap();
    assert!(parameters(&model).iter().flatten().all(|value| value.is_finite()));
}

#[test]
fn predict_refuses_a_wrong_width() {
    let model = Model::<f32>::new(2, layers(0)).unwrap();
    let error = model.predict(&Tensor::zeros(4, 3)).unwrap_err();
    assert_eq!(error.to_string(), "columns of the inputs: expected 2, found 3");
    assert_eq!(model.predict(&Tensor::zeros(0, 2)).unwrap().shape(), (0, 3));
}

#[test]
fn an_optimizer_of_another_network_is_a_typed_error() {
    let (inputs, targets) = (draw(4, 2, 1), draw(4, 3, 2));
    let mse = MeanSquaredError;
    let mut adam = Adam::new(LearningRate::constant(0.1).unwrap());
    let mut model = Model::<f32>::new(2, layers(0)).unwrap();
    model.train_step(&inputs, &targets, &mse, &mut adam).unwrap();

    let mut wider = Model::<f32>::new(2, vec![Box::new(dense(2, 4, 0)), Box::new(dense(4, 3, 1))]);
    let wider = wider.as_mut().unwrap();
    let error = wider.train_step(&inputs, &targets, &mse, &mut adam).unwrap_err().to_string();
    assert!(error.ends_with("expected 2x5, found 2x4"), "{error}");

    let mut shorter = Model::<f32>::new(2, vec![Box::new(dense(2, 3, 0))]).unwrap();
    let error = shorter.train_step(&inputs, &targets, &mse, &mut adam).unwrap_err();
    assert_eq!(error.to_string(), "parameters for the optimizer: expected 4, found 2");
    // The optimizer is as good as before for its own network.
    model.train_step(&inputs, &targets, &mse, &mut adam).unwrap();
}
