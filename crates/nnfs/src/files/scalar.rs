//! The number types of files.

pub use nnfs_tensor::Dtype;
use nnfs_tensor::Scalar;

use super::{AnyPipeline, Pipeline};

/// The number type as safetensors calls it.
pub(super) fn in_container(dtype: Dtype) -> safetensors::Dtype {
    match dtype {
        Dtype::F32 => safetensors::Dtype::F32,
        Dtype::F64 => safetensors::Dtype::F64,
    }
}

/// A number type of files: `f32` or `f64`.
pub trait FileScalar: Scalar {
    /// The name of the type in files.
    const DTYPE: Dtype;

    /// Appends the bytes of the number, least significant byte first.
    fn write_to(self, bytes: &mut Vec<u8>);

    /// Reads numbers from bytes; the bytes of an incomplete last number are ignored.
    fn read_all(bytes: &[u8]) -> Vec<Self>;

    /// A pipeline of these numbers as one of any.
    fn into_any(pipeline: Pipeline<Self>) -> AnyPipeline;
}

impl FileScalar for f32 {
    const DTYPE: Dtype = Dtype::F32;

    fn write_to(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }
    fn read_all(bytes: &[u8]) -> Vec<Self> {
        bytes.as_chunks().0.iter().copied().map(Self::from_le_bytes).collect()
    }

    fn into_any(pipeline: Pipeline<Self>) -> AnyPipeline {
        pipeline.into()
    }
}

impl FileScalar for f64 {
    const DTYPE: Dtype = Dtype::F64;

    fn write_to(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }
    fn read_all(bytes: &[u8]) -> Vec<Self> {
        bytes.as_chunks().0.iter().copied().map(Self::from_le_bytes).collect()
    }

    fn into_any(pipeline: Pipeline<Self>) -> AnyPipeline {
        pipeline.into()
    }
}
