//! Right derivatives are accepted, wrong ones are refused, and neither hides behind a kink.

mod blocks;
mod contracts;
mod kinks;
mod layers;
mod losses;
mod one_line;
mod properties;
mod rows;
