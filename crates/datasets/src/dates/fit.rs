//! Which columns hold dates, and which numbers they give.

use super::durations::is_duration;
use super::error::OtherDate;
use super::parse::{may_start_with_year, parse};
use super::pattern::pattern;
use super::{DateCoding, DateError, DateKind, DateOrder, DatePart, Moment};
use crate::table::{CsvError, Place, Table, shorten};

/// If none of the first words is a date, the column does not hold dates.
const FIRST_WORDS: usize = 20;

/// Numbers that differ less are equal but for rounding.
const TOLERANCE: f64 = 1e-9;

/// The coding of a column of words if they are dates or times; `None` if they are not, or all the same
/// in the training rows.
///
/// The whole column decides the order of day and month unless it is given, and the training rows decide
/// which parts change.
///
/// # Errors
/// If both orders are possible in all rows and mean different days, or if most words are dates and some
/// are not.
pub(crate) fn fit(
    table: &Table,
    rows: &[usize],
    column: usize,
    order: Option<DateOrder>,
) -> Result<Option<DateCoding>, CsvError> {
    let Some((order, order_known)) = find_order(table, column, order)? else { return Ok(None) };
    let parts = changing_parts(table, rows, column, order);
    if parts.is_empty() {
        return Ok(None);
    }
    let holds = Some(only_kind(table, column, order)?);
    Ok(Some(DateCoding { order, parts, order_known, holds }))
}

/// The order that the rows of a column show or, where they do not show it, the one that is given; `None`
/// if there is none.
pub(super) fn order_of_rows(
    table: &Table,
    column: usize,
    given: Option<DateOrder>,
) -> Result<Option<DateOrder>, CsvError> {
    let found = find_order(table, column, given)?;
    Ok(found.and_then(|(order, is_known)| is_known.then_some(order)).or(given))
}

/// Whether a text means two days, depending on the order. With points, the day is the first.
pub(super) fn is_ambiguous(text: &str) -> bool {
    let [day, month] = [DateOrder::Day, DateOrder::Month].map(|order| parse(text, order));
    (day.is_some() && month.is_some() && day != month && !has_points(text))
        || ((day.is_some() || month.is_some()) && may_start_with_year(text) == Some(true))
}

/// Whether points separate the day, the month and the year.
fn has_points(text: &str) -> bool {
    text.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('.')
}

/// Whether the last of three numbers must be the year.
fn ends_with_year(text: &str) -> bool {
    let is_long = |text: &str| {
        let parts = text.split(['-', '/']);
        let lengths: Vec<usize> = parts.map(str::len).collect();
        matches!(lengths[..], [1 | 2, 1 | 2, 4])
    };
    may_start_with_year(text) == Some(false) || text.split(' ').next().is_some_and(is_long)
}

/// Whether all texts are dates, or all are times.
fn only_kind(table: &Table, column: usize, order: DateOrder) -> Result<DateKind, CsvError> {
    let mut kind = None;
    for row in 0..table.rows() {
        let text = table.value(row, column);
        let Some(moment) = parse(&text, order) else { continue };
        let expected = *kind.get_or_insert(moment.kind());
        if moment.kind() != expected {
            let (place, found) = (table.place(row, column), shorten(&text));
            return Err(DateError::OtherKind { place, expected, found }.into());
        }
    }
    Ok(kind.unwrap_or(DateKind::Date))
}

/// How many words are dates in an order, and the first word that is not.
#[derive(Default)]
struct Read {
    count: usize,
    first_other: Option<usize>,
}

impl Read {
    fn add(&mut self, row: usize, is_date: bool) {
        self.count += usize::from(is_date);
        if !is_date {
            self.first_other.get_or_insert(row);
        }
    }
}

/// What the words of a column show.
#[derive(Default)]
struct Seen {
    words: usize,
    /// With the day first, and with the month first.
    day: Read,
    month: Read,
    /// The first date that means two days.
    ambiguous: Option<usize>,
    has_any_points: bool,
    /// The first date whose first number may be a year of two digits.
    year_first: Option<usize>,
    /// Whether a date shows that the year is the last number.
    year_is_last: bool,
    /// Whether a date cannot be other words. `1-out-10` is a date only where another row is one, as `1-nov-10` is.
    has_sure_date: bool,
}

impl Seen {
    fn add(&mut self, row: usize, text: &str) {
        let [by_day, by_month] = both(text);
        self.words += 1;
        self.day.add(row, by_day.is_some());
        self.month.add(row, by_month.is_some());
        self.has_sure_date |= by_day.or(by_month).is_some_and(|moment| !moment.may_be_words);
        self.has_any_points |= has_points(text);
        self.year_is_last |= ends_with_year(text);
        if may_start_with_year(text) == Some(true) {
            self.year_first.get_or_insert(row);
        }
        let differ = by_day.is_some() && by_month.is_some() && by_day != by_month;
        if differ && !has_points(text) {
            self.ambiguous.get_or_insert(row);
        }
    }
}

/// A text as a date with the day first, and with the month first.
fn both(text: &str) -> [Option<Moment>; 2] {
    [DateOrder::Day, DateOrder::Month].map(|order| parse(text, order))
}

/// The order of day and month of a column of dates, and whether it is known: a row shows it, or it was
/// given. `None` if the words are not dates.
fn find_order(
    table: &Table,
    column: usize,
    given: Option<DateOrder>,
) -> Result<Option<(DateOrder, bool)>, CsvError> {
    let words = || (0..table.rows()).filter(|&row| !table.is_missing_number(row, column));
    let is_date = |row| both(&table.value(row, column)).iter().any(Option::is_some);
    if !words().take(FIRST_WORDS).any(is_date) {
        return Ok(None);
    }
    let mut seen = Seen::default();
    words().for_each(|row| seen.add(row, &table.value(row, column)));
    let Seen { day, month, ambiguous, .. } = &seen;
    if !seen.has_sure_date {
        return Ok(None);
    }
    let is_shown = month.count != day.count;
    // An order that is given is for dates that do not show it.
    let used = given.filter(|_| !is_shown && (ambiguous.is_some() || !seen.has_any_points));
    let best = match used {
        Some(order) => order,
        None if month.count > day.count => DateOrder::Month,
        None => DateOrder::Day,
    };
    let read = if best == DateOrder::Day { day } else { month };
    if let Some(row) = read.first_other {
        let are_few = 2 * day.count.max(month.count) < seen.words;
        return if are_few { Ok(None) } else { Err(not_a_date(table, row, column, best).into()) };
    }
    let two_days = ambiguous.filter(|_| used.is_none() && !is_shown);
    let year_first = seen.year_first.filter(|_| !seen.year_is_last && given.is_none());
    match two_days.or(year_first) {
        Some(row) => {
            let (place, found) = at(table, row, column);
            Err(DateError::Ambiguous { place, found }.into())
        }
        None => Ok(Some((best, is_shown || used.is_some()))),
    }
}

/// The place of a value and the value, for an error.
fn at(table: &Table, row: usize, column: usize) -> (Place, String) {
    (table.place(row, column), shorten(&table.value(row, column)))
}

/// The error for a word that is not a date in the order of its column.
fn not_a_date(table: &Table, row: usize, column: usize, best: DateOrder) -> DateError {
    let (place, found) = at(table, row, column);
    match mixed_orders(table, row, column, best) {
        Some(error) => error,
        None if is_duration(&found) => DateError::Duration { place, found },
        None => DateError::NotADate { place, found },
    }
}

/// The error for a row that is a date only in the other order of day and month than its column. `None` if
/// the row is not a date in that order either, or if no row of the column shows which order it has.
fn mixed_orders(table: &Table, row: usize, column: usize, best: DateOrder) -> Option<DateError> {
    let text = table.value(row, column);
    let pattern_here = pattern(&text, best.other())?;
    let shows_best = |row: &usize| {
        let text = table.value(*row, column);
        parse(&text, best).is_some() && parse(&text, best.other()).is_none()
    };
    let other = (0..table.rows()).find(shows_best)?;
    let other_text = table.value(other, column);
    let pattern_there = pattern(&other_text, best)?;
    Some(DateError::MixedOrders {
        place: table.place(row, column),
        found: shorten(&text).into(),
        pattern: pattern_here.into(),
        other: Box::new(OtherDate {
            line: table.line(other),
            text: shorten(&other_text),
            pattern: pattern_there,
        }),
    })
}

/// The parts that are not the same in all of these rows.
fn changing_parts(table: &Table, rows: &[usize], column: usize, order: DateOrder) -> Vec<DatePart> {
    use DatePart::{DayCosine, DaySine, Elapsed, WeekCosine, WeekSine, YearCosine, YearSine};
    let parts = [Elapsed, YearSine, YearCosine, WeekSine, WeekCosine, DaySine, DayCosine];
    let mut ends = [(f64::INFINITY, f64::NEG_INFINITY); 7];
    let mut missing = 0;
    for &row in rows {
        let Some(moment) = parse(table.value(row, column).as_ref(), order) else {
            missing += 1;
            continue;
        };
        let exists = |part| match part {
            YearSine | YearCosine => moment.has_date,
            WeekSine | WeekCosine => moment.has_day,
            DaySine | DayCosine => moment.has_time,
            _ => true,
        };
        for (part, (low, high)) in parts.into_iter().zip(&mut ends).filter(|(it, _)| exists(*it)) {
            let number = part.of(Some(&moment));
            (*low, *high) = (low.min(number), high.max(number));
        }
    }
    let changing = parts.into_iter().zip(ends).filter(|(_, (low, high))| high - low > TOLERANCE);
    let mut parts: Vec<DatePart> = changing.map(|(part, _)| part).collect();
    if missing > 0 && !parts.is_empty() {
        parts.push(DatePart::Missing);
    }
    parts
}
