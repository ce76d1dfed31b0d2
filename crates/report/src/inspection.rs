//! Which columns of a table matter, and how.

use serde::Serialize;

use crate::round::{drawn, drawn_list};

/// Which columns of a table matter to the predictions, and how the predictions depend on them.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Inspection {
    /// The rows that it was computed on: `40 test rows`.
    pub rows: String,
    /// What a reader should know about them, in a sentence or two.
    pub note: String,
    /// The score in which importance is measured: `R2`.
    pub score: String,
    /// The columns, the most important first.
    pub importances: Vec<ColumnImportance>,
    /// The curves of the most important columns.
    pub dependences: Vec<Dependence>,
}

/// How much a column matters.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ColumnImportance {
    /// The name of the column.
    pub column: String,
    /// By how much the score decreases on average if the column is shuffled.
    #[serde(serialize_with = "drawn")]
    pub importance: f64,
    /// The standard deviation of these decreases.
    #[serde(serialize_with = "drawn")]
    pub deviation: f64,
}

/// How the mean prediction depends on a column.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Dependence {
    /// The name of the column.
    pub column: String,
    /// The values that it was set to.
    pub values: DependenceValues,
    /// What is predicted: `price`, or `probability of cat`.
    pub outputs: Vec<String>,
    /// The mean prediction of each output at each value, value after value.
    #[serde(serialize_with = "drawn_list")]
    pub means: Vec<f64>,
}

/// The values of a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", content = "list", rename_all = "snake_case")]
pub enum DependenceValues {
    /// Numbers, in ascending order.
    #[serde(serialize_with = "drawn_list")]
    Numbers(Vec<f64>),
    /// Dates or times as texts, in ascending order.
    Dates(Vec<String>),
    /// Categories.
    Categories(Vec<String>),
}

impl Default for DependenceValues {
    fn default() -> Self {
        Self::Numbers(Vec::new())
    }
}
