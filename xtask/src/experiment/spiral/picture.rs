//! `classes-N.svg`: the data, on the regions that the network has made out.

use std::ops::Range;

use nnfs_tensor::{Scalar, ShapeError, Tensor};
use plotters::prelude::*;

use super::super::chart::{BLUE, Drawn, Frame, GREEN, ORANGE, Plot, legend, px, svg};
use super::super::training::{Data, Training};
use super::plane::EDGE;
use super::setups::classes_of;

/// Cells of the grid on which the regions are computed, along each side.
const CELLS: usize = 220;

const COLORS: [RGBColor; 3] = [BLUE, ORANGE, GREEN];

/// The regions of the trained network, with the data that it was trained on.
pub(crate) fn classes_svg<T: Scalar>(
    training: &Training<T>,
    title: String,
    subtitle: String,
) -> anyhow::Result<String> {
    let frame = Frame {
        size: (640, 680),
        title,
        subtitle,
        names: ("x", "y"),
        x: -EDGE..EDGE,
        y: -EDGE..EDGE,
    };
    let regions = regions(training)?;
    svg(&frame, |plot| {
        plot.draw_series(regions.iter().map(Region::rectangle))?;
        draw_points(plot, &training.data)?;
        legend(plot, SeriesLabelPosition::UpperRight)
    })
}

/// Neighbouring cells of one row of the grid that belong to one class.
#[derive(Debug, PartialEq)]
struct Region {
    row: usize,
    columns: Range<usize>,
    class: usize,
}

impl Region {
    /// It reaches one cell below those that are drawn after it: no line is left between them.
    fn rectangle(&self) -> Rectangle<(f64, f64)> {
        let (left, right) = (edge(self.columns.start), edge(CELLS.min(self.columns.end + 1)));
        let (low, high) = (edge(self.row), edge(CELLS.min(self.row + 2)));
        Rectangle::new([(left, low), (right, high)], pale(COLORS[self.class]).filled())
    }
}

/// The lower edge of a cell.
fn edge(cell: usize) -> f64 {
    (2.0 * cell as f64 / CELLS as f64 - 1.0) * EDGE
}

/// A colour as a background for points of the same colour.
fn pale(RGBColor(red, green, blue): RGBColor) -> RGBColor {
    let [red, green, blue] = [red, green, blue].map(|part| 255 - (255 - part) / 4);
    RGBColor(red, green, blue)
}

fn regions<T: Scalar>(training: &Training<T>) -> Result<Vec<Region>, ShapeError> {
    let middle = |cell: usize| T::from_f64((edge(cell) + edge(cell + 1)) / 2.0);
    let mut regions = Vec::new();
    for row in 0..CELLS {
        let line =
            Tensor::from_fn(CELLS, 2, |column, axis| middle(if axis == 0 { column } else { row }));
        let classes = classes_of(&training.model.predict(&line)?);
        let mut start = 0;
        for cells in classes.chunk_by(|left, right| left == right) {
            let end = start + cells.len();
            regions.push(Region { row, columns: start..end, class: cells[0] });
            start = end;
        }
    }
    Ok(regions)
}

/// The data as dots, class after class.
fn draw_points<T: Scalar>(plot: &mut Plot<'_>, data: &Data<T>) -> Drawn {
    let classes = classes_of(&data.targets);
    let radius = if classes.len() > 1000 { 2 } else { 4 };
    for (class, color) in COLORS.iter().enumerate().filter(|(class, _)| classes.contains(class)) {
        let dot = move |at| Circle::new(at, px(radius) as i32, color.filled());
        let rows = (0..classes.len()).filter(|&row| classes[row] == class);
        let points =
            rows.map(|row| dot((data.inputs[(row, 0)].to_f64(), data.inputs[(row, 1)].to_f64())));
        plot.draw_series(points)?.label(format!("class {class}")).legend(move |(x, y)| {
            Circle::new((x + px(12) as i32, y), px(5) as i32, color.filled())
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::setups;
    use super::*;

    #[test]
    fn regions_cover_every_row_without_a_gap() {
        let training = setups::training::<f32>(3, 0).unwrap();
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
    fn the_picture_has_regions_and_a_dot_a_sample() {
        let training = setups::training::<f32>(2, 0).unwrap();
        let text = classes_svg(&training, "Title".to_owned(), String::new()).unwrap();
        assert!(text.matches("<rect").count() > CELLS);
        // One for each sample, and one for each class in the legend.
        assert_eq!(text.matches("<circle").count(), 202);
        assert!(text.contains("class 0") && text.contains("class 1"));
        assert!(!text.contains("class 2"));
    }
}
