//! Whoever watches a training for a report.

use nnfs_model::{Control, Model, Observer, Progress, Workspace};
use nnfs_tensor::{Scalar, ShapeError, Tensor};

use crate::{Frame, LayerHealth};

/// How many frames a recorder keeps of a long training, beside the first.
const FRAMES: usize = 100;

/// Watches a training, and keeps what the network predicts of given rows after about 100 chosen
/// epochs, with the health of its layers.
///
/// It is an [`Observer`] of [`Model::fit`](nnfs_model::Model::fit), by itself or called by another.
/// What it keeps costs a prediction of its rows and a look at the gradients for each frame.
#[derive(Debug)]
pub struct Recorder<T: Scalar> {
    rows: Tensor<T>,
    epochs: Vec<usize>,
    frames: Vec<Frame>,
    workspace: Workspace<T>,
    predictions: Tensor<T>,
}

impl<T: Scalar> Recorder<T> {
    /// Watches what becomes of these rows, (samples, features), in a training of so many epochs.
    ///
    /// The first frame is of the weights that the training starts from.
    ///
    /// # Errors
    /// If the model does not take rows of this width.
    pub fn new(rows: Tensor<T>, epochs: usize, model: &Model<T>) -> Result<Self, ShapeError> {
        let mut recorder = Self {
            rows,
            epochs: chosen_epochs(epochs),
            frames: Vec::new(),
            workspace: Workspace::default(),
            predictions: Tensor::default(),
        };
        recorder.record(0, model)?;
        Ok(recorder)
    }

    /// Whether there is to be a frame of the weights that this epoch begins with.
    pub fn is_chosen(&self, epoch: usize) -> bool {
        self.epochs.binary_search(&epoch).is_ok()
    }

    /// Keeps a frame after so many epochs, chosen or not; of two for one epoch, the later.
    ///
    /// # Errors
    /// If the model does not take rows of this width.
    pub fn record(&mut self, epoch: usize, model: &Model<T>) -> Result<(), ShapeError> {
        model.predict_to(&self.rows, &mut self.workspace, &mut self.predictions)?;
        self.frames.retain(|frame| frame.epoch < epoch);
        self.frames.push(Frame {
            epoch,
            predictions: row_after_row(&self.predictions),
            layers: if epoch == 0 { Vec::new() } else { health(model) },
        });
        Ok(())
    }

    /// What was kept, in the order of the epochs.
    pub fn into_frames(self) -> Vec<Frame> {
        self.frames
    }
}

impl<T: Scalar> Observer<T> for Recorder<T> {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Control {
        let done = progress.epoch().epoch + 1;
        if self.is_chosen(done) {
            self.record(done, progress.model()).expect("the model that the recorder was made for");
        }
        Control::Continue
    }
}

/// Of how many epochs frames are kept, if there are `last` in all: each of the first ones, where the
/// most happens, then fewer and fewer, and the last.
///
/// ```text
/// epoch(n) = max(n, round(last * (n / 100)^3))          n = 0, 1, ..., 100
/// ```
pub fn chosen_epochs(last: usize) -> Vec<usize> {
    let frames = FRAMES.min(last);
    let epoch = |n: usize| {
        let share = n as f64 / frames.max(1) as f64;
        n.max((last as f64 * share.powi(3)).round() as usize)
    };
    (0..=frames).map(epoch).collect()
}

fn row_after_row<T: Scalar>(tensor: &Tensor<T>) -> Vec<f64> {
    let row = |row| (0..tensor.ncols()).map(move |column| tensor[(row, column)].to_f64());
    (0..tensor.nrows()).flat_map(row).collect()
}

fn health<T: Scalar>(model: &Model<T>) -> Vec<LayerHealth> {
    let layers = model.diagnostics().layers;
    layers
        .into_iter()
        .map(|layer| LayerHealth {
            dead_units: layer.dead_units,
            gradient_norm: layer.gradient_norm,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_training_is_kept_whole() {
        assert_eq!(chosen_epochs(0), [0]);
        assert_eq!(chosen_epochs(1), [0, 1]);
        assert_eq!(chosen_epochs(60), (0..=60).collect::<Vec<_>>());
        assert_eq!(chosen_epochs(100), (0..=100).collect::<Vec<_>>());
    }

    #[test]
    fn of_a_long_training_the_beginning_is_kept_densely() {
        for last in [101, 500, 1000, 10_001, 10_000_000] {
            let epochs = chosen_epochs(last);
            assert_eq!((epochs[0], epochs.len(), epochs[100]), (0, 101, last));
            assert!(epochs.is_sorted_by(|left, right| left < right), "{epochs:?}");
        }
        assert_eq!(chosen_epochs(10_000)[..13], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 17]);
    }
}
