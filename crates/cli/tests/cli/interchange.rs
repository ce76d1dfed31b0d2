//! `nnfs export` and `nnfs import`: to other libraries and back.

use std::collections::HashMap;

use nnfs::datasets::StandardScaler;
use nnfs::files::Pipeline;
use nnfs::model::Ensemble;
use nnfs::prelude::*;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use crate::program::Place;
use crate::tables;

/// A file of `f32` tensors: name, shape, numbers row after row.
fn weights(tensors: &[(&str, &[usize], &[f32])]) -> Vec<u8> {
    let bytes = |numbers: &[f32]| numbers.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<_>>();
    let data: Vec<_> = tensors.iter().map(|(_, _, numbers)| bytes(numbers)).collect();
    let views = tensors.iter().zip(&data).map(|((name, shape, _), data)| {
        (*name, TensorView::new(Dtype::F32, shape.to_vec(), data).unwrap())
    });
    safetensors::serialize(views, None::<HashMap<String, String>>).unwrap()
}

fn predict(place: &Place, name: &str, inputs: &[f32]) -> Vec<f32> {
    let pipeline = Pipeline::<f32>::load(place.path().join(name)).unwrap();
    let inputs = Tensor::from_row_slice(1, inputs.len(), inputs);
    pipeline.predict(&inputs).unwrap().as_slice().to_vec()
}

#[test]
fn a_square_layer_means_what_the_option_says() {
    let place = Place::new();
    let numbers = [1.0, 2.0, 3.0, 4.0];
    place.write("torch", weights(&[("0.weight", &[2, 2], &numbers), ("0.bias", &[2], &[0.0; 2])]));
    place.write(
        "keras",
        weights(&[
            ("sequential/dense/kernel", &[2, 2], &numbers),
            ("sequential/dense/bias", &[2], &[0.0; 2]),
        ]),
    );
    let options = "--activation relu --task regression";
    place.succeed(&format!("import torch --from pytorch {options} --out t.safetensors"));
    place.succeed(&format!("import keras --from keras {options} --out k.safetensors"));
    assert_eq!(predict(&place, "t.safetensors", &[1.0, 0.0]), [1.0, 3.0]);
    assert_eq!(predict(&place, "k.safetensors", &[1.0, 0.0]), [1.0, 2.0]);
    let line = place.fail(1, &format!("import keras --from pytorch {options} --out x.safetensors"));
    assert!(line.contains("sequential/dense/bias") && line.contains("0.weight"), "{line}");
    assert!(!place.path().join("x.safetensors").exists());
}

#[test]
fn activation_and_task_are_built_in() {
    let place = Place::new();
    place.write(
        "w",
        weights(&[
            ("0.weight", &[2, 1], &[1.0, -1.0]),
            ("0.bias", &[2], &[0.0; 2]),
            ("2.weight", &[1, 2], &[1.0, 1.0]),
            ("2.bias", &[1], &[0.5]),
        ]),
    );
    place.succeed("import w --from pytorch --activation relu --task regression --out r");
    // relu(2) + relu(-2) + 0.5
    assert_eq!(predict(&place, "r", &[2.0]), [2.5]);
    place.succeed("import w --from pytorch --activation relu --task classification --out c");
    assert_eq!(predict(&place, "c", &[2.0]), [1.0 / (1.0 + (-2.5_f32).exp())]);
    let line = place.nnfs("import w --from pytorch --out x");
    assert_eq!(line.code, Some(2), "{line:?}");
    assert!(line.stderr.contains("--activation"), "{line:?}");
}

#[test]
fn the_slope_of_a_leaky_relu_has_to_be_said() {
    let place = Place::new();
    let tensors: [(&str, &[usize], &[f32]); 4] = [
        ("0.weight", &[1, 1], &[1.0]),
        ("0.bias", &[1], &[0.0]),
        ("2.weight", &[1, 1], &[1.0]),
        ("2.bias", &[1], &[0.0]),
    ];
    place.write("w", weights(&tensors));
    let words = "import w --from pytorch --task regression --out m --activation";
    let line = place.fail(2, &format!("{words} leaky-relu"));
    assert!(line.contains("--slope"), "{line}");
    assert!(place.fail(2, &format!("{words} relu --slope 0.2")).contains("leaky-relu"));
    assert!(place.fail(2, &format!("{words} leaky-relu --slope 2")).contains("slope"));
    let finished = place.succeed(&format!("{words} leaky-relu --slope 0.25"));
    assert!(finished.stdout.contains("leaky_relu"), "{finished:?}");
    assert_eq!(predict(&place, "m", &[-2.0]), [-0.5]);
}

/// Modules N and N + 1 of a `Sequential` have nothing between them.
#[test]
fn no_activation_is_put_where_none_can_be() {
    let place = Place::new();
    let tensors: [(&str, &[usize], &[f32]); 4] = [
        ("0.weight", &[1, 1], &[1.0]),
        ("0.bias", &[1], &[0.0]),
        ("1.weight", &[1, 1], &[1.0]),
        ("1.bias", &[1], &[0.0]),
    ];
    place.write("w", weights(&tensors));
    let words = "import w --from pytorch --task regression --out m --activation";
    let line = place.fail(1, &format!("{words} relu"));
    assert!(line.starts_with(r#"w: tensor "1.weight": "#), "{line}");
    place.succeed(&format!("{words} linear"));
    assert_eq!(predict(&place, "m", &[-2.0]), [-2.0]);
}

#[test]
fn weights_of_f32_come_back_to_a_model_of_f64() {
    let place = Place::new();
    place.write("data.csv", tables::regression(60));
    let words = "train data.csv --out out --quiet --epochs 1 --target y --task regression";
    place.succeed(&format!("{words} --hidden none --dtype f64"));
    let numbers: [(&str, &[usize], &[f32]); 2] =
        [("0.weight", &[1, 4], &[0.5, 0.25, 0.0, 1.0]), ("0.bias", &[1], &[0.75])];
    place.write("w", weights(&numbers));
    place.succeed("import w --from pytorch --like out/model.safetensors --out back");
    let back = Pipeline::<f64>::load(place.path().join("back")).unwrap();
    let mut values = Vec::new();
    back.model().unwrap().for_each_parameter(&mut |it| values.extend(it.value.iter().copied()));
    assert_eq!(values, [0.5, 0.25, 0.0, 1.0, 0.75]);
}

#[test]
fn a_wrong_shape_is_reported_with_the_name_of_the_tensor() {
    let place = Place::new();
    let bias: (&str, &[usize], &[f32]) = ("2.bias", &[1], &[0.0]);
    let first: [(&str, &[usize], &[f32]); 2] =
        [("0.weight", &[2, 1], &[1.0, -1.0]), ("0.bias", &[2], &[0.0; 2])];
    place.write("w", weights(&[first[0], first[1], ("2.weight", &[1, 3], &[1.0; 3]), bias]));
    let words = "import w --from pytorch --activation tanh --task regression --out x";
    let line = place.fail(1, words);
    assert!(line.starts_with("w: ") && line.contains("\"2.weight\""), "{line}");
    assert!(line.contains("[1, 3]") && line.contains("2 inputs"), "{line}");
    place.write("w", weights(&[first[0], first[1], bias]));
    let line = place.fail(1, words);
    assert!(line.contains("\"2.weight\", found none"), "{line}");
    place.write("w", "no weights");
    assert!(place.fail(1, words).starts_with("w: "));
    assert_eq!(place.names("."), ["w"]);
}

#[test]
fn a_model_comes_back_with_its_columns() {
    let place = Place::new();
    place.write("data.csv", tables::classes(60));
    place.succeed(
        "train data.csv --out out --quiet --epochs 3 --target species --task classification",
    );
    // PyTorch saves the same tensors without our metadata.
    let bytes = place.bytes("out/model.safetensors");
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let bare = safetensors::serialize(tensors.tensors(), None::<HashMap<String, String>>).unwrap();
    place.write("bare", bare);
    place.succeed("import bare --from pytorch --like out/model.safetensors --out back.safetensors");
    assert_eq!(place.bytes("back.safetensors"), bytes);
    let line = place
        .nnfs("import bare --from pytorch --like out/model.safetensors --task regression --out x");
    assert_eq!(line.code, Some(2), "{line:?}");
}

/// A linear network of a factor.
fn linear(factor: f32) -> Model<f32> {
    let weights = Tensor::from_element(1, 1, factor);
    let dense = Dense::from_parameters(weights, Tensor::zeros(1, 1)).unwrap();
    Model::new(1).then(dense).unwrap()
}

/// `y = 1/4 (x) + 1/4 (5 x) + 1/2 (relu(x))`
fn an_ensemble(place: &Place, name: &str) {
    let deep = linear(1.0).then(Activation::new(Relu)).unwrap();
    let members = [(linear(1.0), 1.0), (linear(5.0), 1.0), (deep, 2.0)];
    let pipeline = Pipeline::of_ensemble(Ensemble::new(members).unwrap());
    pipeline.save(place.path().join(name)).unwrap();
}

#[test]
fn the_networks_of_an_ensemble_are_shown() {
    let place = Place::new();
    an_ensemble(&place, "m");
    let shown = place.succeed("show m").stdout;
    for part in [
        "2 networks, each with weight 0.25:\nlayer",
        "1 network with weight 0.5:\nlayer",
        "relu",
        "3 networks, 6 parameters\n",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert_eq!(shown.matches("total").count(), 2, "{shown}");
    place.succeed("export m --onnx m.onnx");
    let text = String::from_utf8_lossy(&place.bytes("m.onnx")).into_owned();
    assert!(text.contains("members.2.layers.0.weight"));
}

#[test]
fn the_networks_of_an_ensemble_come_back() {
    let place = Place::new();
    an_ensemble(&place, "m");
    assert_eq!(predict(&place, "m", &[2.0]), [4.0]);
    let names =
        [0, 1, 2].map(|member| ["weight", "bias"].map(|what| format!("members.{member}.0.{what}")));
    let tensors: Vec<(&str, &[usize], &[f32])> = names
        .iter()
        .zip([&[8.0], &[4.0], &[2.0]])
        .flat_map(|([weight, bias], factor)| {
            [(weight.as_str(), &[1, 1][..], &factor[..]), (bias, &[1][..], &[1.0])]
        })
        .collect();
    place.write("w", weights(&tensors));
    place.succeed("import w --from pytorch --like m --out back");
    // 1/4 * 9 + 1/4 * 5 + 1/2 * 3
    assert_eq!(predict(&place, "back", &[1.0]), [5.0]);
    // Another number of networks, and none to be like.
    place.write("two", weights(&tensors[..4]));
    let line = place.fail(1, "import two --from pytorch --like m --out x");
    assert!(line.starts_with("two: ") && line.contains("networks"), "{line}");
    let line = place.fail(1, "import w --from pytorch --activation relu --task regression --out x");
    assert!(line.starts_with("w: ") && line.contains("--like"), "{line}");
    assert_eq!(place.names("."), ["back", "m", "two", "w"]);
}

#[test]
fn an_exported_model_names_its_columns() {
    let place = Place::new();
    place.write("data.csv", tables::classes(60));
    place.succeed(
        "train data.csv --out out --quiet --epochs 3 --target species --task classification",
    );
    let finished = place.succeed("export out/model.safetensors --onnx model.onnx");
    assert_eq!(finished.stdout, "");
    assert!(finished.stderr.starts_with("written into model.onnx: 2 inputs"), "{finished:?}");
    let text = String::from_utf8_lossy(&place.bytes("model.onnx")).into_owned();
    for part in [r#"["x","y"]"#, r#"["cat","dog","eel"]"#, "classification", "Gemm", "Softmax"] {
        assert!(text.contains(part), "{part}");
    }
    let line = place.fail(1, "export out/metrics.json --onnx other.onnx");
    assert!(line.starts_with("out/metrics.json: "), "{line}");
    let line = place.fail(1, "export out/model.safetensors --onnx no/such/folder.onnx");
    assert!(line.starts_with("no/such/folder.onnx: "), "{line}");
    assert_eq!(place.names("."), ["data.csv", "model.onnx", "out"]);
}

#[test]
fn a_model_of_a_table_becomes_rust_source() {
    let place = Place::new();
    place.write("data.csv", tables::classes(60));
    place.succeed(
        "train data.csv --out out --quiet --epochs 3 --target species --task classification",
    );
    let finished = place.succeed("export out --rust model.rs");
    assert_eq!(finished.stdout, "");
    assert_eq!(finished.stderr, "written into model.rs: 2 inputs from 2 columns\n");
    let lines = "pub const CLASSES: [&str; 3] = [\n    \"cat\",\n    \"dog\",\n    \"eel\",\n];\n";
    assert!(place.text("model.rs").contains(lines));
    let outputs = "/// The outputs are the probabilities of `CLASSES`.\n\
                   /// `CLASSES` are the classes of the column \"species\".\n";
    assert!(place.text("model.rs").contains(outputs));
    for (words, options) in [
        ("export out --rust x.rs --interval 0.9", ["--rust", "--interval"]),
        ("export out --rust x.rs --onnx x.onnx", ["--rust", "--onnx"]),
        ("export out", ["--rust", "--onnx"]),
    ] {
        let refused = place.nnfs(words);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(options.iter().all(|option| refused.stderr.contains(option)), "{refused:?}");
    }
    assert_eq!(place.names("."), ["data.csv", "model.rs", "out"]);
}

#[test]
fn an_export_to_stdout_has_the_bytes_of_the_file() {
    let place = Place::new();
    place.write("data.csv", tables::classes(60));
    place.succeed(
        "train data.csv --out out --quiet --epochs 1 --target species --task classification",
    );
    place.succeed("export out --rust model.rs");
    place.succeed("export out --onnx model.onnx");
    let names = place.names(".");
    for (option, file) in [("--rust", "model.rs"), ("--onnx", "model.onnx")] {
        for stdout in ["-", "/dev/stdout"] {
            if stdout == "/dev/stdout" && !cfg!(unix) {
                continue;
            }
            let output = place.command(&format!("export out {option} {stdout}")).output().unwrap();
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(stderr, "written to stdout: 2 inputs from 2 columns\n");
            assert!(output.stdout == place.bytes(file), "{option} {stdout}");
        }
    }
    assert_eq!(place.names("."), names);
}

/// Whoever reads the file has to know how to make its inputs.
#[test]
fn rust_source_explains_inputs_that_are_not_numbers() {
    let place = Place::new();
    let line = |row: usize| {
        let number = if row.is_multiple_of(7) { String::new() } else { row.to_string() };
        let rare = if row.is_multiple_of(20) { "rare" } else { ["x", "y"][row % 2] };
        format!("{number},{rare},2024-0{}-1{},same,{}\n", row % 9 + 1, row % 10, row % 3 + row)
    };
    place.write("data.csv", format!("n,word,day,k,t\n{}", (0..120).map(line).collect::<String>()));
    let train = "train data.csv --quiet --epochs 1 --task regression";
    place.succeed(&format!("{train} --target t --out all"));
    let finished = place.succeed("export all --rust all.rs");
    let hint = "encode 3 columns yourself, before predict (see \"The inputs of a row\" in \
                docs/interoperability.md): \"n\", \"word\", \"day\"";
    assert!(finished.stderr.contains(hint), "{finished:?}");
    let sentences = [
        "/// An input `NAME is missing` is 1 if the value of the column is missing, and 0 if not.\n",
        "/// An input `NAME=WORD` is 1 if the column has this word, and 0 if not.\n",
        "/// The inputs of a date or time are explained in docs/interoperability.md of nnfs,\n",
    ];
    for sentence in sentences {
        assert!(place.text("all.rs").contains(sentence), "{sentence}");
    }
    place.succeed(&format!("{train} --target n --missing-target skip --ignore word,day --out one"));
    place.succeed("export one --rust one.rs");
    for sentence in sentences {
        assert!(!place.text("one.rs").contains(sentence), "{sentence}");
    }
}

#[test]
fn nothing_is_written_over_what_is_read() {
    let place = Place::new();
    place.write("data.csv", tables::classes(60));
    place.succeed(
        "train data.csv --out out --quiet --epochs 3 --target species --task classification",
    );
    let model = place.bytes("out/model.safetensors");
    place.write("weights", weights(&[("0.weight", &[1, 1], &[1.0]), ("0.bias", &[1], &[0.0])]));
    let bare = place.bytes("weights");
    for words in [
        "export out/model.safetensors --onnx ./out/model.safetensors",
        "export out/model.safetensors --rust ./out/model.safetensors",
        "import weights --from pytorch --like out/model.safetensors --out out/model.safetensors",
        "import weights --from pytorch --activation relu --task regression --out ./weights",
    ] {
        let line = place.fail(2, words);
        assert!(line.contains("overwrite"), "{line}");
    }
    assert_eq!(place.bytes("out/model.safetensors"), model);
    assert_eq!(place.bytes("weights"), bare);
}

#[test]
fn a_model_whose_scaler_cannot_be_is_not_exported() {
    let place = Place::new();
    let dense = Dense::<f32>::from_parameters(Tensor::zeros(1, 1), Tensor::zeros(1, 1)).unwrap();
    let scaler = StandardScaler::from_parts(vec![2.5], vec![1.25]).unwrap();
    let pipeline = Pipeline::new(Model::new(1).then(dense).unwrap());
    pipeline.with_input_scaler(scaler).unwrap().save(place.path().join("m")).unwrap();
    place.succeed("export m --onnx model.onnx");
    // A text of the same length, so that the rest of the file is where it was.
    let mut bytes = place.bytes("m");
    let position = bytes.windows(4).position(|text| text == b"1.25").unwrap();
    bytes[position..position + 4].copy_from_slice(b"0.00");
    place.write("m", bytes);
    let line = place.fail(1, "export m --onnx other.onnx");
    assert!(line.starts_with("m: ") && line.contains("deviations"), "{line}");
    assert_eq!(place.names("."), ["m", "model.onnx"]);
}
