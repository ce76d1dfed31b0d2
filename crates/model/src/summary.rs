//! A network as a table.

use std::fmt;

use nnfs_tensor::{Layer, Scalar, shape_text};

use crate::Model;

/// The layers of a model with their shapes and parameter counts; it prints as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// One row for each layer.
    pub rows: Vec<SummaryRow>,
}

/// One layer of a [`Summary`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryRow {
    /// Kind and settings.
    pub layer: String,
    /// The columns of the inputs.
    pub inputs: usize,
    /// The columns of the outputs.
    pub outputs: usize,
    /// The shapes of the parameters, such as `1x64, 1x64`.
    pub shapes: String,
    /// The number of trained numbers.
    pub parameters: usize,
}

impl Summary {
    pub(crate) fn of<T: Scalar>(model: &Model<T>) -> Self {
        let mut inputs = model.input_width();
        let mut row = |layer: &dyn Layer<T>| {
            let outputs = layer.output_width(inputs).expect("checked when the model was made");
            let mut shapes = Vec::new();
            layer.for_each_parameter(&mut |parameter| shapes.push(shape_text(&parameter.value)));
            let row = SummaryRow {
                layer: layer.description().to_string(),
                inputs,
                outputs,
                shapes: shapes.join(", "),
                parameters: layer.parameter_count(),
            };
            inputs = outputs;
            row
        };
        Self { rows: model.layers().iter().map(|layer| row(layer.as_ref())).collect() }
    }

    /// The number of trained numbers in all layers.
    pub fn parameters(&self) -> usize {
        self.rows.iter().map(|row| row.parameters).sum()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = ["layer", "inputs", "outputs", "shapes", "parameters"].map(str::to_owned);
        let total = ["total", "", "", "", &self.parameters().to_string()].map(str::to_owned);
        let rows = self.rows.iter().map(|row| {
            let SummaryRow { layer, inputs, outputs, shapes, parameters } = row.clone();
            [layer, inputs.to_string(), outputs.to_string(), shapes, parameters.to_string()]
        });
        let lines: Vec<[String; 5]> =
            std::iter::once(heading).chain(rows).chain(std::iter::once(total)).collect();

        let width = |column: usize| {
            lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0)
        };
        let [layers, inputs, outputs, shapes, parameters] = [0, 1, 2, 3, 4].map(width);
        for [layer, input, output, shape, count] in &lines {
            writeln!(
                f,
                "{layer:layers$}  {input:>inputs$}  {output:>outputs$}  {shape:>shapes$}  \
                 {count:>parameters$}",
            )?;
        }
        Ok(())
    }
}
