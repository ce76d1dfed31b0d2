//! Models and checkpoints in files (feature `files`, on by default).
//!
//! A [`Pipeline`] is a model with everything that predicting needs: encoder, scalers and link. It is
//! saved as one file in the [safetensors](https://huggingface.co/docs/safetensors) format. The tensors
//! have the names and shapes of the state dict of PyTorch's `nn.Sequential`, and everything else is in
//! the metadata. The networks of an ensemble are those of an `nn.ModuleList` called `members`:
//! `members.0.0.weight`. Equal trainings give equal files, byte for byte. Files are written atomically: after
//! a crash there is the old file or the new one.
//!
//! ```
//! use nnfs::datasets::StandardScaler;
//! use nnfs::files::Pipeline;
//! use nnfs::prelude::*;
//!
//! let mut rng = ChaCha8Rng::seed_from_u64(0);
//! let hidden = Dense::new(2, 8, Initializer::HeNormal, &mut rng)?.activation(Relu);
//! let last = Dense::new(8, 1, Initializer::GlorotUniform, &mut rng)?;
//! let model = Model::<f32>::new(2)
//!     .then(hidden)?
//!     .then(last)?;
//! let inputs = Tensor::from_row_slice(2, 2, &[1.0, 200.0, 3.0, 100.0]);
//! let pipeline = Pipeline::new(model).with_input_scaler(StandardScaler::fit(&inputs)?)?;
//! let predictions = pipeline.predict(&inputs)?;
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("model.safetensors");
//! pipeline.save(&path)?;
//! let loaded = Pipeline::<f32>::load(&path)?;
//! assert_eq!(loaded.predict(&inputs)?, predictions);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod any_pipeline;
mod archive;
mod builders;
mod checkpoint;
mod checkpoints;
mod checksum;
mod disk;
mod document;
mod epoch_file;
mod error;
mod fingerprint;
mod layout;
mod members;
#[cfg(not(target_family = "wasm"))]
mod new_file;
#[cfg(target_family = "wasm")]
#[path = "new_file_in_place.rs"]
mod new_file;
mod pipeline;
mod pipeline_file;
mod registry;
mod scalar;
mod scaler;
mod weights;

pub use any_pipeline::AnyPipeline;
pub use checkpoint::{Checkpoint, Finished};
pub use checkpoints::{Checkpoints, ResumeError, Start};
pub use checksum::Checksum;
pub use disk::{Staged, remove_temporary_files, write_atomically, write_atomically_with};
pub use document::{Header, HeaderMember, Task, inspect};
pub use error::{FileError, FormatError, PredictError};
pub use fingerprint::{Difference, Fingerprint};
pub use pipeline::Pipeline;
pub use registry::{BuildError, Registry};
pub use scalar::{Dtype, FileScalar};
pub use scaler::Scaler;
pub use weights::{Convention, DenseWeights, read_weights, read_weights_of_members, weights_dtype};
