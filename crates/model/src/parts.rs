//! A large batch in parts of its rows, which the threads share.
//!
//! Each part has a copy of the layers and a tape, and passes its rows through all layers and back. Usually one
//! thread computes a part, so that its numbers stay in the caches of one core. The gradients of the parts are
//! added in the order of the rows. The parts depend on shapes alone, so any number of threads gives the same
//! bits.

use std::ops::Range;

use nnfs_tensor::{
    Layer, Parameter, Penalty, Scalar, Tensor, Trainable, for_each_mut, resize_mut, zip_mut,
};

use crate::tape::Tape;

/// A part has at least this many rows.
const ROWS: usize = 1024;
/// A batch has at most this many parts.
const MOST: usize = 64;
/// Batches of fewer rows are not divided.
pub const ROWS_OF_TWO_PARTS: usize = 2 * ROWS;

/// The parts of the last batch, and the memory of earlier ones.
#[derive(Debug, Clone)]
pub(crate) struct Parts<T: Scalar> {
    parts: Vec<Part<T>>,
    /// The parts of the last batch; 0 if it was not divided.
    count: usize,
}

/// Some rows of a batch on their way through the layers.
#[derive(Debug, Clone)]
struct Part<T: Scalar> {
    rows: Range<usize>,
    /// Copies of the layers without penalties, which the gradients get after they are added.
    layers: Vec<Box<dyn Layer<T>>>,
    tape: Tape<T>,
    inputs: Tensor<T>,
    gradient: Tensor<T>,
    input_gradient: Tensor<T>,
}

/// The number of parts of a batch: a power of two, so that 2, 4 or 8 threads get equal shares. `outputs` is the
/// number of outputs of all layers for a row.
///
/// Each part has a copy of the parameters and their gradients. All of them need at most as much memory as the
/// outputs of the batch.
fn parts_of(rows: usize, parameters: usize, outputs: usize) -> usize {
    let worth = rows.saturating_mul(outputs) / (2 * parameters).max(1);
    1 << (rows / ROWS).min(worth).clamp(1, MOST).ilog2()
}

/// The number of outputs of all layers for a row.
fn outputs_of<T: Scalar>(layers: &[Box<dyn Layer<T>>], input_width: usize) -> usize {
    let mut width = input_width;
    let outputs = layers.iter().map(|layer| {
        width = layer.output_width(width).unwrap_or(0);
        width
    });
    outputs.sum()
}

impl<T: Scalar> Parts<T> {
    /// Without a part.
    pub(crate) fn new() -> Self {
        Self { parts: Vec::new(), count: 0 }
    }

    /// Divides a batch, if it is large and its rows can be computed apart. Otherwise there is no part.
    pub(crate) fn divide(&mut self, layers: &[Box<dyn Layer<T>>], inputs: &Tensor<T>) {
        let (rows, input_width) = inputs.shape();
        self.count = 0;
        if !T::ADDS_IN_PARTS || rows < ROWS_OF_TWO_PARTS || !layers.iter().all(Layer::is_row_wise) {
            return;
        }
        let count = parts_of(rows, layers.parameter_count(), outputs_of(layers, input_width));
        if count == 1 {
            return;
        }
        self.count = count;
        while self.parts.len() < count {
            self.parts.push(Part::new(layers));
        }
        for (index, part) in self.parts[..count].iter_mut().enumerate() {
            let start = |index: usize| rows / count * index + index.min(rows % count);
            part.rows = start(index)..start(index + 1);
        }
    }

    /// Whether the last batch was not divided.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Each part computes the outputs of its rows.
    pub(crate) fn forward(
        &mut self,
        layers: &[Box<dyn Layer<T>>],
        inputs: &Tensor<T>,
        predictions: &mut Tensor<T>,
    ) {
        for_each_mut(&mut self.parts[..self.count], &|part| part.forward(layers, inputs));
        self.outputs_to(layers.len() - 1, predictions);
    }

    /// Each part computes the gradients of its rows. Their sums are those of the batch.
    pub(crate) fn backward(
        &mut self,
        layers: &mut [Box<dyn Layer<T>>],
        gradient: &Tensor<T>,
        input_gradient: Option<&mut Tensor<T>>,
    ) {
        let parts = &mut self.parts[..self.count];
        let needs_input_gradient = input_gradient.is_some();
        for_each_mut(parts, &|part| part.backward(gradient, needs_input_gradient));
        for (index, layer) in layers.iter_mut().enumerate() {
            add_gradients(parts, index, layer.as_mut());
        }
        if let Some(input_gradient) = input_gradient {
            let rows = gradient.nrows();
            join_rows(
                parts.iter().map(|part| (&part.rows, &part.input_gradient)),
                rows,
                input_gradient,
            );
        }
    }

    /// Writes the outputs of a layer for the whole batch.
    pub(crate) fn outputs_to(&self, layer: usize, outputs: &mut Tensor<T>) {
        let parts = &self.parts[..self.count];
        let rows = parts.last().map_or(0, |part| part.rows.end);
        join_rows(
            parts.iter().map(|part| (&part.rows, &part.tape.outputs()[layer])),
            rows,
            outputs,
        );
    }
}

impl<T: Scalar> Part<T> {
    fn new(layers: &[Box<dyn Layer<T>>]) -> Self {
        Self {
            rows: 0..0,
            layers: layers.to_vec(),
            tape: Tape::of(layers.len()),
            inputs: Tensor::default(),
            gradient: Tensor::default(),
            input_gradient: Tensor::default(),
        }
    }

    fn forward(&mut self, layers: &[Box<dyn Layer<T>>], inputs: &Tensor<T>) {
        for (copy, layer) in self.layers.iter_mut().zip(layers) {
            copy_parameters(layer.as_ref(), copy.as_mut());
        }
        take_rows(inputs, &self.rows, &mut self.inputs);
        self.tape.forward(&mut self.layers, &self.inputs);
    }

    fn backward(&mut self, gradient: &Tensor<T>, needs_input_gradient: bool) {
        let Self { rows, layers, tape, inputs, gradient: part, input_gradient } = self;
        take_rows(gradient, rows, part);
        tape.backward(layers, inputs, part, needs_input_gradient.then_some(input_gradient));
    }
}

/// Copies the values of the parameters, and takes away the penalties of the copies.
fn copy_parameters<T: Scalar>(from: &dyn Layer<T>, to: &mut dyn Layer<T>) {
    let mut index = 0;
    to.for_each_parameter_mut(&mut |to| {
        with_parameter(from, index, &mut |from| {
            let (rows, columns) = from.value.shape();
            resize_mut(&mut to.value, rows, columns);
            resize_mut(&mut to.gradient, rows, columns);
            to.set_penalty(Penalty::default());
            to.value.as_mut_slice().copy_from_slice(from.value.as_slice());
        });
        index += 1;
    });
}

/// Writes the sum of the gradients of the parts, in their order, and the gradient of the penalty.
fn add_gradients<T: Scalar>(parts: &[Part<T>], layer_index: usize, layer: &mut dyn Layer<T>) {
    let mut index = 0;
    layer.for_each_parameter_mut(&mut |parameter| {
        let (rows, columns) = parameter.value.shape();
        resize_mut(&mut parameter.gradient, rows, columns);
        parameter.gradient.fill(T::ZERO);
        for part in parts {
            with_parameter(part.layers[layer_index].as_ref(), index, &mut |part| {
                zip_mut(&mut parameter.gradient, &part.gradient, |sum, gradient| sum + gradient);
            });
        }
        parameter.add_penalty_gradient();
        index += 1;
    });
}

/// Visits the parameter at a position of a layer, without a list of its parameters, which would allocate.
fn with_parameter<T: Scalar>(
    layer: &dyn Layer<T>,
    index: usize,
    visit: &mut dyn FnMut(&Parameter<T>),
) {
    let mut at = 0;
    layer.for_each_parameter(&mut |parameter| {
        if at == index {
            visit(parameter);
        }
        at += 1;
    });
}

/// Copies some rows.
fn take_rows<T: Scalar>(from: &Tensor<T>, rows: &Range<usize>, to: &mut Tensor<T>) {
    resize_mut(to, rows.len(), from.ncols());
    let columns = from.as_slice().chunks_exact(from.nrows());
    for (to, from) in to.as_mut_slice().chunks_exact_mut(rows.len()).zip(columns) {
        to.copy_from_slice(&from[rows.clone()]);
    }
}

/// Writes the rows of parts below each other.
fn join_rows<'a, T: Scalar>(
    parts: impl Iterator<Item = (&'a Range<usize>, &'a Tensor<T>)>,
    rows: usize,
    to: &mut Tensor<T>,
) {
    for (range, part) in parts {
        resize_mut(to, rows, part.ncols());
        let columns = part.as_slice().chunks_exact(range.len());
        for (to, from) in to.as_mut_slice().chunks_exact_mut(rows).zip(columns) {
            to[range.clone()].copy_from_slice(from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parts_of;

    #[test]
    fn the_number_of_parts_is_a_power_of_two() {
        let expected =
            [(0, 1), (1, 1), (2047, 1), (2048, 2), (4095, 2), (10_000, 8), (1 << 20, 64)];
        for (rows, parts) in expected {
            assert_eq!(parts_of(rows, 10, 10), parts, "{rows} rows");
        }
    }

    #[test]
    fn copies_of_the_parameters_need_less_memory_than_the_outputs() {
        for (parameters, parts) in [(0, 16), (25_000, 16), (60_000, 8), (240_000, 2), (1 << 40, 1)]
        {
            assert_eq!(parts_of(20_000, parameters, 50), parts, "{parameters} parameters");
            assert!(parts == 1 || 2 * parts * parameters <= 20_000 * 50, "{parameters}");
        }
    }
}
