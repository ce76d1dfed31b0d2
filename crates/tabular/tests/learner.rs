//! From a table to predictions: what comes out is the same whichever way it is asked for, and what is
//! wrong is a typed error.

use std::fs;

use nnfs::model::Progress;
use nnfs_tabular::{
    Checkpointing, Classifier, Control, CsvError, CsvLayout, Dtype, End, Error, Fitted, LossKind,
    Missing, Predictor, Regressor, Settings, Strictness, Table, Training, Unknown, Value, Warning,
    Watcher,
};
use proptest::prelude::*;

const QUARTERS: [&str; 3] = ["hill", "centre", "port"];

/// `price = 3 * area + 40 on the hill`.
fn prices(rows: usize) -> Table {
    let rows = (0..rows).map(|row| {
        let (area, quarter) = (30 + row * 37 % 90, QUARTERS[row % 3]);
        let price = 3 * area + if quarter == "hill" { 40 } else { 0 };
        let kind = if price > 220 { "dear" } else { "cheap" };
        [area.to_string(), quarter.to_owned(), price.to_string(), kind.to_owned()]
    });
    Table::from_rows("prices", &["area", "quarter", "price", "kind"], rows).unwrap()
}

fn regressor() -> Regressor {
    Regressor::new("price")
        .settings(Settings::plain())
        .ignore(["kind"])
        .learning_rate(0.01)
        .epochs(60)
}

fn classifier() -> Classifier {
    Classifier::new("kind")
        .settings(Settings::plain())
        .ignore(["price"])
        .learning_rate(0.01)
        .epochs(60)
}

fn bits(fitted: &Fitted) -> Vec<u8> {
    fitted.predictor().pipeline().to_bytes().unwrap()
}

#[test]
fn numbers_and_classes_are_learned() {
    let fitted = regressor().fit(&prices(120)).unwrap();
    let scores = fitted.report().test.as_ref().unwrap();
    assert!(scores.get("r2") > Some(0.9), "{}", fitted.report());
    assert_eq!(fitted.report().contents.test, 24);
    assert_eq!(fitted.history().epochs.len(), 60);
    assert_eq!(fitted.test_predictions().unwrap().rows(), 24);
    for loss in [LossKind::SoftmaxCrossEntropy, LossKind::SigmoidCrossEntropy] {
        let fitted = classifier().loss(loss).fit(&prices(120)).unwrap();
        let scores = fitted.report().test.as_ref().unwrap();
        assert!(scores.get("accuracy") > Some(0.9), "{}", fitted.report());
        assert_eq!(fitted.predictor().classes(), ["cheap", "dear"]);
        assert!(fitted.problems().is_empty());
    }
}

#[test]
fn a_saved_predictor_gives_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    for dtype in [Dtype::F32, Dtype::F64] {
        let fitted = regressor().dtype(dtype).fit(&prices(60)).unwrap();
        fitted.save(&path).unwrap();
        let loaded = Predictor::load(&path).unwrap();
        let expected = fitted.predictor().predict(&prices(20)).unwrap();
        assert_eq!(loaded.predict(&prices(20)).unwrap(), expected);
        assert_eq!(Predictor::from_bytes(&fs::read(&path).unwrap()).unwrap().targets(), ["price"]);
    }
}

#[test]
fn a_predictor_is_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Predictor>();
    shared::<Fitted>();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    /// A row predicts the same, alone or in a table of several rows, as a number or as text.
    #[test]
    fn a_single_row_gives_the_bits_of_a_table(
        rows in prop::collection::vec((-1e6..1e6_f64, 0..3_usize), 2..300), double: bool, classes: bool,
    ) {
        let dtype = if double { Dtype::F64 } else { Dtype::F32 };
        let table = prices(60);
        let fitted = match classes {
            true => classifier().epochs(2).hidden([20]).dtype(dtype).fit(&table).unwrap(),
            false => regressor().epochs(2).hidden([20]).dtype(dtype).fit(&table).unwrap(),
        };
        let predictor = fitted.into_predictor();
        let values = rows.iter().map(|&(area, quarter)| [area.to_string(), QUARTERS[quarter].to_owned()]);
        let table = Table::from_rows("new", &["area", "quarter"], values).unwrap();
        let together = predictor.predict(&table).unwrap();
        for (index, (area, quarter)) in rows.into_iter().enumerate() {
            let quarter = Value::from(QUARTERS[quarter]);
            let text = area.to_string();
            for area in [Value::from(area), Value::from(&text)] {
                let alone = predictor.predict_row(&[("quarter", quarter.clone()), ("area", area)]).unwrap();
                prop_assert_eq!(alone.predicted(), &together.row(index));
                let is_far = |warning: &Warning| matches!(warning, Warning::Far { .. });
                prop_assert!(alone.warnings().iter().all(is_far));
            }
        }
    }
}

#[test]
fn a_seed_decides_every_bit() {
    let model =
        |seed| bits(&regressor().seed(seed).epochs(3).dropout(0.1).fit(&prices(60)).unwrap());
    assert!(model(1) == model(1));
    assert!(model(1) != model(2));
}

#[test]
fn a_function_sees_every_epoch_and_may_stop() {
    let mut seen = Vec::new();
    let fitted = regressor().fit_watched(&prices(60), |epoch| {
        seen.push(epoch.epoch);
        if epoch.epoch == 4 { Control::Stop } else { Control::Continue }
    });
    let fitted = fitted.unwrap();
    assert_eq!(seen, [0, 1, 2, 3, 4]);
    assert!(fitted.is_interrupted());
    assert_eq!(fitted.report().epochs, 5);
}

#[test]
fn a_stopped_training_is_resumed_with_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoint = Checkpointing::new(folder.path().join("checkpoint")).resume();
    let learner = regressor().epochs(20).dropout(0.1).validation_fraction(0.2).patience(50);
    let straight = learner.fit(&prices(60)).unwrap();
    let learner = learner.checkpoint(checkpoint);
    let stopped = learner.fit_watched(&prices(60), |epoch| {
        if epoch.epoch == 7 { Control::Stop } else { Control::Continue }
    });
    assert!(stopped.unwrap().can_resume());
    let resumed = learner.fit(&prices(60)).unwrap();
    assert!(bits(&resumed) == bits(&straight));
    assert_eq!(resumed.report().epochs, 20);
    // Once it has finished, it is not trained again.
    let finished = learner.fit_watched(&prices(60), |_| panic!("nothing is trained")).unwrap();
    assert!(finished.was_finished() && bits(&finished) == bits(&straight));
    // Another table is another training.
    assert!(matches!(learner.fit(&prices(61)), Err(Error::Resume(_))));
}

/// A long training is worth more than its checkpoint.
#[test]
fn a_checkpoint_that_cannot_be_written_is_a_problem_of_a_fitted_learner() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoint = Checkpointing::new(folder.path()).every(2);
    let fitted = regressor().epochs(6).checkpoint(checkpoint).fit(&prices(60)).unwrap();
    assert_eq!(fitted.history().end, End::Done);
    assert_eq!(fitted.report().epochs, 6);
    assert!(matches!(fitted.problems(), [Error::Checkpoint(_)]), "{:?}", fitted.problems());
    assert!(!fitted.can_resume());
}

#[test]
fn settings_are_checked_when_the_learner_is_fitted() {
    let table = prices(60);
    let refused = |learner: Regressor| matches!(learner.fit(&table), Err(Error::Setting(_)));
    assert!(refused(regressor().test_fraction(1.0)));
    assert!(refused(regressor().validation_fraction(-0.1)));
    assert!(refused(regressor().dropout(f64::NAN)));
    assert!(refused(regressor().hidden([0])));
    assert!(refused(regressor().hidden([5000])));
    assert!(refused(regressor().epochs(0)));
    assert!(refused(regressor().batch_size(0)));
    assert!(refused(regressor().learning_rate(-1.0)));
    assert!(refused(regressor().l1(-1.0)));
    assert!(refused(regressor().l2(f64::INFINITY)));
    assert!(refused(regressor().patience(0)));
    assert!(refused(regressor().checkpoint(Checkpointing::new("x").every(0))));
    let error = regressor().loss(LossKind::SigmoidCrossEntropy).fit(&table).unwrap_err();
    assert!(matches!(error, Error::Loss { .. }), "{error}");
    assert_eq!(regressor().settings(Settings::default()), Regressor::new("price"));
}

#[test]
fn a_table_that_does_not_fit_is_refused() {
    let table = prices(60);
    let error = |learner: &Regressor| learner.fit(&table).unwrap_err();
    let missing = error(&Regressor::new("rent"));
    assert!(matches!(missing, Error::Table(CsvError::MissingColumn { .. })), "{missing}");
    let words = error(&Regressor::new("quarter"));
    assert!(matches!(words, Error::Table(CsvError::NotANumber { .. })), "{words}");
    let twice = error(&Regressor::multi_output(["price", "price"]));
    assert!(matches!(twice, Error::Table(CsvError::ChosenTwice { .. })), "{twice}");
    let empty = error(&regressor().test_fraction(0.0).validation_fraction(0.001));
    assert!(matches!(empty, Error::NoValidationRows { .. }), "{empty}");
    let three = Classifier::new("quarter").loss(LossKind::SigmoidCrossEntropy).fit(&table);
    assert!(matches!(three, Err(Error::Classes { .. })));
}

#[test]
fn a_row_that_does_not_fit_is_refused() {
    let predictor = regressor().epochs(1).fit(&prices(60)).unwrap().into_predictor();
    let error = |row: &[(&str, Value<'_>)]| match predictor.predict_row(row) {
        Err(Error::Table(error)) => error,
        other => panic!("{other:?}"),
    };
    let hill = || ("quarter", "hill".into());
    assert!(matches!(error(&[hill()]), CsvError::MissingColumn { .. }));
    let twice = error(&[hill(), hill(), ("area", 1.into())]);
    assert!(matches!(twice, CsvError::DuplicateColumn { .. }));
    let text = error(&[hill(), ("area", "large".into())]);
    assert!(matches!(text, CsvError::NotANumber { .. }), "{text}");
    let far = predictor.predict_row(&[hill(), ("area", 1e300.into())]);
    assert!(matches!(far, Err(Error::NotFinite { .. })));
}

#[test]
fn a_training_that_diverges_gives_its_last_good_weights() {
    let learner = regressor().optimizer(nnfs_tabular::OptimizerKind::Sgd).hidden([]);
    let Err(Error::Diverged(diverged)) = learner.clone().learning_rate(2.0).fit(&prices(60)) else {
        panic!("it should diverge");
    };
    let last_good = diverged.last_good.unwrap();
    assert_eq!(last_good.predict(&prices(3)).unwrap().rows(), 3);
    let Err(Error::Diverged(diverged)) = learner.learning_rate(1e30).fit(&prices(60)) else {
        panic!("it should diverge");
    };
    assert!(diverged.last_good.is_none());
}

/// Counts the warnings that the training continues without a checkpoint.
#[derive(Default)]
struct Warnings(usize);

impl Watcher<f32> for Warnings {
    fn epoch(&mut self, _: &Progress<'_, f32>) -> Control {
        Control::Continue
    }

    fn checkpoint_failed(&mut self, _: &dyn std::error::Error) {
        self.0 += 1;
    }
}

/// A warning says that the training continues, which is false at its end.
#[test]
fn a_checkpoint_that_fails_at_the_end_is_a_problem_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoint = Checkpointing::new(folder.path().join("missing").join("checkpoint"));
    for (checkpoint, expected) in [(checkpoint.clone(), 0), (checkpoint.every(1), 1)] {
        let learner = regressor().epochs(3).checkpoint(checkpoint);
        let training: Training<f32> = learner.prepare(&prices(60)).unwrap();
        let mut warnings = Warnings::default();
        let fitted = training.fit(&mut warnings).unwrap();
        assert_eq!(warnings.0, expected);
        assert!(matches!(fitted.problems(), [Error::Checkpoint(_)]), "{:?}", fitted.problems());
    }
}

/// Refused from the widths alone: these weights would take 13 GB.
#[test]
fn a_network_beyond_the_memory_limit_is_refused() {
    let rows = (0..50).map(|row| [row.to_string(), (3 * row + 1).to_string()]);
    let table = Table::from_rows("line", &["x", "y"], rows).unwrap();
    let plain = Regressor::new("y").settings(Settings::plain());
    let learner = plain.clone().hidden([4096; 200]).memory_limit(1 << 30);
    let error = learner.fit(&table).unwrap_err();
    let Error::Memory { need, limit } = &error else { panic!("{error}") };
    assert_eq!(*limit, 1 << 30);
    assert_eq!(need.optimizer / 4 / 2, 199 * 4097 * 4096 + 2 * 4096 + 4097);
    assert!(matches!(learner.prepare::<f64>(&table), Err(Error::Memory { .. })));
    assert!(plain.epochs(1).memory_limit(1 << 20).fit(&table).is_ok());
}

/// 700 classes of 3000 rows are more numbers than a block.
#[test]
fn predictions_are_written_block_by_block() {
    let rows = (0..3000).map(|row| [row.to_string(), format!("kind {}", row % 700)]);
    let table = Table::from_rows("kinds", &["x", "kind"], rows).unwrap();
    let learner = Classifier::new("kind").epochs(1).hidden([4]).test_fraction(0.0);
    let predictor = learner.fit(&table).unwrap().into_predictor();
    let mut csv = Vec::new();
    predictor.predict_to_csv(&table, &CsvLayout::new(), &mut csv).unwrap();
    assert!(csv == predictor.predict(&table).unwrap().to_csv().unwrap());
    let estimate = predictor.csv_bytes(3000, &CsvLayout::new()) as f64;
    assert!((0.7..1.4).contains(&(estimate / csv.len() as f64)), "{estimate} {}", csv.len());

    let mut short = Vec::new();
    let layout = CsvLayout::new().without_probabilities().keep(["x"]);
    predictor.predict_to_csv(&table, &layout, &mut short).unwrap();
    assert!(short.starts_with(b"x,prediction\n0,kind "));
    assert!(predictor.csv_bytes(3000, &layout) < 100_000);
    let error = predictor.predict_to_csv(&table, &layout.keep(["x", "x"]), &mut short).unwrap_err();
    assert!(matches!(error, Error::DuplicateColumn { column } if column == "x"));
}

/// `prices`, without every ninth area and every seventh quarter, and with a column that is always 1.
fn incomplete(rows: usize) -> Table {
    let table = prices(rows);
    let rows = (0..rows).map(|row| {
        let area = if row % 9 == 4 { "NA".into() } else { table.value(row, 0) };
        let quarter = if row % 7 == 3 { "".into() } else { table.value(row, 1) };
        [area.to_string(), quarter.to_string(), table.value(row, 2).to_string(), "1".to_owned()]
    });
    Table::from_rows("incomplete", &["area", "quarter", "price", "flag"], rows).unwrap()
}

#[test]
fn missing_values_are_filled_and_reported() {
    let learner = Regressor::new("price").learning_rate(0.01).epochs(60);
    let fitted = learner.fit(&incomplete(240)).unwrap();
    assert!(fitted.report().test.is_some() && fitted.problems().is_empty());
    let [
        Warning::Missing { place: area, cells: 27, rows: 240, .. },
        Warning::Missing { place: quarter, cells: 34, .. },
        Warning::Constant { value, .. },
    ] = fitted.warnings()
    else {
        panic!("{:?}", fitted.warnings())
    };
    assert_eq!((area.line, area.column.as_str()), (5, "area"));
    assert_eq!((quarter.line, value.as_str()), (4, "1"));
    let names = fitted.parts().encoder().input_names();
    assert_eq!(names[..2], ["area", "area is missing"]);
    assert_eq!(names.len(), 2 + 4, "{names:?}");

    // The same row, alone and in a table; from text, from nothing and from NaN.
    let predictor = fitted.predictor();
    let new = Table::from_rows("new", &["area", "quarter", "flag"], [["", "hill", "1"]]).unwrap();
    let together = predictor.predict(&new).unwrap();
    assert!(matches!(together.warnings(), [Warning::Missing { cells: 1, rows: 1, .. }]));
    let row = |area| [("area", area), ("quarter", "hill".into()), ("flag", 1.into())];
    for missing in [Value::Missing, None::<f64>.into(), f64::NAN.into(), "NA".into()] {
        let alone = predictor.predict_row(&row(missing)).unwrap();
        assert_eq!(alone.predicted(), &together.row(0));
        assert!(matches!(alone.warnings(), [Warning::Missing { .. }]));
    }
    let strict = Strictness { missing: Missing::Refuse, ..Strictness::default() };
    let error = predictor.predict_row_with(&row(Value::Missing), strict);
    assert!(matches!(error, Err(Error::Table(CsvError::MissingValue { .. }))));
    assert!(predictor.predict_row_with(&row(1.into()), strict).is_ok());

    let error = learner.missing(Missing::Refuse).fit(&incomplete(240)).unwrap_err();
    let Error::Table(CsvError::MissingValue { place, .. }) = error else { panic!("{error}") };
    assert_eq!((place.line, place.column.as_str()), (5, "area"));
}

#[test]
fn unknown_categories_are_predicted_and_reported() {
    let predictor = regressor().epochs(1).fit(&prices(60)).unwrap().into_predictor();
    let rows = [["50", "hill"], ["50", "moon"], ["50", "mars"]];
    let table = Table::from_rows("new", &["area", "quarter"], rows).unwrap();
    let predictions = predictor.predict(&table).unwrap();
    let [Warning::Unknown { place, found, similar: None, cells: 2, rows: 3 }] =
        predictions.warnings()
    else {
        panic!("{:?}", predictions.warnings())
    };
    assert_eq!((place.line, found.as_str()), (2, "moon"));
    assert_eq!(predictions.row(1), predictions.row(2));
    let hill = predictor.predict_row(&[("area", 50.into()), ("quarter", "Hill".into())]).unwrap();
    let [warning @ Warning::Unknown { similar: Some(known), .. }] = hill.warnings() else {
        panic!("{:?}", hill.warnings())
    };
    assert_eq!(known, "hill");
    assert!(warning.to_string().contains(r#""Hill" (training had "hill")"#), "{warning}");
    let moon = predictor.predict_row(&[("area", 50.into()), ("quarter", "moon".into())]).unwrap();
    assert_eq!((moon.predicted(), moon.warnings().len()), (&predictions.row(1), 1));
    let strict = Strictness { unknown: Unknown::Refuse, ..Strictness::default() };
    let error = predictor.predict_with(&table, strict).unwrap_err();
    let Error::Table(CsvError::UnknownCategory { place, .. }) = error else { panic!("{error}") };
    assert_eq!(place.line, 2);
}

#[test]
fn a_column_that_is_constant_in_training_has_no_influence() {
    let fitted = Regressor::new("price").epochs(2).fit(&incomplete(60)).unwrap();
    let predict = |flag: &str| {
        let rows = [["50", "hill", flag]];
        let table = Table::from_rows("new", &["area", "quarter", "flag"], rows).unwrap();
        fitted.predictor().predict(&table).unwrap()
    };
    assert!(predict("1.0").warnings().is_empty());
    for flag in ["2", "-1e300", "yes"] {
        assert_eq!(predict(flag).row(0), predict("1").row(0));
        let predictions = predict(flag);
        let [Warning::NotConstant { found, value, .. }] = predictions.warnings() else { panic!() };
        assert_eq!((found.as_str(), value.as_str()), (flag, "1"));
    }
    // Without another input the network learns a number.
    let rows = (0..30).map(|row| ["1".to_owned(), (10 + row % 2).to_string()]);
    let table = Table::from_rows("t", &["x", "y"], rows).unwrap();
    let fitted = Regressor::new("y").fit(&table).unwrap();
    for x in ["1", "7", ""] {
        let price = fitted.predictor().predict_row(&[("x", x.into())]).unwrap().number().unwrap();
        assert!((price - 10.5).abs() < 0.3, "{price}");
    }
}

#[test]
fn integers_that_fall_together_are_reported() {
    let fit = |ids: [&str; 2]| {
        let rows = (0..40).map(|row| [ids[row % 2].to_owned(), row.to_string(), row.to_string()]);
        let table = Table::from_rows("t", &["id", "x", "y"], rows).unwrap();
        Regressor::new("y").epochs(1).fit(&table).unwrap().warnings().to_vec()
    };
    let large = |warning: &Warning| matches!(warning, Warning::LargeIntegers { .. });
    assert!(fit(["9007199254740992", "9007199254740993"]).iter().any(large));
    assert!(fit(["-90071992547409920", "-90071992547409921"]).iter().any(large));
    for apart in [
        ["9007199254740992", "9007199254740994"],
        ["9007199254740992.0", "09007199254740992"],
        ["0.10000000000000000001", "0.10000000000000000002"],
        ["1", "2"],
    ] {
        assert!(!fit(apart).iter().any(large), "{apart:?}");
    }
}

#[test]
fn a_training_with_missing_values_is_resumed_with_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoint = Checkpointing::new(folder.path().join("checkpoint")).resume();
    let plain = Regressor::new("price").settings(Settings::plain());
    let learner = plain.epochs(12).validation_fraction(0.2);
    let table = incomplete(90);
    let straight = learner.fit(&table).unwrap();
    let learner = learner.checkpoint(checkpoint);
    let stopped = learner.fit_watched(&table, |epoch| {
        if epoch.epoch == 4 { Control::Stop } else { Control::Continue }
    });
    assert!(stopped.unwrap().can_resume());
    let resumed = learner.fit(&table).unwrap();
    assert!(bits(&resumed) == bits(&straight));
    assert_eq!(resumed.warnings(), straight.warnings());
    // A cell that is missing now is another training.
    let complete = prices(90);
    assert!(matches!(learner.ignore(["kind"]).fit(&complete), Err(Error::Resume(_))));
}

#[test]
fn labels_that_are_numbers_are_compared_as_numbers() {
    let table = |one: &str, two: &str| {
        let rows = (0..60).map(|row| [row.to_string(), [one, two][row / 30].to_owned()]);
        Table::from_rows("t", &["x", "y"], rows).unwrap()
    };
    let fitted = Classifier::new("y").learning_rate(0.01).fit(&table("1", "2")).unwrap();
    let score = |one, two| fitted.predictor().score(&table(one, two)).unwrap();
    assert_eq!(score("1.0", "2.0"), score("1", "2"));
    assert_eq!(score("01", "+2"), score("1", "2"));
    let bits_of = |one, two| bits(&Classifier::new("y").epochs(2).fit(&table(one, two)).unwrap());
    assert!(bits_of("1", "2") != bits_of("1.0", "2.0"), "the names are those of the file");
}

#[test]
fn a_number_of_a_row_has_the_unit_of_the_training() {
    let rows = (0..40).map(|row| [format!("{row}%"), (3 * row).to_string()]);
    let table = Table::from_rows("shares", &["share", "price"], rows).unwrap();
    let predictor = Regressor::new("price").epochs(2).fit(&table).unwrap().into_predictor();
    let number = predictor.predict_row(&[("share", 18.0.into())]).unwrap();
    let percent = predictor.predict_row(&[("share", "18%".into())]).unwrap();
    assert_eq!(number, percent);
    let error = predictor.predict_row(&[("share", "0.18".into())]).unwrap_err();
    assert!(matches!(error, Error::Table(CsvError::OtherUnit { .. })), "{error}");
}

#[test]
fn targets_that_fall_together_or_are_constant_are_reported() {
    let fit = |targets: [&str; 2]| {
        let rows = (0..40).map(|row| [(row * row % 17).to_string(), targets[row % 2].to_owned()]);
        let table = Table::from_rows("t", &["x", "y"], rows).unwrap();
        Regressor::new("y").epochs(1).fit(&table).unwrap().warnings().to_vec()
    };
    let of = |warning: &Warning| match warning {
        Warning::LargeIntegers { place, found, .. } => (place.line, found.clone()),
        Warning::ConstantTarget { place, found } => (place.line, found.clone()),
        other => panic!("{other}"),
    };
    let warnings = |targets| fit(targets).iter().map(of).collect::<Vec<_>>();
    let pair = ["9007199254740992", "9007199254740993"];
    assert!(warnings(pair).contains(&(2, "9007199254740993".to_owned())));
    assert_eq!(warnings(["7", "7"]), [(1, "7".to_owned())]);
    assert_eq!(warnings(["7", "8"]), []);
}

#[test]
fn numbers_with_zeros_before_them_are_reported() {
    let fit = |codes: [&str; 3]| {
        let rows = (0..60).map(|row| [codes[row % 3].to_owned(), (row % 7).to_string()]);
        let table = Table::from_rows("t", &["code", "y"], rows).unwrap();
        Regressor::new("y").epochs(1).fit(&table).unwrap().warnings().to_vec()
    };
    match &fit(["10115", "01067", "80331"])[..] {
        [warning @ Warning::LeadingZeros { place, found }] => {
            assert_eq!((place.line, &*place.column, &**found), (2, "code", "01067"));
            assert!(warning.to_string().contains("1067"), "{warning}");
        }
        other => panic!("{other:?}"),
    }
    for codes in [["01", "12", "08"], ["0.5", "00.5", "1"], ["0", "100", "200"]] {
        assert_eq!(fit(codes), [], "{codes:?}");
    }
}
