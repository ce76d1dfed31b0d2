//! What stands on the page around the runs.

use nnfs_model::Summary;
use serde::Serialize;

use crate::RunReport;

/// Everything that a page shows, as plain data.
///
/// All text is shown as it is: nothing in it is markup.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Report {
    /// The title of the page.
    pub title: String,
    /// What this is, in a sentence or two.
    pub introduction: String,
    /// How it was made.
    pub facts: Vec<Fact>,
    /// What has to be known before anything else, such as that the training was interrupted.
    pub warnings: Vec<String>,
    /// What the runs teach together, at a glance.
    pub lesson: Option<Lesson>,
    /// What a text has printed of the runs, line by line.
    pub listing: Option<Listing>,
    /// The trainings, in the order in which they are offered.
    pub runs: Vec<RunReport>,
}

/// A value with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Fact {
    /// A value with its name.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// Runs in a grid of two settings, so that it shows which of them decide.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Lesson {
    /// What is to be learned.
    pub text: String,
    /// What the rows differ in.
    pub row_name: String,
    /// What the columns differ in.
    pub column_name: String,
    /// The setting of each row.
    pub rows: Vec<String>,
    /// The setting of each column.
    pub columns: Vec<String>,
    /// Where the runs stand; a place may stay empty.
    pub cells: Vec<Cell>,
}

/// The place of a run in a [`Lesson`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Which row, from 0.
    pub row: usize,
    /// Which column, from 0.
    pub column: usize,
    /// Which of the report's runs, from 0.
    pub run: usize,
}

/// What a text has printed of some runs, beside what came out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Listing {
    /// What is compared.
    pub introduction: String,
    /// Run by run.
    pub runs: Vec<ListedRun>,
}

/// One run of a [`Listing`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ListedRun {
    /// Its name.
    pub name: String,
    /// What is wrong with what was printed, if something is.
    pub erratum: Option<String>,
    /// Line by line.
    pub lines: Vec<ListedLine>,
}

/// One line of a [`ListedRun`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ListedLine {
    /// What the text has.
    pub printed: String,
    /// What it should have, where that is something else.
    pub corrected: Option<String>,
    /// What came out; nothing if the run did not get there.
    pub ours: Option<String>,
}

/// Texts in rows under a heading.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct TextTable {
    /// What it tells.
    pub title: String,
    /// The heading of each column.
    pub columns: Vec<String>,
    /// The cells, each row as long as there are columns.
    pub rows: Vec<Vec<String>>,
}

impl TextTable {
    /// The layers of a network, numbered as in the charts.
    pub fn layers(summary: Summary) -> Self {
        let rows = summary.rows.into_iter().enumerate().map(|(index, row)| {
            vec![index.to_string(), row.layer, row.shapes, row.parameters.to_string()]
        });
        let columns = ["layer", "kind and settings", "shapes", "parameters"];
        Self {
            title: "Layers".to_owned(),
            columns: columns.map(str::to_owned).to_vec(),
            rows: rows.collect(),
        }
    }
}
