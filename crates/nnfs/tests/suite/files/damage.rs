//! A file that was cut off is refused, and files whose description is changed. `nnfs-fuzz` changes everything
//! else in files.

use nnfs::files::{AnyPipeline, Checkpoint, FormatError, Registry};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::Value;

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

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/files.proptest-regressions",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn lost_bytes(bytes in files(), end: prop::sample::Index) {
        let lost = &bytes[..end.index(bytes.len())];
        let is_container = |error| matches!(error, FormatError::Container(_));
        prop_assert!(Pipeline::<f32>::from_bytes(lost).is_err_and(is_container));
        prop_assert!(AnyPipeline::from_bytes(lost).is_err_and(is_container));
        let checkpoint = Checkpoint::<f64>::from_bytes(lost, &Registry::new());
        prop_assert!(checkpoint.is_err_and(is_container));
    }
}
