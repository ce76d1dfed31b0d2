//! Several models whose outputs are averaged.

use nnfs_tensor::{Parameter, Scalar, ShapeError, Tensor, Trainable, map_mut, zip_mut};

use crate::{EnsembleError, EnsembleSummary, Model, Workspace};

/// Several models with the same inputs and outputs. The outputs of the ensemble are the weighted mean of
/// the outputs of its members.
///
/// ```text
/// y = share_1 * y_1 + share_2 * y_2 + ... + share_K * y_K      share_k = weight_k / sum of the weights
/// ```
/// The mean is taken before the link: of classifiers, it is the mean of the logits. The products are added
/// from left to right, one entry at a time, in the kind of number of the models, so a row has the same bits alone
/// and within a batch, on any number of threads. An ensemble of a single member has the bits of that model.
///
/// Members may have different layers. Breiman (1996), *Bagging Predictors*; with neural networks, Hansen
/// and Salamon (1990), *Neural Network Ensembles*.
#[derive(Debug, Clone)]
pub struct Ensemble<T: Scalar> {
    /// At least one, and all of the same widths.
    members: Vec<Member<T>>,
}

/// A model of an [`Ensemble`] and its weight.
#[derive(Debug, Clone)]
pub struct Member<T: Scalar> {
    model: Model<T>,
    weight: f64,
    share: f64,
}

impl<T: Scalar> Member<T> {
    /// The model.
    pub fn model(&self) -> &Model<T> {
        &self.model
    }

    /// The weight that was given.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// The weight over the sum of the weights of all members.
    pub fn share(&self) -> f64 {
        self.share
    }
}

impl<T: Scalar> Ensemble<T> {
    /// An ensemble of models with their weights, which need not sum to 1.
    ///
    /// ```
    /// use nnfs_layers::Dense;
    /// use nnfs_model::{Ensemble, Model};
    /// use nnfs_tensor::Tensor;
    ///
    /// let times = |factor: f64| -> Result<_, Box<dyn std::error::Error>> {
    ///     let weights = Tensor::from_element(1, 1, factor);
    ///     Ok(Model::new(1).then(Dense::from_parameters(weights, Tensor::zeros(1, 1))?)?)
    /// };
    /// let ensemble = Ensemble::new([(times(1.0)?, 3.0), (times(5.0)?, 1.0)])?;
    /// let outputs = ensemble.predict(&Tensor::from_element(1, 1, 10.0))?;
    /// assert_eq!(outputs.as_slice(), [0.75 * 10.0 + 0.25 * 50.0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If there is no member, a weight is not a finite number above 0, the sum of the weights is too large
    /// for a number, or a member has other widths than the first.
    pub fn new(members: impl IntoIterator<Item = (Model<T>, f64)>) -> Result<Self, EnsembleError> {
        let member = |(model, weight)| Member { model, weight, share: 0.0 };
        let mut members: Vec<Member<T>> = members.into_iter().map(member).collect();
        let widths = |member: &Member<T>| (member.model.input_width(), member.model.output_width());
        let expected = members.first().map(widths).ok_or(EnsembleError::Empty)?;
        for (index, member) in members.iter().enumerate() {
            if !(member.weight.is_finite() && member.weight > 0.0) {
                return Err(EnsembleError::Weight { member: index, found: member.weight });
            }
            let found = widths(member);
            if found != expected {
                return Err(EnsembleError::Widths { member: index, expected, found });
            }
        }
        let sum: f64 = members.iter().map(|member| member.weight).sum();
        if !sum.is_finite() {
            return Err(EnsembleError::SumOfWeights);
        }
        members.iter_mut().for_each(|member| member.share = member.weight / sum);
        Ok(Self { members })
    }

    /// The members, in the order in which their outputs are added.
    pub fn members(&self) -> &[Member<T>] {
        &self.members
    }

    /// The model, if there is a single member.
    pub fn single(&self) -> Option<&Model<T>> {
        match self.members.as_slice() {
            [member] => Some(&member.model),
            _ => None,
        }
    }

    /// The models, in order.
    pub fn into_models(self) -> Vec<Model<T>> {
        self.members.into_iter().map(|member| member.model).collect()
    }

    /// The number of features of a sample.
    pub fn input_width(&self) -> usize {
        self.members[0].model.input_width()
    }

    /// The number of outputs for a sample.
    pub fn output_width(&self) -> usize {
        self.members[0].model.output_width()
    }

    /// Predicts: the weighted mean of the outputs of the members, (samples, outputs).
    ///
    /// # Errors
    /// If the inputs do not have `input_width` columns, or a member has no layer.
    pub fn predict(&self, inputs: &Tensor<T>) -> Result<Tensor<T>, ShapeError> {
        let mut predictions = Tensor::default();
        self.predict_to(inputs, &mut Workspace::default(), &mut predictions)?;
        Ok(predictions)
    }

    /// Predicts into `predictions`, which is resized.
    ///
    /// # Errors
    /// As [`Ensemble::predict`].
    pub fn predict_to(
        &self,
        inputs: &Tensor<T>,
        workspace: &mut Workspace<T>,
        predictions: &mut Tensor<T>,
    ) -> Result<(), ShapeError> {
        let (first, others) = self.members.split_first().expect("an ensemble has members");
        first.model.predict_to(inputs, workspace, predictions)?;
        if others.is_empty() {
            return Ok(());
        }
        let share = T::parameter(first.share);
        map_mut(predictions, |y| share * y);
        let mut outputs = std::mem::take(&mut workspace.member);
        for Member { model, share, .. } in others {
            model.predict_to(inputs, workspace, &mut outputs)?;
            let share = T::parameter(*share);
            zip_mut(predictions, &outputs, |sum, y| sum + share * y);
        }
        workspace.member = outputs;
        Ok(())
    }

    /// The layers of the members as tables, one for each kind of network.
    pub fn summary(&self) -> EnsembleSummary {
        EnsembleSummary::of(self)
    }
}

/// The ensemble of a model alone, which has the same bits.
///
/// ```
/// use nnfs_layers::Dense;
/// use nnfs_model::{Ensemble, Model};
/// use nnfs_tensor::Tensor;
///
/// let dense = Dense::from_parameters(Tensor::from_element(2, 1, 0.1), Tensor::zeros(1, 1))?;
/// let model = Model::<f32>::new(2).then(dense)?;
/// let inputs = Tensor::from_row_slice(1, 2, &[0.3, 0.7]);
/// assert_eq!(Ensemble::from(model.clone()).predict(&inputs)?, model.predict(&inputs)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl<T: Scalar> From<Model<T>> for Ensemble<T> {
    fn from(model: Model<T>) -> Self {
        Self { members: vec![Member { model, weight: 1.0, share: 1.0 }] }
    }
}

/// The parameters of the members, one member after another.
impl<T: Scalar> Trainable<T> for Ensemble<T> {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<T>)) {
        self.members.iter().for_each(|member| member.model.for_each_parameter(visit));
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<T>)) {
        self.members.iter_mut().for_each(|member| member.model.for_each_parameter_mut(visit));
    }
}
