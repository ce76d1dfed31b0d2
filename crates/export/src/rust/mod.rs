//! A pipeline as a file of Rust source.

mod numbers;
mod steps;
mod template;

use nnfs::datasets::{Encoder, Target};
use nnfs::files::{FileScalar, Pipeline};
use nnfs::tensor::Dtype;

use self::numbers::Tables;
use self::steps::Steps;
use self::template::items_for;
use crate::ExportError;

/// The text of the file.
pub(crate) fn source<T: FileScalar>(pipeline: &Pipeline<T>) -> Result<String, ExportError> {
    let (mut tables, mut functions) = (Tables::default(), String::new());
    let mut steps = Steps::of("input");
    if let Some(scaler) = pipeline.input_scaler() {
        steps.push_scaler(scaler, &mut tables);
    }
    steps.push_ensemble(pipeline.ensemble(), &mut tables, &mut functions)?;
    steps.push_link(pipeline.link());
    if let Some(scaler) = pipeline.target_scaler() {
        steps.push_unscaler(scaler, &mut tables);
    }
    let scaled = |is_scaled| if is_scaled { Dtype::F64 } else { T::DTYPE };
    let input = scaled(pipeline.input_scaler().is_some());
    let output = scaled(pipeline.target_scaler().is_some());
    let code = format!(
        "{}pub fn predict(input: &[{input}; INPUTS]) -> [{output}; OUTPUTS] {{\n{}}}\n\n{functions}",
        predict_docs(pipeline),
        steps.body(),
    );
    let items = items_for(&code, T::DTYPE);
    let file = [header(), constants(pipeline), code, items, tables.finish()].concat();
    Ok(format!("{}\n", file.trim_end()))
}

/// Comments that may be in the middle of a file, so that a file can include this one.
fn header() -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "\
// A network as Rust source, written by nnfs {version} (`nnfs export --rust`).
//
// It needs Rust 1.85 and `core`: no other crate, no `std` and no allocator. `predict` computes the
// same bits on every machine with the arithmetic of IEEE 754: those that nnfs computes on a CPU with
// fused multiply-add. Only the bits of a NaN may differ. The functions are those of nnfs, whose
// license is MIT OR Apache-2.0.

"
    )
}

fn constants<T: FileScalar>(pipeline: &Pipeline<T>) -> String {
    let ensemble = pipeline.ensemble();
    let size = |what: &str, name: &str, size: usize| {
        format!("/// {what}\npub const {name}: usize = {size};\n\n")
    };
    let mut text = size("The number of inputs of a row.", "INPUTS", ensemble.input_width());
    text += &size("The number of outputs of a row.", "OUTPUTS", ensemble.output_width());
    let Some(encoder) = pipeline.encoder() else { return text };
    text += &names("The names of the inputs.", "INPUT_NAMES", &encoder.input_names());
    text += &match encoder.target() {
        Target::Numbers(targets) => names("The names of the outputs.", "OUTPUT_NAMES", targets),
        Target::Classes { labels, .. } => names("The classes.", "CLASSES", labels.names()),
    };
    text
}

/// A list of names, which may hold any character.
fn names(what: &str, constant: &str, names: &[String]) -> String {
    let lines: String = names.iter().map(|name| format!("    {name:?},\n")).collect();
    let kind = format!("[&str; {}]", names.len());
    format!(
        "/// {what}\n#[rustfmt::skip]\n#[allow(dead_code)]\npub const {constant}: {kind} = [\n{lines}];\n\n"
    )
}

/// What the inputs and outputs are.
fn predict_docs<T: FileScalar>(pipeline: &Pipeline<T>) -> String {
    let target = pipeline.encoder().map(Encoder::target);
    let outputs = match (target, pipeline.ensemble().output_width()) {
        (Some(Target::Classes { .. }), 1) => {
            "The output is the probability of the second of `CLASSES`."
        }
        (Some(Target::Classes { .. }), _) => "The outputs are the probabilities of `CLASSES`.",
        (Some(Target::Numbers(_)), _) => "The outputs are in the order of `OUTPUT_NAMES`.",
        (None, _) => "",
    };
    let inputs = match pipeline.encoder() {
        Some(_) => "The inputs are in the order of `INPUT_NAMES`.",
        None => "",
    };
    let missing = match pipeline.input_scaler() {
        Some(_) => "An input that is NaN is a missing number.",
        None => "",
    };
    let sentences = [inputs, missing, outputs].into_iter().filter(|it| !it.is_empty());
    let sentences: String = sentences.map(|it| format!("/// {it}\n")).collect();
    let between = if sentences.is_empty() { "" } else { "///\n" };
    format!("/// Predicts a row.\n{between}{sentences}")
}
