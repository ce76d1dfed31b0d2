//! A column: its name, its kind and its values.

use super::grouping::{Grouping, Points};
use super::note::Note;
use super::unit::{UNIT, is_percent};
use super::values::Occurrence;
use super::written::{Reading, Written, read};
use super::{Cell, CsvError, Kind, Notation, Place, Values, is_placeholder, shorten};

/// A column of a table.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    /// The position in the file, counted from 0.
    pub(super) position: usize,
    pub(super) kind: Kind,
    /// Whether the kind was declared with [`CsvOptions::column`](super::CsvOptions::column).
    pub(super) declared: bool,
    /// Whether most values are numbers, also if they are not written as the table's numbers are.
    pub(super) is_mostly_numbers: bool,
    /// A value that is a number only in another notation, if most values are numbers: the first one with a point and a
    /// comma, or else the first one.
    pub(super) foreign: Option<Foreign>,
    /// The first number whose point is a decimal mark or separates thousands, if the values leave it open.
    pub(super) ambiguous: Option<usize>,
    /// The unit of the numbers, if some or all have one.
    pub(super) unit: Option<String>,
    pub(super) values: Values,
}

/// A value that is a number in another notation than that of the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Foreign {
    /// The row.
    pub(super) row: usize,
    /// Whether all values of the column are numbers with a decimal comma.
    comma: bool,
    /// Whether all values of the column are numbers with commas between groups of digits.
    point: bool,
}

/// A text of a column, as a number.
struct Candidate {
    code: usize,
    found: Occurrence,
    written: Written,
}

impl Column {
    /// A column of these values, whose kind they decide.
    pub(super) fn new(name: String, position: usize, values: Values) -> Self {
        let kind = Kind::Categorical;
        let (declared, is_mostly_numbers) = (false, false);
        Self {
            name,
            position,
            kind,
            declared,
            is_mostly_numbers,
            foreign: None,
            ambiguous: None,
            unit: None,
            values,
        }
    }

    /// Decides the kind from the values, and reads numbers that are written in other ways, if they have
    /// one meaning. Returns what to note about them.
    pub(super) fn settle(
        &mut self,
        notation: Notation,
        place: impl Fn(usize) -> Place,
    ) -> Option<Note> {
        let occurrences = self.values.occurrences();
        let rows = |wanted: fn(Cell) -> bool| -> usize {
            let cells = self.values.cells().iter().zip(&occurrences);
            cells.filter(|&(&cell, _)| wanted(cell)).map(|(_, found)| found.rows).sum()
        };
        let (missing, words) =
            (rows(|cell| cell == Cell::Missing), rows(|cell| cell == Cell::Word));
        let plain = self.values.len() - missing - words;
        let placeholders = self.placeholders();
        let marked = placeholders.iter().zip(&occurrences).filter(|(marked, _)| **marked);
        let words = words - marked.map(|(_, found)| found.rows).sum::<usize>();
        if words == 0 {
            if plain > 0 {
                self.values.set_missing(&placeholders);
            }
            self.is_mostly_numbers = plain > 0;
            self.kind = if plain > 0 { Kind::Numeric } else { Kind::Categorical };
            return None;
        }
        let candidates = self.candidates(&occurrences, notation, plain);
        let written: usize = candidates.iter().map(|candidate| candidate.found.rows).sum();
        self.is_mostly_numbers = 2 * (plain + written) > plain + words;
        if !self.is_mostly_numbers {
            return None;
        }
        self.values.set_missing(&placeholders);
        let is_foreign =
            |candidate: &&Candidate| matches!(candidate.written.reading, Reading::Other { .. });
        // A number with both marks shows the meaning of both.
        let has_one_mark = |candidate: &Candidate| {
            let text = &self.values.texts()[candidate.code];
            !(text.contains('.') && text.contains(','))
        };
        let foreign = candidates.iter().filter(is_foreign);
        if let Some(shown) =
            foreign.min_by_key(|candidate| (has_one_mark(candidate), candidate.found.first))
        {
            self.foreign = Some(self.foreign(shown, &candidates, notation));
            return None;
        }
        if written < words || !share_a_unit(&candidates, plain) {
            return None;
        }
        let mut numbers = vec![f64::NAN; occurrences.len()];
        for candidate in &candidates {
            if let Reading::Number(number) = candidate.written.reading {
                numbers[candidate.code] = number;
            }
        }
        self.kind = Kind::Numeric;
        self.unit = candidates.iter().find_map(|candidate| candidate.written.unit.clone());
        let first = candidates.iter().min_by_key(|candidate| candidate.found.first)?;
        let text = self.values.texts()[first.code].clone();
        self.values.replace(&numbers);
        let number = numbers[first.code];
        Some(Note::numbers(place(first.found.first), &text, number, &first.written.marks))
    }

    /// Finds out whether the points of the numbers may separate thousands, see [`Grouping`].
    pub(super) fn doubt_points(&mut self) -> Points {
        let is_numeric = self.kind == Kind::Numeric && self.foreign.is_none();
        let points = if is_numeric { Grouping::of(&self.values) } else { Points::Decimal };
        if let Points::Thousands(row) = points {
            self.ambiguous = Some(row);
        }
        points
    }

    /// Whether the numbers show that the decimal mark of the table is one: they have digits after it, other
    /// than three, or a single 0 before it.
    pub(super) fn has_decimals(&self) -> bool {
        let is_numeric = self.kind == Kind::Numeric && self.foreign.is_none();
        is_numeric && self.values.has_decimals()
    }

    /// For each code, whether it is a word that means a missing value among numbers.
    fn placeholders(&self) -> Vec<bool> {
        let texts = self.values.texts().iter().zip(self.values.cells());
        texts.map(|(text, &cell)| cell == Cell::Word && is_placeholder(text)).collect()
    }

    /// The words that are numbers as people write them.
    fn candidates(
        &self,
        occurrences: &[Occurrence],
        notation: Notation,
        plain: usize,
    ) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        let texts = self.values.texts().iter().zip(self.values.cells());
        for (code, ((text, &cell), &found)) in texts.zip(occurrences).enumerate() {
            if cell == Cell::Word && found.rows > 0 {
                let written = read(text, notation);
                candidates.extend(written.map(|written| Candidate { code, found, written }));
            }
        }
        // A unit that some values have and others do not is part of a word, as in `1st`, `2nd`.
        let units = candidates.iter().filter(|candidate| candidate.written.marks.contains(&UNIT));
        let mut units: Vec<&str> =
            units.filter_map(|candidate| candidate.written.unit.as_deref()).collect();
        units.sort_unstable();
        units.dedup();
        if units.len() > 1 || (!units.is_empty() && plain > 0) {
            candidates.retain(|candidate| !candidate.written.marks.contains(&UNIT));
        }
        // `1`, `1-`, `2` may be grades.
        if candidates.iter().all(|candidate| candidate.written.is_grade) {
            candidates.clear();
        }
        candidates
    }

    /// What the values of the column mean in other notations.
    fn foreign(&self, shown: &Candidate, candidates: &[Candidate], notation: Notation) -> Foreign {
        let all = |has: fn(&Reading) -> bool| {
            candidates.iter().all(|candidate| has(&candidate.written.reading))
        };
        // Numbers of the table's notation with digits after the decimal mark exclude the other one.
        let mark = Some(char::from(notation.decimal));
        let may_change = !self.values.has_decimals_other_than_thousands()
            && candidates.iter().all(|candidate| candidate.written.no_cents != mark);
        Foreign {
            row: shown.found.first,
            comma: all(|reading| !matches!(reading, Reading::Other { comma: None, .. }))
                && (notation.decimal == b',' || may_change),
            point: all(|reading| !matches!(reading, Reading::Other { point: None, .. }))
                && (notation.decimal == b'.' || may_change),
        }
    }
}

/// Whether all numbers have the same unit. A percent sign changes the meaning of a number, so all have it
/// or none; a currency may be left out.
fn share_a_unit(candidates: &[Candidate], plain: usize) -> bool {
    let mut units: Vec<Option<&str>> =
        candidates.iter().map(|candidate| candidate.written.unit.as_deref()).collect();
    if plain > 0 {
        units.push(None);
    }
    units.sort_unstable();
    units.dedup();
    match units.as_slice() {
        [_] => true,
        [None, Some(unit)] => !is_percent(unit),
        _ => false,
    }
}

/// The error for a value that is a number in another notation than that of the table.
pub(super) fn foreign_number(
    place: Place,
    text: &str,
    notation: Notation,
    allowed: impl Fn(char) -> bool,
) -> Option<CsvError> {
    let Reading::Other { comma, point } = read(text, notation)?.reading else { return None };
    let meaning = |decimal: char, number: Option<f64>| {
        number
            .filter(|_| allowed(decimal))
            .map(|number| Meaning::new(text, decimal, number, notation))
    };
    let meanings = [meaning('.', point), meaning(',', comma)].into_iter().flatten().collect();
    Some(CsvError::NumberFormat { place, found: shorten(text), meanings })
}

impl Foreign {
    /// The error.
    pub(super) fn error(self, place: Place, text: &str, notation: Notation) -> Option<CsvError> {
        foreign_number(
            place,
            text,
            notation,
            |decimal| if decimal == ',' { self.comma } else { self.point },
        )
    }
}

/// What a text means as a number in another notation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meaning {
    /// The decimal mark to choose, if it is not that of the table or the table leaves it open.
    pub decimal: Option<char>,
    /// The separator of thousands to choose, if the text has one.
    pub thousands: Option<char>,
    /// The number.
    pub number: String,
}

impl Meaning {
    /// What a number such as `1.234` means if its point separates thousands, and if it is a decimal mark.
    pub(super) fn of_point(number: f64) -> Vec<Self> {
        let (thousands, decimal) = (1000.0 * number, Some('.'));
        vec![
            Self { decimal: None, thousands: Some('.'), number: thousands.round().to_string() },
            Self { decimal, thousands: None, number: number.to_string() },
        ]
    }

    fn new(text: &str, decimal: char, number: f64, notation: Notation) -> Self {
        let separator = if decimal == ',' { '.' } else { ',' };
        Self {
            decimal: (char::from(notation.decimal) != decimal).then_some(decimal),
            thousands: text.contains(separator).then_some(separator),
            number: number.to_string(),
        }
    }
}

impl std::fmt::Display for Meaning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = |mark| if mark == ',' { "commas" } else { "points" };
        write!(f, "{} if ", self.number)?;
        match (self.decimal, self.thousands) {
            (Some(decimal), Some(thousands)) => write!(
                f,
                "{} are decimal marks and {} separate thousands",
                name(decimal),
                name(thousands)
            ),
            (Some(decimal), None) => write!(f, "{} are decimal marks", name(decimal)),
            (None, Some(thousands)) => write!(f, "{} separate thousands", name(thousands)),
            (None, None) => f.write_str("written plainly"),
        }
    }
}
