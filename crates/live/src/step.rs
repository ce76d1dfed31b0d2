//! One step in the five lines of the README, with their numbers.

use nnfs::losses::LossKind;
use nnfs::model::{Epoch, gradient_norm};
use nnfs::tensor::{Scalar, Tensor, Trainable, squared_norm};
use nnfs_chapter::Training;
use nnfs_chapter::sine::Number;
use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::session::Trainee;
use crate::train::divergence_text;

/// How many numbers of a line the page shows.
const SHOWN: usize = 3;

impl<T: Number> Trainee<T> {
    /// Makes a step on all rows, which counts as an epoch: the same bits as an epoch of `fit` with a
    /// batch of all rows.
    pub(crate) fn step_in_lines(&mut self) -> Result<Answer, Refusal> {
        let number = self.state.next_epoch();
        if number >= self.settings.epochs {
            let error = format!("all {number} epochs are done; reset, or choose more epochs");
            return Err(Refusal::of("epochs", error));
        }
        if let Some(divergence) = &self.log.diverged {
            return Err(Refusal::new(divergence_text(divergence)));
        }
        let Training { model, data, loss, optimizer, .. } = &mut self.training;
        let (inputs, targets) = (&data.inputs, &data.targets);
        let before = model.clone();

        let mut lines = Vec::new();
        let predictions = model.forward(inputs).clone();
        let words = Words::of(self.settings.loss);
        lines.push(line(
            "let predictions = model.forward(&inputs);",
            &format!("The network {} all {} rows.", words.computes, predictions.nrows()),
            &first(words.prediction, &predictions),
        ));

        let data_loss = loss.value(&predictions, targets);
        let penalty = model.penalty();
        let with = if penalty > 0.0 { " The penalty of the weights is added to it." } else { "" };
        lines.push(line(
            &format!("let loss = {}.value(predictions, &targets);", words.loss),
            &format!("The loss is {}.{with}", words.meaning),
            &[number_of("loss", data_loss), number_of("penalty", penalty)],
        ));

        let mut gradient = Tensor::default();
        if (data_loss + penalty).is_finite() {
            loss.gradient_to(&predictions, targets, &mut gradient);
            model.backward(inputs, &gradient);
        }
        let norm = gradient_norm(model);
        if !(data_loss + penalty + norm).is_finite() {
            // An epoch of `fit` reports where the first number is that is not finite.
            *model = before;
            self.advance(1)?;
            let train = self.report();
            let note = "The numbers became too large, so there is no step to show.";
            return Ok(Answer::of(&json!({
                "epoch": self.state.next_epoch(), "note": note, "lines": [], "train": train,
            })));
        }
        lines.push(line(
            &format!("{}.gradient_to(predictions, &targets, &mut gradient);", words.loss),
            "How the loss changes with each prediction.",
            &first("gradient of row", &gradient),
        ));
        let layers = model.layers().iter().enumerate();
        let norms =
            layers.filter(|(_, layer)| layer.parameter_count() > 0).map(|(index, layer)| {
                number_of(&format!("gradient norm of layer {index}"), gradient_norm(layer.as_ref()))
            });
        lines.push(line(
            "model.backward(&inputs, &gradient);",
            "How the loss changes with each weight and bias, from the last layer to the first.",
            &norms.collect::<Vec<_>>(),
        ));

        optimizer.step(model);
        let learning_rate = optimizer.learning_rate();
        let mut numbers = vec![number_of("learning rate", learning_rate)];
        for (index, (new, old)) in model.layers().iter().zip(before.layers()).enumerate() {
            if new.parameter_count() > 0 {
                let moved = moved(new.as_ref(), old.as_ref());
                numbers.push(number_of(&format!("layer {index} moved by"), moved));
            }
        }
        let kind = optimizer.description().kind;
        lines.push(line(
            &format!("{kind}.step(&mut model);"),
            "Every weight and bias moves against its gradient.",
            &numbers,
        ));

        let epoch =
            Epoch { data_loss, penalty, gradient_norm: norm, learning_rate, ..Epoch::new(number) };
        self.add(epoch)?;
        let batch_size = self.settings.batch_size;
        let note = (batch_size > 0).then(|| {
            format!(
                "This step uses all rows; an epoch of the training has batches of {batch_size}."
            )
        });
        let train = self.report();
        Ok(Answer::of(
            &json!({ "epoch": number + 1, "note": note, "lines": lines, "train": train }),
        ))
    }
}

fn line(code: &str, text: &str, numbers: &[Value]) -> Value {
    json!({ "code": code, "text": text, "numbers": numbers })
}

fn number_of(name: &str, value: f64) -> Value {
    json!({ "name": name, "value": value })
}

/// The words of a loss in the lines.
struct Words {
    /// The name of the variable.
    loss: &'static str,
    meaning: &'static str,
    computes: &'static str,
    /// The first number of a row, in front of the number of the row.
    prediction: &'static str,
}

impl Words {
    fn of(loss: LossKind) -> Self {
        let (loss, meaning) = match loss {
            LossKind::MeanSquaredError => {
                ("mse", "the mean squared distance between predictions and targets")
            }
            LossKind::MeanAbsoluteError => {
                ("mae", "the mean absolute distance between predictions and targets")
            }
            LossKind::Huber => (
                "huber",
                "the mean Huber loss: it grows with the square of a small distance, and in \
                 proportion to a large one",
            ),
            LossKind::SoftmaxCrossEntropy => {
                return Self::of_classes(
                    "computes the outputs before the softmax for",
                    "first output before the softmax, row",
                );
            }
            LossKind::SigmoidCrossEntropy => {
                return Self::of_classes(
                    "computes the outputs before the sigmoid for",
                    "output before the sigmoid, row",
                );
            }
        };
        Self { loss, meaning, computes: "predicts", prediction: "prediction of row" }
    }

    /// The outputs of the network become probabilities inside the loss.
    fn of_classes(computes: &'static str, prediction: &'static str) -> Self {
        let meaning = "the mean cross entropy of the right class";
        Self { loss: "cross_entropy", meaning, computes, prediction }
    }
}

/// The first numbers, and the norm of all.
fn first<T: Scalar>(what: &str, values: &Tensor<T>) -> Vec<Value> {
    let rows = values.nrows().min(SHOWN);
    let mut numbers: Vec<Value> = (0..rows)
        .map(|row| number_of(&format!("{what} {}", row + 1), values[(row, 0)].to_f64()))
        .collect();
    numbers.push(number_of("norm of all", squared_norm(values).sqrt()));
    numbers
}

/// The norm of the change of all parameters of a layer.
fn moved<T: Scalar>(new: &dyn nnfs::tensor::Layer<T>, old: &dyn nnfs::tensor::Layer<T>) -> f64 {
    let old = crate::inspect::parameters(old);
    let new = crate::inspect::parameters(new);
    let changes = new.iter().zip(&old).map(|(new, old)| {
        let pairs = new.value.iter().zip(&old.value);
        pairs.map(|(new, old)| (new.to_f64() - old.to_f64()).powi(2)).sum::<f64>()
    });
    changes.sum::<f64>().sqrt()
}
