//! How long the prediction of one row and of its intervals takes, for a column of numbers and one of many words,
//! after a training with 50,000 rows.
//!
//! ```console
//! cargo bench -p nnfs-tabular --bench time_of_a_row
//! ```

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::Instant;

use nnfs_tabular::{Regressor, Table};

/// How many rows are predicted.
const ROWS: u32 = 2000;

fn main() -> Result<(), Box<dyn Error>> {
    for words in [2, 200, 1000] {
        let row =
            |row: usize| [row.to_string(), format!("word{}", row % words), (3 * row).to_string()];
        let table = Table::from_rows("rows", &["area", "street", "price"], (0..62_500).map(row))?;
        let learner = Regressor::new("price").hidden([8]).epochs(1);
        let predictor = learner.fit(&table)?.into_predictor();
        let row = [("area", 55.0.into()), ("street", "word1".into())];
        let microseconds = |start: Instant| start.elapsed().as_secs_f64() * 1e6 / f64::from(ROWS);
        let start = Instant::now();
        for _ in 0..ROWS {
            predictor.predict_row(&row)?;
        }
        let of_row = microseconds(start);
        let start = Instant::now();
        for _ in 0..ROWS {
            predictor.predict_row_intervals(&row, 0.9)?;
        }
        println!("{words} words: {of_row:.1} us, intervals {:.1} us", microseconds(start));
    }
    Ok(())
}
