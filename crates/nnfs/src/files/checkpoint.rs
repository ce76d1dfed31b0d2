//! A training at the end of an epoch, as a file.

use std::io::ErrorKind;
use std::path::Path;

use nnfs_model::{Best, End, Epoch, FitState, History, Model};
use nnfs_tensor::{Description, OptimizerState, Parameter, Tensor, Trainable};

use super::archive::{Reader, Writer};
use super::document::{VERSION, from_json, parse, to_json};
use super::{Dtype, FileError, FileScalar, Fingerprint, FormatError, Registry, disk, layout};

/// A training at the end of an epoch: all that is needed to go on from there, bit for bit.
///
/// [`Checkpoints`](super::Checkpoints) writes and reads them in a training.
#[derive(Debug)]
pub struct Checkpoint<T: FileScalar> {
    /// What the training was.
    pub fingerprint: Fingerprint,
    /// The model, its generators included.
    pub model: Model<T>,
    /// What the optimizer remembered.
    pub optimizer: OptimizerState<T>,
    /// The epochs so far, and the best weights.
    pub state: FitState<T>,
    /// How the training ended, if it did; the model then has the weights that it is left with.
    pub finished: Option<Finished>,
}

/// How a training ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Finished {
    /// Why.
    pub end: End,
    /// The epoch whose weights the model was given back.
    pub restored: Option<usize>,
}

/// What a checkpoint is made of, lent.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a, T: FileScalar> {
    pub(super) fingerprint: &'a Fingerprint,
    pub(super) model: &'a Model<T>,
    pub(super) optimizer: &'a OptimizerState<T>,
    pub(super) epochs: &'a [Epoch],
    pub(super) best: Option<&'a Best<T>>,
    pub(super) finished: Option<Finished>,
}

/// What the file says of itself.
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
}

/// The best epoch; its weights are tensors.
#[derive(serde::Serialize, serde::Deserialize)]
struct BestDocument {
    epoch: usize,
    loss: f64,
}

const CHECKPOINT: &str = "checkpoint";

/// The name of the text that tells the epochs.
const EPOCHS: &str = "epochs";

/// What the names of the best weights begin with.
const BEST: &str = "best.";

/// Steps beyond these cannot be told apart in a schedule.
const MAX_ITERATIONS: u64 = 1 << f64::MANTISSA_DIGITS;

fn optimizer_name(position: usize) -> String {
    format!("optimizer.{position}")
}

impl<T: FileScalar> Parts<'_, T> {
    pub(super) fn to_bytes(self) -> Result<Vec<u8>, FormatError> {
        let mut writer = Writer::default();
        layout::write_model(self.model, &mut writer)?;
        for (position, tensor) in self.optimizer.tensors.iter().enumerate() {
            writer.push_matrix(optimizer_name(position), tensor);
        }
        if let Some(best) = self.best {
            for (place, value) in layout::places(self.model)?.iter().zip(&best.weights) {
                place.write(BEST, value, &mut writer);
            }
        }
        writer.push_text(EPOCHS, to_json(&self.epochs)?);
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
        };
        writer.finish(to_json(&document)?)
    }

    pub(super) fn save(self, path: &Path) -> Result<(), FileError> {
        let bytes = self.to_bytes().map_err(|source| FileError::format(path, source))?;
        disk::write(path, &bytes)
    }
}

impl<T: FileScalar> Checkpoint<T> {
    /// Whether the training is over.
    pub fn is_finished(&self) -> bool {
        self.finished.is_some()
    }

    /// What the training found, if it is over.
    pub fn into_history(self) -> Option<History> {
        let Finished { end, restored } = self.finished?;
        Some(History { epochs: self.state.epochs, end, restored })
    }

    /// Saves it; a crash leaves the old file or the new one.
    ///
    /// # Errors
    /// If the file cannot be written, or as [`Checkpoint::to_bytes`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        self.parts().save(path.as_ref())
    }

    /// Loads a file.
    ///
    /// # Errors
    /// If the file cannot be read, or as [`Checkpoint::from_bytes`].
    pub fn load(path: impl AsRef<Path>, registry: &Registry<T>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let bytes = disk::read(path)?;
        Self::from_bytes(&bytes, registry).map_err(|source| FileError::format(path, source))
    }

    /// Loads a file, if there is one.
    ///
    /// # Errors
    /// As [`Checkpoint::load`].
    pub fn load_if_exists(
        path: impl AsRef<Path>,
        registry: &Registry<T>,
    ) -> Result<Option<Self>, FileError> {
        match Self::load(path, registry) {
            Ok(checkpoint) => Ok(Some(checkpoint)),
            Err(FileError::Read { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// If a setting of a layer is not finite, or a layer says that it is dense and has other
    /// parameters.
    pub fn to_bytes(&self) -> Result<Vec<u8>, FormatError> {
        self.parts().to_bytes()
    }

    /// The checkpoint of such bytes.
    ///
    /// # Errors
    /// If the bytes are damaged, of another version, of another kind of numbers, or if their parts
    /// do not fit together.
    pub fn from_bytes(bytes: &[u8], registry: &Registry<T>) -> Result<Self, FormatError> {
        let (mut reader, document) = Reader::new(bytes)?;
        let document: Document = parse(&document, CHECKPOINT)?;
        let epochs: Vec<Epoch> = from_json(reader.take_text(EPOCHS)?)?;
        document.check(&epochs)?;
        let Document { dtype, input_width, layers, fingerprint, iterations, .. } = document;
        let model = layout::read_model(dtype, input_width, &layers, &mut reader, registry)?;

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
            fingerprint,
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
            epochs: &self.state.epochs,
            best: self.state.best.as_ref(),
            finished: self.finished,
        }
    }
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
    /// What a training relies on when it goes on from here.
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
        if self.iterations > MAX_ITERATIONS {
            let found = self.iterations;
            return wrong(format!("expected at most {MAX_ITERATIONS} iterations, found {found}"));
        }
        Ok(())
    }
}
