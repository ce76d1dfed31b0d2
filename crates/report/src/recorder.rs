//! Records the predictions of a network while it is trained.

use nnfs_model::{Control, Model, Observer, ObserverError, Progress, gradient_norm};
use nnfs_tensor::{Elementwise, Layer, Scalar, ShapeError, Tensor};

use crate::{Frame, LayerHealth};

/// The number of frames of a long training, without the first.
const FRAMES: usize = 100;

/// The number of rows that are predicted at a time: few enough that the numbers of the training stay in
/// the cache.
const BLOCK: usize = 128;

/// An [`Observer`] that records a network while it is trained: after up to 100 chosen epochs, the
/// predictions of given rows, the dead units of its layers, and the norms of their gradients.
///
/// Each frame costs a prediction of the rows and a pass over the gradients. With the distance of
/// [`epochs_apart`] between frames, this is little compared with the training.
#[derive(Debug)]
pub struct Recorder<T: Scalar> {
    /// In blocks.
    rows: Vec<Tensor<T>>,
    epochs: Vec<usize>,
    frames: Vec<Frame>,
    /// One for each layer.
    probes: Vec<LayerProbe>,
    /// The outputs of a layer for a block, and those of the next layer.
    outputs: Tensor<T>,
    next: Tensor<T>,
}

/// Measures the health of a layer while rows are predicted.
#[derive(Debug)]
struct LayerProbe {
    can_die: bool,
    has_parameters: bool,
    /// Whether each unit was dead for all rows so far.
    is_dead: Vec<bool>,
}

impl LayerProbe {
    fn new<T: Scalar>(layer: &dyn Layer<T>) -> Self {
        Self {
            can_die: layer.activation().is_some_and(Elementwise::can_die),
            has_parameters: layer.parameter_count() > 0,
            is_dead: Vec::new(),
        }
    }

    /// Measures the outputs of a block of rows.
    fn measure<T: Scalar>(&mut self, layer: &dyn Layer<T>, outputs: &Tensor<T>) {
        let Some(activation) = layer.activation().filter(|_| self.can_die) else { return };
        self.is_dead.resize(outputs.ncols(), true);
        for (is_dead, column) in
            self.is_dead.iter_mut().zip(outputs.as_slice().chunks_exact(outputs.nrows()))
        {
            *is_dead = *is_dead && activation.is_dead(column);
        }
    }

    /// The health since the last call, with the norm of the gradients if there are gradients.
    fn take<T: Scalar>(&mut self, layer: &dyn Layer<T>, has_gradients: bool) -> LayerHealth {
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
    /// A recorder of the predictions of `rows`, (samples, features), in a training that ends after `last`
    /// epochs. Without rows, it records the gradients only.
    ///
    /// The distance between frames is at least `apart` epochs (1 or more). The first frame has the weights
    /// that the training starts with. They belong to epoch `first`, which is 0 unless a training is resumed.
    ///
    /// ```
    /// use nnfs_activations::{Activation, Relu};
    /// use nnfs_model::Model;
    /// use nnfs_report::Recorder;
    /// use nnfs_tensor::Tensor;
    /// let model = Model::<f32>::new(1).then(Activation::new(Relu))?;
    /// // Frames of 100 epochs, at least 10 epochs apart.
    /// let recorder = Recorder::new(&Tensor::from_element(5, 1, 1.0), 0, 100, 10, &model)?;
    /// assert!(recorder.is_chosen(100) && !recorder.is_chosen(99));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
        let block = |start| rows.rows(start, BLOCK.min(rows.nrows() - start)).into_owned();
        let mut recorder = Self {
            rows: (0..rows.nrows()).step_by(BLOCK).map(block).collect(),
            epochs: chosen_epochs(last, apart),
            frames: Vec::new(),
            probes: model.layers().iter().map(|layer| LayerProbe::new(&**layer)).collect(),
            outputs: Tensor::default(),
            next: Tensor::default(),
        };
        recorder.record(first, model)?;
        Ok(recorder)
    }

    /// Whether the recorder keeps a frame of the weights after this number of epochs.
    pub fn is_chosen(&self, epoch: usize) -> bool {
        self.epochs.binary_search(&epoch).is_ok()
    }

    /// Records a frame after `epoch` epochs, whether or not they were chosen. It replaces the frames from
    /// that epoch on.
    ///
    /// # Errors
    /// If the model does not take rows of this width.
    pub fn record(&mut self, epoch: usize, model: &Model<T>) -> Result<(), ShapeError> {
        self.keep(epoch, model, !model.outputs().is_empty())
    }

    /// Records a frame of restored weights, such as the best of a training, which the model had after
    /// `epoch` epochs. The frame has no gradient norms, because the gradients are those of a later step.
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
        let layers = model.layers().iter().zip(&mut self.probes);
        let layers = layers.map(|(layer, probe)| probe.take(&**layer, has_gradients)).collect();
        self.frames.retain(|frame| frame.epoch < epoch);
        self.frames.push(Frame { epoch, predictions, layers });
        Ok(())
    }

    /// Predicts all rows, and measures the outputs of every layer.
    fn predict(&mut self, model: &Model<T>) -> Result<Vec<f64>, ShapeError> {
        let Self { rows, probes, outputs, next, .. } = self;
        let mut predictions = Vec::new();
        for rows in rows.iter() {
            if rows.ncols() != model.input_width() {
                let (expected, found) = (model.input_width().to_string(), rows.ncols().to_string());
                return Err(ShapeError::new("columns of the watched rows", expected, found));
            }
            let mut values = rows;
            for (layer, probe) in model.layers().iter().zip(probes.iter_mut()) {
                layer.predict_to(values, next);
                std::mem::swap(outputs, next);
                values = outputs;
                probe.measure(&**layer, values);
            }
            for row in values.row_iter() {
                predictions.extend(row.iter().map(|value| value.to_f64()));
            }
        }
        Ok(predictions)
    }

    /// The frames, in the order of the epochs.
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

/// The numbers of epochs after which a [`Recorder`] keeps frames, for a training of `last` epochs: 0, then
/// at growing distances of at least `apart` epochs, because most happens at the beginning, and `last`.
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

/// The distance between frames, in epochs, with which recording costs little compared with the training:
/// for each row that a frame predicts, 16 rows have been trained on. Measuring the layers counts as 32 rows
/// more.
///
/// ```text
/// epochs = 16 * (watched + 32) / trained, rounded up
/// ```
///
/// `watched` is the number of recorded rows, `trained` that of training rows. The distance does not depend on
/// the speed of the machine, so that a training is recorded in the same way everywhere.
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
    fn frames_have_the_distance() {
        assert_eq!(chosen_epochs(60, 7), [0, 7, 14, 21, 28, 35, 42, 49, 60]);
        assert_eq!(chosen_epochs(6, 7), [0]);
        for (last, apart) in [(60, 4), (1000, 3), (1000, 10), (12_345, 7), (10_000_000, 50)] {
            let epochs = chosen_epochs(last, apart);
            assert_eq!(epochs.len(), 1 + (last / apart).min(100));
            assert_eq!(epochs[epochs.len() - 1], last);
            // If the training ends early, it has no more frames than this.
            let mut indexed = epochs.iter().enumerate();
            assert!(indexed.all(|(n, &epoch)| epoch >= n * apart), "{epochs:?}");
            assert!(epochs.is_sorted_by(|left, right| left < right), "{epochs:?}");
        }
    }

    #[test]
    fn a_small_table_has_few_frames() {
        assert_eq!(epochs_apart(0, 512), 1);
        assert_eq!(epochs_apart(0, 511), 2);
        assert_eq!(epochs_apart(88, 354), 6);
        assert_eq!(epochs_apart(500, 1_000_000), 1);
        assert_eq!(epochs_apart(1, 0), 528);
    }
}
