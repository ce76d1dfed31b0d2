//! The names of months in several languages.

/// The names of each month without accents, as Unicode's CLDR has them: English, German, French, Spanish,
/// Italian, Portuguese and Dutch. No name is another month in another of these languages.
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

/// Short names that are not the beginning of a name.
const SHORT: [(&str, u32); 2] = [("mrz", 3), ("mrt", 3)];

/// The number of a month by its name, or by at least three letters of its beginning: 3 of `March`, `Mär.`
/// and `MARÇO`. A beginning of several months is none: `jui` of the French June and July.
pub(super) fn named(text: &str) -> Option<u32> {
    let text = text.trim_end_matches('.');
    if !(3..=24).contains(&text.len()) {
        return None;
    }
    let name: String = text.chars().flat_map(char::to_lowercase).filter_map(plain).collect();
    if name.len() < 3 {
        return None;
    }
    let short = SHORT.iter().find(|(short, _)| *short == name).map(|&(_, month)| month);
    let mut found =
        (1..).zip(MONTHS).filter(|(_, names)| names.iter().any(|it| it.starts_with(&name)));
    let (month, is_only) = (found.next().map(|(month, _)| month), found.next().is_none());
    short.or_else(|| month.filter(|_| is_only))
}

/// A letter without its accent; `None` for an accent that stands alone, as macOS writes it.
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
            assert_eq!(named(text), Some(month), "{text}");
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
    fn no_name_is_of_two_months() {
        for (month, names) in (1..).zip(MONTHS) {
            for name in names {
                assert_eq!(named(name), Some(month), "{name}");
                let is_plain = name.bytes().all(|byte| byte.is_ascii_lowercase());
                assert!(is_plain, "{name}");
            }
        }
    }
}
