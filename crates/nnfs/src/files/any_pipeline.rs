//! A pipeline whose kind of numbers is known only when its file is read.

use std::path::Path;

use nnfs_datasets::{Encoder, Table};
use nnfs_model::{CrossConformal, EnsembleSummary, Intervals};
use nnfs_tensor::{OutputLink, ShapeError, Tensor};

use super::archive::Reader;
use super::{Dtype, FileError, FormatError, Header, Pipeline, PredictError, Scaler, Task, disk};

/// A pipeline of the numbers that its file holds.
///
/// It predicts in double precision from outside, whatever its model computes in.
#[derive(Debug)]
pub enum AnyPipeline {
    /// Single precision.
    F32(Pipeline<f32>),
    /// Double precision.
    F64(Pipeline<f64>),
}

impl AnyPipeline {
    /// Loads a file with layers of this library only.
    ///
    /// ```
    /// # use nnfs::prelude::*;
    /// use nnfs::files::AnyPipeline;
    /// # let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// # let model = Model::<f32>::new(2).then(Dense::new(2, 1, Initializer::HeNormal, &mut rng)?)?;
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("model.safetensors");
    /// Pipeline::new(model).save(&path)?;
    /// assert!(matches!(AnyPipeline::load(&path)?, AnyPipeline::F32(_)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Pipeline::load`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let bytes = disk::read(path)?;
        Self::from_bytes(&bytes).map_err(|source| FileError::format(path, source))
    }

    /// The pipeline in the bytes of a file.
    ///
    /// ```
    /// # use nnfs::prelude::*;
    /// use nnfs::files::AnyPipeline;
    /// # let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// # let model = Model::<f64>::new(2).then(Dense::new(2, 1, Initializer::HeNormal, &mut rng)?)?;
    /// let bytes = Pipeline::new(model).to_bytes()?;
    /// assert!(matches!(AnyPipeline::from_bytes(&bytes)?, AnyPipeline::F64(_)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Pipeline::from_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormatError> {
        let (_, document) = Reader::new(bytes)?;
        Ok(match Header::parse(&document)?.dtype {
            Dtype::F32 => Self::F32(Pipeline::from_bytes(bytes)?),
            Dtype::F64 => Self::F64(Pipeline::from_bytes(bytes)?),
        })
    }

    /// Saves everything into one file.
    ///
    /// # Errors
    /// As [`Pipeline::save`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        match self {
            Self::F32(pipeline) => pipeline.save(path),
            Self::F64(pipeline) => pipeline.save(path),
        }
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// As [`Pipeline::to_bytes`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, FormatError> {
        match self {
            Self::F32(pipeline) => pipeline.to_bytes(),
            Self::F64(pipeline) => pipeline.to_bytes(),
        }
    }

    /// As [`Pipeline::with_encoder`].
    ///
    /// # Errors
    /// As [`Pipeline::with_encoder`].
    pub fn with_encoder(self, encoder: Encoder) -> Result<Self, ShapeError> {
        Ok(match self {
            Self::F32(pipeline) => Self::F32(pipeline.with_encoder(encoder)?),
            Self::F64(pipeline) => Self::F64(pipeline.with_encoder(encoder)?),
        })
    }

    /// As [`Pipeline::with_packed_weights`].
    #[must_use]
    pub fn with_packed_weights(self) -> Self {
        match self {
            Self::F32(pipeline) => Self::F32(pipeline.with_packed_weights()),
            Self::F64(pipeline) => Self::F64(pipeline.with_packed_weights()),
        }
    }

    /// The kind of numbers that the model computes in.
    pub fn dtype(&self) -> Dtype {
        match self {
            Self::F32(_) => Dtype::F32,
            Self::F64(_) => Dtype::F64,
        }
    }

    /// The layers of the networks as tables.
    pub fn summary(&self) -> EnsembleSummary {
        match self {
            Self::F32(pipeline) => pipeline.ensemble().summary(),
            Self::F64(pipeline) => pipeline.ensemble().summary(),
        }
    }

    /// As [`Pipeline::task`].
    pub fn task(&self) -> Task {
        match self {
            Self::F32(pipeline) => pipeline.task(),
            Self::F64(pipeline) => pipeline.task(),
        }
    }

    /// As [`Pipeline::link`].
    pub fn link(&self) -> OutputLink {
        match self {
            Self::F32(pipeline) => pipeline.link(),
            Self::F64(pipeline) => pipeline.link(),
        }
    }

    /// As [`Pipeline::encoder`].
    pub fn encoder(&self) -> Option<&Encoder> {
        match self {
            Self::F32(pipeline) => pipeline.encoder(),
            Self::F64(pipeline) => pipeline.encoder(),
        }
    }

    /// As [`Pipeline::input_scaler`].
    pub fn input_scaler(&self) -> Option<&Scaler> {
        match self {
            Self::F32(pipeline) => pipeline.input_scaler(),
            Self::F64(pipeline) => pipeline.input_scaler(),
        }
    }

    /// As [`Pipeline::target_scaler`].
    pub fn target_scaler(&self) -> Option<&Scaler> {
        match self {
            Self::F32(pipeline) => pipeline.target_scaler(),
            Self::F64(pipeline) => pipeline.target_scaler(),
        }
    }

    /// As [`Pipeline::intervals`].
    pub fn intervals(&self) -> Option<&CrossConformal> {
        match self {
            Self::F32(pipeline) => pipeline.intervals(),
            Self::F64(pipeline) => pipeline.intervals(),
        }
    }

    /// As [`Pipeline::intervals_around`].
    ///
    /// # Errors
    /// As [`Pipeline::intervals_around`].
    pub fn intervals_around(
        &self,
        outputs: &Tensor<f64>,
        level: f64,
    ) -> Result<Intervals, PredictError> {
        match self {
            Self::F32(pipeline) => pipeline.intervals_around(outputs, level),
            Self::F64(pipeline) => pipeline.intervals_around(outputs, level),
        }
    }

    /// As [`Pipeline::predict_table_intervals`].
    ///
    /// # Errors
    /// As [`Pipeline::predict_table_intervals`].
    pub fn predict_table_intervals(
        &self,
        table: &Table,
        level: f64,
    ) -> Result<Intervals, PredictError> {
        match self {
            Self::F32(pipeline) => pipeline.predict_table_intervals(table, level),
            Self::F64(pipeline) => pipeline.predict_table_intervals(table, level),
        }
    }

    /// As [`Pipeline::predict`].
    ///
    /// # Errors
    /// As [`Pipeline::predict`].
    pub fn predict(&self, inputs: &Tensor<f64>) -> Result<Tensor<f64>, PredictError> {
        match self {
            Self::F32(pipeline) => pipeline.predict(inputs),
            Self::F64(pipeline) => pipeline.predict(inputs),
        }
    }

    /// As [`Pipeline::outputs`].
    ///
    /// # Errors
    /// As [`Pipeline::outputs`].
    pub fn outputs(&self, inputs: &Tensor<f64>) -> Result<Tensor<f64>, PredictError> {
        match self {
            Self::F32(pipeline) => pipeline.outputs(inputs),
            Self::F64(pipeline) => pipeline.outputs(inputs),
        }
    }

    /// As [`Pipeline::predict_table`].
    ///
    /// # Errors
    /// As [`Pipeline::predict_table`].
    pub fn predict_table(&self, table: &Table) -> Result<Tensor<f64>, PredictError> {
        match self {
            Self::F32(pipeline) => pipeline.predict_table(table),
            Self::F64(pipeline) => pipeline.predict_table(table),
        }
    }

    /// As [`Pipeline::outputs_of_table`].
    ///
    /// # Errors
    /// As [`Pipeline::outputs_of_table`].
    pub fn outputs_of_table(&self, table: &Table) -> Result<Tensor<f64>, PredictError> {
        match self {
            Self::F32(pipeline) => pipeline.outputs_of_table(table),
            Self::F64(pipeline) => pipeline.outputs_of_table(table),
        }
    }

    /// As [`Pipeline::linked`].
    pub fn linked(&self, outputs: &Tensor<f64>) -> Tensor<f64> {
        match self {
            Self::F32(pipeline) => pipeline.linked(outputs),
            Self::F64(pipeline) => pipeline.linked(outputs),
        }
    }

    /// As [`Pipeline::class_probabilities`].
    ///
    /// # Errors
    /// As [`Pipeline::class_probabilities`].
    pub fn class_probabilities(
        &self,
        predictions: &Tensor<f64>,
    ) -> Result<Tensor<f64>, PredictError> {
        match self {
            Self::F32(pipeline) => pipeline.class_probabilities(predictions),
            Self::F64(pipeline) => pipeline.class_probabilities(predictions),
        }
    }

    /// As [`Pipeline::decode`].
    ///
    /// # Errors
    /// As [`Pipeline::decode`].
    pub fn decode(&self, predictions: &Tensor<f64>) -> Result<Table, PredictError> {
        match self {
            Self::F32(pipeline) => pipeline.decode(predictions),
            Self::F64(pipeline) => pipeline.decode(predictions),
        }
    }
}

impl From<Pipeline<f32>> for AnyPipeline {
    fn from(pipeline: Pipeline<f32>) -> Self {
        Self::F32(pipeline)
    }
}

impl From<Pipeline<f64>> for AnyPipeline {
    fn from(pipeline: Pipeline<f64>) -> Self {
        Self::F64(pipeline)
    }
}
