//! From a table to predictions: what comes out is the same whichever way it is asked for, and what is
//! wrong is a typed error.

mod fitting;
mod odd_tables;

use nnfs_tabular::{Classifier, Fitted, Regressor, Settings, Table};

pub(crate) const QUARTERS: [&str; 3] = ["hill", "centre", "port"];

/// `price = 3 * area + 40 on the hill`.
pub(crate) fn prices(rows: usize) -> Table {
    let rows = (0..rows).map(|row| {
        let (area, quarter) = (30 + row * 37 % 90, QUARTERS[row % 3]);
        let price = 3 * area + if quarter == "hill" { 40 } else { 0 };
        let kind = if price > 220 { "dear" } else { "cheap" };
        [area.to_string(), quarter.to_owned(), price.to_string(), kind.to_owned()]
    });
    Table::from_rows("prices", &["area", "quarter", "price", "kind"], rows).unwrap()
}

pub(crate) fn regressor() -> Regressor {
    Regressor::new("price")
        .settings(Settings::plain())
        .ignore(["kind"])
        .learning_rate(0.01)
        .epochs(60)
}

pub(crate) fn classifier() -> Classifier {
    Classifier::new("kind")
        .settings(Settings::plain())
        .ignore(["price"])
        .learning_rate(0.01)
        .epochs(60)
}

pub(crate) fn bits(fitted: &Fitted) -> Vec<u8> {
    fitted.predictor().pipeline().to_bytes().unwrap()
}
