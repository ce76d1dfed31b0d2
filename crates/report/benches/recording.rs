//! The cost of recording, in `f32`, the fastest arithmetic: the chapter's run 9, the book's spiral of two
//! classes, and tables of common sizes.
//!
//! Trainings with and without a recorder alternate. The time inside the recorder is printed as well,
//! because the time of a training also depends on other things, such as the position of its memory.
//!
//! `cargo bench -p nnfs-report --bench recording`, followed by `--` and the beginnings of the
//! names of jobs to run these only.

// A benchmark speaks to its user.
#![allow(clippy::print_stdout)]

use std::env;
use std::time::{Duration, Instant};

use nnfs_activations::{Relu, Sigmoid};
use nnfs_layers::{Dense, Initializer};
use nnfs_losses::{BinaryCrossEntropy, MeanSquaredError};
use nnfs_model::{Control, Fit, Model, Observer, Progress};
use nnfs_optimizers::{Adam, LearningRate};
use nnfs_report::{Recorder, epochs_apart};
use nnfs_tensor::{Layer, Loss, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// The number of turns with and without a recorder.
const ROUNDS: usize = 7;

/// A turn takes about this long: it has several trainings if they are short.
const TURN: Duration = Duration::from_millis(200);

/// A network, its data, and the rows to record.
struct Job {
    name: String,
    layers: fn(&mut Draw<'_>) -> Vec<Box<dyn Layer<f32>>>,
    loss: fn() -> Box<dyn Loss<f32>>,
    epochs: usize,
    batch: Option<usize>,
    inputs: Tensor<f32>,
    targets: Tensor<f32>,
    watched: Tensor<f32>,
    apart: usize,
}

/// Draws a layer with a number of inputs (0: that of the features) and a number of units.
type Draw<'a> = dyn FnMut(usize, usize) -> Dense<f32> + 'a;

fn main() {
    // `cargo test` runs this as well, to check that it works.
    let (options, chosen): (Vec<String>, Vec<String>) =
        env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let full = options.iter().any(|option| option == "--bench");
    let epochs = if full { 10_001 } else { 11 };
    let tables = [(150, 4, 500), (442, 10, 500), (1797, 64, 128), (20_640, 8, 500)];
    let tables = tables.map(|(rows, features, most)| table(rows, features, most));
    let is_chosen = |job: &Job| chosen.is_empty() || chosen.iter().any(|c| job.name.starts_with(c));
    for job in [sine(epochs), spiral(epochs)].into_iter().chain(tables).filter(is_chosen) {
        let (rounds, trainings) = if full { (ROUNDS, job.trainings_of_a_turn()) } else { (1, 1) };
        let round = |_| {
            let (without, _) = job.turn(trainings, false);
            let (with, inside) = job.turn(trainings, true);
            let percent = |part: Duration| 100.0 * part.div_duration_f64(without);
            [
                1e3 * without.as_secs_f64() / f64::from(trainings),
                percent(with) - 100.0,
                percent(inside),
            ]
        };
        let rounds: Vec<[f64; 3]> = (0..rounds).map(round).collect();
        let [without, with, inside] = [0, 1, 2].map(|column| {
            let mut values: Vec<f64> = rounds.iter().map(|round| round[column]).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        });
        println!(
            "{:24} {without:8.2} ms per training, {with:+.2} % with a recorder, {inside:.2} % inside the recorder",
            job.name,
        );
    }
}

/// 1-64-64-1 with 1000 samples, of which 251 are recorded.
fn sine(epochs: usize) -> Job {
    let inputs = Tensor::from_fn(1000, 1, |row, _| row as f32 / 999.0);
    Job {
        name: "sine".to_owned(),
        layers: |draw| {
            let (first, second) = (draw(1, 64).activation(Relu), draw(64, 64).activation(Relu));
            vec![Box::new(first), Box::new(second), Box::new(draw(64, 1))]
        },
        loss: || Box::new(MeanSquaredError),
        epochs,
        batch: None,
        targets: inputs.map(|x| (2.0 * std::f32::consts::PI * x).sin()),
        watched: Tensor::from_fn(251, 1, |row, _| row as f32 / 250.0),
        apart: 1,
        inputs,
    }
}

/// 2-64-1 with 200 samples; a grid of 28 by 28 and 200 more rows are recorded.
fn spiral(epochs: usize) -> Job {
    let inputs = columns(200, 2);
    Job {
        name: "spiral".to_owned(),
        layers: |draw| {
            let hidden = draw(2, 64).activation(Relu);
            vec![Box::new(hidden), Box::new(draw(64, 1).activation(Sigmoid))]
        },
        loss: || Box::new(BinaryCrossEntropy),
        epochs,
        batch: None,
        targets: Tensor::from_fn(200, 1, |row, _| (row % 2) as f32),
        watched: columns(28 * 28 + 200, 2),
        apart: 1,
        inputs,
    }
}

/// A table as in `nnfs train --hidden 32,32 --epochs 60`: a fifth of the rows for testing, of which at most
/// `most` are recorded.
fn table(rows: usize, features: usize, most: usize) -> Job {
    let test = rows / 5;
    let watched = test.div_ceil(test.div_ceil(most));
    let inputs = columns(rows - test, features);
    Job {
        name: format!("a table of {rows} x {features}"),
        layers: |draw| {
            let (first, second) = (draw(0, 32).activation(Relu), draw(32, 32).activation(Relu));
            vec![Box::new(first), Box::new(second), Box::new(draw(32, 1))]
        },
        loss: || Box::new(MeanSquaredError),
        epochs: 60,
        batch: Some(32),
        targets: inputs.columns(0, 1).map(|x| x * x),
        apart: epochs_apart(watched, rows - test),
        watched: columns(watched, features),
        inputs,
    }
}

/// Numbers of both signs.
fn columns(rows: usize, columns: usize) -> Tensor<f32> {
    Tensor::from_fn(rows, columns, |row, column| ((row * 37 + column * 11) as f32).sin())
}

impl Job {
    /// The number of trainings in a turn.
    fn trainings_of_a_turn(&self) -> u32 {
        let (once, _) = self.turn(1, false);
        TURN.div_duration_f64(once).ceil() as u32
    }

    /// The time of a number of trainings, and the part of it inside the recorder.
    fn turn(&self, trainings: u32, recorded: bool) -> (Duration, Duration) {
        let turns = (0..trainings).map(|_| self.train(recorded));
        turns.fold(Default::default(), |(all, inside), (time, part)| (all + time, inside + part))
    }

    fn train(&self, recorded: bool) -> (Duration, Duration) {
        let Self { inputs, targets, .. } = self;
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let layers = (self.layers)(&mut |width, units| {
            let width = if width == 0 { inputs.ncols() } else { width };
            Dense::new(width, units, Initializer::HeNormal, &mut rng).expect("a layer")
        });
        let mut model = Model::from_layers(inputs.ncols(), layers).expect("layers that chain");
        let mut adam = Adam::new(LearningRate::inverse_time(0.001, 1e-3).expect("a rate"));
        let mut settings = Fit::epochs(self.epochs);
        if let Some(batch) = self.batch {
            settings = settings.batch_size(batch).shuffle(1);
        }

        let start = Instant::now();
        // It exists in both cases, because the position of memory changes the time of a step by some percent.
        let mut recorder = Recorder::new(&self.watched, 0, self.epochs, self.apart, &model)
            .expect("rows of the model's width");
        let mut inside = start.elapsed();
        let start = start + if recorded { Duration::ZERO } else { inside };
        let mut observer = |progress: &Progress<'_, f32>| {
            if !recorded {
                return Ok(Control::Continue);
            }
            let start = Instant::now();
            let control = recorder.epoch(progress);
            inside += start.elapsed();
            control
        };
        model
            .fit_watched(inputs, targets, &*(self.loss)(), &mut adam, &settings, &mut observer)
            .expect("a training");
        (start.elapsed(), inside)
    }
}
