//! Pictures as SVG.

mod chart;
mod svg;

pub(crate) use chart::{Chart, Frame};
pub(crate) use svg::{BLUE, GREEN, ORANGE, PURPLE, Point, Svg, TextStyle};
