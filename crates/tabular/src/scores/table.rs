//! Scores as a table for people.

use std::collections::HashMap;
use std::fmt;

use super::short;
use crate::parts::count;
use crate::shown::{padded, shown, shown_apart, width};
use crate::{ClassScores, ClassificationScores, Score, Scores};

/// The text has the scores of this many classes at most.
const MOST_CLASSES: usize = 20;

/// The scores of a model on some rows, as lines of text.
pub(super) struct ScoreTable<'a> {
    pub(super) scores: &'a Scores,
    /// The column of weights.
    pub(super) weight: Option<&'a str>,
}

impl fmt::Display for ScoreTable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_metrics(f, &[("model", self.scores)])?;
        write_baseline(f, self.scores)?;
        write_weights(f, self.weight, "the scores and the baseline")?;
        match self.scores {
            Scores::Regression(_) => Ok(()),
            Scores::Classification(scores) => write_classes(f, None, scores),
        }
    }
}

/// One row for each metric, and for each part of the rows a column, with the baseline beside it.
pub(crate) fn write_metrics(f: &mut fmt::Formatter<'_>, parts: &[(&str, &Scores)]) -> fmt::Result {
    let columns: Vec<(&str, Vec<Score>)> =
        parts.iter().map(|(name, scores)| (*name, scores.all())).collect();
    let Some((_, first)) = columns.first() else { return Ok(()) };
    let names = names(first);
    let columns_of_names = names.iter().map(|name| width(name)).max().unwrap_or(0);
    write!(f, "{:columns_of_names$}", "")?;
    for (name, _) in &columns {
        write!(f, "{name:>12}{:>12}", "baseline")?;
    }
    for (index, name) in names.iter().enumerate() {
        write!(f, "\n{}", padded(name, columns_of_names))?;
        for (_, scores) in &columns {
            let [value, baseline] = scores[index].texts();
            write!(f, "{value:>12}{baseline:>12}")?;
        }
    }
    Ok(())
}

/// The names of scores. A long target is cut, so that the metric can be read.
fn names(scores: &[Score]) -> Vec<String> {
    let mut targets: Vec<&str> = scores.iter().filter_map(|it| it.target.as_deref()).collect();
    targets.dedup();
    let shown: HashMap<_, _> =
        targets.iter().copied().zip(shown_apart(&targets, "target")).collect();
    let name = |score: &Score| match score.target.as_deref() {
        None => score.metric.to_owned(),
        Some(target) => format!("{} {}", shown[target], score.metric),
    };
    scores.iter().map(name).collect()
}

/// What the baseline is.
pub(crate) fn write_baseline(f: &mut fmt::Formatter<'_>, scores: &Scores) -> fmt::Result {
    let rows = scores.baseline_rows();
    match scores {
        Scores::Classification(scores) => write!(
            f,
            "\n\nbaseline: the most frequent class, \"{}\"; for loss and brier_score, the shares of the \
             classes in {rows}",
            shown(&scores.baseline.class),
        ),
        Scores::Regression(_) => write!(f, "\n\nbaseline: the mean of {rows}"),
    }
}

/// The column of weights, if there is one, and what it weighs.
pub(crate) fn write_weights(
    f: &mut fmt::Formatter<'_>,
    weight: Option<&str>,
    weighed: &str,
) -> fmt::Result {
    let Some(weight) = weight else { return Ok(()) };
    write!(f, "\nweights of rows: column \"{}\", in {weighed}", shown(weight))
}

/// The scores of each class that has rows, the most frequent first, unless there are many.
pub(crate) fn write_classes(
    f: &mut fmt::Formatter<'_>,
    part: Option<&str>,
    scores: &ClassificationScores,
) -> fmt::Result {
    let all: Vec<&str> = scores.classes.iter().map(|class| class.class.as_str()).collect();
    let shown: HashMap<_, _> = all.iter().copied().zip(shown_apart(&all, "class")).collect();
    let with_rows = scores.by_rows();
    let classes = &with_rows[..with_rows.len().min(MOST_CLASSES)];
    let title = part.map_or_else(|| "classes".to_owned(), |part| format!("classes ({part})"));
    let names: Vec<&str> = classes.iter().map(|class| shown[&*class.class].as_str()).collect();
    let widths = names.iter().map(|name| width(name)).chain([title.len()]);
    let columns = widths.max().unwrap_or(0);
    write!(f, "\n\n{title:columns$}{:>8}{:>12}{:>12}{:>12}", "rows", "precision", "recall", "f1")?;
    for (class, scores) in names.iter().zip(classes) {
        let ClassScores { rows, precision, recall, f1, .. } = scores;
        let [precision, recall, f1] = [*precision, *recall, *f1].map(short);
        let class = padded(class, columns);
        write!(f, "\n{class}{rows:>8}{precision:>12}{recall:>12}{f1:>12}")?;
    }
    let most = count(classes.last().map_or(0, |class| class.rows), "row");
    match with_rows.len() - classes.len() {
        0 => {}
        1 => write!(f, "\n1 more class with at most {most} is not shown")?,
        more => write!(f, "\n{more} more classes with at most {most} are not shown")?,
    }
    let rows = part.map_or_else(|| "rows".to_owned(), |part| format!("{part} rows"));
    match scores.classes.len() - with_rows.len() {
        0 => Ok(()),
        1 => write!(f, "\n1 class has no {rows}"),
        without => write!(f, "\n{without} classes have no {rows}"),
    }
}
