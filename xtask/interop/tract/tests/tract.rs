//! tract, another library altogether, predicts from our files what we do.

#[path = "../../../../crates/export/tests/suite/architectures.rs"]
mod architectures;

use architectures::{COUNT, architecture, difference, with_intervals};
use nnfs::files::{FileScalar, Pipeline};
use nnfs::tensor::{Scalar, Tensor};
use tract_onnx::prelude::{
    Datum, Framework, InferenceModelExt, Tensor as TractTensor, TractResult, tvec,
};

/// What tract predicts, row after row: a list for each output. The graph takes and gives double precision where
/// it scales.
fn tract<T: FileScalar + Datum>(
    bytes: &[u8],
    pipeline: &Pipeline<T>,
    inputs: &Tensor<T>,
) -> TractResult<Vec<Vec<f64>>> {
    let model = tract_onnx::onnx().model_for_read(&mut &*bytes)?;
    let model = model.into_optimized()?.into_runnable()?;
    let rows = inputs.transpose();
    let shape = [inputs.nrows(), inputs.ncols()];
    let inputs = match pipeline.input_scaler() {
        Some(_) => TractTensor::from_shape(&shape, rows.map(Scalar::to_f64).as_slice())?,
        None => TractTensor::from_shape(&shape, rows.as_slice())?,
    };
    let outputs = model.run(tvec!(inputs.into()))?;
    let numbers = outputs.iter().map(|output| {
        let output = output.cast_to::<f64>()?;
        Ok(output.as_slice::<f64>()?.to_vec())
    });
    numbers.collect()
}

fn compare<T: FileScalar + Datum>(limit: f64) {
    let mut failed = Vec::new();
    for number in 0..COUNT {
        let (pipeline, inputs) = architecture::<T>(number);
        let ours: Tensor<f64> = pipeline.predict(&inputs.map(Scalar::to_f64)).unwrap();
        let bytes = nnfs_export::to_onnx_bytes(&pipeline).unwrap();
        match tract(&bytes, &pipeline, &inputs).map(|theirs| difference(&ours, &theirs[0])) {
            Ok(found) if found <= limit => {}
            Ok(found) => failed.push(format!("network {number} differs by {found:e}")),
            Err(error) => failed.push(format!("network {number}: {error:?}")),
        }
    }
    assert!(failed.is_empty(), "{} of {COUNT}:\n{}", failed.len(), failed.join("\n"));
}

fn compare_intervals<T: FileScalar + Datum>(limit: f64) {
    for number in 0..COUNT {
        let Some((pipeline, level)) = with_intervals::<T>(number) else { continue };
        let (_, inputs) = architecture::<T>(number);
        let bytes = nnfs_export::to_onnx_bytes_with_intervals(&pipeline, level).unwrap();
        let theirs = tract(&bytes, &pipeline, &inputs);
        let theirs = theirs.unwrap_or_else(|error| panic!("network {number}: {error:?}"));
        let ours = pipeline.predict_intervals(&inputs.map(Scalar::to_f64), level).unwrap();
        for (ours, theirs) in [ours.low, ours.high].iter().zip(&theirs[1..]) {
            let found = difference(ours, theirs);
            assert!(found <= limit, "network {number} differs by {found:e}");
        }
    }
}

#[test]
fn tract_predicts_the_same_intervals() {
    compare_intervals::<f32>(1e-5);
    compare_intervals::<f64>(1e-12);
}

#[test]
fn tract_predicts_the_same_in_f32() {
    compare::<f32>(1e-5);
}

#[test]
fn tract_predicts_the_same_in_f64() {
    compare::<f64>(1e-12);
}
