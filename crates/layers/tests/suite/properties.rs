//! What layers promise besides their derivatives.

use nnfs_activations::{Activation, LeakyRelu, Linear, Relu, Sigmoid, Tanh};
use nnfs_layers::{Dense, Distribution, Dropout, Initializer, InitializerError, LayerError};
use nnfs_tensor::{Elementwise, Layer, Penalty, Scalar, Tensor, Trainable};
use nnfs_testing::{backward, forward, predict};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn draw<T: Scalar>(rows: usize, columns: usize, seed: u64) -> Tensor<T> {
    Initializer::normal(1.0).unwrap().weights(rows, columns, &mut rng(seed))
}

/// Dense with an activation, and dense followed by the activation as a layer, from one seed.
fn fused_and_separate_agree<T: Scalar, F: Elementwise<T> + Copy + 'static>(
    function: F,
    (samples, width, units): (usize, usize, usize),
    seed: u64,
) -> Result<(), TestCaseError> {
    let dense = || {
        Dense::<T>::from_parameters(draw(width, units, seed), draw(1, units, seed + 1))
            .unwrap()
            .weight_penalty(Penalty::new(0.1, 0.2).unwrap())
    };
    let (inputs, gradient) = (draw(samples, width, seed + 2), draw(samples, units, seed + 3));

    let mut fused = dense().activation(function);
    let (mut separate, mut activation) = (dense(), Activation::new(function));
    let y = forward(&mut fused, &inputs);
    let z = forward(&mut separate, &inputs);
    prop_assert_eq!(&y, &forward(&mut activation, &z));

    let input_gradient = backward(&mut fused, &inputs, &y, &gradient);
    let delta = backward(&mut activation, &z, &y, &gradient);
    prop_assert_eq!(&input_gradient, &backward(&mut separate, &inputs, &z, &delta));
    prop_assert_eq!(&fused.weights().gradient, &separate.weights().gradient);
    prop_assert_eq!(&fused.biases().gradient, &separate.biases().gradient);

    // Without the gradient of the inputs, those of the parameters are the same.
    let mut first = dense().activation(function);
    first.backward_to(&inputs, &y, &gradient, None);
    prop_assert_eq!(&first.weights().gradient, &fused.weights().gradient);
    prop_assert_eq!(&first.biases().gradient, &fused.biases().gradient);
    prop_assert_eq!(predict(&fused, &inputs), y);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/properties.proptest-regressions",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn dense_with_an_activation_gives_the_bits_of_two_layers(
        samples in 1..80_usize, width in 1..40_usize, units in 1..40_usize, seed in 0..u64::MAX - 9,
    ) {
        let shape = (samples, width, units);
        fused_and_separate_agree::<f32, _>(Relu, shape, seed)?;
        fused_and_separate_agree::<f64, _>(Relu, shape, seed)?;
        fused_and_separate_agree::<f32, _>(LeakyRelu::default(), shape, seed)?;
        fused_and_separate_agree::<f32, _>(Sigmoid, shape, seed)?;
        fused_and_separate_agree::<f64, _>(Tanh, shape, seed)?;
        fused_and_separate_agree::<f32, _>(Linear, shape, seed)?;
    }

    #[test]
    fn a_permutation_of_the_batch_permutes_the_outputs_and_keeps_the_gradients(
        samples in 1..20_usize, seed in 0..u64::MAX - 9,
    ) {
        let mut dense = Dense::<f64>::new(3, 4, Initializer::HeNormal, &mut rng(seed)).unwrap()
            .activation(Relu);
        let (inputs, gradient) = (draw::<f64>(samples, 3, seed + 1), draw(samples, 4, seed + 2));
        let order: Vec<usize> = (0..samples).map(|row| (row * 7 + 3) % samples).rev().collect();
        // 7 and the number of samples may share a factor; then this is no permutation.
        prop_assume!(samples % 7 != 0);

        let outputs = forward(&mut dense, &inputs);
        let input_gradient = backward(&mut dense, &inputs, &outputs, &gradient);
        let weights = dense.weights().gradient.clone();
        let biases = dense.biases().gradient.clone();

        let (inputs, gradient) = (inputs.select_rows(&order), gradient.select_rows(&order));
        let permuted = forward(&mut dense, &inputs);
        prop_assert_eq!(&permuted, &outputs.select_rows(&order));
        let permuted = backward(&mut dense, &inputs, &permuted, &gradient);
        prop_assert_eq!(permuted, input_gradient.select_rows(&order));
        prop_assert!((&dense.weights().gradient - weights).amax() < 1e-12);
        prop_assert!((&dense.biases().gradient - biases).amax() < 1e-12);
    }

    #[test]
    fn dropout_drops_or_scales_and_prediction_does_nothing(rate in 0.0..0.95, seed: u64) {
        let inputs = draw::<f64>(20, 5, seed);
        let mut dropout = Dropout::new(rate, rng(seed)).unwrap();
        let kept = 1.0 / (1.0 - rate);
        for (&output, &input) in forward(&mut dropout, &inputs).iter().zip(&inputs) {
            prop_assert!(output == 0.0 || output == input * kept);
        }
        prop_assert_eq!(predict(&dropout, &inputs), inputs);
    }

    #[test]
    fn names_of_initializers_read_back(deviation in 0.0..10.0) {
        for initializer in [
            Initializer::normal(deviation).unwrap(),
            Initializer::Zeros,
            Initializer::GlorotUniform,
            Initializer::GlorotNormal,
            Initializer::HeUniform,
            Initializer::HeNormal,
        ] {
            prop_assert_eq!(initializer.to_string().parse(), Ok(initializer));
        }
    }
}

#[test]
fn dropout_keeps_the_mean() {
    // The mean of n values is off by no more than 5 of its standard deviations.
    let (rate, count) = (0.3_f64, 100_000);
    let mut dropout = Dropout::<f64>::new(rate, rng(0)).unwrap();
    let outputs = forward(&mut dropout, &Tensor::from_element(count, 1, 1.0));
    let deviation = (rate / (1.0 - rate) / count as f64).sqrt();
    assert!((outputs.mean() - 1.0).abs() < 5.0 * deviation, "{}", outputs.mean());
    let dropped = outputs.iter().filter(|&&output| output == 0.0).count() as f64 / count as f64;
    assert!((dropped - rate).abs() < 0.01, "{dropped}");
}

#[test]
fn dropout_draws_a_new_mask_each_time_and_the_same_ones_from_the_same_seed() {
    let inputs = Tensor::from_element(50, 4, 1.0_f32);
    let mut first = Dropout::new(0.5, rng(7)).unwrap();
    let mut second = Dropout::new(0.5, rng(7)).unwrap();
    let before = forward(&mut first, &inputs);
    assert_eq!(forward(&mut second, &inputs), before);
    assert_ne!(forward(&mut first, &inputs), before);
    // A copy draws the same masks as its original.
    let mut copy = first.clone();
    assert_eq!(copy.description(), first.description());
    assert_eq!(forward(&mut copy, &inputs), forward(&mut first, &inputs));
    forward(&mut second, &inputs);
    assert_ne!(first.description(), Dropout::<f32>::new(0.5, rng(7)).unwrap().description());
    forward(&mut second, &inputs);
    assert_eq!(first.description(), second.description());
}

/// Mean 0 and the promised spread, within 5 standard errors.
#[test]
fn initializers_have_the_spread_that_they_promise() {
    let (fan_in, fan_out) = (300_usize, 200_usize);
    let (inputs, outputs) = (fan_in as f64, fan_out as f64);
    let glorot = (2.0 / (inputs + outputs)).sqrt();
    let he = (2.0 / inputs).sqrt();
    for (initializer, expected) in [
        (Initializer::normal(0.1).unwrap(), 0.1),
        (Initializer::GlorotUniform, glorot),
        (Initializer::GlorotNormal, glorot),
        (Initializer::HeUniform, he),
        (Initializer::HeNormal, he),
    ] {
        let weights = initializer.weights::<f64>(fan_in, fan_out, &mut rng(1));
        let count = weights.len() as f64;
        assert!(weights.mean().abs() < 5.0 * expected / count.sqrt(), "{initializer}");
        let deviation = weights.variance().sqrt();
        assert!((deviation / expected - 1.0).abs() < 5.0 / (2.0 * count).sqrt(), "{initializer}");
        if let Distribution::Uniform(limit) = initializer.distribution(fan_in, fan_out) {
            assert!(weights.amax() <= limit && weights.amax() > 0.99 * limit, "{initializer}");
        }
        assert_eq!(weights, initializer.weights(fan_in, fan_out, &mut rng(1)));
        assert_ne!(weights, initializer.weights(fan_in, fan_out, &mut rng(2)));
    }
    assert_eq!(Initializer::Zeros.weights::<f32>(2, 3, &mut rng(0)), Tensor::zeros(2, 3));
}

#[test]
fn bad_settings_are_typed_errors() {
    for rate in [-0.1, 1.0, 1.5, f64::NAN] {
        let error = Dropout::<f32>::new(rate, rng(0)).unwrap_err();
        assert_eq!(error.name, "dropout rate");
    }
    let normal = |standard_deviation| Initializer::Normal { standard_deviation };
    let new = |inputs, outputs, initializer| {
        Dense::<f32>::new(inputs, outputs, initializer, &mut rng(0)).unwrap_err()
    };
    assert!(matches!(new(0, 4, Initializer::Zeros), LayerError::Shape(_)));
    assert!(matches!(new(4, 0, Initializer::Zeros), LayerError::Shape(_)));
    assert!(matches!(new(4, 4, normal(-1.0)), LayerError::Setting(_)));
    assert!(matches!(new(4, 4, normal(f64::NAN)), LayerError::Setting(_)));
    let biases = Tensor::zeros(1, 3);
    let error = Dense::<f32>::from_parameters(Tensor::zeros(2, 4), biases).unwrap_err();
    assert_eq!(error.to_string(), "biases of Dense: expected 1x4, found 1x3");

    for text in ["", "normal", "normal:", "normal:x", "Glorot", "he"] {
        let error = text.parse::<Initializer>().unwrap_err();
        assert_eq!(error, InitializerError::Unknown(text.to_owned()));
    }
    for text in ["normal:-1", "normal:inf", "normal:nan"] {
        let error = text.parse::<Initializer>().unwrap_err();
        assert!(matches!(error, InitializerError::Deviation(_)), "{text}: {error}");
    }
}

#[test]
#[should_panic(expected = "inputs of Dense: expected 3x2, found 3x4")]
fn inputs_of_a_wrong_width_panic_with_both_shapes() {
    let mut dense = Dense::<f32>::new(2, 5, Initializer::Zeros, &mut rng(0)).unwrap();
    forward(&mut dense, &Tensor::zeros(3, 4));
}

#[test]
#[should_panic(expected = "gradients are 3x4, but outputs of Dense are 3x5")]
fn a_gradient_of_a_wrong_shape_panics_with_both_shapes() {
    let mut dense = Dense::<f32>::new(2, 5, Initializer::Zeros, &mut rng(0)).unwrap();
    let inputs = Tensor::zeros(3, 2);
    let outputs = forward(&mut dense, &inputs);
    backward(&mut dense, &inputs, &outputs, &Tensor::zeros(3, 4));
}

#[test]
fn a_description_says_everything_that_makes_the_layer() {
    let dense = Dense::<f32>::new(2, 5, Initializer::Zeros, &mut rng(0)).unwrap();
    assert_eq!(dense.description().to_string(), "dense");
    let dense = dense
        .activation(LeakyRelu::new(0.2).unwrap())
        .weight_penalty(Penalty::l2(5e-4).unwrap())
        .bias_penalty(Penalty::l1(1e-3).unwrap());
    assert_eq!(
        dense.description().to_string(),
        "dense (activation leaky_relu (slope 0.2), bias_l1 0.001, weight_l2 0.0005)"
    );
    assert_eq!(dense.description().widths, Some((2, 5)));
    assert_eq!(dense.parameter_count(), 15);
}

#[test]
fn layers_show_their_settings() {
    let dense = Dense::<f64>::new(2, 5, Initializer::HeNormal, &mut rng(0)).unwrap();
    assert!(Layer::activation(&dense).is_none());
    let function = dense.activation(Tanh);
    let function = Layer::activation(&function).map(|function| function.description().kind);
    assert_eq!(function.as_deref(), Some("tanh"));
    assert_eq!(Dropout::<f64>::new(0.3, rng(0)).unwrap().rate(), 0.3);
}

#[test]
fn dropout_passes_a_single_row_on() {
    let dropout = Dropout::<f64>::new(0.5, rng(0)).unwrap();
    let mut outputs = [0.0; 3];
    dropout.row_layer().predict_row(&[1.0, -2.0, 0.5], &mut outputs);
    assert_eq!(outputs, [1.0, -2.0, 0.5]);
}

#[test]
fn no_weights_are_drawn_for_no_inputs() {
    for initializer in [Initializer::HeNormal, Initializer::GlorotUniform, Initializer::HeUniform] {
        assert_eq!(initializer.weights::<f64>(0, 3, &mut rng(0)).shape(), (0, 3));
        assert_eq!(initializer.weights::<f64>(0, 0, &mut rng(0)).shape(), (0, 0));
    }
}
