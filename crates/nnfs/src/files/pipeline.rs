//! A model, or several, with everything that predicting needs.

mod intervals;

use nnfs_datasets::{Encoder, Scale, Table, Target};
use nnfs_model::{CrossConformal, Ensemble, Model, Predictor};
use nnfs_tensor::{OutputLink, Scalar, ShapeError, Tensor};

use super::scaler::check_width;
use super::{FileScalar, PredictError, Scaler, Task};

/// The number of rows that are predicted together.
const BLOCK: usize = 1 << 14;

/// A model, or an [`Ensemble`] of several, with everything that predicting needs, from raw inputs to
/// predictions in their original units.
///
/// ```text
/// table -> encoder -> inputs -> input scaler -> model -> link -> target scaler undone -> predictions
/// ```
/// All parts except the model are optional. See [`files`](super) for an example.
#[derive(Debug)]
pub struct Pipeline<T: FileScalar> {
    ensemble: Ensemble<T>,
    /// The networks with packed weights, for single rows.
    packed: Option<Predictor<T>>,
    link: OutputLink,
    encoder: Option<Encoder>,
    input_scaler: Option<Scaler>,
    target_scaler: Option<Scaler>,
    intervals: Option<CrossConformal>,
}

impl<T: FileScalar> Pipeline<T> {
    /// A pipeline of a model alone.
    ///
    /// ```
    /// # use nnfs::prelude::*;
    /// # let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// let model = Model::<f32>::new(2).then(Dense::new(2, 1, Initializer::HeNormal, &mut rng)?)?;
    /// let inputs = Tensor::from_row_slice(1, 2, &[1.0, 2.0]);
    /// let outputs = model.predict(&inputs)?;
    /// assert_eq!(Pipeline::new(model).predict(&inputs)?, outputs);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(model: Model<T>) -> Self {
        Self::of_ensemble(model.into())
    }

    /// A pipeline of several models alone, whose outputs are averaged before the link.
    ///
    /// ```
    /// use nnfs::files::Pipeline;
    /// use nnfs::model::Ensemble;
    /// use nnfs::prelude::*;
    ///
    /// let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// let mut network = || -> Result<_, Box<dyn std::error::Error>> {
    ///     Ok(Model::<f32>::new(2).then(Dense::new(2, 1, Initializer::HeNormal, &mut rng)?)?)
    /// };
    /// let ensemble = Ensemble::new([(network()?, 1.0), (network()?, 1.0)])?;
    /// let inputs = Tensor::from_row_slice(1, 2, &[1.0, 2.0]);
    /// let outputs = ensemble.predict(&inputs)?;
    ///
    /// let bytes = Pipeline::of_ensemble(ensemble).to_bytes()?;
    /// let loaded = Pipeline::<f32>::from_bytes(&bytes)?;
    /// assert_eq!(loaded.ensemble().members().len(), 2);
    /// assert_eq!(loaded.predict(&inputs)?, outputs);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_ensemble(ensemble: Ensemble<T>) -> Self {
        let link = OutputLink::Identity;
        let (encoder, input_scaler, target_scaler, intervals) = (None, None, None, None);
        Self { ensemble, packed: None, link, encoder, input_scaler, target_scaler, intervals }
    }

    /// Packs a copy of the weights ([`Ensemble::predictor`]), so that single rows are predicted faster: the
    /// same bits.
    #[must_use]
    pub fn with_packed_weights(mut self) -> Self {
        self.packed = self.ensemble.predictor().ok();
        self
    }

    /// Applies a link to the outputs of the model.
    ///
    /// # Errors
    /// If the link is softmax and the model has a single output.
    pub fn with_link(mut self, link: OutputLink) -> Result<Self, ShapeError> {
        link.check(self.ensemble.output_width())?;
        self.link = link;
        self.check_intervals()?;
        Ok(self)
    }

    /// Encodes tables as inputs, and names the outputs.
    ///
    /// # Errors
    /// If the encoder has another number of inputs or targets than the model, or its targets are classes and there is a
    /// scaler of the targets. A model with a single output may have an encoder of two classes: the output is the
    /// probability of the second.
    pub fn with_encoder(mut self, encoder: Encoder) -> Result<Self, ShapeError> {
        check_width("inputs of the encoder", self.ensemble.input_width(), encoder.input_width())?;
        let two_classes = matches!(encoder.target(), Target::Classes { .. })
            && (encoder.target_width(), self.ensemble.output_width()) == (2, 1);
        if !two_classes {
            let (expected, found) = (self.ensemble.output_width(), encoder.target_width());
            check_width("targets of the encoder", expected, found)?;
        }
        self.encoder = Some(encoder);
        self.check_target_scaler()?;
        self.check_intervals()?;
        Ok(self)
    }

    /// Scales the inputs.
    ///
    /// # Errors
    /// If the scaler has another number of columns than the model has inputs.
    pub fn with_input_scaler(mut self, scaler: impl Into<Scaler>) -> Result<Self, ShapeError> {
        let scaler = scaler.into();
        scaler.check_width("input scaler", self.ensemble.input_width())?;
        self.input_scaler = Some(scaler);
        Ok(self)
    }

    /// Undoes the scaling of the targets in predictions.
    ///
    /// # Errors
    /// If the scaler has another number of columns than the model has outputs, or the targets of the
    /// encoder are classes, which are not scaled.
    pub fn with_target_scaler(mut self, scaler: impl Into<Scaler>) -> Result<Self, ShapeError> {
        let scaler = scaler.into();
        scaler.check_width("target scaler", self.ensemble.output_width())?;
        self.target_scaler = Some(scaler);
        self.check_target_scaler()?;
        Ok(self)
    }

    /// Checks that the targets are numbers if they are scaled.
    fn check_target_scaler(&self) -> Result<(), ShapeError> {
        let target = self.encoder.as_ref().map(Encoder::target);
        match (target, &self.target_scaler) {
            (Some(Target::Classes { name, .. }), Some(_)) => {
                let found = "one";
                Err(ShapeError::new(
                    "target scaler",
                    format!("none for the classes of {name:?}"),
                    found,
                ))
            }
            _ => Ok(()),
        }
    }

    /// The models and their weights: of a pipeline of a model alone, that model.
    pub fn ensemble(&self) -> &Ensemble<T> {
        &self.ensemble
    }

    /// The models and their weights.
    pub fn into_ensemble(self) -> Ensemble<T> {
        self.ensemble
    }

    /// The model, if there is a single one.
    pub fn model(&self) -> Option<&Model<T>> {
        self.ensemble.single()
    }

    /// The model, if there is a single one, for example to train it further.
    pub fn into_model(self) -> Option<Model<T>> {
        let mut models = self.ensemble.into_models();
        if models.len() == 1 { models.pop() } else { None }
    }

    /// Changes the models. The residuals were those of the models before, so they are left out.
    pub(super) fn map_ensemble(mut self, change: impl FnOnce(&mut Ensemble<T>)) -> Self {
        change(&mut self.ensemble);
        self.intervals = None;
        if self.packed.is_some() { self.with_packed_weights() } else { self }
    }

    /// The link, which is applied to the outputs.
    pub fn link(&self) -> OutputLink {
        self.link
    }

    /// The encoder of tables.
    pub fn encoder(&self) -> Option<&Encoder> {
        self.encoder.as_ref()
    }

    /// The scaler of the inputs.
    pub fn input_scaler(&self) -> Option<&Scaler> {
        self.input_scaler.as_ref()
    }

    /// The scaler of the targets.
    pub fn target_scaler(&self) -> Option<&Scaler> {
        self.target_scaler.as_ref()
    }

    /// The residuals for prediction intervals, if the model was trained with them.
    pub fn intervals(&self) -> Option<&CrossConformal> {
        self.intervals.as_ref()
    }

    /// The task of the model: classification if the targets of the encoder are classes or, without an
    /// encoder, if there is a link other than the identity.
    pub fn task(&self) -> Task {
        Task::of(self.encoder.as_ref(), self.link)
    }

    /// Predicts from raw inputs (samples, features): numbers in the units of the targets, or
    /// probabilities, (samples, outputs).
    ///
    /// Inputs and predictions may have another number type than the model. Pass `f64` to a model in
    /// `f32` if the inputs have more digits than `f32` before they are scaled.
    ///
    /// # Errors
    /// If the inputs have another number of columns than the model has inputs.
    pub fn predict<U: Scalar>(&self, inputs: &Tensor<U>) -> Result<Tensor<U>, PredictError> {
        let mut outputs = self.network_outputs(inputs)?;
        self.link.apply_mut(&mut outputs);
        let Some(scaler) = &self.target_scaler else { return Ok(converted(&outputs)) };
        let mut predictions = Tensor::default();
        scaler.inverse_to(&outputs, &mut predictions)?;
        Ok(predictions)
    }

    /// The outputs of the network, before the link and the scaler of the targets: of a classifier, the
    /// logits. [`Pipeline::linked`] makes predictions of them, without the scaler.
    ///
    /// # Errors
    /// As [`Pipeline::predict`].
    pub fn outputs<U: Scalar>(&self, inputs: &Tensor<U>) -> Result<Tensor<U>, PredictError> {
        self.network_outputs(inputs).map(|outputs| converted(&outputs))
    }

    /// Applies the link to outputs, in the number type of the model.
    pub fn linked<U: Scalar>(&self, outputs: &Tensor<U>) -> Tensor<U> {
        let mut outputs = converted(outputs);
        self.link.apply_mut::<T>(&mut outputs);
        converted(&outputs)
    }

    fn network_outputs<U: Scalar>(&self, inputs: &Tensor<U>) -> Result<Tensor<T>, PredictError> {
        let mut scaled = Tensor::default();
        match &self.input_scaler {
            Some(scaler) => scaler.transform_to(inputs, &mut scaled)?,
            None => scaled = converted(inputs),
        }
        Ok(match &self.packed {
            Some(packed) if scaled.shape() == (1, packed.input_width()) => {
                let mut outputs = Tensor::from_element(1, packed.output_width(), T::ZERO);
                packed.predict_row(scaled.as_slice(), outputs.as_mut_slice())?;
                outputs
            }
            _ => self.ensemble.predict(&scaled)?,
        })
    }

    /// Predicts from a table. Columns are found by name, and the targets may be missing. The numbers of
    /// a table are in double precision, whatever the number type of the model. Large tables are predicted
    /// block by block, so that the inputs of all rows are never in memory together.
    ///
    /// # Errors
    /// If there is no encoder, a column is missing, or a value is not of the kind of its column; if a
    /// number is missing and there is no scaler of the inputs to fill it.
    pub fn predict_table(&self, table: &Table) -> Result<Tensor<f64>, PredictError> {
        self.in_blocks(table, self.ensemble.output_width(), |inputs| self.predict(inputs))
    }

    /// [`Pipeline::outputs`] of a table.
    ///
    /// # Errors
    /// As [`Pipeline::predict_table`].
    pub fn outputs_of_table(&self, table: &Table) -> Result<Tensor<f64>, PredictError> {
        self.in_blocks(table, self.ensemble.output_width(), |inputs| self.outputs(inputs))
    }

    /// Computes a row of results for each row of a table, block by block.
    fn in_blocks(
        &self,
        table: &Table,
        width: usize,
        results_of: impl Fn(&Tensor<f64>) -> Result<Tensor<f64>, PredictError>,
    ) -> Result<Tensor<f64>, PredictError> {
        let encoder = self.encoder.as_ref().ok_or(PredictError::NoEncoder)?;
        if self.input_scaler.is_none() {
            encoder.refuse_missing_numbers(table)?;
        }
        if table.rows() <= BLOCK {
            return results_of(&encoder.inputs(table)?);
        }
        let mut results = Tensor::from_element(table.rows(), width, 0.0);
        let all: Vec<usize> = (0..table.rows()).collect();
        for rows in all.chunks(BLOCK) {
            let inputs = encoder.inputs(&table.select_rows(rows))?;
            results.rows_mut(rows[0], rows.len()).copy_from(&results_of(&inputs)?);
        }
        Ok(results)
    }

    /// The probability of each class, (samples, classes), from the predictions of a classifier.
    ///
    /// These are the predictions themselves, or for a single output `p` the two columns `1 - p` and
    /// `p`.
    ///
    /// # Errors
    /// If the model is a regression, or the predictions do not have one column per output.
    pub fn class_probabilities<U: Scalar>(
        &self,
        predictions: &Tensor<U>,
    ) -> Result<Tensor<U>, PredictError> {
        if self.task() == Task::Regression {
            return Err(PredictError::NoClasses);
        }
        let outputs = self.ensemble.output_width();
        if predictions.ncols() != outputs {
            let (expected, found) = (outputs.to_string(), predictions.ncols().to_string());
            return Err(ShapeError::new("columns of the predictions", expected, found).into());
        }
        if outputs > 1 {
            return Ok(predictions.clone());
        }
        let one = U::from_f64(1.0);
        Ok(Tensor::from_fn(predictions.nrows(), 2, |row, class| match class {
            0 => one - predictions[row],
            _ => predictions[row],
        }))
    }

    /// Predictions as a table of the target columns: numbers, or the names of the most likely classes.
    ///
    /// # Errors
    /// If there is no encoder, the predictions do not have one column per output, or a probability is
    /// NaN.
    pub fn decode<U: Scalar>(&self, predictions: &Tensor<U>) -> Result<Table, PredictError> {
        let encoder = self.encoder.as_ref().ok_or(PredictError::NoEncoder)?;
        Ok(match encoder.target() {
            Target::Classes { .. } => encoder.decode(&self.class_probabilities(predictions)?)?,
            Target::Numbers(_) => encoder.decode(predictions)?,
        })
    }
}

fn converted<T: Scalar, U: Scalar>(tensor: &Tensor<T>) -> Tensor<U> {
    tensor.map(|value| U::data(value.to_f64()))
}
