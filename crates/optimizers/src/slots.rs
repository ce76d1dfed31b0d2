//! What an optimizer keeps between steps: N tensors a parameter, by position.

use nnfs_tensor::{
    Loop, OptimizerState, Parameter, Scalar, ShapeError, Tensor, Trainable, assert_same_shape,
    shape, vectorize,
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

/// One step of one parameter: its numbers, their gradients, and the N tensors of its slot.
pub(crate) struct Slot<'a, T, const N: usize> {
    pub(crate) values: &'a mut [T],
    pub(crate) gradients: &'a [T],
    pub(crate) state: [&'a mut [T]; N],
}

/// The formula of an optimizer, for one step with all its numbers rounded.
pub(crate) trait Update<T, const N: usize> {
    /// Moves the values of one parameter; to be marked `#[inline(always)]`.
    fn update(&self, slot: Slot<'_, T, N>);
}

/// An update of one parameter, as a loop for the widest registers of the CPU.
struct UpdateLoop<'a, U, T, const N: usize> {
    formula: &'a U,
    slot: Slot<'a, T, N>,
}

/// How many numbers of a parameter are updated at a time.
const AT_ONCE: usize = 64;

impl<T: Scalar, U: Update<T, N>, const N: usize> Loop for UpdateLoop<'_, U, T, N> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { formula, slot: Slot { values, gradients, state } } = self;
        let (values, last_values) = values.as_chunks_mut();
        let (gradients, last_gradients) = gradients.as_chunks::<AT_ONCE>();
        let mut last_state = state.map(<[T]>::as_chunks_mut);
        for (chunk, (values, gradients)) in values.iter_mut().zip(gradients).enumerate() {
            // Everything is loaded before anything is stored: where tensors lie a multiple of 4 KiB
            // apart, a CPU takes a load for one of what was just stored, and waits.
            let mut new_values: [T; AT_ONCE] = *values;
            let mut new_state = last_state.each_ref().map(|(chunks, _)| chunks[chunk]);
            let state = new_state.each_mut().map(<[T; AT_ONCE]>::as_mut_slice);
            formula.update(Slot { values: &mut new_values, gradients, state });
            *values = new_values;
            for ((chunks, _), new) in last_state.iter_mut().zip(new_state) {
                chunks[chunk] = new;
            }
        }
        let state = last_state.map(|(_, last)| last);
        formula.update(Slot { values: last_values, gradients: last_gradients, state });
    }
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
                    shape(known),
                    shape(&parameter.value),
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
            assert_same_shape("gradients", gradient, "values of a parameter", value);
            if first {
                let (rows, columns) = value.shape();
                self.tensors
                    .push([(); N].map(|()| Tensor::from_element(rows, columns, T::parameter(0.0))));
            }
            let known = self.tensors.len();
            assert!(position < known, "a network of {known} parameters now has more");
            let slot = &mut self.tensors[position];
            for tensor in slot.iter() {
                assert_same_shape("values of a parameter", value, "the optimizer's for it", tensor);
            }
            let slot = Slot {
                values: value.as_mut_slice(),
                gradients: gradient.as_slice(),
                state: slot.each_mut().map(Tensor::as_mut_slice),
            };
            vectorize(UpdateLoop { formula, slot });
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
            let shapes: Vec<String> = slot.iter().map(shape).collect();
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
