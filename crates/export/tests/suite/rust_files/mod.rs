//! Files of Rust source: what they compute, and how they are compiled.

mod networks;
mod program;

use nnfs::files::{FileScalar, Pipeline};
use nnfs::prelude::*;

use networks::{Network, networks};
use program::Program;

/// Whether the library has the bits that it promises for CPUs with fused multiply-add.
fn has_fused_products() -> bool {
    #[cfg(all(target_arch = "x86_64", not(nnfs_instructions = "portable")))]
    return std::arch::is_x86_feature_detected!("fma");
    #[cfg(not(all(target_arch = "x86_64", not(nnfs_instructions = "portable"))))]
    return cfg!(target_arch = "aarch64");
}

/// The bits of the predictions of each row, each predicted alone with packed weights.
fn expected<T: FileScalar>(pipeline: &Pipeline<T>, rows: &[Vec<f64>]) -> Vec<Vec<u64>> {
    let predict = |row: &Vec<f64>| {
        let row = Tensor::from_row_slice(1, row.len(), row);
        pipeline.predict(&row).unwrap().iter().copied().map(bits).collect()
    };
    rows.iter().map(predict).collect()
}

/// The bits of a number; those of a NaN are not promised.
fn bits(number: f64) -> u64 {
    if number.is_nan() { f64::NAN.to_bits() } else { number.to_bits() }
}

fn compare(flags: &[&str]) {
    let networks = networks();
    let folder = tempfile::tempdir().unwrap();
    let sources: Vec<&str> = networks.iter().map(Network::source).collect();
    let program = Program::compile(folder.path(), &sources, flags);
    let cases: Vec<_> = (networks.iter().enumerate())
        .flat_map(|(file, network)| network.rows().iter().map(move |row| (file, row.as_slice())))
        .collect();
    let outputs = program.predict(&cases);
    let expected = networks.iter().flat_map(Network::predictions);
    assert!(expected.clone().flatten().any(|&bits| f64::from_bits(bits).is_nan()));
    let is_ordinary = |bits: &&u64| f64::from_bits(**bits).is_normal();
    assert!(expected.clone().flatten().filter(is_ordinary).count() > 5_000);
    assert_eq!((expected.clone().count(), cases.len()), (outputs.len(), outputs.len()));
    for (((file, row), found), expected) in cases.iter().zip(&outputs).zip(expected) {
        let found: Vec<u64> = found.iter().copied().map(f64::from_bits).map(bits).collect();
        assert_eq!(found, *expected, "{}, row {row:?}", networks[*file].name());
    }
}

#[test]
fn files_predict_the_bits_of_the_library_without_the_instruction() {
    if has_fused_products() {
        compare(&[]);
    }
}

#[test]
fn files_predict_the_bits_of_the_library_with_the_instruction() {
    if cfg!(target_arch = "x86_64") && has_fused_products() {
        compare(&["-Ctarget-feature=+fma"]);
    }
}

#[test]
fn files_are_modules_of_a_library_without_std() {
    let folder = tempfile::tempdir().unwrap();
    let networks = networks();
    let sources: Vec<&str> = networks.iter().map(Network::source).collect();
    for edition in ["2021", "2024"] {
        program::check_without_std(folder.path(), &sources, edition);
    }
}

/// So the other tests compile each of them.
#[test]
fn the_networks_use_every_function() {
    let networks = networks();
    let templates = [
        include_str!("../../../src/rust/template/shared.rs"),
        include_str!("../../../src/rust/template/single.rs"),
        include_str!("../../../src/rust/template/double.rs"),
    ];
    let lines = templates.iter().flat_map(|template| template.lines());
    let is_item = |line: &&str| ["fn ", "const ", "type "].iter().any(|it| line.starts_with(it));
    let mut items = lines.filter(is_item);
    assert!(items.clone().count() > 30);
    let is_used = |line: &str| networks.iter().any(|network| network.source().contains(line));
    assert_eq!(items.find(|line| !is_used(line)), None);
}

/// Columns may have any name, and a name cannot become code.
#[test]
fn names_are_written_as_texts() {
    let networks = networks();
    let network = networks.iter().find(|network| network.name() == "f32 odd names").unwrap();
    let lines: Vec<&str> = network.source().lines().map(str::trim).collect();
    for name in [r#""a \"quote\" \\ */ //","#, r#""two\nlines {}","#, r#""x\"","#, r#""y\nz","#] {
        assert!(lines.contains(&name), "{name}");
    }
    assert!(!network.source().contains('\u{202e}'));
    let target = r#"/// `CLASSES` are the classes of the column "\u{202e}right to left"."#;
    assert!(lines.contains(&target), "{target}");
}

/// The comment of `predict`.
fn comment(pipeline: &Pipeline<f32>) -> String {
    let source = nnfs_export::to_rust_source(pipeline).unwrap();
    let start = source.find("/// Predicts a row.").unwrap();
    source[start..source.find("pub fn predict").unwrap()].to_owned()
}

/// A model of imported weights has no columns, but its link.
#[test]
fn a_model_without_columns_says_what_its_outputs_are() {
    let pipeline = |outputs| {
        let dense = Dense::from_parameters(Tensor::zeros(2, outputs), Tensor::zeros(1, outputs));
        Pipeline::new(Model::new(2).then(dense.unwrap()).unwrap())
    };
    let linked = |outputs, link| comment(&pipeline(outputs).with_link(link).unwrap());
    assert_eq!(comment(&pipeline(2)), "/// Predicts a row.\n");
    for (outputs, link, sentence) in [
        (1, OutputLink::Sigmoid, "The output is the probability of the second class."),
        (2, OutputLink::Sigmoid, "Each output is a probability."),
        (3, OutputLink::Softmax, "The outputs are the probabilities of the classes."),
    ] {
        let expected = format!("/// Predicts a row.\n///\n/// {sentence}\n");
        assert_eq!(linked(outputs, link), expected);
    }
}

/// The whole text, as a person reads it.
#[test]
fn a_file_is_short_and_has_what_the_network_needs() {
    let weights = Tensor::from_row_slice(2, 3, &[0.5, -1.0, 0.25, 1e-7, 2.0, 1.0 / 3.0]);
    let hidden = Dense::from_parameters(weights, Tensor::from_row_slice(1, 3, &[0.0, -0.0, 0.1]));
    let weights = Tensor::from_column_slice(3, 1, &[1.0, -1.5, 0.75]);
    let last = Dense::from_parameters(weights, Tensor::from_element(1, 1, 100.0));
    let model = Model::<f32>::new(2).then(hidden.unwrap().activation(Relu)).unwrap();
    let pipeline = Pipeline::new(model.then(last.unwrap()).unwrap());
    let source = nnfs_export::to_rust_source(&pipeline).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let golden = include_str!("../../data/network.rs").replace("VERSION", version);
    assert_eq!(source, golden);
}
