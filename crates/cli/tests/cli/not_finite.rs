//! Model files and checkpoints with NaN or infinite numbers: refused where they are read.

use crate::program::Place;
use crate::tables;

const TRAIN: &str = "train data.csv --target y --task regression --seed 3 --epochs 6 --hidden 4,3 \
                     --validation-fraction 0.2 --patience 5 --checkpoint-every 1 --quiet --out out";

/// A finished training.
fn place() -> Place {
    let place = Place::new();
    place.write("data.csv", tables::regression(40));
    place.succeed(TRAIN);
    place
}

/// Replaces the first number of a tensor.
fn spoil(place: &Place, file: &str, tensor: &str, number: f32) {
    let mut bytes = place.bytes(file);
    let length = 8 + u64::from_le_bytes(*bytes.first_chunk().unwrap()) as usize;
    let header: serde_json::Value = serde_json::from_slice(&bytes[8..length]).unwrap();
    let start = length + header[tensor]["data_offsets"][0].as_u64().unwrap() as usize;
    bytes[start..start + 4].copy_from_slice(&number.to_le_bytes());
    place.write(file, bytes);
}

#[test]
fn a_model_with_a_number_that_is_not_finite_is_refused() {
    for (tensor, number, text) in [("0.weight", f32::NAN, "NaN"), ("4.bias", f32::INFINITY, "inf")]
    {
        let place = place();
        spoil(&place, "out/model.safetensors", tensor, number);
        for words in [
            "show out",
            "export out --onnx model.onnx",
            "evaluate out data.csv",
            "predict out data.csv --out predictions.csv",
            "predict out/model.safetensors data.csv --out predictions.csv",
        ] {
            let line = place.fail(1, words);
            let expected = format!("out/model.safetensors: tensor {tensor:?}: ");
            assert!(line.starts_with(&expected) && line.contains(text), "{line}");
        }
        assert_eq!(place.names("."), ["data.csv", "out"]);
    }
}

#[test]
fn a_checkpoint_with_a_number_that_is_not_finite_is_refused() {
    for tensor in ["2.weight", "best.0.bias", "optimizer.1"] {
        let place = place();
        let file = "out/checkpoint.safetensors";
        spoil(&place, file, tensor, f32::NAN);
        let before: Vec<_> =
            place.names("out").iter().map(|name| place.bytes(&format!("out/{name}"))).collect();
        let line = place.fail(1, &format!("{TRAIN} --resume").replace("--epochs 6", "--epochs 9"));
        assert!(line.starts_with(&format!("{file}: tensor {tensor:?}: ")), "{line}");
        let after: Vec<_> =
            place.names("out").iter().map(|name| place.bytes(&format!("out/{name}"))).collect();
        assert!(before == after, "something was written");
    }
}
