//! The rows whose predictions the page shows while the network learns.

use nnfs::datasets::{Table, Target};
use nnfs::prelude::*;
use nnfs_report::{Frame, Picture, Scatter};
use nnfs_tabular::{Fitted, Parts};

/// The most points that a chart can show.
const MOST_POINTS: usize = 500;

/// The most rows of a classification. They only show which units are dead: its predictions are not drawn
/// (the page has a confusion matrix).
const MOST_OF_CLASSES: usize = 128;

/// Rows of one part of a table.
#[derive(Debug)]
pub(crate) struct Watched {
    /// Which part.
    part: &'static str,
    table: Table,
}

impl Watched {
    /// Test rows; without test rows, validation rows; without both, training rows.
    pub(crate) fn of(parts: &Parts) -> Self {
        let held_out = [("test rows", parts.test()), ("validation rows", parts.validation())];
        let held_out = held_out.into_iter().find_map(|(part, table)| Some((part, table?)));
        let (part, table) = held_out.unwrap_or(("training rows", parts.train()));
        let most = match parts.encoder().target() {
            Target::Numbers(_) => MOST_POINTS,
            Target::Classes { .. } => MOST_OF_CLASSES,
        };
        let step = table.rows().div_ceil(most);
        let rows: Vec<usize> = (0..table.rows()).step_by(step).collect();
        Self { part, table: table.select_rows(&rows) }
    }

    /// The rows.
    pub(crate) fn table(&self) -> &Table {
        &self.table
    }

    /// Their number and their part, in words.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.table.rows(), self.part)
    }

    /// The frames, and the targets that they are drawn with, both in the units of the file. The frames of
    /// a classification have the health of the layers only.
    ///
    /// # Errors
    /// If the targets are not what their columns should hold.
    pub(crate) fn picture(
        &self,
        fitted: &Fitted,
        frames: Vec<Frame>,
    ) -> anyhow::Result<(Vec<Frame>, Picture)> {
        let encoder = fitted.parts().encoder();
        let Target::Numbers(names) = encoder.target() else {
            let health = |frame| Frame { predictions: Vec::new(), ..frame };
            return Ok((frames.into_iter().map(health).collect(), Picture::Nothing));
        };
        let targets = encoder.targets::<f64>(&self.table)?;
        let picture = Picture::Scatter(Scatter {
            rows: self.part.to_owned(),
            outputs: names.clone(),
            targets: targets.transpose().as_slice().to_vec(),
        });
        let unscaled = |frame: Frame| -> anyhow::Result<Frame> {
            let (rows, columns) = (self.table.rows(), names.len());
            let outputs = Tensor::from_row_slice(rows, columns, &frame.predictions);
            let mut numbers = Tensor::default();
            match fitted.predictor().pipeline().target_scaler() {
                Some(scaler) => scaler.inverse_to(&outputs, &mut numbers)?,
                None => numbers = outputs,
            }
            Ok(Frame { predictions: numbers.transpose().as_slice().to_vec(), ..frame })
        };
        Ok((frames.into_iter().map(unscaled).collect::<anyhow::Result<_>>()?, picture))
    }
}
