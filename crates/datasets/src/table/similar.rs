//! Names of columns that may be meant by another spelling.

use strsim::osa_distance;

/// The most mistakes in a name. A swap of two neighbors is one mistake.
const MOST_MISTAKES: usize = 2;

/// A name has at most one mistake for this number of letters.
const LETTERS_PER_MISTAKE: usize = 3;

/// A word with fewer letters is another word if one letter is another.
const SHORT: usize = 5;

/// The letters and digits of a name in lower case.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether two names differ only in case, spaces and punctuation.
pub(super) fn has_same_letters(wanted: &str, name: &str) -> bool {
    let letters_of_wanted = letters(wanted);
    !letters_of_wanted.is_empty() && letters(name) == letters_of_wanted
}

/// The digits of a name. Names that differ in them, such as `price_2023` and `price_2024`, have different meanings.
fn digits(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_numeric())
}

/// Whether two names have the same number of letters, but not the same letters.
fn has_another_letter(wanted: &str, name: &str) -> bool {
    let sorted = |name: &str| {
        let mut letters: Vec<char> = name.chars().collect();
        letters.sort_unstable();
        letters
    };
    let (wanted, name) = (sorted(wanted), sorted(name));
    wanted.len() == name.len() && wanted != name
}

/// The name that is most likely meant: the first with the same letters and digits, or the one with the fewest mistakes.
/// A name with other digits is not meant, and neither is a short word with another letter, such as `rate` for `date`.
pub(super) fn meant<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = letters(wanted);
    let length = wanted.chars().count();
    let most = MOST_MISTAKES.min(length / LETTERS_PER_MISTAKE);
    let mistakes = |name: &'a str| {
        let letters = letters(name);
        // Far longer names cannot be meant, and their distance would take long to compute.
        let is_near = !letters.is_empty() && letters.chars().count().abs_diff(length) <= most;
        let found = is_near.then(|| osa_distance(&wanted, &letters))?;
        let is_another = !digits(&wanted).eq(digits(&letters))
            || length < SHORT && has_another_letter(&wanted, &letters);
        (found <= most && !is_another).then_some((found, name))
    };
    let nearest = names.filter_map(mistakes).min_by_key(|&(found, _)| found);
    nearest.filter(|_| length > 0).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_few_mistakes_is_meant() {
        let names = ["area", "rooms", "price", "price per room", "y", "ä"];
        let meant = |wanted| meant(wanted, names.into_iter());
        for (wanted, name) in [
            ("Price", "price"),
            ("pirce", "price"),
            ("prices", "price"),
            ("Price_per_Room", "price per room"),
            ("price per rom", "price per room"),
            ("Rooms ", "rooms"),
            ("Y", "y"),
            ("Ä", "ä"),
        ] {
            assert_eq!(meant(wanted), Some(name), "{wanted}");
        }
        for wanted in ["x", "z", "", "!", "cost", "age", "p"] {
            assert_eq!(meant(wanted), None, "{wanted}");
        }
        assert_eq!(super::meant("height", ["weights", "heights"].into_iter()), Some("heights"));
    }

    #[test]
    fn another_number_or_another_short_word_is_not_meant() {
        for (wanted, name) in [
            ("price_2024", "price_2023"),
            ("price_2032", "price_2023"),
            ("price_202", "price_2023"),
            ("prices2", "prices"),
            ("x10", "x11"),
            ("date", "rate"),
            ("sat", "sun"),
        ] {
            assert_eq!(meant(wanted, [name].into_iter()), None, "{wanted}");
        }
        for (wanted, name) in [
            ("Price 2023", "price_2023"),
            ("pirce_2023", "price_2023"),
            ("pric2023", "price_2023"),
            ("arae", "area"),
            ("are", "area"),
            ("areas", "area"),
            ("rooks", "rooms"),
        ] {
            assert_eq!(meant(wanted, [name].into_iter()), Some(name), "{wanted}");
        }
    }
}
