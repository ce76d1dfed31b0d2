//! Warnings about a table, as lines on the standard error.

use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};

use nnfs::datasets::Place;
use nnfs_console::{count, warn};
use nnfs_tabular::{Filling, Fitted, Warning, shown};

/// The largest number of lines of one kind that are printed. A table may have thousands of columns.
const LINES: usize = 50;

/// The same for a training, which keeps all warnings in its `metrics.json`.
const LINES_OF_TRAINING: usize = 10;

/// From this number of columns on, warnings that differ in their column are one line.
const TOGETHER: usize = 2;

/// The largest number of spellings of a word that such a line names.
const SPELLINGS: usize = 3;

/// The largest number of columns that such a line names.
const COLUMNS: usize = 10;

/// Prints warnings as lines on the standard error, with the option that helps. Of each kind, prints the
/// first 50 lines and the number of the others, so that a frequent kind does not hide a rare one.
pub(crate) fn warn_of(warnings: &[Warning]) {
    for line in first_lines(warnings, LINES, "") {
        line.print();
    }
}

/// The same for a training, with the first 10 of each kind, and without the notes if it is quiet.
pub(crate) fn warn_of_training(warnings: &[Warning], quiet: bool) {
    let lines = first_lines(warnings, LINES_OF_TRAINING, "; metrics.json will have all of them");
    for line in lines.iter().filter(|line| !(quiet && line.is_note)) {
        line.print();
    }
}

/// The same lines for the page, which names the file without its folder, below the notes of reading it.
pub(crate) fn lines_of_page(fitted: &Fitted) -> Vec<String> {
    let report = fitted.report();
    let lines = first_lines(fitted.warnings(), LINES_OF_TRAINING, "; metrics.json has all of them");
    let without_folder = |Line { text, .. }| match text.strip_prefix(&report.contents.source) {
        Some(rest) => format!("{}{rest}", report.file_name()),
        None => text,
    };
    report.notes.iter().cloned().chain(lines.into_iter().map(without_folder)).collect()
}

/// What is printed.
#[derive(Debug)]
struct Line {
    kind: Discriminant<Warning>,
    /// Whether it says how the file was read, and there is nothing to do.
    is_note: bool,
    text: String,
}

impl Line {
    fn print(&self) {
        let Self { is_note, text, .. } = self;
        warn(&format!("{}: {text}", if *is_note { "note" } else { "warning" }));
    }
}

/// The first lines of each kind, each kind with a line that has the number of the others.
fn first_lines(warnings: &[Warning], limit: usize, others: &str) -> Vec<Line> {
    let lines = lines(warnings);
    let mut counts = HashMap::new();
    for line in &lines {
        *counts.entry(line.kind).or_insert(0) += 1;
    }
    let mut first = Vec::new();
    let mut seen = HashMap::new();
    for line in lines {
        let seen = seen.entry(line.kind).or_insert(0);
        if *seen == limit {
            continue;
        }
        *seen += 1;
        let more = counts[&line.kind] - *seen;
        let rest = (*seen == limit && more > 0)
            .then(|| Line { text: format!("{more} more like the last one{others}"), ..line });
        first.push(line);
        first.extend(rest);
    }
    first
}

/// Which warnings have the same text for their columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Same {
    Missing(Filling),
    OnlyHeldOut,
    Constant,
    Alike,
}

impl Same {
    fn of(warning: &Warning) -> Option<Self> {
        match warning {
            Warning::Missing { filling, .. } => Some(Self::Missing(*filling)),
            Warning::OnlyHeldOut { .. } => Some(Self::OnlyHeldOut),
            Warning::Constant { .. } => Some(Self::Constant),
            Warning::Alike { .. } => Some(Self::Alike),
            _ => None,
        }
    }
}

/// The lines. Two or more warnings with the same text are one line.
fn lines(warnings: &[Warning]) -> Vec<Line> {
    let mut groups: HashMap<Same, Vec<&Warning>> = HashMap::new();
    for warning in warnings {
        if let Some(same) = Same::of(warning) {
            groups.entry(same).or_default().push(warning);
        }
    }
    groups.retain(|_, group| group.len() >= TOGETHER);
    let mut lines = Vec::new();
    for warning in warnings {
        let same = Same::of(warning).filter(|same| groups.contains_key(same));
        let text = match same {
            None => Some(alone(warning)),
            // The line is where the first of them was.
            Some(same) => {
                let group = &groups[&same];
                std::ptr::eq(group[0], warning).then(|| together(same, group))
            }
        };
        let is_note = matches!(
            warning,
            Warning::Dates { .. } | Warning::OnlyHeldOut { .. } | Warning::RareWords { .. }
        );
        lines.extend(text.map(|text| Line { kind: discriminant(warning), is_note, text }));
    }
    lines
}

fn alone(warning: &Warning) -> String {
    let hint = match warning {
        Warning::RowNumbers { place, .. } if place.column.is_empty() => "; see --ignore ''",
        Warning::RowNumbers { .. } | Warning::SameAsTarget { .. } => "; see --ignore",
        Warning::FewerFolds { .. } => "; see --folds",
        Warning::NumbersLikeDates { .. } => "; see --categorical",
        Warning::NumberLike { .. } | Warning::NumbersAndWords { .. } => "; see --categorical",
        Warning::NumbersLikeCodes { .. } => "; see --categorical",
        Warning::ConstantTarget { .. } => "; see --target",
        Warning::TargetOutliers { .. } => "; see --outliers keep",
        Warning::MissingCode { is_target: true, .. } => "; see --missing-target",
        _ => "",
    };
    format!("{warning}{hint}")
}

/// One line for warnings with the same text for their columns.
fn together(same: Same, group: &[&Warning]) -> String {
    let places = group.iter().filter_map(|warning| place_and_value(warning));
    let file = places.clone().map(|(place, _)| place.file.as_str()).next().unwrap_or_default();
    let named = places
        .take(COLUMNS)
        .map(|(place, value)| format!("{:?} ({value}, line {})", place.column, place.line));
    let mut named = named.collect::<Vec<_>>().join(", ");
    if group.len() > COLUMNS {
        named += &format!(" and {} more", group.len() - COLUMNS);
    }
    let columns = count(group.len(), "column");
    match same {
        Same::Missing(filling) => {
            format!("{file}: {columns} have missing values: {named}; {filling}")
        }
        Same::OnlyHeldOut => format!(
            "{file}: {columns} have values only in held-out rows, from which the network cannot learn: {named}"
        ),
        Same::Constant => format!(
            "{file}: {columns} have one value in all training rows, so they have no influence: {named}"
        ),
        Same::Alike => format!(
            "{file}: {columns} have words that differ only in upper and lower case, in white space or in how Unicode \
             writes their letters, or are the same truth value, and are different categories: {named}; write them alike \
             if they mean the same"
        ),
    }
}

/// Where the first value is that a warning is about, and this value or how many there are.
fn place_and_value(warning: &Warning) -> Option<(&Place, String)> {
    match warning {
        Warning::Missing { place, cells, rows, .. } => Some((place, format!("{cells} of {rows}"))),
        Warning::OnlyHeldOut { place, found } => Some((place, format!("{found:?}"))),
        Warning::Alike { place, spellings } => {
            let quoted =
                spellings.iter().take(SPELLINGS).map(|word| format!("\"{}\"", shown(word)));
            Some((place, quoted.collect::<Vec<_>>().join(", ")))
        }
        Warning::Constant { place, value } if value.is_empty() => {
            Some((place, "missing".to_owned()))
        }
        Warning::Constant { place, value } => Some((place, format!("\"{}\"", shown(value)))),
        _ => None,
    }
}
