//! What a model promises: the same as its layers by hand, and prediction without state.

use nnfs::gradcheck::GradientCheck;
use nnfs::model::Workspace;
use nnfs::numpy::NumpyScalar;
use nnfs::prelude::*;
use nnfs::tensor::softmax_rows_to;
use nnfs_testing::gradient;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

pub(crate) fn draw<T: Scalar>(rows: usize, columns: usize, seed: u64) -> Tensor<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Initializer::normal(1.0).unwrap().weights(rows, columns, &mut rng)
}

pub(crate) fn dense<T: Scalar>(inputs: usize, outputs: usize, seed: u64) -> Dense<T> {
    Dense::from_parameters(draw(inputs, outputs, seed), draw(1, outputs, seed + 1)).unwrap()
}

/// 2-5-3 with a ReLU and penalties.
pub(crate) fn model<T: Scalar>(seed: u64) -> Model<T> {
    let penalty = Penalty::new(1e-3, 1e-2).unwrap();
    Model::new(2)
        .then(dense(2, 5, seed).activation(Relu).weight_penalty(penalty))
        .unwrap()
        .then(dense(5, 3, seed + 9).bias_penalty(penalty))
        .unwrap()
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
    let mut adam = Adam::new(LearningRate::inverse_time(0.01, 1e-2).unwrap());
    let (x, y) = (inputs, targets);
    let [mut z1, mut a1, mut p] = std::array::from_fn(|_| Tensor::default());
    let [mut dz1, mut da1, mut dp] = std::array::from_fn(|_| Tensor::default());
    let mut step = || {
        dense1.forward_to(x, &mut z1);
        relu.forward_to(&z1, &mut a1);
        dense2.forward_to(&a1, &mut p);
        let loss = MeanSquaredError.value(&p, y) + (dense1.penalty() + dense2.penalty());
        MeanSquaredError.gradient_to(&p, y, &mut dp);
        dense2.backward_to(&a1, &p, &dp, Some(&mut da1));
        relu.backward_to(&z1, &a1, &da1, Some(&mut dz1));
        dense1.backward_to(x, &z1, &dz1, None);
        adam.step(&mut [&mut dense1 as &mut dyn Trainable<T>, &mut dense2]);
        loss
    };
    (0..10).map(|_| step()).collect()
}

fn by_hand_and_by_model_agree<T: Scalar>(samples: usize, seed: u64) -> Result<(), TestCaseError> {
    let (inputs, targets) = (draw::<T>(samples, 2, seed + 50), draw(samples, 3, seed + 51));
    let mut model = self::model(seed);
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
        let mut model = self::model::<f32>(seed);
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
            let mut model = self::model(seed);
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
        let mut model = self::model::<f64>(seed);
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
    let model = self::model::<f32>(0);
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
    let summary = Model::<f32>::new(1)
        .then(dense(1, 64, 0).activation(Relu))
        .unwrap()
        .then(Dropout::new(0.1, rng).unwrap())
        .unwrap()
        .then(dense(64, 1, 1))
        .unwrap()
        .summary();
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
fn a_copy_of_a_model_has_its_own_parameters() {
    let (inputs, targets) = (draw(4, 2, 1), draw(4, 3, 2));
    let mut original = model::<f64>(0);
    train(&mut original, &inputs, &targets);
    let mut copy = original.clone();
    let before = original.weights();
    assert_eq!(copy.weights(), before);
    // Both go on alike, each by itself.
    let losses = train(&mut copy, &inputs, &targets);
    assert_eq!(original.weights(), before);
    assert_eq!(train(&mut original, &inputs, &targets), losses);
    assert_eq!(original.weights(), copy.weights());
}

#[test]
fn weights_are_read_set_and_copied() {
    let (mut one, other) = (model::<f64>(0), model::<f64>(50));
    let weights = one.weights();
    assert_eq!(
        weights.iter().map(Tensor::shape).collect::<Vec<_>>(),
        [(2, 5), (1, 5), (5, 3), (1, 3)]
    );
    one.set_weights(&other.weights()).unwrap();
    assert_eq!(one.weights(), other.weights());
    let inputs = draw(4, 2, 1);
    assert_eq!(one.predict(&inputs).unwrap(), other.predict(&inputs).unwrap());

    let error = one.set_weights(&weights[..3]).unwrap_err();
    assert_eq!(error.expected, "2x5, 1x5, 5x3, 1x3");
    let mut wrong = weights;
    wrong[2] = Tensor::zeros(3, 5);
    let error = one.set_weights(&wrong).unwrap_err();
    assert_eq!(error.found, "2x5, 1x5, 3x5, 1x3");
    assert_eq!(one.weights(), other.weights());

    // Tensors that are used again take any shape.
    let mut copies = vec![Tensor::zeros(7, 7); 6];
    one.weights_to(&mut copies);
    assert_eq!(copies, one.weights());
}

/// dL/d(inputs) of the whole model, and dL/d(parameter) of each parameter.
#[test]
fn the_gradients_of_a_model_are_those_of_its_loss() {
    let (inputs, targets) = (draw(4, 2, 1), draw(4, 3, 2));
    let loss = |model: &Model<f64>, inputs: &Tensor<f64>| {
        MeanSquaredError.value(&model.predict(inputs).unwrap(), &targets) + model.penalty()
    };
    let mut model = model::<f64>(0);
    let predictions = model.forward(&inputs).clone();
    let mut input_gradient = Tensor::default();
    let slopes = gradient(&MeanSquaredError, &predictions, &targets);
    model.backward_to(&inputs, &slopes, &mut input_gradient);
    let check = GradientCheck::default();
    check.function(&inputs, &input_gradient, |inputs| loss(&model, inputs)).unwrap();

    let mut gradients = Vec::new();
    model.for_each_parameter(&mut |parameter| gradients.push(parameter.gradient.clone()));
    let weights = model.weights();
    for (index, gradient) in gradients.iter().enumerate() {
        let at = |values: &Tensor<f64>| {
            let (mut moved, mut weights) = (model.clone(), weights.clone());
            weights[index].copy_from(values);
            moved.set_weights(&weights).unwrap();
            loss(&moved, &inputs)
        };
        check.function(&weights[index], gradient, at).unwrap();
    }
    // `backward` alone gives the parameters the same gradients.
    let mut again = model.clone();
    again.for_each_parameter_mut(&mut |parameter| parameter.gradient.fill(f64::NAN));
    again.backward(&inputs, &slopes);
    let mut index = 0;
    again.for_each_parameter(&mut |parameter| {
        assert_eq!(parameter.gradient, gradients[index]);
        index += 1;
    });
}

/// The data of the book is float64, and so is its softmax.
#[test]
fn softmax_keeps_the_kind_of_the_books_numbers() {
    let x = [0.1, 0.7, -1.3];
    let logits = Tensor::from_fn(1, 3, |_, column| NumpyScalar::data(x[column]));
    let mut probabilities = Tensor::default();
    softmax_rows_to(&logits, &mut probabilities);
    let exponentials = x.map(|x| (NumpyScalar::data(x) - NumpyScalar::data(0.7)).exp().to_f64());
    let sum: f64 = exponentials.iter().sum();
    for (probability, exponential) in probabilities.iter().zip(exponentials) {
        assert_eq!(probability.to_f64(), exponential / sum);
    }
}
