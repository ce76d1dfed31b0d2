//! Numbers as people write them: `45%`, `$ 1 200`, `(2.5)`, `1.5D+00`, `1,5`.

use super::{Cell, Notation};

/// Signs of currencies.
const CURRENCIES: &str = "$¢£¤¥֏؋৲৳฿₠₡₢₣₤₥₦₧₨₩₪₫€₭₮₯₰₱₲₳₴₵₶₷₸₹₺₻₼₽₾₿＄￠￡￥￦";

/// Words for currencies that stand before or after a number.
const CURRENCY_WORDS: [&str; 44] = [
    "AU$", "A$", "US$", "CA$", "C$", "R$", "NZ$", "HK$", "S$", "NT$", "AUD", "BRL", "CAD", "CHF",
    "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "JPY", "KRW", "MXN",
    "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "RUB", "SEK", "SGD", "THB", "TRY", "TWD", "USD",
    "ZAR", "Rs.", "Rs", "Fr.",
];

/// Minus signs other than the one of the keyboard.
const MINUS: [char; 4] = ['\u{2212}', '\u{2013}', '\u{fe63}', '\u{ff0d}'];

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
    /// Whether its sign is after a single digit, as in `2-`, which may be a grade.
    pub(super) is_grade: bool,
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
    let mut written =
        Written { reading: Reading::Number(0.0), unit: None, marks: Vec::new(), is_grade: false };
    // A sheet of paper has no room for everything: no number is this long.
    if text.len() > 80 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (rest, negative) = strip(text, &mut written)?;
    let core = digits(rest, &mut written)?;
    let number = |notation: Notation| match notation.cell(&core) {
        Cell::Number(number) => Some(if negative { -number } else { number }),
        _ => None,
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
        } else if let Some(before) = rest.strip_suffix('-').or_else(|| rest.strip_suffix(MINUS)) {
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

/// The sign, which may be there once.
fn once(sign: Option<bool>, negative: bool) -> Option<Option<bool>> {
    sign.is_none().then_some(Some(negative))
}

fn set_unit(written: &mut Written, unit: &str) -> Option<()> {
    let unit = unit.trim();
    written.marks.push(match unit {
        "%" | "％" | "٪" => "a percent sign",
        _ if is_currency(unit) => "a currency",
        _ => "a unit",
    });
    written.unit.replace(unit.to_owned()).is_none().then_some(())
}

/// Whether a unit is a percent sign.
pub(crate) fn is_percent(unit: &str) -> bool {
    matches!(unit, "%" | "％" | "٪")
}

/// Whether a unit is a currency.
pub(crate) fn is_currency(unit: &str) -> bool {
    let mut signs = unit.chars();
    let sign = signs.next().filter(|_| signs.next().is_none());
    sign.is_some_and(|sign| CURRENCIES.contains(sign)) || CURRENCY_WORDS.contains(&unit)
}

/// A currency or a percent sign before a number.
fn unit_before(text: &str) -> Option<&str> {
    let word = CURRENCY_WORDS.iter().find(|word| text.starts_with(**word)).map(|word| word.len());
    let sign = text
        .chars()
        .next()
        .filter(|&c| CURRENCIES.contains(c) || is_percent(c.encode_utf8(&mut [0; 4])));
    word.or(sign.map(char::len_utf8)).map(|length| &text[..length])
}

/// What follows the last digit: a currency, a percent sign or a unit such as `kg` or `m/s²`.
fn unit_after(text: &str) -> Option<&str> {
    let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let unit = &text[end..];
    let fits = |c: char| {
        c.is_alphabetic()
            || c.is_whitespace()
            || "/°²³%‰％٪µ*·.$".contains(c)
            || CURRENCIES.contains(c)
    };
    // A point alone is the end of the number.
    let is_unit = unit.chars().any(|c| !c.is_whitespace() && !".*·/".contains(c));
    // Letters of a unit, or one currency or percent sign.
    let is_unit =
        is_unit && (is_currency(unit.trim()) || !unit.contains(|c| CURRENCIES.contains(c)));
    let is_unit = is_unit && (is_percent(unit.trim()) || !unit.contains(['%', '％', '٪']));
    (is_unit && unit.chars().all(fits) && unit.chars().count() <= 12).then_some(unit)
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
        ] {
            assert_eq!(read(text, Notation::PLAIN), None, "{text:?}");
        }
        assert!(read("2-", Notation::PLAIN).unwrap().is_grade);
    }
}
