//! Splits part the rows: each in one of both, and each class in its share.

use nnfs_datasets::{SplitError, select_rows, stratified_split, train_test_split};
use nnfs_tensor::Tensor;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::Direct;
use rand::{SeedableRng, rngs::ChaCha8Rng};

fn generator(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

#[test]
fn what_cannot_be_split() {
    for fraction in [-0.1, 1.0, 2.0, f64::NAN, f64::INFINITY] {
        for error in [
            train_test_split(10, fraction, &mut generator(0)).unwrap_err(),
            stratified_split(&[0; 10], fraction, &mut generator(0)).unwrap_err(),
        ] {
            let expected = format!("test fraction must be in [0, 1), found {fraction}");
            assert_eq!(error.to_string(), expected);
        }
    }
    for (rows, fraction) in [(0, 0.0), (0, 0.5), (1, 0.5), (3, 0.9)] {
        for error in [
            train_test_split(rows, fraction, &mut generator(0)).unwrap_err(),
            stratified_split(&vec![0; rows], fraction, &mut generator(0)).unwrap_err(),
        ] {
            assert_eq!(error, SplitError::NothingToTrain { rows, fraction });
            let expected =
                format!("split: a fraction of {fraction} leaves no training rows out of {rows}");
            assert_eq!(error.to_string(), expected);
        }
    }
}

#[test]
fn a_fraction_of_nothing_leaves_all_to_train_with() {
    let (train, test) = train_test_split(5, 0.0, &mut generator(0)).unwrap();
    assert_eq!((train.len(), test.len()), (5, 0));
    let (train, test) = stratified_split(&[7, 7, 1], 0.0, &mut generator(0)).unwrap();
    assert_eq!((train.len(), test.len()), (3, 0));
}

#[test]
fn a_class_of_one_is_trained_with() {
    let (train, test) = stratified_split(&[0, 1, 2, 3, 3], 0.5, &mut generator(0)).unwrap();
    assert_eq!((train.len(), test.len()), (4, 1));
    assert!([3, 4].contains(&test[0]), "the other classes have one row only");
}

#[test]
fn the_split_of_a_seed_stays_the_same() {
    let split = train_test_split(8, 0.25, &mut generator(0)).unwrap();
    assert_eq!(split, train_test_split(8, 0.25, &mut generator(0)).unwrap());
    assert_ne!(split, train_test_split(8, 0.25, &mut generator(1)).unwrap());
}

#[test]
fn rows_of_a_tensor() {
    let tensor = Tensor::from_row_slice(3, 2, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let selected = select_rows::<f64>(&tensor, &[2, 0, 2]);
    assert_eq!(selected, Tensor::from_row_slice(3, 2, &[5.0, 6.0, 1.0, 2.0, 5.0, 6.0]));
    assert_eq!(select_rows(&tensor, &[]).shape(), (0, 2));
}

#[test]
#[should_panic(expected = "select_rows_to: row 3 of a tensor of 3 rows")]
fn a_row_beyond_the_tensor() {
    select_rows(&Tensor::<f32>::zeros(3, 2), &[0, 3]);
}

fn sorted(train: &[usize], test: &[usize]) -> Vec<usize> {
    let mut rows = [train, test].concat();
    rows.sort_unstable();
    rows
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(Direct("tests/regressions.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_row_is_in_one_part(rows in 1..200_usize, fraction in 0.0..1.0_f64, seed: u64) {
        let Ok((train, test)) = train_test_split(rows, fraction, &mut generator(seed)) else {
            prop_assert_eq!((fraction * rows as f64).round() as usize, rows);
            return Ok(());
        };
        prop_assert_eq!(test.len(), (fraction * rows as f64).round() as usize);
        prop_assert_eq!(sorted(&train, &test), (0..rows).collect::<Vec<_>>());
    }

    #[test]
    fn every_class_is_in_both_parts_in_its_share(
        labels in prop::collection::vec(0..4_usize, 1..200), fraction in 0.0..1.0_f64, seed: u64,
    ) {
        let Ok((train, test)) = stratified_split(&labels, fraction, &mut generator(seed)) else {
            prop_assert_eq!((fraction * labels.len() as f64).round() as usize, labels.len());
            return Ok(());
        };
        prop_assert_eq!(sorted(&train, &test), (0..labels.len()).collect::<Vec<_>>());
        prop_assert!(test.len() <= (fraction * labels.len() as f64).round() as usize);
        for class in 0..4 {
            let count = |rows: &[usize]| rows.iter().filter(|&&row| labels[row] == class).count();
            let (in_train, in_test) = (count(&train), count(&test));
            let share = fraction * (in_train + in_test) as f64;
            prop_assert!((in_test as f64 - share).abs() < 1.0 + 1e-9, "{} of {}", in_test, share);
            prop_assert!(in_train > 0 || in_test == 0);
        }
    }
}
