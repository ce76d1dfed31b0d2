//! Messages stay short, whatever a file holds.

/// How many characters of a value a message shows.
const CHARACTERS: usize = 40;

/// How many names a message lists.
const NAMES: usize = 10;

/// The start of a text.
pub(crate) fn shorten(text: &str) -> String {
    start(text, CHARACTERS)
}

/// The first characters of a text.
pub(super) fn start(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// The first of some names, each in quotes, and how many more there are.
pub(crate) fn list<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(NAMES);
    let shown: Vec<String> = names.take(NAMES).map(|name| format!("{:?}", shorten(name))).collect();
    match (shown.as_slice(), more) {
        ([], _) => "none".to_owned(),
        (shown, 0) => shown.join(", "),
        (shown, more) => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_end_in_an_ellipsis() {
        assert_eq!(shorten("abc"), "abc");
        assert_eq!(shorten(&"ä".repeat(40)), "ä".repeat(40));
        assert_eq!(shorten(&"ä".repeat(41)), "ä".repeat(40) + "…");
    }

    #[test]
    fn long_lists_end_in_a_count() {
        assert_eq!(list([].into_iter()), "none");
        assert_eq!(list(["a", "b"].into_iter()), r#""a", "b""#);
        let many = ["a"; 12];
        assert!(list(many.into_iter()).ends_with(r#", "a" and 2 more"#));
    }
}
