//! The two classifiers of spirals that the book builds before its chapter on regression.

mod picture;
mod plane;
mod report;
mod setups;

pub use picture::classes_svg;
pub use report::{ReportSettings, network, report, run_report};
pub use setups::{Classes, training};
