//! Trains small networks with every activation, loss and optimizer, and prints a hash of each: of all
//! parameters, and of the predictions of a batch and of single rows.
//!
//! `cargo xtask reproduce` compares the hashes of different instruction sets, numbers of threads and
//! compilations. The only argument is the number of threads, 1 by default.

use std::error::Error;

use nnfs::activations::ActivationKind;
use nnfs::layers::rand::SeedableRng;
use nnfs::layers::rand::rngs::ChaCha8Rng;
use nnfs::layers::{Dense, Dropout, Initializer};
use nnfs::losses::LossKind;
use nnfs::model::Model;
use nnfs::numpy::NumpyScalar;
use nnfs::optimizers::{LearningRate, OptimizerKind};
use nnfs::tensor::{OutputLink, Penalty, Scalar, Tensor, Trainable};

fn main() -> Result<(), Box<dyn Error>> {
    let threads = std::env::args().nth(1).map_or(Ok(1), |text| text.parse())?;
    in_threads(threads, || {
        all::<f32>("f32")?;
        all::<f64>("f64")?;
        all::<NumpyScalar>("numpy")
    })
}

#[cfg(feature = "rayon")]
fn in_threads(
    threads: usize,
    work: impl FnOnce() -> Result<(), Box<dyn Error>> + Send,
) -> Result<(), Box<dyn Error>> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    pool.install(|| work().map_err(|error| error.to_string()))?;
    Ok(())
}

#[cfg(not(feature = "rayon"))]
fn in_threads(
    threads: usize,
    work: impl FnOnce() -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    if threads != 1 { Err("threads need the feature `rayon`".into()) } else { work() }
}

/// One network for each activation, loss and optimizer, two for the threads, and one for single rows.
fn all<T: Scalar>(dtype: &str) -> Result<(), Box<dyn Error>> {
    let usual = Training {
        widths: &[3, 33, 17, 2],
        samples: 200,
        steps: 30,
        dropout: 0.1,
        activation: "tanh".parse()?,
        loss: LossKind::MeanSquaredError,
        optimizer: OptimizerKind::Adam,
    };
    for activation in ActivationKind::ALL {
        report::<T>(dtype, &activation.to_string(), Training { activation, ..usual })?;
    }
    for loss in LossKind::ALL {
        report::<T>(dtype, &loss.to_string(), Training { loss, ..usual })?;
    }
    for optimizer in OptimizerKind::ALL {
        report::<T>(dtype, &optimizer.to_string(), Training { optimizer, ..usual })?;
    }
    let wide = Training { widths: &[8, 300, 260, 1], samples: 1200, steps: 2, ..usual };
    report::<T>(dtype, "wide", wide)?;
    // Without dropout, a batch of 2048 rows or more is computed in parts.
    let in_parts = Training { samples: 5003, steps: 2, dropout: 0.0, ..usual };
    report::<T>(dtype, "in parts", in_parts)?;
    let activation = "relu".parse()?;
    let row = Training { widths: &[5, 20, 1], samples: 1, activation, ..usual };
    report::<T>(dtype, "single rows", row)
}

/// A network and how it is trained.
#[derive(Clone, Copy)]
struct Training {
    widths: &'static [usize],
    /// The rows of its only batch.
    samples: usize,
    steps: usize,
    /// The rate of the dropout after each hidden layer; none if it is 0.
    dropout: f64,
    activation: ActivationKind,
    loss: LossKind,
    optimizer: OptimizerKind,
}

/// Trains a network and prints its name and hash.
fn report<T: Scalar>(dtype: &str, name: &str, training: Training) -> Result<(), Box<dyn Error>> {
    let Training { widths, samples, steps, dropout, activation, loss, optimizer } = training;
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut model = Model::<T>::new(widths[0]);
    let last = widths.len() - 2;
    for (index, pair) in widths.windows(2).enumerate() {
        let dense = Dense::new(pair[0], pair[1], Initializer::GlorotUniform, &mut rng)?;
        if index == last {
            model = model.then(dense)?;
            continue;
        }
        let penalty = Penalty::new(1e-4, 1e-4)?;
        model = model.then(dense.activation(activation.build()).weight_penalty(penalty))?;
        if dropout > 0.0 {
            let rng = ChaCha8Rng::seed_from_u64(index as u64);
            model = model.then(Dropout::new(dropout, rng)?)?;
        }
    }
    let loss = loss.build::<T>();
    let inputs = Tensor::from_fn(samples, widths[0], |row, column| T::data(uniform(row, column)));
    let targets = Tensor::from_fn(samples, widths[last + 1], |row, column| {
        T::data(match loss.link() {
            OutputLink::Identity => uniform(row, column + 100) * uniform(row, 0),
            _ => f64::from(u8::from((uniform(row, 0) > 0.0) == (column == 0))),
        })
    });
    let mut optimizer = optimizer.build::<T>(LearningRate::constant(0.01)?);
    for _ in 0..steps {
        model.train_step(&inputs, &targets, &*loss, &mut *optimizer)?;
    }

    let mut hash = Fnv::new();
    model.for_each_parameter(&mut |parameter| hash.add(parameter.value.as_slice()));
    let predictions = model.predict(&inputs)?;
    hash.add(predictions.as_slice());
    // A single row has the bits that it has in the batch.
    let predictor = model.predictor()?;
    let mut outputs = vec![T::ZERO; widths[last + 1]];
    for row in (0..samples).step_by(7) {
        let values: Vec<T> = inputs.row(row).iter().copied().collect();
        predictor.predict_row(&values, &mut outputs)?;
        let batch: Vec<T> = predictions.row(row).iter().copied().collect();
        if outputs.iter().zip(&batch).any(|(a, b)| a.to_f64().to_bits() != b.to_f64().to_bits()) {
            return Err(format!("{dtype} {name}: row {row} differs alone").into());
        }
    }
    println!("{dtype} {name}: {:016x}", hash.0);
    Ok(())
}

/// Numbers in [-1, 1) that look random.
fn uniform(row: usize, column: usize) -> f64 {
    let mut bits = (row as u64) << 32 | column as u64;
    for _ in 0..3 {
        bits = (bits ^ (bits >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9).wrapping_add(1);
    }
    (bits >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// FNV-1a of the bits of numbers.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add<T: Scalar>(&mut self, numbers: &[T]) {
        for byte in numbers.iter().flat_map(|number| number.to_f64().to_bits().to_le_bytes()) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
