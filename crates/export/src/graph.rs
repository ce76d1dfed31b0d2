//! A chain of nodes: the inputs of each are the output of the one before it, and constants.

use nnfs::files::{Dtype, FileScalar};

use crate::proto::{
    AttributeProto, DOUBLE, DimensionProto, FLOAT, GraphProto, NodeProto, TensorProto,
    TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto,
};

/// The name of the only input.
pub(crate) const INPUTS: &str = "inputs";

/// The name of the only output.
pub(crate) const PREDICTIONS: &str = "predictions";

/// The name of the batch size, which is known only when the graph runs.
const BATCH: &str = "batch";

/// A graph under construction.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    nodes: Vec<NodeProto>,
    constants: Vec<TensorProto>,
}

impl Chain {
    /// Appends a node whose inputs are the output of the last node and these constants, in this order.
    pub(crate) fn push(
        &mut self,
        name: &str,
        operator: &str,
        constants: Vec<TensorProto>,
        attribute: Vec<AttributeProto>,
    ) {
        let mut input = vec![self.last().to_owned()];
        input.extend(constants.iter().map(|constant| constant.name.clone()));
        self.constants.extend(constants);
        self.nodes.push(NodeProto {
            input,
            output: vec![name.to_owned()],
            name: name.to_owned(),
            op_type: operator.to_owned(),
            attribute,
        });
    }

    /// Appends `max(x, factor * x)` of the output `x` of the last node, element by element.
    pub(crate) fn push_max_with_multiple(&mut self, name: &str, factor: TensorProto) {
        let unscaled = self.last().to_owned();
        self.push(&format!("{name}.scaled"), "Mul", vec![factor], Vec::new());
        self.push(name, "Max", Vec::new(), Vec::new());
        self.nodes.last_mut().expect("pushed just now").input.push(unscaled);
    }

    /// The name of the output of the last node.
    fn last(&self) -> &str {
        self.nodes.last().map_or(INPUTS, |node| &node.output[0])
    }

    /// The graph from inputs (batch, `input_width`) to predictions (batch, `output_width`).
    pub(crate) fn finish<T: FileScalar>(
        mut self,
        input_width: usize,
        output_width: usize,
    ) -> GraphProto {
        // The output has to come from a node, even if no layer needed one.
        if self.nodes.is_empty() {
            self.push(PREDICTIONS, "Identity", Vec::new(), Vec::new());
        }
        let last = self.nodes.last_mut().expect("at least one node");
        last.output = vec![PREDICTIONS.to_owned()];
        GraphProto {
            node: self.nodes,
            name: "nnfs".to_owned(),
            initializer: self.constants,
            input: vec![table::<T>(INPUTS, input_width)],
            output: vec![table::<T>(PREDICTIONS, output_width)],
        }
    }
}

/// The data type in the numbering of ONNX.
pub(crate) fn data_type<T: FileScalar>() -> i32 {
    match T::DTYPE {
        Dtype::F32 => FLOAT,
        Dtype::F64 => DOUBLE,
    }
}

/// Numbers that are part of the graph, in row-major order.
pub(crate) fn constant<T: FileScalar>(name: &str, dims: &[usize], numbers: &[T]) -> TensorProto {
    let mut raw_data = Vec::with_capacity(size_of_val(numbers));
    numbers.iter().for_each(|number| number.write_to(&mut raw_data));
    TensorProto {
        dims: dims.iter().map(|&size| size as i64).collect(),
        data_type: data_type::<T>(),
        name: name.to_owned(),
        raw_data,
    }
}

/// An input or output of the graph, of shape (batch, width).
fn table<T: FileScalar>(name: &str, width: usize) -> ValueInfoProto {
    let batch = DimensionProto { dim_value: None, dim_param: Some(BATCH.to_owned()) };
    let width = DimensionProto { dim_value: Some(width as i64), dim_param: None };
    let shape = Some(TensorShapeProto { dim: vec![batch, width] });
    let tensor_type = Some(TensorTypeProto { elem_type: data_type::<T>(), shape });
    ValueInfoProto { name: name.to_owned(), r#type: Some(TypeProto { tensor_type }) }
}
