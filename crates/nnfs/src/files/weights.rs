//! Weights of other libraries.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use nnfs_model::Model;
use nnfs_tensor::{ShapeError, Tensor, Trainable};

use super::archive::{Reader, shape_error};
use super::builders::DENSE;
use super::{Dtype, FileScalar, FormatError, Pipeline};

/// The library of a file of weights: the names of its tensors, and the shape of the weights.
///
/// It cannot be guessed: square weights fit both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Convention {
    /// The state dict of a `torch.nn.Sequential`: of each `Linear`, the module number N,
    /// `N.weight` (outputs, inputs) and `N.bias` (outputs). If the `Sequential` is part of another
    /// module, all names begin alike: `net.N.weight`.
    PyTorch,
    /// The `path` of the variables of a Keras 3 model whose layers were not given names: of each
    /// `Dense` `.../dense_N/kernel` (inputs, outputs) and `.../dense_N/bias` (outputs), where `_N`
    /// counts on from any number and is missing for 0.
    Keras,
}

/// A dense layer in a file of weights.
#[derive(Debug, Clone, PartialEq)]
pub struct DenseWeights<T: FileScalar> {
    /// The weights, inputs x outputs.
    pub weights: Tensor<T>,
    /// The biases, 1 x outputs.
    pub biases: Tensor<T>,
    /// The names of weights and biases in the file.
    pub names: [String; 2],
}

/// The number type of a file of weights.
///
/// # Errors
/// If the bytes are not a safetensors file, have no tensors, or have numbers other than `f32` and `f64`.
pub fn weights_dtype(bytes: &[u8]) -> Result<Dtype, FormatError> {
    let reader = Reader::of_weights(bytes)?;
    let none = || FormatError::Container("there is no tensor in it".to_owned());
    let name = reader.names().next().ok_or_else(none)?;
    reader.dtype(name)
}

/// The dense layers of a safetensors file, in the order of the numbers in their names. The names have to
/// be those of the convention, and each layer takes the outputs of the one before.
///
/// ```
/// use nnfs::files::{Convention, read_weights};
/// use nnfs::prelude::*;
/// # let dense = Dense::from_parameters(Tensor::zeros(2, 3), Tensor::zeros(1, 3))?;
/// # let last = Dense::from_parameters(Tensor::zeros(3, 1), Tensor::zeros(1, 1))?;
/// # let model = Model::<f32>::new(2)
/// #     .then(dense.activation(Relu))?
/// #     .then(last)?;
/// # let bytes = nnfs::files::Pipeline::new(model).to_bytes()?;
///
/// // Of `nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))`, whose activations are in no
/// // file of weights.
/// let mut layers = read_weights::<f32>(&bytes, Convention::PyTorch)?.into_iter();
/// let mut dense = || {
///     let layer = layers.next().ok_or("expected two layers")?;
///     Ok::<_, Box<dyn std::error::Error>>(Dense::from_parameters(layer.weights, layer.biases)?)
/// };
/// let model = Model::new(2)
///     .then(dense()?.activation(Relu))?
///     .then(dense()?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the bytes are not a safetensors file, or if a tensor is missing, has another name, number type or
/// shape, or has a number that is not finite. The error names the tensor.
pub fn read_weights<T: FileScalar>(
    bytes: &[u8],
    convention: Convention,
) -> Result<Vec<DenseWeights<T>>, FormatError> {
    let mut reader = Reader::of_weights(bytes)?;
    let names = convention.layers(reader.names())?;
    let layers = read_layers(convention, names, &mut reader)?;
    reader.finish()?;
    Ok(layers)
}

/// The dense layers of each network of a safetensors file of several, in the order of the networks.
///
/// The networks are those of an `nn.ModuleList` of PyTorch called `members`, each a `Sequential`: the
/// weights of module N of network K are `members.K.N.weight`. A file of a single network gives one list,
/// that of [`read_weights`].
///
/// ```
/// use nnfs::files::{Convention, Pipeline, read_weights_of_members};
/// use nnfs::model::Ensemble;
/// use nnfs::prelude::*;
/// # let dense = || Dense::from_parameters(Tensor::zeros(2, 1), Tensor::zeros(1, 1));
/// # let members = [(Model::<f32>::new(2).then(dense()?)?, 1.0), (Model::new(2).then(dense()?)?, 1.0)];
/// # let pipeline = Pipeline::of_ensemble(Ensemble::new(members)?);
/// let bytes = pipeline.to_bytes()?;
/// let members = read_weights_of_members::<f32>(&bytes, Convention::PyTorch)?;
/// assert_eq!(members.len(), 2);
/// assert_eq!(members[1][0].names, ["members.1.0.weight", "members.1.0.bias"]);
/// let pipeline = pipeline.with_weights_of_members(&members)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`read_weights`], or if a network is missing.
pub fn read_weights_of_members<T: FileScalar>(
    bytes: &[u8],
    convention: Convention,
) -> Result<Vec<Vec<DenseWeights<T>>>, FormatError> {
    let mut reader = Reader::of_weights(bytes)?;
    let names = convention.members(reader.names())?;
    let layers = names.into_iter().map(|names| read_layers(convention, names, &mut reader));
    let members = layers.collect::<Result<_, _>>()?;
    reader.finish()?;
    Ok(members)
}

/// Reads the dense layers whose weights and biases have these names.
fn read_layers<T: FileScalar>(
    convention: Convention,
    names: Vec<[String; 2]>,
    reader: &mut Reader<'_>,
) -> Result<Vec<DenseWeights<T>>, FormatError> {
    let mut layers: Vec<DenseWeights<T>> = Vec::new();
    for names in names {
        let inputs = layers.last().map(|layer| layer.weights.ncols());
        let weights = convention.read_kernel(&names[0], inputs, reader)?;
        let (shape, biases) = reader.take(&names[1])?;
        if shape != [weights.ncols()] {
            let expected = format!("[{}], one for each output of {:?}", weights.ncols(), names[0]);
            return Err(shape_error(&names[1], &expected, &shape).into());
        }
        let biases = Tensor::from_vec(1, weights.ncols(), biases);
        layers.push(DenseWeights { weights, biases, names });
    }
    Ok(layers)
}

impl Convention {
    /// The last parts of the names of weights and biases.
    fn parts(self) -> [&'static str; 2] {
        match self {
            Self::PyTorch => ["weight", "bias"],
            Self::Keras => ["kernel", "bias"],
        }
    }

    fn separator(self) -> char {
        match self {
            Self::PyTorch => '.',
            Self::Keras => '/',
        }
    }

    /// An example of a name, for errors.
    fn example(self) -> &'static str {
        match self {
            Self::PyTorch => "0.weight",
            Self::Keras => "sequential/dense/kernel",
        }
    }

    /// The number of the layer of a tensor, which gives the order, and its name.
    fn layer(self, name: &str) -> Option<(usize, &str)> {
        let (layer, part) = name.rsplit_once(self.separator())?;
        if !self.parts().contains(&part) {
            return None;
        }
        let number = match self {
            Self::PyTorch => layer.rsplit('.').next()?,
            Self::Keras => match layer.rsplit('/').next()? {
                "dense" => "0",
                own => own.strip_prefix("dense_")?,
            },
        };
        // `parse` accepts a plus sign too.
        let digits = number.bytes().all(|byte| byte.is_ascii_digit());
        Some((number.parse().ok().filter(|_| digits)?, layer))
    }

    /// The names of weights and biases of every layer of each network, in order.
    fn members<'a>(
        self,
        names: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<Vec<[String; 2]>>, FormatError> {
        let mut members: BTreeMap<Option<usize>, Vec<&str>> = BTreeMap::new();
        for name in names {
            let member = if self == Self::PyTorch { member(name) } else { None };
            members.entry(member).or_default().push(name);
        }
        if let [(None, names)] = members.iter().collect::<Vec<_>>()[..] {
            return Ok(vec![self.layers(names.iter().copied())?]);
        }
        let mut networks = Vec::new();
        for (member, names) in members {
            let expected = "members.0.0.weight";
            let Some(member) = member else {
                return Err(FormatError::TensorName { name: names[0].to_owned(), expected });
            };
            if member != networks.len() {
                let name = format!("members.{}.0.weight", networks.len());
                return Err(FormatError::MissingTensor { name });
            }
            networks.push(self.layers(names.into_iter())?);
        }
        Ok(networks)
    }

    /// The names of weights and biases of every layer, in order.
    fn layers<'a>(
        self,
        names: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<[String; 2]>, FormatError> {
        let mut layers = BTreeMap::new();
        let mut first = None;
        for name in names {
            let expected = self.example();
            let wrong = || FormatError::TensorName { name: name.to_owned(), expected };
            let (number, layer) = self.layer(name).ok_or_else(wrong)?;
            let sequential = layer.trim_end_matches(|c: char| c.is_ascii_digit());
            if self == Self::PyTorch && *first.get_or_insert(sequential) != sequential {
                return Err(wrong());
            }
            match layers.entry(number) {
                Entry::Vacant(place) => {
                    place.insert(layer);
                }
                Entry::Occupied(first) if *first.get() == layer => {}
                // Two models in one file, for example, have no order.
                Entry::Occupied(_) => {
                    return Err(FormatError::ExtraTensor { name: name.to_owned() });
                }
            }
        }
        if layers.is_empty() {
            return Err(FormatError::MissingTensor { name: self.example().to_owned() });
        }
        let names = |layer| self.parts().map(|part| format!("{layer}{}{part}", self.separator()));
        Ok(layers.into_values().map(names).collect())
    }

    /// Reads weights, which take as many inputs as the layer before has outputs.
    fn read_kernel<T: FileScalar>(
        self,
        name: &str,
        inputs: Option<usize>,
        reader: &mut Reader<'_>,
    ) -> Result<Tensor<T>, FormatError> {
        let (shape, numbers) = reader.take(name)?;
        let axes = match self {
            Self::PyTorch => "(outputs, inputs)",
            Self::Keras => "(inputs, outputs)",
        };
        let wrong = |expected: String| shape_error(name, &expected, &shape);
        let (&[first, second], false) = (&shape[..], numbers.is_empty()) else {
            return Err(wrong(format!("{axes}, at least 1 of both")).into());
        };
        let weights = match self {
            Self::PyTorch => Tensor::from_vec(second, first, numbers),
            Self::Keras => Tensor::from_row_slice(first, second, &numbers),
        };
        match inputs {
            Some(inputs) if weights.nrows() != inputs => {
                let before =
                    format!("{axes} with {inputs} inputs, the outputs of the layer before");
                Err(wrong(before).into())
            }
            _ => Ok(weights),
        }
    }
}

/// The network of a tensor of an `nn.ModuleList` called `members`: K of `members.K.N.weight`.
fn member(name: &str) -> Option<usize> {
    let mut parts = name.rsplit('.').skip(2);
    let number = parts.next()?;
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    (digits && parts.next()? == "members").then(|| number.parse().ok()).flatten()
}

impl<T: FileScalar> Pipeline<T> {
    /// Replaces the weights of the dense layers, in order: for a model that was trained further with
    /// another library.
    ///
    /// # Errors
    /// If number or widths of the layers differ; the error names the tensor. Also if the model has
    /// other layers with parameters, which would keep their old values.
    pub fn with_weights(self, layers: &[DenseWeights<T>]) -> Result<Self, ShapeError> {
        self.with_weights_of_members(&[layers])
    }

    /// [`Pipeline::with_weights`] of each network of an ensemble, in order. Prediction intervals are left out:
    /// their residuals are those of the weights before.
    ///
    /// # Errors
    /// If there are not as many lists of layers as networks, or as [`Pipeline::with_weights`].
    pub fn with_weights_of_members(
        self,
        members: &[impl AsRef<[DenseWeights<T>]>],
    ) -> Result<Self, ShapeError> {
        let own = self.ensemble().members();
        if own.len() != members.len() {
            let (expected, found) = (own.len(), members.len());
            let expected = format!("{expected} as the model has");
            return Err(ShapeError::new("networks of the weights", expected, found.to_string()));
        }
        for (own, layers) in own.iter().zip(members) {
            check_fit(own.model(), layers.as_ref())?;
        }
        let layers = members.iter().flat_map(AsRef::as_ref);
        let mut tensors = layers.flat_map(|layer| [&layer.weights, &layer.biases]);
        Ok(self.map_ensemble(|ensemble| {
            ensemble.for_each_parameter_mut(&mut |parameter| {
                parameter.value.copy_from(tensors.next().expect("one for every parameter"));
            });
        }))
    }
}

/// Checks that the parameters of a model are those of dense layers of these widths.
fn check_fit<T: FileScalar>(
    model: &Model<T>,
    layers: &[DenseWeights<T>],
) -> Result<(), ShapeError> {
    let mut own = model.layers().iter().filter(|layer| layer.parameter_count() > 0);
    if let Some(own) = own.find(|layer| layer.description().kind != DENSE) {
        let kind = own.description().kind;
        return Err(ShapeError::new("layers with parameters", "dense layers alone", kind));
    }
    let tensors = layers
        .iter()
        .flat_map(|layer| [(&layer.names[0], &layer.weights), (&layer.names[1], &layer.biases)]);
    let tensors: Vec<_> = tensors.collect();
    let mut shapes = Vec::new();
    model.for_each_parameter(&mut |parameter| shapes.push(parameter.value.shape()));
    if shapes.len() != tensors.len() {
        let (expected, found) = (shapes.len(), tensors.len());
        let expected = format!("{expected} as the model has");
        return Err(ShapeError::new("tensors", expected, found.to_string()));
    }
    for (&(rows, columns), (name, tensor)) in shapes.iter().zip(&tensors) {
        if tensor.shape() != (rows, columns) {
            let (expected, what) = (format!("{rows}x{columns}"), format!("tensor {name:?}"));
            let found = format!("{}x{} (inputs x outputs)", tensor.nrows(), tensor.ncols());
            return Err(ShapeError::new(what, expected, found));
        }
    }
    Ok(())
}
