//! The pictures: the data, and what a run has made of it.

use nnfs_report::Frame as Moment;
use nnfs_tensor::Tensor;
use plotters::prelude::*;

use super::super::animation::gif;
use super::super::chart::{BLUE, Drawn, Frame, ORANGE, Plot, legend, px, svg};
use super::super::raster::Raster;
use super::super::record::Record;
use super::super::training::Data;
use super::network::watched_rows;
use super::runs::Run;
use super::train::Outcome;

/// The axis of the sine, with room for predictions that overshoot.
pub(crate) const LOWEST: f64 = -1.5;
pub(crate) const HIGHEST: f64 = 1.5;

/// An animation is smaller than a picture.
const GIF_SCALE: f32 = 0.8;

/// A curve with the name that the legend gives it.
struct Curve<'a> {
    name: &'a str,
    color: RGBColor,
    width: u32,
    values: &'a [f64],
}

/// `data.svg`: the first picture of the chapter.
pub(crate) fn data_svg(data: &Data<f64>) -> anyhow::Result<String> {
    let frame = frame("The data of the chapter", "y = sin(2πx), 1000 samples");
    let targets = data.targets.as_slice();
    let curve = Curve { name: "targets", color: BLUE, width: 3, values: targets };
    svg(&frame, |plot| draw(plot, &data.inputs, &curve))
}

/// `run-N.svg`: targets, and the last predictions over them.
pub(crate) fn run_svg(run: &Run, outcome: &Outcome, data: &Data<f64>) -> anyhow::Result<String> {
    fit_svg(run, &outcome.history.verdict(), data, &outcome.predictions)
}

/// `run-N.gif`: the fit from the first weights to the last.
pub(crate) fn run_gif(
    run: &Run,
    outcome: &Outcome,
    data: &Data<f64>,
    raster: &Raster,
) -> anyhow::Result<Vec<u8>> {
    let rows = watched_rows();
    let Data { inputs, targets } = data;
    let data = Data { inputs: inputs.select_rows(&rows), targets: targets.select_rows(&rows) };
    let picture = |frame: &Moment| {
        let record = outcome.history.curve.iter().find(|r| r.epoch == frame.epoch as u64);
        let words = record.map_or_else(|| format!("epoch {}", frame.epoch), Record::verdict);
        raster.draw(&fit_svg(run, &words, &data, &frame.predictions)?, GIF_SCALE)
    };
    let pictures =
        outcome.history.frames.iter().map(picture).collect::<anyhow::Result<Vec<_>>>()?;
    gif(&pictures)
}

fn fit_svg(
    run: &Run,
    subtitle: &str,
    data: &Data<f64>,
    predictions: &[f64],
) -> anyhow::Result<String> {
    let title = format!("{}: {}, {}, {}", run.name(), run.network(), run.init, run.optimizer);
    let targets =
        Curve { name: "training targets", color: BLUE, width: 6, values: data.targets.as_slice() };
    let predictions = Curve { name: "predictions", color: ORANGE, width: 2, values: predictions };
    svg(&frame(&title, subtitle), |plot| {
        draw(plot, &data.inputs, &targets)?;
        draw(plot, &data.inputs, &predictions)?;
        legend(plot, SeriesLabelPosition::UpperRight)
    })
}

fn frame(title: &str, subtitle: &str) -> Frame {
    Frame {
        size: (800, 500),
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        names: ("x", "y"),
        x: 0.0..1.0,
        y: LOWEST..HIGHEST,
    }
}

/// Values beyond the axis are drawn at its edge, and those that are no number not at all.
fn draw(plot: &mut Plot<'_>, inputs: &Tensor<f64>, curve: &Curve<'_>) -> Drawn {
    let style = curve.color.stroke_width(px(curve.width));
    let points = inputs.iter().zip(curve.values).filter(|(_, value)| !value.is_nan());
    let points = points.map(|(&input, value)| (input, value.clamp(LOWEST, HIGHEST)));
    plot.draw_series(LineSeries::new(points, style))?
        .label(curve.name)
        .legend(move |(x, y)| PathElement::new([(x, y), (x + px(24) as i32, y)], style));
    Ok(())
}

#[cfg(test)]
mod tests {
    use nnfs_report::TextTable;

    use super::super::super::progress::Progress;
    use super::super::super::stop::Stop;
    use super::super::{network, runs};
    use super::*;

    #[test]
    fn a_picture_is_shown_at_its_size_and_drawn_finer() {
        let text = data_svg(&network::data()).unwrap();
        let head = "<svg width=\"800\" height=\"500\" viewBox=\"0 0 3200 2000\"";
        assert!(text.starts_with(head), "{}", &text[..100]);
        assert!(text.trim_end().ends_with("</svg>"));
    }

    #[test]
    fn a_run_that_has_diverged_can_be_drawn() {
        let run = &runs::chapter()[8];
        let mut training = network::training::<f32>(run, 0).unwrap();
        let history = training.run(1, &Stop::default(), Progress::Silent.start(String::new(), 1));
        let mut predictions = vec![0.5; 1000];
        predictions[..3].copy_from_slice(&[f64::NAN, f64::INFINITY, -1e300]);
        let layers = TextTable::layers(training.model.summary());
        let outcome = Outcome { history, predictions, layers };
        let text = run_svg(run, &outcome, &network::data()).unwrap();
        assert!(text.contains("run 9: 1-64-64-1, normal:0.1, adam 0.005, decay 0.001"));
        assert!(text.contains("targets") && text.contains("predictions"));
        assert!(!text.contains("NaN") && !text.contains("inf"));
    }
}
