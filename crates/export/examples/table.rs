//! Exports a model of a table, and writes what the graph takes and what it should give, for
//! `cargo xtask interop`:
//!
//! ```text
//! cargo run -p nnfs-export --example table -- MODEL.SAFETENSORS TABLE.CSV MODEL.ONNX ROWS.JSON
//! ```
//!
//! The JSON is `{"inputs": rows, "predictions": rows, "labels": labels}`: the encoded inputs, with `null`
//! for a missing number; numbers, or the probability of each class; and the classes, or `null`.

#![allow(clippy::print_stdout)]

use std::path::PathBuf;

use nnfs::datasets::{CsvOptions, Table};
use nnfs::files::{AnyPipeline, Task};
use nnfs::tensor::Tensor;
use serde_json::json;

fn main() -> anyhow::Result<()> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [model, table, onnx, rows] = &paths[..] else {
        println!("takes a model, a table, an ONNX file and a JSON file");
        return Ok(());
    };
    let pipeline = AnyPipeline::load(model)?;
    match &pipeline {
        AnyPipeline::F32(pipeline) => nnfs_export::save_onnx(pipeline, onnx)?,
        AnyPipeline::F64(pipeline) => nnfs_export::save_onnx(pipeline, onnx)?,
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
    let document =
        json!({ "inputs": lists(&inputs), "predictions": lists(&predictions), "labels": labels });
    Ok(std::fs::write(rows, document.to_string())?)
}

fn lists(tensor: &Tensor<f64>) -> Vec<Vec<f64>> {
    tensor.row_iter().map(|row| row.iter().copied().collect()).collect()
}
