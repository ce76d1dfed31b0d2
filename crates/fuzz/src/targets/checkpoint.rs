//! Checkpoints of a training.

use nnfs::files::{Checkpoint, FileScalar, Registry};
use nnfs::prelude::*;

use super::check_error;

/// The widest network that is trained on.
const WIDEST: usize = 50;

/// The most epochs of a training that is continued.
const LONGEST: usize = 1000;

/// Reads a checkpoint, writes it again, and trains on for an epoch.
///
/// # Panics
/// If a promise is broken.
pub fn checkpoint(bytes: &[u8]) -> bool {
    // One after the other: they differ in the kind of their numbers.
    let double = use_bytes::<f64>(bytes);
    let single = use_bytes::<f32>(bytes);
    assert!(!(double && single), "a checkpoint of two kinds of numbers");
    double || single
}

fn use_bytes<T: FileScalar>(bytes: &[u8]) -> bool {
    let registry = Registry::<T>::new();
    let checkpoint = match Checkpoint::from_bytes(bytes, &registry) {
        Ok(checkpoint) => checkpoint,
        Err(error) => {
            check_error(&error);
            return false;
        }
    };
    let written = checkpoint.to_bytes().expect("what was read can be written");
    let again = Checkpoint::from_bytes(&written, &registry).expect("what was written can be read");
    assert!(again.to_bytes().is_ok_and(|bytes| bytes == written), "other bytes the second time");
    train_on(checkpoint);
    true
}

/// Trains on for an epoch, if the optimizer accepts the state; the training may diverge.
fn train_on<T: FileScalar>(checkpoint: Checkpoint<T>) {
    let Checkpoint { mut model, optimizer, state, .. } = checkpoint;
    let mut adam = Adam::new(LearningRate::constant(0.1).expect("a valid rate"));
    let (width, outputs) = (model.input_width(), model.output_width());
    let fits =
        adam.restore(optimizer).map_err(Into::into).and_then(|()| adam.check(&model)).is_ok();
    if !fits || width > WIDEST || outputs > WIDEST || state.next_epoch() > LONGEST {
        return;
    }
    let settings = Fit::epochs(state.next_epoch() + 1).early_stopping(3);
    let numbers =
        |columns| Tensor::from_fn(4, columns, |row, column| T::from_f64((row + column) as f64));
    let (inputs, targets) = (numbers(width), numbers(outputs));
    let fitted =
        model.fit_from(state, &inputs, &targets, &MeanSquaredError, &mut adam, &settings, &mut ());
    if let Err(error) = fitted {
        check_error(&error);
    }
}
