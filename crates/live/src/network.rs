//! From settings and data to a network with its loss and optimizer.

use nnfs::activations::ActivationKind;
use nnfs::datasets::one_hot;
use nnfs::layers::{Dense, Dropout};
use nnfs::losses::LossKind;
use nnfs::metrics::{Tolerance, accuracy_within, binary_accuracy, categorical_accuracy};
use nnfs::model::{Metrics, Model};
use nnfs::numpy::RandomState;
use nnfs::tensor::{Layer, Penalty, Scalar, Tensor, stream};
use nnfs_chapter::log::ACCURACY;
use nnfs_chapter::sine::{self, Arithmetic, Number};
use nnfs_chapter::{Samples, Training};

use crate::answer::{OrRefuse, Refusal, refused};
use crate::data::Data;
use crate::settings::{Settings, limits};

/// The widths from the inputs to the outputs.
pub(crate) fn widths(settings: &Settings, data: &Data) -> Vec<usize> {
    let outputs = if data.classes > 2 { data.classes } else { 1 };
    [&[data.inputs.ncols()], settings.hidden.as_slice(), &[outputs]].concat()
}

/// The settings that are used with this data, with a note for each that is not as chosen.
pub(crate) fn fitting(
    mut settings: Settings,
    data: &Data,
) -> Result<(Settings, Vec<String>), Refusal> {
    let mut notes = Vec::new();
    let is_for_classes =
        matches!(settings.loss, LossKind::SoftmaxCrossEntropy | LossKind::SigmoidCrossEntropy);
    let loss = match (data.classes, is_for_classes) {
        (0, true) => LossKind::MeanSquaredError,
        (2, _) => LossKind::SigmoidCrossEntropy,
        (3.., _) => LossKind::SoftmaxCrossEntropy,
        _ => settings.loss,
    };
    if loss != settings.loss {
        let targets = if data.classes > 0 { "classes" } else { "numbers" };
        notes.push(format!("The loss is {loss}, because the targets are {targets}."));
        settings.loss = loss;
    }
    let rows = data.inputs.nrows();
    if settings.batch_size > rows {
        notes.push(format!("The batch has all {rows} rows, because there are not more."));
        settings.batch_size = 0;
    }
    check_work(&settings, &widths(&settings, data), rows)?;
    Ok((settings, notes))
}

/// Refuses what would take too long.
fn check_work(settings: &Settings, widths: &[usize], rows: usize) -> Result<(), Refusal> {
    let weights: usize = widths.windows(2).map(|pair| pair[0] * pair[1]).sum();
    let steps = if settings.batch_size == 0 { 1 } else { rows.div_ceil(settings.batch_size) };
    // Forward, and two products backward; the optimizer computes about ten operations for each weight.
    let work = 3 * rows as u64 * weights as u64 + 10 * steps as u64 * weights as u64;
    let most = match settings.arithmetic {
        Arithmetic::F32 => limits::WORK,
        Arithmetic::Numpy | Arithmetic::F64 => limits::SLOW_WORK,
    };
    if work <= most {
        return Ok(());
    }
    let error = format!(
        "an epoch of this network takes {} million multiplications, and the page allows {} in {}: \
         choose narrower layers, fewer samples or larger batches",
        work / 1_000_000,
        most / 1_000_000,
        settings.arithmetic,
    );
    Err(Refusal::of("hidden", error))
}

/// How far from its target a prediction may be to count as right; a fixed distance if all targets are
/// equal.
fn tolerance<T: Scalar>(targets: &Tensor<T>) -> Result<Tolerance, Refusal> {
    sine::tolerance(targets)
        .or_else(|_| Tolerance::absolute(1.0 / Tolerance::CHAPTER_DIVISOR))
        .map_err(refused)
}

/// A network with everything that its training needs, and the tolerance of a regression.
pub(crate) fn training<T: Number>(
    settings: &Settings,
    data: &Data,
) -> Result<(Training<T>, Option<f64>), Refusal> {
    let mut random = RandomState::new(settings.seed);
    let model = model(settings, &widths(settings, data), |inputs, outputs| {
        let weights = sine::first_weights(settings.init, inputs, outputs, &mut random);
        (weights, Tensor::from_element(1, outputs, T::parameter(0.0)))
    })?;
    let inputs = data.scaled_inputs(&data.inputs)?.map(T::data);
    let (targets, metrics, tolerance) = match data.classes {
        0 => {
            let targets = data.scaled_targets()?.map(T::data);
            let tolerance = tolerance(&targets)?;
            let accuracy = move |found: &Tensor<T>, targets: &Tensor<T>| {
                accuracy_within(found, targets, tolerance)
            };
            (targets, Metrics::new().with(ACCURACY, accuracy), Some(tolerance.value()))
        }
        2 => {
            let labels = data.labels.iter().map(|&label| T::data(label as f64));
            let targets = Tensor::from_iterator(data.labels.len(), 1, labels);
            let accuracy =
                |found: &Tensor<T>, targets: &Tensor<T>| binary_accuracy(found, targets, 0.0);
            (targets, Metrics::new().with(ACCURACY, accuracy), None)
        }
        classes => {
            let targets = one_hot(&data.labels, classes).map_err(refused)?;
            (targets, Metrics::new().with(ACCURACY, categorical_accuracy), None)
        }
    };
    let training = Training {
        model,
        data: Samples { inputs, targets },
        watched: Tensor::default(),
        test: None,
        loss: settings.loss.build(),
        optimizer: settings.optimizer.build().or_refuse("learning_rate")?,
        metrics,
    };
    Ok((training, tolerance))
}

/// Dense layers with these weights and biases, all but the last with the activation, which dropout
/// follows.
pub(crate) fn model<T: Scalar>(
    settings: &Settings,
    widths: &[usize],
    mut parameters: impl FnMut(usize, usize) -> (Tensor<T>, Tensor<T>),
) -> Result<Model<T>, Refusal> {
    let penalty = Penalty::new(settings.l1, settings.l2).or_refuse("l1")?;
    let mut layers: Vec<Box<dyn Layer<T>>> = Vec::new();
    for (index, pair) in widths.windows(2).enumerate() {
        let (weights, biases) = parameters(pair[0], pair[1]);
        let dense = Dense::from_parameters(weights, biases).or_refuse("hidden")?;
        let dense = dense.weight_penalty(penalty);
        if index + 2 == widths.len() {
            layers.push(Box::new(dense));
            break;
        }
        layers.push(Box::new(match settings.activation {
            ActivationKind::Linear => dense,
            activation => dense.activation(activation.build()),
        }));
        if settings.dropout > 0.0 {
            let rng = stream(u64::from(settings.seed), index as u64 + 1);
            let dropout = Dropout::new(settings.dropout, rng).or_refuse("dropout")?;
            layers.push(Box::new(dropout));
        }
    }
    Model::from_layers(widths[0], layers).or_refuse("hidden")
}
