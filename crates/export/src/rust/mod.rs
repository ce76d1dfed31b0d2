//! A pipeline as a file of Rust source.

mod numbers;
mod steps;
mod template;

use nnfs::datasets::{Coding, Encoder, Target};
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

/// Comments that may be in the middle of a file, so that a file can include this one.
fn header() -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "\
// A network as Rust source, written by nnfs {version} (`nnfs export --rust`).
//
// It needs Rust 1.85 and `core`: no other crate, no `std` and no allocator. `predict` gives the same
// bits on every machine that follows IEEE 754. They are the bits of nnfs on a CPU with fused
// multiply-add. Only a NaN may have other bits.
//
// The functions are those of nnfs, whose license is MIT OR Apache-2.0. As an exception, you may use
// this generated file under any terms, and without a notice.

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
    let mut sentences = Vec::new();
    if pipeline.encoder().is_some() {
        sentences.push("The inputs are in the order of `INPUT_NAMES`.".to_owned());
    }
    if pipeline.input_scaler().is_some() {
        sentences.push("An input that is NaN is a missing number.".to_owned());
    }
    let codings = pipeline.encoder().map(coding_docs).unwrap_or_default();
    sentences.extend(codings.into_iter().map(str::to_owned));
    sentences.extend(output_docs(pipeline));
    let lines = sentences.iter().flat_map(|it| it.lines());
    let lines: String = lines.map(|line| format!("/// {line}\n")).collect();
    let between = if lines.is_empty() { "" } else { "///\n" };
    format!("/// Predicts a row.\n{between}{lines}")
}

/// What the inputs of columns are that are not a number each.
fn coding_docs(encoder: &Encoder) -> Vec<&'static str> {
    let has = |is_kind: fn(&Coding) -> bool| {
        encoder.input_columns().iter().any(|column| is_kind(&column.coding))
    };
    let is_missing = encoder.input_names().iter().any(|name| name.ends_with(" is missing"));
    let missing =
        "An input `NAME is missing` is 1 if the value of the column is missing, and 0 if not.";
    let word = "An input `NAME=WORD` is 1 if the column has this word, and 0 if not.";
    let other =
        "An input `NAME=other` is 1 if the column has a word without an input, and 0 if not.";
    let date = "The inputs of a date or time are explained in docs/interoperability.md of nnfs,\n\
                \"The inputs of a row\".";
    let is_word = |it: &Coding| matches!(it, Coding::OneHot(_) | Coding::OneHotOrOther { .. });
    [
        (is_missing, missing),
        (has(is_word), word),
        (has(|it| matches!(it, Coding::OneHotOrOther { .. })), other),
        (has(|it| matches!(it, Coding::Date(_))), date),
    ]
    .into_iter()
    .filter_map(|(is_there, sentence)| is_there.then_some(sentence))
    .collect()
}

/// What the outputs are.
fn output_docs<T: FileScalar>(pipeline: &Pipeline<T>) -> Option<String> {
    let one = pipeline.ensemble().output_width() == 1;
    let text = match (pipeline.encoder().map(Encoder::target), pipeline.link()) {
        (Some(Target::Classes { name, .. }), _) => {
            let outputs = match one {
                true => "The output is the probability of the second of `CLASSES`.",
                false => "The outputs are the probabilities of `CLASSES`.",
            };
            // `{name:?}` has no line ends, so the name does not leave the comment.
            format!("{outputs}\n`CLASSES` are the classes of the column {name:?}.")
        }
        (Some(Target::Numbers(_)), _) => {
            "The outputs are in the order of `OUTPUT_NAMES`.".to_owned()
        }
        (None, OutputLink::Identity) => return None,
        (None, OutputLink::Sigmoid) if one => {
            "The output is the probability of the second class.".to_owned()
        }
        (None, OutputLink::Sigmoid) => "Each output is a probability.".to_owned(),
        (None, OutputLink::Softmax) => {
            "The outputs are the probabilities of the classes.".to_owned()
        }
    };
    Some(text)
}
