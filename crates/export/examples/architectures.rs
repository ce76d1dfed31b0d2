//! Writes networks at random, and what they predict, for `cargo xtask interop`: in the folder that is
//! named (or target/interop/networks), for each kind of numbers and each network N
//!
//! ```text
//! f32/N.onnx          the network
//! f32/N.safetensors   the same as a file of ours
//! f32/N.json          {"inputs": rows, "predictions": rows}
//! f32/intervals/N.onnx, f32/intervals/N.json      the same with prediction intervals: "low", "high"
//! ```

// The tests alone compare.
#[allow(dead_code)]
#[path = "../tests/suite/architectures.rs"]
mod architectures;

use std::path::{Path, PathBuf};

use architectures::{COUNT, architecture, with_intervals};
use nnfs::files::FileScalar;
use nnfs::model::Intervals;
use nnfs::prelude::*;
use serde_json::json;

fn main() -> anyhow::Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| "target/interop/networks".into());
    write::<f32>(&folder.join("f32"))?;
    write::<f64>(&folder.join("f64"))
}

fn write<T: FileScalar>(folder: &Path) -> anyhow::Result<()> {
    let intervals = folder.join("intervals");
    std::fs::create_dir_all(&intervals)?;
    for number in 0..COUNT {
        let (pipeline, inputs) = architecture::<T>(number);
        let predictions = pipeline.predict(&inputs)?;
        nnfs_export::save_onnx(&pipeline, folder.join(format!("{number}.onnx")))?;
        pipeline.save(folder.join(format!("{number}.safetensors")))?;
        let document = json!({ "inputs": rows(&inputs), "predictions": rows(&predictions) });
        std::fs::write(folder.join(format!("{number}.json")), document.to_string())?;
        if let Some((pipeline, level)) = with_intervals::<T>(number) {
            let file = intervals.join(format!("{number}.onnx"));
            nnfs_export::save_onnx_with_intervals(&pipeline, level, &file)?;
            let Intervals { low, high } = pipeline.predict_intervals(&inputs, level)?;
            let document =
                json!({ "inputs": rows(&inputs), "low": rows(&low), "high": rows(&high) });
            std::fs::write(file.with_extension("json"), document.to_string())?;
        }
    }
    Ok(())
}

/// As many digits as it takes to read the same number again.
fn rows<T: Scalar>(tensor: &Tensor<T>) -> Vec<Vec<f64>> {
    tensor.row_iter().map(|row| row.iter().map(|value| value.to_f64()).collect()).collect()
}
