//! A pipeline as a file of Rust source.

mod numbers;
mod steps;
mod template;

use nnfs::datasets::{Encoder, Target};
use nnfs::files::{FileScalar, Pipeline};
use nnfs::tensor::{Dtype, OutputLink};

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

/// Comments that are allowed in the middle of another file, too.
fn header() -> String {
    format!(
        "\
// A network as Rust source, written by nnfs {} (`nnfs export --rust`).
//
// It needs no other crate, no `std` and no memory besides the stack. `predict` computes the bits that nnfs
// computes on a CPU with fused multiply-add, on every machine (the bits of a NaN may differ). The functions below it are
// those of nnfs: MIT OR Apache-2.0.

",
        env!("CARGO_PKG_VERSION")
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
        (Some(Target::Classes { .. }), 1) => "the probability of the second of `CLASSES`",
        (Some(Target::Classes { .. }), _) => "the probability of each of `CLASSES`",
        (Some(Target::Numbers(_)), _) => "the outputs, in the order of `OUTPUT_NAMES`",
        (None, _) if pipeline.link() == OutputLink::Identity => "the outputs",
        (None, _) => "the outputs, which are probabilities",
    };
    let mut lines = vec![format!("Predicts a row: {outputs}.")];
    let of_table =
        if pipeline.encoder().is_some() { " in the order of `INPUT_NAMES`," } else { "" };
    lines.push(String::new());
    lines.push(match pipeline.input_scaler() {
        Some(_) => {
            format!("The inputs are,{of_table} numbers in their units. NaN is a missing number.")
        }
        None => format!("The inputs are,{of_table} those of the network."),
    });
    lines.iter().map(|line| format!("{}\n", format!("/// {line}").trim_end())).collect()
}
