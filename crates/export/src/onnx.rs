//! A pipeline as an ONNX model.

use nnfs::datasets::{Encoder, Scale, Target};
use nnfs::files::{FileScalar, Pipeline, Scaler};
use nnfs::tensor::OutputLink;
use prost::Message;

use crate::ExportError;
use crate::graph::{Chain, constant, data_type, labels};
use crate::intervals::push_intervals;
use crate::network::{push_ensemble, push_sigmoid, push_softmax};
use crate::proto::{DOUBLE, ModelProto, OperatorSetIdProto, StringStringEntryProto};

/// The version of the operators: that of 2022, which all current runtimes read.
const OPSET: i64 = 17;

/// The version of the file format that was released with these operators.
const IR_VERSION: i64 = 8;

/// The version of our metadata, and of the names and types of inputs and outputs.
const FORMAT_VERSION: u32 = 2;

/// The output of a regression, and of a model without columns.
const PREDICTIONS: &str = "predictions";

/// The outputs of a classifier, as the converters of scikit-learn (`skl2onnx`) name them.
const LABEL: &str = "output_label";
const PROBABILITY: &str = "output_probability";

/// The bytes of the file, with the prediction intervals of a level if one is given.
pub(crate) fn encode<T: FileScalar>(
    pipeline: &Pipeline<T>,
    level: Option<f64>,
) -> Result<Vec<u8>, ExportError> {
    // Inputs are scaled in double precision, as our pipelines do.
    let input_scaler = pipeline.input_scaler();
    let kind = if input_scaler.is_some() { DOUBLE } else { data_type::<T>() };
    let mut chain = Chain::new(kind, pipeline.ensemble().input_width());
    if let Some(scaler) = input_scaler {
        scale::<T>(scaler, &mut chain);
    }
    push_ensemble(pipeline.ensemble(), &mut chain)?;
    let outputs = chain.current().clone();
    push_link::<T>(pipeline.link(), &mut chain);
    if let Some(scaler) = pipeline.target_scaler() {
        unscale("target_scaler", scaler, &mut chain);
    }
    // The output of the graph gets another name, but the intervals need that of the network's output.
    if level.is_some() && outputs.name == chain.last() {
        chain.push("network.outputs", "Identity", Vec::new(), Vec::new());
    }
    push_outputs::<T>(pipeline, &mut chain);
    if let Some(level) = level {
        push_intervals(pipeline, level, &outputs, &mut chain)?;
    }
    let model = ModelProto {
        ir_version: IR_VERSION,
        producer_name: "nnfs".to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        graph: Some(chain.finish()),
        opset_import: vec![OperatorSetIdProto { domain: String::new(), version: OPSET }],
        metadata_props: metadata(pipeline, level),
    };
    check_size(model.encoded_len())?;
    Ok(model.encode_to_vec())
}

/// Readers of Protocol Buffers refuse files larger than 2 GiB.
fn check_size(bytes: usize) -> Result<(), ExportError> {
    match i32::try_from(bytes) {
        Ok(_) => Ok(()),
        Err(_) => Err(ExportError::TooLarge { bytes }),
    }
}

fn push_link<T: FileScalar>(link: OutputLink, chain: &mut Chain) {
    match link {
        OutputLink::Identity => {}
        OutputLink::Sigmoid => push_sigmoid::<T>("link.sigmoid", chain),
        OutputLink::Softmax => push_softmax("link.softmax", chain),
    }
}

/// The predictions; of a classifier of tables, the label and the probability of each class, under the
/// names that the converters of scikit-learn use.
fn push_outputs<T: FileScalar>(pipeline: &Pipeline<T>, chain: &mut Chain) {
    let Some(Target::Classes { labels: classes, .. }) = pipeline.encoder().map(Encoder::target)
    else {
        return chain.output(PREDICTIONS);
    };
    if pipeline.ensemble().output_width() == 1 {
        // The target scaler of a classifier, which is unusual, makes it double precision.
        let one = match pipeline.target_scaler() {
            None => constant("probability.one", &[], &[T::from_f64(1.0)]),
            Some(_) => constant("probability.one", &[], &[1.0]),
        };
        chain.push_complement(PROBABILITY, one);
    }
    chain.output(PROBABILITY);
    chain.output_label(LABEL, labels("classes", classes.names()));
}

/// `z = (x - mean) / deviation`, perhaps with the nearest `x` within limits, or
/// `z = low + (x - minimum) / spread * (high - low)`.
fn scale<T: FileScalar>(scaler: &Scaler, chain: &mut Chain) {
    let (operators, constants): (&[_], Vec<Vec<f64>>) = match scaler {
        Scaler::Standard(scaler) => (
            &[("mean", "Sub"), ("deviation", "Div")],
            vec![scaler.means().to_vec(), scaler.deviations().to_vec()],
        ),
        Scaler::Clipped(scaler) => {
            let limits = scaler.limits().iter();
            let limits = limits.map(|it| it.unwrap_or((f64::NEG_INFINITY, f64::INFINITY)));
            let (lows, highs) = limits.unzip();
            // Both operators pass NaN on.
            (
                &[("lower", "Max"), ("upper", "Min"), ("mean", "Sub"), ("deviation", "Div")],
                vec![lows, highs, scaler.means().to_vec(), scaler.deviations().to_vec()],
            )
        }
        Scaler::MinMax(scaler) => {
            let (low, high) = scaler.ends();
            let (minimums, widths) = (scaler.minimums().to_vec(), scaler.widths().to_vec());
            (
                &[("minimum", "Sub"), ("spread", "Div"), ("range", "Mul"), ("low", "Add")],
                vec![minimums, widths, vec![high - low], vec![low]],
            )
        }
    };
    push_in_double("input_scaler", operators, constants, chain);
    chain.cast("input_scaler.rounded", data_type::<T>());
    // A missing number gets the center of its column.
    let centers = (0..scaler.width()).map(|column| scaler.scale(column, f64::NAN));
    let centers: Vec<T> = centers.map(T::data).collect();
    let centers = constant("input_scaler.center", &[scaler.width()], &centers);
    chain.push_filled("input_scaler.filled", centers);
}

/// The inverse of [`scale`]: `x = mean + z * deviation`, or
/// `x = minimum + (z - low) / (high - low) * spread`.
pub(crate) fn unscale(prefix: &str, scaler: &Scaler, chain: &mut Chain) {
    let (operators, constants): (&[_], Vec<Vec<f64>>) = match scaler {
        Scaler::Standard(scaler) => (
            &[("deviation", "Mul"), ("mean", "Add")],
            vec![scaler.deviations().to_vec(), scaler.means().to_vec()],
        ),
        Scaler::Clipped(scaler) => (
            &[("deviation", "Mul"), ("mean", "Add")],
            vec![scaler.deviations().to_vec(), scaler.means().to_vec()],
        ),
        Scaler::MinMax(scaler) => {
            let (low, high) = scaler.ends();
            let (minimums, widths) = (scaler.minimums().to_vec(), scaler.widths().to_vec());
            (
                &[("low", "Sub"), ("range", "Div"), ("spread", "Mul"), ("minimum", "Add")],
                vec![vec![low], vec![high - low], widths, minimums],
            )
        }
    };
    push_in_double(prefix, operators, constants, chain);
}

/// Operators one after another, each with one number per column (or one for all columns). They compute in
/// double precision, as our scalers do: in single precision, a column of seconds since 1970 loses its
/// last digits.
fn push_in_double(
    prefix: &str,
    operators: &[(&str, &str)],
    constants: Vec<Vec<f64>>,
    chain: &mut Chain,
) {
    chain.cast(&format!("{prefix}.double"), DOUBLE);
    for ((what, operator), numbers) in operators.iter().zip(constants) {
        let constant = constant(&format!("{prefix}.{what}"), &[numbers.len()], &numbers);
        let name = format!("{prefix}.{}", operator.to_lowercase());
        chain.push(&name, operator, vec![constant], Vec::new());
    }
}

/// What the inputs and outputs mean, for users of the graph. Lists are JSON.
fn metadata<T: FileScalar>(
    pipeline: &Pipeline<T>,
    level: Option<f64>,
) -> Vec<StringStringEntryProto> {
    let task = pipeline.task().to_string();
    let mut entries = vec![("version", FORMAT_VERSION.to_string()), ("task", task)];
    if let Some(encoder) = pipeline.encoder() {
        entries.push(("inputs", json(&encoder.input_names())));
        match encoder.target() {
            Target::Numbers(names) => entries.push(("targets", json(names))),
            Target::Classes { name, labels } => {
                entries.push(("targets", json(std::slice::from_ref(name))));
                entries.push(("classes", json(labels.names())));
            }
        }
    }
    entries.extend(level.map(|level| ("interval", level.to_string())));
    let entry = |(key, value)| StringStringEntryProto { key: format!("nnfs.{key}"), value };
    entries.into_iter().map(entry).collect()
}

fn json(names: &[String]) -> String {
    serde_json::Value::from(names).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_too_large_is_refused() {
        assert!(check_size(0x7fff_ffff).is_ok());
        let error = check_size(0x8000_0000).unwrap_err();
        assert!(error.to_string().contains("2147483648"), "{error}");
    }
}
