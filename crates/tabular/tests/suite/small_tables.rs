//! Tables of few rows: scores that are honest, and predictions as good as those of a linear model.

use nnfs::files::Task;
use nnfs_tabular::{
    ClassWeights, Classifier, Error, Fitted, LossKind, OptimizerKind, RateSchedule, Recipe,
    Regressor, Settings, Table, Warning,
};

/// Numbers that look random, from 0 to 1.
fn draws(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Four inputs a, b, c, d, and a target of them and of noise.
fn table(rows: usize, seed: u64, target: impl Fn([f64; 4], f64) -> String) -> Table {
    let mut draw = draws(seed);
    for _ in 0..20 {
        draw();
    }
    let rows = (0..rows).map(|_| {
        let inputs = [draw(), draw(), draw(), draw()];
        let target = target(inputs, draw() - 0.5);
        inputs.map(|input| input.to_string()).into_iter().chain([target]).collect::<Vec<_>>()
    });
    let rows: Vec<_> = rows.collect();
    Table::from_rows("data", &["a", "b", "c", "d", "y"], rows).unwrap()
}

fn r2_out_of_fold(fitted: &Fitted) -> f64 {
    fitted.report().out_of_fold.as_ref().unwrap().get("r2").unwrap()
}

/// Nothing can be learned, so that new rows have an R2 below 0.
#[test]
fn out_of_fold_scores_of_noise_are_not_good() {
    let scores = (0..12).map(|seed| {
        let noise = table(40, seed, |_, noise| noise.to_string());
        let learner = Regressor::new("y").test_fraction(0.0).seed(seed);
        r2_out_of_fold(&learner.fit(&noise).unwrap())
    });
    let mean = scores.sum::<f64>() / 12.0;
    assert!(mean < 0.0, "{mean}");
}

/// The same of classes: no model can beat the shares of the classes, which are equal in all folds.
#[test]
fn out_of_fold_losses_of_noise_are_not_small() {
    let (mut losses, mut baselines) = (0.0, 0.0);
    for seed in 0..12 {
        let noise = table(40, seed, |_, noise| if noise > 0.0 { "up" } else { "down" }.to_owned());
        let fitted = Classifier::new("y").test_fraction(0.0).seed(seed).fit(&noise).unwrap();
        let scores = fitted.report().out_of_fold.as_ref().unwrap().all();
        let loss = scores.iter().find(|score| score.name == "loss").unwrap();
        losses += loss.value.unwrap();
        baselines += loss.baseline.unwrap();
    }
    assert!(losses > baselines, "{losses} and {baselines}");
}

/// R2 of 500 new rows, beside that of the least squares of all rows, which no model can beat by much.
#[test]
fn few_rows_of_a_linear_table_are_predicted_as_by_a_linear_model() {
    let line = |[a, b, c, d]: [f64; 4], noise: f64| 3.0 * a - 2.0 * b + c + 0.5 * d + noise;
    let mut worst = f64::INFINITY;
    for seed in 0..4 {
        let few = table(30, seed, |inputs, noise| line(inputs, noise).to_string());
        let new = table(500, 100 + seed, |inputs, _| line(inputs, 0.0).to_string());
        let fitted = Regressor::new("y").test_fraction(0.0).seed(seed).fit(&few).unwrap();
        let r2 = fitted.predictor().score(&new).unwrap().get("r2").unwrap();
        worst = worst.min(r2);
    }
    assert!(worst > 0.9, "{worst}");
}

#[test]
fn defaults_are_those_of_the_recipe() {
    let table = table(60, 1, |[a, ..], _| a.to_string());
    let learner = Regressor::new("y").recipe(Recipe::Plain).epochs(2);
    let training = learner.prepare::<f32>(&table).unwrap();
    let widths: Vec<usize> =
        training.model().summary().rows.iter().map(|row| row.outputs).collect();
    assert_eq!(widths, [32, 32, 1]);
    let settings = Settings::plain();
    assert_eq!(settings.rate_schedule(), RateSchedule::Constant);
    let bagging = Settings::default();
    assert_eq!(
        (bagging.hidden_widths(), bagging.rate_schedule()),
        (&[64, 64][..], RateSchedule::Cosine)
    );
    assert_eq!([400, 600].map(|rows| bagging.patience_for(rows)), [None, Some(20)]);
    let longer = Settings { epochs: Some(300), ..bagging };
    assert_eq!(longer.patience_for(600), None);
    let plain = Regressor::new("y").settings(Settings { epochs: Some(2), ..settings });
    let bits = |learner: Regressor| {
        learner.fit(&table).unwrap().predictor().pipeline().to_bytes().unwrap()
    };
    assert!(bits(plain) == bits(learner));
}

#[test]
fn more_folds_than_rows_are_reported() {
    let table = table(8, 1, |[a, ..], _| a.to_string());
    let learner = Regressor::new("y").test_fraction(0.0).epochs(2);
    let fitted = learner.clone().recipe(Recipe::Bagging { folds: 9 }).fit(&table).unwrap();
    let is_reported = |it: &Warning| matches!(it, Warning::FewerFolds { expected: 9, rows: 8, .. });
    assert!(fitted.warnings().iter().any(is_reported), "{:?}", fitted.warnings());
    let fitted = learner.recipe(Recipe::Bagging { folds: 8 }).fit(&table).unwrap();
    assert!(!fitted.warnings().iter().any(is_reported));
    assert!(r2_out_of_fold(&fitted).is_finite());
}

/// Adam steps as far as its rate, whatever the gradients are.
#[test]
fn a_rate_beyond_all_reason_is_refused() {
    let table = table(40, 1, |[a, ..], _| a.to_string());
    let rate = |optimizer| {
        Regressor::new("y")
            .epochs(2)
            .optimizer(optimizer)
            .learning_rate(1e9)
            .fit(&table)
            .unwrap_err()
    };
    assert!(matches!(rate(OptimizerKind::Adam), Error::Setting(_)));
    assert!(matches!(rate(OptimizerKind::Sgd), Error::Diverged(_)));
}

/// One output, whose sigmoid is the probability of the second class.
#[test]
fn an_ensemble_with_one_logit_predicts_two_classes() {
    let table = table(150, 2, |[a, b, ..], noise| {
        if a + b + 0.2 * noise > 1.0 { "much" } else { "little" }.to_owned()
    });
    let fitted =
        Classifier::new("y").loss(LossKind::SigmoidCrossEntropy).epochs(40).fit(&table).unwrap();
    let report = fitted.report();
    assert_eq!(report.networks, 10);
    for (part, scores) in report.parts() {
        assert!(scores.get("accuracy").unwrap() > 0.85, "{part}");
    }
    let out_of_fold = fitted.out_of_fold().unwrap();
    assert_eq!(out_of_fold.rows(), fitted.parts().train().rows());
}

/// Of three rows of a class and five folds, two folds have none to validate with; a class of one row is
/// learned by the networks of all folds but its own.
#[test]
fn a_class_may_be_absent_from_a_fold() {
    let mut kinds = vec!["common"; 40];
    kinds.extend(["rare"; 3]);
    kinds.push("single");
    let rows =
        kinds.iter().enumerate().map(|(row, kind)| [(row % 11).to_string(), (*kind).to_owned()]);
    let table = Table::from_rows("data", &["a", "kind"], rows).unwrap();
    for weights in [ClassWeights::Equal, ClassWeights::Balanced] {
        let learner = Classifier::new("kind").test_fraction(0.0).epochs(4).class_weights(weights);
        let fitted = learner.fit(&table).unwrap();
        assert!(fitted.problems().is_empty(), "{:?}", fitted.problems());
        let loss = fitted.report().out_of_fold.as_ref().unwrap().get("loss").unwrap();
        assert!(loss.is_finite());
    }
}

#[test]
fn the_default_penalty_is_for_classes_of_few_rows() {
    let settings = Settings::default();
    assert_eq!(settings.l2_for(200, Task::Classification), 0.01);
    assert_eq!(settings.l2_for(200, Task::Regression), 0.0);
    let l1 = Settings { l1: 0.1, ..Settings::default() };
    for other in [Settings::plain(), l1, Settings { l2: Some(0.0), ..settings }] {
        assert_eq!(other.l2_for(200, Task::Classification), 0.0);
    }
    let class = |[a, b, ..]: [f64; 4], _| if a > b { "up" } else { "down" }.to_owned();
    let loss = |learner: Classifier| {
        let fitted = learner.epochs(5).fit(&table(60, 1, class)).unwrap();
        fitted.report().train.as_ref().unwrap().get("loss").unwrap()
    };
    assert_ne!(loss(Classifier::new("y")), loss(Classifier::new("y").l2(0.0)));
}
