//! Whatever bytes a file has: an error or a model, never a panic, and no memory beyond the file's.

use nnfs::datasets::{Missing, Unknown};
use nnfs::files::{AnyPipeline, Checkpoint, FormatError, Registry};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Value, json};

use super::checkpoint::{Choice, process};
use super::ensemble::several;
use super::*;

/// Takes the header of a file and its document apart, changes them, and puts the file together again.
pub(crate) fn edit(bytes: &[u8], change: impl FnOnce(&mut Value, &mut Value)) -> Vec<u8> {
    let (length, rest) = bytes.split_first_chunk().unwrap();
    let (header, data) = rest.split_at(u64::from_le_bytes(*length) as usize);
    let mut header: Value = serde_json::from_slice(header).unwrap();
    let mut document: Value =
        serde_json::from_str(header["__metadata__"]["nnfs"].as_str().unwrap()).unwrap();
    change(&mut header, &mut document);
    if let Some(entry) = header.pointer_mut("/__metadata__/nnfs") {
        *entry = document.to_string().into();
    }
    let header = header.to_string();
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

/// A checkpoint of a training that has not finished.
pub(crate) fn a_checkpoint() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    process::<f64>(&path, &choice(4), |progress| match progress.epoch().epoch {
        2 => Control::Stop,
        _ => Control::Continue,
    });
    std::fs::read(path).unwrap()
}

pub(crate) fn choice(epochs: usize) -> Choice {
    let schedule = Schedule::InverseTime { decay: 0.1 };
    let (optimizer, batch_size, seed, every, width) = (4, 5, 1, 1, 3);
    let (patience, validation) = (Some(3), true);
    Choice { optimizer, schedule, epochs, batch_size, seed, patience, validation, every, width }
}

/// Reads such bytes as whatever they may be, and uses what comes out.
fn read(bytes: &[u8]) {
    if let Ok(pipeline) = Pipeline::<f32>::from_bytes(bytes) {
        use_pipeline(&pipeline);
    }
    match AnyPipeline::from_bytes(bytes) {
        Ok(AnyPipeline::F32(pipeline)) => use_pipeline(&pipeline),
        Ok(AnyPipeline::F64(pipeline)) => use_pipeline(&pipeline),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    match Checkpoint::<f64>::from_bytes(bytes, &Registry::new()) {
        Ok(checkpoint) => use_checkpoint(checkpoint),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn use_pipeline<T: FileScalar>(pipeline: &Pipeline<T>) {
    let width = pipeline.ensemble().input_width();
    if width < 1000 {
        pipeline.predict(&Tensor::from_element(2, width, T::from_f64(0.5))).unwrap();
    }
    if let Some(encoder) = pipeline.encoder().filter(|_| width < 1000) {
        // Whatever the codings are now, rows of this table are predicted or refused.
        let names: Vec<String> =
            encoder.input_columns().iter().map(|input| input.name.clone()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let rows = ["1", "", "red", "NA", "unheard of"].map(|value| vec![value; names.len()]);
        for row in rows {
            let Ok(table) = Table::from_rows("new", &names, [row]) else { continue };
            let _ = encoder.check(&table, Missing::Fill, Unknown::Accept);
            let _ = pipeline.predict_table(&table).map(|predictions| pipeline.decode(&predictions));
        }
        assert_eq!(encoder.input_names().len(), width);
    }
    pipeline.to_bytes().unwrap();
}

/// Trains on for an epoch; it may diverge.
fn use_checkpoint(checkpoint: Checkpoint<f64>) {
    checkpoint.to_bytes().unwrap();
    let Checkpoint { mut model, optimizer, state, .. } = checkpoint;
    let mut adam = Adam::new(LearningRate::constant(0.1).unwrap());
    let restored = adam.restore(optimizer).map_err(Into::into).and_then(|()| adam.check(&model));
    let (width, outputs) = (model.input_width(), model.output_width());
    if restored.is_err() || width * outputs > 1000 {
        return;
    }
    let settings = Fit::epochs(state.next_epoch() + 1).early_stopping(3);
    let (inputs, targets) = (draw(4, width, 1), draw(4, outputs, 2));
    let mse = MeanSquaredError;
    let _ = model.fit_from(state, &inputs, &targets, &mse, &mut adam, &settings, &mut ());
}

fn files() -> impl Strategy<Value = Vec<u8>> {
    let files = [
        every_part::<f32>().to_bytes().unwrap(),
        every_part::<f64>().to_bytes().unwrap(),
        every_coding::<f32>().to_bytes().unwrap(),
        several::<f32>().to_bytes().unwrap(),
        several::<f64>().to_bytes().unwrap(),
        a_checkpoint(),
    ];
    prop::sample::select(files.to_vec())
}

/// All places in a JSON value, as pointers.
fn places(value: &Value, place: &str, found: &mut Vec<String>) {
    found.push(place.to_owned());
    match value {
        Value::Array(values) => {
            let values = values.iter().enumerate();
            values.for_each(|(index, value)| places(value, &format!("{place}/{index}"), found));
        }
        Value::Object(values) => {
            values.iter().for_each(|(key, value)| places(value, &format!("{place}/{key}"), found));
        }
        _ => {}
    }
}

fn values() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(-1),
        json!(0.5),
        json!(1e300),
        json!(4_611_686_018_427_387_904_u64),
        json!(u64::MAX),
        json!(""),
        json!("relu"),
        json!("340282366920938463463374607431768211455"),
        json!([]),
        json!([1, 1]),
        json!([4_611_686_018_427_387_904_u64, 0]),
        json!({}),
        json!({"kind": "softmax"}),
        json!("NumberOrMissing"),
        json!({"OneHot": ["", "red"]}),
        json!({"OneHotOrOther": {"frequent": [], "rare": ["red"]}}),
        json!({"Constant": {"value": "1e999", "kind": "Numeric"}}),
        json!({"ConstantOrMissing": {"value": "red"}}),
        json!({"words": ["01", "1"]}),
        json!({"weight": 1, "layers": []}),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/files.proptest-regressions",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn flipped_bits(
        mut bytes in files(), header: bool,
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0..8_u32), 1..4),
    ) {
        // Most of the bytes are numbers, where every bit is allowed.
        let header_length = 8 + u64::from_le_bytes(*bytes.first_chunk().unwrap()) as usize;
        let length = if header { header_length } else { bytes.len() };
        for (index, bit) in flips {
            bytes[index.index(length)] ^= 1 << bit;
        }
        read(&bytes);
    }

    #[test]
    fn lost_and_added_bytes(bytes in files(), end: prop::sample::Index, added: Vec<u8>) {
        let lost = &bytes[..end.index(bytes.len())];
        let is_container = |error| matches!(error, FormatError::Container(_));
        prop_assert!(Pipeline::<f32>::from_bytes(lost).is_err_and(is_container));
        prop_assert!(AnyPipeline::from_bytes(lost).is_err_and(is_container));
        let checkpoint = Checkpoint::<f64>::from_bytes(lost, &Registry::new());
        prop_assert!(checkpoint.is_err_and(is_container));
        read(&[bytes.as_slice(), &added].concat());
        read(&[lost, &added].concat());
        read(&added);
    }

    #[test]
    fn other_metadata(
        bytes in files(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), values()), 1..4),
        of_container: bool,
    ) {
        read(&edit(&bytes, |header, document| {
            let target = if of_container { header } else { document };
            for (index, value) in changes {
                let mut found = Vec::new();
                places(target, "", &mut found);
                let place: &String = index.get(&found);
                *target.pointer_mut(place).unwrap() = value;
            }
        }));
    }

    #[test]
    fn lost_metadata(bytes in files(), index: prop::sample::Index, of_container: bool) {
        read(&edit(&bytes, |header, document| {
            let target = if of_container { header } else { document };
            let mut found = Vec::new();
            places(target, "", &mut found);
            let (place, last) = index.get(&found).rsplit_once('/').unwrap_or(("", ""));
            if let Some(object) = target.pointer_mut(place).and_then(Value::as_object_mut) {
                object.remove(last);
            }
        }));
    }
}
