//! Dates whose years have two digits, in both centuries.

use nnfs::datasets::{DateCoding, Table};

use crate::Warning;

/// Years of two digits from here to 68 are read as 2040 to 2068, and those after them as 1969 to 1999.
const FUTURE: u32 = 40;

/// A warning if the years of a column have two digits, and some are read as 2040 or later and others as 1999 or
/// earlier: all may be meant as years of one century, such as years of birth.
pub(super) fn warning(table: &Table, column: usize, dates: &DateCoding) -> Option<Warning> {
    let (mut future, mut has_past) = (None, false);
    for row in 0..table.rows() {
        let text = table.value(row, column);
        match dates.short_year(&text) {
            Some(FUTURE..=68) if future.is_none() => future = Some(row),
            Some(69..) => has_past = true,
            _ => {}
        }
    }
    let row = future.filter(|_| has_past)?;
    let (place, found) = (table.place(row, column), table.value(row, column).into_owned());
    Some(Warning::TwoDigitYears { place, found })
}

#[cfg(test)]
mod tests {
    use nnfs::datasets::{Coding, Columns, Encoder};

    use super::*;

    fn found(dates: &[&str]) -> Option<(usize, String)> {
        let rows =
            dates.iter().enumerate().map(|(row, date)| [(*date).to_owned(), row.to_string()]);
        let table = Table::from_rows("t", &["born", "y"], rows).unwrap();
        let encoder = Encoder::fit(&table, &Columns::regression(["y"])).unwrap();
        let Coding::Date(dates) = &encoder.input_columns()[0].coding else { panic!("no dates") };
        warning(&table, 0, dates).map(|warning| match warning {
            Warning::TwoDigitYears { place, found } => (place.line, found),
            other => panic!("{other}"),
        })
    }

    #[test]
    fn years_of_two_centuries_are_reported() {
        let some = |line, text: &str| Some((line, text.to_owned()));
        assert_eq!(found(&["26.02.71", "13.03.45", "14.03.82"]), some(2, "13.03.45"));
        assert_eq!(found(&["26-Feb-71", "13-Mar-45"]), some(2, "13-Mar-45"));
        for time in ["14:30", "2:30 PM", "14:30 UTC", "14:30+01:00"] {
            let [past, future] = ["26.02.71", "13.03.45"].map(|date| format!("{date} {time}"));
            assert_eq!(found(&[&past, &future]), some(2, &future));
        }
        assert_eq!(found(&["26.02.71", "13.03.23"]), None, "not far in the future");
        assert_eq!(found(&["26.02.23", "13.03.45"]), None, "not in the past");
        assert_eq!(found(&["1971-02-26", "1945-03-13"]), None, "four digits");
    }
}
