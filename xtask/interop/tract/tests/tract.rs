//! tract, another library altogether, predicts from our files what we do.

#[path = "../../../../crates/export/tests/suite/architectures.rs"]
mod architectures;

use architectures::{COUNT, architecture, difference};
use nnfs::files::FileScalar;
use nnfs::tensor::Tensor;
use tract_onnx::prelude::{
    Datum, Framework, InferenceModelExt, Tensor as TractTensor, TractResult, tvec,
};

/// What tract predicts, row after row.
fn tract<T: FileScalar + Datum>(bytes: &[u8], inputs: &Tensor<T>) -> TractResult<Vec<T>> {
    let model = tract_onnx::onnx().model_for_read(&mut &*bytes)?;
    let model = model.into_optimized()?.into_runnable()?;
    let rows = inputs.transpose();
    let shape = [inputs.nrows(), inputs.ncols()];
    let inputs = TractTensor::from_shape(&shape, rows.as_slice())?;
    let outputs = model.run(tvec!(inputs.into()))?;
    Ok(outputs[0].as_slice::<T>()?.to_vec())
}

fn compare<T: FileScalar + Datum>(limit: f64) {
    let mut failed = Vec::new();
    for number in 0..COUNT {
        let (pipeline, inputs) = architecture::<T>(number);
        let ours = pipeline.predict(&inputs).unwrap();
        let bytes = nnfs_export::to_onnx_bytes(&pipeline).unwrap();
        match tract(&bytes, &inputs).map(|theirs| difference(&ours, &theirs)) {
            Ok(found) if found <= limit => {}
            Ok(found) => failed.push(format!("network {number} differs by {found:e}")),
            Err(error) => failed.push(format!("network {number}: {error:?}")),
        }
    }
    assert!(failed.is_empty(), "{} of {COUNT}:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn tract_predicts_the_same_in_f32() {
    compare::<f32>(1e-5);
}

#[test]
fn tract_predicts_the_same_in_f64() {
    compare::<f64>(1e-12);
}
