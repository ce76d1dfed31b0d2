//! Networks of several folds, as a program fits them.

use nnfs_tabular::{
    Beginning, Checkpointing, Classifier, Control, End, Error, Fitted, Predictor, RateSchedule,
    Recipe, Regressor, Settings, Table,
};

/// y = 2 a - 3 b + noise, and a class that depends on a and b.
fn table(rows: usize) -> Table {
    let rows = (0..rows).map(|row| {
        let (a, b) = ((row * 37 % 101) as f64 / 10.0, (row * 53 % 89) as f64 / 10.0);
        let noise = ((row * 7919 % 1000) as f64 / 1000.0 - 0.5) * 4.0;
        let y = 2.0 * a - 3.0 * b + noise;
        let class = if a * b + noise > 30.0 { "much" } else { "little" };
        [a.to_string(), b.to_string(), y.to_string(), class.to_owned()]
    });
    Table::from_rows("data", &["a", "b", "y", "kind"], rows).unwrap()
}

fn regressor() -> Regressor {
    Regressor::new("y").ignore(["kind"]).epochs(8)
}

fn classifier() -> Classifier {
    Classifier::new("kind").ignore(["y"]).epochs(8)
}

fn bits(fitted: &Fitted) -> Vec<u8> {
    fitted.predictor().pipeline().to_bytes().unwrap()
}

#[test]
fn there_is_a_network_and_a_linear_model_for_each_fold() {
    let fitted = regressor().recipe(Recipe::Bagging { folds: 3 }).fit(&table(90)).unwrap();
    let networks: Vec<_> =
        fitted.networks().iter().map(|network| (network.is_linear, network.fold)).collect();
    let folds = [0, 1, 2].map(Some);
    let expected: Vec<_> =
        [false, true].into_iter().flat_map(|it| folds.map(|fold| (it, fold))).collect();
    assert_eq!(networks, expected);
    assert_eq!(fitted.report().networks, 6);
    let header = String::from_utf8(fitted.history_csv()).unwrap();
    assert!(header.starts_with("network,epoch,data_loss"), "{header}");
    // A ridge regression has no epochs.
    assert_eq!(header.lines().count(), 1 + 3 * 8);
}

/// The file holds all networks, and predicts the same bits.
#[test]
fn one_file_holds_the_ensemble() {
    let table = table(90);
    let fitted = classifier().fit(&table).unwrap();
    let predictor = Predictor::from_bytes(&bits(&fitted)).unwrap();
    assert_eq!(predictor.predict(&table).unwrap(), fitted.predictor().predict(&table).unwrap());
}

#[test]
fn a_linear_table_is_predicted_as_well_as_by_a_linear_model() {
    let rows = (0..300).map(|row| {
        let (a, b) = ((row * 37 % 101) as f64 / 10.0, (row * 53 % 89) as f64 / 10.0);
        let noise = ((row * 7919 % 1000) as f64 / 1000.0 - 0.5) * 10.0;
        [a.to_string(), b.to_string(), (2.0 * a - 3.0 * b + noise).to_string()]
    });
    let table = Table::from_rows("data", &["a", "b", "y"], rows).unwrap();
    let fitted = Regressor::new("y").fit(&table).unwrap();
    let plain = Settings::plain();
    let linear = Settings { hidden: Some(Vec::new()), learning_rate: Some(0.01), ..plain.clone() };
    let r2 = |settings: Settings| {
        let fitted = Regressor::new("y").settings(settings).fit(&table).unwrap();
        fitted.report().test.as_ref().unwrap().get("r2").unwrap()
    };
    let found = fitted.report().test.as_ref().unwrap().get("r2").unwrap();
    let linear = r2(linear);
    assert!(linear > 0.8 && found > linear - 0.01, "{found} {linear}");
}

#[test]
fn a_stopped_training_is_resumed_with_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoint = Checkpointing::new(folder.path().join("checkpoint.safetensors")).resume();
    let straight = classifier().fit(&table(80)).unwrap();
    let learner = classifier().checkpoint(checkpoint);
    let stopped = learner.fit_watched(&table(80), |epoch| {
        if epoch.epoch == 3 { Control::Stop } else { Control::Continue }
    });
    let stopped = stopped.unwrap();
    assert_eq!(stopped.history().end, End::StoppedByObserver);
    assert!(stopped.is_interrupted() && stopped.out_of_fold().is_none());
    assert_eq!(stopped.report().networks, 1);
    assert!(folder.path().join("checkpoint-01.safetensors").exists());
    let resumed = learner.prepare::<f32>(&table(80)).unwrap();
    assert_eq!(resumed.beginning(), Beginning::Resumed { epochs: 4 });
    let resumed = learner.fit(&table(80)).unwrap();
    assert!(bits(&resumed) == bits(&straight));
    let finished = learner.fit_watched(&table(80), |_| panic!("nothing is trained")).unwrap();
    assert!(finished.was_finished() && bits(&finished) == bits(&straight));
    assert!(matches!(learner.fit(&table(81)), Err(Error::Resume(_))));
}

#[test]
fn weights_of_rows_and_of_classes_are_used() {
    let table = table(120);
    let plain = bits(&classifier().fit(&table).unwrap());
    let settings = Settings {
        class_weights: nnfs_tabular::ClassWeights::Balanced,
        ignore: vec!["y".to_owned()],
        epochs: Some(8),
        ..Settings::default()
    };
    let balanced = Classifier::new("kind").settings(settings).fit(&table).unwrap();
    assert!(bits(&balanced) != plain);
    let without = classifier().ignore(["y", "b"]).fit(&table).unwrap();
    let weighted = classifier().weight("b").fit(&table).unwrap();
    assert!(bits(&weighted) != bits(&without));
}

#[test]
fn validation_rows_and_too_few_rows_are_refused() {
    let error = regressor().validation_fraction(0.2).fit(&table(60)).unwrap_err();
    assert!(matches!(error, Error::ValidationWithBagging), "{error}");
    let one = Table::from_rows("data", &["a", "y"], [["1", "2"]]).unwrap();
    let error = Regressor::new("y").test_fraction(0.0).fit(&one).unwrap_err();
    assert!(matches!(error, Error::NoFolds { rows: 1, .. }), "{error}");
    let error = regressor().recipe(Recipe::Bagging { folds: 1 }).fit(&table(60)).unwrap_err();
    assert!(matches!(error, Error::Setting(_)), "{error}");
    // Fewer rows than folds: a fold for each row.
    let three = (0..3).map(|row| [row.to_string(), (2 * row).to_string()]);
    let three = Table::from_rows("data", &["a", "y"], three).unwrap();
    let fitted = Regressor::new("y").test_fraction(0.0).epochs(2).fit(&three).unwrap();
    assert_eq!(fitted.report().networks, 6);
}

/// R2 of a single row is not defined: folds of one row and of two have the same columns in the history.
#[test]
fn folds_of_one_row_and_of_two_are_trained_together() {
    for rows in 4..=12 {
        let rows = (0..rows).map(|row| [row.to_string(), (2 * row).to_string()]);
        let table = Table::from_rows("data", &["a", "y"], rows).unwrap();
        let fitted = Regressor::new("y").test_fraction(0.0).epochs(2).fit(&table).unwrap();
        assert!(!fitted.history_csv().is_empty());
    }
}

/// In the last epoch of a network there is nothing to stop but the networks that have not begun.
#[test]
fn a_training_that_is_stopped_in_a_last_epoch_is_interrupted() {
    // Checkpoints, so that there is one thread.
    let folder = tempfile::tempdir().unwrap();
    let learner = regressor().epochs(1).checkpoint(checkpoint(&folder));
    let fitted = learner.fit_watched(&table(60), |_| Control::Stop).unwrap();
    assert!(fitted.is_interrupted());
    assert!(fitted.report().networks < 10);
}

/// A class that no row outside of a fold has.
#[test]
fn balanced_weights_are_those_of_all_rows() {
    let rows = ["x", "y", "z", "x", "w"].into_iter().enumerate();
    let rows = rows.map(|(row, kind)| [row.to_string(), kind.to_owned()]);
    let table = Table::from_rows("data", &["a", "kind"], rows).unwrap();
    let learner = Classifier::new("kind").test_fraction(0.0).epochs(2);
    let learner = learner.class_weights(nnfs_tabular::ClassWeights::Balanced);
    assert_eq!(learner.fit(&table).unwrap().report().networks, 10);
}

#[test]
fn an_observer_sees_and_stops_every_network() {
    let mut seen = 0;
    let count = |_: &nnfs_tabular::Epoch| {
        seen += 1;
        Control::Continue
    };
    regressor().fit_watched(&table(60), count).unwrap();
    assert_eq!(seen, 5 * 8);
    // One thread.
    let folder = tempfile::tempdir().unwrap();
    let mut seen = 0;
    let stop = |_: &nnfs_tabular::Epoch| {
        seen += 1;
        if seen < 3 * 8 + 2 { Control::Continue } else { Control::Stop }
    };
    let learner = regressor().checkpoint(checkpoint(&folder).resume());
    let fitted = learner.fit_watched(&table(60), stop).unwrap();
    assert!(fitted.is_interrupted());
    let epochs: Vec<_> =
        fitted.networks().iter().map(|network| network.history.epochs.len()).collect();
    assert_eq!(epochs, [8, 8, 8, 2]);
    let training = learner.prepare::<f32>(&table(60)).unwrap();
    assert_eq!(training.beginning(), Beginning::Resumed { epochs: 3 * 8 + 2 });
    let best = fitted.networks()[0].history.restored.unwrap();
    assert_eq!(training.epochs_of_model(), best + 1);
}

fn checkpoint(folder: &tempfile::TempDir) -> Checkpointing {
    Checkpointing::new(folder.path().join("checkpoint.safetensors"))
}

#[test]
fn a_checkpoint_of_the_other_recipe_is_refused() {
    let plain = |folder| {
        regressor().settings(Settings {
            checkpoint: Some(checkpoint(folder).resume()),
            ignore: vec!["kind".to_owned()],
            epochs: Some(2),
            ..Settings::plain()
        })
    };
    let bagging = |folder| regressor().epochs(2).checkpoint(checkpoint(folder).resume());
    let folder = tempfile::tempdir().unwrap();
    plain(&folder).fit(&table(60)).unwrap();
    let error = bagging(&folder).fit(&table(60)).unwrap_err();
    assert!(
        matches!(error, Error::OtherRecipe { expected: Recipe::Bagging { .. }, .. }),
        "{error}"
    );
    let folder = tempfile::tempdir().unwrap();
    bagging(&folder).fit(&table(60)).unwrap();
    let error = plain(&folder).fit(&table(60)).unwrap_err();
    assert!(matches!(error, Error::OtherRecipe { expected: Recipe::Plain, .. }), "{error}");
}

#[test]
fn more_epochs_need_a_constant_schedule_and_the_same_folds() {
    let constant = |folder| {
        regressor().schedule(RateSchedule::Constant).checkpoint(checkpoint(folder).resume())
    };
    let folder = tempfile::tempdir().unwrap();
    // Stopped in the first network.
    constant(&folder).fit_watched(&table(60), |_| Control::Stop).unwrap();
    let folds = constant(&folder).recipe(Recipe::Bagging { folds: 3 });
    assert!(matches!(folds.fit(&table(60)), Err(Error::Resume(_))));
    constant(&folder).fit(&table(60)).unwrap();
    let longer = constant(&folder).epochs(10).fit(&table(60)).unwrap();
    let mut networks = longer.networks().iter().filter(|network| !network.is_linear);
    assert!(networks.all(|network| network.history.epochs.len() == 10));

    let folder = tempfile::tempdir().unwrap();
    let cosine = regressor().checkpoint(checkpoint(&folder).resume());
    cosine.fit(&table(60)).unwrap();
    let error = cosine.clone().epochs(10).fit(&table(60)).unwrap_err();
    assert!(matches!(error, Error::CosineEpochs { .. }), "{error}");
    let error = cosine.learning_rate(0.02).fit(&table(60)).unwrap_err();
    assert!(matches!(error, Error::Resume(_)), "{error}");
}

#[test]
fn a_divergence_names_its_network() {
    let sgd = nnfs_tabular::OptimizerKind::Sgd;
    let learner = regressor().optimizer(sgd).learning_rate(1e20);
    let Err(Error::Diverged(diverged)) = learner.fit(&table(60)) else {
        panic!("it should diverge");
    };
    let network = diverged.network.unwrap();
    assert_eq!((network.network, network.is_linear, network.fold), (0, false, 0));
    let text = Error::Diverged(diverged).to_string();
    assert!(text.contains("fold 0") && text.contains("learning rate"), "{text}");
}
