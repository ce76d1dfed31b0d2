//! What is odd in a table that is learned or predicted.

mod two_digit_years;

use std::collections::{HashMap, HashSet};

use nnfs::datasets::{
    Coding, CsvError, DateCoding, DatePart, Encoder, Finding, Found, Input, Labels, Missing,
    NumberLike, NumbersAndWords, Place, Selector, Table, Target, Unknown, spelling_key,
};

use crate::leaks::{same_as_target, total_row};
use crate::warning::{Filling, Warning};
use crate::{Parts, Recipe, Settings};

/// What is odd in a table that is learned; `table` is the whole of it.
pub(crate) fn of_training(
    table: &Table,
    parts: &Parts,
    settings: &Settings,
) -> Result<Vec<Warning>, CsvError> {
    let mut warnings = of_rows(parts, settings);
    warnings.extend(of_columns(table, parts)?);
    let number_like = parts.encoder().number_like(table)?.into_iter();
    warnings.extend(number_like.map(|NumberLike { place, found, distinct }| Warning::NumberLike {
        place,
        found,
        distinct,
    }));
    let mixed = parts.encoder().numbers_and_words(table)?.into_iter();
    warnings.extend(mixed.map(|NumbersAndWords { place, found, numbers, rows }| {
        Warning::NumbersAndWords { place, found, numbers, rows }
    }));
    let alike = parts.encoder().alike(table)?;
    warnings.extend(
        alike.into_iter().map(|it| Warning::Alike { place: it.place, spellings: it.spellings }),
    );
    warnings.extend(same_as_target(table, parts.encoder())?);
    warnings.extend(total_row(table, parts.encoder().target()));
    let equal = parts.encoder().equal_targets(table)?.into_iter();
    warnings.extend(equal.map(|(place, found, other)| Warning::LargeIntegers {
        place,
        found,
        other,
    }));
    if let Target::Numbers(names) = parts.encoder().target() {
        for name in names {
            warnings.extend(constant_target(table, table.column(&Selector::from(name.as_str()))?));
        }
    }
    Ok(warnings)
}

/// Too few rows for a test or for the folds.
fn of_rows(parts: &Parts, settings: &Settings) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let file = || parts.train().source().to_owned();
    let (rows, is_default) = (parts.train().rows(), settings.recipe == Settings::default().recipe);
    if settings.test_fraction > 0.0 && parts.test().is_none() {
        let (fraction, rows) = (settings.test_fraction, all_rows(parts));
        warnings.push(Warning::NoTestRows { file: file(), fraction, rows });
    }
    match settings.recipe {
        // With the default of five folds, a table of three rows has three folds without a warning.
        Recipe::Bagging { folds: expected } if expected > rows && !is_default => {
            warnings.push(Warning::FewerFolds { file: file(), expected, rows });
        }
        Recipe::Bagging { .. } | Recipe::Plain => {}
    }
    warnings
}

/// The number of rows of all parts.
fn all_rows(parts: &Parts) -> usize {
    parts.train().rows() + parts.held_out().map(Table::rows).sum::<usize>()
}

/// What is odd in each input column.
fn of_columns(table: &Table, parts: &Parts) -> Result<Vec<Warning>, CsvError> {
    let (encoder, rows) = (parts.encoder(), all_rows(parts));
    let row_numbers: HashMap<usize, _> = encoder.row_numbers(table)?.into_iter().collect();
    let like_codes: HashMap<usize, usize> =
        encoder.numbers_like_codes(table)?.into_iter().collect();
    let like_dates: HashMap<usize, usize> =
        encoder.numbers_like_dates(table)?.into_iter().collect();
    let tables = || std::iter::once(parts.train()).chain(parts.held_out());
    let check = |table| encoder.check(table, Missing::Fill, Unknown::Accept);
    let findings = tables().map(check).collect::<Result<Vec<_>, _>>()?.concat();
    let mut warnings = Vec::new();
    for (index, Input { name, coding }) in encoder.input_columns().iter().enumerate() {
        let train = parts.train();
        let column = train.column(&Selector::from(name.as_str()))?;
        let at = |row| (table.place(row, column), table.value(row, column).into_owned());
        if let Coding::Constant { value, .. } = coding {
            let place = train.place(0, column);
            warnings.push(Warning::Constant { place, value: value.clone() });
        }
        if let Coding::OneHotOrOther { rare, .. } = coding {
            warnings.extend(rare_words(train, column, rare));
        }
        if let Coding::Date(dates) = coding {
            warnings.extend(read_as_dates(table, column, dates));
            warnings.extend(two_digit_years::warning(table, column, dates));
        }
        if let Some(&[low, high]) = row_numbers.get(&index) {
            warnings.push(Warning::RowNumbers { place: table.place(0, column), low, high });
        }
        if let Some((place, found)) = like_dates.get(&index).copied().map(at) {
            warnings.push(Warning::NumbersLikeDates { place, found });
        }
        if let Some((place, found)) = like_codes.get(&index).copied().map(at) {
            warnings.push(Warning::NumbersLikeCodes { place, found });
        }
        let of_column = |finding: &&Finding| finding.input == index;
        warnings.extend(together(findings.iter().filter(of_column), coding, rows));
    }
    Ok(warnings)
}

/// The rare words of a column, which share an input.
fn rare_words(train: &Table, column: usize, rare: &Labels) -> Option<Warning> {
    let is_rare = |&row: &usize| rare.index(train.value(row, column).as_ref()).is_some();
    let row = (0..train.rows()).find(is_rare)?;
    let found = train.value(row, column).into_owned();
    Some(Warning::RareWords { place: train.place(row, column), found, words: rare.len() })
}

/// A target column with one number.
fn constant_target(table: &Table, column: usize) -> Option<Warning> {
    let first = table.number(0, column).ok()?;
    let is_first = |row| table.number(row, column).is_ok_and(|number| number == first);
    (table.rows() > 1 && (1..table.rows()).all(is_first)).then(|| Warning::ConstantTarget {
        place: table.place(0, column),
        found: table.value(0, column).into_owned(),
    })
}

/// How the dates of a column are read: the first one, and the first of each other form.
fn read_as_dates(table: &Table, column: usize, dates: &DateCoding) -> Option<Warning> {
    let (mut outlines, mut first, mut others) = (HashSet::new(), None, Vec::new());
    let mut patterns = HashSet::new();
    for row in 0..table.rows() {
        let value = table.value(row, column);
        let text: &str = value.as_ref();
        // Most dates have an outline that was seen before.
        if !outlines.insert(outline(text)) {
            continue;
        }
        let Some(pattern) = dates.pattern(text) else { continue };
        if !patterns.insert(pattern.clone()) {
            continue;
        }
        match first {
            None => first = Some((row, text.to_owned(), pattern)),
            Some(_) => others.push((text.to_owned(), pattern)),
        }
    }
    let (row, found, pattern) = first?;
    Some(Warning::Dates { place: table.place(row, column), found, pattern, others })
}

/// A text with the same letter for every letter, and the same digit for every digit.
fn outline(text: &str) -> String {
    let alike = |c: char| match c {
        '0'..='9' => '0',
        // `T` and `Z` have a meaning, and a month does not.
        'T' | 'Z' => c,
        _ if c.is_alphabetic() => 'a',
        _ => c,
    };
    text.chars().map(alike).collect()
}

/// Adds the rows of a finding to those of other parts, and keeps the first place.
fn add<'a>(all: &mut Option<(&'a Finding, usize)>, finding: &'a Finding) {
    let (first, cells) = all.unwrap_or((finding, 0));
    let first = if finding.place.line < first.place.line { finding } else { first };
    *all = Some((first, cells + finding.rows));
}

/// The findings in the parts of a column as warnings, at most one of each sort.
fn together<'a>(
    findings: impl Iterator<Item = &'a Finding>,
    coding: &Coding,
    rows: usize,
) -> Vec<Warning> {
    let (mut missing, mut without_time, mut without_day) = (None, None, None);
    let mut unseen: Option<&Finding> = None;
    let mut large: Option<Warning> = None;
    for finding in findings {
        match &finding.what {
            Found::Missing => add(&mut missing, finding),
            Found::SameNumber { other } => {
                large = large.or_else(|| Some(same_number(finding, other)));
            }
            Found::WithoutTime => add(&mut without_time, finding),
            Found::WithoutDay => add(&mut without_day, finding),
            _ => unseen = unseen.or(Some(finding)),
        }
    }
    let missing = missing.map(|(Finding { place, found, .. }, cells)| Warning::Missing {
        place: place.clone(),
        found: found.clone(),
        filling: filling_of(coding),
        cells,
        rows,
    });
    let unseen = unseen.map(|Finding { place, found, .. }| Warning::OnlyHeldOut {
        place: place.clone(),
        found: found.clone(),
    });
    let of_dates = [without_time, without_day].into_iter().flatten().map(|(finding, cells)| {
        let Finding { what, place, found, .. } = finding.clone();
        without(what == Found::WithoutTime, place, found, cells, rows)
    });
    missing.into_iter().chain(unseen).chain(large).chain(of_dates).collect()
}

/// The warning about dates without a time, or about months without a day.
fn without(is_time: bool, place: Place, found: String, cells: usize, rows: usize) -> Warning {
    match is_time {
        true => Warning::WithoutTime { place, found, cells, rows },
        false => Warning::WithoutDay { place, found, cells, rows },
    }
}

fn same_number(Finding { place, found, .. }: &Finding, other: &str) -> Warning {
    Warning::LargeIntegers { place: place.clone(), found: found.clone(), other: other.to_owned() }
}

/// What is odd in a table that is predicted.
pub(crate) fn of_prediction(
    encoder: &Encoder,
    table: &Table,
    missing: Missing,
    unknown: Unknown,
) -> Result<Vec<Warning>, CsvError> {
    let rows = table.rows();
    let warning = |Finding { input, what, place, found, rows: cells }| match what {
        Found::Missing => {
            let filling = filling_of(&encoder.input_columns()[input].coding);
            Some(Warning::Missing { place, found, filling, cells, rows })
        }
        Found::Unknown => {
            let similar = similar(&encoder.input_columns()[input].coding, &found);
            Some(Warning::Unknown { place, found, similar, cells, rows })
        }
        Found::NotConstant { value } => {
            Some(Warning::NotConstant { place, found, value, cells, rows })
        }
        Found::OtherUnit { expected, unit } => {
            Some(Warning::OtherUnit { place, found, expected, unit })
        }
        Found::SameNumber { other } => Some(Warning::LargeIntegers { place, found, other }),
        Found::WithoutTime | Found::WithoutDay => {
            Some(without(what == Found::WithoutTime, place, found, cells, rows))
        }
        _ => None,
    };
    Ok(encoder.check(table, missing, unknown)?.into_iter().filter_map(warning).collect())
}

/// A category of the training that has the same spelling as an unknown one, or is the same number with or without
/// zeros before it: `01111` and `1111`.
fn similar(coding: &Coding, found: &str) -> Option<String> {
    let (Coding::OneHot(frequent) | Coding::OneHotOrOther { frequent, .. }) = coding else {
        return None;
    };
    let key = spelling_key(found);
    let digits = |word: &str| {
        let is_code = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then(|| word.trim_start_matches('0').to_owned())
    };
    let number = digits(found);
    let mut names = frequent.names().iter();
    let is_same =
        |name: &&String| spelling_key(name) == key || (number.is_some() && digits(name) == number);
    names.find(is_same).cloned()
}

/// What is done where a value of a column with this coding is missing.
fn filling_of(coding: &Coding) -> Filling {
    match coding {
        Coding::NumberOrMissing => Filling::Mean { marked: true },
        Coding::ConstantOrMissing { .. } => Filling::Mark,
        Coding::Date(dates) => {
            Filling::DateMeans { marked: dates.parts.contains(&DatePart::Missing) }
        }
        Coding::OneHot(frequent) | Coding::OneHotOrOther { frequent, .. } => {
            if frequent.index("").is_some() { Filling::Category } else { Filling::Unknown }
        }
        Coding::Constant { .. } => Filling::Nothing,
        // Coding::Number
        _ => Filling::Mean { marked: false },
    }
}

#[cfg(test)]
mod tests {
    use nnfs::datasets::Labels;

    use super::*;

    #[test]
    fn a_category_that_is_written_in_another_way_is_similar() {
        let coding = Coding::OneHot(Labels::words(["01111", "New York", "yes"]));
        let of = |found: &str| similar(&coding, found);
        assert_eq!(of("1111").as_deref(), Some("01111"));
        assert_eq!(of("new\u{a0}york").as_deref(), Some("New York"));
        assert_eq!(of("YES").as_deref(), Some("yes"));
        assert_eq!((of("1112"), of("0"), of("no")), (None, None, None));
    }
}
