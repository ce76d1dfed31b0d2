//! Names of columns that may be meant by another spelling.

use strsim::osa_distance;

/// The most mistakes in a name. A swap of two neighbors is one mistake.
const MOST_MISTAKES: usize = 2;

/// A name has at most one mistake for this number of letters.
const LETTERS_PER_MISTAKE: usize = 3;

/// The letters and digits of a name in lower case.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether two names differ only in case, spaces and punctuation.
pub(super) fn has_same_letters(wanted: &str, name: &str) -> bool {
    let letters_of_wanted = letters(wanted);
    !letters_of_wanted.is_empty() && letters(name) == letters_of_wanted
}

/// The name that is most likely meant: the first with the same letters and digits, or the one with the fewest mistakes.
pub(super) fn meant<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = letters(wanted);
    let length = wanted.chars().count();
    let most = MOST_MISTAKES.min(length / LETTERS_PER_MISTAKE);
    let mistakes = |name: &'a str| {
        let letters = letters(name);
        // Far longer names cannot be meant, and their distance would take long to compute.
        let is_near = !letters.is_empty() && letters.chars().count().abs_diff(length) <= most;
        let found = is_near.then(|| osa_distance(&wanted, &letters))?;
        (found <= most).then_some((found, name))
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
}
