//! The networks of a training, put together.

use nnfs::files::FileScalar;
use nnfs::model::{CrossConformal, End, Ensemble, History};
use nnfs::prelude::*;

use super::blend::{BaseLogits, Blend};
use super::{FEW_ROWS, Folds};
use crate::network_fit::{Member, TrainedNetwork};
use crate::samples::{Samples, Scales};
use crate::{Error, NetworkHistory, Parts, Predictions, Predictor};

/// With at most this many rows, a fold has so few that its best epoch is chosen by chance. Then the share of the
/// linear models is chosen with the epochs of the other folds too. With more rows, it is chosen with the weights
/// that the networks keep, because the mean of the networks is better than each of them.
const FEWEST_ROWS: usize = 100;

/// What the networks of a training give together.
pub(crate) struct Together {
    pub(crate) predictor: Predictor,
    /// The predictions of the training rows, each by networks that did not learn from the row.
    pub(crate) out_of_fold: Option<Predictions>,
    /// One for each network.
    pub(crate) networks: Vec<NetworkHistory>,
    /// The sum of the seconds of the networks.
    pub(crate) seconds: f64,
    pub(crate) checkpoint_error: Option<Error>,
    pub(crate) can_resume: bool,
    pub(crate) was_finished: bool,
    /// Some networks were not trained, because the training was stopped.
    pub(crate) is_interrupted: bool,
}

/// The rows of a training: samples, folds, and weights in the loss.
pub(crate) type Rows<'a, T> = (&'a Samples<T>, Option<&'a Folds>, Option<&'a [f64]>);

/// Puts the networks together: one alone, or several as an ensemble.
///
/// # Errors
/// If the widths do not fit.
pub(crate) fn put_together<T: FileScalar>(
    mut networks: Vec<TrainedNetwork<T>>,
    (samples, folds, weights): Rows<'_, T>,
    parts: &Parts,
    scales: Scales,
    loss: &dyn Loss<T>,
) -> Result<Together, Error> {
    let seconds = networks.iter().map(|network| network.seconds).sum();
    let can_resume = networks.iter().all(|network| network.can_resume);
    let was_finished = networks.iter().all(|network| network.was_finished);
    let checkpoint_error = networks.iter_mut().find_map(|network| network.checkpoint_error.take());
    let histories = networks.iter().map(|network| NetworkHistory {
        is_linear: network.member.is_some_and(|member| member.is_linear),
        fold: network.member.map(|member| member.fold),
        history: network.history.clone(),
    });
    let histories = histories.collect();
    let (pipeline, outputs) = match folds {
        None => (Pipeline::new(networks.swap_remove(0).model), None),
        Some(folds) => {
            // Those without an epoch were stopped at once.
            networks.retain(|network| network.is_solved || !network.history.epochs.is_empty());
            ensemble(networks, (samples, folds, weights), loss)?
        }
    };
    let predictor = scales.predictor(pipeline, parts, loss)?;
    let out_of_fold = outputs.map(|outputs| predictor.of_outputs(&outputs)).transpose()?;
    Ok(Together {
        predictor,
        out_of_fold,
        networks: histories,
        seconds,
        checkpoint_error,
        can_resume,
        was_finished,
        is_interrupted: false,
    })
}

/// The ensemble of some networks, and its outputs for the rows of the folds that they did not learn from,
/// if there is a network for each fold.
fn ensemble<T: FileScalar>(
    networks: Vec<TrainedNetwork<T>>,
    (samples, folds, row_weights): (&Samples<T>, &Folds, Option<&[f64]>),
    loss: &dyn Loss<T>,
) -> Result<(Pipeline<T>, Option<Tensor<f64>>), Error> {
    let rows = samples.targets.nrows();
    let base = BaseLogits::new(loss, &samples.targets, row_weights);
    let of_kind =
        |is_linear, weights| held_out_outputs(&networks, is_linear, weights, samples, folds);
    let held_out = |weights| -> Result<Option<HeldOutRows<'_, T>>, Error> {
        let both = of_kind(false, weights)?.zip(of_kind(true, weights)?);
        Ok(both.map(|(of_networks, of_linear)| HeldOutRows {
            of_networks,
            of_linear,
            targets: &samples.targets,
            weights: row_weights,
            base: &base,
        }))
    };
    let (blend, outputs) = match held_out(Weights::OfOtherFolds)? {
        None => (Blend::NETWORKS, of_kind(false, Weights::OfOtherFolds)?),
        Some(honest) if rows > FEW_ROWS => {
            let blend = honest.blend(loss);
            (blend, Some(blend.apply(&honest.of_networks, &honest.of_linear, &base)))
        }
        Some(honest) => {
            let kept = held_out(Weights::Kept)?.filter(|_| rows > FEWEST_ROWS);
            let blend = kept.as_ref().unwrap_or(&honest).blend(loss);
            // What was chosen with a row makes its output too good.
            (blend, Some(honest.cross_fitted(folds, loss)))
        }
    };
    let count = |is_linear| {
        let of_kind =
            |it: &&TrainedNetwork<T>| it.member.is_some_and(|member| member.is_linear == is_linear);
        networks.iter().filter(of_kind).count()
    };
    let (linear, others) = (count(true), count(false));
    let share = if others == 0 { 1.0 } else { blend.linear_share };
    let members = networks.into_iter().filter_map(|network| {
        let weight = match network.member {
            Some(Member { is_linear: true, .. }) => share / linear as f64,
            _ => (1.0 - share) / others as f64,
        };
        let mut model = network.model;
        divide_outputs(&mut model, blend.temperature, &base);
        (weight > 0.0).then_some((model, weight))
    });
    // One network at least has had an epoch, and all have the widths of the rows.
    let ensemble = Ensemble::new(members).expect("members of equal widths with weights above 0");
    let mut pipeline = Pipeline::of_ensemble(ensemble);
    let outputs = outputs.map(|outputs| outputs.map(T::to_f64));
    if let (Some(outputs), OutputLink::Identity) = (&outputs, loss.link()) {
        let residuals = samples.targets.map(T::to_f64) - outputs;
        // A residual may be beyond the range of the numbers.
        if let Ok(intervals) = CrossConformal::fit_scaled(outputs, &residuals) {
            pipeline = pipeline.with_intervals(intervals)?;
        }
    }
    Ok((pipeline, outputs))
}

/// Which weights of a network predict its held-out rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weights {
    /// Those that it keeps: of the best epoch for these rows.
    Kept,
    /// Those of the epoch that the other folds choose, if it was trained again; see
    /// [`predict_held_out`](super::predict_held_out).
    OfOtherFolds,
}

/// The outputs of the networks of one kind for the rows of their folds; `None` if a fold has no network.
fn held_out_outputs<T: FileScalar>(
    networks: &[TrainedNetwork<T>],
    is_linear: bool,
    weights: Weights,
    samples: &Samples<T>,
    folds: &Folds,
) -> Result<Option<Tensor<T>>, Error> {
    let (rows, width) = samples.targets.shape();
    let mut outputs = Tensor::from_element(rows, width, T::ZERO);
    for fold in 0..folds.count() {
        let member = Some(Member { is_linear, fold });
        let Some(network) = networks.iter().find(|network| network.member == member) else {
            return Ok(None);
        };
        let held_out = folds.rows_of(fold);
        let of_fold = match &network.held_out {
            Some(outputs) if weights == Weights::OfOtherFolds => outputs.clone(),
            _ => network.model.predict(&samples.rows(&held_out).inputs)?,
        };
        for (row, output) in held_out.into_iter().zip(of_fold.row_iter()) {
            outputs.set_row(row, &output);
        }
    }
    Ok(Some(outputs))
}

/// Rows that the models did not learn from: the outputs of both kinds, targets, weights, and the logits of the
/// shares of their classes.
struct HeldOutRows<'a, T: Scalar> {
    of_networks: Tensor<T>,
    of_linear: Tensor<T>,
    targets: &'a Tensor<T>,
    weights: Option<&'a [f64]>,
    base: &'a BaseLogits,
}

impl<T: FileScalar> HeldOutRows<'_, T> {
    fn blend(&self, loss: &dyn Loss<T>) -> Blend {
        Blend::fit(loss, &self.of_networks, &self.of_linear, self.targets, self.weights, self.base)
    }

    /// The outputs of the rows of each fold, blended as is best for the rows of all other folds.
    fn cross_fitted(&self, folds: &Folds, loss: &dyn Loss<T>) -> Tensor<T> {
        let mut outputs = self.of_networks.clone();
        for fold in 0..folds.count() {
            let (rows, others) = (folds.rows_of(fold), folds.rows_without(fold));
            let targets = self.targets.select_rows(&others);
            let weights =
                self.weights.map(|weights| others.iter().map(|&row| weights[row]).collect());
            let weights: Option<Vec<f64>> = weights;
            let base = BaseLogits::new(loss, &targets, weights.as_deref());
            let others = HeldOutRows {
                of_networks: self.of_networks.select_rows(&others),
                of_linear: self.of_linear.select_rows(&others),
                targets: &targets,
                weights: weights.as_deref(),
                base: &base,
            };
            let some = |outputs: &Tensor<T>| outputs.select_rows(&rows);
            let (of_networks, of_linear) = (some(&self.of_networks), some(&self.of_linear));
            let of_fold = others.blend(loss).apply(&of_networks, &of_linear, &base);
            for (&row, output) in rows.iter().zip(of_fold.row_iter()) {
                outputs.set_row(row, &output);
            }
        }
        outputs
    }
}

/// Divides the distance of the outputs of a network from the logits of the shares of the classes by the temperature:
/// the weights and biases of its last layer.
fn divide_outputs<T: FileScalar>(model: &mut Model<T>, temperature: f64, base: &BaseLogits) {
    if temperature == 1.0 {
        return;
    }
    let mut count = 0;
    model.for_each_parameter(&mut |_| count += 1);
    let mut index = 0;
    model.for_each_parameter_mut(&mut |parameter| {
        // The last layer has weights and biases.
        if index + 2 >= count {
            let divisor = T::from_f64(temperature);
            parameter.value.apply(|value| *value = *value / divisor);
        }
        if index + 1 == count {
            for (bias, shift) in parameter.value.iter_mut().zip(base.shifts(temperature)) {
                *bias += T::from_f64(shift);
            }
        }
        index += 1;
    });
}

impl Together {
    /// The history of the first network, interrupted if one was.
    pub(crate) fn history(&self) -> History {
        let mut history = self.networks[0].history.clone();
        let is_stopped = |it: &NetworkHistory| it.history.end == End::StoppedByObserver;
        if self.is_interrupted || self.networks.iter().any(is_stopped) {
            history.end = End::StoppedByObserver;
        }
        history
    }
}

#[cfg(test)]
mod tests {
    use nnfs::model::History;

    use super::*;
    use crate::{Classifier, Table};

    /// A network whose outputs are always this number.
    fn constant(is_linear: bool, fold: usize, number: f64) -> TrainedNetwork<f64> {
        let (weights, biases) = (Tensor::zeros(1, 1), Tensor::from_element(1, 1, number));
        let dense = Dense::from_parameters(weights, biases).unwrap();
        TrainedNetwork {
            member: Some(Member { is_linear, fold }),
            model: Model::new(1).then(dense).unwrap(),
            history: History { epochs: Vec::new(), end: End::Done, restored: None },
            seconds: 0.0,
            checkpoint_error: None,
            can_resume: false,
            was_finished: false,
            is_solved: false,
            held_out: None,
        }
    }

    fn rows() -> (Samples<f64>, Folds) {
        let inputs = Tensor::from_fn(11, 1, |row, _| row as f64);
        let targets = inputs.clone();
        let folds = Folds::new(11, None, 3, &mut ChaCha8Rng::seed_from_u64(5));
        (Samples { inputs, targets }, folds)
    }

    #[test]
    fn a_row_has_the_output_of_the_network_of_its_fold() {
        let (samples, folds) = rows();
        let networks = [2, 0, 1].map(|fold| constant(false, fold, fold as f64));
        let outputs =
            held_out_outputs(&networks, false, Weights::Kept, &samples, &folds).unwrap().unwrap();
        for fold in 0..3 {
            assert!(folds.rows_of(fold).into_iter().all(|row| outputs[row] == fold as f64));
        }
        assert!(
            held_out_outputs(&networks, true, Weights::Kept, &samples, &folds).unwrap().is_none()
        );
        assert!(
            held_out_outputs(&networks[..2], false, Weights::Kept, &samples, &folds)
                .unwrap()
                .is_none()
        );
    }

    #[test]
    fn outputs_of_another_model_are_refused() {
        let rows = (0..30).map(|row| [row.to_string(), ["a", "b", "c"][row % 3].to_owned()]);
        let table = Table::from_rows("rows", &["x", "kind"], rows).unwrap();
        let predictor = Classifier::new("kind").epochs(1).fit(&table).unwrap().into_predictor();
        assert_eq!(predictor.of_outputs(&Tensor::zeros(4, 3)).unwrap().rows(), 4);
        let error = predictor.of_outputs(&Tensor::zeros(4, 1)).unwrap_err();
        assert!(error.to_string().contains("columns of the predictions"), "{error}");
    }

    #[test]
    fn outputs_are_divided() {
        let mut model = constant(false, 0, 6.0).model;
        let base =
            |targets: &Tensor<f64>| BaseLogits::new::<f64>(&SigmoidCrossEntropy, targets, None);
        divide_outputs(&mut model, 4.0, &base(&Tensor::from_column_slice(2, 1, &[0.0, 1.0])));
        assert_eq!(model.predict(&Tensor::zeros(1, 1)).unwrap()[0], 1.5);
        // 3.5 of 5 rows.
        let targets = Tensor::from_column_slice(4, 1, &[1.0, 1.0, 0.0, 1.0]);
        divide_outputs(&mut model, 2.0, &base(&targets));
        let logit = (0.7_f64 / 0.3).ln();
        let expected = logit + (1.5 - logit) / 2.0;
        assert!((model.predict(&Tensor::zeros(1, 1)).unwrap()[0] - expected).abs() < 1e-12);
    }
}
