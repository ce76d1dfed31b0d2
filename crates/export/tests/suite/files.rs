//! What is in a file, and what cannot be.

use std::collections::BTreeSet;

use nnfs::datasets::{Columns, Encoder, StandardScaler, Table};
use nnfs::files::{Pipeline, Registry};
use nnfs::model::Ensemble;
use nnfs::prelude::*;
use nnfs::tensor::Description;
use nnfs_export::{ExportError, save_onnx, to_onnx_bytes};
use nnfs_testing::{PassOn, Square};
use prost::Message;

use crate::architectures::{COUNT, FIRST_ENSEMBLE, architecture};
use crate::proto::ModelProto;

fn read(bytes: &[u8]) -> ModelProto {
    ModelProto::decode(bytes).unwrap()
}

fn dense(inputs: usize, outputs: usize) -> Dense<f32> {
    Dense::from_parameters(Tensor::zeros(inputs, outputs), Tensor::zeros(1, outputs)).unwrap()
}

fn layers(pipeline: &Pipeline<f32>) -> impl Iterator<Item = &dyn Layer<f32>> {
    let members = pipeline.ensemble().members().iter();
    members.flat_map(|member| member.model().layers()).map(AsRef::as_ref)
}

#[test]
fn the_networks_at_random_have_every_kind() {
    let mut kinds = BTreeSet::new();
    let mut links = BTreeSet::new();
    let mut scalers = BTreeSet::new();
    let mut members = BTreeSet::new();
    for number in 0..COUNT {
        let (pipeline, _) = architecture::<f32>(number);
        for layer in layers(&pipeline) {
            let description = layer.description();
            let activation = description.nested("activation");
            let activation = activation.map_or("none", |block| block.kind.as_str());
            kinds.insert(format!("{} {activation}", description.kind));
        }
        members.insert(pipeline.ensemble().members().len());
        links.insert((number >= FIRST_ENSEMBLE, format!("{:?}", pipeline.link())));
        let kind = |scaler| format!("{scaler:?}").chars().take(10).collect::<String>();
        scalers.insert((kind(pipeline.input_scaler()), kind(pipeline.target_scaler())));
    }
    let functions = ["leaky_relu", "linear", "relu", "sigmoid", "tanh"];
    let mut expected: BTreeSet<_> =
        functions.iter().map(|function| format!("dense {function}")).collect();
    expected.extend(["dense none", "dropout none", "softmax none"].map(str::to_owned));
    expected.extend(functions.iter().map(|function| format!("{function} none")));
    assert_eq!(kinds, expected);
    assert_eq!((links.len(), scalers.len()), (6, 9), "{links:?} {scalers:?}");
    assert_eq!(members.into_iter().collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
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

/// Two networks of the same inputs, one link and one output of labels.
#[test]
fn the_networks_of_an_ensemble_share_inputs_and_link() {
    let text = "size,kind\n1,a\n2,b\n3,b\n4,c\n";
    let table = Table::from_reader("t.csv", text.as_bytes(), &Default::default()).unwrap();
    let encoder = Encoder::fit(&table, &Columns::classification("kind")).unwrap();
    let member = || Model::new(1).then(dense(1, 4).activation(Relu)).unwrap();
    let members = [member(), Model::new(1)].map(|model| {
        let width = model.output_width();
        (model.then(dense(width, 3)).unwrap(), 1.0)
    });
    let scaler = StandardScaler::from_parts(vec![2.5], vec![1.0]).unwrap();
    let pipeline = Pipeline::of_ensemble(Ensemble::new(members).unwrap());
    let pipeline = pipeline.with_link(OutputLink::Softmax).unwrap();
    let pipeline = pipeline.with_encoder(encoder).unwrap().with_input_scaler(scaler).unwrap();
    let graph = read(&to_onnx_bytes(&pipeline).unwrap()).graph.unwrap();
    let operators: Vec<_> = graph.node.iter().map(|node| node.op_type.as_str()).collect();
    let scaled = ["Sub", "Div", "Cast", "IsNaN", "Where"];
    let networks = ["Gemm", "Relu", "Gemm", "Mul", "Gemm", "Mul", "Add"];
    assert_eq!(operators, [&scaled[..], &networks, &["Softmax", "ArgMax", "Gather"]].concat());
    let node = |name: &str| graph.node.iter().find(|node| node.name == name).unwrap();
    let first = &node("members.0.layers.0.dense").input[0];
    assert_eq!(*first, node("members.1.layers.0.dense").input[0]);
    assert_eq!(node("members.1.sum").input, ["members.0.product", "members.1.product"]);
    let outputs: Vec<_> = graph.output.iter().map(|output| output.name.as_str()).collect();
    assert_eq!(outputs, ["output_label", "output_probability"]);
}

#[test]
fn a_custom_layer_of_a_member_is_named() {
    let custom = PassOn::new(Description::new("doubler"), Vec::new());
    let members = [
        (Model::new(2).then(dense(2, 2)).unwrap(), 1.0),
        (Model::new(2).then(custom).unwrap(), 1.0),
    ];
    let pipeline = Pipeline::of_ensemble(Ensemble::new(members).unwrap());
    for error in
        [to_onnx_bytes(&pipeline).unwrap_err(), nnfs_export::to_rust_source(&pipeline).unwrap_err()]
    {
        let ExportError::Member { member: 1, source } = &error else { panic!("{error}") };
        assert!(matches!(**source, ExportError::UnknownKind { layer: 0, .. }), "{error}");
    }
}

/// A product with an infinite weight may be NaN or be skipped, so the file would have other bits.
#[test]
fn weights_that_are_not_finite_are_refused() {
    for bad in [f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
        for (weight, bias) in [(bad, 0.0), (0.0, bad)] {
            let weights = Tensor::from_element(2, 1, weight);
            let last = Dense::from_parameters(weights, Tensor::from_element(1, 1, bias)).unwrap();
            let model = Model::new(3).then(dense(3, 2)).unwrap().then(last).unwrap();
            let pipeline = Pipeline::new(model);
            let errors =
                [to_onnx_bytes(&pipeline).err(), nnfs_export::to_rust_source(&pipeline).err()];
            for error in errors {
                let error = error.unwrap().to_string();
                let expected =
                    format!("layer 1 (dense): expected finite weights and biases, found {bad}");
                assert_eq!(error, expected);
            }
        }
    }
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
        for layer in layers(&architecture::<f32>(number).0) {
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
