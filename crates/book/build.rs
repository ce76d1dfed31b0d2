//! Makes a doctest of each Rust snippet in `docs`.
//!
//! The pages have the lines that a reader needs. Here each snippet becomes the body of a `main` that returns a
//! `Result`, so that it may use `?`.

// Cargo reads stdout.
#![allow(clippy::print_stdout)]

#[allow(dead_code, unreachable_pub)] // Only the list of the files is needed.
#[path = "src/pages.rs"]
mod pages;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let mut modules = String::new();
    for page in pages::files(&docs)?.iter().filter(|page| page.ends_with(".md")) {
        // A new page is a line in SUMMARY.md, too.
        println!("cargo::rerun-if-changed={}", docs.join(page).display());
        let text = fs::read_to_string(docs.join(page))?;
        if text.contains("\n```rust\n") {
            let module = page.trim_end_matches(".md").replace(['/', '-'], "_").to_lowercase();
            let tests = out.join(&module).with_extension("md");
            fs::write(&tests, doctests(&text))?;
            writeln!(modules, "#[doc = include_str!({tests:?})]\nmod {module} {{}}")
                .expect("writing into a string does not fail");
        }
    }
    fs::write(out.join("snippets.rs"), modules)
}

/// The Rust snippets of a page, each in a `main`, at their lines of the page. All other lines are empty.
fn doctests(page: &str) -> String {
    let mut lines = vec![""; page.lines().count() + 1];
    let mut in_snippet = false;
    for (index, line) in page.lines().enumerate() {
        match (in_snippet, line) {
            // The lines before and after a snippet are empty.
            (false, "```rust") => {
                lines[index - 1] = line;
                lines[index] = "# fn main() -> Result<(), Box<dyn std::error::Error>> {";
                in_snippet = true;
            }
            (true, "```") => {
                lines[index] = "# Ok(()) }";
                lines[index + 1] = line;
                in_snippet = false;
            }
            (true, _) => lines[index] = line,
            (false, _) => {}
        }
    }
    lines.join("\n")
}
