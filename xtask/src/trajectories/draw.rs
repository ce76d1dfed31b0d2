//! Cases at random.

use nnfs::optimizers::Schedule;
use nnfs::rand::{Rng, RngExt};
use nnfs::tensor::stream;

use super::case::{Case, DenseSettings, Function, LossSettings, OptimizerSettings, Rows};

/// How many kinds are drawn. The functions below list those of the chapter first.
#[derive(Debug)]
pub(super) struct Choices {
    optimizers: u64,
    losses: u64,
    activations: u32,
    schedules: u32,
}

/// Everything that the crates have.
pub(super) const ALL: Choices = Choices { optimizers: 6, losses: 7, activations: 11, schedules: 5 };

/// What the chapter has.
pub(super) const CHAPTER: Choices =
    Choices { optimizers: 5, losses: 5, activations: 7, schedules: 2 };

/// The case of this number. The pairs of an optimizer and a loss take turns; everything else is random.
pub(super) fn case(choices: &Choices, seed: u64, number: u64, steps: usize) -> Case {
    let rng = &mut stream(seed, number);
    let (optimizer, rate) = optimizer(number % choices.optimizers, rng);
    let loss = loss(number / choices.optimizers % choices.losses, rng);

    let input_width = rng.random_range(1..=16);
    let depth = rng.random_range(1..=3);
    let mut layers = Vec::new();
    let mut width = input_width;
    for layer in 1..=depth {
        let (lowest, activation) = if layer < depth {
            let activation = hidden(choices, rng);
            (lowest_width(activation), activation)
        } else {
            output(choices, loss, rng)
        };
        let inputs = std::mem::replace(&mut width, rng.random_range(lowest..=16));
        layers.push(dense(inputs, width, activation, rng));
    }

    let rows = rng.random_range(8..=64);
    let inputs = uniform(rows, input_width, 2.0, rng);
    let targets = targets(loss, &inputs, width, rng);
    let batch = if rng.random_bool(0.3) { rows } else { rng.random_range(1..=rows) };
    let schedule = schedule(choices, rate, rng).to_string();
    Case { number, layers, loss, optimizer, rate, schedule, inputs, targets, batch, steps }
}

/// An optimizer and its learning rate.
fn optimizer(kind: u64, rng: &mut impl Rng) -> (OptimizerSettings, f64) {
    let epsilon = [1e-8, 1e-7, 1e-5][rng.random_range(0..3)];
    let [beta_1, beta_2] = [rng.random_range(0.8..0.95), rng.random_range(0.9..0.9999)];
    let (optimizer, lowest, highest) = match kind {
        0 => (OptimizerSettings::Sgd { momentum: 0.0 }, 1e-3, 0.1),
        1 => (OptimizerSettings::Sgd { momentum: rng.random_range(0.3..0.95) }, 1e-3, 0.03),
        2 => (OptimizerSettings::AdaGrad { epsilon }, 5e-3, 0.2),
        3 => {
            let rho = rng.random_range(0.8..0.99);
            (OptimizerSettings::RmsProp { rho, epsilon }, 5e-4, 0.02)
        }
        4 => (OptimizerSettings::Adam { beta_1, beta_2, epsilon }, 5e-4, 0.05),
        _ => {
            let weight_decay = log_uniform(1e-3, 0.1, rng);
            (OptimizerSettings::AdamW { beta_1, beta_2, epsilon, weight_decay }, 5e-4, 0.05)
        }
    };
    (optimizer, log_uniform(lowest, highest, rng))
}

fn loss(kind: u64, rng: &mut impl Rng) -> LossSettings {
    match kind {
        0 => LossSettings::MeanSquaredError,
        1 => LossSettings::MeanAbsoluteError,
        2 => LossSettings::BinaryCrossEntropy,
        3 => LossSettings::CategoricalCrossEntropy,
        4 => LossSettings::SoftmaxCrossEntropy,
        5 => LossSettings::SigmoidCrossEntropy,
        _ => LossSettings::Huber { delta: rng.random_range(0.1..2.0) },
    }
}

fn schedule(choices: &Choices, rate: f64, rng: &mut impl Rng) -> Schedule {
    match rng.random_range(0..choices.schedules) {
        0 => Schedule::Constant,
        1 => Schedule::InverseTime { decay: log_uniform(1e-4, 0.1, rng) },
        2 => {
            let every = rng.random_range(5..=100);
            Schedule::Step { every, factor: rng.random_range(0.3..0.95) }
        }
        3 => Schedule::Exponential { factor: rng.random_range(0.97..0.9999) },
        _ => {
            let end = if rng.random_bool(0.5) { 0.0 } else { rng.random_range(0.0..rate) };
            Schedule::Cosine { steps: rng.random_range(50..=300), end }
        }
    }
}

/// The activation of a hidden layer.
fn hidden(choices: &Choices, rng: &mut impl Rng) -> Function {
    match rng.random_range(0..choices.activations) {
        0..=2 => Function::Relu,
        3 | 4 => Function::Sigmoid,
        5 => Function::Linear,
        6 => Function::Softmax,
        7 | 8 => Function::Tanh,
        _ => Function::LeakyRelu { slope: rng.random_range(0.0..0.5) },
    }
}

/// The lowest width of the last layer, and its activation.
fn output(choices: &Choices, loss: LossSettings, rng: &mut impl Rng) -> (usize, Function) {
    let activation = match loss {
        LossSettings::BinaryCrossEntropy => Function::Sigmoid,
        LossSettings::CategoricalCrossEntropy => Function::Softmax,
        LossSettings::SigmoidCrossEntropy | LossSettings::SoftmaxCrossEntropy => Function::Linear,
        _ if rng.random_bool(0.6) => Function::Linear,
        _ => hidden(choices, rng),
    };
    let classes = matches!(loss, LossSettings::SoftmaxCrossEntropy);
    (if classes { 2 } else { lowest_width(activation) }, activation)
}

/// A softmax of one number is always 1.
fn lowest_width(activation: Function) -> usize {
    if activation == Function::Softmax { 2 } else { 1 }
}

fn dense(inputs: usize, outputs: usize, activation: Function, rng: &mut impl Rng) -> DenseSettings {
    let weights = uniform(inputs, outputs, 2.0 / (inputs as f64).sqrt(), rng);
    let biases = match rng.random_bool(0.5) {
        true => vec![0.0; outputs],
        false => uniform(1, outputs, 0.5, rng).remove(0),
    };
    let mut strength = || if rng.random_bool(0.5) { 0.0 } else { log_uniform(1e-5, 1e-2, rng) };
    let weight_penalty = [strength(), strength()];
    let bias_penalty = [strength(), strength()];
    let separate = rng.random_bool(0.5);
    DenseSettings { weights, biases, weight_penalty, bias_penalty, activation, separate }
}

/// Targets that follow the inputs, with noise so that no network fits them exactly.
fn targets(loss: LossSettings, inputs: &Rows, width: usize, rng: &mut impl Rng) -> Rows {
    let directions = uniform(width, inputs[0].len(), 1.0, rng);
    let mut targets = Vec::new();
    for input in inputs {
        let dot = |direction: &Vec<f64>| {
            std::iter::zip(input, direction).map(|(x, a)| x * a).sum::<f64>()
        };
        let scores: Vec<f64> = directions
            .iter()
            .map(|direction| dot(direction) + rng.random_range(-0.5..0.5))
            .collect();
        targets.push(match loss {
            LossSettings::BinaryCrossEntropy | LossSettings::SigmoidCrossEntropy => {
                scores.iter().map(|&score| f64::from(score > 0.0)).collect()
            }
            LossSettings::CategoricalCrossEntropy | LossSettings::SoftmaxCrossEntropy => {
                let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                scores.iter().map(|&score| f64::from(score >= highest)).collect()
            }
            _ => scores.iter().map(|score| score.sin() + 0.1 * score).collect(),
        });
    }
    targets
}

/// Between `-limit` and `limit`.
fn uniform(rows: usize, columns: usize, limit: f64, rng: &mut impl Rng) -> Rows {
    let mut row = || (0..columns).map(|_| rng.random_range(-limit..limit)).collect();
    (0..rows).map(|_| row()).collect()
}

fn log_uniform(lowest: f64, highest: f64, rng: &mut impl Rng) -> f64 {
    libm::exp(rng.random_range(libm::log(lowest)..libm::log(highest)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_pairs_of_optimizer_and_loss_take_turns() {
        let pair = |case: Case| (case.optimizer.name(), case.loss.name());
        for (choices, pairs) in [(ALL, 42), (CHAPTER, 25)] {
            let drawn = (0..pairs).map(|number| pair(case(&choices, 0, number, 1)));
            assert_eq!(drawn.collect::<BTreeSet<_>>().len() as u64, pairs);
        }
    }

    #[test]
    fn every_case_trains_and_depends_on_its_seed_and_number_alone() {
        for (choices, number) in (0..100).flat_map(|number| [(ALL, number), (CHAPTER, number)]) {
            let drawn = case(&choices, 7, number, 3);
            assert_eq!(drawn, case(&choices, 7, number, 3));
            assert_ne!(drawn, case(&choices, 8, number, 3));
            assert_eq!(drawn.train().unwrap().data_losses.len(), 3);
        }
    }

    #[test]
    fn the_chapter_has_no_other_kinds() {
        for number in 0..200 {
            let case = case(&CHAPTER, 0, number, 1);
            assert!(!matches!(case.optimizer, OptimizerSettings::AdamW { .. }));
            let is_other =
                matches!(case.loss, LossSettings::Huber { .. } | LossSettings::SigmoidCrossEntropy);
            assert!(!is_other, "{:?}", case.loss);
            for layer in &case.layers {
                let other = matches!(layer.activation, Function::Tanh | Function::LeakyRelu { .. });
                assert!(!other, "{:?}", layer.activation);
            }
            let of_chapter = ["constant", "inverse-time"];
            assert!(of_chapter.iter().any(|name| case.schedule.starts_with(name)));
        }
    }
}
