//! Warnings about a table, as lines on the standard error.

use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};

use nnfs::datasets::Place;
use nnfs_console::{count, warn};
use nnfs_tabular::{Filling, Warning, shown};

/// The largest number of lines of one kind that are printed. A table may have thousands of columns.
const LINES: usize = 50;

/// The same for a training, which keeps all warnings in its `metrics.json`.
const LINES_OF_TRAINING: usize = 10;

/// From this number of columns on, warnings that differ in their column are one line.
const TOGETHER: usize = 3;

/// The largest number of columns that such a line names.
const COLUMNS: usize = 10;

/// Prints warnings as lines on the standard error, with the option that helps. Of each kind, prints the
/// first 50 lines and the number of the others, so that a frequent kind does not hide a rare one.
pub(crate) fn warn_of(warnings: &[Warning]) {
    warn_of_first(warnings, LINES, "");
}

/// The same for a training, with the first 10 of each kind.
pub(crate) fn warn_of_training(warnings: &[Warning]) {
    warn_of_first(warnings, LINES_OF_TRAINING, "; metrics.json will have all of them");
}

fn warn_of_first(warnings: &[Warning], limit: usize, others: &str) {
    let lines = lines(warnings);
    let mut counts = HashMap::new();
    for (kind, _) in &lines {
        *counts.entry(kind).or_insert(0) += 1;
    }
    let mut printed = HashMap::new();
    for (kind, line) in &lines {
        let printed = printed.entry(kind).or_insert(0);
        if *printed == limit {
            continue;
        }
        *printed += 1;
        warn(&format!("warning: {line}"));
        let more = counts[kind] - *printed;
        if *printed == limit && more > 0 {
            warn(&format!("warning: {more} more like the last one{others}"));
        }
    }
}

/// The first 50 lines, and one with the number of those beyond.
pub(crate) fn first_lines<T: ToString>(lines: &[T]) -> Vec<String> {
    let more = lines.len().saturating_sub(LINES);
    let rest = (more > 0).then(|| format!("{more} more like these"));
    lines.iter().take(LINES).map(ToString::to_string).chain(rest).collect()
}

/// Which warnings say the same of their columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Same {
    Missing(Filling),
    OnlyHeldOut,
    Constant,
}

impl Same {
    fn of(warning: &Warning) -> Option<Self> {
        match warning {
            Warning::Missing { filling, .. } => Some(Self::Missing(*filling)),
            Warning::OnlyHeldOut { .. } => Some(Self::OnlyHeldOut),
            Warning::Constant { .. } => Some(Self::Constant),
            _ => None,
        }
    }
}

/// The lines, each with its kind. Three or more warnings that say the same are one line.
fn lines(warnings: &[Warning]) -> Vec<(Discriminant<Warning>, String)> {
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
        let line = match same {
            None => Some(alone(warning)),
            // The line is where the first of them was.
            Some(same) => {
                let group = &groups[&same];
                std::ptr::eq(group[0], warning).then(|| together(same, group))
            }
        };
        lines.extend(line.map(|line| (discriminant(warning), line)));
    }
    lines
}

fn alone(warning: &Warning) -> String {
    let hint = match warning {
        Warning::RowNumbers { place, .. } if place.column.is_empty() => "; see --ignore ''",
        Warning::RowNumbers { .. } => "; see --ignore",
        Warning::NumbersLikeDates { .. } => "; see --categorical",
        Warning::NumberLike { .. } => "; see --categorical",
        Warning::LeadingZeros { .. } => "; see --categorical",
        Warning::ConstantTarget { .. } => "; see --target",
        _ => "",
    };
    format!("{warning}{hint}")
}

/// One line for warnings that say the same of their columns.
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
    }
}

/// Where the first value is that a warning is about, and this value or how many there are.
fn place_and_value(warning: &Warning) -> Option<(&Place, String)> {
    match warning {
        Warning::Missing { place, cells, rows, .. } => Some((place, format!("{cells} of {rows}"))),
        Warning::OnlyHeldOut { place, found } => Some((place, format!("{found:?}"))),
        Warning::Constant { place, value } if value.is_empty() => {
            Some((place, "missing".to_owned()))
        }
        Warning::Constant { place, value } => Some((place, format!("\"{}\"", shown(value)))),
        _ => None,
    }
}
