//! What the reports of all experiments share.

use nnfs_report::{Epoch, Outcome, Score, Verdict};

use super::record::{LOG_EVERY, Record};
use super::training::History;

/// The points of the curves.
pub(crate) fn epochs(history: &History) -> Vec<Epoch> {
    let epoch = |record: &Record| Epoch {
        epoch: record.epoch as usize,
        data_loss: record.data_loss,
        penalty: record.regularization_loss,
        score: Some(record.accuracy),
        learning_rate: record.learning_rate,
        held_out_loss: record.test.map(|test| test.loss),
        held_out_score: record.test.map(|test| test.accuracy),
        logged: record.epoch.is_multiple_of(LOG_EVERY),
    };
    history.curve.iter().map(epoch).collect()
}

/// The accuracy as a score.
pub(crate) fn accuracy(means: String) -> Score {
    Score { name: "accuracy".to_owned(), means, is_share: true }
}

/// The verdict on a training that did not reach its end, if it did not.
pub(crate) fn cut_short(history: &History) -> Option<Verdict> {
    let outcome = match &history.end {
        Err(_) => Outcome::Diverged,
        Ok(_) if history.interrupted => Outcome::Interrupted,
        Ok(_) => return None,
    };
    let text = match &history.end {
        Err(diverged) => format!("The {diverged}."),
        Ok(_) => format!("Stopped by hand; {}.", history.verdict()),
    };
    Some(Verdict { outcome, text })
}
