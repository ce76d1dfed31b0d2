//! The page, and the observer that records a training for it.

mod page;
mod recorder;
