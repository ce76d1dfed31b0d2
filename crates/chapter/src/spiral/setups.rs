//! The two classifiers of the book: 2-64-3 with softmax, and 2-64-1 with a sigmoid.

use std::error::Error;
use std::fmt;

use nnfs::activations::Relu;
use nnfs::datasets::{Labeled, one_hot, spiral};
use nnfs::layers::{Dense, Dropout, Initializer};
use nnfs::losses::{SigmoidCrossEntropy, SoftmaxCrossEntropy};
use nnfs::metrics::{argmax_rows, binary_accuracy, categorical_accuracy};
use nnfs::model::Model;
use nnfs::optimizers::{Adam, LearningRate};
use nnfs::rand::rngs::ChaCha8Rng;
use nnfs::tensor::{Penalty, Scalar, Tensor, stream};

use super::plane::watched;
use crate::training::accuracy_metric;
use crate::{Samples, Training};

/// Test samples of each class.
const TEST_SAMPLES: usize = 100;

/// The width of the hidden layer.
const HIDDEN: usize = 64;

/// The number of classes: two with a sigmoid, three with a softmax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Classes {
    /// One output, the logit of class 1.
    Two = 2,
    /// One output for each class, and dropout.
    Three = 3,
}

impl Classes {
    /// The number.
    pub const fn number(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Classes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number().fmt(f)
    }
}

/// The streams of a seed. Drawing from one does not change what another one gives.
#[derive(Debug, Clone, Copy)]
enum Stream {
    Data,
    TestData,
    Weights,
    Dropout,
}

impl Stream {
    fn of(self, seed: u64) -> ChaCha8Rng {
        stream(seed, self as u64)
    }
}

/// A classifier with its data, loss and optimizer.
pub fn training<T: Scalar>(classes: Classes, seed: u64) -> Training<T> {
    let training = match classes {
        Classes::Two => two_classes(seed),
        Classes::Three => three_classes(seed),
    };
    training.expect("the settings of the book are in their ranges")
}

/// With dropout; the softmax is inside the loss.
fn three_classes<T: Scalar>(seed: u64) -> Result<Training<T>, Box<dyn Error>> {
    let data = |samples, stream: Stream| {
        let Labeled { inputs, labels } = spiral(samples, 3, &mut stream.of(seed));
        one_hot(&labels, 3).map(|targets| Samples { inputs, targets })
    };
    let mut weights = Stream::Weights.of(seed);
    let test = data(TEST_SAMPLES, Stream::TestData)?;
    Ok(Training {
        model: Model::new(2)
            .then(hidden(&mut weights)?)?
            .then(Dropout::new(0.1, Stream::Dropout.of(seed))?)?
            .then(Dense::new(HIDDEN, 3, Initializer::normal(0.01)?, &mut weights)?)?,
        data: data(1000, Stream::Data)?,
        watched: watched(&test.inputs),
        test: Some(test),
        loss: Box::new(SoftmaxCrossEntropy),
        optimizer: Box::new(Adam::new(LearningRate::inverse_time(0.05, 5e-5)?)),
        metrics: accuracy_metric(categorical_accuracy),
    })
}

/// With one output, the logit of class 1; the sigmoid is inside the loss.
fn two_classes<T: Scalar>(seed: u64) -> Result<Training<T>, Box<dyn Error>> {
    let data = |samples, stream: Stream| {
        let Labeled { inputs, labels } = spiral(samples, 2, &mut stream.of(seed));
        let targets = labels.iter().map(|&label| T::from_f64(label as f64));
        Samples { inputs, targets: Tensor::from_iterator(labels.len(), 1, targets) }
    };
    let mut weights = Stream::Weights.of(seed);
    let test = data(TEST_SAMPLES, Stream::TestData);
    Ok(Training {
        model: Model::new(2).then(hidden(&mut weights)?)?.then(Dense::new(
            HIDDEN,
            1,
            Initializer::normal(0.01)?,
            &mut weights,
        )?)?,
        data: data(100, Stream::Data),
        watched: watched(&test.inputs),
        test: Some(test),
        loss: Box::new(SigmoidCrossEntropy),
        optimizer: Box::new(Adam::new(LearningRate::inverse_time(0.001, 5e-7)?)),
        metrics: accuracy_metric(|logits, targets| binary_accuracy(logits, targets, 0.0)),
    })
}

/// The hidden layer of both: ReLU, and L2 on weights and biases.
fn hidden<T: Scalar>(weights: &mut ChaCha8Rng) -> Result<Dense<T>, Box<dyn Error>> {
    let dense = Dense::new(2, HIDDEN, Initializer::normal(0.01)?, weights)?;
    let penalty = Penalty::l2(5e-4)?;
    Ok(dense.activation(Relu).weight_penalty(penalty).bias_penalty(penalty))
}

/// The class of each row of probabilities or targets.
pub(crate) fn classes_of<T: Scalar>(values: &Tensor<T>) -> Vec<usize> {
    if values.ncols() > 1 {
        return argmax_rows(values);
    }
    values.iter().map(|probability| usize::from(probability.to_f64() > 0.5)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_ups_are_those_of_the_book() {
        let three = training::<f32>(Classes::Three, 0);
        assert_eq!(three.data.inputs.shape(), (3000, 2));
        assert_eq!(three.data.targets.shape(), (3000, 3));
        assert_eq!(three.test.unwrap().targets.shape(), (300, 3));
        let hidden = ["dense", "activation relu", "weight_l2 0.0005", "bias_l2 0.0005"];
        has(&three.model, 0, &hidden);
        has(&three.model, 1, &["dropout", "rate 0.1"]);
        has(&three.model, 2, &["dense"]);
        assert_eq!(shapes(&three.model), ["2x64, 1x64", "", "64x3, 1x3"]);
        assert_eq!(three.optimizer.learning_rate(), 0.05);

        let two = training::<f32>(Classes::Two, 0);
        assert_eq!(two.data.inputs.shape(), (200, 2));
        assert_eq!(two.data.targets.shape(), (200, 1));
        assert_eq!(two.test.unwrap().targets.shape(), (200, 1));
        has(&two.model, 0, &hidden);
        has(&two.model, 1, &["dense"]);
        assert_eq!(shapes(&two.model), ["2x64, 1x64", "64x1, 1x1"]);
        assert_eq!(two.optimizer.learning_rate(), 0.001);
    }

    fn has(model: &Model<f32>, layer: usize, parts: &[&str]) {
        let description = model.layers()[layer].description().to_string();
        for part in parts {
            assert!(description.contains(part), "{description} has no {part}");
        }
    }

    fn shapes(model: &Model<f32>) -> Vec<String> {
        model.summary().rows.into_iter().map(|row| row.shapes).collect()
    }

    #[test]
    fn test_data_is_fresh_and_a_seed_is_a_seed() {
        let inputs = |seed| {
            let training = training::<f64>(Classes::Two, seed);
            (training.data.inputs, training.test.unwrap().inputs)
        };
        let (data, test) = inputs(0);
        assert_ne!(data, test);
        assert_eq!(inputs(0), (data.clone(), test.clone()));
        let other = inputs(1);
        assert!(other.0 != data && other.1 != test);
    }

    #[test]
    fn a_class_is_the_largest_column_or_the_more_probable_one() {
        assert_eq!(
            classes_of(&Tensor::from_row_slice(2, 3, &[0.1, 3.0, 2.0, 5.0, 1.0, 2.0])),
            [1, 0]
        );
        assert_eq!(classes_of(&Tensor::from_column_slice(3, 1, &[0.2, 0.7, 0.5])), [0, 1, 0]);
    }
}
