//! A pipeline as a file.

use std::path::Path;

use super::archive::{Reader, Writer};
use super::document::to_json;
use super::members::{read_ensemble, write_ensemble};
use super::{FileError, FileScalar, FormatError, Header, Pipeline, Registry, disk};

impl<T: FileScalar> Pipeline<T> {
    /// Saves everything in one file. After a crash there is the old file or the new one.
    ///
    /// # Errors
    /// If the file cannot be written, or as [`Pipeline::to_bytes`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        let path = path.as_ref();
        let bytes = self.to_bytes().map_err(|source| FileError::format(path, source))?;
        disk::write_atomically(path, &bytes)
    }

    /// Loads a file with layers of this library only.
    ///
    /// ```
    /// # use nnfs::prelude::*;
    /// # let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// # let model = Model::<f32>::new(2).then(Dense::new(2, 1, Initializer::HeNormal, &mut rng)?)?;
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("model.safetensors");
    /// Pipeline::new(model).save(&path)?;
    /// assert!(Pipeline::<f32>::load(&path).is_ok());
    /// assert!(Pipeline::<f64>::load(&path).is_err(), "it has other numbers");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the file cannot be read, or as [`Pipeline::from_bytes`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, FileError> {
        Self::load_with(path, &Registry::new())
    }

    /// Loads a file with custom layers.
    ///
    /// ```
    /// # use nnfs::prelude::*;
    /// use nnfs::files::Registry;
    /// # let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// # let model = Model::<f32>::new(2).then(Dense::new(2, 1, Initializer::HeNormal, &mut rng)?)?;
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("model.safetensors");
    /// # Pipeline::new(model).save(&path)?;
    /// let registry = Registry::new(); // with the layers of this library
    /// let pipeline = Pipeline::<f32>::load_with(&path, &registry)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the file cannot be read, or as [`Pipeline::from_bytes`].
    pub fn load_with(path: impl AsRef<Path>, registry: &Registry<T>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let bytes = disk::read(path)?;
        Self::from_bytes_with(&bytes, registry).map_err(|source| FileError::format(path, source))
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// If a setting of a layer is not finite, or a layer of kind `dense` has other parameters than
    /// weights and biases.
    pub fn to_bytes(&self) -> Result<Vec<u8>, FormatError> {
        let mut writer = Writer::default();
        let mut header = write_ensemble(self.ensemble(), &mut writer)?;
        header.link = self.link();
        header.encoder = self.encoder().cloned();
        header.input_scaler = self.input_scaler().cloned();
        header.target_scaler = self.target_scaler().cloned();
        header.intervals = self.intervals().cloned();
        writer.finish(to_json(&header)?)
    }

    /// The pipeline of the bytes of a file with layers of this library only.
    ///
    /// ```
    /// # use nnfs::prelude::*;
    /// # let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// # let model = Model::<f32>::new(2).then(Dense::new(2, 1, Initializer::HeNormal, &mut rng)?)?;
    /// let bytes = Pipeline::new(model).to_bytes()?;
    /// assert_eq!(Pipeline::<f32>::from_bytes(&bytes)?.to_bytes()?, bytes);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the bytes are damaged, of another version or of another number type, or if tensors, layers,
    /// scalers and encoder do not fit together.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormatError> {
        Self::from_bytes_with(bytes, &Registry::new())
    }

    /// The pipeline of the bytes of a file with custom layers.
    ///
    /// ```
    /// # use nnfs::prelude::*;
    /// use nnfs::files::Registry;
    /// # let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// # let model = Model::<f32>::new(2).then(Dense::new(2, 1, Initializer::HeNormal, &mut rng)?)?;
    /// # let bytes = Pipeline::new(model).to_bytes()?;
    /// let registry = Registry::new(); // with the layers of this library
    /// let pipeline = Pipeline::<f32>::from_bytes_with(&bytes, &registry)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Pipeline::from_bytes`].
    pub fn from_bytes_with(bytes: &[u8], registry: &Registry<T>) -> Result<Self, FormatError> {
        let (mut reader, document) = Reader::new(bytes)?;
        let header = Header::parse(&document)?;
        let ensemble = read_ensemble(&header, &mut reader, registry)?;
        reader.finish()?;
        let mut pipeline = Self::of_ensemble(ensemble).with_link(header.link)?;
        if let Some(encoder) = header.encoder {
            pipeline = pipeline.with_encoder(encoder)?;
        }
        if let Some(scaler) = header.input_scaler {
            pipeline = pipeline.with_input_scaler(scaler)?;
        }
        if let Some(scaler) = header.target_scaler {
            pipeline = pipeline.with_target_scaler(scaler)?;
        }
        if let Some(intervals) = header.intervals {
            pipeline = pipeline.with_intervals(intervals)?;
        }
        Ok(pipeline)
    }
}
