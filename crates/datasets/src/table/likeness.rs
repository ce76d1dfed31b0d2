//! Numbers such as `05.03` and `08.30`, which may be days and months, or times.

use super::column::Column;
use super::note::Note;
use super::{Kind, Notation, Place, shorten};

/// What the two parts of numbers may be.
#[derive(Debug, Clone, Copy)]
struct Forms {
    day_month: bool,
    month_day: bool,
    time: bool,
}

impl Forms {
    fn add(&mut self, first: u32, second: u32) {
        let are = |day, month| (1..=31).contains(&day) && (1..=12).contains(&month);
        self.day_month &= are(first, second);
        self.month_day &= are(second, first);
        self.time &= first <= 23 && second <= 59;
    }

    fn text(self) -> Option<&'static str> {
        Some(match (self.day_month || self.month_day, self.time) {
            (true, true) => {
                "a day and a month, or a time; write 2024-03-05 or 08:30 if it is, and 5.03 if it is not"
            }
            (true, false) => "a day and a month; write 2024-03-05 if it is, and 5.03 if it is not",
            (false, true) => "a time; write 08:30 if it is, and 8.30 if it is not",
            (false, false) => return None,
        })
    }
}

/// The note about a column of numbers that may be dates or times: two digits, the decimal mark and two digits
/// in all rows, and a 0 in front of at least one.
pub(super) fn note(
    column: &Column,
    notation: Notation,
    place: impl Fn(usize) -> Place,
) -> Option<Note> {
    let values = &column.values;
    // Numbers with a 0 in front are not plain, and most columns have none.
    let is_like = |text: &str| parts(text, notation).is_some_and(|(first, _)| first < 10);
    let (row, found) = values.odd_texts().next()?;
    if column.kind != Kind::Numeric || !is_like(found) {
        return None;
    }
    let mut forms = Forms { day_month: true, month_day: true, time: true };
    for row in 0..values.len() {
        if values.cell(row).number().is_some() {
            let (first, second) = parts(&values.text(row, notation), notation)?;
            forms.add(first, second);
        }
    }
    let (found, others) = (shorten(found), Vec::new());
    Some(Note::LikeDates { place: place(row), found, form: forms.text()?, others })
}

/// The two numbers of a text such as `05.03`.
fn parts(text: &str, notation: Notation) -> Option<(u32, u32)> {
    let (first, second) = text.split_once(char::from(notation.decimal))?;
    let number = |part: &str| {
        let is_number = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse().ok())?
    };
    Some((number(first)?, number(second)?))
}
