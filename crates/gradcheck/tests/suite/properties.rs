//! Random polynomials: the right gradient passes, a spoilt one does not; and random kinks.

use nnfs_gradcheck::{GradientCheck, GradientError};
use nnfs_tensor::{Description, Layer, Parameter, ShapeError, Tensor, Trainable};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

/// One cubic polynomial a feature: `y = c0 + c1 x + c2 x^2 + c3 x^3`, its coefficients trained.
#[derive(Debug, Clone)]
struct Polynomials {
    coefficients: Parameter<f64>,
    spoil: Option<Spoil>,
}

/// Which entry of which gradient is wrong, and by what share of itself.
#[derive(Debug, Clone, Copy)]
struct Spoil {
    parameter: bool,
    index: prop::sample::Index,
    share: f64,
}

impl Polynomials {
    fn new(coefficients: &Tensor<f64>, spoil: Option<Spoil>) -> Self {
        let coefficients = Parameter::new(coefficients.clone());
        Self { coefficients, spoil }
    }
}

impl Trainable<f64> for Polynomials {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<f64>)) {
        visit(&self.coefficients);
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<f64>)) {
        visit(&mut self.coefficients);
    }
}

impl Layer<f64> for Polynomials {
    fn predict_to(&self, inputs: &Tensor<f64>, outputs: &mut Tensor<f64>) {
        let c = &self.coefficients.value;
        *outputs = inputs.map_with_location(|_, j, x| {
            c[(0, j)] + x * (c[(1, j)] + x * (c[(2, j)] + x * c[(3, j)]))
        });
    }
    fn backward_to(
        &mut self,
        inputs: &Tensor<f64>,
        _: &Tensor<f64>,
        gradient: &Tensor<f64>,
        input_gradient: Option<&mut Tensor<f64>>,
    ) {
        let c = &self.coefficients.value;
        let mut slopes = inputs.map_with_location(|i, j, x| {
            gradient[(i, j)] * (c[(1, j)] + x * (2.0 * c[(2, j)] + x * 3.0 * c[(3, j)]))
        });
        self.coefficients.gradient = Tensor::from_fn(4, inputs.ncols(), |power, j| {
            inputs.column(j).map(|x| x.powi(power as i32)).dot(&gradient.column(j))
        });
        if let Some(Spoil { parameter, index, share }) = self.spoil {
            let spoilt = if parameter { &mut self.coefficients.gradient } else { &mut slopes };
            let entry = index.get_mut(spoilt.as_mut_slice());
            *entry += share * (entry.abs() + 0.01);
        }
        if let Some(input_gradient) = input_gradient {
            *input_gradient = slopes;
        }
    }
    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        Ok(input_width)
    }
    fn description(&self) -> Description {
        Description::new("polynomials")
    }
}

/// A number of either sign, often a round one, where derivatives vanish.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![4 => -3.0..3.0, 1 => (-3..=3).prop_map(f64::from), 1 => -1e-3..1e-3]
}

fn tensor(rows: usize, columns: usize) -> impl Strategy<Value = Tensor<f64>> {
    prop::collection::vec(number(), rows * columns)
        .prop_map(move |values| Tensor::from_vec(rows, columns, values))
}

/// Coefficients, inputs and dL/d(outputs) of up to 5 samples and 4 features.
fn polynomials() -> impl Strategy<Value = (Tensor<f64>, Tensor<f64>, Tensor<f64>)> {
    (1..=5_usize, 1..=4_usize).prop_flat_map(|(samples, features)| {
        (tensor(4, features), tensor(samples, features), tensor(samples, features))
    })
}

fn spoil() -> impl Strategy<Value = Spoil> {
    let share = prop_oneof![1e-3..3.0, -3.0..-1e-3];
    (any::<bool>(), any::<prop::sample::Index>(), share)
        .prop_map(|(parameter, index, share)| Spoil { parameter, index, share })
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/regressions.txt",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn polynomials_pass((coefficients, inputs, gradient) in polynomials()) {
        let build = || Polynomials::new(&coefficients, None);
        let report = GradientCheck::default().layer(build, &inputs, &gradient)?;
        prop_assert_eq!(report.checked, inputs.len() + coefficients.len());
    }

    #[test]
    fn spoilt_polynomials_fail_in_the_spoilt_entry(
        (coefficients, inputs, gradient) in polynomials(),
        spoil in spoil(),
    ) {
        let build = || Polynomials::new(&coefficients, Some(spoil));
        let result = GradientCheck::default().layer(build, &inputs, &gradient);
        let Err(GradientError::Wrong { entry, wrong: 1, .. }) = result else {
            return Err(TestCaseError::fail(format!("{result:?}")));
        };
        let (name, tensor) =
            if spoil.parameter { ("parameter 0", &coefficients) } else { ("inputs", &inputs) };
        let index = spoil.index.index(tensor.len());
        prop_assert_eq!(entry.tensor, name);
        prop_assert_eq!((entry.row, entry.column), tensor.vector_to_matrix_index(index));
    }

    /// However near the kink lies: the right derivative is never called wrong, and the wrong one
    /// never passes for right.
    #[test]
    fn a_kink_never_misleads(
        exponent in -16.0..0.0_f64,
        sign in prop::sample::select(vec![1.0, -1.0, 0.0]),
        centre in number(),
        (left, right) in (number(), number()),
        (curve, wrong) in (number(), prop_oneof![0.01..2.0, -2.0..-0.01]),
    ) {
        let offset = sign * 10_f64.powf(exponent);
        let x = centre + offset;
        let function = |values: &Tensor<f64>| {
            let x = values[0];
            curve * x * x + (x - centre) * if x > centre { right } else { left }
        };
        let derivative = 2.0 * curve * x + if x > centre { right } else { left };
        let check = |derivative| {
            let at = |value| Tensor::from_element(1, 1, value);
            GradientCheck::default().function(&at(x), &at(derivative), function)
        };
        let result = check(derivative);
        let kinked = matches!(result, Err(GradientError::TooManyKinks { .. }));
        prop_assert!(result.is_ok() || kinked, "{:?}", result);
        prop_assert!(check(derivative + wrong).is_err());
        // A kink that is well outside the narrowest windows is no excuse.
        if offset.abs() > 1e-5 && derivative.abs() > 0.1 {
            prop_assert!(result.is_ok(), "{:?}", result);
        }
    }
}
