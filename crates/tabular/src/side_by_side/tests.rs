use std::panic::{AssertUnwindSafe, catch_unwind};

use nnfs::model::{FitError, FitState};
use nnfs::tensor::SettingError;

use super::*;
use crate::network_fit::Member;
use crate::samples::Samples;
use crate::watcher::EachEpoch;

/// Linear models without the rows of folds 0, 1, ...
fn networks(count: usize, epochs: usize) -> Vec<NetworkFit<f64>> {
    let network = |fold| {
        let dense = Dense::from_parameters(Tensor::zeros(1, 1), Tensor::zeros(1, 1)).unwrap();
        NetworkFit {
            member: Some(Member { is_linear: true, fold }),
            model: Model::new(1).then(dense).unwrap(),
            optimizer: Box::new(Sgd::new(LearningRate::constant(1e-3).unwrap())),
            fit: Fit::epochs(epochs),
            state: FitState::new(),
            checkpoints: None,
            finished: None,
            is_solved: false,
        }
    };
    (0..count).map(network).collect()
}

fn train(network: NetworkFit<f64>, watcher: &mut dyn Watcher<f64>) -> Ended<f64> {
    let samples = Samples {
        inputs: Tensor::from_element(1, 1, 1.0),
        targets: Tensor::from_element(1, 1, 2.0),
    };
    network.train(&samples, &MeanSquaredError, watcher)
}

fn fold(network: &NetworkFit<f64>) -> usize {
    network.member.unwrap().fold
}

fn go_on() -> EachEpoch<impl FnMut(&Epoch) -> Control> {
    EachEpoch(|_: &Epoch| Control::Continue)
}

/// The others would go on for a long time.
#[test]
fn a_panic_stops_all_networks_and_continues_in_the_caller() {
    for threads in [1, 2, 4] {
        for bad in [0, 1, 5] {
            let epochs = if threads == 1 { 3 } else { 1_000_000_000 };
            let work = |network: NetworkFit<f64>, watcher: &mut dyn Watcher<f64>| {
                assert_ne!(fold(&network), bad, "the reason");
                let network = match fold(&network) < bad && bad == 5 {
                    true => NetworkFit { fit: Fit::epochs(1), ..network },
                    false => network,
                };
                train(network, watcher)
            };
            let run = || train_all(networks(6, epochs), threads, work, &mut go_on());
            let payload = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
            let text = payload.downcast_ref::<String>().expect("the panic of the network");
            assert!(text.contains("the reason"), "{text}");
        }
    }
}

#[test]
fn a_panic_of_the_watcher_stops_all_networks() {
    for threads in [1, 2] {
        let mut watcher = EachEpoch(|epoch: &Epoch| -> Control {
            assert!(epoch.epoch < 5, "enough");
            Control::Continue
        });
        let run = || train_all(networks(4, 1_000_000_000), threads, train, &mut watcher);
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    }
}

/// Network 1 fails later than network 3.
#[test]
fn the_first_failure_is_that_of_the_first_network() {
    for threads in [1, 2, 4] {
        let work = |network: NetworkFit<f64>, watcher: &mut dyn Watcher<f64>| {
            let fold = fold(&network);
            if fold == 1 {
                thread::sleep(Duration::from_millis(100));
            }
            match fold {
                1 | 3 => Err(Failed::Other(FitError::Setting(
                    SettingError::check_count("epochs", 0).unwrap_err(),
                ))),
                _ => train(network, watcher),
            }
        };
        let (index, failed) = train_all(networks(5, 3), threads, work, &mut go_on()).unwrap_err();
        assert_eq!(index, 1, "{threads} threads");
        assert!(matches!(failed, Failed::Other(FitError::Setting(_))));
    }
}

/// Records the epochs of networks, and how far the training is.
#[derive(Default)]
struct Records {
    epochs: Vec<(usize, usize)>,
    done: Vec<(usize, usize)>,
}

impl Watcher<f64> for Records {
    fn epoch(&mut self, _: &Progress<'_, f64>) -> Control {
        Control::Continue
    }

    fn epoch_of_network(&mut self, network: usize, epoch: &Epoch) -> Control {
        self.epochs.push((network, epoch.epoch));
        Control::Continue
    }

    fn advance(&mut self, done: usize, epochs: usize) -> Control {
        self.done.push((done, epochs));
        Control::Continue
    }
}

#[test]
fn every_epoch_of_every_network_is_watched() {
    for threads in [1, 2, 4] {
        let mut records = Records::default();
        let trained = train_all(networks(4, 3), threads, train, &mut records).unwrap();
        assert_eq!(trained.len(), 4);
        records.epochs.sort_unstable();
        let expected: Vec<_> =
            (0..4).flat_map(|network| (0..3).map(move |epoch| (network, epoch))).collect();
        assert_eq!(records.epochs, expected);
        assert!(records.done.is_sorted(), "{:?}", records.done);
        assert_eq!(records.done.last(), Some(&(12, 12)));
    }
}

/// Its epochs count although it does not do them.
#[test]
fn a_network_that_ends_early_counts_as_done() {
    let work = |network: NetworkFit<f64>, watcher: &mut dyn Watcher<f64>| {
        train(NetworkFit { fit: Fit::epochs(2), ..network }, watcher)
    };
    let mut records = Records::default();
    train_all(networks(3, 10), 1, work, &mut records).unwrap();
    assert_eq!(records.done.last(), Some(&(30, 30)));
}
