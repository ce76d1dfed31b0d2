//! The page is self-contained, and safe with any text in a report.

use nnfs_model::Epoch;
use nnfs_report::{
    Cell, ColumnImportance, Dependence, DependenceValues, Fact, Frame, Inspection, Lesson, Report,
    RunReport, ShownMetric, html,
};

/// A text from a user's table that tries to break the page.
const NASTY: &str =
    "</script><script>alert(1)</script><!-- {{program}} & \u{2028} \"quoted\" \\ <img>";

fn epoch(epoch: usize) -> Epoch {
    Epoch {
        epoch,
        data_loss: 1.0,
        penalty: 0.0,
        metrics: Vec::new(),
        validation: None,
        judged_loss: None,
        learning_rate: 0.01,
        gradient_norm: 1.0,
        seconds: 0.0,
    }
}

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
        runs: vec![RunReport {
            name: NASTY.to_owned(),
            metric: Some(ShownMetric { name: NASTY.to_owned(), ..ShownMetric::default() }),
            epochs: vec![Epoch {
                data_loss: 0.1 + 0.2,
                metrics: vec![(NASTY.to_owned(), f64::NAN)],
                learning_rate: 4.549590536851684e-5,
                ..epoch(0)
            }],
            frames: vec![Frame { predictions: vec![f64::INFINITY], ..Frame::default() }],
            inspection: Some(inspection()),
            ..RunReport::default()
        }],
    }
}

fn inspection() -> Inspection {
    Inspection {
        rows: NASTY.to_owned(),
        importances: vec![ColumnImportance {
            column: NASTY.to_owned(),
            importance: 0.123_456_78,
            deviation: f64::NAN,
        }],
        dependences: vec![Dependence {
            column: NASTY.to_owned(),
            values: DependenceValues::Categories(vec![NASTY.to_owned()]),
            outputs: vec![NASTY.to_owned()],
            means: vec![2.0 / 3.0],
        }],
        ..Inspection::default()
    }
}

/// The JSON of the report in the page.
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
    assert!(data.contains("\"metric\":null,") && data.contains("[null]"));
}

#[test]
fn importances_and_dependences_are_on_the_page() {
    let page = html(&nasty());
    let value: serde_json::Value = serde_json::from_str(data(&page)).unwrap();
    let inspection = &value["runs"][0]["inspection"];
    let expected = serde_json::json!([
        { "column": NASTY, "importance": 0.12346, "deviation": null }
    ]);
    assert_eq!(inspection["importances"], expected);
    let expected = serde_json::json!({
        "column": NASTY,
        "values": { "kind": "categories", "list": [NASTY] },
        "outputs": [NASTY],
        "means": [0.66667],
    });
    assert_eq!(inspection["dependences"][0], expected);
}

#[test]
fn a_page_holds_everything_it_needs() {
    let library = include_str!("../../assets/vendor/echarts.common.min.js");
    let page = html(&Report::default());
    assert_eq!(page.matches(library).count(), 1);
    let page = page.replace(library, "");
    assert!(!page.contains("{{"), "a place of the template is left");
    for part in [" src=", "@import", "url(", "<iframe", "import("] {
        assert!(!page.contains(part), "{part}");
    }
    assert_eq!(page.matches("<link").count(), 1);
    assert!(page.contains("<link rel=\"icon\" href=\"data:,\">"));
    assert!(page.contains("default-src 'none'"));
    assert!(page.contains("Apache License") && page.contains("Mike Bostock"));
}

/// The epochs of a run on its page, and the number of its notes.
fn shown_epochs(run: RunReport) -> (Vec<u64>, usize) {
    let page = html(&Report { runs: vec![run], ..Report::default() });
    let value: serde_json::Value = serde_json::from_str(data(&page)).unwrap();
    let run = &value["runs"][0];
    let epochs = run["epochs"].as_array().unwrap().iter();
    let epochs = epochs.map(|epoch| epoch["epoch"].as_u64().unwrap()).collect();
    (epochs, run["notes"].as_array().unwrap().len())
}

/// A run with its lowest loss at a given epoch.
fn run(epochs: usize, lowest: usize, epochs_are_starts: bool) -> RunReport {
    let epoch =
        |number| Epoch { data_loss: if number == lowest { 0.1 } else { 1.0 }, ..epoch(number) };
    RunReport {
        epochs: (0..epochs).map(epoch).collect(),
        frames: vec![Frame::default(), Frame { epoch: 778, ..Frame::default() }],
        epochs_are_starts,
        ..RunReport::default()
    }
}

#[test]
fn a_long_history_is_thinned() {
    let (epochs, notes) = shown_epochs(run(2000, 3, false));
    assert_eq!((epochs.len(), notes), (2000, 0));
    for (epochs_are_starts, framed) in [(false, 777), (true, 778)] {
        let (epochs, notes) = shown_epochs(run(70_000, 12_345, epochs_are_starts));
        assert_eq!((epochs.len(), notes), (1003, 1));
        for wanted in [0, 70, framed, 12_345, 69_999] {
            assert!(epochs.binary_search(&wanted).is_ok(), "{wanted}");
        }
        assert!(epochs.is_sorted());
    }
    let mut diverged = run(3000, 0, false);
    diverged.epochs.iter_mut().for_each(|epoch| epoch.data_loss = f64::NAN);
    assert_eq!(shown_epochs(diverged).0.len(), 1001);
}

/// A function takes about 100,000 arguments in a browser: `Math.max(...list)` fails with a longer list.
#[test]
fn no_list_becomes_the_arguments_of_a_function() {
    let program = html(&Report::default())
        .replace(include_str!("../../assets/vendor/echarts.common.min.js"), "");
    let (_, program) = program.rsplit_once("<script>").unwrap();
    let mut calls = 0;
    for name in ["Math.min(", "Math.max(", "made.append("] {
        for (start, _) in program.match_indices(name) {
            let rest = &program[start + name.len()..];
            let mut depth = 1;
            let end = rest.find(|letter| {
                depth += i32::from(letter == '(') - i32::from(letter == ')');
                depth == 0
            });
            let arguments = &rest[..end.unwrap()];
            assert!(!arguments.contains("..."), "{name}{arguments})");
            calls += 1;
        }
    }
    assert!(calls > 10, "only {calls} calls");
}
