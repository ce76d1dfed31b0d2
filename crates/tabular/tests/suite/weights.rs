//! Weights of rows, of which only the ratios count.

use nnfs::files::AnyPipeline;
use nnfs_tabular::{ClassWeights, Classifier, Regressor, Settings, Table};

/// Two inputs with noise, two targets, and weights from 1 to 3 times `scale`.
fn table(scale: f64) -> Table {
    let row = |row: usize| {
        let [a, b, noise] = [7, 11, 5].map(|step| (row * step % 13) as f64 / 6.5 - 1.0);
        let y = 2.0 * a - b + 3.0 * noise;
        let kind = if y > 0.0 { "up" } else { "down" };
        let weight = scale * (1 + row % 3) as f64;
        [a, b, y, weight].map(|number| number.to_string()).into_iter().chain([kind.to_owned()])
    };
    Table::from_rows("data", &["a", "b", "y", "w", "kind"], (0..90).map(row)).unwrap()
}

fn bits(pipeline: &AnyPipeline) -> Vec<u8> {
    pipeline.to_bytes().unwrap()
}

/// A power of 2 changes no digit of a number.
#[test]
fn weights_times_a_power_of_2_give_the_same_bits() {
    let regressor = |settings: Settings| {
        Regressor::new("y").settings(settings).ignore(["kind"]).weight("w").epochs(3)
    };
    let balanced = Settings { class_weights: ClassWeights::Balanced, ..Settings::default() };
    let classifier = Classifier::new("kind").settings(balanced).ignore(["y"]).weight("w").epochs(3);
    for scale in [1.0 / 1_048_576.0, 4096.0] {
        for settings in [Settings::default(), Settings::plain()] {
            let fit = |scale| regressor(settings.clone()).fit(&table(scale)).unwrap();
            let (one, other) = (fit(1.0), fit(scale));
            let is_same = bits(one.predictor().pipeline()) == bits(other.predictor().pipeline());
            assert!(is_same, "{scale} {settings:?}");
            assert_eq!(one.out_of_fold(), other.out_of_fold());
        }
        let fit = |scale| classifier.fit(&table(scale)).unwrap();
        let (one, other) = (fit(1.0), fit(scale));
        let is_same = bits(one.predictor().pipeline()) == bits(other.predictor().pipeline());
        assert!(is_same, "{scale}");
        assert_eq!(one.out_of_fold(), other.out_of_fold());
    }
}

/// The predictions of weights that sum to 1 are those of weights around 2 but for rounding.
#[test]
fn weights_that_sum_to_1_give_the_same_predictions() {
    let sum: f64 = (0..90).map(|row| (1 + row % 3) as f64).sum();
    let learner = Regressor::new("y").ignore(["kind"]).weight("w").epochs(2).hidden([]);
    let fit = |scale| learner.fit(&table(scale)).unwrap().into_predictor();
    let rows = table(1.0);
    let [one, other] =
        [1.0, 1.0 / sum].map(|scale| fit(scale).predict(&rows).unwrap().numbers().unwrap().clone());
    let difference = (&one - &other).amax();
    assert!(difference < 1e-4, "{difference}");
}

/// Equal weights give the same model as a training without weights.
#[test]
fn equal_weights_give_the_predictions_of_no_weights() {
    let equal = |row: usize| {
        let a = (row * 7 % 13) as f64;
        [a.to_string(), (a + (row * 5 % 13) as f64).to_string(), "0.001".to_owned()]
    };
    let table = Table::from_rows("data", &["a", "y", "w"], (0..60).map(equal)).unwrap();
    let weighted = Regressor::new("y").weight("w").epochs(2).fit(&table).unwrap();
    let plain = Regressor::new("y").ignore(["w"]).epochs(2).fit(&table).unwrap();
    let predict = |fitted: &nnfs_tabular::Fitted| {
        fitted.predictor().predict(&table).unwrap().numbers().unwrap().clone()
    };
    let difference = (&predict(&weighted) - &predict(&plain)).amax();
    assert!(difference < 1e-4, "{difference}");
}
