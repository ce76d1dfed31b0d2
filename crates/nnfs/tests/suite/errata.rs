//! One test for each entry of docs/errata.md, in its order: what the chapter does, and what this
//! workspace does instead.

use nnfs::datasets::{sine, spiral};
use nnfs::metrics::{Tolerance, accuracy_within};
use nnfs::numpy::{NumpyScalar, RandomState};
use nnfs::prelude::*;
use nnfs_testing::gradient;

/// 1. The chapter's gradient of the mean absolute error has the wrong sign: following it, the
///    loss grows.
#[test]
fn e1_the_sign_of_mean_absolute_error() {
    let targets = Tensor::from_column_slice(3, 1, &[0.0, 1.0, -2.0]);
    let predictions = Tensor::from_column_slice(3, 1, &[0.5, 0.5, -1.0]);
    let mae = MeanAbsoluteError;
    let before = mae.value(&predictions, &targets);

    let gradient = gradient(&mae, &predictions, &targets);
    assert!(mae.value(&(&predictions - 0.1 * gradient), &targets) < before);

    // np.sign(y_true - dvalues) / outputs / samples
    let chapter = (&targets - &predictions).map(|error: f64| error.signum() / 1.0 / 3.0);
    assert!(mae.value(&(&predictions - 0.1 * chapter), &targets) > before);
}

/// 2. Run 5 is said to start from weights of 0.01, but its listing starts from 0.1.
#[test]
fn e2_the_listing_of_run_5_is_that_of_run_9() {
    let first_line = |scale: f64| {
        let (x, y) = sine::<NumpyScalar>(1000);
        let mut random = RandomState::new(0);
        let mut dense = |inputs: usize, outputs: usize| {
            let scale = NumpyScalar::from_f64(scale);
            let draw = |_| scale * NumpyScalar::float32(random.standard_normal());
            let weights: Vec<_> = (0..inputs * outputs).map(draw).collect();
            let biases = Tensor::from_element(1, outputs, NumpyScalar::float32(0.0));
            Dense::from_parameters(Tensor::from_row_slice(inputs, outputs, &weights), biases)
        };
        let predictions = Model::new(1)
            .then(dense(1, 64).unwrap().activation(Relu))
            .unwrap()
            .then(dense(64, 64).unwrap().activation(Relu))
            .unwrap()
            .then(dense(64, 1).unwrap())
            .unwrap()
            .predict(&x)
            .unwrap();
        let loss = MeanSquaredError.value(&predictions, &y);
        let tolerance = Tolerance::from_targets(&y, Tolerance::CHAPTER_DIVISOR).unwrap();
        let accuracy = accuracy_within(&predictions, &y, tolerance).unwrap();
        format!("acc: {accuracy:.3}, loss: {loss:.3}")
    };
    assert_eq!(first_line(0.01), "acc: 0.002, loss: 0.500");
    // What the chapter prints under run 5, and under run 9.
    assert_eq!(first_line(0.1), "acc: 0.003, loss: 0.496");
}

/// 3. The chapter clips categorical cross-entropy forward but not backward: infinities and NaN.
#[test]
fn e3_the_clip_of_categorical_cross_entropy() {
    let predictions = Tensor::from_row_slice(1, 2, &[0.0, 1.0]);
    for targets in [[1.0, 0.0], [0.0, 1.0]] {
        let targets = Tensor::from_row_slice(1, 2, &targets);
        // -y_true / dvalues
        let chapter = (-&targets).component_div(&predictions);
        assert!(!chapter[0].is_finite(), "-1/0 is infinite, -0/0 is NaN");
        let loss = CategoricalCrossEntropy;
        assert!(gradient(&loss, &predictions, &targets).iter().all(|slope| slope.is_finite()));
    }
}

/// 4. Where the clip of binary cross-entropy binds, the loss is flat; the chapter's gradient is
///    ten million.
#[test]
fn e4_the_clip_of_binary_cross_entropy() {
    let loss = BinaryCrossEntropy;
    let target = Tensor::from_element(1, 1, 1.0);
    let at = |probability| Tensor::from_element(1, 1, probability);
    assert_eq!(loss.value(&at(0.0), &target), loss.value(&at(1e-8), &target));
    assert_eq!(gradient(&loss, &at(1e-8), &target)[0], 0.0);
    // -(y_true / clipped - (1 - y_true) / (1 - clipped))
    let chapter = -(1.0 / 1e-8_f64.clamp(1e-7, 1.0 - 1e-7));
    assert!(chapter < -9.9e6);
}

/// 5. At a weight of exactly 0 the chapter's L1 pushes by +lambda; biases start there.
#[test]
fn e5_l1_at_zero() {
    let mut biases = Parameter::new(Tensor::from_row_slice(1, 3, &[0.0, 2.0, -2.0]));
    biases.set_penalty(Penalty::l1(0.1).unwrap());
    biases.add_penalty_gradient();
    assert_eq!(biases.gradient.as_slice(), [0.0, 0.1, -0.1]);
}

/// 6. The printed learning rate is that of the update before.
#[test]
fn e6_the_printed_learning_rate() {
    let rate = LearningRate::inverse_time(0.01, 1e-3).unwrap();
    let mut adam = Adam::new(rate);
    let mut parameter = Parameter::new(Tensor::from_element(1, 1, 1.0_f32));
    for epoch in 0..=100 {
        if epoch == 100 {
            // The chapter's line for epoch 100.
            assert_eq!(adam.learning_rate(), 0.009099181073703368);
            assert_eq!(adam.learning_rate(), rate.at(99));
        }
        adam.step(&mut parameter);
    }
    assert_eq!(adam.learning_rate(), rate.at(100));
}

/// 7. The chapter's test data is its training data; the spiral experiment draws its own.
#[test]
fn e7_test_data_is_the_training_data() {
    assert_eq!(sine::<f64>(1000), sine::<f64>(1000));
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let train = spiral::<f64>(100, 3, &mut rng);
    let test = spiral::<f64>(100, 3, &mut rng);
    assert_ne!(train.inputs, test.inputs);
}

/// 8. Epsilon is outside the root, and momentum gathers steps, not gradients.
#[test]
fn e8_conventions_of_the_optimizers() {
    let step = |optimizer: &mut dyn Optimizer<f64>, parameter: &mut Parameter<f64>, gradient| {
        parameter.gradient[0] = gradient;
        let before = parameter.value[0];
        optimizer.step(parameter);
        parameter.value[0] - before
    };
    // The first step of Adam is rate * g / (|g| + epsilon), not rate * g / sqrt(g^2 + epsilon).
    let mut parameter = Parameter::new(Tensor::zeros(1, 1));
    let mut adam = Adam::new(LearningRate::constant(1.0).unwrap());
    let moved = step(&mut adam, &mut parameter, 1e-7);
    assert!((moved + 0.5).abs() < 1e-6, "{moved}");

    // The rate falls by 10 after the first step. The velocity is still that of the old rate.
    let mut parameter = Parameter::new(Tensor::zeros(1, 1));
    let rate = LearningRate::new(1.0, Schedule::Step { every: 1, factor: 0.1 }).unwrap();
    let mut sgd = Sgd::new(rate).momentum(0.9);
    assert_eq!(step(&mut sgd, &mut parameter, 1.0), -1.0);
    // PyTorch would move by -0.09.
    let moved = step(&mut sgd, &mut parameter, 0.0);
    assert!((moved + 0.9).abs() < 1e-12, "{moved}");
}
