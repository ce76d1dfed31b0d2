//! The report: its title, what the runs have in common, and the runs.

use nnfs_model::{EnsembleSummary, Summary, SummaryGroup};
use serde::Serialize;

use crate::{RunReport, Verdict};

/// Everything that a page shows, as plain data.
///
/// Texts are shown as they are: nothing in them is markup.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Report {
    /// The title of the page.
    pub title: String,
    /// A sentence or two about the report.
    pub introduction: String,
    /// The settings that all runs share.
    pub facts: Vec<Fact>,
    /// What a reader should know first, such as that the training was interrupted.
    pub warnings: Vec<String>,
    /// The runs in a grid of two settings.
    pub lesson: Option<Lesson>,
    /// The lines that a book or an article prints of the runs, beside the lines of these runs.
    pub listing: Option<Listing>,
    /// The trainings, in the order of the page.
    pub runs: Vec<RunReport>,
}

/// A value with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The name of the value.
    pub name: String,
    /// The value.
    pub value: String,
}

impl Fact {
    /// A value with a name.
    ///
    /// ```
    /// use nnfs_report::Fact;
    /// assert_eq!(Fact::new("rows", "1000").value, "1000");
    /// ```
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// Runs in a grid of two settings, which shows their effect.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Lesson {
    /// What the grid shows.
    pub text: String,
    /// The setting that differs between rows.
    pub row_name: String,
    /// The setting that differs between columns.
    pub column_name: String,
    /// The value of each row.
    pub rows: Vec<String>,
    /// The value of each column.
    pub columns: Vec<String>,
    /// The places of the runs. A place may be empty.
    pub cells: Vec<Cell>,
    /// What the verdicts mean: each kind that occurs, with its definition.
    pub verdicts: Vec<Verdict>,
}

/// The place of a run in a [`Lesson`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The row, from 0.
    pub row: usize,
    /// The column, from 0.
    pub column: usize,
    /// The index of the run in [`Report::runs`].
    pub run: usize,
}

/// The lines that a text prints of some runs, beside the lines of these runs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Listing {
    /// A sentence about the comparison.
    pub introduction: String,
    /// The runs.
    pub runs: Vec<ListedRun>,
}

/// One run of a [`Listing`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ListedRun {
    /// The name of the run.
    pub name: String,
    /// What is wrong with the printed lines, if anything is.
    pub erratum: Option<String>,
    /// The lines.
    pub lines: Vec<ListedLine>,
}

/// One line of a [`ListedRun`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ListedLine {
    /// The line as printed.
    pub printed: String,
    /// The line as it should have been printed, if it is another one.
    pub corrected: Option<String>,
    /// The line of this run; `None` if it ended before.
    pub ours: Option<String>,
}

/// A table of texts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct TextTable {
    /// The title of the table.
    pub title: String,
    /// The heading of each column.
    pub columns: Vec<String>,
    /// The rows, each with one cell per column.
    pub rows: Vec<Vec<String>>,
}

impl TextTable {
    /// A table of the layers of a network, numbered as in the charts.
    ///
    /// ```
    /// use nnfs_activations::{Activation, Relu};
    /// use nnfs_model::Model;
    /// use nnfs_report::TextTable;
    /// let model = Model::<f32>::new(1).then(Activation::new(Relu))?;
    /// let table = TextTable::layers(model.summary());
    /// assert_eq!((table.rows.len(), &*table.rows[0][1]), (1, "relu"));
    /// # Ok::<(), nnfs_model::ModelError>(())
    /// ```
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

    /// A table of the layers of each kind of network of an ensemble: of a single model, that of
    /// [`TextTable::layers`].
    pub fn layers_of_members(summary: EnsembleSummary) -> Vec<Self> {
        let single = summary.members() == 1;
        let table = |group: SummaryGroup| {
            let title = group.title();
            let table = Self::layers(group.network);
            if single { table } else { Self { title: format!("Layers of {title}"), ..table } }
        };
        summary.groups.into_iter().map(table).collect()
    }
}
