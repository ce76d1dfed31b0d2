//! Outputs for held-out rows, of an epoch that these rows did not choose.

use std::sync::{Mutex, PoisonError};

use nnfs::files::FileScalar;
use nnfs::model::{Control, Progress};
use nnfs::prelude::*;

use super::Folds;
use crate::Watcher;
use crate::network_fit::{Member, NetworkFit, TrainedNetwork};
use crate::samples::Samples;
use crate::side_by_side::{Ended, train_all};

/// Tables with at most this many rows are small: what is chosen on held-out rows makes their scores too good.
pub(crate) const FEW_ROWS: usize = 500;

/// Predicts the rows of each fold by its networks after the epoch that the other folds choose.
///
/// ```text
/// epoch of fold k    with the smallest mean loss of the rows of all other folds, weighted as in training, each
///                    predicted by the network that does not learn from it
/// ```
/// A network keeps the weights of the epoch that is best for its held-out rows. With few rows, the smallest of
/// many losses is small by chance, so that scores with these weights are too good (Cawley and Talbot, 2010:
/// On Over-fitting in Model Selection and Subsequent Selection Bias in Performance Evaluation). Here each
/// network is trained once more up to the other epoch, with the same bits.
///
/// `again` makes a network before its training, and `train` trains it. The watcher can stop this.
pub(crate) fn predict_held_out<T: FileScalar>(
    networks: &mut [TrainedNetwork<T>],
    (samples, folds, weights): (&Samples<T>, &Folds, Option<&[f64]>),
    again: impl Fn(Member) -> Option<NetworkFit<T>>,
    train: impl Fn(NetworkFit<T>, &mut dyn Watcher<T>) -> Ended<T> + Sync,
    threads: usize,
    watcher: &mut dyn Watcher<T>,
) -> Control {
    let mut epochs = Vec::new();
    let mut fits = Vec::new();
    for network in networks.iter().filter(|network| !network.is_solved) {
        let Some(member) = network.member else { continue };
        let epoch = epoch_of_others(networks, member, folds, weights);
        // The best epoch of its own rows is not trained again.
        if let Some(epoch) = epoch.filter(|_| epoch != network.history.restored)
            && let Some(fit) = again(member)
        {
            epochs.push((member, epoch));
            fits.push(fit);
        }
    }
    let outputs = Mutex::new(Vec::new());
    let train = |network: NetworkFit<T>, watcher: &mut dyn Watcher<T>| {
        let its = epochs.iter().find(|(member, _)| Some(*member) == network.member);
        let &(member, epoch) = its.expect("a network of these");
        let inputs = samples.rows(&folds.rows_of(member.fold)).inputs;
        let mut at_epoch = AtEpoch { epoch, inputs: &inputs, outputs: None, watcher };
        let ended = train(network, &mut at_epoch);
        if let Some(of_member) = at_epoch.outputs {
            outputs.lock().unwrap_or_else(PoisonError::into_inner).push((member, of_member));
        }
        ended
    };
    let mut may_stop = MayStop { watcher, control: Control::Continue };
    // A network that did not fail the first time does not fail.
    let _ = train_all(fits, threads, train, &mut may_stop);
    let control = may_stop.control;
    for (member, of_member) in outputs.into_inner().unwrap_or_else(PoisonError::into_inner) {
        if let Some(network) = networks.iter_mut().find(|it| it.member == Some(member)) {
            network.held_out = Some(of_member);
        }
    }
    control
}

/// The epoch with the smallest mean loss of the other folds, among the epochs that all networks of this kind
/// have.
fn epoch_of_others<T: FileScalar>(
    networks: &[TrainedNetwork<T>],
    member: Member,
    folds: &Folds,
    weights: Option<&[f64]>,
) -> Option<usize> {
    let of_kind = || {
        let kind = networks.iter().filter_map(|network| Some((network.member?, network)));
        kind.filter(|(other, _)| other.is_linear == member.is_linear)
    };
    let epochs = of_kind().map(|(_, network)| network.history.epochs.len()).min()?;
    let loss = |epoch: usize| -> Option<f64> {
        let others = of_kind().filter(|(other, _)| other.fold != member.fold);
        let losses = others.map(|(other, network)| {
            let loss = network.history.epochs[epoch].validation.as_ref()?.loss;
            let rows = folds.rows_of(other.fold);
            let weight: f64 = rows.iter().map(|&row| weights.map_or(1.0, |it| it[row])).sum();
            Some(weight * loss)
        });
        losses.sum()
    };
    let losses = (0..epochs).filter_map(|epoch| Some((epoch, loss(epoch)?)));
    losses.min_by(|(_, one), (_, other)| one.total_cmp(other)).map(|(epoch, _)| epoch)
}

/// Predicts rows after an epoch, and ends the training there.
struct AtEpoch<'a, T: Scalar> {
    epoch: usize,
    inputs: &'a Tensor<T>,
    outputs: Option<Tensor<T>>,
    watcher: &'a mut dyn Watcher<T>,
}

impl<T: Scalar> Watcher<T> for AtEpoch<'_, T> {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Control {
        if progress.epoch().epoch < self.epoch {
            return self.watcher.epoch(progress);
        }
        if self.outputs.is_none() {
            self.outputs = progress.model().predict(self.inputs).ok();
        }
        Control::Stop
    }
}

/// Asks another watcher whether to go on, and shows it nothing.
struct MayStop<'a, T: Scalar> {
    watcher: &'a mut dyn Watcher<T>,
    control: Control,
}

impl<T: Scalar> Watcher<T> for MayStop<'_, T> {
    fn epoch(&mut self, _: &Progress<'_, T>) -> Control {
        Control::Continue
    }

    fn advance(&mut self, _: usize, epochs: usize) -> Control {
        // All epochs were done before.
        let control = self.watcher.advance(epochs, epochs);
        if control == Control::Stop {
            self.control = Control::Stop;
        }
        control
    }
}

#[cfg(test)]
mod tests {
    use nnfs::model::{End, Epoch, Evaluation, History};

    use super::*;

    /// A network whose held-out rows have these losses after each epoch.
    fn network(fold: usize, losses: [f64; 2]) -> TrainedNetwork<f64> {
        let epochs = losses.into_iter().enumerate().map(|(epoch, loss)| Epoch {
            epoch,
            data_loss: loss,
            penalty: 0.0,
            metrics: Vec::new(),
            validation: Some(Evaluation { loss, metrics: Vec::new() }),
            judged_loss: None,
            learning_rate: 0.1,
            gradient_norm: 0.0,
            seconds: 0.0,
        });
        TrainedNetwork {
            member: Some(Member { is_linear: false, fold }),
            model: Model::new(1),
            history: History { epochs: epochs.collect(), end: End::Done, restored: None },
            seconds: 0.0,
            checkpoint_error: None,
            can_resume: false,
            was_finished: false,
            is_solved: false,
            held_out: None,
        }
    }

    #[test]
    fn a_heavy_row_decides_the_epoch_of_the_other_folds() {
        let folds = Folds::new(9, None, 3, &mut ChaCha8Rng::seed_from_u64(5));
        // The mean loss of folds 1 and 2 is smaller after the second epoch.
        let networks = [network(0, [9.0, 9.0]), network(1, [1.0, 2.0]), network(2, [4.0, 1.0])];
        let member = Member { is_linear: false, fold: 0 };
        assert_eq!(epoch_of_others(&networks, member, &folds, None), Some(1));
        let mut weights = [1.0; 9];
        weights[folds.rows_of(1)[0]] = 20.0;
        assert_eq!(epoch_of_others(&networks, member, &folds, Some(&weights)), Some(0));
    }
}
