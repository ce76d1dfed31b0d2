//! Options that do not go together: exit code 2, a message with the reason, and no file.

use crate::program::experiment;
use tempfile::tempdir;

/// The options, and a part of the message.
const REFUSED: &[(&str, &str)] = &[
    ("sine --run 0", "0 is not in 1..=9"),
    ("sine --run 10", "10 is not in 1..=9"),
    ("sine --run one", "invalid value 'one' for '--run <N>'"),
    ("sine --arithmetic f16", "possible values: numpy, f32, f64"),
    ("sine --seed -1", "invalid value '-1' for '--seed <N>'"),
    ("sine --seed 4294967296", "4294967296 is not in 0..=4294967295"),
    ("sine --epochs 0", "0 is not in 1.."),
    ("sine --epochs -5", "invalid value '-5' for '--epochs <N>'"),
    ("sine --jobs 0", "number would be zero"),
    ("sine --whatever", "unexpected argument '--whatever'"),
    ("sine --check --seed 1", "--check needs --seed 0"),
    ("sine --check --arithmetic f32", "--check needs --arithmetic numpy"),
    ("sine --check --arithmetic f64 --run 3", "--check needs --arithmetic numpy"),
    ("sine --check --custom", "cannot be used with"),
    ("sine --custom --run 3", "cannot be used with"),
    ("sine --hidden 64", "--custom"),
    ("sine --init he-normal", "--custom"),
    ("sine --optimizer sgd", "--custom"),
    ("sine --learning-rate 0.1", "--custom"),
    ("sine --decay 0.1", "--custom"),
    ("sine --momentum 0.1", "--custom"),
    ("sine --loss mae", "--custom"),
    ("sine --custom --hidden 0", "0 is not in 1..=4096"),
    ("sine --custom --hidden 64,0", "0 is not in 1..=4096"),
    ("sine --custom --hidden 64,,64", "--hidden"),
    ("sine --custom --hidden -64", "-64 is not in 1..=4096"),
    ("sine --custom --hidden 5000", "5000 is not in 1..=4096"),
    ("sine --custom --hidden=", "--hidden"),
    ("sine --custom --init xavier", "glorot-uniform, glorot-normal"),
    ("sine --custom --init normal:-1", "standard deviation of weights must be"),
    ("sine --custom --init normal:x", "expected zeros, normal:DEVIATION"),
    ("sine --custom --optimizer lbfgs", "possible values: sgd, adagrad, rmsprop, adam, adamw"),
    ("sine --custom --learning-rate -1", "learning rate must be finite and at least 0, found -1"),
    ("sine --custom --learning-rate nan", "learning rate must be finite and at least 0"),
    ("sine --custom --learning-rate fast", "invalid float literal"),
    ("sine --custom --decay -0.5", "learning-rate decay must be finite and at least 0"),
    ("sine --custom --optimizer sgd --momentum 1", "momentum must be in [0, 1), found 1"),
    ("sine --custom --optimizer sgd --momentum -0.1", "momentum must be in [0, 1), found -0.1"),
    ("sine --custom --momentum 0.9", "only --optimizer sgd has a momentum"),
    ("sine --custom --optimizer adam --momentum 0.9", "only --optimizer sgd has a momentum"),
    ("sine --custom --loss log", "possible values: mse, mae, huber"),
    ("spiral --classes 1", "1 is not in 2..=3"),
    ("spiral --classes 4", "4 is not in 2..=3"),
    ("spiral --arithmetic numpy", "possible values: f32, f64"),
    ("spiral --epochs 0", "0 is not in 1.."),
    ("spiral --seed -1", "invalid value '-1' for '--seed <N>'"),
    ("cosine", "unrecognized subcommand 'cosine'"),
];

#[test]
fn wrong_options_are_refused_before_anything_is_done() {
    let place = tempdir().unwrap();
    let out = place.path().join("out");
    for (options, message) in REFUSED {
        let finished = experiment(options, &out);
        assert_eq!(finished.code, Some(2), "{options}: {finished:?}");
        assert!(finished.stderr.starts_with("error: "), "{options}: {}", finished.stderr);
        assert!(finished.stderr.contains(message), "{options}: {}", finished.stderr);
        assert_eq!(finished.stdout, "", "{options}");
        assert!(!out.exists(), "{options}");
    }
}
