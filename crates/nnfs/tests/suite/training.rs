//! Every optimizer with every regression loss learns the sine, and both routes of classification
//! learn the spiral.

use nnfs::datasets::{one_hot, sine, spiral};
use nnfs::metrics::{binary_accuracy, categorical_accuracy};
use nnfs::prelude::*;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn rate(rate: f64) -> LearningRate {
    LearningRate::inverse_time(rate, 1e-3).unwrap()
}

/// Each with a learning rate that suits it.
fn optimizers() -> [Box<dyn Optimizer<f32>>; 6] {
    [
        Box::new(Sgd::new(rate(0.1))),
        Box::new(Sgd::new(rate(0.02)).momentum(0.9)),
        Box::new(AdaGrad::new(rate(0.05))),
        Box::new(RmsProp::new(rate(0.002))),
        Box::new(Adam::new(rate(0.005))),
        Box::new(AdamW::new(rate(0.005))),
    ]
}

fn losses() -> [Box<dyn Loss<f32>>; 3] {
    [Box::new(MeanSquaredError), Box::new(MeanAbsoluteError), Box::new(Huber::new(0.5).unwrap())]
}

#[test]
fn every_optimizer_lowers_every_regression_loss_on_sine() {
    let (inputs, targets) = sine(200);
    for (index, _) in optimizers().iter().enumerate() {
        for loss in losses() {
            let mut optimizer = optimizers().into_iter().nth(index).unwrap();
            let mut rng = rng(0);
            let mut model = Model::new(1)
                .then(Dense::new(1, 32, Initializer::HeNormal, &mut rng).unwrap().activation(Relu))
                .unwrap()
                .then(Dense::new(32, 1, Initializer::GlorotUniform, &mut rng).unwrap())
                .unwrap();
            let mut step =
                || model.train_step(&inputs, &targets, &*loss, &mut *optimizer).unwrap().loss();
            let first = step();
            (0..300).for_each(|_| _ = step());
            let last = step();
            // A constant prediction would keep all of the first loss but for its offset.
            assert!(last < 0.7 * first, "{optimizer:?} {loss:?}: {first} {last}");
        }
    }
}

#[test]
fn softmax_route_learns_three_arms() {
    let data = spiral::<f32>(100, 3, &mut rng(0));
    let targets = one_hot(&data.labels, 3).unwrap();
    let mut rng = rng(1);
    let l2 = Penalty::l2(1e-4).unwrap();
    let mut model = Model::new(2)
        .then(
            Dense::new(2, 64, Initializer::HeNormal, &mut rng)
                .unwrap()
                .activation(Relu)
                .weight_penalty(l2)
                .bias_penalty(l2),
        )
        .unwrap()
        .then(Dropout::new(0.1, ChaCha8Rng::seed_from_u64(2)).unwrap())
        .unwrap()
        .then(Dense::new(64, 3, Initializer::GlorotUniform, &mut rng).unwrap())
        .unwrap();
    let loss = SoftmaxCrossEntropy;
    let mut adam = Adam::new(rate(0.05));
    let first = model.train_step(&data.inputs, &targets, &loss, &mut adam).unwrap();
    for _ in 0..500 {
        model.train_step(&data.inputs, &targets, &loss, &mut adam).unwrap();
    }
    let logits = model.predict(&data.inputs).unwrap();
    assert!(first.penalty > 0.0);
    assert!(loss.value(&logits, &targets) < 0.5 * first.data_loss);
    let accuracy = categorical_accuracy(&logits, &targets).unwrap();
    assert!(accuracy > 0.8, "{accuracy}");
}

#[test]
fn sigmoid_route_learns_two_arms() {
    let data = spiral::<f64>(100, 2, &mut rng(0));
    let targets = Tensor::from_iterator(200, 1, data.labels.iter().map(|&label| label as f64));
    let mut rng = rng(1);
    let mut model = Model::new(2)
        .then(Dense::new(2, 64, Initializer::HeNormal, &mut rng).unwrap().activation(Relu))
        .unwrap()
        .then(Dense::new(64, 1, Initializer::GlorotUniform, &mut rng).unwrap().activation(Sigmoid))
        .unwrap();
    let loss = BinaryCrossEntropy;
    let mut adam = Adam::new(rate(0.02));
    let first = model.train_step(&data.inputs, &targets, &loss, &mut adam).unwrap();
    for _ in 0..1000 {
        model.train_step(&data.inputs, &targets, &loss, &mut adam).unwrap();
    }
    let probabilities = model.predict(&data.inputs).unwrap();
    assert!(loss.value(&probabilities, &targets) < 0.5 * first.data_loss);
    let accuracy = binary_accuracy(&probabilities, &targets, 0.5).unwrap();
    assert!(accuracy > 0.8, "{accuracy}");
}

/// A network of one logit that is surely wrong, of both classes: in `f32` the sigmoid of 20 is 1, and the
/// gradient of binary cross-entropy on probabilities is 0.
#[test]
fn a_network_that_is_surely_wrong_learns_on_logits() {
    let inputs = Tensor::from_column_slice(2, 1, &[1.0_f32, -1.0]);
    let targets = Tensor::from_column_slice(2, 1, &[0.0, 1.0]);
    let dense = || Dense::from_parameters(Tensor::from_element(1, 1, 20.0), Tensor::zeros(1, 1));
    let right_after_training = |layer: Dense<f32>, loss: &dyn Loss<f32>| {
        let mut model = Model::new(1).then(layer).unwrap();
        let mut adam = Adam::new(LearningRate::constant(0.5).unwrap());
        for _ in 0..100 {
            model.train_step(&inputs, &targets, loss, &mut adam).unwrap();
        }
        model.predict_classes(&inputs, loss).unwrap() == [0, 1]
    };
    let probabilities = dense().unwrap().activation(Sigmoid);
    assert!(!right_after_training(probabilities, &BinaryCrossEntropy));
    assert!(right_after_training(dense().unwrap(), &SigmoidCrossEntropy));
}
