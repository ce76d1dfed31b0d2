//! What is read, and what is expected of it. Each function returns whether the input was accepted.

mod checkpoint;
mod formula;
mod import;
mod model;
mod options;
mod table;

pub use checkpoint::checkpoint;
pub use formula::formula;
pub use import::import;
pub use model::model;
pub use options::options;
pub use table::table;

/// Checks that an error has a text, and one that a person can read.
fn check_error(error: &dyn std::fmt::Display) {
    let text = error.to_string();
    assert!(!text.is_empty() && text.len() < 10_000, "an error of {} bytes", text.len());
}
