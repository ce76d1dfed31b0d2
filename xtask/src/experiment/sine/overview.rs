//! `lesson.svg`: the last fits of all runs in the grid of the lesson.

use nnfs_report::{Cell, Lesson, Picture, Report, RunReport, VerdictKind};
use plotters::prelude::*;

use super::super::chart::{Area, BLUE, Drawn, ORANGE, PURPLE, canvas, centred, px};
use super::pictures::{HIGHEST, LOWEST};

/// Sizes in pixels: of a cell, of the headings at the left and at the top, of the line under a cell.
const CELL: (u32, u32) = (170, 120);
const LEFT: u32 = 130;
const TOP: u32 = 46;
const CAPTION: u32 = 26;

/// The lesson of a report as a picture, if it has one.
pub(crate) fn lesson_svg(report: &Report) -> anyhow::Result<Option<String>> {
    let Some(lesson) = &report.lesson else { return Ok(None) };
    let (columns, rows) = (lesson.columns.len() as u32, lesson.rows.len() as u32);
    let size = (LEFT + columns * CELL.0, TOP + rows * (CELL.1 + CAPTION));
    canvas(size, |root| draw(root, lesson, &report.runs)).map(Some)
}

fn draw(root: &Area<'_>, lesson: &Lesson, runs: &[RunReport]) -> Drawn {
    for (column, name) in lesson.columns.iter().enumerate() {
        let x = LEFT + column as u32 * CELL.0 + CELL.0 / 2;
        let name = format!("{} {name}", lesson.column_name);
        // In two lines where there is a decay.
        for (line, part) in name.split(", ").enumerate() {
            root.draw(&Text::new(part.to_owned(), at(x, 15 + 17 * line as u32), centred(13)))?;
        }
    }
    for (row, name) in lesson.rows.iter().enumerate() {
        let y = TOP + row as u32 * (CELL.1 + CAPTION) + CELL.1 / 2;
        for (line, part) in name.split(", ").enumerate() {
            root.draw(&Text::new(
                part.to_owned(),
                at(LEFT / 2, y + 17 * line as u32),
                centred(13),
            ))?;
        }
    }
    lesson.cells.iter().try_for_each(|cell| draw_cell(root, *cell, &runs[cell.run]))
}

fn draw_cell(root: &Area<'_>, Cell { row, column, .. }: Cell, run: &RunReport) -> Drawn {
    let Picture::Curve(curve) = &run.picture else { return Ok(()) };
    let (left, top) = (LEFT + column as u32 * CELL.0, TOP + row as u32 * (CELL.1 + CAPTION));
    let area = root.clone().shrink(at(left + 6, top), (px(CELL.0 - 12), px(CELL.1)));
    let (word, color) = word(run.verdict.kind);
    let mut plot =
        ChartBuilder::on(&area).margin(px(6)).build_cartesian_2d(0.0..1.0, LOWEST..HIGHEST)?;
    let last = run.frames.last().map_or(&[][..], |frame| &frame.predictions);
    for (values, shade, width) in [(curve.targets.as_slice(), BLUE, 5), (last, ORANGE, 2)] {
        let points = curve.inputs.iter().copied().zip(values.iter().copied());
        let points = points.filter(|(_, value)| !value.is_nan());
        let points = points.map(|(input, value)| (input, value.clamp(LOWEST, HIGHEST)));
        plot.draw_series(LineSeries::new(points, shade.stroke_width(px(width))))?;
    }
    let frame = [(0, 0), (px(CELL.0 - 12) as i32, px(CELL.1) as i32)];
    area.draw(&Rectangle::new(frame, color.stroke_width(px(2))))?;
    let caption = format!("{}: {word}", run.name);
    let style = centred(13).color(&color);
    root.draw(&Text::new(caption, at(left + CELL.0 / 2, top + CELL.1 + CAPTION / 2), style))
}

/// What came of a run, as a word and a colour.
fn word(kind: VerdictKind) -> (&'static str, RGBColor) {
    match kind {
        VerdictKind::Done => ("done", BLUE),
        VerdictKind::StoppedEarly => ("stopped early", BLUE),
        VerdictKind::Learned => ("learned", RGBColor(0, 110, 80)),
        VerdictKind::Unsteady => ("unsteady", PURPLE),
        VerdictKind::Learning => ("still learning", BLUE),
        VerdictKind::Stuck => ("stuck", RGBColor(179, 60, 0)),
        VerdictKind::Diverged => ("diverged", RGBColor(179, 60, 0)),
        VerdictKind::Interrupted => ("interrupted", PURPLE),
    }
}

fn at(x: u32, y: u32) -> (i32, i32) {
    (px(x) as i32, px(y) as i32)
}
