//! Chapter 17: networks that learn one period of a sine.

mod book;
mod check;
mod choices;
mod lesson;
mod network;
mod pictures;
mod report;
mod runs;
mod train;

pub use book::{Expected, GoldenRow, Line};
pub use check::{Difference, Passed};
pub use choices::{Arithmetic, OptimizerChoice};
pub use lesson::{lesson, verdict};
pub use network::{Number, data, first_weights, tolerance, training};
pub use pictures::{animated_svg, data_svg, lesson_svg, run_svg};
pub use report::{MISPRINT, ReportSettings, report};
pub use runs::{Label, Run, chapter, extras};
pub use train::{TrainedRun, train};
