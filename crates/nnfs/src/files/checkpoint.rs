//! A training at the end of an epoch, as a file.

use std::path::Path;

use nnfs_model::{Best, End, Epoch, FitState, History, Model};
use nnfs_tensor::{Description, OptimizerState, Parameter, Tensor, Trainable};

use super::archive::{Reader, Writer};
use super::document::{from_json, parse, to_json};
use super::epoch_file::EpochsBeside;
use super::{Dtype, FileError, FileScalar, Fingerprint, FormatError, Registry, disk, layout};

/// A training at the end of an epoch: all that is needed to resume it, bit for bit.
///
/// [`Checkpoints`](super::Checkpoints) writes and reads them during a training.
#[derive(Debug)]
pub struct Checkpoint<T: FileScalar> {
    /// The fingerprint of the training.
    pub fingerprint: Fingerprint,
    /// The model at the end of the last epoch, including its random generators.
    pub model: Model<T>,
    /// The state of the optimizer.
    pub optimizer: OptimizerState<T>,
    /// The epochs so far, and the best weights.
    pub state: FitState<T>,
    /// How the training ended, if it did.
    pub finished: Option<Finished>,
}

/// How a training ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finished {
    /// Why.
    pub end: End,
    /// The epoch whose weights were restored, with early stopping.
    pub restored: Option<usize>,
}

/// The parts of a checkpoint, borrowed.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a, T: FileScalar> {
    pub(super) fingerprint: &'a Fingerprint,
    pub(super) model: &'a Model<T>,
    pub(super) optimizer: &'a OptimizerState<T>,
    pub(super) epochs: Epochs<'a>,
    pub(super) best: Option<&'a Best<T>>,
    pub(super) finished: Option<Finished>,
}

/// Where a checkpoint keeps its epochs.
#[derive(Clone, Copy)]
pub(super) enum Epochs<'a> {
    /// In its own file.
    Inside(&'a [Epoch]),
    /// In a file beside it, which grows.
    Beside(&'a EpochsBeside),
}

/// The entry of the metadata.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u64,
    content: String,
    dtype: Dtype,
    input_width: usize,
    layers: Vec<Description>,
    fingerprint: Fingerprint,
    iterations: u64,
    best: Option<BestDocument>,
    finished: Option<Finished>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    epochs: Option<EpochsBeside>,
}

/// The best epoch; its weights are tensors.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct BestDocument {
    epoch: usize,
    loss: f64,
}

/// The version of the format of checkpoints.
///
/// A finished checkpoint of version 1 has the weights that were restored, and not those of the last
/// epoch, and its fingerprint has the number of epochs.
const VERSION: u64 = 2;

const CHECKPOINT: &str = "checkpoint";

/// The name of the text with the epochs.
const EPOCHS: &str = "epochs";

/// The prefix of the names of the best weights.
const BEST: &str = "best.";

/// A schedule, which computes in `f64`, cannot distinguish larger numbers of steps.
const MAX_ITERATIONS: u64 = 1 << f64::MANTISSA_DIGITS;

fn optimizer_name(position: usize) -> String {
    format!("optimizer.{position}")
}

impl<T: FileScalar> Parts<'_, T> {
    pub(super) fn to_bytes(self) -> Result<Vec<u8>, FormatError> {
        let mut writer = Writer::default();
        layout::write_model("", self.model, &mut writer)?;
        for (position, tensor) in self.optimizer.tensors.iter().enumerate() {
            writer.push_matrix(optimizer_name(position), tensor)?;
        }
        if let Some(best) = self.best {
            for (place, value) in layout::places(self.model)?.iter().zip(&best.weights) {
                place.write(BEST, value, &mut writer)?;
            }
        }
        let beside = match self.epochs {
            Epochs::Inside(epochs) => {
                writer.push_text(EPOCHS, to_json(&epochs)?);
                None
            }
            Epochs::Beside(beside) => Some(beside.clone()),
        };
        let document = Document {
            version: VERSION,
            content: CHECKPOINT.to_owned(),
            dtype: T::DTYPE,
            input_width: self.model.input_width(),
            layers: layout::descriptions(self.model)?,
            fingerprint: self.fingerprint.clone(),
            iterations: self.optimizer.iterations,
            best: self.best.map(|best| BestDocument { epoch: best.epoch, loss: best.loss }),
            finished: self.finished,
            epochs: beside,
        };
        writer.finish(to_json(&document)?)
    }

    pub(super) fn save(self, path: &Path) -> Result<(), FileError> {
        let bytes = self.to_bytes().map_err(|source| FileError::format(path, source))?;
        disk::write_atomically(path, &bytes)
    }

    /// The same for one of many checkpoints: a loss of power may bring back the one before.
    pub(super) fn save_soon(self, path: &Path) -> Result<(), FileError> {
        let bytes = self.to_bytes().map_err(|source| FileError::format(path, source))?;
        disk::replace_soon(path, &bytes)
    }
}

impl<T: FileScalar> Checkpoint<T> {
    /// Whether the training is over.
    pub fn is_finished(&self) -> bool {
        self.finished.is_some()
    }

    /// The history of the training, if it is over.
    pub fn into_history(self) -> Option<History> {
        let Finished { end, restored } = self.finished?;
        Some(History { epochs: self.state.epochs, end, restored })
    }

    /// Saves the checkpoint in one file; a crash leaves the old file or the new one.
    ///
    /// # Errors
    /// If the file cannot be written, or as [`Checkpoint::to_bytes`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        self.parts().save(path.as_ref())
    }

    /// Loads a checkpoint. The epochs of a training that was killed are in a file beside it.
    ///
    /// ```
    /// # use nnfs::prelude::*;
    /// use nnfs::files::{Checkpoint, Checkpoints, Fingerprint, Registry};
    /// # let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// # let mut model = Model::<f32>::new(1).then(Dense::new(1, 1, Initializer::HeNormal, &mut rng)?)?;
    /// # let (x, y) = (Tensor::from_element(1, 1, 1.0), Tensor::from_element(1, 1, 2.0));
    /// # let (mse, mut adam, settings) = (MeanSquaredError, Adam::new(0.01), Fit::epochs(3));
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("checkpoint.safetensors");
    /// let fingerprint = Fingerprint::new(&model, &x, &y, &mse, &adam, &settings);
    /// let mut checkpoints = Checkpoints::new(&path, fingerprint);
    /// let state = nnfs::model::FitState::new();
    /// model.fit_from(state, &x, &y, &mse, &mut adam, &settings, &mut checkpoints)?;
    /// let checkpoint = Checkpoint::<f32>::load(&path, &Registry::new())?;
    /// assert!(checkpoint.is_finished());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If a file cannot be read, or as [`Checkpoint::from_bytes`].
    pub fn load(path: impl AsRef<Path>, registry: &Registry<T>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let format = |source| FileError::format(path, source);
        let bytes = disk::read(path)?;
        let (reader, document) = Document::read(&bytes).map_err(format)?;
        let beside = document.epochs.as_ref().map(|beside| beside.read(path)).transpose()?;
        Self::read(reader, document, beside, registry).map_err(format)
    }

    /// Loads a checkpoint, if there is one.
    ///
    /// ```
    /// use nnfs::files::{Checkpoint, Registry};
    /// let checkpoint = Checkpoint::<f32>::load_if_exists("none.safetensors", &Registry::new())?;
    /// assert!(checkpoint.is_none());
    /// # Ok::<(), nnfs::files::FileError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Checkpoint::load`].
    pub fn load_if_exists(
        path: impl AsRef<Path>,
        registry: &Registry<T>,
    ) -> Result<Option<Self>, FileError> {
        let path = path.as_ref();
        match Self::load(path, registry) {
            Ok(checkpoint) => Ok(Some(checkpoint)),
            Err(error) if error.is_missing(path) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// If a setting of a layer is not finite, or a layer of kind `dense` has other parameters than
    /// weights and biases.
    pub fn to_bytes(&self) -> Result<Vec<u8>, FormatError> {
        self.parts().to_bytes()
    }

    /// The checkpoint of the bytes of a file.
    ///
    /// ```
    /// use nnfs::files::{Checkpoint, Registry};
    /// let damaged = Checkpoint::<f32>::from_bytes(b"PK", &Registry::new());
    /// assert!(damaged.is_err());
    /// ```
    ///
    /// # Errors
    /// If the bytes are damaged, of a newer version or of another kind of numbers, if their parts do
    /// not fit together, or if the epochs are in another file.
    pub fn from_bytes(bytes: &[u8], registry: &Registry<T>) -> Result<Self, FormatError> {
        let (reader, document) = Document::read(bytes)?;
        if let Some(EpochsBeside { file, .. }) = document.epochs {
            return Err(FormatError::EpochsBeside { file });
        }
        Self::read(reader, document, None, registry)
    }

    fn read(
        mut reader: Reader<'_>,
        document: Document,
        beside: Option<Vec<Epoch>>,
        registry: &Registry<T>,
    ) -> Result<Self, FormatError> {
        let epochs = match beside {
            Some(epochs) => epochs,
            None => from_json(reader.take_text(EPOCHS)?)?,
        };
        document.check(&epochs)?;
        let Document { dtype, input_width, layers, fingerprint, iterations, .. } = document;
        let model = layout::read_model("", dtype, input_width, &layers, &mut reader, registry)?;

        let mut tensors = Vec::new();
        while reader.contains(&optimizer_name(tensors.len())) {
            tensors.push(reader.take_matrix(&optimizer_name(tensors.len()))?);
        }
        let read_best = |BestDocument { epoch, loss }| {
            let weights = read_weights(&model, &mut reader)?;
            Ok::<_, FormatError>(Best { epoch, loss, weights })
        };
        let best = document.best.map(read_best).transpose()?;
        reader.finish()?;
        Ok(Self {
            fingerprint: match document.version {
                1 => fingerprint.upgraded_from_version_1(),
                _ => fingerprint,
            },
            model,
            optimizer: OptimizerState { iterations, tensors },
            state: FitState { epochs, best },
            finished: document.finished,
        })
    }

    fn parts(&self) -> Parts<'_, T> {
        Parts {
            fingerprint: &self.fingerprint,
            model: &self.model,
            optimizer: &self.optimizer,
            epochs: Epochs::Inside(&self.state.epochs),
            best: self.state.best.as_ref(),
            finished: self.finished,
        }
    }
}

/// The file of epochs that the checkpoint at a path refers to, if there is such a checkpoint.
pub(super) fn epochs_beside(path: &Path) -> Option<EpochsBeside> {
    let bytes = disk::read(path).ok()?;
    Document::read(&bytes).ok()?.1.epochs
}

/// The best weights of a model.
fn read_weights<T: FileScalar>(
    model: &Model<T>,
    reader: &mut Reader<'_>,
) -> Result<Vec<Tensor<T>>, FormatError> {
    let mut shapes = Vec::new();
    model.for_each_parameter(&mut |Parameter { value, .. }| shapes.push(value.shape()));
    let places = layout::places(model)?;
    places.iter().zip(shapes).map(|(place, shape)| place.read(BEST, shape, reader)).collect()
}

impl Document {
    /// The tensors of a file, and its document.
    fn read(bytes: &[u8]) -> Result<(Reader<'_>, Self), FormatError> {
        let (reader, document) = Reader::new(bytes)?;
        Ok((reader, parse(&document, CHECKPOINT, VERSION)?))
    }

    /// Checks everything that a resumed training relies on.
    fn check(&self, epochs: &[Epoch]) -> Result<(), FormatError> {
        let wrong = |what: String| Err(FormatError::Metadata(what));
        if let Some((index, found)) =
            epochs.iter().enumerate().find(|(index, epoch)| epoch.epoch != *index)
        {
            return wrong(format!("expected epoch {index}, found epoch {}", found.epoch));
        }
        let epochs = epochs.len();
        if self.finished.is_some() && epochs == 0 {
            return wrong("expected the epochs of a finished training, found none".to_owned());
        }
        let best = self.best.as_ref().map(|best| best.epoch);
        let restored = self.finished.and_then(|finished| finished.restored);
        if let Some(epoch) = best.max(restored).filter(|&epoch| epoch >= epochs) {
            return wrong(format!("expected a best one of {epochs} epochs, found epoch {epoch}"));
        }
        // Without best weights the model has them, as in every finished checkpoint of version 1.
        if self.finished.is_some() && best.is_some() && best != restored {
            return wrong(format!(
                "expected the weights of the restored epoch {restored:?}, found those of {best:?}"
            ));
        }
        if self.iterations > MAX_ITERATIONS {
            let found = self.iterations;
            return wrong(format!("expected at most {MAX_ITERATIONS} iterations, found {found}"));
        }
        Ok(())
    }
}
