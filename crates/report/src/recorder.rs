//! Whoever watches a training for a report.

use nnfs_model::{Control, Model, Observer, ObserverError, Progress, gradient_norm};
use nnfs_tensor::{Elementwise, Layer, Scalar, ShapeError, Tensor};

use crate::{Frame, LayerHealth};

/// How many frames a recorder keeps of a long training, beside the first.
const FRAMES: usize = 100;

/// So many rows are predicted at a time: training finds its own numbers still in the cache.
const PIECE: usize = 128;

/// Watches a training, and keeps what the network predicts of given rows after at most 100 chosen
/// epochs, with the health of its layers: which units none of these rows wakes, and how large the
/// gradients of the last step were.
///
/// It is an [`Observer`] of [`Model::fit`](nnfs_model::Model::fit), by itself or called by another.
/// What it keeps costs a prediction of its rows and a look at the gradients for each frame;
/// [`epochs_apart`] says how far apart frames have to be to be cheap.
#[derive(Debug)]
pub struct Recorder<T: Scalar> {
    /// In pieces.
    rows: Vec<Tensor<T>>,
    epochs: Vec<usize>,
    frames: Vec<Frame>,
    /// For each layer, what there is to tell of it.
    gauges: Vec<Gauge>,
    /// What a layer has made of a piece, and room for what the next one makes of that.
    outputs: Tensor<T>,
    next: Tensor<T>,
}

/// What can be reported of a layer.
#[derive(Debug)]
struct Gauge {
    can_die: bool,
    has_parameters: bool,
    /// Whether each unit has passed no gradient for any row so far.
    is_dead: Vec<bool>,
}

impl Gauge {
    fn of<T: Scalar>(layer: &dyn Layer<T>) -> Self {
        Self {
            can_die: layer.activation().is_some_and(Elementwise::can_die),
            has_parameters: layer.parameter_count() > 0,
            is_dead: Vec::new(),
        }
    }

    /// Looks at what the layer has made of some rows.
    fn watch<T: Scalar>(&mut self, layer: &dyn Layer<T>, outputs: &Tensor<T>) {
        let Some(activation) = layer.activation().filter(|_| self.can_die) else { return };
        self.is_dead.resize(outputs.ncols(), true);
        for (is_dead, column) in
            self.is_dead.iter_mut().zip(outputs.as_slice().chunks_exact(outputs.nrows()))
        {
            *is_dead = *is_dead && activation.is_dead(column);
        }
    }

    /// What it has seen since this was last asked, and the gradients of a step if there was one.
    fn read<T: Scalar>(&mut self, layer: &dyn Layer<T>, has_gradients: bool) -> LayerHealth {
        let dead = self.is_dead.iter().filter(|is_dead| **is_dead).count();
        let dead_units =
            (!self.is_dead.is_empty()).then(|| dead as f64 / self.is_dead.len() as f64);
        self.is_dead.clear();
        LayerHealth {
            dead_units,
            gradient_norm: (self.has_parameters && has_gradients).then(|| gradient_norm(layer)),
        }
    }
}

impl<T: Scalar> Recorder<T> {
    /// Watches what becomes of these rows, (samples, features), in a training of so many epochs;
    /// there may be none, and then the gradients alone are watched.
    ///
    /// Frames are at least `apart` epochs from each other, 1 or more. The first is of the weights that
    /// the training starts from, after `first` epochs: 0, or more in a training that is resumed.
    ///
    /// # Errors
    /// If the model does not take rows of this width.
    pub fn new(
        rows: &Tensor<T>,
        first: usize,
        last: usize,
        apart: usize,
        model: &Model<T>,
    ) -> Result<Self, ShapeError> {
        let piece = |start| rows.rows(start, PIECE.min(rows.nrows() - start)).into_owned();
        let mut recorder = Self {
            rows: (0..rows.nrows()).step_by(PIECE).map(piece).collect(),
            epochs: chosen_epochs(last, apart),
            frames: Vec::new(),
            gauges: model.layers().iter().map(|layer| Gauge::of(&**layer)).collect(),
            outputs: Tensor::default(),
            next: Tensor::default(),
        };
        recorder.record(first, model)?;
        Ok(recorder)
    }

    /// Whether there is to be a frame of the weights that this epoch begins with.
    pub fn is_chosen(&self, epoch: usize) -> bool {
        self.epochs.binary_search(&epoch).is_ok()
    }

    /// Keeps a frame after so many epochs, chosen or not, and none from there on.
    ///
    /// # Errors
    /// If the model does not take rows of this width.
    pub fn record(&mut self, epoch: usize, model: &Model<T>) -> Result<(), ShapeError> {
        self.keep(epoch, model, !model.outputs().is_empty())
    }

    /// Keeps a frame of weights that the model has had after so many epochs and was given back, such
    /// as the best of a training; the gradients in it are those of a later step, and not told.
    ///
    /// # Errors
    /// If the model does not take rows of this width.
    pub fn record_restored(&mut self, epoch: usize, model: &Model<T>) -> Result<(), ShapeError> {
        self.keep(epoch, model, false)
    }

    fn keep(
        &mut self,
        epoch: usize,
        model: &Model<T>,
        has_gradients: bool,
    ) -> Result<(), ShapeError> {
        let predictions = self.predict(model)?;
        let layers = model.layers().iter().zip(&mut self.gauges);
        let layers = layers.map(|(layer, gauge)| gauge.read(&**layer, has_gradients)).collect();
        self.frames.retain(|frame| frame.epoch < epoch);
        self.frames.push(Frame { epoch, predictions, layers });
        Ok(())
    }

    /// Predicts all rows, layer by layer under the eyes of the gauges.
    fn predict(&mut self, model: &Model<T>) -> Result<Vec<f64>, ShapeError> {
        let Self { rows, gauges, outputs, next, .. } = self;
        let mut predictions = Vec::new();
        for rows in rows.iter() {
            if rows.ncols() != model.input_width() {
                let (expected, found) = (model.input_width().to_string(), rows.ncols().to_string());
                return Err(ShapeError::new("columns of the watched rows", expected, found));
            }
            let mut values = rows;
            for (layer, gauge) in model.layers().iter().zip(gauges.iter_mut()) {
                layer.predict_to(values, next);
                std::mem::swap(outputs, next);
                values = outputs;
                gauge.watch(&**layer, values);
            }
            for row in values.row_iter() {
                predictions.extend(row.iter().map(|value| value.to_f64()));
            }
        }
        Ok(predictions)
    }

    /// What was kept, in the order of the epochs.
    pub fn into_frames(self) -> Vec<Frame> {
        self.frames
    }
}

impl<T: Scalar> Observer<T> for Recorder<T> {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Result<Control, ObserverError> {
        let done = progress.epoch().epoch + 1;
        if self.is_chosen(done) {
            self.record(done, progress.model())?;
        }
        Ok(Control::Continue)
    }
}

/// After which epochs frames are kept, if there are `last` in all: often in the beginning, where the
/// most happens, but at least `apart` epochs from each other; then more and more seldom; and after the
/// last.
///
/// ```text
/// epoch(n) = max(n * apart, round(last * (n / N)^3))        n = 0, 1, ..., N = min(100, last / apart)
/// ```
pub fn chosen_epochs(last: usize, apart: usize) -> Vec<usize> {
    let apart = apart.max(1);
    let frames = FRAMES.min(last / apart);
    let epoch = |n: usize| {
        let share = n as f64 / frames.max(1) as f64;
        (n * apart).max((last as f64 * share.powi(3)).round() as usize)
    };
    (0..=frames).map(epoch).collect()
}

/// How many epochs have to lie between frames of so many rows for these to cost little beside
/// training on so many, whenever the training ends: as many as train on 16 rows for each row that a
/// frame predicts, and for 32 more, which looking at the layers costs.
///
/// ```text
/// epochs = 16 * (watched + 32) / trained, rounded up
/// ```
///
/// It is a number of rows and not of seconds, so that a training is recorded alike wherever it runs.
pub fn epochs_apart(watched: usize, trained: usize) -> usize {
    (16 * (watched + 32)).div_ceil(trained.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_training_is_kept_whole() {
        assert_eq!(chosen_epochs(0, 1), [0]);
        assert_eq!(chosen_epochs(1, 1), [0, 1]);
        assert_eq!(chosen_epochs(60, 1), (0..=60).collect::<Vec<_>>());
        assert_eq!(chosen_epochs(100, 1), (0..=100).collect::<Vec<_>>());
    }

    #[test]
    fn of_a_long_training_the_beginning_is_kept_densely() {
        for last in [101, 500, 1000, 10_001, 10_000_000] {
            let epochs = chosen_epochs(last, 1);
            assert_eq!((epochs[0], epochs.len(), epochs[100]), (0, 101, last));
            assert!(epochs.is_sorted_by(|left, right| left < right), "{epochs:?}");
        }
        assert_eq!(chosen_epochs(10_000, 1)[..13], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 17]);
    }

    #[test]
    fn frames_are_so_far_apart() {
        assert_eq!(chosen_epochs(60, 7), [0, 7, 14, 21, 28, 35, 42, 49, 60]);
        assert_eq!(chosen_epochs(6, 7), [0]);
        for (last, apart) in [(60, 4), (1000, 3), (1000, 10), (12_345, 7), (10_000_000, 50)] {
            let epochs = chosen_epochs(last, apart);
            assert_eq!(epochs.len(), 1 + (last / apart).min(100));
            assert_eq!(epochs[epochs.len() - 1], last);
            // However early the training ends, it has not had more frames than that.
            let mut indexed = epochs.iter().enumerate();
            assert!(indexed.all(|(n, &epoch)| epoch >= n * apart), "{epochs:?}");
            assert!(epochs.is_sorted_by(|left, right| left < right), "{epochs:?}");
        }
    }

    #[test]
    fn few_rows_pay_for_few_frames() {
        assert_eq!(epochs_apart(0, 512), 1);
        assert_eq!(epochs_apart(0, 511), 2);
        assert_eq!(epochs_apart(88, 354), 6);
        assert_eq!(epochs_apart(500, 1_000_000), 1);
        assert_eq!(epochs_apart(1, 0), 528);
    }
}
