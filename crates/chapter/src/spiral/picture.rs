//! `classes-N.svg`: the data, on the regions that the network assigns to each class.

use std::ops::Range;

use nnfs::tensor::{Scalar, ShapeError, Tensor};

use super::plane::EDGE;
use super::setups::classes_of;
use crate::Training;
use crate::picture::{BLUE, Chart, Frame, GREEN, ORANGE, Point};

/// Cells of the grid on which the regions are computed, along each side.
const CELLS: usize = 220;

/// A colour for each class, and the same as a background of its points.
const COLORS: [(&str, &str); 3] = [(BLUE, "#c0dcec"), (ORANGE, "#f5d8c0"), (GREEN, "#c0e7dc")];

/// The regions of the trained network, with the data that it was trained on.
///
/// # Errors
/// If the network does not take points of the plane.
pub fn classes_svg<T: Scalar>(
    training: &Training<T>,
    title: String,
    subtitle: String,
) -> Result<String, ShapeError> {
    let (x, y) = (-EDGE..EDGE, -EDGE..EDGE);
    let frame = Frame { size: (640, 680), title, subtitle, names: ("x", "y"), x, y };
    let mut chart = Chart::new(frame, false);
    for region in regions(training)? {
        region.draw(&mut chart);
    }
    draw_points(&mut chart, training);
    Ok(chart.finish())
}

/// Neighbouring cells of one row of the grid that belong to one class.
#[derive(Debug, PartialEq)]
struct Region {
    row: usize,
    columns: Range<usize>,
    class: usize,
}

impl Region {
    /// It reaches one cell beyond the cells that are drawn after it, so that no gap is visible.
    fn draw(&self, chart: &mut Chart) {
        let (left, right) = (edge(self.columns.start), edge(CELLS.min(self.columns.end + 1)));
        let (low, high) = (edge(self.row), edge(CELLS.min(self.row + 2)));
        let upper_left = chart.place((left, high));
        let lower_right = chart.place((right, low));
        let size = (lower_right.0 - upper_left.0, lower_right.1 - upper_left.1);
        chart.svg.rectangle(upper_left, size, COLORS[self.class].1);
    }
}

/// The lower edge of a cell.
fn edge(cell: usize) -> f64 {
    (2.0 * cell as f64 / CELLS as f64 - 1.0) * EDGE
}

fn regions<T: Scalar>(training: &Training<T>) -> Result<Vec<Region>, ShapeError> {
    let middle = |cell: usize| T::from_f64((edge(cell) + edge(cell + 1)) / 2.0);
    let mut regions = Vec::new();
    for row in 0..CELLS {
        let line =
            Tensor::from_fn(CELLS, 2, |column, axis| middle(if axis == 0 { column } else { row }));
        let classes = classes_of(&training.predict(&line)?);
        let mut start = 0;
        for cells in classes.chunk_by(|left, right| left == right) {
            let end = start + cells.len();
            regions.push(Region { row, columns: start..end, class: cells[0] });
            start = end;
        }
    }
    Ok(regions)
}

/// The data as dots, class by class.
fn draw_points<T: Scalar>(chart: &mut Chart, training: &Training<T>) {
    let data = &training.data;
    let classes = classes_of(&data.targets);
    let radius = if classes.len() > 1000 { 2.0 } else { 4.0 };
    let mut entries = Vec::new();
    for (class, (color, _)) in
        COLORS.iter().enumerate().filter(|(class, _)| classes.contains(class))
    {
        for row in (0..classes.len()).filter(|&row| classes[row] == class) {
            let point: Point = (data.inputs[(row, 0)].to_f64(), data.inputs[(row, 1)].to_f64());
            let centre = chart.place(point);
            chart.svg.circle(centre, radius, color);
        }
        entries.push((format!("class {class}"), *color));
    }
    chart.legend(&entries);
}

#[cfg(test)]
mod tests {
    use super::super::setups::{self, Classes};
    use super::*;

    #[test]
    fn regions_cover_every_row_without_a_gap() {
        let training = setups::training::<f32>(Classes::Three, 0);
        let regions = regions(&training).unwrap();
        let mut next = (0, 0);
        for Region { row, columns, class } in regions {
            assert_eq!((row, columns.start), next);
            assert!(class < 3);
            next = if columns.end == CELLS { (row + 1, 0) } else { (row, columns.end) };
        }
        assert_eq!(next, (CELLS, 0));
    }

    #[test]
    fn the_picture_has_regions_and_a_dot_for_each_sample() {
        let training = setups::training::<f32>(Classes::Two, 0);
        let text = classes_svg(&training, "Title".to_owned(), String::new()).unwrap();
        assert!(text.matches("<rect").count() > CELLS);
        assert_eq!(text.matches("<circle").count(), 200);
        assert!(text.contains("class 0") && text.contains("class 1"));
        assert!(!text.contains("class 2"));
    }
}
