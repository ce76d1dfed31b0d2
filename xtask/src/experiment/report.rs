//! What the reports of all experiments share.

use nnfs_model::{Epoch, Evaluation};
use nnfs_report::{ShownMetric, Verdict, VerdictKind};

use super::record::Record;
use super::training::History;

/// The points of the curves; gradient norms and times are not recorded.
pub(crate) fn epochs(history: &History) -> Vec<Epoch> {
    let epoch = |record: &Record| Epoch {
        epoch: record.epoch as usize,
        data_loss: record.data_loss,
        penalty: record.regularization_loss,
        metrics: named(record.accuracy),
        validation: record
            .test
            .map(|test| Evaluation { loss: test.loss, metrics: named(test.accuracy) }),
        judged_loss: None,
        learning_rate: record.learning_rate,
        gradient_norm: f64::NAN,
        seconds: 0.0,
    };
    history.curve.iter().map(epoch).collect()
}

/// The accuracy of an epoch, by name.
fn named(accuracy: f64) -> Vec<(String, f64)> {
    vec![("accuracy".to_owned(), accuracy)]
}

/// The accuracy as the metric of a report.
pub(crate) fn accuracy(meaning: String) -> ShownMetric {
    let name = || "accuracy".to_owned();
    ShownMetric { name: name(), label: name(), meaning, is_fraction: true }
}

/// The verdict on a training that did not reach its end, if it did not.
pub(crate) fn cut_short(history: &History) -> Option<Verdict> {
    let kind = match &history.end {
        Err(_) => VerdictKind::Diverged,
        Ok(_) if history.interrupted => VerdictKind::Interrupted,
        Ok(_) => return None,
    };
    let text = match &history.end {
        Err(diverged) => format!("The {diverged}."),
        Ok(_) => format!("Stopped by hand; {}.", history.verdict()),
    };
    Some(Verdict { kind, text })
}
