//! Tables to learn from, made on the spot.

use std::fmt::Write;

/// Numbers between 0 and 1 that look random (Weyl's sequence of an irrational step).
fn scattered(row: usize, step: f64) -> f64 {
    (row as f64 * step).fract()
}

/// `y = 30 * a - 2 * b + 10 for red`, on so many rows.
pub(crate) fn regression(rows: usize) -> String {
    let mut text = "a,colour,b,y\n".to_owned();
    for row in 0..rows {
        let (a, b) = (scattered(row, 0.618_034), 100.0 * scattered(row, 0.414_214));
        let colour = if row % 3 == 0 { "red" } else { "blue" };
        let y = 30.0 * a - 2.0 * b + if colour == "red" { 10.0 } else { 0.0 };
        writeln!(text, "{a:.4},{colour},{b:.3},{y:.3}").unwrap();
    }
    text
}

/// Points in the unit square, whose class is the third of it that they are in; rare classes are in
/// fewer rows.
pub(crate) fn classes(rows: usize) -> String {
    let mut text = "x,species,y\n".to_owned();
    for row in 0..rows {
        let (x, y) = (scattered(row, 0.618_034).powi(2), scattered(row, 0.414_214));
        let species = ["cat", "dog", "eel"][(3.0 * x) as usize];
        writeln!(text, "{x:.4},{species},{y:.4}").unwrap();
    }
    text
}

/// Points in the unit square: 1 above the diagonal, 0 below.
pub(crate) fn binary(rows: usize) -> String {
    let mut text = "x,y,above\n".to_owned();
    for row in 0..rows {
        let (x, y) = (scattered(row, 0.618_034), scattered(row, 0.414_214));
        writeln!(text, "{x:.4},{y:.4},{}", usize::from(y > x)).unwrap();
    }
    text
}
