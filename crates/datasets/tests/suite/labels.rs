//! Names of classes, there and back.

use nnfs_datasets::{Columns, CsvOptions, Encoder, LabelError, Labels, Table};
use nnfs_tensor::Tensor;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::Direct;

#[test]
fn numbers_sort_as_numbers_and_words_as_words() {
    assert_eq!(Labels::new(["10", "9", "-1", "1e1", "9"]).names(), ["-1", "9", "10"]);
    assert_eq!(Labels::words(["10", "9", "-1", "1e1", "9"]).names(), ["-1", "9", "10", "1e1"]);
    assert_eq!(Labels::new(["10", "9", "b", "B"]).names(), ["10", "9", "B", "b"]);
}

#[test]
fn labels_become_their_names() {
    assert_eq!(Vec::<String>::from(Labels::new(["b", "a"])), ["a", "b"]);
}

#[test]
fn numbers_compare_as_numbers() {
    let labels = Labels::new(["1.0", "01", "1", "2.0", "2.00", "-0", "0.0"]);
    assert_eq!(labels.names(), ["-0", "1", "2.0"], "the shortest name of each");
    for (index, names) in
        [&["0", "-0.0", "0e5"][..], &["1.00", "+1", "10e-1"], &["2", "2e0"]].into_iter().enumerate()
    {
        for name in names {
            assert_eq!(labels.index(name), Some(index), "{name}");
        }
    }
    for name in ["3", "1.5", "one", "", "NaN", "inf"] {
        assert_eq!(labels.index(name), None, "{name}");
    }
    // A single word makes all of them words.
    assert_eq!(Labels::new(["1", "1.0", "a"]).len(), 3);
    // The order in which they come does not matter.
    assert_eq!(Labels::new(["0.0", "2.00", "2.0", "-0", "1", "1.0", "01"]), labels);
}

/// Double precision has 53 bits, and identifiers may have more digits.
#[test]
fn large_integers_do_not_fall_together() {
    let names = ["9007199254740992", "9007199254740993", "9007199254740994"];
    let labels = Labels::new(names);
    assert_eq!(labels.names(), names);
    for (index, name) in names.iter().enumerate() {
        assert_eq!(labels.index(name), Some(index));
        assert_eq!(labels.index(&format!("0{name}.0")), Some(index));
    }
    assert_eq!(labels.index("9007199254740991"), None);
}

#[test]
fn every_name_has_its_place_and_no_other_has_one() {
    for names in [&["10", "9", "1e1", "1.0", "1", "-0", "0"][..], &["x", "10", "", "nan"], &[]] {
        let labels = Labels::words(names.iter().copied());
        for (index, name) in labels.names().iter().enumerate() {
            assert_eq!(labels.index(name), Some(index), "{name}");
        }
        assert_eq!((labels.len(), labels.is_empty()), (names.len(), names.is_empty()));
        for other in ["y", "2", "01", "NaN"] {
            assert_eq!(labels.index(other), None, "{other}");
        }
    }
}

#[test]
fn what_cannot_be_encoded_or_decoded() {
    let labels = Labels::new(["b", "a"]);
    let error = labels.encode(&["a", "c"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"label of row 1 (from 0): expected one of "a", "b", found "c""#
    );
    assert_eq!(labels.one_hot::<f32>(&["a", "c"]).unwrap_err(), error);
    let error = labels.decode(&Tensor::<f32>::zeros(4, 3)).unwrap_err();
    assert_eq!(error.to_string(), "predictions: expected 2 columns, one for each class, found 4x3");
    let error = labels.decode(&Tensor::from_row_slice(1, 2, &[1.0, f32::NAN])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "predictions: expected numbers, found NaN in row 0, column 1 (from 0)"
    );
    assert!(Labels::new([""; 0]).decode(&Tensor::<f32>::zeros(1, 0)).is_err());
}

#[test]
fn of_equal_predictions_the_first_wins() {
    let labels = Labels::new(["a", "b", "c"]);
    let minus = f64::NEG_INFINITY;
    let predictions = Tensor::from_row_slice(2, 3, &[0.1, 0.4, 0.4, minus, minus, minus]);
    assert_eq!(labels.decode(&predictions).unwrap(), ["b", "a"]);
}

#[test]
fn saved_names_keep_their_order() {
    let load =
        |names: &[&str]| Labels::try_from(names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>());
    assert_eq!(load(&["9", "10"]).unwrap(), Labels::new(["10", "9"]));
    // Numbers of one value were different classes in earlier versions.
    assert_eq!(load(&["1", "1.0"]).unwrap(), Labels::words(["1.0", "1"]));
    for wrong in [&["10", "9"][..], &["a", "a"]] {
        assert_eq!(load(wrong), Err(LabelError::Order));
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(Direct("tests/regressions.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn names_come_back(names in prop::collection::vec("[a-c0-9.]{0,2}|-?[0-9]{1,3}", 1..30)) {
        let labels = Labels::words(names.iter().map(String::as_str));
        let targets = labels.one_hot::<f32>(&names).unwrap();
        prop_assert_eq!(labels.decode(&targets).unwrap(), names.clone());
        let classes = Labels::new(names.iter().map(String::as_str));
        let decoded = classes.decode(&classes.one_hot::<f32>(&names).unwrap()).unwrap();
        for (decoded, name) in decoded.into_iter().zip(&names) {
            prop_assert!(decoded == name || decoded.parse::<f64>() == name.parse::<f64>());
        }
        prop_assert_eq!(Labels::try_from(classes.names().to_vec()).unwrap(), classes);
    }
}

#[test]
fn a_class_that_is_a_number_may_have_another_decimal_mark() {
    let read = |text: &str, options: &CsvOptions| {
        Table::from_reader("data.csv", text.as_bytes(), options).unwrap()
    };
    let table = read("x,y\n1,1.5\n2,2.5\n3,1.5\n", &CsvOptions::new());
    let encoder = Encoder::fit(&table, &Columns::classification("y")).unwrap();
    let other = read("x;y\n1;2,5\n2;1,50\n", &CsvOptions::new().delimiter(b';').decimal(','));
    assert_eq!(encoder.labels(&other).unwrap(), Some(vec![1, 0]));
}
