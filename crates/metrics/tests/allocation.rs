//! The accuracy, which every training step asks for, allocates nothing.

use allocation_counter::measure;
use nnfs_metrics::{Tolerance, accuracy_within};
use nnfs_tensor::Tensor;

#[test]
fn accuracy_within_allocates_nothing() {
    let (predictions, targets) = (Tensor::<f32>::zeros(1000, 1), Tensor::zeros(1000, 1));
    let tolerance = Tolerance::absolute(0.1).unwrap();
    let mut accuracy = 0.0;
    let counted = measure(|| {
        accuracy = accuracy_within(&predictions, &targets, tolerance).unwrap();
    });
    assert_eq!((accuracy, counted.count_total), (1.0, 0));
    // The counter does count.
    assert_eq!(measure(|| drop(std::hint::black_box(targets.clone()))).count_total, 1);
}
