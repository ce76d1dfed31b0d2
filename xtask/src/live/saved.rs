//! Models that the module saved, and what it predicted with them: the native program must predict the same.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use nnfs::activations::Relu;
use nnfs::files::Pipeline;
use nnfs::layers::Dense;
use nnfs::model::Model;
use nnfs::numpy::NumpyScalar;
use nnfs::tensor::{Layer, Scalar, Tensor, Trainable};
use serde::Deserialize;

/// The largest difference in `f32`, whose products are fused on this CPU and not in WebAssembly.
const TOLERANCE: f64 = 1e-6;

/// What the module predicted.
#[derive(Debug, Deserialize)]
struct Predicted {
    x: Vec<f64>,
    y: Vec<f64>,
}

/// Compares the files of a folder.
///
/// # Errors
/// If a prediction differs: in the arithmetic of the book by a bit, in `f32` by more than 1e-6 of the
/// range of the predictions.
pub(crate) fn check(folder: &Path) -> anyhow::Result<()> {
    for name in ["numpy", "f32", "scaled"] {
        let path = folder.join(format!("{name}.json"));
        let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let Predicted { x, y } = serde_json::from_slice(&text)?;
        let pipeline = Pipeline::<f32>::load(folder.join(format!("{name}.safetensors")))?;
        let inputs = Tensor::from_vec(x.len(), 1, x);
        let (found, tolerance) = match name {
            "numpy" => (in_the_book(&pipeline, &inputs)?, 0.0),
            _ => (pipeline.predict(&inputs)?, TOLERANCE),
        };
        let expected = Tensor::from_vec(y.len(), 1, y);
        ensure!(found.shape() == expected.shape(), "{name}: {} predictions", found.nrows());
        let range = expected.max() - expected.min();
        let largest = (&found - &expected).amax() / range;
        ensure!(largest <= tolerance, "{name}: a prediction differs by {largest:.1e} of the range");
        println!(
            "{name}: {} predictions differ by at most {largest:.1e} of their range",
            found.nrows()
        );
    }
    Ok(())
}

/// The predictions in the arithmetic of the book, of a network whose hidden layers have a ReLU.
fn in_the_book(pipeline: &Pipeline<f32>, inputs: &Tensor<f64>) -> anyhow::Result<Tensor<f64>> {
    let saved = pipeline.model().context("one network")?;
    let last = saved.layers().len() - 1;
    let mut layers: Vec<Box<dyn Layer<NumpyScalar>>> = Vec::new();
    for (index, layer) in saved.layers().iter().enumerate() {
        let mut parameters = Vec::new();
        layer.for_each_parameter(&mut |parameter| {
            parameters.push(parameter.value.map(|value| NumpyScalar::parameter(value.into())));
        });
        let [weights, biases] =
            <[_; 2]>::try_from(parameters).ok().context("weights and biases")?;
        let dense = Dense::from_parameters(weights, biases)?;
        layers.push(Box::new(if index < last { dense.activation(Relu) } else { dense }));
    }
    let model = Model::from_layers(1, layers)?;
    Ok(model.predict(&inputs.map(NumpyScalar::data))?.map(Scalar::to_f64))
}
