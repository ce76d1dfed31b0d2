//! Fitting, saving, resuming and predicting.

use std::fs;

use nnfs::model::Progress;
use nnfs_tabular::{
    Checkpointing, Classifier, Control, CsvError, CsvLayout, Dtype, End, Error, Fitted, LossKind,
    Predictor, Regressor, Settings, Table, Training, Value, Warning, Watcher,
};
use proptest::prelude::*;

use super::{QUARTERS, bits, classifier, prices, regressor};

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
