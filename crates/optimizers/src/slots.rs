//! What an optimizer keeps between steps: N tensors a parameter, by position.

use nnfs_tensor::{
    OptimizerState, Parameter, Scalar, ShapeError, Tensor, Trainable, shape_text, update_mut,
};

use crate::LearningRate;

/// The learning rate, the number of steps made, and N tensors a parameter.
#[derive(Debug, Clone)]
pub(crate) struct Slots<T: Scalar, const N: usize> {
    rate: LearningRate,
    current_rate: f64,
    iterations: u64,
    tensors: Vec<[Tensor<T>; N]>,
}

/// The formula of an optimizer, for one step with all its numbers rounded.
pub(crate) trait Update<T, const N: usize> {
    /// A number `w` of a parameter and its state after the step, from its gradient `g`; to be marked
    /// `#[inline(always)]`.
    fn update(&self, w: T, g: T, state: [T; N]) -> (T, [T; N]);
}

impl<T: Scalar, const N: usize> Slots<T, N> {
    pub(crate) fn new(rate: LearningRate) -> Self {
        Self { rate, current_rate: rate.initial(), iterations: 0, tensors: Vec::new() }
    }

    /// The rate of the last step.
    pub(crate) fn learning_rate(&self) -> f64 {
        self.current_rate
    }

    /// How the rate changes.
    pub(crate) fn rate(&self) -> LearningRate {
        self.rate
    }

    /// Moves on by one step: gives the learning rate and the number of this step, from 1.
    pub(crate) fn advance(&mut self) -> (f64, u64) {
        self.current_rate = self.rate.at(self.iterations);
        self.iterations += 1;
        (self.current_rate, self.iterations)
    }

    /// Whether the parameters of a network are those that there are slots for.
    pub(crate) fn check(&self, network: &dyn Trainable<T>) -> Result<(), ShapeError> {
        if self.tensors.is_empty() {
            return Ok(());
        }
        let mut position = 0;
        let mut checked = Ok(());
        network.for_each_parameter(&mut |parameter| {
            let known = self.tensors.get(position).and_then(|slot| slot.first());
            let differs = known.filter(|known| known.shape() != parameter.value.shape());
            if let (Some(known), Ok(())) = (differs, &checked) {
                checked = Err(ShapeError::new(
                    format!("parameter {position} of a network that the optimizer has not stepped"),
                    shape_text(known),
                    shape_text(&parameter.value),
                ));
            }
            position += 1;
        });
        if position != self.tensors.len() {
            let (expected, found) = (self.tensors.len().to_string(), position.to_string());
            return Err(ShapeError::new("parameters for the optimizer", expected, found));
        }
        checked
    }

    /// Updates every parameter with its slot; slots are made, all zero, at the first step.
    pub(crate) fn update_all(
        &mut self,
        network: &mut dyn Trainable<T>,
        formula: &impl Update<T, N>,
    ) {
        let first = self.tensors.is_empty();
        let mut position = 0;
        network.for_each_parameter_mut(&mut |parameter| {
            let Parameter { value, gradient, .. } = parameter;
            if first {
                let (rows, columns) = value.shape();
                self.tensors.push([(); N].map(|()| Tensor::from_element(rows, columns, T::ZERO)));
            }
            let known = self.tensors.len();
            assert!(position < known, "a network of {known} parameters now has more");
            let state = self.tensors[position].each_mut();
            update_mut(value, gradient, state, |w, g, state| formula.update(w, g, state));
            position += 1;
        });
        let known = self.tensors.len();
        assert!(position == known, "a network of {known} parameters now has {position}");
    }

    pub(crate) fn state(&self) -> OptimizerState<T> {
        let tensors = self.tensors.iter().flatten().cloned().collect();
        OptimizerState { iterations: self.iterations, tensors }
    }

    pub(crate) fn restore(&mut self, state: OptimizerState<T>) -> Result<(), ShapeError> {
        let count = state.tensors.len();
        if !count.is_multiple_of(N) {
            let expected = format!("{N} for each parameter");
            return Err(ShapeError::new("tensors of the optimizer", expected, count.to_string()));
        }
        let mut slots = state.tensors.chunks_exact(N);
        if let Some(slot) =
            slots.find(|slot| slot[1..].iter().any(|t| t.shape() != slot[0].shape()))
        {
            let shapes: Vec<String> = slot.iter().map(shape_text).collect();
            let expected = "the same shape for each";
            return Err(ShapeError::new("tensors of a parameter", expected, shapes.join(", ")));
        }
        self.iterations = state.iterations;
        self.current_rate = self.rate.at(state.iterations.saturating_sub(1));
        self.tensors.clear();
        let mut tensors = state.tensors.into_iter();
        while tensors.len() > 0 {
            self.tensors.push([(); N].map(|()| tensors.next().expect("a multiple of N")));
        }
        Ok(())
    }
}
