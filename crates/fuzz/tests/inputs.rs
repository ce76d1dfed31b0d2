//! A fixed number of damaged and made-up inputs, and every input that once failed.

use std::fs;
use std::path::Path;

use nnfs_fuzz::{Inputs, TARGETS, Target, try_input};

/// The inputs of a target in a test; `cargo xtask fuzz` tries more.
const INPUTS: u64 = 2000;

fn try_target(name: &str) {
    let target = *TARGETS.iter().find(|target| target.name == name).expect("a target");
    let inputs = Inputs::new(target, 0);
    for (number, seed) in inputs.seeds().iter().enumerate() {
        let read = try_input(target, seed).unwrap_or_else(|failure| panic!("{failure:?}"));
        assert!(read.accepted, "seed {number} is refused");
    }
    try_failures(target);
    let summary = inputs.run(|number, _| number < INPUTS);
    assert!(summary.failures.is_empty(), "{:#?}", summary.failures);
    // Inputs that are all refused, or all accepted, would test little.
    let share = summary.accepted as f64 / summary.inputs as f64;
    assert!((0.05..0.95).contains(&share), "{share} of the inputs are accepted");
}

/// Inputs that once failed.
fn try_failures(target: Target) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("failures").join(target.name);
    for entry in fs::read_dir(&folder).into_iter().flatten() {
        let path = entry.expect("a file").path();
        let input = fs::read(&path).expect("a file");
        let read = try_input(target, &input);
        assert!(read.is_ok(), "{}: {read:?}", path.display());
    }
}

#[test]
fn model_files() {
    try_target("model");
}

#[test]
fn checkpoints() {
    try_target("checkpoint");
}

#[test]
fn tables() {
    try_target("table");
}

#[test]
fn options() {
    try_target("options");
}

#[test]
fn weights_of_other_libraries() {
    try_target("import");
}

#[test]
fn formulas() {
    try_target("formula");
}

#[test]
fn an_input_depends_on_its_number_alone() {
    for target in TARGETS {
        let (one, other) = (Inputs::new(target, 5), Inputs::new(target, 5));
        assert_eq!(one.get(7), other.get(7));
        assert_ne!(one.get(7), one.get(8));
    }
}

#[test]
fn panics_and_large_allocations_are_failures() {
    let reading = |read| Target { name: "test", read, ..TARGETS[0] };
    let failure = try_input(reading(|_| panic!("no {}", 1)), &[]).unwrap_err();
    assert_eq!(failure.what, "no 1");
    let greedy = reading(|input| Vec::<u8>::with_capacity(input.len() << 27).is_empty());
    let failure = try_input(greedy, &[0]).unwrap_err();
    assert!(failure.what.contains("134217728 bytes"), "{failure:?}");
    assert!(try_input(greedy, &[]).unwrap().accepted);
}
