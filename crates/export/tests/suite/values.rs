//! The graph of a file computes what the pipeline predicts. `cargo xtask interop` repeats this with
//! tract, ONNX Runtime, PyTorch and Keras.

use nnfs::files::FileScalar;
use nnfs::model::Intervals;
use nnfs::tensor::Scalar;
use prost::Message;

use crate::architectures::{COUNT, architecture, difference, with_intervals};
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

fn compare_intervals<T: FileScalar>(limit: f64) {
    let mut count = 0;
    for number in 0..COUNT {
        let Some((pipeline, level)) = with_intervals::<T>(number) else { continue };
        let inputs = architecture::<T>(number).1.map(Scalar::to_f64);
        let bytes = nnfs_export::to_onnx_bytes_with_intervals(&pipeline, level).unwrap();
        let model = ModelProto::decode(bytes.as_slice()).unwrap();
        let outputs = evaluate(model, &inputs);
        let names: Vec<_> = outputs.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["predictions", "low", "high"]);
        let Intervals { low, high } = pipeline.predict_intervals(&inputs, level).unwrap();
        let ours = [pipeline.predict(&inputs).unwrap(), low, high];
        for (ours, (name, theirs)) in ours.iter().zip(&outputs) {
            let found = difference(ours, theirs.transpose().as_slice());
            assert!(found <= limit, "network {number}, {name}, differs by {found:e}");
        }
        count += 1;
    }
    assert!(count > 60, "{count} networks have no link");
}

#[test]
fn a_graph_computes_the_intervals_in_f32() {
    compare_intervals::<f32>(1e-6);
}

#[test]
fn a_graph_computes_the_intervals_in_f64() {
    compare_intervals::<f64>(1e-12);
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
