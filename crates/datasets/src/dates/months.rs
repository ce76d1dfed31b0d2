//! The names of months in several languages.

/// The names of each month without accents, as Unicode's CLDR has them: English, German, French, Spanish,
/// Italian, Portuguese and Dutch. The English name is the first. No name means different months in two of
/// these languages.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "janvier", "enero", "gennaio", "janeiro", "januari", "janner"],
    &["february", "februar", "fevrier", "febrero", "febbraio", "fevereiro", "februari", "feber"],
    &["march", "marz", "maerz", "mars", "marzo", "marco", "maart"],
    &["april", "avril", "abril", "aprile"],
    &["may", "mai", "mayo", "maggio", "maio", "mei"],
    &["june", "juni", "juin", "junio", "giugno", "junho"],
    &["july", "juli", "juillet", "julio", "luglio", "julho"],
    &["august", "aout", "agosto", "augustus"],
    &["september", "septembre", "septiembre", "setiembre", "settembre", "setembro"],
    &["october", "oktober", "octobre", "octubre", "ottobre", "outubro"],
    &["november", "novembre", "noviembre", "novembro"],
    &["december", "dezember", "decembre", "diciembre", "dicembre", "dezembro"],
];

/// Short names in other languages that are seldom written for anything else.
const SHORT: [(&str, u32); 10] = [
    ("janv", 1),
    ("fev", 2),
    ("fevr", 2),
    ("mrz", 3),
    ("mrt", 3),
    ("avr", 4),
    ("juil", 7),
    ("okt", 10),
    ("ott", 10),
    ("dez", 12),
];

/// A month by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Month {
    /// January is 1.
    pub(super) number: u32,
    pub(super) name: Name,
}

/// How the name of a month is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// An English name in full or in its usual short form: `March`, `Mar`, `Sept`.
    English,
    /// A name in another language, in full or in a short form that is seldom another word: `März`, `Mrz`.
    Other,
    /// Another beginning of a name, which may be an ordinary word: `set`, `gen`, `mag`, `out`, `ago`, `Marc`.
    Beginning,
}

/// Whether a word is the name of a month, or its beginning.
pub(crate) fn is_month(word: &str) -> bool {
    named(word).is_some()
}

/// The month with a name, or with at least three letters of its beginning: 3 of `March`, `Mär.` and `MARÇO`.
/// A beginning of several months gives `None`: `jui` of the French June and July.
pub(super) fn named(text: &str) -> Option<Month> {
    let text = text.trim_end_matches('.');
    if !(3..=24).contains(&text.len()) {
        return None;
    }
    let name: String = text.chars().flat_map(char::to_lowercase).filter_map(plain).collect();
    if name.len() < 3 {
        return None;
    }
    if let Some(&(_, number)) = SHORT.iter().find(|(short, _)| *short == name) {
        return Some(Month { number, name: Name::Other });
    }
    let mut found =
        (1..).zip(MONTHS).filter(|(_, names)| names.iter().any(|it| it.starts_with(&name)));
    let (number, names) = found.next().filter(|_| found.next().is_none())?;
    let name = match names.iter().position(|it| *it == name) {
        Some(0) => Name::English,
        _ if name.len() == 3 && names[0].starts_with(&name) => Name::English,
        _ if name == "sept" => Name::English,
        Some(_) => Name::Other,
        None => Name::Beginning,
    };
    Some(Month { number, name })
}

/// Whether a text has a point between two digits, as in `3.10`: a number with decimals, or a date without
/// the name of a month.
pub(super) fn has_decimals(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit();
    text.as_bytes().windows(3).any(|it| is_digit(it[0]) && it[1] == b'.' && is_digit(it[2]))
}

/// Whether a part of a text has a point behind it that does not separate it from a number: `Okt. 2020`.
pub(super) fn has_point(text: &str, part: &str) -> bool {
    let behind = |(at, _): (usize, &str)| text[at + part.len()..].strip_prefix('.');
    let is_point = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_digit());
    text.match_indices(part).filter_map(behind).any(is_point)
}

/// A letter without its accent; `None` for an accent that is a character by itself, as macOS writes it.
fn plain(letter: char) -> Option<char> {
    Some(match letter {
        'ä' => 'a',
        'é' => 'e',
        'û' => 'u',
        'ç' => 'c',
        '\u{300}'..='\u{36f}' => return None,
        letter => letter,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_several_languages() {
        for (text, month) in [
            ("January", 1),
            ("JAN", 1),
            ("Jänner", 1),
            ("janv.", 1),
            ("ene", 1),
            ("gen.", 1),
            ("févr.", 2),
            ("fe\u{301}vrier", 2),
            ("fev", 2),
            ("März", 3),
            ("MÄRZ", 3),
            ("Mrz.", 3),
            ("mrt", 3),
            ("março", 3),
            ("mars", 3),
            ("avr.", 4),
            ("abr", 4),
            ("Mai", 5),
            ("mag", 5),
            ("juin", 6),
            ("giu", 6),
            ("juil.", 7),
            ("lug", 7),
            ("août", 8),
            ("ago.", 8),
            ("sept.", 9),
            ("set", 9),
            ("okt", 10),
            ("out.", 10),
            ("ott", 10),
            ("nov", 11),
            ("Dez.", 12),
            ("déc.", 12),
            ("dic", 12),
        ] {
            assert_eq!(named(text).map(|it| it.number), Some(month), "{text}");
        }
        for text in [
            "",
            "...",
            "ma",
            "jui",
            "xyz",
            "Mayor",
            "é",
            "ééé",
            "marzipan",
            "january-february",
            "1",
        ] {
            assert_eq!(named(text), None, "{text}");
        }
    }

    #[test]
    fn names_that_may_be_other_words() {
        for (text, name) in [
            ("March", Name::English),
            ("MAR", Name::English),
            ("Sept.", Name::English),
            ("June", Name::English),
            ("mars", Name::Other),
            ("Mai", Name::Other),
            ("Mrz", Name::Other),
            ("Dez.", Name::Other),
            ("Marc", Name::Beginning),
            ("set", Name::Beginning),
            ("out.", Name::Beginning),
            ("Octo", Name::Beginning),
        ] {
            assert_eq!(named(text).unwrap().name, name, "{text}");
        }
        assert!(has_point("3 set. 24", "set") && has_point("set.", "set"));
        assert!(!has_point("3 set 24.", "set") && !has_point("3.set.24", "set"));
        assert!(has_decimals("Mag 3.10") && !has_decimals("3.Dez.24") && !has_decimals("3. 10"));
    }

    #[test]
    fn no_name_is_of_two_months() {
        for (month, names) in (1..).zip(MONTHS) {
            for name in names {
                assert_eq!(named(name).map(|it| it.number), Some(month), "{name}");
                let is_plain = name.bytes().all(|byte| byte.is_ascii_lowercase());
                assert!(is_plain, "{name}");
            }
        }
    }
}
