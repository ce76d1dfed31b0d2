//! tract, another library altogether, predicts from our files what we do.

#[path = "../../../../crates/export/tests/suite/architectures.rs"]
mod architectures;

use architectures::{COUNT, architecture, difference};
use nnfs::files::{FileScalar, Pipeline};
use nnfs::tensor::{Scalar, Tensor};
use tract_onnx::prelude::{
    Datum, Framework, InferenceModelExt, Tensor as TractTensor, TractResult, tvec,
};

/// What tract predicts, row after row. The graph takes and gives double precision where it scales.
fn tract<T: FileScalar + Datum>(
    bytes: &[u8],
    pipeline: &Pipeline<T>,
    inputs: &Tensor<T>,
) -> TractResult<Vec<f64>> {
    let model = tract_onnx::onnx().model_for_read(&mut &*bytes)?;
    let model = model.into_optimized()?.into_runnable()?;
    let rows = inputs.transpose();
    let shape = [inputs.nrows(), inputs.ncols()];
    let inputs = match pipeline.input_scaler() {
        Some(_) => TractTensor::from_shape(&shape, rows.map(Scalar::to_f64).as_slice())?,
        None => TractTensor::from_shape(&shape, rows.as_slice())?,
    };
    let outputs = model.run(tvec!(inputs.into()))?;
    let outputs = outputs[0].cast_to::<f64>()?;
    Ok(outputs.as_slice::<f64>()?.to_vec())
}

fn compare<T: FileScalar + Datum>(limit: f64) {
    let mut failed = Vec::new();
    for number in 0..COUNT {
        let (pipeline, inputs) = architecture::<T>(number);
        let ours: Tensor<f64> = pipeline.predict(&inputs.map(Scalar::to_f64)).unwrap();
        let bytes = nnfs_export::to_onnx_bytes(&pipeline).unwrap();
        match tract(&bytes, &pipeline, &inputs).map(|theirs| difference(&ours, &theirs)) {
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
