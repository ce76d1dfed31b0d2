//! Exercise 14. One thing in this program is wrong.
//!
//! A network of 1-64-64-1 learns a sine, with the mean absolute error, an L2 penalty on the weights and
//! RMSprop.

use nnfs_book::exercise::*;

/// `Z = X W + b`
fn forward(layer: &Dense, x: &Matrix) -> Matrix {
    add_row(dot(x, &layer.w.value), &layer.b.value)
}

/// The gradients of the weights, of the biases and of the inputs, from `g = dL/dZ`.
fn backward(layer: &mut Dense, x: &Matrix, g: &Matrix) -> Matrix {
    layer.w.gradient = dot(&x.transpose(), g) + penalty_gradient(&layer.w.value);
    layer.b.gradient = sum_of_rows(g);
    dot(g, &layer.w.value.transpose())
}

fn relu(z: &Matrix) -> Matrix {
    z.map(|z| z.max(0.0))
}

/// The gradient before a ReLU, from the gradient `g` after it.
fn relu_backward(z: &Matrix, g: &Matrix) -> Matrix {
    g.zip_map(z, |g, z| if z > 0.0 { g } else { 0.0 })
}

/// The strength of the L2 penalty.
const L2: f64 = 1e-3;

fn penalty(w: &Matrix) -> f64 {
    L2 * w.map(|w| w * w).sum()
}

fn penalty_gradient(w: &Matrix) -> Matrix {
    w * (2.0 * L2)
}

/// The sign of a number, and 0 for 0.
fn sign(e: f64) -> f64 {
    if e == 0.0 { 0.0 } else { e.signum() }
}

/// A step of RMSprop with the mean square `c`.
fn update(parameter: &mut Parameter, rate: f64) {
    parameter.update(|w, g, [c, _]| {
        *c = 0.9 * *c + 0.1 * g * g;
        *w -= rate * g / (c.sqrt() + 1e-7);
    });
}

pub fn train(log: &mut Log) {
    let (x, y) = sine(200);
    let samples = x.nrows() as f64;
    let mut random = Random::new(0);
    let mut dense1 = random.dense(1, 64, 0.1);
    let mut dense2 = random.dense(64, 64, 0.1);
    let mut dense3 = random.dense(64, 1, 0.1);
    let precision = deviation(&y) / 250.0;
    let rate = 0.001;

    for epoch in 0..=100 {
        // Forward.
        let z1 = forward(&dense1, &x);
        let a1 = relu(&z1);
        let z2 = forward(&dense2, &a1);
        let a2 = relu(&z2);
        let p = forward(&dense3, &a2);

        // Log.
        if epoch % 10 == 0 {
            let accuracy = mean(&(&p - &y).map(|e| f64::from(e.abs() < precision)));
            let loss = mean(&(&y - &p).map(f64::abs));
            let penalties = [&dense1, &dense2, &dense3].map(|layer| penalty(&layer.w.value));
            log.row(epoch, accuracy, loss, penalties.iter().sum(), rate);
        }

        // Backward.
        let dp = (&y - &p).map(|e| sign(e) / samples);
        let da2 = backward(&mut dense3, &a2, &dp);
        let dz2 = relu_backward(&z2, &da2);
        let da1 = backward(&mut dense2, &a1, &dz2);
        let dz1 = relu_backward(&z1, &da1);
        backward(&mut dense1, &x, &dz1);

        // Update.
        for layer in [&mut dense1, &mut dense2, &mut dense3] {
            update(&mut layer.w, rate);
            update(&mut layer.b, rate);
        }
    }
}

fn main() {
    print!("{}", Log::of(train));
}
