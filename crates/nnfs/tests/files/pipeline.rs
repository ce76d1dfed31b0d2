//! Pipelines: round trips, predictions, files.

use nnfs::files::{AnyPipeline, Dtype, FileScalar, Pipeline, Task, inspect};

use super::*;

fn round_trip<T: FileScalar>() {
    let pipeline = every_part::<T>();
    let bytes = pipeline.to_bytes().unwrap();
    let loaded = Pipeline::<T>::from_bytes(&bytes).unwrap();
    assert_eq!(loaded.to_bytes().unwrap(), bytes);
    assert_eq!(every_part::<T>().to_bytes().unwrap(), bytes, "the same pipeline, made again");
    let inputs = draw(7, 3, 5);
    assert_eq!(loaded.predict(&inputs).unwrap(), pipeline.predict(&inputs).unwrap());
    // The masks of dropout go on where they were.
    let (mut first, mut second) = (pipeline.into_model(), loaded.into_model());
    assert_eq!(first.forward(&inputs), second.forward(&inputs));
}

#[test]
fn what_is_read_is_what_was_written() {
    round_trip::<f32>();
    round_trip::<f64>();
}

#[test]
fn a_file_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let pipeline = every_part::<f64>();
    pipeline.save(&path).unwrap();
    let header = inspect(&path).unwrap();
    assert_eq!((header.dtype, header.task()), (Dtype::F64, Task::Regression));
    assert_eq!(header.layers.len(), 9);
    let any = AnyPipeline::load(&path).unwrap();
    assert_eq!(any.summary(), pipeline.model().summary());
    assert!(matches!(any, AnyPipeline::F64(_)));
}
