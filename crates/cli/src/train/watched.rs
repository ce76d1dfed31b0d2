//! The rows that the report watches while the network learns.

use nnfs::datasets::{StandardScaler, Table, Target};
use nnfs::files::FileScalar;
use nnfs::prelude::*;
use nnfs_report::{Frame, Picture, Scatter};

use super::data::Data;
use super::tensors::Tensors;

/// As many as a chart of points can show.
const MOST_POINTS: usize = 500;

/// Of classes nothing is drawn at every frame (they have a confusion matrix): these rows show which
/// units are dead.
const MOST_OF_CLASSES: usize = 128;

/// Rows of one part of a table.
#[derive(Debug)]
pub(crate) struct Watched {
    /// Which part.
    part: &'static str,
    table: Table,
    input_scaler: StandardScaler,
    target_scaler: Option<StandardScaler>,
}

impl Watched {
    /// Rows to test with; where there are none, those to validate or else to train with.
    pub(crate) fn of<T: FileScalar>(data: &Data, tensors: &Tensors<T>) -> Self {
        let parts = [("test rows", &data.test), ("validation rows", &data.validation)];
        let held_out = parts.into_iter().find_map(|(part, table)| Some((part, table.as_ref()?)));
        let (part, table) = held_out.unwrap_or(("training rows", &data.train));
        let most = match data.encoder.target() {
            Target::Numbers(_) => MOST_POINTS,
            Target::Classes { .. } => MOST_OF_CLASSES,
        };
        let step = table.rows().div_ceil(most);
        let rows: Vec<usize> = (0..table.rows()).step_by(step).collect();
        Self {
            part,
            table: table.select_rows(&rows),
            input_scaler: tensors.input_scaler.clone(),
            target_scaler: tensors.target_scaler.clone(),
        }
    }

    /// Which they are, in words.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.table.rows(), self.part)
    }

    /// The inputs of the rows, scaled as the network takes them.
    ///
    /// # Errors
    /// If they are not what their columns should hold.
    pub(crate) fn inputs<T: FileScalar>(&self, data: &Data) -> anyhow::Result<Tensor<T>> {
        let mut inputs = Tensor::default();
        self.input_scaler.transform_to(&data.encoder.inputs::<f64>(&self.table)?, &mut inputs)?;
        Ok(inputs)
    }

    /// Frames and what they are drawn against, both in the units of the file; of classes the health of
    /// the layers alone.
    ///
    /// # Errors
    /// If the targets are not what their columns should hold.
    pub(crate) fn picture(
        &self,
        data: &Data,
        frames: Vec<Frame>,
    ) -> anyhow::Result<(Vec<Frame>, Picture)> {
        let Target::Numbers(names) = data.encoder.target() else {
            let health = |frame| Frame { predictions: Vec::new(), ..frame };
            return Ok((frames.into_iter().map(health).collect(), Picture::Nothing));
        };
        let targets = data.encoder.targets::<f64>(&self.table)?;
        let picture = Picture::Scatter(Scatter {
            rows: self.part.to_owned(),
            outputs: names.clone(),
            targets: targets.transpose().as_slice().to_vec(),
        });
        let unscaled = |frame: Frame| -> anyhow::Result<Frame> {
            let mut outputs =
                Tensor::from_row_slice(self.table.rows(), names.len(), &frame.predictions);
            if let Some(scaler) = &self.target_scaler {
                scaler.inverse_mut(&mut outputs)?;
            }
            Ok(Frame { predictions: outputs.transpose().as_slice().to_vec(), ..frame })
        };
        Ok((frames.into_iter().map(unscaled).collect::<anyhow::Result<_>>()?, picture))
    }
}
