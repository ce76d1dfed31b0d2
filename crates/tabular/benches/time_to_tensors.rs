//! How long a CSV file takes to become a table, and the table to become the tensors of one network.
//!
//! ```console
//! cargo bench -p nnfs-tabular --bench time_to_tensors -- data.csv y
//! ```

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::Instant;

use nnfs_tabular::{Regressor, Settings, Table};

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds an option.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (Some(file), Some(target)) = (arguments.next(), arguments.next()) else {
        println!("takes a CSV file and the name of a numeric column");
        return Ok(());
    };
    let start = Instant::now();
    let table = Table::read(file)?;
    let read = start.elapsed().as_secs_f64();
    let training = Regressor::new(target).settings(Settings::plain()).prepare::<f32>(&table)?;
    let tensors = start.elapsed().as_secs_f64();
    println!("{read:.3} s to read, {tensors:.3} s to tensors: {}", training.parts().contents());
    Ok(())
}
