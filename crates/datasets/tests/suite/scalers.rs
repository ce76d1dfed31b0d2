//! Scaling: known values, every error, and back again.

use nnfs_datasets::{ClippedScaler, MinMaxScaler, Scale, ScalerError, StandardScaler};
use nnfs_tensor::{Scalar, Tensor};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::Direct;

fn column(values: &[f64]) -> Tensor<f64> {
    Tensor::from_column_slice(values.len(), 1, values)
}

// As scikit-learn documents `StandardScaler`: the squares are (9 + 4 + 0 + 25) / 4, and a column
// without a spread keeps a scale of 1.
#[test]
fn the_deviation_is_that_of_the_population() {
    let inputs = Tensor::from_row_slice(4, 2, &[1.0, 2.0, 2.0, 2.0, 4.0, 2.0, 9.0, 2.0]);
    let scaler = StandardScaler::fit::<f64>(&inputs).unwrap();
    assert_eq!(scaler.means(), [4.0, 2.0]);
    assert_eq!(scaler.deviations(), [9.5_f64.sqrt(), 1.0]);
    let single = StandardScaler::fit(&inputs.map(|value| value as f32)).unwrap();
    assert_eq!(single, scaler, "of any precision");
}

#[test]
fn a_large_mean_takes_nothing_from_the_deviation() {
    // The mean of the squares less the square of the mean would be 0 or 128 here.
    let inputs = column(&[1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0]);
    let scaler = StandardScaler::fit(&inputs).unwrap();
    assert_eq!(scaler.means(), [1e9 + 10.0]);
    assert_eq!(scaler.deviations(), [22.5_f64.sqrt()]);
}

#[test]
fn constant_columns_become_zero() {
    for value in [0.0, 0.1, -1e300, 1e-320] {
        let mut inputs = column(&[value; 7]);
        let scaler = StandardScaler::fit(&inputs).unwrap();
        assert_eq!((scaler.means(), scaler.deviations()), (&[value][..], &[1.0][..]));
        scaler.transform_mut(&mut inputs).unwrap();
        assert_eq!(inputs, column(&[0.0; 7]));
        let mut inputs = column(&[value; 7]);
        let scaler = MinMaxScaler::fit(&inputs).unwrap();
        assert_eq!((scaler.minimums(), scaler.widths()), (&[value][..], &[1.0][..]));
        scaler.transform_mut(&mut inputs).unwrap();
        assert_eq!(inputs, column(&[0.0; 7]));
    }
}

#[test]
fn rounding_is_not_a_spread() {
    let sum = 0.1 + 0.2; // not 0.3
    let noise = column(&[sum, 0.3, sum, 0.3]);
    assert_ne!(noise.min(), noise.max());
    assert_eq!(StandardScaler::fit(&noise).unwrap().deviations(), [1.0]);
    assert_eq!(MinMaxScaler::fit(&noise).unwrap().widths(), [1.0]);
    // A time in nanoseconds has digits to the last.
    let times = column(&[1.7e18, 1.7e18 + 102_400.0, 1.7e18 + 204_800.0]);
    assert!(StandardScaler::fit(&times).unwrap().deviations()[0] > 5e4);
    assert_eq!(MinMaxScaler::fit(&times).unwrap().widths(), [204_800.0]);
}

#[test]
fn both_ends_of_the_range_are_met() {
    let inputs = column(&[0.1, 0.2, 0.7]);
    let mut outputs = Tensor::zeros(0, 0);
    MinMaxScaler::fit(&inputs).unwrap().transform_to(&inputs, &mut outputs).unwrap();
    assert_eq!((outputs[0], outputs[2]), (0.0, 1.0));
    let scaler = MinMaxScaler::fit(&inputs).unwrap().range(-2.0, 3.0).unwrap();
    assert_eq!(scaler.ends(), (-2.0, 3.0));
    scaler.transform_to(&inputs, &mut outputs).unwrap();
    assert_eq!((outputs[0], outputs[2]), (-2.0, 3.0));
}

#[test]
fn a_missing_number_is_the_center_of_the_others() {
    let inputs = column(&[f64::NAN, 1.0, f64::NAN, 5.0]);
    let (scaler, z): (_, Tensor<f64>) = StandardScaler::fit_transform(&inputs).unwrap();
    assert_eq!(scaler, StandardScaler::fit(&column(&[1.0, 5.0])).unwrap());
    assert_eq!(z, column(&[0.0, -1.0, 0.0, 1.0]));
    let scaler = MinMaxScaler::fit(&inputs).unwrap();
    assert_eq!(scaler, MinMaxScaler::fit(&column(&[1.0, 5.0])).unwrap());
    let z: Tensor<f64> = scaler.range(2.0, 6.0).unwrap().transform(&inputs).unwrap();
    assert_eq!(z, column(&[4.0, 2.0, 4.0, 6.0]));
}

#[test]
fn a_column_without_a_number_has_center_zero() {
    let inputs = column(&[f64::NAN; 3]);
    let scaler = StandardScaler::fit(&inputs).unwrap();
    assert_eq!((scaler.means(), scaler.deviations()), (&[0.0][..], &[1.0][..]));
    assert_eq!((scaler.scale(0, f64::NAN), scaler.scale(0, 2.0)), (0.0, 2.0));
    let scaler = MinMaxScaler::fit(&inputs).unwrap();
    assert_eq!((scaler.minimums(), scaler.widths()), (&[0.0][..], &[1.0][..]));
    assert_eq!((scaler.scale(0, f64::NAN), scaler.scale(0, 2.0)), (0.5, 2.0));
}

#[test]
fn what_cannot_be_fitted() {
    let errors = |inputs: &Tensor<f64>| {
        let errors =
            [StandardScaler::fit(inputs).unwrap_err(), MinMaxScaler::fit(inputs).unwrap_err()];
        assert_eq!(errors[0].to_string(), errors[1].to_string());
        errors[0].to_string()
    };
    assert_eq!(errors(&Tensor::zeros(0, 3)), "scaler: expected at least one row, found 0x3");
    assert_eq!(
        errors(&Tensor::from_row_slice(2, 2, &[1.0, 2.0, f64::NAN, f64::NEG_INFINITY])),
        "scaler: expected finite numbers, found -inf in row 1, column 1 (from 0)"
    );
    assert_eq!(
        errors(&column(&[f64::MAX, -f64::MAX])),
        "scaler: the numbers in column 0 (from 0) are too far apart for double precision"
    );
}

#[test]
fn a_spread_whose_square_is_zero_is_no_constant() {
    let error = StandardScaler::fit(&column(&[1e-200, 2e-200, 3e-200])).unwrap_err();
    assert_eq!(error, ScalerError::TooNarrow { column: 0 });
    // Of inputs with outliers, and of weighted rows.
    assert_eq!(ClippedScaler::fit(&column(&[1e-200, 2e-200])).unwrap_err(), error);
    let weighted =
        |weights: &[f64]| StandardScaler::fit_weighted(&column(&[1e-200, 1e-200, 3e-200]), weights);
    assert_eq!(weighted(&[1.0, 2.0, 1.0]).unwrap_err(), error);
    assert!(weighted(&[1.0, 2.0, 0.0]).is_ok());
    assert!(StandardScaler::fit(&column(&[1e-150, 2e-150])).is_ok());
    // Too small to divide by.
    assert!(StandardScaler::fit(&column(&[1e-310, 2e-310])).is_ok());
}

#[test]
fn the_smallest_spreads_that_are_kept() {
    // The width is 8 times the rounding of 1, and the variance the smallest normal number, 2^-1022.
    let width = 8.0 * f64::EPSILON;
    let close = column(&[1.0 - width, 1.0]);
    assert_eq!(MinMaxScaler::fit(&close).unwrap().widths(), [width]);
    let deviation = f64::MIN_POSITIVE.sqrt();
    let scaler = StandardScaler::fit(&column(&[-deviation, deviation])).unwrap();
    assert_eq!(scaler.deviations(), [deviation]);
    let narrower = 0.75 * deviation;
    let error = StandardScaler::fit(&column(&[-narrower, narrower])).unwrap_err();
    assert_eq!(error, ScalerError::TooNarrow { column: 0 });
}

#[test]
fn a_spread_whose_square_is_infinite_is_too_wide() {
    let error = StandardScaler::fit(&column(&[1e200, -1e200])).unwrap_err();
    assert_eq!(error, ScalerError::TooWide { column: 0 });
}

#[test]
fn a_first_row_of_weight_zero_does_not_count() {
    let inputs = column(&[9.0, 1.0, 4.0]);
    let scaler = StandardScaler::fit_weighted(&inputs, &[0.0, 2.0, 1.0]).unwrap();
    assert_eq!((scaler.means(), scaler.deviations()), (&[2.0][..], &[2.0_f64.sqrt()][..]));
}

#[test]
fn a_scaler_has_the_width_of_its_tensor() {
    for columns in [1, 3] {
        let inputs = Tensor::<f64>::from_fn(4, columns, |row, column| (row * column) as f64);
        assert_eq!(StandardScaler::fit(&inputs).unwrap().width(), columns);
        assert_eq!(MinMaxScaler::fit(&inputs).unwrap().width(), columns);
        assert_eq!(ClippedScaler::fit(&inputs).unwrap().width(), columns);
    }
}

#[test]
fn what_cannot_be_transformed() {
    let scaler = StandardScaler::fit(&column(&[1.0, 2.0])).unwrap();
    let mut other = Tensor::<f64>::zeros(5, 2);
    let message = "tensor: expected 1 columns as the scaler was fitted to, found 5x2";
    assert_eq!(scaler.transform_mut(&mut other).unwrap_err().to_string(), message);
    assert_eq!(scaler.inverse_mut(&mut other).unwrap_err().to_string(), message);
    let scaler = MinMaxScaler::fit(&column(&[1.0, 2.0])).unwrap();
    assert_eq!(scaler.transform_mut(&mut other).unwrap_err().to_string(), message);
    assert_eq!(scaler.inverse_mut(&mut other).unwrap_err().to_string(), message);
}

#[test]
fn parameters_are_checked() {
    let message = |result: Result<StandardScaler, ScalerError>| result.unwrap_err().to_string();
    let from = |means: &[f64], deviations: &[f64]| {
        StandardScaler::from_parts(means.to_vec(), deviations.to_vec())
    };
    assert!(from(&[1.0], &[2.0]).is_ok());
    assert_eq!(message(from(&[1.0], &[])), "deviations: expected 1 as means, found 0");
    assert_eq!(message(from(&[f64::NAN], &[1.0])), "means must be finite, found NaN");
    assert_eq!(message(from(&[1.0], &[0.0])), "deviations must be finite and above 0, found 0");
    let scaler = MinMaxScaler::from_parts(vec![1.0], vec![2.0]).unwrap();
    assert!(MinMaxScaler::from_parts(vec![1.0], vec![-2.0]).is_err());
    assert_eq!(
        scaler.range(1.0, 1.0).unwrap_err().to_string(),
        "high end must be finite and above the low end, found 1"
    );
    let scaler = MinMaxScaler::from_parts(vec![1.0], vec![2.0]).unwrap();
    assert!(scaler.range(-f64::MAX, f64::MAX).is_err(), "the distance of the ends is infinite");
}

/// The largest distance between two tensors, beside the largest value of the first.
fn distance<T: Scalar>(a: &Tensor<T>, b: &Tensor<T>) -> f64 {
    let largest = a.iter().fold(f64::MIN_POSITIVE, |most, x| most.max(x.to_f64().abs()));
    let apart = a.iter().zip(b.iter()).map(|(a, b)| (a.to_f64() - b.to_f64()).abs());
    apart.fold(0.0, f64::max) / largest
}

fn tensors() -> impl Strategy<Value = Tensor<f64>> {
    let values = prop_oneof![-10.0..10.0_f64, Just(3.0), -1e30..1e30_f64, 1e6..1e6 + 1.0];
    (1..20_usize).prop_flat_map(move |rows| {
        prop::collection::vec(values.clone(), rows).prop_map(move |values| column(&values))
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(Direct("tests/regressions.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_inverse_gives_back(inputs in tensors(), low in -3.0..0.0_f64, width in 0.1..3.0_f64) {
        let standard = StandardScaler::fit(&inputs).unwrap();
        let min_max = MinMaxScaler::fit(&inputs).unwrap().range(low, low + width).unwrap();
        let single = inputs.map(|value| value as f32);
        let mut outputs = (inputs.clone(), single.clone());
        standard.transform_mut(&mut outputs.0).unwrap();
        standard.transform_mut(&mut outputs.1).unwrap();
        standard.inverse_mut(&mut outputs.0).unwrap();
        standard.inverse_mut(&mut outputs.1).unwrap();
        prop_assert!(distance(&inputs, &outputs.0) < 1e-14, "{}", outputs.0);
        prop_assert!(distance(&single, &outputs.1) < 1e-6, "{}", outputs.1);
        outputs = (inputs.clone(), single.clone());
        min_max.transform_mut(&mut outputs.0).unwrap();
        min_max.transform_mut(&mut outputs.1).unwrap();
        min_max.inverse_mut(&mut outputs.0).unwrap();
        min_max.inverse_mut(&mut outputs.1).unwrap();
        prop_assert!(distance(&inputs, &outputs.0) < 1e-13, "{}", outputs.0);
        prop_assert!(distance(&single, &outputs.1) < 2e-5, "{}", outputs.1);
    }

    #[test]
    fn missing_numbers_change_nothing_for_the_others(
        inputs in tensors(), gaps in prop::collection::vec(any::<bool>(), 1..40),
    ) {
        // The numbers in order, with a gap before some of them.
        let mut values = Vec::new();
        for (index, &value) in inputs.iter().enumerate() {
            values.extend(gaps.get(index).is_some_and(|&gap| gap).then_some(f64::NAN));
            values.push(value);
        }
        let with_gaps = column(&values);
        let scaler = StandardScaler::fit(&with_gaps).unwrap();
        prop_assert_eq!(&scaler, &StandardScaler::fit(&inputs).unwrap());
        let z: Tensor<f64> = scaler.transform(&with_gaps).unwrap();
        for (&z, &x) in z.iter().zip(&values) {
            prop_assert_eq!(z, if x.is_nan() { 0.0 } else { scaler.scale(0, x) });
        }
        prop_assert_eq!(MinMaxScaler::fit(&with_gaps), MinMaxScaler::fit(&inputs));
    }

    #[test]
    fn the_outcome_has_mean_zero_and_deviation_one_or_lies_in_the_range(inputs in tensors()) {
        let mut outputs = inputs.clone();
        let scaler = StandardScaler::fit(&inputs).unwrap();
        scaler.transform_mut(&mut outputs).unwrap();
        let constant = inputs.iter().all(|&value| value == inputs[0]);
        let deviation = outputs.variance().sqrt();
        let expected = if constant { 0.0 } else { 1.0 };
        // The values themselves are rounded, which shows where the mean is large.
        let rounding = 1e-13 + 1e-15 * scaler.means()[0].abs() / scaler.deviations()[0];
        prop_assert!(outputs.mean().abs() < rounding, "mean {}", outputs.mean());
        prop_assert!((deviation - expected).abs() < 10.0 * rounding, "deviation {}", deviation);
        outputs.copy_from(&inputs);
        MinMaxScaler::fit(&inputs).unwrap().transform_mut(&mut outputs).unwrap();
        prop_assert!(outputs.iter().all(|value| (0.0..=1.0).contains(value)), "{}", outputs);
    }
}

/// A time in seconds has digits that `f32` does not keep before its mean is taken away.
#[test]
fn what_is_scaled_is_rounded_once() {
    let times = Tensor::from_fn(100, 1, |row, _| 1_700_000_000.0 + row as f64);
    let (standard, scaled): (_, Tensor<f32>) = StandardScaler::fit_transform(&times).unwrap();
    let expected = |row: usize| ((row as f64 - 49.5) / (9999.0_f64 / 12.0).sqrt()) as f32;
    assert!((0..100).all(|row| (scaled[row] - expected(row)).abs() < 1e-6));
    let (min_max, in_range): (_, Tensor<f32>) = MinMaxScaler::fit_transform(&times).unwrap();
    assert!((0..100).all(|row| in_range[row] == (row as f64 / 99.0) as f32));

    let mut undone = Tensor::<f64>::default();
    standard.inverse_to(&scaled, &mut undone).unwrap();
    assert_eq!(standard.inverse(&scaled).as_ref(), Ok(&undone));
    assert_eq!(standard.transform(&times), Ok(scaled.clone()));
    assert!((&undone - &times).abs().max() < 1e-4);
    min_max.inverse_to(&in_range, &mut undone).unwrap();
    assert!((&undone - &times).abs().max() < 1e-4);
    assert!(standard.inverse_to(&Tensor::<f32>::zeros(1, 2), &mut undone).is_err());
}
