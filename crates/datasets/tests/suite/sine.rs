//! The sine against NumPy.

use std::f64::consts::PI;

use nnfs_datasets::sine;

// python -c "from nnfs.datasets import sine_data; X, y = sine_data()
// for i in (0, 1, 125, 250, 333, 500, 777, 999): print((i, float(X[i, 0]), float(y[i, 0])))"
const GOLDEN: [(usize, f64, f64); 8] = [
    (0, 0.0, 0.0),
    (1, 0.001, 0.006283143965558951),
    (125, 0.125, 0.7071067811865475),
    (250, 0.25, 1.0),
    (333, 0.333, 0.8670707011644901),
    (500, 0.5, 1.2246467991473532e-16),
    (777, 0.777, -0.985644595148998),
    (999, 0.999, -0.006283143965558805),
];

#[test]
fn it_is_that_of_numpy() {
    let (inputs, targets) = sine::<f64>(1000);
    assert_eq!((inputs.shape(), targets.shape()), ((1000, 1), (1000, 1)));
    for (row, input, target) in GOLDEN {
        assert_eq!((inputs[row], targets[row]), (input, target), "row {row}");
    }
}

#[test]
fn it_is_within_one_last_bit_of_the_sine_of_this_machine() {
    let (_, targets) = sine::<f64>(1000);
    for (row, &target) in targets.iter().enumerate() {
        let machine = (2.0 * PI * (row as f64 / 1000.0)).sin();
        let one_bit = machine.abs().next_up() - machine.abs();
        assert!((target - machine).abs() <= one_bit, "row {row}: {target} and {machine}");
    }
}

#[test]
fn single_precision_is_rounded_from_double() {
    let (inputs, targets) = sine::<f64>(1000);
    let (inputs32, targets32) = sine::<f32>(1000);
    assert_eq!(inputs32, inputs.map(|value| value as f32));
    assert_eq!(targets32, targets.map(|value| value as f32));
}

#[test]
fn few_samples() {
    assert_eq!(sine::<f64>(0).0.shape(), (0, 1));
    let (inputs, targets) = sine::<f64>(1);
    assert_eq!((inputs.as_slice(), targets.as_slice()), (&[0.0][..], &[0.0][..]));
}
