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
/// epoch of fold k    with the smallest mean loss of the rows of all other folds, each predicted by the
///                    network that does not learn from it
/// ```
/// A network keeps the weights of the epoch that is best for its held-out rows. Of few rows, the smallest of
/// many losses is small by chance, so that scores with these weights are too good (Cawley and Talbot, 2010:
/// On Over-fitting in Model Selection and Subsequent Selection Bias in Performance Evaluation). Here each
/// network is trained once more up to the other epoch, with the same bits.
///
/// `again` makes a network before its training, and `train` trains it. The watcher can stop this.
pub(crate) fn predict_held_out<T: FileScalar>(
    networks: &mut [TrainedNetwork<T>],
    (samples, folds): (&Samples<T>, &Folds),
    again: impl Fn(Member) -> Option<NetworkFit<T>>,
    train: impl Fn(NetworkFit<T>, &mut dyn Watcher<T>) -> Ended<T> + Sync,
    threads: usize,
    watcher: &mut dyn Watcher<T>,
) -> Control {
    let mut epochs = Vec::new();
    let mut fits = Vec::new();
    for network in networks.iter().filter(|network| !network.is_solved) {
        let Some(member) = network.member else { continue };
        let epoch = epoch_of_others(networks, member, folds);
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
            Some(folds.rows_of(other.fold).len() as f64 * loss)
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
