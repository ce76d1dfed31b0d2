#![doc = include_str!("../README.md")]

mod block;
mod error;
mod graph;
mod intervals;
mod network;
mod onnx;
mod proto;
mod rust;

use std::path::Path;

pub use error::ExportError;
use nnfs::files::{self, FileScalar, Pipeline};

/// The bytes of an ONNX file that makes the same predictions as the pipeline.
///
/// # Errors
/// If the model has a custom layer or activation, which ONNX cannot represent, if a weight is not finite, or if the
/// file would be larger than 2 GiB.
pub fn to_onnx_bytes<T: FileScalar>(pipeline: &Pipeline<T>) -> Result<Vec<u8>, ExportError> {
    onnx::encode(pipeline, None)
}

/// The bytes of an ONNX file that makes the same predictions as the pipeline, and the same prediction intervals
/// of a level as [`Pipeline::predict_intervals`]: the outputs `low` and `high`.
///
/// # Errors
/// If the model has no residuals for intervals, the level is out of range, or as [`to_onnx_bytes`].
pub fn to_onnx_bytes_with_intervals<T: FileScalar>(
    pipeline: &Pipeline<T>,
    level: f64,
) -> Result<Vec<u8>, ExportError> {
    onnx::encode(pipeline, Some(level))
}

/// Writes an ONNX file that makes the same predictions as the pipeline. A crash leaves the old file or
/// the new one, except in WebAssembly; see [`files::write_atomically`].
///
/// # Errors
/// As [`to_onnx_bytes`], and if the file cannot be written. An old file then stays as it is, except in
/// WebAssembly.
pub fn save_onnx<T: FileScalar>(
    pipeline: &Pipeline<T>,
    path: impl AsRef<Path>,
) -> Result<(), ExportError> {
    Ok(files::write_atomically(path.as_ref(), &to_onnx_bytes(pipeline)?)?)
}

/// A file of Rust source, for `no_std` and without dependencies, whose function `predict` makes the same predictions as
/// the pipeline: the bits of [`Pipeline::predict`] on a CPU with fused multiply-add, on every machine. The bits of a
/// NaN may differ.
///
/// ```
/// use nnfs::files::Pipeline;
/// use nnfs::prelude::*;
///
/// let weights = Tensor::from_row_slice(2, 1, &[0.5, 0.25]);
/// let dense = Dense::from_parameters(weights, Tensor::from_element(1, 1, 0.1))?;
/// let pipeline = Pipeline::new(Model::<f32>::new(2).then(dense.activation(Relu))?);
/// let source = nnfs_export::to_rust_source(&pipeline)?;
/// assert!(source.contains("pub fn predict(input: &[f32; INPUTS]) -> [f32; OUTPUTS] {"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the model has a custom layer or activation, or if a weight is not finite.
pub fn to_rust_source<T: FileScalar>(pipeline: &Pipeline<T>) -> Result<String, ExportError> {
    rust::source(pipeline)
}

/// Writes a file of Rust source that makes the same predictions as the pipeline. A crash leaves the old file or the
/// new one, except in WebAssembly; see [`files::write_atomically`].
///
/// # Errors
/// As [`to_rust_source`], and if the file cannot be written. An old file then stays as it is, except in
/// WebAssembly.
pub fn save_rust<T: FileScalar>(
    pipeline: &Pipeline<T>,
    path: impl AsRef<Path>,
) -> Result<(), ExportError> {
    Ok(files::write_atomically(path.as_ref(), to_rust_source(pipeline)?.as_bytes())?)
}

/// Writes an ONNX file with prediction intervals of a level. A crash leaves the old file or the new one, except
/// in WebAssembly; see [`files::write_atomically`].
///
/// # Errors
/// As [`to_onnx_bytes_with_intervals`], and if the file cannot be written. An old file then stays as it is,
/// except in WebAssembly.
pub fn save_onnx_with_intervals<T: FileScalar>(
    pipeline: &Pipeline<T>,
    level: f64,
    path: impl AsRef<Path>,
) -> Result<(), ExportError> {
    let bytes = to_onnx_bytes_with_intervals(pipeline, level)?;
    Ok(files::write_atomically(path.as_ref(), &bytes)?)
}
