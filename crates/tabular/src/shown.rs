//! Names and values of a table in a line of text.

use std::collections::HashMap;
use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

/// How many characters of a name or a value a line shows.
const CHARACTERS: usize = 40;

/// A name or a value for a line of text: its first 40 characters. Those that would end the line, that a terminal
/// would obey, or that cannot be seen, are escapes such as `\u{1b}`.
pub fn shown(text: &str) -> String {
    let mut line = String::new();
    let mut characters = text.chars();
    for c in characters.by_ref().take(CHARACTERS) {
        if c.is_control() || is_unseen(c) {
            write!(line, "{}", c.escape_default()).expect("a string takes every text");
        } else {
            line.push(c);
        }
    }
    if characters.next().is_some() {
        line.push('…');
    }
    line
}

/// Names for lines of text, each as [`shown`] gives it. Names that would look the same also get their position, from 1.
///
/// ```
/// # use nnfs_tabular::shown_apart;
/// let long = "a".repeat(60);
/// let names = [&*long, "b", &format!("{long}!")];
/// let start = "a".repeat(40);
/// let expected = [format!("{start}… (target 1)"), "b".to_owned(), format!("{start}… (target 3)")];
/// assert_eq!(shown_apart(&names, "target"), expected);
/// ```
pub fn shown_apart(names: &[&str], what: &str) -> Vec<String> {
    let shown: Vec<String> = names.iter().map(|name| shown(name)).collect();
    let mut counts = HashMap::new();
    for name in &shown {
        *counts.entry(name.as_str()).or_insert(0) += 1;
    }
    let named = shown.iter().enumerate().map(|(index, name)| match counts[name.as_str()] {
        1 => name.clone(),
        _ => format!("{name} ({what} {})", index + 1),
    });
    named.collect()
}

/// The number of columns of a terminal that a text takes. A wide character takes two, and an accent that is a character
/// by itself takes none.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text and spaces up to this number of columns of a terminal.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Whether the character changes the direction in which the text around it is shown, cannot be seen, or looks like a
/// space.
fn is_unseen(c: char) -> bool {
    let is_other_space = c.is_whitespace() && c != ' ';
    is_other_space
        || matches!(
            c,
            '\u{200b}' | '\u{ad}' | '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_start_of_a_text_without_control_characters() {
        assert_eq!(shown("größe ☃"), "größe ☃");
        assert_eq!(shown("\u{1b}[31mred\0\n\u{9b}1m"), r"\u{1b}[31mred\u{0}\n\u{9b}1m");
        assert_eq!(shown("\u{202e}abc"), r"\u{202e}abc");
        assert_eq!(shown("yes\u{200b} or\u{a0}no"), r"yes\u{200b} or\u{a0}no");
        assert_eq!(shown(&"ä".repeat(40)), "ä".repeat(40));
        assert_eq!(shown(&"ä".repeat(100_000)), "ä".repeat(40) + "…");
    }

    #[test]
    fn a_text_is_padded_by_the_columns_that_a_terminal_shows() {
        for text in ["class", "日本語", "e\u{301}t\u{e9}", "👩\u{200d}🔬", ""] {
            assert_eq!(width(&padded(text, 12)), 12, "{text}");
        }
        assert_eq!(padded("日本語", 8), "日本語  ");
        assert_eq!(padded("e\u{301}t", 4), "e\u{301}t  ");
        assert_eq!(padded("longer", 2), "longer");
    }
}
