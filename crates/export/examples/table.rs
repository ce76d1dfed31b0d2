//! Exports a model of a table, and writes what the graph takes and what it should give, for
//! `cargo xtask interop`:
//!
//! ```text
//! cargo run -p nnfs-export --example table -- MODEL.SAFETENSORS TABLE.CSV MODEL.ONNX ROWS.JSON
//! ```
//!
//! The JSON is `{"inputs": rows, "predictions": rows, "labels": labels, "intervals": ends}`: the encoded inputs,
//! with `null` for a missing number; numbers, or the probability of each class; the classes, or `null`; and the
//! ends of the prediction intervals of the level 0.9 as `[low, high]`, or `null`.

#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};

use nnfs::datasets::{CsvOptions, Table};
use nnfs::files::{AnyPipeline, FileScalar, Pipeline, Task};
use nnfs::model::Intervals;
use nnfs::tensor::Tensor;
use nnfs_export::ExportError;
use serde_json::json;

/// The level of the prediction intervals.
const LEVEL: f64 = 0.9;

fn main() -> anyhow::Result<()> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [model, table, onnx, rows] = &paths[..] else {
        println!("takes a model, a table, an ONNX file and a JSON file");
        return Ok(());
    };
    let pipeline = AnyPipeline::load(model)?;
    match &pipeline {
        AnyPipeline::F32(pipeline) => save(pipeline, onnx)?,
        AnyPipeline::F64(pipeline) => save(pipeline, onnx)?,
    }
    let name = table.display().to_string();
    let table = Table::from_reader(&name, std::fs::File::open(table)?, &CsvOptions::new())?;
    let encoder = pipeline.encoder().expect("a model of a table");
    let inputs = encoder.inputs::<f64>(&table)?;
    let mut predictions = pipeline.predict(&inputs)?;
    let mut labels = None;
    if pipeline.task() == Task::Classification {
        predictions = pipeline.class_probabilities(&predictions)?;
        let decoded = encoder.decode(&predictions)?;
        labels = Some(
            (0..table.rows()).map(|row| decoded.value(row, 0).to_string()).collect::<Vec<_>>(),
        );
    }
    let mut intervals = None;
    if pipeline.intervals().is_some() {
        let Intervals { low, high } = pipeline.predict_table_intervals(&table, LEVEL)?;
        intervals = Some([lists(&low), lists(&high)]);
    }
    let document = json!({
        "inputs": lists(&inputs), "predictions": lists(&predictions), "labels": labels,
        "intervals": intervals,
    });
    Ok(std::fs::write(rows, document.to_string())?)
}

/// With prediction intervals, if the model has them.
fn save<T: FileScalar>(pipeline: &Pipeline<T>, onnx: &Path) -> Result<(), ExportError> {
    match pipeline.intervals() {
        Some(_) => nnfs_export::save_onnx_with_intervals(pipeline, LEVEL, onnx),
        None => nnfs_export::save_onnx(pipeline, onnx),
    }
}

fn lists(tensor: &Tensor<f64>) -> Vec<Vec<f64>> {
    tensor.row_iter().map(|row| row.iter().copied().collect()).collect()
}
