//! The accuracy, which every training step asks for, allocates nothing.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use nnfs_metrics::{Tolerance, accuracy_within};
use nnfs_tensor::Tensor;

/// The allocator of the system, counting what this thread asks for.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

#[allow(unsafe_code)]
// SAFETY: every call goes to the allocator of the system unchanged; a counter without a
// destructor beside it does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller keeps the contract, which is the same.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the memory came from `System.alloc`.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often `work` allocates.
fn allocations(work: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    work();
    ALLOCATIONS.get() - before
}

#[test]
fn accuracy_within_allocates_nothing() {
    let (predictions, targets) = (Tensor::<f32>::zeros(1000, 1), Tensor::zeros(1000, 1));
    let tolerance = Tolerance::absolute(0.1).unwrap();
    let mut accuracy = 0.0;
    let counted = allocations(|| {
        accuracy = accuracy_within(&predictions, &targets, tolerance).unwrap();
    });
    assert_eq!((accuracy, counted), (1.0, 0));
    // And the counter counts.
    assert_eq!(allocations(|| drop(std::hint::black_box(targets.clone()))), 1);
}
