//! A chain of nodes: the inputs of each are the output of the one before it, and constants. It may go back
//! to an earlier value, so that several networks have the same inputs.

use nnfs::files::{Dtype, FileScalar};

use crate::proto::{
    AttributeProto, DOUBLE, DimensionProto, FLOAT, GraphProto, INT64, NodeProto, STRING,
    TensorProto, TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto,
};

/// The name of the only input.
pub(crate) const INPUTS: &str = "inputs";

/// The name of the batch size, which is known only when the graph runs.
const BATCH: &str = "batch";

/// A graph under construction.
#[derive(Debug)]
pub(crate) struct Chain {
    nodes: Vec<NodeProto>,
    constants: Vec<TensorProto>,
    inputs: ValueInfoProto,
    outputs: Vec<ValueInfoProto>,
    /// The output of the last node, or the input of the graph.
    current: Value,
}

/// A value that nodes compute: (batch, width).
#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub(crate) name: String,
    /// The data type.
    pub(crate) kind: i32,
    pub(crate) width: usize,
}

impl Chain {
    /// A graph of inputs of this data type and width.
    pub(crate) fn new(kind: i32, width: usize) -> Self {
        let inputs = value(INPUTS, kind, Some(width));
        let (nodes, constants, outputs) = (Vec::new(), Vec::new(), Vec::new());
        let current = Value { name: INPUTS.to_owned(), kind, width };
        Self { nodes, constants, inputs, outputs, current }
    }

    /// Appends a node whose inputs are the output of the last node and these constants, in this order.
    pub(crate) fn push(
        &mut self,
        name: &str,
        operator: &str,
        constants: Vec<TensorProto>,
        attribute: Vec<AttributeProto>,
    ) {
        let mut input = vec![self.last().to_owned()];
        input.extend(constants.into_iter().map(|constant| self.constant(constant)));
        self.push_node(name, operator, input, attribute);
    }

    /// Adds a constant, for [`Chain::push_node`].
    pub(crate) fn constant(&mut self, constant: TensorProto) -> String {
        let name = constant.name.clone();
        self.constants.push(constant);
        name
    }

    /// Appends a node of any earlier values and constants.
    pub(crate) fn push_node(
        &mut self,
        name: &str,
        operator: &str,
        input: Vec<String>,
        attribute: Vec<AttributeProto>,
    ) {
        let (name, op_type) = (name.to_owned(), operator.to_owned());
        self.current.name.clone_from(&name);
        self.nodes.push(NodeProto { input, output: vec![name.clone()], name, op_type, attribute });
    }

    /// Appends a conversion to another data type, if the numbers have another one.
    pub(crate) fn cast(&mut self, name: &str, kind: i32) {
        if self.current.kind != kind {
            let attribute = AttributeProto::int("to", kind.into());
            self.push(name, "Cast", Vec::new(), vec![attribute]);
            self.current.kind = kind;
        }
    }

    /// Appends `max(x, factor * x)` of the output `x` of the last node, element by element.
    pub(crate) fn push_max_with_multiple(&mut self, name: &str, factor: TensorProto) {
        let unscaled = self.last().to_owned();
        self.push(&format!("{name}.scaled"), "Mul", vec![factor], Vec::new());
        self.push(name, "Max", Vec::new(), Vec::new());
        self.nodes.last_mut().expect("pushed just now").input.push(unscaled);
    }

    /// Appends the replacement of NaN by the number of its column.
    ///
    /// Some runtimes have `IsNaN` for single precision only, in which a NaN of double precision is one.
    pub(crate) fn push_filled(&mut self, name: &str, filling: TensorProto) {
        let Value { name: before, kind, .. } = self.current.clone();
        let step = |what: &str| format!("{name}.{what}");
        self.cast(&step("single"), FLOAT);
        self.push(&step("missing"), "IsNaN", Vec::new(), Vec::new());
        self.current.kind = kind;
        let input = vec![self.last().to_owned(), filling.name.clone(), before];
        self.constants.push(filling);
        self.push_node(name, "Where", input, Vec::new());
    }

    /// Appends `1 - p` as a column before the only column `p`.
    pub(crate) fn push_complement(&mut self, name: &str, one: TensorProto) {
        let (probability, complement) = (self.last().to_owned(), format!("{name}.complement"));
        let input = vec![one.name.clone(), probability.clone()];
        self.constants.push(one);
        self.push_node(&complement, "Sub", input, Vec::new());
        let axis = vec![AttributeProto::int("axis", 1)];
        self.push_node(name, "Concat", vec![complement, probability], axis);
        self.set_width(2);
    }

    /// The numbers of the current value have this data type.
    pub(crate) fn set_kind(&mut self, kind: i32) {
        self.current.kind = kind;
    }

    /// The output of the last node is this many columns wide.
    pub(crate) fn set_width(&mut self, width: usize) {
        self.current.width = width;
    }

    /// Makes the output of the last node an output of the graph.
    pub(crate) fn output(&mut self, name: &str) {
        // An output has to come from a node, even if no layer needed one.
        if self.nodes.is_empty() {
            self.push(name, "Identity", Vec::new(), Vec::new());
        }
        let last = self.nodes.last_mut().expect("at least one node");
        last.output = vec![name.to_owned()];
        name.clone_into(&mut self.current.name);
        self.outputs.push(value(name, self.current.kind, Some(self.current.width)));
    }

    /// Adds another output before the others: for each row, the label of its largest number.
    pub(crate) fn output_label(&mut self, name: &str, labels: TensorProto) {
        let step = |what: &str| format!("{name}.{what}");
        let attributes = ["axis", "keepdims"].into_iter().zip([1, 0]);
        let attributes = attributes.map(|(name, value)| AttributeProto::int(name, value)).collect();
        self.push(&step("index"), "ArgMax", Vec::new(), attributes);
        let input = vec![labels.name.clone(), self.last().to_owned()];
        self.outputs.insert(0, value(name, labels.data_type, None));
        self.constants.push(labels);
        self.push_node(name, "Gather", input, Vec::new());
    }

    /// The name of the current value.
    pub(crate) fn last(&self) -> &str {
        &self.current.name
    }

    /// The current value.
    pub(crate) fn current(&self) -> &Value {
        &self.current
    }

    /// Makes an earlier value the current one.
    pub(crate) fn go_back_to(&mut self, value: &Value) {
        self.current.clone_from(value);
    }

    /// Appends the sum of an earlier value and the current one.
    pub(crate) fn push_sum(&mut self, name: &str, earlier: String) {
        let input = vec![earlier, self.last().to_owned()];
        self.push_node(name, "Add", input, Vec::new());
    }

    /// The graph.
    pub(crate) fn finish(self) -> GraphProto {
        GraphProto {
            node: self.nodes,
            name: "nnfs".to_owned(),
            initializer: self.constants,
            input: vec![self.inputs],
            output: self.outputs,
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
        string_data: Vec::new(),
    }
}

/// Integers that are part of the graph, as a list.
pub(crate) fn integers(name: &str, numbers: &[i64]) -> TensorProto {
    TensorProto {
        dims: vec![numbers.len() as i64],
        data_type: INT64,
        name: name.to_owned(),
        raw_data: numbers.iter().flat_map(|it| it.to_le_bytes()).collect(),
        string_data: Vec::new(),
    }
}

/// The labels of classes: integers if all of them are, and texts otherwise.
pub(crate) fn labels(name: &str, labels: &[String]) -> TensorProto {
    // Written as an integer is: `01` is a text.
    let integer = |label: &String| label.parse().ok().filter(|it: &i64| it.to_string() == *label);
    let numbers: Option<Vec<i64>> = labels.iter().map(integer).collect();
    if let Some(numbers) = numbers {
        return integers(name, &numbers);
    }
    TensorProto {
        dims: vec![labels.len() as i64],
        data_type: STRING,
        name: name.to_owned(),
        raw_data: Vec::new(),
        string_data: labels.iter().map(|it| it.clone().into_bytes()).collect(),
    }
}

/// An input or output of the graph, of shape (batch, width), or (batch) without a width.
fn value(name: &str, elem_type: i32, width: Option<usize>) -> ValueInfoProto {
    let batch = DimensionProto { dim_value: None, dim_param: Some(BATCH.to_owned()) };
    let width = width.map(|it| DimensionProto { dim_value: Some(it as i64), dim_param: None });
    let shape = Some(TensorShapeProto { dim: std::iter::once(batch).chain(width).collect() });
    let tensor_type = Some(TensorTypeProto { elem_type, shape });
    ValueInfoProto { name: name.to_owned(), r#type: Some(TypeProto { tensor_type }) }
}
