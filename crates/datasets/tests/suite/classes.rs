//! The spiral and the vertical data: against NumPy, and what holds for every seed.

use nnfs_datasets::{Labeled, spiral, vertical};
use nnfs_tensor::{Tensor, standard_normal};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::Direct;
use rand::{SeedableRng, rngs::ChaCha8Rng};

fn generator(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

// The draws of seed 0, given to the package `nnfs` instead of its draws:
//
// import numpy as np
// from nnfs.datasets import spiral_data, vertical_data
// for data in (lambda: spiral_data(3, 2), lambda: vertical_data(2, 3)):
//     draws = iter(DRAWS)
//     np.random.randn = lambda n: np.array([next(draws) for _ in range(n)])
//     print(data()[0].tolist())
const DRAWS: [f64; 12] = [
    0.6999607946268154,
    -0.14406163542784764,
    0.30288628024558556,
    -1.374513899829971,
    1.200341661914451,
    0.1107813558351432,
    1.3578949707031847,
    0.9929159818518134,
    1.0701840634719286,
    -2.0594582888890125,
    1.5145521471500172,
    0.917410832224331,
];

#[test]
fn the_draws_of_the_golden_values() {
    let mut rng = generator(0);
    let draws: [f64; 12] = DRAWS.map(|_| standard_normal(&mut rng));
    assert_eq!(draws, DRAWS);
}

#[test]
fn spiral_is_that_of_numpy() {
    let golden = [
        [0.0, 0.0],
        [-0.4884262225942, 0.10695711796024152],
        [-0.6643809084926968, -0.7473941453011381],
        [0.0, 0.0],
        [0.05379190720630439, -0.4970980091683212],
        [0.9341374778877631, 0.35691339622587553],
    ];
    let data = spiral::<f64>(3, 2, &mut generator(0));
    assert_eq!(data.inputs, Tensor::from_row_slice(6, 2, golden.as_flattened()));
    assert_eq!(data.labels, [0, 0, 0, 1, 1, 1]);
}

#[test]
fn vertical_is_that_of_numpy() {
    let golden = [
        [0.06999607946268153, 0.5302886280245586],
        [-0.014406163542784765, 0.3625486100170029],
        [0.4533674995247784, 0.6357894970703185],
        [0.34441146891684765, 0.5992915981851814],
        [0.7736850730138595, 0.6514552147150017],
        [0.4607208377777654, 0.5917410832224331],
    ];
    let data = vertical::<f64>(2, 3, &mut generator(0));
    assert_eq!(data.inputs, Tensor::from_row_slice(6, 2, golden.as_flattened()));
    assert_eq!(data.labels, [0, 0, 1, 1, 2, 2]);
}

#[test]
fn vertical_clouds_have_their_mean_and_spread() {
    let samples = 10_000;
    let data = vertical::<f64>(samples, 3, &mut generator(1));
    // Five standard errors of a mean and of a standard deviation.
    let (of_mean, of_spread) = (5.0 * 0.1 / 100.0, 5.0 * 0.1 / 141.0);
    for class in 0..3 {
        let cloud = data.inputs.rows(class * samples, samples);
        for (column, centre) in [class as f64 / 3.0, 0.5].into_iter().enumerate() {
            let mean = cloud.column(column).mean();
            let spread = cloud.column(column).variance().sqrt();
            assert!((mean - centre).abs() < of_mean, "class {class}: mean {mean}");
            assert!((spread - 0.1).abs() < of_spread, "class {class}: spread {spread}");
        }
    }
}

/// Both kinds of data, of one seed.
fn both(samples: usize, classes: usize, seed: u64) -> [Labeled<f64>; 2] {
    [
        spiral(samples, classes, &mut generator(seed)),
        vertical(samples, classes, &mut generator(seed)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(Direct("tests/regressions.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_seed_reproduces_and_another_differs(
        seed: u64, other: u64, samples in 2..50_usize, classes in 1..5_usize,
    ) {
        prop_assume!(seed != other);
        prop_assert_eq!(both(samples, classes, seed), both(samples, classes, seed));
        for (data, others) in both(samples, classes, seed).iter().zip(both(samples, classes, other)) {
            prop_assert_ne!(&data.inputs, &others.inputs);
        }
    }

    #[test]
    fn rows_come_class_after_class(seed: u64, samples in 0..50_usize, classes in 0..5_usize) {
        let expected: Vec<usize> = (0..samples * classes).map(|row| row / samples).collect();
        for data in both(samples, classes, seed) {
            prop_assert_eq!(data.inputs.shape(), (samples * classes, 2));
            prop_assert_eq!(&data.labels, &expected);
        }
    }

    #[test]
    fn an_arm_of_the_spiral_runs_evenly_from_the_origin_to_radius_one(
        seed: u64, samples in 2..50_usize, classes in 1..5_usize,
    ) {
        let data = spiral::<f64>(samples, classes, &mut generator(seed));
        for (row, point) in data.inputs.row_iter().enumerate() {
            let radius = (row % samples) as f64 / (samples - 1) as f64;
            prop_assert!((point.norm() - radius).abs() < 1e-15, "row {}: {}", row, point);
            prop_assert!(point.iter().all(|coordinate| coordinate.abs() <= 1.0));
        }
    }

    #[test]
    fn a_single_sample_of_a_spiral_is_the_origin(seed: u64, classes in 1..5_usize) {
        let data = spiral::<f64>(1, classes, &mut generator(seed));
        prop_assert_eq!(data.inputs, Tensor::zeros(classes, 2));
    }
}
