//! `cargo xtask experiment`, as a user runs it: options in, exit code, text and files out.

mod options;
mod program;
mod sine;
mod spiral;
