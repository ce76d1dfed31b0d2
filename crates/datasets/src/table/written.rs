//! Numbers as people write them: `45%`, `$ 1 200`, `(2.5)`, `1.5D+00`, `1,5`.

use super::Notation;
use super::unit::{may_be_grade, set_unit, unit_after, unit_before};

/// Minus signs other than the one of the keyboard.
const MINUS: [char; 4] = ['\u{2212}', '\u{2013}', '\u{fe63}', '\u{ff0d}'];

/// Dashes behind a decimal mark, where cents would be: those of [`MINUS`], the one of the keyboard, and
/// longer ones.
pub(super) const DASHES: [char; 9] = [
    '-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}',
    '\u{ff0d}',
];

/// Separators of thousands that have no other meaning: spaces, apostrophes and the underscore.
const SEPARATORS: [char; 8] =
    [' ', '\u{a0}', '\u{2007}', '\u{2009}', '\u{202f}', '\'', '\u{2019}', '_'];

/// A number as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Written {
    /// The number, or what it would be in other notations.
    pub(super) reading: Reading,
    /// The sign of a currency, a percent sign or a unit.
    pub(super) unit: Option<String>,
    /// How it differs from a plain number, in words.
    pub(super) marks: Vec<&'static str>,
    /// Whether it is a single digit with a sign behind it or a word in front, as in `2-` and `Euro 6`, which
    /// may be a grade.
    pub(super) is_grade: bool,
    /// The decimal mark in front of a dash that is there instead of cents.
    pub(super) no_cents: Option<char>,
}

/// What the digits and marks of a number mean.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reading {
    /// One number.
    Number(f64),
    /// Nothing in the notation of the table, but a number in one or two others.
    Other {
        /// With a decimal comma, and points between groups of digits.
        comma: Option<f64>,
        /// With a decimal point, and commas between groups of digits.
        point: Option<f64>,
    },
}

/// The number of a text, if it is one that people write but that [`Notation::cell`] does not read.
pub(super) fn read(text: &str, notation: Notation) -> Option<Written> {
    let mut written = Written {
        reading: Reading::Number(0.0),
        unit: None,
        marks: Vec::new(),
        is_grade: false,
        no_cents: None,
    };
    // Longer texts are not numbers.
    if text.len() > 80 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (rest, negative) = strip(text, &mut written)?;
    let core = digits(rest, &mut written)?;
    let no_cents = written.no_cents;
    let number = |notation: Notation| {
        // A dash replaces the decimals: `17,-` is read as `17,`. A number with decimals and a dash, such as
        // `17,5-`, gets a second decimal mark. Then it is not a number, and is not read.
        let mark = match no_cents {
            None => "",
            Some('.') => ".",
            Some(',') => ",",
            Some(_) if notation.decimal == b',' => ",",
            Some(_) => ".",
        };
        let number = notation.cell(&[&core, mark].concat()).number()?;
        Some(if negative { -number } else { number })
    };
    written.reading = match number(notation) {
        Some(number) => Reading::Number(number),
        None => {
            let other =
                |decimal, thousands| number(Notation { decimal, thousands: Some(thousands) });
            match (other(b',', '.'), other(b'.', ',')) {
                (None, None) => return None,
                (comma, point) => Reading::Other { comma, point },
            }
        }
    };
    Some(written)
}

/// Takes signs, parentheses and units off a number. Returns the rest, and whether it is negative.
fn strip<'a>(text: &'a str, written: &mut Written) -> Option<(&'a str, bool)> {
    let mut rest = text;
    let (mut sign, mut parentheses) = (None, false);
    loop {
        rest = rest.trim();
        let before = rest;
        if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            if sign.is_some() || parentheses {
                return None;
            }
            parentheses = true;
            written.marks.push("parentheses for a negative number");
            rest = inner;
        } else if let Some(after) = rest.strip_prefix(['-', '+']) {
            sign = once(sign, rest.starts_with('-'))?;
            if after.starts_with(char::is_whitespace) {
                written.marks.push("a space after the sign");
            }
            rest = after;
        } else if let Some(after) = rest.strip_prefix(MINUS) {
            sign = once(sign, true)?;
            written.marks.push("a typographic minus sign");
            rest = after;
        } else if let Some(unit) = unit_before(rest) {
            set_unit(written, unit)?;
            rest = &rest[unit.len()..];
            if unit.ends_with(char::is_alphabetic) {
                written.is_grade = may_be_grade(unit, rest);
                // A code such as `INR001`.
                if rest.starts_with('0') && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
                    return None;
                }
            }
        } else if let Some((before, mark)) = without_cents(rest) {
            written.marks.push("a dash for no cents");
            written.no_cents.replace(mark).is_none().then_some(())?;
            rest = before;
        } else if let Some(before) = rest.strip_suffix('-').or_else(|| rest.strip_suffix(MINUS)) {
            if before.trim_end().ends_with(['.', ',', ':', '/'])
                || before.trim_end().ends_with(DASHES)
            {
                return None;
            }
            sign = once(sign, true)?;
            written.marks.push("a minus sign after the number");
            written.is_grade = before.len() == 1;
            rest = before;
        } else if let Some(unit) = unit_after(rest) {
            set_unit(written, unit)?;
            rest = &rest[..rest.len() - unit.len()];
        }
        if rest == before {
            // `-(5)` would have two signs.
            let negative = sign.unwrap_or(false);
            return (!(parentheses && sign.is_some())).then_some((rest, negative || parentheses));
        }
    }
}

/// The number and the mark in front of a dash that is there instead of cents: `4.-`, `4,--`, `4.–`, in
/// Sweden `4:-` and in India `4/-`. A dash directly behind the digits is a minus sign.
pub(super) fn without_cents(text: &str) -> Option<(&str, char)> {
    let number = text.trim_end_matches(DASHES);
    let dashes = text[number.len()..].chars().count();
    let number = number.trim_end();
    let mark = number.chars().next_back().filter(|mark| ['.', ',', ':', '/'].contains(mark))?;
    let before = number[..number.len() - 1].trim_end();
    let is_number = before.ends_with(|c: char| c.is_ascii_digit());
    ((1..=3).contains(&dashes) && is_number).then_some((before, mark))
}

/// The sign, which may be there once.
fn once(sign: Option<bool>, negative: bool) -> Option<Option<bool>> {
    sign.is_none().then_some(Some(negative))
}

/// The digits with a decimal mark and an exponent as [`Notation::cell`] reads them.
fn digits(text: &str, written: &mut Written) -> Option<String> {
    let fits = |c: char| c.is_ascii_digit() || ".,eEdD+-".contains(c) || SEPARATORS.contains(&c);
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',')
        || !text.chars().all(fits)
    {
        return None;
    }
    let mut core = text.to_owned();
    if let Some(separator) = text.chars().find(|c| SEPARATORS.contains(c)) {
        // Groups of digits with commas or points as well would have two separators.
        let end = text.find(['.', ',', 'e', 'E', 'd', 'D']).unwrap_or(text.len());
        let mark = Notation { decimal: b'.', thousands: None };
        mark.grouped(&text[..end], separator)?;
        written.marks.push(match separator {
            '\'' | '\u{2019}' => "apostrophes between groups of digits",
            '_' => "underscores between groups of digits",
            _ => "spaces between groups of digits",
        });
        core = text.replace(separator, "");
    }
    if let Some(at) = core.find(['d', 'D']) {
        written.marks.push("an exponent with D");
        core.replace_range(at..=at, "e");
    }
    Some(core)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Option<f64> {
        match read(text, Notation::PLAIN)?.reading {
            Reading::Number(number) => Some(number),
            Reading::Other { .. } => None,
        }
    }

    #[test]
    fn what_has_one_meaning() {
        for (text, expected) in [
            ("45%", 45.0),
            ("-4.5 %", -4.5),
            ("%12", 12.0),
            ("$5", 5.0),
            ("-$5.25", -5.25),
            ("$-5", -5.0),
            ("5 €", 5.0),
            ("EUR 1'200", 1200.0),
            ("1 234 567.5 kr", 1_234_567.5),
            ("US$ 3", 3.0),
            ("(2.5)", -2.5),
            ("($2.50)", -2.5),
            ("$(2)", -2.0),
            ("1.5D+00", 1.5),
            ("-1.5d2", -150.0),
            ("1\u{a0}234", 1234.0),
            ("12\u{202f}345,0".trim_end_matches(",0"), 12345.0),
            ("1\u{2009}234.5", 1234.5),
            ("1’234", 1234.0),
            ("\u{2212}3", -3.0),
            ("250-", -250.0),
            ("5 kg", 5.0),
            ("3.5 m/s²", 3.5),
            ("20 °C", 20.0),
            ("1_000", 1000.0),
            ("+5%", 5.0),
            ("108.-", 108.0),
            ("108.\u{2013}", 108.0),
            ("108.\u{2014}", 108.0),
            ("108.--", 108.0),
            ("108 .-", 108.0),
            ("108. \u{2013}", 108.0),
            ("-108.-", -108.0),
            ("\u{2212}108.\u{2013}", -108.0),
            ("(108.-)", -108.0),
            ("CHF 2\u{2019}602.-", 2602.0),
            ("2 602.\u{2013} CHF", 2602.0),
            ("4.-EUR", 4.0),
            ("\u{20ac}4.\u{2014}", 4.0),
            ("4.-/kg", 4.0),
            ("1 200:- kr", 1200.0),
            ("Rs. 500/-", 500.0),
            ("250 -", -250.0),
            ("2.5\u{2013}", -2.5),
            ("Fr 4.50", 4.5),
            ("SFr. 15.\u{2013}", 15.0),
            ("-sFr.15", -15.0),
            ("kr 42.50", 42.5),
            ("42.50 kr.", 42.5),
            ("Euro 4.50", 4.5),
            ("4.50 Euro", 4.5),
            ("z\u{142} 4.50", 4.5),
            ("chf 4.50", 4.5),
            ("Rp. 80", 80.0),
        ] {
            assert_eq!(number(text), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn what_has_another_meaning_in_another_notation() {
        for (text, comma, point) in [
            ("1,5", Some(1.5), None),
            ("6,898", Some(6.898), Some(6898.0)),
            ("1.234,5", Some(1234.5), None),
            ("1.234.567", Some(1_234_567.0), None),
            ("1,234.5", None, Some(1234.5)),
            ("1,23,456", None, Some(123_456.0)),
            ("(1,5)", Some(-1.5), None),
            ("-1,5 %", Some(-1.5), None),
            ("€ 1.234,50", Some(1234.5), None),
            ("1 234,5", Some(1234.5), None),
            (",5", Some(0.5), None),
            ("1,5e3", Some(1500.0), None),
            ("4,-", Some(4.0), None),
            ("17,\u{2013} \u{20ac}", Some(17.0), None),
            ("1.234,--", Some(1234.0), None),
            ("1,234.-", None, Some(1234.0)),
            ("1.234:-", Some(1234.0), None),
            ("(4,-)", Some(-4.0), None),
        ] {
            let written = read(text, Notation::PLAIN).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(written.reading, Reading::Other { comma, point }, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in [
            "",
            "abc",
            "12:30",
            "2024-01-31",
            "1.2.3",
            "31.12.2024",
            "cust-0001",
            "a1",
            "Q1",
            "10-20",
            "12 34",
            "030 123 456",
            "1 2 3",
            "5 5 kg",
            "--5",
            "-(5)",
            "1,2,3",
            "12/31",
            "#5",
            "0x10",
            "5%%",
            "1-2",
            "+-5",
            "192.168.1.1",
            "1.5,234.5",
            "5€€ $",
            ".-",
            "-.-",
            "4.5.-",
            "4,5.-",
            "4.----",
            "4.-5",
            "4.--5",
            "4:5:-",
            "4.-.-",
            "1e5.-",
            "4..-",
            "Frank 5",
            "krone5",
            "INR001",
        ] {
            assert_eq!(read(text, Notation::PLAIN), None, "{text:?}");
        }
        assert!(read("2-", Notation::PLAIN).unwrap().is_grade);
    }
}
