//! Words that look the same.

use unicode_normalization::UnicodeNormalization;

/// The same text for all spellings of a word that look the same or differ only in upper and lower case.
///
/// ```text
/// upper case             lower case
/// Unicode                normalization form C: e and a combining accent are one letter
/// white space            a space for each run of it, none at the ends
/// format characters      left out: zero-width spaces, soft hyphens, marks of direction
/// ```
///
/// ```
/// use nnfs_datasets::spelling_key;
/// assert_eq!(spelling_key("New\u{a0} York"), "new york");
/// assert_eq!(spelling_key("yes\u{200b}"), spelling_key("YES"));
/// ```
pub fn spelling_key(word: &str) -> String {
    // Most words are plain.
    if word.bytes().all(|byte| byte.is_ascii_graphic()) {
        return word.to_ascii_lowercase();
    }
    let visible: String = word.chars().filter(|&c| !is_format(c)).collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    words.join(" ").to_lowercase().nfc().collect()
}

/// Whether a character is one of Unicode's format characters that occur in text (category Cf).
fn is_format(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}'
            | '\u{feff}'
    )
}

/// Groups of words that may mean the same: those with the same [`spelling_key`], and, in a column of truth
/// values, `0` and `False`, or `1` and `True`. Each group has two words or more, in order.
pub(super) fn alike<'a>(words: impl Iterator<Item = &'a str>) -> Vec<Vec<&'a str>> {
    let words: Vec<(String, &str)> =
        words.filter(|word| !word.is_empty()).map(|word| (spelling_key(word), word)).collect();
    let truth: Option<Vec<bool>> = words.iter().map(|(key, _)| truth_of(key)).collect();
    let mut groups: std::collections::BTreeMap<String, Vec<&str>> = Default::default();
    // With one truth value, the words are not a column of truth values: `no` and `false`.
    match truth.filter(|truth| truth.contains(&true) && truth.contains(&false)) {
        Some(truth) => {
            for (truth, (_, word)) in truth.into_iter().zip(words) {
                groups.entry(truth.to_string()).or_default().push(word);
            }
        }
        None => words.into_iter().for_each(|(key, word)| groups.entry(key).or_default().push(word)),
    }
    let mut groups: Vec<Vec<&str>> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups
}

/// What a word means as a truth value.
fn truth_of(key: &str) -> Option<bool> {
    match key {
        "0" | "false" | "no" => Some(false),
        "1" | "true" | "yes" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_look_the_same_have_one_key() {
        for (a, b) in [
            ("yes", "yes\u{200b}"),
            ("a b", "a\u{a0}b"),
            ("New York", "New  York"),
            ("caf\u{e9}", "CAFE\u{301}"),
            ("\u{feff}x", "X"),
            ("co\u{ad}op", "coop"),
            ("a\tb", "a b"),
        ] {
            assert_eq!(spelling_key(a), spelling_key(b), "{a:?} {b:?}");
        }
        for (a, b) in [("ab", "a b"), ("cafe", "caf\u{e9}"), ("a-b", "a b"), ("1", "1.0")] {
            assert_ne!(spelling_key(a), spelling_key(b), "{a:?} {b:?}");
        }
    }

    #[test]
    fn truth_values_are_written_in_one_way() {
        let groups = |words: &[&'static str]| alike(words.iter().copied());
        assert_eq!(groups(&["0", "1", "False", "True"]), [["0", "False"], ["1", "True"]]);
        assert_eq!(groups(&["no", "True", "yes"]), [["True", "yes"]]);
        assert!(groups(&["0", "1"]).is_empty() && groups(&["no", "false"]).is_empty());
        assert!(groups(&["0", "1", "False", "True", "2"]).is_empty());
    }
}
