//! Model files.

use nnfs::datasets::{Missing, Table, Unknown};
use nnfs::files::{AnyPipeline, FileScalar, Pipeline};
use nnfs::model::Intervals;
use nnfs::tensor::Tensor;
use nnfs_tabular::Predictor;

use super::check_error;

/// The widest network that is used. A network without weights, and so its file, may claim any width.
const WIDEST: usize = 1000;

/// Reads a model file, predicts with it, and writes it again.
///
/// # Panics
/// If a promise is broken.
pub fn model(bytes: &[u8]) -> bool {
    match AnyPipeline::from_bytes(bytes) {
        Ok(AnyPipeline::F32(pipeline)) => {
            check_error(&Pipeline::<f64>::from_bytes(bytes).expect_err("other numbers"));
            use_pipeline(&pipeline);
        }
        Ok(AnyPipeline::F64(pipeline)) => {
            check_error(&Pipeline::<f32>::from_bytes(bytes).expect_err("other numbers"));
            use_pipeline(&pipeline);
        }
        Err(error) => {
            check_error(&error);
            assert!(Predictor::from_bytes(bytes).is_err(), "no model, but a predictor");
            return false;
        }
    }
    match Predictor::from_bytes(bytes) {
        Ok(predictor) => assert!(!predictor.targets().is_empty()),
        Err(error) => check_error(&error),
    }
    true
}

fn use_pipeline<T: FileScalar>(pipeline: &Pipeline<T>) {
    let written = pipeline.to_bytes().expect("what was read can be written");
    let again = Pipeline::<T>::from_bytes(&written).expect("what was written can be read");
    assert!(again.to_bytes().is_ok_and(|bytes| bytes == written), "other bytes the second time");
    let width = pipeline.ensemble().input_width();
    if width >= WIDEST {
        return;
    }
    let inputs = Tensor::from_element(2, width, T::from_f64(0.5));
    let predictions = pipeline.predict(&inputs).expect("inputs of the width of the model");
    let repeated = again.predict(&inputs).expect("inputs of the width of the model");
    let bits = |of: &Tensor<T>| of.iter().map(|it| it.to_f64().to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&predictions), bits(&repeated), "other predictions of the same model");
    if let Err(error) = nnfs_export::to_onnx_bytes(pipeline) {
        check_error(&error);
    }
    if let Err(error) = nnfs_export::to_rust_source(pipeline) {
        check_error(&error);
    }
    use_encoder(pipeline);
}

/// Whatever the codings are, rows of a table are predicted or refused.
fn use_encoder<T: FileScalar>(pipeline: &Pipeline<T>) {
    let Some(encoder) = pipeline.encoder() else { return };
    assert_eq!(encoder.input_names().len(), pipeline.ensemble().input_width());
    let columns = encoder.input_columns();
    let names: Vec<&str> = columns.iter().map(|input| input.name.as_str()).collect();
    for value in ["1", "", "red", "NA", "2024-02-29", "unheard of"] {
        let Ok(table) = Table::from_rows("new", &names, [vec![value; names.len()]]) else {
            continue;
        };
        let _ = encoder.check(&table, Missing::Fill, Unknown::Accept);
        if let Ok(predictions) = pipeline.predict_table(&table) {
            let _ = pipeline.decode(&predictions);
        }
        if let Ok(Intervals { low, high }) = pipeline.predict_table_intervals(&table, 0.5) {
            let is_turned = |(low, high): (&f64, &f64)| low > high;
            assert!(!low.iter().zip(high.iter()).any(is_turned), "{low} above {high}");
        }
    }
}
