//! `nnfs`, as a user runs it: options in, exit code, text and files out.

mod bad_files;
mod bagging;
mod cases;
mod dates;
mod doubtful;
mod first_lines;
mod folders;
mod inspection;
mod interchange;
#[cfg(unix)]
mod interrupt;
mod intervals;
mod keep;
mod memory;
mod misread;
mod not_finite;
mod odd;
mod outliers;
mod predict;
mod program;
mod reading;
mod report;
mod resume;
mod scores;
mod scores_table;
mod tables;
mod task;
mod train;
mod train_options;
