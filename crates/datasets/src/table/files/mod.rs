//! From the bytes of a file to rows.
//!
//! ```text
//! reader -> kind of the file (gzip, UTF-16) -> blocks of whole rows -> threads -> rows
//! ```

mod blocks;
pub(super) mod delimiter;
mod first_lines;
mod formats;
mod gzip;
mod parser;
mod quotes;
mod records;
mod utf16;

pub(super) use blocks::{Block, Blocks};
pub(super) use first_lines::{Header, separator};
pub(super) use formats::open;
pub(super) use parser::Parser;
