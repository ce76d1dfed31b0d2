#![doc = include_str!("../README.md")]

mod page;
mod recorder;
mod report;
mod round;
mod run;
mod thin;

pub use page::html;
pub use recorder::{Recorder, chosen_epochs, epochs_apart};
pub use report::{Cell, Fact, Lesson, ListedLine, ListedRun, Listing, Report, Table};
pub use run::{
    Confusion, Curve, Epoch, Frame, LayerHealth, Outcome, Picture, Point, Regions, Run, Scatter,
    Score, Verdict,
};
