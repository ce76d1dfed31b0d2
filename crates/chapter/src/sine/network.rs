//! The network of a run, with the same first weights in every arithmetic.

use nnfs::activations::Relu;
use nnfs::datasets::sine;
use nnfs::layers::{Dense, Distribution, Initializer};
use nnfs::metrics::{MetricError, Tolerance, accuracy_within};
use nnfs::model::Model;
use nnfs::numpy::{NumpyScalar, RandomState};
use nnfs::tensor::{Layer, Scalar, SettingError, Tensor};

use super::runs::Run;
use crate::training::accuracy_metric;
use crate::{Samples, Training};

/// The number of points of the sine, as in the chapter.
const SAMPLES: usize = 1000;

/// How many of them the report shows, besides the first.
const WATCHED: usize = 250;

/// A kind of number in which a run can be computed.
pub trait Number: Scalar {
    /// A number that was drawn and rounded as by NumPy.
    fn from_numpy(value: NumpyScalar) -> Self;
}

impl Number for NumpyScalar {
    fn from_numpy(value: NumpyScalar) -> Self {
        value
    }
}

impl Number for f32 {
    fn from_numpy(value: NumpyScalar) -> Self {
        value.value() as Self
    }
}

impl Number for f64 {
    fn from_numpy(value: NumpyScalar) -> Self {
        value.value()
    }
}

/// The network of a run with its data, loss and optimizer, after `np.random.seed(seed)`.
///
/// # Errors
/// If a setting of the run is out of range.
pub fn training<T: Number>(run: &Run, seed: u32) -> Result<Training<T>, SettingError> {
    let data = data();
    let tolerance = tolerance(&data.targets).expect("targets with a deviation");
    Ok(Training {
        model: model(run, seed),
        watched: data.inputs.select_rows(&watched_rows()),
        data,
        test: None,
        loss: run.loss.build(),
        optimizer: run.optimizer.build()?,
        metrics: accuracy_metric(move |predictions, targets| {
            accuracy_within(predictions, targets, tolerance)
        }),
    })
}

/// How far from its target a prediction may be to count as right, as in the chapter.
///
/// # Errors
/// If `targets` is empty, or if all targets are the same number.
pub fn tolerance<T: Scalar>(targets: &Tensor<T>) -> Result<Tolerance, MetricError> {
    Tolerance::from_targets(targets, Tolerance::CHAPTER_DIVISOR)
}

/// The samples whose predictions the report shows: as many as a screen can show, from the first to
/// the last.
pub(crate) fn watched_rows() -> Vec<usize> {
    (0..=WATCHED).map(|index| index * (SAMPLES - 1) / WATCHED).collect()
}

/// The data of the chapter: 1000 samples of one period of a sine.
pub fn data<T: Scalar>() -> Samples<T> {
    let (inputs, targets) = sine(SAMPLES);
    Samples { inputs, targets }
}

/// Dense layers, all but the last with a ReLU.
fn model<T: Number>(run: &Run, seed: u32) -> Model<T> {
    let mut random = RandomState::new(seed);
    let widths = run.widths();
    let mut layers: Vec<Box<dyn Layer<T>>> = Vec::new();
    for (index, pair) in widths.windows(2).enumerate() {
        let weights = first_weights(run.init, pair[0], pair[1], &mut random);
        let biases = Tensor::from_element(1, pair[1], T::parameter(0.0));
        let dense = Dense::from_parameters(weights, biases).expect("as many biases as outputs");
        let is_last = index + 2 == widths.len();
        layers.push(Box::new(if is_last { dense } else { dense.activation(Relu) }));
    }
    Model::from_layers(1, layers).expect("layers whose widths follow each other")
}

/// The first weights of a layer (inputs x outputs) as NumPy draws them, row after row, in float32.
///
/// ```
/// use nnfs::layers::Initializer;
/// use nnfs::numpy::RandomState;
/// // np.random.seed(0); 0.01 * np.random.randn(1, 64)
/// let init = Initializer::normal(0.01)?;
/// let weights = nnfs_chapter::sine::first_weights::<f32>(init, 1, 64, &mut RandomState::new(0));
/// assert_eq!(weights[0], 0.017640524);
/// # Ok::<(), nnfs::tensor::SettingError>(())
/// ```
pub fn first_weights<T: Number>(
    init: Initializer,
    inputs: usize,
    outputs: usize,
    random: &mut RandomState,
) -> Tensor<T> {
    let distribution = init.distribution(inputs, outputs);
    let weights = std::iter::repeat_with(|| match distribution {
        Distribution::Zero => NumpyScalar::float32(0.0),
        // 0.01 * np.random.randn(...): the draw is rounded to float32, and the product again.
        Distribution::Normal(deviation) => {
            NumpyScalar::python(deviation) * NumpyScalar::float32(random.standard_normal())
        }
        Distribution::Uniform(limit) => NumpyScalar::float32(random.uniform(-limit, limit)),
    });
    let weights = weights.take(inputs * outputs).map(T::from_numpy);
    Tensor::from_row_iterator(inputs, outputs, weights)
}

#[cfg(test)]
mod tests {
    use super::super::runs;
    use super::*;
    use nnfs::numpy::Kind;

    fn three_weights<T: Number>(run: usize, seed: u32) -> Vec<f64> {
        let model = model::<T>(&runs::chapter()[run - 1], seed);
        let mut values = Vec::new();
        model.layers()[0].for_each_parameter(&mut |parameter| {
            values.extend(parameter.value.iter().map(|value| value.to_f64()));
        });
        values.truncate(3);
        values
    }

    /// `nnfs.init(); 0.01 * np.random.randn(1, 64)` in Python.
    #[test]
    fn the_weights_are_those_of_the_book_in_every_arithmetic() {
        let book = [1.764_052_4_f32, 0.400_157_2, 0.978_738];
        let expected = book.map(|draw| f64::from(0.01 * draw)).to_vec();
        assert_eq!(three_weights::<NumpyScalar>(1, 0), expected);
        assert_eq!(three_weights::<f32>(1, 0), expected);
        assert_eq!(three_weights::<f64>(1, 0), expected);
        assert_ne!(three_weights::<f32>(1, 1), expected);
    }

    #[test]
    fn the_book_has_data_in_double_and_parameters_in_single_precision() {
        let data = data::<NumpyScalar>();
        let tensors = [&data.inputs, &data.targets];
        assert!(tensors.iter().all(|t| t.iter().all(|value| value.kind() == Kind::Float64)));
        let run = &runs::chapter()[8];
        for init in ["normal:0.1", "glorot-uniform", "he-normal", "zeros"] {
            let run = Run { init: init.parse().unwrap(), ..run.clone() };
            let model = model::<NumpyScalar>(&run, 0);
            for layer in model.layers() {
                layer.for_each_parameter(&mut |parameter| {
                    let single = |value: &NumpyScalar| value.kind() == Kind::Float32;
                    assert!(parameter.value.iter().all(single), "{init}");
                });
            }
        }
    }

    #[test]
    fn weights_keep_within_the_limit_of_glorot() {
        let mut random = RandomState::new(3);
        let weights = first_weights::<f32>(Initializer::GlorotUniform, 64, 64, &mut random);
        let limit = (6.0_f32 / 128.0).sqrt();
        let largest = weights.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
        assert!(largest <= limit && largest > 0.99 * limit, "{largest}");
    }
}
