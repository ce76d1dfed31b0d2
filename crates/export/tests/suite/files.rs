//! What is in a file, and what cannot be.

use std::collections::BTreeSet;

use nnfs::datasets::{Columns, Encoder, Table};
use nnfs::files::{Pipeline, Registry};
use nnfs::prelude::*;
use nnfs::tensor::Description;
use nnfs_export::{ExportError, save_onnx, to_onnx_bytes};
use nnfs_testing::{PassOn, Square};
use prost::Message;

use crate::architectures::{COUNT, architecture};
use crate::proto::ModelProto;

fn read(bytes: &[u8]) -> ModelProto {
    ModelProto::decode(bytes).unwrap()
}

fn dense(inputs: usize, outputs: usize) -> Dense<f32> {
    Dense::from_parameters(Tensor::zeros(inputs, outputs), Tensor::zeros(1, outputs)).unwrap()
}

#[test]
fn the_networks_at_random_have_every_kind() {
    let mut kinds = BTreeSet::new();
    let mut links = BTreeSet::new();
    let mut scalers = BTreeSet::new();
    for number in 0..COUNT {
        let (pipeline, _) = architecture::<f32>(number);
        for layer in pipeline.model().unwrap().layers() {
            let description = layer.description();
            let activation = description.nested("activation");
            let activation = activation.map_or("none", |block| block.kind.as_str());
            kinds.insert(format!("{} {activation}", description.kind));
        }
        links.insert(format!("{:?}", pipeline.link()));
        let kind = |scaler| format!("{scaler:?}").chars().take(10).collect::<String>();
        scalers.insert((kind(pipeline.input_scaler()), kind(pipeline.target_scaler())));
    }
    let functions = ["leaky_relu", "linear", "relu", "sigmoid", "tanh"];
    let mut expected: BTreeSet<_> =
        functions.iter().map(|function| format!("dense {function}")).collect();
    expected.extend(["dense none", "dropout none", "softmax none"].map(str::to_owned));
    expected.extend(functions.iter().map(|function| format!("{function} none")));
    assert_eq!(kinds, expected);
    assert_eq!((links.len(), scalers.len()), (3, 9), "{links:?} {scalers:?}");
}

#[test]
fn a_file_says_what_its_numbers_mean() {
    let text = "size,kind,sort\n1,flat,a\n2,house,b\n3,flat,b\n4,house,a\n";
    let table = Table::from_reader("t.csv", text.as_bytes(), &Default::default()).unwrap();
    let encoder = Encoder::fit(&table, &Columns::classification("sort")).unwrap();
    let names = encoder.input_names();
    let model = Model::new(3).then(dense(3, 2)).unwrap();
    let pipeline = Pipeline::new(model).with_link(OutputLink::Softmax).unwrap();
    let pipeline = pipeline.with_encoder(encoder).unwrap();
    let model = read(&to_onnx_bytes(&pipeline).unwrap());
    assert_eq!(model.producer_name, "nnfs");
    assert_eq!(model.producer_version, env!("CARGO_PKG_VERSION"));
    let entries: Vec<_> = model
        .metadata_props
        .iter()
        .map(|entry| (entry.key.as_str(), entry.value.as_str()))
        .collect();
    let names = serde_json::to_string(&names).unwrap();
    let expected = [
        ("nnfs.version", "2"),
        ("nnfs.task", "classification"),
        ("nnfs.inputs", names.as_str()),
        ("nnfs.targets", r#"["sort"]"#),
        ("nnfs.classes", r#"["a","b"]"#),
    ];
    assert_eq!(entries, expected);
    let graph = model.graph.unwrap();
    let operators: Vec<_> = graph.node.iter().map(|node| node.op_type.as_str()).collect();
    assert_eq!(operators, ["Gemm", "Softmax", "ArgMax", "Gather"]);
    let outputs: Vec<_> = graph.output.iter().map(|output| output.name.as_str()).collect();
    assert_eq!(graph.input[0].name, "inputs");
    assert_eq!(outputs, ["output_label", "output_probability"]);
}

#[test]
fn dropout_is_left_out() {
    let dropout = || Dropout::new(0.5, ChaCha8Rng::seed_from_u64(0)).unwrap();
    let model = Model::<f32>::new(2)
        .then(dropout())
        .unwrap()
        .then(dense(2, 1))
        .unwrap()
        .then(dropout())
        .unwrap();
    let graph = read(&to_onnx_bytes(&Pipeline::new(model)).unwrap()).graph.unwrap();
    assert_eq!(graph.node.len(), 1);
    // An output needs a node, even of a model that does nothing.
    let model = Model::<f32>::new(2).then(dropout()).unwrap();
    let graph = read(&to_onnx_bytes(&Pipeline::new(model)).unwrap()).graph.unwrap();
    assert_eq!(graph.node[0].op_type, "Identity");
}

#[test]
fn a_custom_layer_is_named_and_nothing_is_written() {
    let pipeline = Pipeline::new(
        Model::new(2)
            .then(dense(2, 3))
            .unwrap()
            .then(PassOn::new(Description::new("doubler"), Vec::new()))
            .unwrap(),
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.onnx");
    std::fs::write(&path, "old").unwrap();
    let error = save_onnx(&pipeline, &path).unwrap_err();
    assert!(matches!(&error, ExportError::UnknownKind { layer: 1, kind, .. } if kind == "doubler"));
    assert!(error.to_string().contains("layer 1") && error.to_string().contains("leaky_relu"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_custom_activation_is_named() {
    let error = to_onnx_bytes(&Pipeline::new(
        Model::new(2).then(dense(2, 3).activation(Square { factor: 1.0 })).unwrap(),
    ))
    .unwrap_err();
    assert!(matches!(&error, ExportError::UnknownKind { layer: 0, kind, .. } if kind == "square"));
}

/// A new kind in the files has to be exported too.
#[test]
fn every_kind_of_a_file_is_exported() {
    let kinds = format!("{:?}", Registry::<f32>::new());
    let kinds: BTreeSet<_> = kinds.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    let mut exported = BTreeSet::new();
    for number in 0..COUNT {
        for layer in architecture::<f32>(number).0.model().unwrap().layers() {
            exported.insert(layer.description().kind);
        }
    }
    exported.remove("dense");
    assert_eq!(exported, kinds);
}

#[test]
fn equal_models_give_equal_files() {
    let bytes = || to_onnx_bytes(&architecture::<f64>(7).0).unwrap();
    assert_eq!(bytes(), bytes());
    assert_ne!(bytes(), to_onnx_bytes(&architecture::<f64>(8).0).unwrap());
}
