//! The pictures of the sine: the data, the fit of a run, and all fits side by side.

use nnfs::tensor::Tensor;
use nnfs_report::{Cell, Frame as Moment, Lesson, Picture, Report, RunReport, VerdictKind};

use super::network::watched_rows;
use super::runs::Run;
use super::train::TrainedRun;
use crate::picture::{BLUE, Chart, Frame, ORANGE, PURPLE, Svg, TextStyle};
use crate::{Samples, log};

/// The axis of the sine, with room for predictions beyond it.
const LOWEST: f64 = -1.5;
const HIGHEST: f64 = 1.5;

/// How long an animation takes, in seconds.
const SECONDS: f64 = 12.0;

/// Every how many frames there is one in an animation.
const FRAMES_APART: usize = 2;

/// `data.svg`: the first picture of the chapter.
pub fn data_svg(data: &Samples<f64>) -> String {
    let frame =
        frame("The data of the chapter".to_owned(), "y = sin(2πx), 1000 samples".to_owned());
    let mut chart = Chart::new(frame, true);
    let curve = chart.curve(data.inputs.as_slice(), data.targets.as_slice());
    chart.svg.line(&curve, BLUE, 3);
    chart.finish()
}

/// `run-N.svg`: the targets, and the last predictions over them.
pub fn run_svg(run: &Run, trained: &TrainedRun, data: &Samples<f64>) -> String {
    let mut chart = Chart::new(frame(title(run), trained.training.verdict()), true);
    let inputs = data.inputs.as_slice();
    let targets = chart.curve(inputs, data.targets.as_slice());
    chart.svg.line(&targets, BLUE, 6);
    let predictions = chart.curve(inputs, &trained.predictions);
    chart.svg.line(&predictions, ORANGE, 2);
    legend(&mut chart);
    chart.finish()
}

/// `run-N-animated.svg`: the fit from the first weights to the last.
pub fn animated_svg(run: &Run, trained: &TrainedRun, data: &Samples<f64>) -> String {
    let rows = watched_rows();
    let pick = |values: &Tensor<f64>| rows.iter().map(|&row| values[row]).collect::<Vec<f64>>();
    let inputs = pick(&data.inputs);
    let mut chart = Chart::new(frame(title(run), String::new()), true);
    let targets = chart.curve(&inputs, &pick(&data.targets));
    chart.svg.line(&targets, BLUE, 6);
    let moments = moments(&trained.training.frames);
    let lines: Vec<_> =
        moments.iter().map(|moment| chart.curve(&inputs, &moment.predictions)).collect();
    chart.svg.moving_line(&lines, SECONDS, ORANGE, 2);
    let epochs = &trained.training.epochs;
    let texts: Vec<String> = moments
        .iter()
        .map(|moment| match epochs.iter().find(|epoch| epoch.epoch == moment.epoch) {
            Some(epoch) => log::summary(epoch),
            None => format!("epoch {}", moment.epoch),
        })
        .collect();
    let at = chart.subtitle_at();
    chart.svg.changing_text(at, Chart::SUBTITLE, &texts, SECONDS);
    legend(&mut chart);
    chart.finish()
}

/// The frames of an animation: the first, the last, and some of those between.
fn moments(frames: &[Moment]) -> Vec<&Moment> {
    let last = frames.len().saturating_sub(1);
    let chosen = frames.iter().enumerate();
    let chosen =
        chosen.filter(|(index, _)| (last - index).is_multiple_of(FRAMES_APART) || *index == 0);
    chosen.map(|(_, frame)| frame).collect()
}

fn title(run: &Run) -> String {
    format!("{}: {}, {}, {}", run.name(), run.network(), run.init, run.optimizer)
}

fn frame(title: String, subtitle: String) -> Frame {
    let (x, y) = (0.0..1.0, LOWEST..HIGHEST);
    Frame { size: (800, 500), title, subtitle, names: ("x", "y"), x, y }
}

fn legend(chart: &mut Chart) {
    chart.legend(&[("training targets".to_owned(), BLUE), ("predictions".to_owned(), ORANGE)]);
}

/// Sizes of `lesson.svg` in pixels: of a cell, of the headings on the left and at the top, of the line
/// under a cell.
const CELL: (f64, f64) = (170.0, 120.0);
const LEFT: f64 = 130.0;
const TOP: f64 = 46.0;
const CAPTION: f64 = 26.0;

/// `lesson.svg`: the last fits of all runs in the grid of the lesson, if the report has one.
pub fn lesson_svg(report: &Report) -> Option<String> {
    let lesson = report.lesson.as_ref()?;
    let (columns, rows) = (lesson.columns.len() as f64, lesson.rows.len() as f64);
    let size = (LEFT + columns * CELL.0, TOP + rows * (CELL.1 + CAPTION));
    let mut svg = Svg::new(size.0 as u32, size.1 as u32);
    headings(&mut svg, lesson);
    for cell in &lesson.cells {
        draw_cell(&mut svg, *cell, &report.runs[cell.run]);
    }
    Some(svg.finish())
}

/// The names of columns and rows, in two lines if they have a comma.
fn headings(svg: &mut Svg, lesson: &Lesson) {
    let mut heading = |x: f64, y: f64, name: &str| {
        for (line, part) in name.split(", ").enumerate() {
            svg.text((x, y + 17.0 * line as f64), TextStyle::centred(13), part);
        }
    };
    for (column, name) in lesson.columns.iter().enumerate() {
        let x = LEFT + (column as f64 + 0.5) * CELL.0;
        heading(x, 15.0, &format!("{} {name}", lesson.column_name));
    }
    for (row, name) in lesson.rows.iter().enumerate() {
        heading(LEFT / 2.0, TOP + row as f64 * (CELL.1 + CAPTION) + CELL.1 / 2.0, name);
    }
}

fn draw_cell(svg: &mut Svg, Cell { row, column, .. }: Cell, run: &RunReport) {
    let Picture::Curve(curve) = &run.picture else { return };
    let (left, top) = (LEFT + column as f64 * CELL.0, TOP + row as f64 * (CELL.1 + CAPTION));
    let (width, height) = (CELL.0 - 12.0, CELL.1);
    let (word, color) = word(run.verdict.kind);
    let last = run.frames.last().map_or(&[][..], |frame| &frame.predictions);
    for (values, shade, stroke) in [(curve.targets.as_slice(), BLUE, 5), (last, ORANGE, 2)] {
        let points = curve.inputs.iter().zip(values).filter(|(_, value)| !value.is_nan());
        let points = points.map(|(input, value)| {
            let share = (HIGHEST - value.clamp(LOWEST, HIGHEST)) / (HIGHEST - LOWEST);
            (left + 12.0 + input * (width - 12.0), top + 6.0 + share * (height - 12.0))
        });
        svg.line(&points.collect::<Vec<_>>(), shade, stroke);
    }
    svg.frame((left + 6.0, top), (width, height), color, 2);
    let at = (left + CELL.0 / 2.0, top + CELL.1 + CAPTION / 2.0);
    let style = TextStyle { color, ..TextStyle::centred(13) };
    svg.text(at, style, &format!("{}: {word}", run.name));
}

/// The verdict on a run as a word and a colour.
fn word(kind: VerdictKind) -> (&'static str, &'static str) {
    match kind {
        VerdictKind::Done => ("done", BLUE),
        VerdictKind::StoppedEarly => ("stopped early", BLUE),
        VerdictKind::Learned => ("learned", "#006e50"),
        VerdictKind::Unsteady => ("unsteady", PURPLE),
        VerdictKind::Learning => ("still learning", BLUE),
        VerdictKind::Stuck => ("stuck", "#b33c00"),
        VerdictKind::Diverged => ("diverged", "#b33c00"),
        VerdictKind::Interrupted => ("interrupted", PURPLE),
    }
}

#[cfg(test)]
mod tests {
    use nnfs::model::Control;

    use super::super::{Arithmetic, chapter, data, train};
    use super::*;

    fn trained(epochs: usize) -> TrainedRun {
        train(&chapter()[8], Arithmetic::F32, 0, epochs, &mut |_| Control::Continue).unwrap()
    }

    #[test]
    fn a_run_that_has_diverged_can_be_drawn() {
        let run = &chapter()[8];
        let mut trained = trained(1);
        trained.predictions[..3].copy_from_slice(&[f64::NAN, f64::INFINITY, -1e300]);
        let text = run_svg(run, &trained, &data());
        assert!(text.contains("run 9: 1-64-64-1, normal:0.1, adam 0.005, decay 0.001"));
        assert!(text.contains("targets") && text.contains("predictions"));
        assert!(!text.contains("NaN") && !text.contains("inf"));
    }

    #[test]
    fn an_animation_goes_from_the_first_frame_to_the_last() {
        let trained = trained(8);
        let epochs: Vec<usize> =
            moments(&trained.training.frames).iter().map(|frame| frame.epoch).collect();
        assert_eq!(epochs, [0, 1, 3, 5, 7]);
        let text = animated_svg(&chapter()[8], &trained, &data());
        assert_eq!(text.matches("<animate ").count(), 1 + epochs.len());
        assert!(text.contains("epoch 0: accuracy") && text.contains("epoch 7: accuracy"));
    }
}
