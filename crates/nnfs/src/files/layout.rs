//! Names and shapes of the parameters in a file: those of the state dict of PyTorch's `nn.Sequential`.

use nnfs_model::Model;
use nnfs_tensor::{Description, Layer, Parameter, Scalar, Setting, ShapeError, Tensor, Trainable};

use super::archive::{Reader, Writer, shape_error};
use super::builders::DENSE;
use super::{Dtype, FileScalar, FormatError, Registry};

/// The name and the form of one parameter.
#[derive(Debug)]
pub(super) struct Place {
    name: String,
    form: Form,
}

/// The shape of a parameter in a file.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// The weights of a dense layer: (outputs, inputs) row after row, which are the same numbers as
    /// our (inputs, outputs) column after column.
    Weights,
    /// The biases of a dense layer: (outputs).
    Biases,
    /// Any other parameter: (rows, columns).
    Matrix,
}

/// The number of modules of `nn.Sequential` for a layer: 2 for a dense layer with an activation.
fn modules(description: &Description) -> usize {
    let activation = description.nested("activation").filter(|_| description.kind == DENSE);
    if activation.is_some_and(|activation| activation.kind != "linear") { 2 } else { 1 }
}

/// The number of the first module of each layer.
fn first_modules<'a>(
    layers: impl IntoIterator<Item = &'a Description>,
) -> impl Iterator<Item = usize> {
    layers.into_iter().scan(0, |next, description| {
        let first = *next;
        *next += modules(description);
        Some(first)
    })
}

fn place(module: usize, dense: bool, position: usize) -> Place {
    match (dense, position) {
        (true, 0) => Place { name: format!("{module}.weight"), form: Form::Weights },
        (true, _) => Place { name: format!("{module}.bias"), form: Form::Biases },
        (false, _) => Place { name: format!("{module}.{position}"), form: Form::Matrix },
    }
}

/// The descriptions of the layers of a model.
///
/// # Errors
/// If a setting is not finite, since JSON has no such numbers.
pub(super) fn descriptions<T: Scalar>(model: &Model<T>) -> Result<Vec<Description>, FormatError> {
    let descriptions: Vec<_> = model.layers().iter().map(Layer::description).collect();
    for (index, description) in descriptions.iter().enumerate() {
        check_finite(index, description)?;
    }
    Ok(descriptions)
}

fn check_finite(layer: usize, description: &Description) -> Result<(), FormatError> {
    for (name, setting) in &description.settings {
        match setting {
            Setting::Nested(block) => check_finite(layer, block)?,
            Setting::Number(number) if number.is_finite() => {}
            Setting::Number(number) => {
                let source = format!("expected a finite {name}, found {number}").into();
                return Err(FormatError::Layer { layer, kind: description.kind.clone(), source });
            }
        }
    }
    Ok(())
}

/// The place of every parameter of a model, in the order in which the model visits them.
///
/// # Errors
/// If a parameter is empty, or a layer of kind `dense` has other parameters than weights and biases.
pub(super) fn places<T: Scalar>(model: &Model<T>) -> Result<Vec<Place>, FormatError> {
    let descriptions = descriptions(model)?;
    let mut places = Vec::new();
    let numbered = first_modules(&descriptions).zip(&descriptions).zip(model.layers());
    for (index, ((module, description), layer)) in numbered.enumerate() {
        let mut shapes = Vec::new();
        layer.for_each_parameter(&mut |parameter| shapes.push(parameter.value.shape()));
        check_shapes(description, &shapes).map_err(|error| FormatError::Layer {
            layer: index,
            kind: description.kind.clone(),
            source: error.into(),
        })?;
        let dense = description.kind == DENSE;
        places.extend((0..shapes.len()).map(|position| place(module, dense, position)));
    }
    Ok(places)
}

fn check_shapes(description: &Description, shapes: &[(usize, usize)]) -> Result<(), ShapeError> {
    if let Some((rows, columns)) = shapes.iter().find(|(rows, columns)| rows * columns == 0) {
        return Err(ShapeError::new("parameter", "at least 1x1", format!("{rows}x{columns}")));
    }
    if description.kind != DENSE {
        return Ok(());
    }
    let expected = description.widths.map(|(inputs, outputs)| [(inputs, outputs), (1, outputs)]);
    if expected.is_some_and(|expected| expected == *shapes) {
        return Ok(());
    }
    let expected = format!("weights and biases of {:?}", description.widths);
    Err(ShapeError::new("parameters", expected, format!("{shapes:?}")))
}

impl Place {
    /// Writes the value of a parameter, with a prefix before its name.
    ///
    /// # Errors
    /// If a number is not finite.
    pub(super) fn write<T: FileScalar>(
        &self,
        prefix: &str,
        value: &Tensor<T>,
        writer: &mut Writer,
    ) -> Result<(), FormatError> {
        let (name, (rows, columns)) = (format!("{prefix}{}", self.name), value.shape());
        match self.form {
            Form::Weights => writer.push(name, vec![columns, rows], value.as_slice()),
            Form::Biases => writer.push(name, vec![columns], value.as_slice()),
            Form::Matrix => writer.push_matrix(name, value),
        }
    }

    /// Reads the value of a parameter of this shape.
    pub(super) fn read<T: FileScalar>(
        &self,
        prefix: &str,
        (rows, columns): (usize, usize),
        reader: &mut Reader<'_>,
    ) -> Result<Tensor<T>, FormatError> {
        let name = format!("{prefix}{}", self.name);
        let expected = match self.form {
            Form::Weights => vec![columns, rows],
            Form::Biases => vec![columns],
            Form::Matrix => vec![rows, columns],
        };
        let (found, numbers) = reader.take(&name)?;
        if found != expected {
            return Err(shape_error(&name, &format!("{expected:?}"), &found).into());
        }
        if numbers.is_empty() {
            return Err(shape_error(&name, "at least one number", &found).into());
        }
        Ok(match self.form {
            Form::Matrix => Tensor::from_row_slice(rows, columns, &numbers),
            Form::Weights | Form::Biases => Tensor::from_vec(rows, columns, numbers),
        })
    }
}

/// Writes the value of every parameter, with a prefix before the names.
pub(super) fn write_model<T: FileScalar>(
    prefix: &str,
    model: &Model<T>,
    writer: &mut Writer,
) -> Result<(), FormatError> {
    let mut places = places(model)?.into_iter();
    let mut written = Ok(());
    model.for_each_parameter(&mut |Parameter { value, .. }| {
        let place = places.next().expect("a place for every parameter");
        if written.is_ok() {
            written = place.write(prefix, value, writer);
        }
    });
    written
}

/// Reads the parameters of every layer, whose names have this prefix, and builds the model.
pub(super) fn read_model<T: FileScalar>(
    prefix: &str,
    dtype: Dtype,
    input_width: usize,
    layers: &[Description],
    reader: &mut Reader<'_>,
    registry: &Registry<T>,
) -> Result<Model<T>, FormatError> {
    if dtype != T::DTYPE {
        return Err(FormatError::Dtype { expected: T::DTYPE, found: dtype });
    }
    let parameters = read_parameters(prefix, layers, reader)?;
    let build = |(index, (description, parameters))| registry.build(index, description, parameters);
    let layers =
        layers.iter().zip(parameters).enumerate().map(build).collect::<Result<Vec<_>, _>>()?;
    Ok(Model::from_layers(input_width, layers)?)
}

/// The tensors of each layer, in the order of its parameters.
fn read_parameters<T: FileScalar>(
    prefix: &str,
    layers: &[Description],
    reader: &mut Reader<'_>,
) -> Result<Vec<Vec<Tensor<T>>>, FormatError> {
    let mut read_layer = |(module, description): (usize, &Description)| {
        if description.kind == DENSE {
            let (inputs, outputs) = description.widths.unwrap_or_default();
            let weights = place(module, true, 0).read(prefix, (inputs, outputs), reader)?;
            let biases = place(module, true, 1).read(prefix, (1, outputs), reader)?;
            return Ok(vec![weights, biases]);
        }
        let names = (0..).map(|position| prefix.to_owned() + &place(module, false, position).name);
        let mut tensors = Vec::new();
        for name in names {
            if !reader.contains(&name) {
                break;
            }
            tensors.push(reader.take_matrix(&name)?);
        }
        Ok(tensors)
    };
    first_modules(layers).zip(layers).map(&mut read_layer).collect()
}
