//! Exercise 8. One thing in this program is wrong.
//!
//! A network of 1-64-64-1 learns a sine, with the mean squared error and Adam.

use nnfs_book::exercise::*;

/// `Z = X W + b`
fn forward(layer: &Dense, x: &Matrix) -> Matrix {
    add_row(dot(x, &layer.w.value), &layer.b.value)
}

/// The gradients of the weights, of the biases and of the inputs, from `g = dL/dZ`.
fn backward(layer: &mut Dense, x: &Matrix, g: &Matrix) -> Matrix {
    layer.w.gradient = dot(&x.transpose(), g);
    layer.b.gradient = sum_of_rows(g);
    dot(g, &layer.w.value.transpose())
}

fn relu(z: &Matrix) -> Matrix {
    z.map(|z| z.max(0.0))
}

/// Step t of Adam, from 1.
fn update(parameter: &mut Parameter, rate: f64, t: i32) {
    let (beta_1, beta_2) = (0.9_f64, 0.999_f64);
    parameter.update(|w, g, [m, c]| {
        *m = beta_1 * *m + (1.0 - beta_1) * g;
        *c = beta_2 * *c + (1.0 - beta_2) * g * g;
        let m = *m / (1.0 - beta_1.powi(t));
        let c = *c / (1.0 - beta_2.powi(t));
        *w -= rate * m / (c.sqrt() + 1e-7);
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
    let (start, decay) = (0.005, 1e-3);
    let mut rate = start;

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
            let loss = mean(&(&y - &p).map(|e| e * e));
            log.row(epoch, accuracy, loss, 0.0, rate);
        }

        // Backward.
        let dp = (&y - &p) * (-2.0 / samples);
        let da2 = backward(&mut dense3, &a2, &dp);
        let da1 = backward(&mut dense2, &a1, &da2);
        backward(&mut dense1, &x, &da1);

        // Update.
        rate = start / (1.0 + decay * epoch as f64);
        for layer in [&mut dense1, &mut dense2, &mut dense3] {
            update(&mut layer.w, rate, epoch as i32 + 1);
            update(&mut layer.b, rate, epoch as i32 + 1);
        }
    }
}

fn main() {
    print!("{}", Log::of(train));
}
