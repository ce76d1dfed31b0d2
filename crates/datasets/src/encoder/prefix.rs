//! Words in front of numbers: `ca. 4.50`, `#42.50`.

use super::shape::begins_like_number;
use crate::dates::is_month;

/// Words for a number that is not exact, without the point behind them.
const ABOUT: [&str; 11] = [
    "ca",
    "circa",
    "approx",
    "approximately",
    "about",
    "around",
    "roughly",
    "etwa",
    "env",
    "environ",
    "cca",
];

/// Words in front of the number of a version, which is a code: version 1.10 is not version 1.1.
const VERSION: [&str; 8] = ["v", "ver", "vers", "version", "rev", "revision", "release", "r"];

/// The words without the word or the sign that they share, if it is in front of numbers: nine of ten words
/// have it, and most numbers have two decimals, and none others, or it means `about`.
///
/// Whole numbers behind a word are often codes, such as `Store 12` and `#42`, and so are numbers directly
/// behind a letter, such as `E11.9`. `Nov 1.10` may be a day.
pub(super) fn without_prefix<'a>(words: &[&'a str]) -> Option<Vec<&'a str>> {
    let split = |word: &'a str| {
        let (prefix, number) = split(word)?;
        let name = prefix.trim().trim_end_matches('.').to_lowercase();
        Some((prefix, name, number))
    };
    let (_, name, _) = words.iter().copied().find_map(split)?;
    let is_about = ABOUT.contains(&name.as_str());
    if VERSION.contains(&name.as_str()) || is_month(&name) {
        return None;
    }
    let has_prefix = |word: &'a str| split(word).filter(|(_, other, _)| *other == name);
    let shared = words.iter().copied().filter_map(has_prefix);
    let (mut count, mut decimals, mut others) = (0, 0, 0);
    for (prefix, _, number) in shared {
        let is_apart = !prefix.ends_with(|c: char| c.is_alphanumeric());
        count += usize::from(is_apart);
        match decimals_of(number) {
            Some(0) => {}
            Some(2) => decimals += 1,
            _ => others += 1,
        }
    }
    let are_prices = others == 0 && 2 * decimals > count;
    let are_numbers = 10 * count >= 9 * words.len() && (is_about || are_prices);
    let rest = |word| has_prefix(word).map_or(word, |(_, _, number)| number);
    are_numbers.then(|| words.iter().copied().map(rest).collect())
}

/// The text in front of the first digit, and the rest. `None` if the text begins like a number, or joins the
/// number as in `lot-12`.
fn split(word: &str) -> Option<(&str, &str)> {
    let digit = word.find(|c: char| c.is_ascii_digit())?;
    let (prefix, number) = word.split_at(digit);
    (!begins_like_number(word) && !prefix.ends_with(['-', '_', '/'])).then_some((prefix, number))
}

/// The number of digits after the decimal mark of a number; `None` if it has several marks.
fn decimals_of(number: &str) -> Option<usize> {
    let mut parts = number.split(['.', ',']);
    let (_, decimals) = (parts.next(), parts.next());
    let count = |part: &str| part.bytes().take_while(u8::is_ascii_digit).count();
    parts.next().is_none().then(|| decimals.map_or(0, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_front_of_numbers() {
        for words in [
            &["ca. 4.50", "ca. 5", "ca 12"][..],
            &["#42.50", "#7.25", "#8"],
            &["Preis: 4,50", "preis: 5,20"],
            &["about 5", "about 12"],
            &["RM 4.50", "RM 17.90"],
        ] {
            let numbers = without_prefix(words).unwrap_or_else(|| panic!("{words:?}"));
            assert!(numbers.iter().all(|number| begins_like_number(number)), "{numbers:?}");
        }
        for words in [
            &["Store 5", "Store 12"][..],
            &["#42", "#7"],
            &["E11.90", "E12.10"],
            &["Nov 1.10", "Nov 2.10"],
            &["iOS 14.1", "iOS 14.10"],
            &["v 1.2", "v 1.3"],
            &["Version 1.2", "Version 1.3"],
            &["lot-12.5", "lot-13.5"],
            &["Section 1.2.3", "Section 1.2.4"],
            &["a 4.5", "b 5.5", "c 6.5"],
            &["a", "b"],
            &["4.50", "5.20"],
        ] {
            assert_eq!(without_prefix(words), None, "{words:?}");
        }
    }
}
