//! The snippets of the book in `docs`, compiled and run, and its exercises.
//!
//! `cargo test -p nnfs-book` checks that the summary names every page, that every link leads somewhere, that the
//! numbers of the nine runs are those of the golden files, that the page of the command has all of its options, and
//! that every exercise has the mistake that it should have. `cargo test -p nnfs-book --doc` runs the snippets.

pub mod exercise;
pub mod grade;
pub mod mistakes;
pub mod pages;

/// A module for each page that has Rust snippets, which `build.rs` writes.
#[cfg(doctest)]
mod snippets {
    include!(concat!(env!("OUT_DIR"), "/snippets.rs"));
}
