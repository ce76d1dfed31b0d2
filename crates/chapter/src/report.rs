//! What the reports of both experiments share.

use nnfs_report::{ShownMetric, Verdict, VerdictKind};

use crate::Trained;
use crate::log::ACCURACY;

/// The widths of a network as a word: `1-64-64-1`.
pub fn network_text(widths: &[usize]) -> String {
    widths.iter().map(usize::to_string).collect::<Vec<_>>().join("-")
}

/// The accuracy as the metric of a report.
pub(crate) fn shown_accuracy(meaning: String) -> ShownMetric {
    let name = || ACCURACY.to_owned();
    ShownMetric { name: name(), label: name(), meaning, is_fraction: true }
}

/// The verdict on a training that did not reach its last epoch; `None` if it did.
pub(crate) fn verdict_of_unfinished(trained: &Trained) -> Option<Verdict> {
    let (kind, text) = match &trained.end {
        Err(divergence) => (VerdictKind::Diverged, format!("The {divergence}.")),
        Ok(_) if trained.is_interrupted() => {
            (VerdictKind::Interrupted, format!("Stopped by the user; {}.", trained.verdict()))
        }
        Ok(_) => return None,
    };
    Some(Verdict { kind, text })
}
