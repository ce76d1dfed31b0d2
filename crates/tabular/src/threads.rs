//! Threads that share work.

use std::num::NonZeroUsize;
use std::thread;

/// Fewer numbers are computed sooner than a thread starts.
pub(crate) const FEW: usize = 1 << 17;

/// The number of processors that this program may use.
pub(crate) fn available_threads() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Calls `work` on this many threads, of which the calling one is one, and waits for all. `work` takes a part of what
/// is to be done until nothing is left, so it does not matter how many threads the system starts.
pub(crate) fn run_on_threads(threads: usize, work: impl Fn() + Sync) {
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where a thread cannot start, the others do its work.
            let _ = thread::Builder::new().spawn_scoped(scope, &work);
        }
        work();
    });
}
