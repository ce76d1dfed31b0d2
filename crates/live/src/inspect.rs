//! A look inside: the curve, the regions, the units, the hinges and the weights of a network.

use nnfs::metrics::argmax_rows;
use nnfs::tensor::{Layer, Scalar, Tensor, dense_to};
use nnfs_chapter::sine::Number;
use serde::Serialize;
use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::data::Data;
use crate::session::{Trainee, short};
use crate::train::is_rectified;

/// Points of the curve.
const POINTS: usize = 301;
/// Cells of the plane along each side, for the regions.
pub(crate) const CELLS: usize = 60;
/// The same for a unit.
const UNIT_CELLS: usize = 24;
/// The most inputs of `predict`.
const MOST: usize = 5_000;

/// The inputs that the page shows.
pub(crate) enum Grid {
    /// x, in the units of the user.
    Line(Vec<f64>),
    /// The middles of the cells of a square around 0.
    Plane { edge: f64, cells: usize },
}

impl Grid {
    /// The grid of some data, with this many cells along each side of a plane.
    pub(crate) fn of(data: &Data, cells: usize) -> Self {
        if data.classes > 0 {
            return Self::Plane { edge: 1.1 * data.inputs.amax(), cells };
        }
        let (low, high) = data.range();
        let last = (POINTS - 1) as f64;
        // In two parts, because `high - low` may be too large for a number.
        let at = |index: usize| {
            let share = index as f64 / last;
            low * (1.0 - share) + high * share
        };
        Self::Line((0..POINTS).map(at).collect())
    }

    /// The inputs: (points, 1), or (cells, 2) from the lower left to the right and then upwards.
    fn inputs(&self) -> Tensor<f64> {
        match self {
            Self::Line(x) => Tensor::from_column_slice(x.len(), 1, x),
            Self::Plane { edge, cells } => {
                let middle = |cell: usize| ((2 * cell + 1) as f64 / *cells as f64 - 1.0) * edge;
                Tensor::from_fn(cells * cells, 2, |row, axis| {
                    middle(if axis == 0 { row % cells } else { row / cells })
                })
            }
        }
    }
}

/// Where the output of a unit begins or ends.
#[derive(Debug, Serialize)]
struct Hinge {
    layer: usize,
    unit: usize,
    x: f64,
    y: f64,
}

#[derive(Debug, Serialize)]
struct Units {
    layer: usize,
    cells: Option<usize>,
    low: f32,
    high: f32,
    units: Vec<Vec<f32>>,
    dead: Vec<bool>,
    hinges: Vec<Hinge>,
}

impl<T: Number> Trainee<T> {
    pub(crate) fn show_curve(&self) -> Result<Answer, Refusal> {
        self.check_regression("a curve")?;
        let outputs = self.outputs(&Grid::of(&self.data, CELLS).inputs())?;
        let y: Vec<f64> = outputs.iter().map(|value| self.data.unscaled(value.to_f64())).collect();
        Ok(Answer::of(&json!({ "epoch": self.state.next_epoch(), "y": y })))
    }

    pub(crate) fn show_regions(&self) -> Result<Answer, Refusal> {
        let probabilities = self.probabilities(&Grid::of(&self.data, CELLS).inputs())?;
        let classes = argmax_rows(&probabilities);
        let found = classes.iter().enumerate().map(|(row, &class)| probabilities[(row, class)]);
        let found: Vec<f32> = found.map(short).collect();
        let epoch = self.state.next_epoch();
        Ok(Answer::of(&json!({ "epoch": epoch, "class": classes, "probability": found })))
    }

    /// The probability of each class: (rows, classes).
    fn probabilities(&self, inputs: &Tensor<f64>) -> Result<Tensor<f64>, Refusal> {
        if self.data.classes == 0 {
            return Err(Refusal::new("probabilities need targets that are classes, found numbers"));
        }
        let mut outputs = self.outputs(inputs)?;
        self.training.loss.link().apply_mut(&mut outputs);
        Ok(match outputs.ncols() {
            1 => Tensor::from_fn(outputs.nrows(), 2, |row, class| {
                let second = outputs[row].to_f64();
                if class == 0 { 1.0 - second } else { second }
            }),
            _ => outputs.map(Scalar::to_f64),
        })
    }

    fn layer(&self, layer: usize) -> Result<&dyn Layer<T>, Refusal> {
        let layers = self.training.model.layers();
        let found = layers.get(layer).map(AsRef::as_ref);
        let count = layers.len();
        found.ok_or_else(|| {
            let error =
                format!("there is no layer {layer}; the network has {count}, counted from 0");
            Refusal::of("layer", error)
        })
    }

    /// The outputs of the layers before this one, or the inputs.
    fn before(&self, layer: usize, inputs: &Tensor<f64>) -> Result<Tensor<T>, Refusal> {
        let mut values: Tensor<T> = self.data.scaled_inputs(inputs)?.map(T::data);
        let mut next = Tensor::default();
        for layer in &self.training.model.layers()[..layer] {
            layer.predict_to(&values, &mut next);
            std::mem::swap(&mut values, &mut next);
        }
        Ok(values)
    }

    pub(crate) fn show_units(&self, layer: usize) -> Result<Answer, Refusal> {
        let found = self.layer(layer)?;
        let grid = Grid::of(&self.data, UNIT_CELLS);
        let mut outputs = Tensor::default();
        found.predict_to(&self.before(layer, &grid.inputs())?, &mut outputs);
        let columns = outputs.as_slice().chunks_exact(outputs.nrows());
        let units: Vec<Vec<f32>> =
            columns.map(|unit| unit.iter().copied().map(short).collect()).collect();
        let finite = || units.iter().flatten().copied().filter(|value| value.is_finite());
        let (cells, hinges) = match grid {
            Grid::Line(_) => (None, self.hinges_of(layer)?),
            Grid::Plane { cells, .. } => (Some(cells), Vec::new()),
        };
        Ok(Answer::of(&Units {
            layer,
            cells,
            low: finite().fold(f32::INFINITY, f32::min),
            high: finite().fold(f32::NEG_INFINITY, f32::max),
            dead: self.dead(layer, outputs.ncols()),
            units,
            hinges,
        }))
    }

    /// Which units were dead in the last step. Before the first step none is known to be.
    fn dead(&self, layer: usize, units: usize) -> Vec<bool> {
        let model = &self.training.model;
        let activation = model.layers()[layer].activation().filter(|it| it.can_die());
        let outputs = model.layer_outputs(layer);
        match activation {
            Some(activation) if !outputs.is_empty() => {
                let columns = outputs.as_slice().chunks_exact(outputs.nrows());
                columns.map(|unit| activation.is_dead(unit)).collect()
            }
            _ => vec![false; units],
        }
    }

    pub(crate) fn show_hinges(&self) -> Result<Answer, Refusal> {
        self.check_regression("a hinge")?;
        let mut hinges = Vec::new();
        for layer in 0..self.training.model.layers().len() {
            hinges.extend(self.hinges_of(layer)?);
        }
        hinges.sort_by(|left, right| left.x.total_cmp(&right.x));
        Ok(Answer::of(&json!({ "hinges": hinges })))
    }

    /// Where the units of a ReLU begin or end: where `z = inputs * weights + biases` changes its sign.
    /// Between two points of the grid z is a line, or nearly.
    fn hinges_of(&self, layer: usize) -> Result<Vec<Hinge>, Refusal> {
        let found = &self.training.model.layers()[layer];
        let grid = Grid::of(&self.data, CELLS);
        let (Grid::Line(x), true) = (&grid, is_rectified(found.as_ref())) else {
            return Ok(Vec::new());
        };
        let inputs = self.before(layer, &grid.inputs())?;
        let [weights, biases] = &parameters(found.as_ref())[..] else { return Ok(Vec::new()) };
        let mut z = Tensor::default();
        dense_to(&inputs, &weights.value, &biases.value, None, &mut z);
        let mut hinges = Vec::new();
        for (unit, z) in z.as_slice().chunks_exact(x.len()).enumerate() {
            for (at, pair) in z.windows(2).enumerate() {
                let [before, after] = [pair[0].to_f64(), pair[1].to_f64()];
                if (before > 0.0) == (after > 0.0) || before.is_nan() || after.is_nan() {
                    continue;
                }
                // z is 0 at this share of the way.
                let share = before / (before - after);
                let x = x[at] * (1.0 - share) + x[at + 1] * share;
                if x.is_finite() {
                    hinges.push(Hinge { layer, unit, x, y: 0.0 });
                }
            }
        }
        let at: Vec<f64> = hinges.iter().map(|hinge| hinge.x).collect();
        let outputs = self.outputs(&Tensor::from_column_slice(at.len(), 1, &at))?;
        for (hinge, y) in hinges.iter_mut().zip(&outputs) {
            hinge.y = self.data.unscaled(y.to_f64());
        }
        Ok(hinges)
    }

    pub(crate) fn show_weights(&self, layer: usize) -> Result<Answer, Refusal> {
        let found = self.layer(layer)?;
        let parameters = parameters(found);
        let [weights, biases] = &parameters[..] else {
            let error = format!("layer {layer}, {}, has no weights", found.description().kind);
            return Err(Refusal::of("layer", error));
        };
        // Row after row.
        let rows = |tensor: &Tensor<T>| -> Vec<f32> {
            tensor.transpose().iter().copied().map(short).collect()
        };
        let largest = |tensor: &Tensor<T>| {
            tensor.iter().map(|value| short(*value).abs()).fold(0.0_f32, f32::max)
        };
        let (inputs, units) = weights.value.shape();
        Ok(Answer::of(&json!({
            "layer": layer,
            "rows": inputs,
            "columns": units,
            "weights": rows(&weights.value),
            "weight_gradients": rows(&weights.gradient),
            "biases": rows(&biases.value),
            "bias_gradients": rows(&biases.gradient),
            "largest": {
                "weight": largest(&weights.value),
                "weight_gradient": largest(&weights.gradient),
                "bias": largest(&biases.value),
                "bias_gradient": largest(&biases.gradient),
            },
        })))
    }

    pub(crate) fn predict_values(&self, x: Value) -> Result<Answer, Refusal> {
        let bad = |expected: &str| Refusal::of("x", format!("x must be {expected}"));
        let too_many = |count| (count > MOST).then(|| bad(&format!("at most {MOST} inputs")));
        if self.data.classes == 0 {
            let x: Vec<f64> =
                serde_json::from_value(x).map_err(|_| bad("a list of numbers, such as [0.5]"))?;
            too_many(x.len()).map_or(Ok(()), Err)?;
            let outputs = self.outputs(&Tensor::from_vec(x.len(), 1, x))?;
            let y = outputs.iter().map(|value| self.data.unscaled(value.to_f64()));
            return Ok(Answer::of(&json!({ "y": y.collect::<Vec<f64>>() })));
        }
        let x: Vec<[f64; 2]> =
            serde_json::from_value(x).map_err(|_| bad("a list of pairs, such as [[0.5, 0.1]]"))?;
        too_many(x.len()).map_or(Ok(()), Err)?;
        let probabilities =
            self.probabilities(&Tensor::from_fn(x.len(), 2, |row, axis| x[row][axis]))?;
        let rows: Vec<Vec<f64>> =
            probabilities.row_iter().map(|row| row.iter().copied().collect()).collect();
        Ok(Answer::of(&json!({ "probabilities": rows })))
    }
}

/// Copies of the parameters of a layer.
pub(crate) fn parameters<T: Scalar>(layer: &dyn Layer<T>) -> Vec<nnfs::tensor::Parameter<T>> {
    let mut parameters = Vec::new();
    layer.for_each_parameter(&mut |parameter| parameters.push(parameter.clone()));
    parameters
}
