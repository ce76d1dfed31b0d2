//! Tasks side by side: a few threads, one queue.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Works on every task, up to `jobs` at a time, in the order given; the results come in that
/// order too, whichever finishes first.
pub(crate) fn side_by_side<T: Sync, R: Send>(
    tasks: &[T],
    jobs: usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<R>>> = tasks.iter().map(|_| Mutex::new(None)).collect();
    let take = || {
        let index = next.fetch_add(1, Ordering::Relaxed);
        tasks.get(index).zip(results.get(index))
    };
    let worker = || {
        while let Some((task, result)) = take() {
            *result.lock().expect("nobody else has it") = Some(work(task));
        }
    };
    thread::scope(|scope| {
        for _ in 0..jobs.min(tasks.len()) {
            scope.spawn(worker);
        }
    });
    let result = |slot: Mutex<Option<R>>| slot.into_inner().expect("its worker has ended");
    results.into_iter().map(|slot| result(slot).expect("every task was taken")).collect()
}

/// As many as the machine can run at once.
pub(crate) fn all_cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_tasks() {
        let tasks: Vec<u64> = (0..20).collect();
        for jobs in [1, 3, 100] {
            let results = side_by_side(&tasks, jobs, |&task| {
                thread::sleep(std::time::Duration::from_millis(20 - task));
                task * task
            });
            assert_eq!(results, tasks.iter().map(|task| task * task).collect::<Vec<_>>());
        }
        assert!(side_by_side(&[0; 0], 2, |&task: &i32| task).is_empty());
    }
}
