//! What is in a file, what it computes, and what cannot be exported.

mod architectures;
mod evaluator;
mod files;
#[path = "../../src/proto.rs"]
#[allow(dead_code)]
mod proto;
mod rust_files;
mod tables;
mod values;
