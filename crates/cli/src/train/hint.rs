//! What may help a network that predicts new rows badly.

use nnfs_tabular::{ClassWeights, Report, Score, Scores, shown};

use super::options::TrainOptions;

/// How much lower the skill on held-out rows is than on the training rows if it is far below.
const FAR_BELOW: f64 = 0.3;

/// How many targets are named.
const TARGETS: usize = 5;

/// How many classes are named.
const CLASSES: usize = 3;

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
        let held_out = report.held_out().filter(|_| report.is_worse_than_baseline());
        let out_of_fold = || Some(("out-of-fold", report.out_of_fold.as_ref()?));
        let not_better = || {
            let mut parts = [report.held_out(), out_of_fold()].into_iter().flatten();
            parts.find(|(_, scores)| !is_balanced && is_not_better(scores))
        };
        let Some((part, _)) = held_out.or_else(not_better) else {
            return never_predicted(report).filter(|_| !is_balanced);
        };
        // Networks of folds keep the weights of their best epoch.
        let (who, more) = match report.networks {
            1 => ("network is", ", or more --epochs may help"),
            _ => ("networks are", ""),
        };
        let how = if held_out.is_some() { "worse than" } else { "not better than" };
        // The targets that are worse than the baseline.
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
            "hint: the {who} {how} the baseline on the {part} rows{of}: the columns may not determine \
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

/// A line for classes no row of which is predicted as it, on rows that were not learned from.
fn never_predicted(report: &Report) -> Option<String> {
    let out_of_fold = || Some(("out-of-fold", report.out_of_fold.as_ref()?));
    let (part, Scores::Classification(scores)) = out_of_fold().or_else(|| report.held_out())?
    else {
        return None;
    };
    let missed = scores.by_rows().into_iter().filter(|class| class.recall == 0.0);
    let names: Vec<String> = missed.map(|class| format!("\"{}\"", shown(&class.class))).collect();
    let what = match names.len() {
        0 => return None,
        1 => format!("class {} is", names[0]),
        count if count <= CLASSES => format!("classes {} are", names.join(", ")),
        _ => format!("classes {} and others are", names[..CLASSES].join(", ")),
    };
    Some(format!(
        "hint: the {what} never predicted correctly on the {part} rows; see --class-weight"
    ))
}

/// Whether the loss of classes is not better than that of the baseline.
fn is_not_better(scores: &Scores) -> bool {
    let Scores::Classification(scores) = scores else { return false };
    scores.metrics.loss >= scores.baseline.metrics.loss
}

/// Whether the balanced accuracy is not better than that of the baseline.
fn is_worse_balanced(scores: &Scores) -> bool {
    let scores = scores.all().into_iter();
    scores.filter(|score| score.name == "balanced_accuracy").any(|Score { value, baseline, .. }| {
        matches!((value, baseline), (Some(value), Some(baseline)) if value <= baseline)
    })
}
