//! The frame that every picture of an experiment stands in: title, axes, and the SVG around them.

use std::ops::Range;

use anyhow::Context as _;
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// plotters writes whole pixels. A picture is drawn this many times as large as it is shown, so
/// that a curve stays smooth.
const SCALE: u32 = 4;

const BLACK: RGBColor = RGBColor(34, 34, 34);
const GREY: RGBColor = RGBColor(105, 105, 105);
const LIGHT_GREY: RGBColor = RGBColor(225, 225, 225);

/// Colours that people tell apart whatever their eyes: those of Okabe and Ito.
pub(crate) const BLUE: RGBColor = RGBColor(0, 114, 178);
pub(crate) const ORANGE: RGBColor = RGBColor(213, 94, 0);
pub(crate) const GREEN: RGBColor = RGBColor(0, 158, 115);
pub(crate) const PURPLE: RGBColor = RGBColor(160, 67, 124);

/// A length in pixels of the picture as it is shown.
pub(crate) const fn px(pixels: u32) -> u32 {
    pixels * SCALE
}

/// What stands around the plot.
pub(crate) struct Frame {
    /// Width and height in pixels.
    pub(crate) size: (u32, u32),
    pub(crate) title: String,
    /// A second line, or nothing.
    pub(crate) subtitle: String,
    /// Names of the axes.
    pub(crate) names: (&'static str, &'static str),
    pub(crate) x: Range<f64>,
    pub(crate) y: Range<f64>,
}

/// The plot, to draw into in the units of its axes.
pub(crate) type Plot<'a> =
    ChartContext<'a, SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// What drawing gives.
pub(crate) type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// A part of a picture that is drawn on.
pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// An SVG of the frame with what `paint` draws inside.
pub(crate) fn svg(
    frame: &Frame,
    paint: impl FnOnce(&mut Plot<'_>) -> Drawn,
) -> anyhow::Result<String> {
    canvas(frame.size, |root| draw(frame, root, paint))
}

/// An SVG of this size in pixels, white but for what `paint` draws.
pub(crate) fn canvas(
    (width, height): (u32, u32),
    paint: impl FnOnce(&Area<'_>) -> Drawn,
) -> anyhow::Result<String> {
    let mut text = String::new();
    let root = SVGBackend::with_string(&mut text, (px(width), px(height))).into_drawing_area();
    let drawn = root.fill(&WHITE).and_then(|()| paint(&root)).and_then(|()| root.present());
    drawn.context("cannot draw a picture")?;
    drop(root);
    let drawn = format!("width=\"{}\" height=\"{}\"", px(width), px(height));
    Ok(text.replacen(&drawn, &format!("width=\"{width}\" height=\"{height}\""), 1))
}

fn draw(frame: &Frame, root: &Area<'_>, paint: impl FnOnce(&mut Plot<'_>) -> Drawn) -> Drawn {
    let (heading, body) = root.split_vertically(px(62));
    let centre = (px(frame.size.0) / 2) as i32;
    for (text, size, middle) in [(&frame.title, 17, 24), (&frame.subtitle, 14, 46)] {
        let at = (centre, px(middle) as i32);
        heading.draw(&Text::new(text.as_str(), at, centred(size)))?;
    }
    let mut plot = ChartBuilder::on(&body)
        .margin_left(px(12))
        .margin_right(px(24))
        .margin_bottom(px(12))
        .x_label_area_size(px(42))
        .y_label_area_size(px(60))
        .build_cartesian_2d(frame.x.clone(), frame.y.clone())?;
    plot.configure_mesh()
        .x_desc(frame.names.0)
        .y_desc(frame.names.1)
        .x_labels(8)
        .y_labels(8)
        .label_style(font(13))
        .axis_desc_style(font(14))
        .axis_style(GREY.stroke_width(px(1)))
        .bold_line_style(LIGHT_GREY.stroke_width(px(1)))
        .light_line_style(TRANSPARENT)
        .set_all_tick_mark_size(px(5))
        .draw()?;
    paint(&mut plot)
}

/// A legend of the series that were given a label.
pub(crate) fn legend(plot: &mut Plot<'_>, position: SeriesLabelPosition) -> Drawn {
    plot.configure_series_labels()
        .position(position)
        .margin(px(10))
        .legend_area_size(px(34))
        .label_font(font(14))
        .background_style(WHITE)
        .border_style(LIGHT_GREY.stroke_width(px(1)))
        .draw()
}

/// Text around the middle of which it is placed.
pub(crate) fn centred(size: u32) -> TextStyle<'static> {
    font(size).pos(Pos::new(HPos::Center, VPos::Center))
}

fn font(size: u32) -> TextStyle<'static> {
    ("sans-serif", px(size)).into_font().color(&BLACK)
}
