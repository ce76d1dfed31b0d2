//! The graph of a file computes what the pipeline predicts. `cargo xtask interop` repeats this with
//! tract, ONNX Runtime, PyTorch and Keras.

use nnfs::files::FileScalar;
use nnfs::tensor::Scalar;
use prost::Message;

use crate::architectures::{COUNT, architecture, difference};
use crate::evaluator::evaluate;
use crate::proto::ModelProto;

fn compare<T: FileScalar>(limit: f64) {
    let mut failed = Vec::new();
    for number in 0..COUNT {
        let (pipeline, inputs) = architecture::<T>(number);
        let ours = pipeline.predict(&inputs).unwrap();
        let bytes = nnfs_export::to_onnx_bytes(&pipeline).unwrap();
        let model = ModelProto::decode(bytes.as_slice()).unwrap();
        let (_, theirs) = evaluate(model, &inputs.map(Scalar::to_f64)).remove(0);
        let theirs: Vec<T> = theirs.transpose().iter().map(|&number| T::from_f64(number)).collect();
        let found = difference(&ours, &theirs);
        // A NaN fails too.
        if found.is_nan() || found > limit {
            failed.push(format!("network {number} differs by {found:e}"));
        }
    }
    assert!(failed.is_empty(), "{} of {COUNT}:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn a_graph_computes_the_predictions_in_f32() {
    compare::<f32>(1e-5);
}

#[test]
fn a_graph_computes_the_predictions_in_f64() {
    compare::<f64>(1e-12);
}

/// The bytes of a file that tract and ONNX Runtime have read: the numbers of the fields in
/// `proto.rs`, which the other tests share with the export, are those of ONNX.
#[test]
fn the_bytes_are_those_of_a_file_that_others_have_read() {
    let mut golden = ModelProto::decode(&include_bytes!("../data/network-49.onnx")[..]).unwrap();
    golden.producer_version = env!("CARGO_PKG_VERSION").to_owned();
    let bytes = nnfs_export::to_onnx_bytes(&architecture::<f32>(49).0).unwrap();
    assert_eq!(golden.encode_to_vec(), bytes);
}
