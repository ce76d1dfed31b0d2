//! Writes a report as one HTML file.

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

/// The script of the page. Later files use earlier ones.
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
    include_str!("../assets/program/inspection.js"),
    include_str!("../assets/program/player.js"),
    include_str!("../assets/program/run.js"),
    include_str!("../assets/program/together.js"),
    include_str!("../assets/program/main.js"),
);

/// The report as an HTML page with its style, script and numbers inside. It loads nothing from the
/// network.
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
        // Only the rest of the template is searched: a report may contain such words itself.
        let (before, after) = rest.split_once(place).expect("a place of the template, in order");
        page.push_str(before);
        page.push_str(&content);
        rest = after;
    }
    page + rest
}

/// Escapes text for HTML.
fn escape_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// JSON for a `<script>` element: nothing in it can end the element or begin a comment.
fn script_data(report: &Report) -> String {
    let json = serde_json::to_string(report).expect("plain data with names for keys");
    // These three occur only inside strings, where JSON allows their code points too.
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
