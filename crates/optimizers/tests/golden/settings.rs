// Written by golden.py with NumPy 2.4.6. Do not edit; to write it again:
// python crates/optimizers/tests/golden.py

pub(crate) const LEARNING_RATE: f64 = 0.05;

pub(crate) const DECAY: f64 = 0.1;

pub(crate) const MOMENTUM: f64 = 0.9;

pub(crate) const WEIGHT_DECAY: f64 = 0.01;

pub(crate) const LEARNING_RATES: &[f64] = &[
    0.05, 0.045454545454545456, 0.04166666666666667, 0.038461538461538464, 0.03571428571428572,
    0.03333333333333333, 0.03125,
];
