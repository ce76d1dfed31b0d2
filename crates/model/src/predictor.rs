//! A model or an ensemble that predicts single rows.

use nnfs_tensor::{RowLayer, Scalar, ShapeError};

use crate::{Ensemble, Model};

/// A model, or an ensemble of models, that predicts single rows: immutable, and with its weights in the
/// order in which they are read.
///
/// It gives the bits of [`Model::predict`] or [`Ensemble::predict`]. Threads can share one (`Send + Sync`). Networks of
/// `Dense` and `Dropout` layers allocate nothing if no layer is wider than 1024.
///
/// ```
/// use nnfs_layers::rand::{SeedableRng, rngs::ChaCha8Rng};
/// use nnfs_layers::{Dense, Initializer};
/// use nnfs_model::Model;
/// use nnfs_tensor::Tensor;
///
/// let mut rng = ChaCha8Rng::seed_from_u64(0);
/// let model = Model::<f32>::new(2)
///     .then(Dense::new(2, 16, Initializer::HeNormal, &mut rng)?)?
///     .then(Dense::new(16, 1, Initializer::GlorotUniform, &mut rng)?)?;
/// let predictor = model.predictor()?;
/// let mut outputs = [0.0];
/// predictor.predict_row(&[0.5, -1.0], &mut outputs)?;
/// assert_eq!(outputs[0], model.predict(&Tensor::from_row_slice(1, 2, &[0.5, -1.0]))?[0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Predictor<T: Scalar> {
    /// At least one, and all of the same widths.
    members: Vec<PackedMember<T>>,
}

/// A network and its share in the outputs.
#[derive(Debug)]
struct PackedMember<T: Scalar> {
    layers: Vec<Box<dyn RowLayer<T>>>,
    /// The width of the inputs, and of the outputs of each layer.
    widths: Vec<usize>,
    /// The largest width.
    widest: usize,
    share: T,
}

impl<T: Scalar> Model<T> {
    /// A copy of the model that predicts single rows.
    ///
    /// # Errors
    /// If the model has no layer.
    pub fn predictor(&self) -> Result<Predictor<T>, ShapeError> {
        Ok(Predictor { members: vec![PackedMember::new(self, 1.0)?] })
    }
}

impl<T: Scalar> Ensemble<T> {
    /// A copy of the ensemble that predicts single rows.
    ///
    /// ```
    /// use nnfs_layers::rand::{SeedableRng, rngs::ChaCha8Rng};
    /// use nnfs_layers::{Dense, Initializer};
    /// use nnfs_model::{Ensemble, Model};
    /// use nnfs_tensor::Tensor;
    ///
    /// let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// let mut network = || -> Result<_, Box<dyn std::error::Error>> {
    ///     Ok(Model::<f32>::new(2).then(Dense::new(2, 1, Initializer::HeNormal, &mut rng)?)?)
    /// };
    /// let ensemble = Ensemble::new([(network()?, 1.0), (network()?, 2.0)])?;
    /// let mut outputs = [0.0];
    /// ensemble.predictor()?.predict_row(&[0.5, -1.0], &mut outputs)?;
    /// assert_eq!(outputs[0], ensemble.predict(&Tensor::from_row_slice(1, 2, &[0.5, -1.0]))?[0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If a member has no layer.
    pub fn predictor(&self) -> Result<Predictor<T>, ShapeError> {
        let members = self.members().iter();
        let members = members.map(|member| PackedMember::new(member.model(), member.share()));
        Ok(Predictor { members: members.collect::<Result<_, _>>()? })
    }
}

impl<T: Scalar> Predictor<T> {
    /// The number of inputs of a row.
    pub fn input_width(&self) -> usize {
        self.members[0].widths[0]
    }

    /// The number of outputs of a row.
    pub fn output_width(&self) -> usize {
        self.members[0].output_width()
    }

    /// Predicts one row.
    ///
    /// # Errors
    /// If the number of inputs or outputs is not that of the model.
    pub fn predict_row(&self, inputs: &[T], outputs: &mut [T]) -> Result<(), ShapeError> {
        check("inputs of a row", self.input_width(), inputs.len())?;
        check("outputs of a row", self.output_width(), outputs.len())?;
        let (first, others) = self.members.split_first().expect("it has members");
        first.predict_row(inputs, outputs);
        if others.is_empty() {
            return Ok(());
        }
        outputs.iter_mut().for_each(|y| *y = first.share * *y);
        match outputs.len() {
            0..=64 => add(others, inputs, outputs, &mut [T::ZERO; 64]),
            65..=1024 => add(others, inputs, outputs, &mut [T::ZERO; 1024]),
            width => add(others, inputs, outputs, &mut vec![T::ZERO; width]),
        }
        Ok(())
    }
}

/// Adds the outputs of members times their shares, in the arithmetic of [`Ensemble::predict_to`].
fn add<T: Scalar>(members: &[PackedMember<T>], inputs: &[T], sums: &mut [T], memory: &mut [T]) {
    let outputs = &mut memory[..sums.len()];
    for member in members {
        member.predict_row(inputs, outputs);
        sums.iter_mut().zip(&*outputs).for_each(|(sum, &y)| *sum += member.share * y);
    }
}

impl<T: Scalar> PackedMember<T> {
    fn new(model: &Model<T>, share: f64) -> Result<Self, ShapeError> {
        if model.layers.is_empty() {
            return Err(ShapeError::new("layers of the model", "at least 1", "0"));
        }
        let mut widths = vec![model.input_width()];
        for layer in &model.layers {
            widths.push(layer.output_width(widths[widths.len() - 1])?);
        }
        let layers = model.layers.iter().map(|layer| layer.row_layer()).collect();
        let widest = widths.iter().copied().max().unwrap_or_default();
        Ok(Self { layers, widths, widest, share: T::parameter(share) })
    }

    fn output_width(&self) -> usize {
        self.widths[self.layers.len()]
    }

    fn predict_row(&self, inputs: &[T], outputs: &mut [T]) {
        // Filling 64 numbers takes a tenth of the time of a small network.
        match self.widest {
            0..=16 => {
                self.predict(inputs, outputs, [&mut [T::ZERO; 16], &mut [T::ZERO; 16]]);
            }
            17..=64 => {
                self.predict(inputs, outputs, [&mut [T::ZERO; 64], &mut [T::ZERO; 64]]);
            }
            65..=1024 => {
                self.predict(inputs, outputs, [&mut [T::ZERO; 1024], &mut [T::ZERO; 1024]]);
            }
            _ => {
                let (mut first, mut second) =
                    (vec![T::ZERO; self.widest], vec![T::ZERO; self.widest]);
                self.predict(inputs, outputs, [&mut first, &mut second]);
            }
        }
    }

    /// The layers write into the two parts of the memory in turn.
    fn predict(&self, inputs: &[T], outputs: &mut [T], mut memory: [&mut [T]; 2]) {
        let (last, hidden) = self.layers.split_last().expect("it was checked to have layers");
        for (index, layer) in hidden.iter().enumerate() {
            let [even, odd] = &mut memory;
            let (from, to) = if index % 2 == 0 { (odd, even) } else { (even, odd) };
            let values = if index == 0 { inputs } else { &from[..self.widths[index]] };
            layer.predict_row(values, &mut to[..self.widths[index + 1]]);
        }
        let values = match hidden.len() {
            0 => inputs,
            count => &memory[(count - 1) % 2][..self.widths[count]],
        };
        last.predict_row(values, outputs);
    }
}

fn check(what: &'static str, expected: usize, found: usize) -> Result<(), ShapeError> {
    if expected == found { Ok(()) } else { Err(different(what, expected, found)) }
}

#[cold]
fn different(what: &'static str, expected: usize, found: usize) -> ShapeError {
    ShapeError::new(what, expected.to_string(), found.to_string())
}
