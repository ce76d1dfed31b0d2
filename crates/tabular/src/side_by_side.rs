//! Networks that are trained side by side.

use std::error::Error;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use std::vec;

use nnfs::files::FileScalar;
use nnfs::model::{Control, History, ObserverError, Progress};
use nnfs::prelude::*;

use crate::Watcher;
use crate::network_fit::{Failed, NetworkFit, TrainedNetwork};

/// How long the calling thread waits for the others before it asks its watcher again.
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(50);

/// The number of processors that this program may use.
pub(crate) fn available_threads() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Trains networks on some threads, and returns them in their order.
///
/// The calling thread trains the first network and shows it to the watcher. No network depends on
/// another one, so the number of threads does not change a bit. If the watcher stops the training, all
/// networks stop, and those that have not begun are left out.
///
/// # Errors
/// That of the first network that fails, in the order of the networks.
pub(crate) fn train_all<T: FileScalar>(
    networks: Vec<NetworkFit<T>>,
    threads: usize,
    epochs: usize,
    train: impl Fn(NetworkFit<T>, &mut dyn Watcher<T>) -> Ended<T> + Sync,
    watcher: &mut dyn Watcher<T>,
) -> Result<Vec<TrainedNetwork<T>>, Failed<T>> {
    let count = networks.len();
    let shared = Shared {
        work: Mutex::new(Work {
            waiting: networks.into_iter().enumerate().collect::<Vec<_>>().into_iter(),
            running: 0,
            ended: Vec::new(),
        }),
        one_ended: Condvar::new(),
        stop_from: AtomicUsize::new(usize::MAX),
        epochs_done: AtomicUsize::new(0),
        checkpoint_failed: AtomicBool::new(false),
        saving_is_slow: AtomicBool::new(false),
        epochs: epochs.saturating_mul(count),
    };
    let (shared, train) = (&shared, &train);
    thread::scope(|scope| {
        let mut next = shared.next();
        for _ in 1..threads.min(count) {
            let work = move || {
                while let Some((index, network)) = shared.next() {
                    shared.end(index, train(network, &mut Unwatched { shared, index }));
                }
            };
            // Where a thread cannot start, the others do its work.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        while let Some((index, network)) = next {
            let mut watched = Watched { shared, index, watcher: &mut *watcher };
            shared.end(index, train(network, &mut watched));
            next = shared.next();
        }
        shared.wait(watcher);
    });
    let mut ended = std::mem::take(&mut shared.lock().ended);
    ended.sort_by_key(|&(index, _)| index);
    ended.into_iter().map(|(_, network)| network).collect()
}

/// What the threads share.
struct Shared<T: FileScalar> {
    work: Mutex<Work<T>>,
    one_ended: Condvar,
    /// Networks from this one on stop.
    stop_from: AtomicUsize,
    epochs_done: AtomicUsize,
    /// Both are reported once.
    checkpoint_failed: AtomicBool,
    saving_is_slow: AtomicBool,
    /// All of them, if no network stops early.
    epochs: usize,
}

/// How the training of a network ended.
type Ended<T> = Result<TrainedNetwork<T>, Failed<T>>;

struct Work<T: FileScalar> {
    waiting: vec::IntoIter<(usize, NetworkFit<T>)>,
    running: usize,
    ended: Vec<(usize, Ended<T>)>,
}

impl<T: FileScalar> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, Work<T>> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next network, unless it would stop at once.
    fn next(&self) -> Option<(usize, NetworkFit<T>)> {
        let mut work = self.lock();
        let next = work.waiting.next().filter(|&(index, _)| !self.stops(index));
        work.running += usize::from(next.is_some());
        next
    }

    fn end(&self, index: usize, result: Ended<T>) {
        if result.is_err() {
            // Those before go on, so that the first failure does not depend on the threads.
            self.stop_from.fetch_min(index, Ordering::Relaxed);
        }
        let mut work = self.lock();
        work.running -= 1;
        work.ended.push((index, result));
        self.one_ended.notify_all();
    }

    fn stops(&self, index: usize) -> bool {
        index >= self.stop_from.load(Ordering::Relaxed)
    }

    /// Counts an epoch of a network.
    fn epoch(&self, index: usize) -> Control {
        self.epochs_done.fetch_add(1, Ordering::Relaxed);
        if self.stops(index) { Control::Stop } else { Control::Continue }
    }

    /// Reports how far the training is, and asks whether to go on.
    fn ask(&self, watcher: &mut dyn Watcher<T>) {
        let done = self.epochs_done.load(Ordering::Relaxed);
        if watcher.advance(done, self.epochs) == Control::Stop {
            self.stop_from.store(0, Ordering::Relaxed);
        }
    }

    /// Waits for the networks of the other threads.
    fn wait(&self, watcher: &mut dyn Watcher<T>) {
        let mut work = self.lock();
        while work.running > 0 {
            let waited = self.one_ended.wait_timeout(work, BETWEEN_QUESTIONS);
            drop(waited);
            self.ask(watcher);
            work = self.lock();
        }
    }
}

/// The watcher of a network of another thread.
struct Unwatched<'a, T: FileScalar> {
    shared: &'a Shared<T>,
    index: usize,
}

impl<T: FileScalar> Watcher<T> for Unwatched<'_, T> {
    fn epoch(&mut self, _: &Progress<'_, T>) -> Control {
        self.shared.epoch(self.index)
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
            self.shared.stop_from.store(0, Ordering::Relaxed);
        }
        let control = self.shared.epoch(self.index);
        self.shared.ask(self.watcher);
        control
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
