//! Networks that are trained side by side.

use std::error::Error;
use std::panic;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use std::vec;

use nnfs::files::FileScalar;
use nnfs::model::{Control, End, Epoch, History, ObserverError, Progress};
use nnfs::prelude::*;

use crate::Watcher;
use crate::network_fit::{Failed, NetworkFit, TrainedNetwork};

/// How long the calling thread waits for the others before it asks its watcher again.
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(50);

/// Trains networks on some threads, and returns them in their order.
///
/// The calling thread trains the first network and shows it to the watcher, which also gets the epochs of
/// all others. No network depends on another one, so the number of threads does not change a bit. If the
/// watcher stops the training, all networks stop, and those that have not begun are left out.
///
/// # Errors
/// That of the first network that fails, in the order of the networks, with its position.
///
/// # Panics
/// If the training of a network or the watcher panics. All networks stop before the panic continues.
pub(crate) fn train_all<T: FileScalar>(
    networks: Vec<NetworkFit<T>>,
    threads: usize,
    train: impl Fn(NetworkFit<T>, &mut dyn Watcher<T>) -> Ended<T> + Sync,
    watcher: &mut dyn Watcher<T>,
) -> Result<Vec<TrainedNetwork<T>>, (usize, Failed<T>)> {
    let count = networks.len();
    let done_before = networks.iter().map(NetworkFit::epochs_done).sum();
    let epochs: Vec<usize> = networks.iter().map(NetworkFit::epochs).collect();
    let shared = Shared {
        work: Mutex::new(Work {
            waiting: networks.into_iter().enumerate().collect::<Vec<_>>().into_iter(),
            running: 0,
            epochs: Vec::new(),
            ended: Vec::new(),
        }),
        one_ended: Condvar::new(),
        stop_from: AtomicUsize::new(usize::MAX),
        epochs_done: AtomicUsize::new(done_before),
        checkpoint_failed: AtomicBool::new(false),
        saving_is_slow: AtomicBool::new(false),
        all_epochs: epochs.iter().fold(0, |sum, &epochs| sum.saturating_add(epochs)),
        epochs,
    };
    let (shared, train) = (&shared, &train);
    thread::scope(|scope| {
        let _guard = StopOnPanic(shared);
        let mut next = shared.next();
        let work = move || {
            while let Some((running, network)) = shared.next() {
                let index = running.index;
                running.end(train(network, &mut Unwatched { shared, index }));
            }
        };
        // Where a thread cannot start, the others do its work.
        let started: Vec<_> = (1..threads.min(count))
            .filter_map(|_| thread::Builder::new().spawn_scoped(scope, work).ok())
            .collect();
        while let Some((running, network)) = next {
            let mut watched = Watched { shared, index: running.index, watcher: &mut *watcher };
            running.end(train(network, &mut watched));
            shared.ask(watcher);
            next = shared.next();
        }
        shared.wait(watcher);
        for thread in started {
            if let Err(payload) = thread.join() {
                panic::resume_unwind(payload);
            }
        }
    });
    let mut ended = std::mem::take(&mut shared.lock().ended);
    ended.sort_by_key(|&(index, _)| index);
    ended.into_iter().map(|(index, ended)| ended.map_err(|failed| (index, failed))).collect()
}

/// What the threads share.
struct Shared<T: FileScalar> {
    work: Mutex<Work<T>>,
    one_ended: Condvar,
    /// Networks from this one on stop.
    stop_from: AtomicUsize,
    /// A network that stops early counts all of its epochs.
    epochs_done: AtomicUsize,
    /// Both are reported once.
    checkpoint_failed: AtomicBool,
    saving_is_slow: AtomicBool,
    /// The most epochs of each network, and their sum.
    epochs: Vec<usize>,
    all_epochs: usize,
}

/// How the training of a network ended.
pub(crate) type Ended<T> = Result<TrainedNetwork<T>, Failed<T>>;

struct Work<T: FileScalar> {
    waiting: vec::IntoIter<(usize, NetworkFit<T>)>,
    running: usize,
    /// Epochs of which the watcher does not know yet, each with its network.
    epochs: Vec<(usize, Epoch)>,
    ended: Vec<(usize, Ended<T>)>,
}

/// A network that is being trained; it is counted until this is dropped.
struct Running<'a, T: FileScalar> {
    shared: &'a Shared<T>,
    index: usize,
}

impl<T: FileScalar> Running<'_, T> {
    fn end(self, result: Ended<T>) {
        let Self { shared, index } = &self;
        match &result {
            Ok(network) => {
                let was_stopped = network.history.end == End::StoppedByObserver;
                if !network.was_finished && !was_stopped {
                    let done = network.history.epochs.len();
                    let left = shared.epochs[*index].saturating_sub(done);
                    shared.epochs_done.fetch_add(left, Ordering::Relaxed);
                }
            }
            // Those before go on, so that the first failure does not depend on the threads.
            Err(_) => {
                shared.stop_from.fetch_min(*index, Ordering::Relaxed);
            }
        }
        shared.lock().ended.push((*index, result));
    }
}

impl<T: FileScalar> Drop for Running<'_, T> {
    fn drop(&mut self) {
        drop(StopOnPanic(self.shared));
        self.shared.lock().running -= 1;
        self.shared.one_ended.notify_all();
    }
}

/// Stops all networks if this thread panics.
struct StopOnPanic<'a, T: FileScalar>(&'a Shared<T>);

impl<T: FileScalar> Drop for StopOnPanic<'_, T> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stop();
        }
    }
}

impl<T: FileScalar> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, Work<T>> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next network, unless it would stop at once.
    fn next(&self) -> Option<(Running<'_, T>, NetworkFit<T>)> {
        let mut work = self.lock();
        let (index, network) = work.waiting.next().filter(|&(index, _)| !self.stops(index))?;
        work.running += 1;
        Some((Running { shared: self, index }, network))
    }

    fn stop(&self) {
        self.stop_from.store(0, Ordering::Relaxed);
    }

    fn stops(&self, index: usize) -> bool {
        index >= self.stop_from.load(Ordering::Relaxed)
    }

    /// Counts an epoch of a network, and keeps it for the watcher.
    fn epoch(&self, index: usize, epoch: &Epoch) {
        self.epochs_done.fetch_add(1, Ordering::Relaxed);
        self.lock().epochs.push((index, epoch.clone()));
    }

    fn control(&self, index: usize) -> Control {
        if self.stops(index) { Control::Stop } else { Control::Continue }
    }

    /// Reports how far the training is, and asks whether to go on.
    fn ask(&self, watcher: &mut dyn Watcher<T>) {
        let epochs = std::mem::take(&mut self.lock().epochs);
        for (network, epoch) in epochs {
            if watcher.epoch_of_network(network, &epoch) == Control::Stop {
                self.stop();
            }
        }
        let done = self.epochs_done.load(Ordering::Relaxed);
        if watcher.advance(done, self.all_epochs) == Control::Stop {
            self.stop();
        }
    }

    /// Waits for the networks of the other threads. The last question comes after they have ended, so that
    /// the watcher gets all of their epochs.
    fn wait(&self, watcher: &mut dyn Watcher<T>) {
        let mut work = self.lock();
        while work.running > 0 {
            let waited = self.one_ended.wait_timeout(work, BETWEEN_QUESTIONS);
            drop(waited);
            self.ask(watcher);
            work = self.lock();
        }
        drop(work);
        self.ask(watcher);
    }
}

/// The watcher of a network of another thread.
struct Unwatched<'a, T: FileScalar> {
    shared: &'a Shared<T>,
    index: usize,
}

impl<T: FileScalar> Watcher<T> for Unwatched<'_, T> {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Control {
        self.shared.epoch(self.index, progress.epoch());
        self.shared.control(self.index)
    }
}

/// The watcher of a network of the calling thread. Only the first network is shown.
struct Watched<'a, T: FileScalar> {
    shared: &'a Shared<T>,
    index: usize,
    watcher: &'a mut dyn Watcher<T>,
}

impl<T: FileScalar> Watcher<T> for Watched<'_, T> {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Control {
        if self.index == 0 && self.watcher.epoch(progress) == Control::Stop {
            self.shared.stop();
        }
        self.shared.epoch(self.index, progress.epoch());
        self.shared.ask(self.watcher);
        self.shared.control(self.index)
    }

    fn before_checkpoint(&mut self) -> Result<(), ObserverError> {
        self.watcher.before_checkpoint()
    }

    fn checkpoints_are_slow(&mut self, share: f64) {
        if !self.shared.saving_is_slow.swap(true, Ordering::Relaxed) {
            self.watcher.checkpoints_are_slow(share);
        }
    }

    fn checkpoint_failed(&mut self, error: &dyn Error) {
        if !self.shared.checkpoint_failed.swap(true, Ordering::Relaxed) {
            self.watcher.checkpoint_failed(error);
        }
    }

    fn end(&mut self, model: &Model<T>, history: &History) {
        if self.index == 0 {
            self.watcher.end(model, history);
        }
    }
}

#[cfg(test)]
mod tests;
