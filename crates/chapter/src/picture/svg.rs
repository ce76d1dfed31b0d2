//! A picture as SVG text: rectangles, lines, circles and words.

use std::fmt::Write;

pub(crate) const BLACK: &str = "#222222";
pub(crate) const GREY: &str = "#696969";
pub(crate) const LIGHT_GREY: &str = "#e1e1e1";

// The colours of Okabe and Ito, which colour-blind readers can tell apart.
pub(crate) const BLUE: &str = "#0072b2";
pub(crate) const ORANGE: &str = "#d55e00";
pub(crate) const GREEN: &str = "#009e73";
pub(crate) const PURPLE: &str = "#a0437c";

/// A point in pixels, from the upper left corner.
pub(crate) type Point = (f64, f64);

/// Where a text is, relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextStyle {
    pub(crate) size: u32,
    pub(crate) anchor: Anchor,
    pub(crate) color: &'static str,
}

impl TextStyle {
    /// Black, centred on its point.
    pub(crate) fn centred(size: u32) -> Self {
        Self { size, anchor: Anchor::Middle, color: BLACK }
    }
}

/// A picture that is being drawn.
#[derive(Debug)]
pub(crate) struct Svg(String);

impl Svg {
    /// A white picture of this size in pixels.
    pub(crate) fn new(width: u32, height: u32) -> Self {
        let mut svg = Self(String::new());
        svg.push(format_args!(
            "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\">"
        ));
        svg.rectangle((0.0, 0.0), (f64::from(width), f64::from(height)), "#ffffff");
        svg
    }

    /// A filled rectangle with its upper left corner at `at`.
    pub(crate) fn rectangle(&mut self, at: Point, size: Point, color: &str) {
        let [x, y, width, height] = [at.0, at.1, size.0, size.1].map(short);
        self.push(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{color}\"/>"
        ));
    }

    /// A rectangle without filling.
    pub(crate) fn frame(&mut self, at: Point, size: Point, color: &str, stroke: u32) {
        let [x, y, width, height] = [at.0, at.1, size.0, size.1].map(short);
        self.push(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"none\" \
             stroke=\"{color}\" stroke-width=\"{stroke}\"/>"
        ));
    }

    /// A filled circle.
    pub(crate) fn circle(&mut self, centre: Point, radius: f64, color: &str) {
        let [x, y, radius] = [centre.0, centre.1, radius].map(short);
        self.push(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{color}\"/>"));
    }

    /// A line through points.
    pub(crate) fn line(&mut self, through: &[Point], color: &str, width: u32) {
        let points = points(through);
        self.push(format_args!("<polyline points=\"{points}\" {}/>", stroke(color, width)));
    }

    /// A line that moves: `moments` are the points that it goes through, one after another, in equal
    /// steps of an endless loop of `seconds`. Programs that do not animate show the last.
    pub(crate) fn moving_line(
        &mut self,
        moments: &[Vec<Point>],
        seconds: f64,
        color: &str,
        width: u32,
    ) {
        let last = moments.last().map_or_else(String::new, |last| points(last));
        let values: Vec<String> = moments.iter().map(|moment| points(moment)).collect();
        self.push(format_args!("<polyline points=\"{last}\" {}>", stroke(color, width)));
        self.animate("points", &values, seconds);
        self.push(format_args!("</polyline>"));
    }

    /// A text.
    pub(crate) fn text(&mut self, at: Point, style: TextStyle, text: &str) {
        self.push(format_args!("{}{}</text>", open_text(at, style, ""), escape(text)));
    }

    /// Texts in one place, one after another as in [`Svg::moving_line`].
    pub(crate) fn changing_text(
        &mut self,
        at: Point,
        style: TextStyle,
        moments: &[String],
        seconds: f64,
    ) {
        for (index, text) in moments.iter().enumerate() {
            let is_last = index + 1 == moments.len();
            let hidden = if is_last { "" } else { " visibility=\"hidden\"" };
            self.push(format_args!("{}{}", open_text(at, style, hidden), escape(text)));
            let visibility = |shown| if shown { "visible" } else { "hidden" }.to_owned();
            let values: Vec<String> =
                (0..moments.len()).map(|moment| visibility(moment == index)).collect();
            self.animate("visibility", &values, seconds);
            self.push(format_args!("</text>"));
        }
    }

    /// The whole picture.
    pub(crate) fn finish(mut self) -> String {
        self.push(format_args!("</svg>"));
        self.0
    }

    /// The values of an attribute, each for the same time, and the last one four times as long.
    fn animate(&mut self, attribute: &str, values: &[String], seconds: f64) {
        let steps = (values.len() + 3) as f64;
        let times: Vec<String> =
            (0..values.len()).map(|index| format!("{:.4}", index as f64 / steps)).collect();
        self.push(format_args!(
            "<animate attributeName=\"{attribute}\" dur=\"{seconds}s\" repeatCount=\"indefinite\" \
             calcMode=\"discrete\" keyTimes=\"{}\" values=\"{}\"/>",
            times.join(";"),
            values.join(";"),
        ));
    }

    fn push(&mut self, line: std::fmt::Arguments<'_>) {
        writeln!(self.0, "{line}").expect("writing into a string does not fail");
    }
}

fn open_text((x, y): Point, style: TextStyle, more: &str) -> String {
    let TextStyle { size, anchor, color } = style;
    let anchor = match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    let [x, y] = [x, y].map(short);
    format!(
        "<text x=\"{x}\" y=\"{y}\" dy=\"0.35em\" text-anchor=\"{anchor}\" font-size=\"{size}\" \
         fill=\"{color}\"{more}>"
    )
}

fn stroke(color: &str, width: u32) -> String {
    format!("fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"")
}

fn points(points: &[Point]) -> String {
    let points = points.iter().map(|&(x, y)| format!("{},{}", short(x), short(y)));
    points.collect::<Vec<_>>().join(" ")
}

/// A length in tenths of a pixel.
fn short(length: f64) -> f64 {
    (10.0 * length).round() / 10.0
}

/// Text as XML shows it.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_well_formed_text() {
        let mut svg = Svg::new(40, 20);
        svg.line(&[(0.0, 1.04), (2.0, 3.06)], BLUE, 2);
        svg.text((5.0, 6.0), TextStyle::centred(13), "a < b & c");
        let text = svg.finish();
        assert!(
            text.starts_with("<svg width=\"40\" height=\"20\" viewBox=\"0 0 40 20\""),
            "{text}"
        );
        assert!(text.contains("points=\"0,1 2,3.1\""), "{text}");
        assert!(text.contains(">a &lt; b &amp; c</text>"), "{text}");
        assert!(text.trim_end().ends_with("</svg>"), "{text}");
    }

    #[test]
    fn what_moves_ends_with_its_last_moment() {
        let mut svg = Svg::new(40, 20);
        svg.moving_line(&[vec![(0.0, 0.0)], vec![(1.0, 1.0)]], 5.0, BLUE, 2);
        svg.changing_text(
            (0.0, 0.0),
            TextStyle::centred(13),
            &["one".to_owned(), "two".to_owned()],
            5.0,
        );
        let text = svg.finish();
        assert!(text.contains("<polyline points=\"1,1\""), "{text}");
        assert!(text.contains("keyTimes=\"0.0000;0.2000\" values=\"0,0;1,1\""), "{text}");
        assert!(text.contains("visibility=\"hidden\">one"), "{text}");
        assert!(text.contains("values=\"hidden;visible\""), "{text}");
    }
}
