//! The code of a generated file: those items of the files in `template` that it uses.
//!
//! The files are compiled and tested as modules, too ([`single`] and [`double`]). An item is a constant, a type, a
//! function or a module. Items are separated by blank lines, and what belongs to an item has no blank line that is
//! followed by a line without indentation.

use nnfs::tensor::Dtype;

const SINGLE: &str = include_str!("template/single.rs");
const DOUBLE: &str = include_str!("template/double.rs");
const SHARED: &str = include_str!("template/shared.rs");

#[cfg(test)]
#[allow(unsafe_code)]
#[path = "template/double.rs"]
mod double;
#[cfg(test)]
#[allow(unsafe_code)]
#[path = "template/single.rs"]
mod single;

/// An item of a template.
struct Item<'a> {
    name: &'a str,
    text: &'a str,
}

/// The items that the code uses, and those that they use: the kind of number, layers and functions, then constants and
/// the fused product.
pub(super) fn items_for(code: &str, dtype: Dtype) -> String {
    let numbers = match dtype {
        Dtype::F32 => SINGLE,
        Dtype::F64 => DOUBLE,
    };
    let mut numbers = items(numbers);
    let first = numbers.next();
    let items: Vec<Item<'_>> = first.into_iter().chain(items(SHARED)).chain(numbers).collect();
    let mut is_used = vec![false; items.len()];
    let mut unread = vec![code];
    while let Some(code) = unread.pop() {
        for (item, is_used) in items.iter().zip(&mut is_used) {
            if !*is_used && has_word(code, item.name) {
                *is_used = true;
                unread.push(item.text);
            }
        }
    }
    let used = items.iter().zip(is_used).filter(|(_, is_used)| *is_used);
    used.map(|(item, _)| format!("{}\n\n", item.text)).collect()
}

/// The items of a template that a generated file may need. Those that have no name, and modules in other files, are for
/// the template alone.
fn items(template: &str) -> impl Iterator<Item = Item<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut ends = rest.match_indices("\n\n").map(|(at, _)| at);
        let end = ends.find(|at| !rest[at + 2..].starts_with(' ')).unwrap_or(rest.len());
        let (text, after) = rest.split_at(end);
        rest = after.trim_start();
        Some(text.trim_end())
    })
    .filter(|text| !(text.ends_with(';') && text.lines().any(|line| line.starts_with("mod "))))
    .filter_map(|text| Some(Item { name: name(text)?, text }))
}

/// The name that an item defines.
fn name(item: &str) -> Option<&str> {
    const KEYWORDS: [&str; 4] = ["const ", "type ", "fn ", "mod "];
    let found = |line| KEYWORDS.iter().find_map(|keyword| str::strip_prefix(line, keyword));
    let rest = item.lines().find_map(found)?;
    rest.split(|letter| !is_of_word(letter)).next()
}

/// Whether the code has the word outside of comments.
fn has_word(code: &str, word: &str) -> bool {
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| line.split(|letter| !is_of_word(letter))).any(|found| found == word)
}

fn is_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_in_other_files_are_no_items() {
        for (template, module, item) in
            [(SINGLE, "shared", "fma"), (DOUBLE, "shared", "software"), (SHARED, "tests", "dense")]
        {
            assert!(template.contains(&format!("\nmod {module};")), "{module}");
            let names: Vec<&str> = items(template).map(|item| item.name).collect();
            assert!(!names.contains(&module) && names.contains(&item), "{names:?}");
        }
    }
}
