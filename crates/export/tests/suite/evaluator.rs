//! A small interpreter of ONNX, written from the specification of its operators and from nothing of
//! the export. It knows the operators that the export uses, and fails on any other.
//!
//! Numbers are computed in double precision, and rounded after every operator whose result is
//! single precision.

use std::collections::HashMap;

use nnfs::tensor::Tensor;

use crate::proto::{DOUBLE, FLOAT, INT64, ModelProto, NodeProto, STRING, TensorProto};

/// The data type of the result of a comparison.
const BOOL: i32 = 9;

/// A matrix of some kind of number (`TensorProto.DataType`).
#[derive(Debug, Clone)]
struct Value {
    kind: i32,
    numbers: Tensor<f64>,
}

impl Value {
    fn new(kind: i32, numbers: Tensor<f64>) -> Self {
        let numbers = match kind {
            FLOAT => numbers.map(|number| f64::from(number as f32)),
            DOUBLE | INT64 | STRING | BOOL => numbers,
            _ => panic!("a kind of number that is not expected: {kind}"),
        };
        Self { kind, numbers }
    }

    /// A constant of the graph; one of fewer than two dimensions is a row. Texts are their positions.
    fn constant(tensor: &TensorProto) -> Self {
        let bytes = tensor.raw_data.as_slice();
        let numbers: Vec<f64> = match tensor.data_type {
            FLOAT => {
                bytes.as_chunks().0.iter().map(|&b| f64::from(f32::from_le_bytes(b))).collect()
            }
            DOUBLE => bytes.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b)).collect(),
            INT64 => bytes.as_chunks().0.iter().map(|&b| i64::from_le_bytes(b) as f64).collect(),
            STRING => (0..tensor.string_data.len()).map(|position| position as f64).collect(),
            kind => panic!("{}: a kind of number that is not expected: {kind}", tensor.name),
        };
        let dims: Vec<usize> = tensor.dims.iter().map(|&size| size as usize).collect();
        let (rows, columns) = match dims[..] {
            [] => (1, 1),
            [columns] => (1, columns),
            [rows, columns] => (rows, columns),
            _ => panic!("{}: more than two dimensions", tensor.name),
        };
        Self::new(tensor.data_type, Tensor::from_row_slice(rows, columns, &numbers))
    }

    /// An operator on each number.
    fn map(&self, operator: impl Fn(f64) -> f64) -> Self {
        Self::new(self.kind, self.numbers.map(operator))
    }

    /// The number at a place of a larger matrix; what has one row or column is repeated.
    fn at(&self, row: usize, column: usize) -> f64 {
        let (rows, columns) = self.numbers.shape();
        assert!((row < rows || rows == 1) && (column < columns || columns == 1));
        self.numbers[(row.min(rows - 1), column.min(columns - 1))]
    }

    /// An operator on pairs of numbers; a side is repeated where it has one row or column.
    fn zip(&self, right: &Self, operator: impl Fn(f64, f64) -> f64) -> Self {
        assert_eq!(self.kind, right.kind, "one kind of number on both sides");
        let (left_size, right_size) = (self.numbers.shape(), right.numbers.shape());
        let size = (left_size.0.max(right_size.0), left_size.1.max(right_size.1));
        let numbers = Tensor::from_fn(size.0, size.1, |row, column| {
            operator(self.at(row, column), right.at(row, column))
        });
        Self::new(self.kind, numbers)
    }
}

/// What the graph computes from its inputs: its outputs by name.
pub(crate) fn evaluate(model: ModelProto, inputs: &Tensor<f64>) -> Vec<(String, Tensor<f64>)> {
    let graph = model.graph.expect("a graph");
    let kind = |value: &crate::proto::ValueInfoProto| {
        value.r#type.as_ref().and_then(|kind| kind.tensor_type.as_ref()).expect("a type").elem_type
    };
    let mut values: HashMap<String, Value> = HashMap::new();
    for constant in &graph.initializer {
        values.insert(constant.name.clone(), Value::constant(constant));
    }
    values.insert(graph.input[0].name.clone(), Value::new(kind(&graph.input[0]), inputs.clone()));
    for node in &graph.node {
        let value = |name: &String| values.get(name).unwrap_or_else(|| panic!("no {name}"));
        let operands: Vec<&Value> = node.input.iter().map(value).collect();
        let result = operate(node, &operands);
        values.insert(node.output[0].clone(), result);
    }
    let output = |output: &crate::proto::ValueInfoProto| {
        let value = &values[&output.name];
        assert_eq!(value.kind, kind(output), "the kind that the graph promises");
        (output.name.clone(), value.numbers.clone())
    };
    graph.output.iter().map(output).collect()
}

fn operate(node: &NodeProto, operands: &[&Value]) -> Value {
    let attribute = |name: &str| node.attribute.iter().find(|found| found.name == name);
    let int = |name| attribute(name).and_then(|found| found.i);
    match (node.op_type.as_str(), operands) {
        ("Identity", [x]) => (*x).clone(),
        ("Gemm", [x, weights, rest @ ..]) => {
            assert_eq!(int("transB"), Some(1));
            let product = Value::new(x.kind, &x.numbers * weights.numbers.transpose());
            rest.iter().fold(product, |sum, biases| sum.zip(biases, |sum, bias| sum + bias))
        }
        ("MatMul", [x, y]) => Value::new(x.kind, &x.numbers * &y.numbers),
        ("Add", [x, y]) => x.zip(y, |x, y| x + y),
        ("Sub", [x, y]) => x.zip(y, |x, y| x - y),
        ("IsNaN", [x]) => {
            assert_eq!(x.kind, FLOAT);
            Value::new(BOOL, x.numbers.map(|x| f64::from(u8::from(x.is_nan()))))
        }
        ("Where", [condition, yes, no]) => {
            assert_eq!((condition.kind, yes.kind), (BOOL, no.kind));
            let (rows, columns) = condition.numbers.shape();
            let chosen = Tensor::from_fn(rows, columns, |row, column| {
                match condition.numbers[(row, column)] {
                    0.0 => no.at(row, column),
                    _ => yes.at(row, column),
                }
            });
            Value::new(no.kind, chosen)
        }
        ("Concat", parts) => {
            assert_eq!(int("axis"), Some(1));
            assert!(parts.iter().all(|part| part.kind == parts[0].kind));
            let columns: Vec<_> =
                parts.iter().flat_map(|part| part.numbers.column_iter()).collect();
            Value::new(parts[0].kind, Tensor::from_columns(&columns))
        }
        ("Gather", [x, column]) if int("axis") == Some(1) => {
            assert_eq!(column.kind, INT64);
            let column = x.numbers.column(column.numbers[0] as usize);
            Value::new(x.kind, Tensor::from_columns(&[column]))
        }
        ("ArgMax", [x]) => {
            assert_eq!((int("axis"), int("keepdims")), (Some(1), Some(0)));
            let largest = x.numbers.row_iter().map(|row| row.transpose().argmax().0 as f64);
            Value::new(INT64, Tensor::from_iterator(x.numbers.nrows(), 1, largest))
        }
        ("Gather", [labels, index]) => {
            assert_eq!(index.kind, INT64);
            Value::new(labels.kind, index.numbers.map(|index| labels.numbers[index as usize]))
        }
        ("Mul", [x, y]) => x.zip(y, |x, y| x * y),
        ("Div", [x, y]) => x.zip(y, |x, y| x / y),
        // The operators of ONNX Runtime pass NaN on, other than those of Rust.
        ("Max", [x, y]) => x.zip(y, |x, y| if x.is_nan() { x } else { x.max(y) }),
        ("Min", [x, y]) => x.zip(y, |x, y| if x.is_nan() { x } else { x.min(y) }),
        ("Neg", [x]) => x.map(|x| -x),
        ("Exp", [x]) => x.map(f64::exp),
        ("Reciprocal", [x]) => x.map(f64::recip),
        ("Relu", [x]) => x.map(|x| x.max(0.0)),
        ("Sigmoid", [x]) => x.map(|x| 1.0 / (1.0 + (-x).exp())),
        ("Tanh", [x]) => x.map(f64::tanh),
        ("LeakyRelu", [x]) => {
            let slope = attribute("alpha").and_then(|found| found.f).expect("a slope");
            x.map(|x| if x < 0.0 { f64::from(slope) * x } else { x })
        }
        ("Softmax", [x]) => {
            assert_eq!(int("axis"), Some(1));
            let mut numbers = x.numbers.clone();
            for mut row in numbers.row_iter_mut() {
                let largest = row.max();
                row.apply(|number| *number = (*number - largest).exp());
                let sum = row.sum();
                row /= sum;
            }
            Value::new(x.kind, numbers)
        }
        ("Cast", [x]) => Value::new(int("to").expect("a kind") as i32, x.numbers.clone()),
        (operator, _) => panic!("{operator} of {} operands", operands.len()),
    }
}
