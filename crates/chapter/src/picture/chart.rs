//! A plot with a title, axes and a legend.

use std::ops::Range;

use super::svg::{Anchor, BLACK, GREY, LIGHT_GREY, Point, Svg, TextStyle};

/// Space around the plot, in pixels: left, right, top, bottom.
const MARGINS: [f64; 4] = [72.0, 24.0, 62.0, 54.0];

/// The distance between two lines of a grid is one of these, times a power of ten.
const STEPS: [f64; 3] = [1.0, 2.0, 5.0];

/// The most lines of a grid in one direction.
const LINES: f64 = 8.0;

/// What is around the plot.
#[derive(Debug)]
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

/// A plot to draw into, with a frame around it.
#[derive(Debug)]
pub(crate) struct Chart {
    pub(crate) svg: Svg,
    frame: Frame,
}

impl Chart {
    /// The frame with its axes; `grid` asks for lines across the plot.
    pub(crate) fn new(frame: Frame, grid: bool) -> Self {
        let svg = Svg::new(frame.size.0, frame.size.1);
        let mut chart = Self { svg, frame };
        let centre = f64::from(chart.frame.size.0) / 2.0;
        chart.svg.text((centre, 24.0), TextStyle::centred(17), &chart.frame.title);
        chart.svg.text(chart.subtitle_at(), Self::SUBTITLE, &chart.frame.subtitle);
        chart.axes(grid);
        chart
    }

    /// How the subtitle is written.
    pub(crate) const SUBTITLE: TextStyle =
        TextStyle { size: 14, anchor: Anchor::Middle, color: BLACK };

    /// Where the subtitle is.
    pub(crate) fn subtitle_at(&self) -> Point {
        (f64::from(self.frame.size.0) / 2.0, 46.0)
    }

    /// The place of a point of the plot in the picture.
    pub(crate) fn place(&self, (x, y): Point) -> Point {
        let Frame { size, x: xs, y: ys, .. } = &self.frame;
        let [left, right, top, bottom] = MARGINS;
        let (width, height) = (f64::from(size.0) - left - right, f64::from(size.1) - top - bottom);
        let share =
            |value: f64, range: &Range<f64>| (value - range.start) / (range.end - range.start);
        (left + width * share(x, xs), top + height * (1.0 - share(y, ys)))
    }

    /// The points of a curve that are in the plot: values beyond the axis are at its edge, and NaN
    /// is left out.
    pub(crate) fn curve(&self, inputs: &[f64], values: &[f64]) -> Vec<Point> {
        let Range { start, end } = self.frame.y;
        let points = inputs.iter().zip(values).filter(|(_, value)| !value.is_nan());
        points.map(|(&x, y)| self.place((x, y.clamp(start, end)))).collect()
    }

    /// A legend in the upper right corner.
    pub(crate) fn legend(&mut self, entries: &[(String, &str)]) {
        let longest = entries.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let size = (50.0 + 7.5 * longest as f64, 10.0 + 20.0 * entries.len() as f64);
        let (right, top) = self.place((self.frame.x.end, self.frame.y.end));
        let (left, top) = (right - size.0 - 10.0, top + 10.0);
        self.svg.rectangle((left, top), size, "#ffffff");
        self.svg.frame((left, top), size, LIGHT_GREY, 1);
        for (index, (name, color)) in entries.iter().enumerate() {
            let y = top + 15.0 + 20.0 * index as f64;
            self.svg.line(&[(left + 10.0, y), (left + 34.0, y)], color, 4);
            let style = TextStyle { size: 14, anchor: Anchor::Start, color: BLACK };
            self.svg.text((left + 42.0, y), style, name);
        }
    }

    /// The whole picture.
    pub(crate) fn finish(self) -> String {
        self.svg.finish()
    }

    fn axes(&mut self, grid: bool) {
        let (xs, ys) = (self.frame.x.clone(), self.frame.y.clone());
        let number = |anchor| TextStyle { size: 13, anchor, color: BLACK };
        for x in ticks(&xs) {
            let (low, high) = (self.place((x, ys.start)), self.place((x, ys.end)));
            if grid {
                self.svg.line(&[low, high], LIGHT_GREY, 1);
            }
            self.svg.line(&[low, (low.0, low.1 + 5.0)], GREY, 1);
            let at = (low.0, low.1 + 16.0);
            self.svg.text(at, number(Anchor::Middle), &x.to_string());
        }
        for y in ticks(&ys) {
            let (left, right) = (self.place((xs.start, y)), self.place((xs.end, y)));
            if grid {
                self.svg.line(&[left, right], LIGHT_GREY, 1);
            }
            self.svg.line(&[left, (left.0 - 5.0, left.1)], GREY, 1);
            self.svg.text((left.0 - 10.0, left.1), number(Anchor::End), &y.to_string());
        }
        let corners = [(xs.start, ys.end), (xs.start, ys.start), (xs.end, ys.start)];
        let corners = corners.map(|corner| self.place(corner));
        self.svg.line(&corners, GREY, 1);
        let middle = self.place(((xs.start + xs.end) / 2.0, (ys.start + ys.end) / 2.0));
        let height = f64::from(self.frame.size.1);
        let (x, y) = self.frame.names;
        self.svg.text((middle.0, height - 14.0), TextStyle::centred(14), x);
        self.svg.text((16.0, middle.1), TextStyle::centred(14), y);
    }
}

/// Round numbers inside a range, in equal steps.
fn ticks(range: &Range<f64>) -> Vec<f64> {
    let width = range.end - range.start;
    let power = 10.0_f64.powi((width / LINES).log10().floor() as i32);
    let step = STEPS.iter().map(|step| step * power).find(|step| width / step <= LINES);
    let step = step.unwrap_or(10.0 * power);
    let first = (range.start / step).ceil() as i64;
    let last = (range.end / step).floor() as i64;
    // A hundredth of a step is rounded away: 3 * 0.2 is not 0.6.
    let rounded = |tick: i64| {
        let digits = (1.0 / step).max(1.0) * 100.0;
        (tick as f64 * step * digits).round() / digits
    };
    (first..=last).map(rounded).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers() {
        assert_eq!(ticks(&(0.0..1.0)), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        assert_eq!(ticks(&(-1.5..1.5)), [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5]);
        assert_eq!(ticks(&(-1.1..1.1)), [-1.0, -0.5, 0.0, 0.5, 1.0]);
    }

    #[test]
    fn values_beyond_the_axis_are_at_its_edge_and_nan_is_left_out() {
        let frame = Frame {
            size: (800, 500),
            title: String::new(),
            subtitle: String::new(),
            names: ("x", "y"),
            x: 0.0..1.0,
            y: -1.5..1.5,
        };
        let chart = Chart::new(frame, true);
        let inputs = [0.0, 0.5, 1.0];
        let curve = chart.curve(&inputs, &[f64::NAN, f64::INFINITY, -1e300]);
        assert_eq!(curve, [chart.place((0.5, 1.5)), chart.place((1.0, -1.5))]);
        assert_eq!(chart.place((0.0, 1.5)), (72.0, 62.0));
    }
}
