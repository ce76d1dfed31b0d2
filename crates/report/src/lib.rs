#![doc = include_str!("../README.md")]

mod data;
mod inspection;
mod page;
mod recorder;
mod report;
mod round;
mod run;

pub use inspection::{ColumnImportance, Dependence, DependenceValues, Inspection};
pub use page::html;
pub use recorder::{Recorder, chosen_epochs, epochs_apart};
pub use report::{Cell, Fact, Lesson, ListedLine, ListedRun, Listing, Report, TextTable};
pub use round::short;
pub use run::{
    Confusion, Curve, Frame, LayerHealth, Picture, Point, Regions, RunReport, Scatter, ShownMetric,
    Verdict, VerdictKind,
};
