//! What may help a network that predicts new rows badly.

use nnfs_tabular::{ClassWeights, Report, Score, Scores, shown};

use super::options::TrainOptions;

/// How much lower the skill on held-out rows is than on the training rows if it is far below.
const FAR_BELOW: f64 = 0.3;

/// How many targets are named.
const TARGETS: usize = 5;

/// A line for a network that has learned the training rows by heart, or is worse than the baseline on rows
/// that it has not seen.
pub(super) fn hint(report: &Report, options: &TrainOptions) -> Option<String> {
    if let Some(hint) = many_inputs(report, options) {
        return Some(hint);
    }
    let is_balanced = options.settings().class_weights == ClassWeights::Balanced;
    // Balanced weights make the probabilities of rare classes larger than their shares, and the loss worse.
    if is_balanced && !report.held_out().is_some_and(|(_, scores)| is_worse_balanced(scores)) {
        return None;
    }
    if !report.is_overfitted() {
        let (part, _) = report.held_out().filter(|_| report.is_worse_than_baseline())?;
        // Networks of folds keep the weights of their best epoch.
        let (who, more) = match report.networks {
            1 => ("network is", ", or more --epochs may help"),
            _ => ("networks are", ""),
        };
        // Of several targets, those that are meant.
        let worse = report.targets_worse_than_baseline();
        let (of, target) = match report.targets.len() {
            2.. => {
                let names: Vec<String> =
                    worse.iter().take(TARGETS).map(|name| format!("\"{}\"", shown(name))).collect();
                let more = if worse.len() > TARGETS { " and others" } else { "" };
                (format!(" for {}{more}", names.join(", ")), "it")
            }
            _ => (String::new(), "the target"),
        };
        let target = if worse.len() > 1 { "them" } else { target };
        return Some(format!(
            "hint: the {who} worse than the baseline on the {part} rows{of}: the columns may not determine \
             {target}{more}"
        ));
    }
    if report.networks > 1 {
        return None;
    }
    let has_stopping = options.validation_fraction > 0.0 && options.training.patience.is_some();
    let remedy = match has_stopping {
        false => "--validation-fraction 0.2 --patience 10",
        true => "--dropout 0.2, --l2 0.001 or a smaller --hidden",
    };
    Some(format!("hint: the network has learned the training rows by heart; try {remedy}"))
}

/// A line for a network with more inputs than training rows, which predicts these far better than others.
fn many_inputs(report: &Report, options: &TrainOptions) -> Option<String> {
    let (inputs, rows) = (report.contents.inputs, report.contents.train);
    let (part, held_out) = report.held_out()?;
    let (seen, unseen) = (report.train.as_ref()?.skill()?, held_out.skill()?);
    let is_tried = options.training.l1 > 0.0;
    (inputs > rows && seen - unseen > FAR_BELOW && !is_tried).then(|| {
        format!(
            "hint: there are more inputs ({inputs}) than training rows ({rows}), and the scores on the \
             {part} rows are far below those on the training rows; try --hidden none --l1 0.05"
        )
    })
}

/// Whether the balanced accuracy is not better than that of the baseline.
fn is_worse_balanced(scores: &Scores) -> bool {
    let scores = scores.all().into_iter();
    scores.filter(|score| score.name == "balanced_accuracy").any(|Score { value, baseline, .. }| {
        matches!((value, baseline), (Some(value), Some(baseline)) if value <= baseline)
    })
}
