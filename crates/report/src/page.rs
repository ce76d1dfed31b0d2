//! From a report to one HTML file that holds everything it needs.

use crate::Report;

const PAGE: &str = include_str!("../assets/page.html");
const STYLE: &str = include_str!("../assets/style.css");
const LIBRARY: &str = include_str!("../assets/vendor/echarts.common.min.js");
const LICENCES: &str = concat!(
    include_str!("../assets/vendor/NOTICE-echarts"),
    "\n\n",
    include_str!("../assets/vendor/LICENSE-echarts"),
    "\n\n",
    include_str!("../assets/vendor/LICENSE-d3"),
);

/// Our own script, in the order in which its parts need each other.
const PROGRAM: &str = concat!(
    include_str!("../assets/program/elements.js"),
    include_str!("../assets/program/numbers.js"),
    include_str!("../assets/program/theme.js"),
    include_str!("../assets/program/figure.js"),
    include_str!("../assets/program/curves.js"),
    include_str!("../assets/program/pictures.js"),
    include_str!("../assets/program/fit.js"),
    include_str!("../assets/program/scatter.js"),
    include_str!("../assets/program/regions.js"),
    include_str!("../assets/program/player.js"),
    include_str!("../assets/program/run.js"),
    include_str!("../assets/program/together.js"),
    include_str!("../assets/program/main.js"),
);

/// The report as a page: one file with its style, its script and its numbers, which asks the
/// network for nothing.
pub fn html(report: &Report) -> String {
    let mut page = String::new();
    let mut rest = PAGE;
    for (place, content) in [
        ("{{title}}", escape_text(&report.title)),
        ("{{style}}", STYLE.to_owned()),
        ("{{licences}}", escape_text(LICENCES)),
        ("{{report}}", script_data(report)),
        ("{{library}}", LIBRARY.to_owned()),
        ("{{program}}", PROGRAM.to_owned()),
    ] {
        // What was filled in is never looked at again: a report may hold such words itself.
        let (before, after) = rest.split_once(place).expect("a place of the template, in order");
        page.push_str(before);
        page.push_str(&content);
        rest = after;
    }
    page + rest
}

/// Text as HTML shows it.
fn escape_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// JSON as it may stand inside a `<script>`: nothing in it can end the element, or begin a comment.
fn script_data(report: &Report) -> String {
    let json = serde_json::to_string(report).expect("plain data with names for keys");
    // All three stand inside strings alone, where JSON knows them by their numbers too.
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
