//! Labels become targets and can be read back; a label that is no class is refused.

use nnfs_datasets::{LabelError, one_hot};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::Direct;

#[test]
fn no_labels_are_no_rows() {
    assert_eq!(one_hot::<f64>(&[], 3).unwrap().shape(), (0, 3));
    assert_eq!(one_hot::<f64>(&[], 0).unwrap().shape(), (0, 0));
}

#[test]
fn the_error_names_the_first_row_that_is_wrong() {
    let error = one_hot::<f32>(&[0, 2, 7, 9], 3).unwrap_err();
    assert_eq!(error, LabelError::OutOfRange { row: 2, found: 7, classes: 3 });
    assert_eq!(
        error.to_string(),
        "label of row 2 (from 0): expected less than 3 (the number of classes), found 7"
    );
}

#[test]
fn the_number_of_classes_is_not_a_label() {
    let error = one_hot::<f32>(&[3], 3).unwrap_err();
    assert_eq!(error, LabelError::OutOfRange { row: 0, found: 3, classes: 3 });
    assert_eq!(
        one_hot::<f32>(&[0], 0),
        Err(LabelError::OutOfRange { row: 0, found: 0, classes: 0 })
    );
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(Direct("tests/regressions.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn labels_can_be_read_back(labels in prop::collection::vec(0..7_usize, 0..50)) {
        let targets = one_hot::<f32>(&labels, 7).unwrap();
        for (row, &label) in targets.row_iter().zip(&labels) {
            let ones: Vec<usize> = (0..7).filter(|&class| row[class] == 1.0).collect();
            prop_assert_eq!(ones, [label]);
            prop_assert_eq!(row.iter().filter(|&&value| value == 0.0).count(), 6);
        }
        prop_assert_eq!(targets.nrows(), labels.len());
    }
}
