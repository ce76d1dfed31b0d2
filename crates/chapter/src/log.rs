//! The results of an epoch as the chapter prints them, and as a row of `metrics.csv`.
//!
//! An [`Epoch`] of an experiment has the metric [`ACCURACY`]. Its numbers are those of the weights
//! before the step of the epoch, and its learning rate is that of the step before, as in the book.

use std::fmt::Write;

use nnfs::model::{Epoch, Evaluation};
use nnfs::numpy::python_repr;

/// The epochs that this divides are logged, as in the chapter.
pub const LOG_EVERY: usize = 100;

/// The name of the metric.
pub const ACCURACY: &str = "accuracy";

/// Whether an epoch is logged.
pub fn is_logged(epoch: usize) -> bool {
    epoch.is_multiple_of(LOG_EVERY)
}

/// The accuracy of an epoch; NaN if it was not computed.
pub fn accuracy(epoch: &Epoch) -> f64 {
    epoch.metric(ACCURACY).unwrap_or(f64::NAN)
}

/// The accuracy on the test data; NaN if it was not computed.
pub fn test_accuracy(test: &Evaluation) -> f64 {
    test.metric(ACCURACY).unwrap_or(f64::NAN)
}

/// The chapter's line, character for character.
pub fn line(epoch: &Epoch) -> String {
    format!(
        "epoch: {}, acc: {:.3}, loss: {:.3} (data_loss: {:.3}, reg_loss: {:.3}), lr: {}",
        epoch.epoch,
        accuracy(epoch),
        epoch.loss(),
        epoch.data_loss,
        epoch.penalty,
        python_repr(epoch.learning_rate),
    )
}

/// Accuracy and loss in words: `epoch 300: accuracy 0.981, loss 1.13e-6`.
pub fn summary(epoch: &Epoch) -> String {
    let loss = short(epoch.loss());
    format!("epoch {}: accuracy {:.3}, loss {loss}", epoch.epoch, accuracy(epoch))
}

/// A loss in a few digits.
pub fn short(loss: f64) -> String {
    if loss == 0.0 || loss >= 1e-3 { format!("{loss:.4}") } else { format!("{loss:.2e}") }
}

/// `run-N.log`: one line for each epoch.
pub fn text<'a>(epochs: impl IntoIterator<Item = &'a Epoch>) -> String {
    lines(epochs.into_iter().map(line))
}

/// `metrics.csv`: the header, and one row for each epoch of each run, with the label of the run in
/// front.
///
/// ```text
/// label,epoch,accuracy,data_loss,regularization_loss,loss,learning_rate[,test_accuracy,test_loss]
/// ```
/// Every number has the fewest digits that read back as the same number.
pub fn csv<'a>(header: &str, runs: impl IntoIterator<Item = (String, Vec<&'a Epoch>)>) -> String {
    let rows = runs.into_iter().flat_map(|(label, epochs)| {
        epochs.into_iter().map(move |epoch| csv_row(&label, epoch)).collect::<Vec<_>>()
    });
    lines(std::iter::once(header.to_owned()).chain(rows))
}

fn csv_row(label: &str, epoch: &Epoch) -> String {
    let mut numbers =
        vec![accuracy(epoch), epoch.data_loss, epoch.penalty, epoch.loss(), epoch.learning_rate];
    numbers.extend(epoch.validation.iter().flat_map(|test| [test_accuracy(test), test.loss]));
    let mut row = format!("{label},{}", epoch.epoch);
    for number in numbers {
        row.push(',');
        row.push_str(&python_repr(number));
    }
    row
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.fold(String::new(), |mut text, line| {
        writeln!(text, "{line}").expect("writing into a string does not fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(validation: Option<Evaluation>) -> Epoch {
        Epoch {
            data_loss: 0.25,
            penalty: 1.5e-5,
            metrics: vec![(ACCURACY.to_owned(), 0.0625)],
            validation,
            learning_rate: 1e-5,
            ..Epoch::new(10_000)
        }
    }

    /// Python: f'{0.0625:.3f}' is 0.062, and repr(1e-5) is 1e-05.
    #[test]
    fn a_line_is_that_of_python() {
        let expected = "epoch: 10000, acc: 0.062, loss: 0.250 (data_loss: 0.250, reg_loss: 0.000), \
                        lr: 1e-05";
        assert_eq!(line(&epoch(None)), expected);
        assert_eq!(text(&[epoch(None)]), format!("{expected}\n"));
    }

    #[test]
    fn a_row_has_every_digit() {
        let metrics = vec![(ACCURACY.to_owned(), 1.0)];
        let test = Some(Evaluation { loss: 0.1 + 0.2, metrics });
        let (without, with) = (epoch(None), epoch(test));
        assert_eq!(
            csv("header", [("9".to_owned(), vec![&without, &with])]),
            "header\n\
             9,10000,0.0625,0.25,1.5e-05,0.250015,1e-05\n\
             9,10000,0.0625,0.25,1.5e-05,0.250015,1e-05,1.0,0.30000000000000004\n"
        );
    }
}
