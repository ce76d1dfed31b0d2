//! Names and values of a table in a line of text.

use std::fmt::Write;

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
}
