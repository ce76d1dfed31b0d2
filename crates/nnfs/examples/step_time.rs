#![allow(clippy::print_stdout, missing_docs)]
use nnfs::datasets::sine;
use nnfs::metrics::{Tolerance, accuracy_within};
use nnfs::prelude::*;
use rand::{SeedableRng, rngs::ChaCha8Rng};
use std::time::Instant;
fn bench<T: Scalar>(name: &str, sizes: &[usize], batch: usize) {
    let (x, y) = sine::<T>(batch);
    let x = Tensor::from_fn(batch, sizes[0], |i, j| {
        if j == 0 { x[i] } else { T::from_f64(((i * 7 + j * 3) % 11) as f64 / 11.0) }
    });
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut layers: Vec<Box<dyn Layer<T>>> = vec![];
    for w in 0..sizes.len() - 1 {
        let d = Dense::new(sizes[w], sizes[w + 1], Initializer::HeNormal, &mut rng).unwrap();
        layers.push(if w + 2 == sizes.len() { Box::new(d) } else { Box::new(d.activation(Relu)) });
    }
    let mut m = Model::new(sizes[0], layers).unwrap();
    let mut mse = MeanSquaredError::new();
    let mut adam = Adam::new(LearningRate::inverse_time(0.005, 1e-3).unwrap());
    let tol = Tolerance::from_targets(&y, 250.0).unwrap();
    let flops: f64 = sizes.windows(2).map(|p| (p[0] * p[1] * batch) as f64 * 6.0).sum();
    let mut s = || {
        let _ = m.train_step(&x, &y, &mut mse, &mut adam).unwrap();
        std::hint::black_box(accuracy_within(m.outputs(), &y, tol).unwrap());
    };
    let reps = ((3e7 / flops * 100.0) as usize).clamp(1, 20000);
    for _ in 0..reps {
        s()
    }
    let mut t: Vec<f64> = (0..9)
        .map(|_| {
            let t = Instant::now();
            for _ in 0..reps {
                s()
            }
            t.elapsed().as_secs_f64() / reps as f64 * 1e6
        })
        .collect();
    t.sort_by(f64::total_cmp);
    println!(
        "{name} {sizes:?} batch {batch}: {:.1} us (min {:.1}) {:.0} GFLOP/s",
        t[4],
        t[0],
        flops / t[4] / 1e3
    );
}
fn main() {
    if let Some(b) = std::env::args().nth(1) {
        bench::<f32>("f32", &[1, 64, 64, 1], b.parse().unwrap());
        return;
    }
    for (s, b) in [
        (vec![1, 64, 64, 1], 1000),
        (vec![1, 64, 64, 1], 32),
        (vec![1, 64, 64, 1], 128),
        (vec![1, 64, 64, 1], 10000),
        (vec![1, 128, 128, 1], 1000),
        (vec![1, 256, 256, 1], 1000),
        (vec![1, 512, 512, 1], 1000),
    ] {
        bench::<f32>("f32", &s, b);
        bench::<f64>("f64", &s, b);
    }
}
