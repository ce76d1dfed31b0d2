//! Scores as a table for people.

use std::fmt;

use super::short;
use crate::shown::shown;
use crate::{ClassScores, ClassificationScores, Score, Scores};

/// The text has the scores of this many classes at most.
const MOST_CLASSES: usize = 20;

/// The scores of a model on some rows, as lines of text.
pub(super) struct ScoreTable<'a> {
    pub(super) scores: &'a Scores,
    pub(super) baseline_rows: &'a str,
}

impl fmt::Display for ScoreTable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_metrics(f, &[("model", self.scores)])?;
        write_baseline(f, self.scores, self.baseline_rows)?;
        match self.scores {
            Scores::Regression(_) => Ok(()),
            Scores::Classification(scores) => write_classes(f, None, scores),
        }
    }
}

/// One row for each metric, and for each part of the rows a column, with the baseline beside it. An empty line is
/// above.
pub(crate) fn write_metrics(f: &mut fmt::Formatter<'_>, parts: &[(&str, &Scores)]) -> fmt::Result {
    let columns: Vec<(&str, Vec<Score>)> =
        parts.iter().map(|(name, scores)| (*name, scores.all())).collect();
    let Some((_, first)) = columns.first() else { return Ok(()) };
    let names: Vec<String> = first.iter().map(|score| shown(&score.name)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    write!(f, "\n\n{:width$}", "")?;
    for (name, _) in &columns {
        write!(f, "{name:>12}{:>12}", "baseline")?;
    }
    for (index, name) in names.iter().enumerate() {
        write!(f, "\n{name:width$}")?;
        for (_, scores) in &columns {
            let [value, baseline] = scores[index].texts();
            write!(f, "{value:>12}{baseline:>12}")?;
        }
    }
    Ok(())
}

/// What the baseline is, which was made of these rows.
pub(crate) fn write_baseline(
    f: &mut fmt::Formatter<'_>,
    scores: &Scores,
    rows: &str,
) -> fmt::Result {
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

/// The scores of each class that has rows, the most frequent first, unless there are many.
pub(crate) fn write_classes(
    f: &mut fmt::Formatter<'_>,
    part: Option<&str>,
    scores: &ClassificationScores,
) -> fmt::Result {
    let with_rows = scores.by_rows();
    let classes = &with_rows[..with_rows.len().min(MOST_CLASSES)];
    let title = part.map_or_else(|| "classes".to_owned(), |part| format!("classes ({part})"));
    let names: Vec<String> = classes.iter().map(|class| shown(&class.class)).collect();
    let widths = names.iter().map(|name| name.chars().count());
    let width = widths.chain([title.len()]).max().unwrap_or(0);
    write!(f, "\n\n{title:width$}{:>8}{:>12}{:>12}{:>12}", "rows", "precision", "recall", "f1")?;
    for (class, scores) in names.iter().zip(classes) {
        let ClassScores { rows, precision, recall, f1, .. } = scores;
        let [precision, recall, f1] = [*precision, *recall, *f1].map(short);
        write!(f, "\n{class:width$}{rows:>8}{precision:>12}{recall:>12}{f1:>12}")?;
    }
    if with_rows.len() > classes.len() {
        write!(f, "\nand {} more with fewer rows", with_rows.len() - classes.len())?;
    }
    let rows = part.map_or_else(|| "rows".to_owned(), |part| format!("{part} rows"));
    match scores.classes.len() - with_rows.len() {
        0 => Ok(()),
        1 => write!(f, "\n1 class has no {rows}"),
        without => write!(f, "\n{without} classes have no {rows}"),
    }
}
