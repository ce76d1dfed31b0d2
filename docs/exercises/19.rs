//! Exercise 19. One thing in this program is wrong.
//!
//! A network of 2-64-3 learns to which arm of a spiral a point belongs, with dropout, softmax and Adam.
//! The log has the accuracy and the loss of the network in use.

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

/// The gradient before a ReLU, from the gradient `g` after it.
fn relu_backward(z: &Matrix, g: &Matrix) -> Matrix {
    g.zip_map(z, |g, z| if z > 0.0 { g } else { 0.0 })
}

/// The probabilities of the classes. The numbers are small, so `exp` does not overflow.
fn softmax(z: &Matrix) -> Matrix {
    let mut p = z.map(f64::exp);
    for mut sample in p.row_iter_mut() {
        let sum = sample.sum();
        sample /= sum;
    }
    p
}

/// The share of values that are dropped.
const RATE: f64 = 0.2;

/// The mask of dropout, by which the values of a layer are multiplied.
fn mask(random: &mut Random, x: &Matrix) -> Matrix {
    random.zeros_and_ones(x.nrows(), x.ncols(), RATE) / (1.0 - RATE)
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
    let mut random = Random::new(0);
    let (x, y) = random.spiral();
    let samples = x.nrows() as f64;
    let mut dense1 = random.dense(2, 64, 0.1);
    let mut dense2 = random.dense(64, 3, 0.1);
    let mut dropout = Random::new(1);
    let rate = 0.02;

    for epoch in 0..=100 {
        // Log.
        if epoch % 10 == 0 {
            let h = relu(&forward(&dense1, &x));
            let p = softmax(&forward(&dense2, &h));
            let right = (0..x.nrows()).filter(|&row| argmax(&p, row) == argmax(&y, row)).count();
            let loss = -y.component_mul(&p.map(f64::ln)).sum() / samples;
            log.row(epoch, right as f64 / samples, loss, 0.0, rate);
        }

        // Forward.
        let z1 = forward(&dense1, &x);
        let a1 = relu(&z1);
        let kept = mask(&mut dropout, &a1);
        let h = a1.component_mul(&kept);
        let p = softmax(&forward(&dense2, &h));

        // Backward.
        let dz2 = (&p - &y) / samples;
        let da1 = backward(&mut dense2, &h, &dz2);
        let dz1 = relu_backward(&z1, &da1);
        backward(&mut dense1, &x, &dz1);

        // Update.
        for layer in [&mut dense1, &mut dense2] {
            update(&mut layer.w, rate, epoch as i32 + 1);
            update(&mut layer.b, rate, epoch as i32 + 1);
        }
    }
}

fn main() {
    print!("{}", Log::of(train));
}
