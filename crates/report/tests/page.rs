//! The page: self-contained, and safe whatever stands in a report.

use nnfs_report::{Cell, Epoch, Fact, Frame, Lesson, Report, Run, html};

/// What a user's table may hold.
const NASTY: &str =
    "</script><script>alert(1)</script><!-- {{program}} & \u{2028} \"quoted\" \\ <img>";

fn nasty() -> Report {
    Report {
        title: NASTY.to_owned(),
        introduction: NASTY.to_owned(),
        facts: vec![Fact::new(NASTY, NASTY)],
        warnings: vec![NASTY.to_owned()],
        lesson: Some(Lesson {
            cells: vec![Cell { row: 0, column: 0, run: 0 }],
            ..Lesson::default()
        }),
        listing: None,
        runs: vec![Run {
            name: NASTY.to_owned(),
            epochs: vec![Epoch {
                data_loss: 0.1 + 0.2,
                score: Some(f64::NAN),
                learning_rate: 4.549590536851684e-5,
                ..Epoch::default()
            }],
            frames: vec![Frame { predictions: vec![f64::INFINITY], ..Frame::default() }],
            ..Run::default()
        }],
    }
}

/// The text of the element that holds the numbers.
fn data(page: &str) -> &str {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"report\">").unwrap();
    rest.split_once("</script>").unwrap().0
}

#[test]
fn nothing_in_a_report_is_markup() {
    let (plain, page) = (html(&Report::default()), html(&nasty()));
    for tag in ["<script", "</script", "<!--", "<img", "alert(1)</"] {
        assert_eq!(page.matches(tag).count(), plain.matches(tag).count(), "{tag}");
    }
    let value: serde_json::Value = serde_json::from_str(data(&page)).unwrap();
    for place in ["/title", "/introduction", "/facts/0/name", "/warnings/0", "/runs/0/name"] {
        assert_eq!(value.pointer(place).unwrap(), NASTY, "{place}");
    }
}

#[test]
fn numbers_to_read_have_all_their_digits() {
    let page = html(&nasty());
    let data = data(&page);
    assert!(data.contains("\"data_loss\":0.30000000000000004,"));
    assert!(data.contains("\"learning_rate\":0.00004549590536851684,"), "{data}");
    // JSON has no NaN.
    assert!(data.contains("\"score\":null,") && data.contains("[null]"));
}

#[test]
fn a_page_holds_everything_it_needs() {
    let library = include_str!("../assets/vendor/echarts.common.min.js");
    let page = html(&Report::default());
    assert_eq!(page.matches(library).count(), 1);
    let page = page.replace(library, "");
    assert!(!page.contains("{{"), "a place that was not filled in");
    for part in [" src=", "@import", "url(", "<iframe", "import("] {
        assert!(!page.contains(part), "{part}");
    }
    assert_eq!(page.matches("<link").count(), 1);
    assert!(page.contains("<link rel=\"icon\" href=\"data:,\">"));
    assert!(page.contains("default-src 'none'"));
    assert!(page.contains("Apache License") && page.contains("Mike Bostock"));
}
