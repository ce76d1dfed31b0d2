//! Which numbers are outliers, and how a scaler limits them.

use nnfs_datasets::rand::rngs::ChaCha8Rng;
use nnfs_datasets::rand::{Rng, RngExt, SeedableRng};
use nnfs_datasets::{Bulk, ClippedScaler, Scale, ScalerError, StandardScaler};
use nnfs_tensor::Tensor;
use proptest::prelude::*;

/// Numbers of a normal distribution, by the sum of twelve uniform ones.
fn normal(count: usize, rng: &mut impl Rng) -> Vec<f64> {
    let one = |rng: &mut _| (0..12).map(|_| RngExt::random::<f64>(rng)).sum::<f64>() - 6.0;
    (0..count).map(|_| one(rng)).collect()
}

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

#[test]
fn outliers_are_found_at_both_ends() {
    for far in [&[1e6][..], &[-1e300], &[1e6, -1e5, 3e3], &[f64::MAX, -f64::MAX]] {
        let mut numbers = normal(300, &mut rng(0));
        numbers.splice(150..150, far.iter().copied());
        for bulk in [Bulk::of(&numbers), Bulk::of_with_codes(&numbers)] {
            assert_eq!(bulk.outliers(), far.len(), "{far:?}");
            let found: Vec<f64> = numbers.iter().copied().filter(|&x| bulk.is_outlier(x)).collect();
            assert_eq!(found, far);
            assert!((-6.0..-2.0).contains(&bulk.low()) && (2.0..6.0).contains(&bulk.high()));
        }
    }
}

#[test]
fn one_in_a_hundred_thousand_is_found() {
    let mut numbers = normal(100_000, &mut rng(1));
    assert_eq!(Bulk::of(&numbers).outliers(), 0);
    numbers[77_777] = -500.0;
    assert_eq!(Bulk::of(&numbers).outliers(), 1);
}

#[test]
fn long_tails_have_no_outliers() {
    let rng = &mut rng(2);
    for count in [100, 1000, 10_000] {
        let log_normal: Vec<f64> = normal(count, rng).into_iter().map(f64::exp).collect();
        let squares: Vec<f64> = log_normal.iter().map(|x| x * x).collect();
        // Most are 0, so that the quartiles are equal.
        let counts: Vec<f64> =
            (0..count).map(|_| rng.random_range(0..40_u8).saturating_sub(33).into()).collect();
        let gains: Vec<f64> =
            log_normal.iter().map(|x| if *x < 3.0 { 0.0 } else { (1000.0 * x).round() }).collect();
        let flags: Vec<f64> = (0..count).map(|row| f64::from(u8::from(row == 7))).collect();
        let years: Vec<f64> = (0..count).map(|row| 2000.0 + (row % 25) as f64).collect();
        let doses: Vec<f64> = (0..count).map(|row| 10_f64.powi(row as i32 % 7 - 3)).collect();
        for numbers in [log_normal, squares, counts, gains, flags, years, doses] {
            assert_eq!(Bulk::of(&numbers).outliers(), 0, "{numbers:?}");
            assert_eq!(Bulk::of_with_codes(&numbers).outliers(), 0, "{numbers:?}");
        }
    }
}

#[test]
fn a_count_far_from_counts_that_are_mostly_zero_is_found() {
    let mut counts: Vec<f64> = (0..500).map(|row| f64::from(u8::from(row % 9 == 0))).collect();
    counts[250] = 999_999.0;
    let bulk = Bulk::of(&counts);
    assert_eq!((bulk.outliers(), bulk.low(), bulk.high()), (1, 0.0, 1.0));
}

#[test]
fn codes_may_be_many() {
    let mut ages: Vec<f64> = (0..200).map(|row| 20.0 + f64::from(row % 60)).collect();
    for (row, age) in ages.iter_mut().enumerate() {
        match row % 10 {
            0 => *age = 999_999.0,
            1 => *age = -9999.0,
            _ => {}
        }
    }
    assert_eq!(Bulk::of(&ages).outliers(), 0);
    let bulk = Bulk::of_with_codes(&ages);
    assert_eq!((bulk.outliers(), bulk.low(), bulk.high()), (40, 22.0, 79.0));
    let scaler = ClippedScaler::fit(&Tensor::from_column_slice(200, 1, &ages)).unwrap();
    // A code stays apart from all ages.
    let z = |x| scaler.scale(0, x);
    assert!((z(79.0) + 2.9..z(79.0) + 3.1).contains(&z(999_999.0)), "{scaler:?}");
    assert!((z(22.0) - 3.1..z(22.0) - 2.9).contains(&z(-9999.0)), "{scaler:?}");
}

#[test]
fn few_numbers_have_no_outliers() {
    for numbers in [&[][..], &[f64::NAN; 30], &[1.0; 30], &[1.0, 2.0, 1e9]] {
        let bulk = Bulk::of_with_codes(numbers);
        assert!(bulk.outliers() == 0 && !bulk.is_outlier(1e300), "{bulk:?}");
    }
    assert_eq!((Bulk::of(&[]).low(), Bulk::of(&[]).high()), (0.0, 0.0));
}

#[test]
fn what_cannot_be_limited() {
    let infinite =
        Tensor::from_fn(50, 1, |row, _| if row == 5 { f64::INFINITY } else { row as f64 });
    assert!(matches!(ClippedScaler::fit(&infinite), Err(ScalerError::NotFinite { row: 5, .. })));
    let standard = || StandardScaler::from_parts(vec![0.0], vec![1.0]).unwrap();
    let from =
        |limits: &[Option<(f64, f64)>]| ClippedScaler::from_parts(standard(), limits.to_vec());
    assert!(from(&[None]).is_ok() && from(&[Some((1.0, 1.0))]).is_ok());
    assert!(matches!(from(&[]), Err(ScalerError::Shape(_))));
    for limits in [(1.0, 0.0), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
        assert!(matches!(from(&[Some(limits)]), Err(ScalerError::Setting(_))), "{limits:?}");
    }
}

/// 1000 to 1020, whose median is 1010, and one outlier.
fn around_1010() -> Vec<f64> {
    (1000..=1020).chain([5000]).map(f64::from).collect()
}

#[test]
fn an_outlier_is_ten_times_as_far_from_the_median_as_the_bulk() {
    let bulk = Bulk::of(&around_1010());
    assert_eq!((bulk.outliers(), bulk.low(), bulk.high()), (1, 1000.0, 1020.0));
    for (x, is_outlier) in [(1110.0, true), (1109.0, false), (910.0, true), (911.0, false)] {
        assert_eq!(bulk.is_outlier(x), is_outlier, "{x}");
    }
}

#[test]
fn the_number_of_outliers_is_limited() {
    let outliers = |count: usize, far: usize| {
        let far_numbers = (0..far).map(|index| 1e5 + index as f64);
        let numbers: Vec<f64> =
            (0..count - far).map(|index| index as f64).chain(far_numbers).collect();
        [Bulk::of(&numbers).outliers(), Bulk::of_with_codes(&numbers).outliers()]
    };
    // A tenth of less than 30 numbers, 3 of less than 200, and 2% of more.
    for (count, most) in [(10, 1), (29, 2), (30, 3), (199, 3), (250, 5), (500, 10)] {
        assert_eq!(outliers(count, most), [most; 2], "{most} of {count}");
        assert_eq!(outliers(count, most + 1)[0], 0, "{} of {count}", most + 1);
        // Two of them may be codes, and the others are still too many.
        assert_eq!(outliers(count, most + 3), [0; 2], "{} of {count}", most + 3);
    }
}

#[test]
fn codes_are_at_most_two_in_five() {
    let outliers = |codes: usize| {
        let codes = std::iter::repeat_n(-9999.0, codes);
        let numbers: Vec<f64> = codes.chain((0..20).map(f64::from)).take(20).collect();
        Bulk::of_with_codes(&numbers).outliers()
    };
    assert_eq!((outliers(8), outliers(9)), (8, 0));
}

/// The numbers at even distances, of which the sample consists, may all be missing.
#[test]
fn numbers_that_are_missing_at_even_distances_have_a_bulk() {
    let mut numbers: Vec<f64> = (0..2050).map(f64::from).collect();
    numbers.iter_mut().step_by(3).for_each(|x| *x = f64::NAN);
    let bulk = Bulk::of(&numbers);
    assert_eq!((bulk.low(), bulk.high(), bulk.outliers()), (1.0, 2048.0, 0));
}

proptest! {
    /// The other numbers get what they would get without the outliers.
    #[test]
    fn outliers_do_not_decide_the_scale(
        seed: u64, count in 100_usize..500, far in prop::collection::vec(1e3..1e200_f64, 0..3),
        below: bool, shift in -1e3..1e3_f64, missing: bool,
    ) {
        let others: Vec<f64> =
            normal(count, &mut rng(seed)).into_iter().map(|x| x + shift).collect();
        let mut numbers = others.clone();
        for (index, far) in far.iter().enumerate() {
            numbers.insert(17 * index, shift + if below { -far } else { *far });
        }
        if missing {
            numbers.insert(3, f64::NAN);
        }
        let tensor = Tensor::from_column_slice(numbers.len(), 1, &numbers);
        let scaler = ClippedScaler::fit(&tensor).unwrap();
        let expected = StandardScaler::fit(&Tensor::from_column_slice(count, 1, &others)).unwrap();
        prop_assert_eq!(scaler.means(), expected.means());
        prop_assert_eq!(scaler.deviations(), expected.deviations());
        prop_assert_eq!(scaler.limits()[0].is_some(), !far.is_empty());
        for &x in &others {
            let z = scaler.scale(0, x);
            prop_assert_eq!(z, expected.scale(0, x));
            prop_assert!((scaler.unscale(0, z) - x).abs() < 1e-12 * (1.0 + x.abs()));
        }
        // Whatever is predicted from, far outside too, is within a few deviations.
        for x in [f64::MAX, f64::MIN, f64::INFINITY, 1e9, f64::NAN] {
            prop_assert!(far.is_empty() || scaler.scale(0, x).abs() < 12.0);
        }
    }
}

/// The distance between the two numbers is beyond double precision.
#[test]
fn numbers_at_both_ends_of_double_precision_are_no_outliers() {
    let mut numbers: Vec<f64> =
        (0..50).map(|row| if row % 3 == 0 { 1.7e308 } else { -1.7e308 }).collect();
    for bulk in [Bulk::of(&numbers), Bulk::of_with_codes(&numbers)] {
        assert!(!bulk.is_outlier(1.7e308) && !bulk.is_outlier(-1.7e308), "{bulk:?}");
    }
    // One of them among small numbers is an outlier.
    numbers.iter_mut().skip(1).enumerate().for_each(|(row, it)| *it = row as f64);
    assert!(Bulk::of(&numbers).is_outlier(1.7e308));
}
