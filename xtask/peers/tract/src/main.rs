//! The prediction of a single row by tract, from the file that nnfs exports. Its plan is made for one row
//! and keeps its state from row to row.

use tract_onnx::prelude::{
    Datum, Framework, InferenceFact, InferenceModelExt, SimpleState, TValue, Tensor, TractResult,
    tvec,
};

#[path = "../../peer.rs"]
mod peer;

use peer::{Failure, Job};

fn predict<T: Datum + Copy>(job: &Job, number: fn(f64) -> T) -> Result<(), Failure> {
    let width = job.sizes[0];
    let fact = InferenceFact::dt_shape(T::datum_type(), tvec![1, width]);
    let model = tract_onnx::onnx().model_for_path(&job.onnx)?.with_input_fact(0, fact)?;
    let plan = model.into_optimized()?.into_runnable()?;
    let mut state = SimpleState::new(plan)?;
    let numbers: Vec<T> = job.data().0.into_iter().map(number).collect();
    let rows = numbers
        .chunks(width)
        .map(|row| Ok(Tensor::from_shape(&[1, width], row)?.into()))
        .collect::<TractResult<Vec<TValue>>>()?;
    let mut prediction = 0.0;
    let mut work = || -> Result<f64, Failure> {
        for row in &rows {
            let outputs = state.run(tvec![row.clone()])?;
            prediction = outputs[0].cast_to_scalar::<f64>()?;
        }
        Ok(prediction)
    };
    let check = work()?;
    let version = peer::version(include_str!("../Cargo.lock"), "tract-onnx");
    peer::serve(("tract", version), "plan for one row", check, rows.len(), || work().map(drop))
}

fn main() -> Result<(), Failure> {
    let job = Job::from_arguments()?;
    if job.double { predict::<f64>(&job, |x| x) } else { predict::<f32>(&job, |x| x as f32) }
}
