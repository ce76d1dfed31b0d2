//! The content of a file: named tensors and one document.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use nnfs_tensor::{ShapeError, Tensor};
use safetensors::tensor::TensorView;
use safetensors::{SafeTensors, View};

use super::scalar::in_container;
use super::{Dtype, FileScalar, FormatError};

/// The only entry of the metadata: several would be written in a different order each time.
const ENTRY: &str = "nnfs";

/// Collects the tensors of a file.
#[derive(Debug, Default)]
pub(super) struct Writer {
    tensors: Vec<(String, Written)>,
}

/// The numbers of a tensor, row after row.
#[derive(Debug)]
struct Written {
    dtype: safetensors::Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl View for Written {
    fn dtype(&self) -> safetensors::Dtype {
        self.dtype
    }
    fn shape(&self) -> &[usize] {
        &self.shape
    }
    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.bytes)
    }
    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

impl Writer {
    /// Adds numbers, row after row.
    ///
    /// # Errors
    /// If a number is not finite: the file could not be read again.
    pub(super) fn push<T: FileScalar>(
        &mut self,
        name: String,
        shape: Vec<usize>,
        numbers: &[T],
    ) -> Result<(), FormatError> {
        check_finite(&name, numbers)?;
        let mut bytes = Vec::with_capacity(size_of_val(numbers));
        numbers.iter().for_each(|number| number.write_to(&mut bytes));
        let dtype = in_container(T::DTYPE);
        self.tensors.push((name, Written { dtype, shape, bytes }));
        Ok(())
    }

    /// Adds a tensor of shape (rows, columns).
    ///
    /// # Errors
    /// As [`Writer::push`].
    pub(super) fn push_matrix<T: FileScalar>(
        &mut self,
        name: String,
        tensor: &Tensor<T>,
    ) -> Result<(), FormatError> {
        let (rows, columns) = tensor.shape();
        self.push(name, vec![rows, columns], tensor.transpose().as_slice())
    }

    /// Adds long text as a tensor, since the header of a file is limited.
    pub(super) fn push_text(&mut self, name: &str, text: String) {
        let (dtype, shape) = (safetensors::Dtype::U8, vec![text.len()]);
        self.tensors.push((name.to_owned(), Written { dtype, shape, bytes: text.into_bytes() }));
    }

    /// The bytes of the file.
    pub(super) fn finish(self, document: String) -> Result<Vec<u8>, FormatError> {
        let metadata = HashMap::from([(ENTRY.to_owned(), document)]);
        let bytes = safetensors::serialize(self.tensors, Some(metadata));
        bytes.map_err(|error| FormatError::Container(error.to_string()))
    }
}

// `map_err` passes it by value.
#[allow(clippy::needless_pass_by_value)]
fn damaged(error: safetensors::SafeTensorError) -> FormatError {
    FormatError::Container(error.to_string())
}

/// The tensors of a file; each is taken once.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    tensors: BTreeMap<String, TensorView<'a>>,
}

impl<'a> Reader<'a> {
    /// The tensors, and the document.
    pub(super) fn new(bytes: &'a [u8]) -> Result<(Self, String), FormatError> {
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let document = metadata.metadata().as_ref().and_then(|entries| entries.get(ENTRY));
        let document = document.cloned().ok_or(FormatError::Foreign)?;
        Ok((Self::of_weights(bytes)?, document))
    }

    /// The tensors of a file of another library.
    pub(super) fn of_weights(bytes: &'a [u8]) -> Result<Self, FormatError> {
        let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?.tensors();
        Ok(Self { tensors: tensors.into_iter().collect() })
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.tensors.keys().map(String::as_str)
    }

    /// The kind of the numbers of a tensor.
    pub(super) fn dtype(&self, name: &str) -> Result<Dtype, FormatError> {
        match self.tensors.get(name).map(View::dtype) {
            Some(safetensors::Dtype::F32) => Ok(Dtype::F32),
            Some(safetensors::Dtype::F64) => Ok(Dtype::F64),
            found => Err(FormatError::TensorDtype {
                name: name.to_owned(),
                expected: "F32 or F64".to_owned(),
                found: found.map_or_else(|| "none".to_owned(), |dtype| dtype.to_string()),
            }),
        }
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    /// The shape of a tensor and its numbers, row after row.
    ///
    /// # Errors
    /// If the tensor is missing, has another number type, or has a number that is not finite.
    pub(super) fn take<T: FileScalar>(
        &mut self,
        name: &str,
    ) -> Result<(Vec<usize>, Vec<T>), FormatError> {
        let view = self.take_view(name, in_container(T::DTYPE))?;
        let numbers = T::read_all(view.data());
        check_finite(name, &numbers)?;
        Ok((view.shape().to_vec(), numbers))
    }

    fn take_view(
        &mut self,
        name: &str,
        dtype: safetensors::Dtype,
    ) -> Result<TensorView<'a>, FormatError> {
        let missing = || FormatError::MissingTensor { name: name.to_owned() };
        let view = self.tensors.remove(name).ok_or_else(missing)?;
        if view.dtype() != dtype {
            let (name, found) = (name.to_owned(), view.dtype().to_string());
            return Err(FormatError::TensorDtype { name, expected: dtype.to_string(), found });
        }
        Ok(view)
    }

    /// Takes the text that [`Writer::push_text`] wrote.
    pub(super) fn take_text(&mut self, name: &str) -> Result<&'a str, FormatError> {
        let view = self.take_view(name, safetensors::Dtype::U8)?;
        let not_text = |error| FormatError::Metadata(format!("{name}: {error}"));
        std::str::from_utf8(view.data()).map_err(not_text)
    }

    /// Takes the tensor that [`Writer::push_matrix`] wrote.
    pub(super) fn take_matrix<T: FileScalar>(
        &mut self,
        name: &str,
    ) -> Result<Tensor<T>, FormatError> {
        let (shape, numbers) = self.take(name)?;
        match shape[..] {
            // A shape without numbers may have more rows than fit into memory.
            [rows, columns] if !numbers.is_empty() => {
                Ok(Tensor::from_row_slice(rows, columns, &numbers))
            }
            _ => Err(shape_error(name, "rows and columns", &shape).into()),
        }
    }

    /// Checks that every tensor was taken.
    pub(super) fn finish(mut self) -> Result<(), FormatError> {
        match self.tensors.pop_first() {
            Some((name, _)) => Err(FormatError::ExtraTensor { name }),
            None => Ok(()),
        }
    }
}

/// Checks that no number is NaN or infinite: a network with such a weight has diverged, and predicts
/// nothing.
fn check_finite<T: FileScalar>(name: &str, numbers: &[T]) -> Result<(), FormatError> {
    match numbers.iter().map(|number| number.to_f64()).find(|number| !number.is_finite()) {
        Some(found) => Err(FormatError::NotFinite { name: name.to_owned(), found }),
        None => Ok(()),
    }
}

pub(super) fn shape_error(name: &str, expected: &str, found: &[usize]) -> ShapeError {
    ShapeError::new(format!("tensor {name:?}"), expected, format!("{found:?}"))
}
