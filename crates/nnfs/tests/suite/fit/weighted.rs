//! Trainings on rows with weights.

use nnfs::metrics::{r2, weighted_r2};
use nnfs::model::{FitError, TrainError, balanced_class_weights};
use nnfs::tensor::WeightError;

use super::*;

/// The weights and the history of a training in full batches of all rows in their order.
fn trained(
    inputs: &Tensor<f64>,
    targets: &Tensor<f64>,
    loss: &dyn Loss<f64>,
    settings: &Fit<f64>,
) -> (Vec<Tensor<f64>>, History) {
    trained_of(model(0.0), inputs, targets, loss, settings)
}

/// [`trained`] of another network.
fn trained_of(
    mut model: Model<f64>,
    inputs: &Tensor<f64>,
    targets: &Tensor<f64>,
    loss: &dyn Loss<f64>,
    settings: &Fit<f64>,
) -> (Vec<Tensor<f64>>, History) {
    let mut sgd = Sgd::new(0.05);
    let history = model.fit(inputs, targets, loss, &mut sgd, settings).unwrap();
    (weights(&model), timeless(history))
}

/// 2-5-2, with a sigmoid at the end for the losses of probabilities.
fn two_outputs(loss: &dyn Loss<f64>) -> Model<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut dense = |inputs, outputs| {
        Dense::new(inputs, outputs, Initializer::GlorotUniform, &mut rng).unwrap()
    };
    let model = Model::new(2).then(dense(2, 5).activation(Tanh)).unwrap();
    let kind = loss.description().kind;
    match kind == "binary_cross_entropy" || kind == "categorical_cross_entropy" {
        true => model.then(dense(5, 2).activation(Sigmoid)).unwrap(),
        false => model.then(dense(5, 2)).unwrap(),
    }
}

/// Each row as often as its weight says.
fn repeated(tensor: &Tensor<f64>, counts: &[usize]) -> Tensor<f64> {
    let rows = counts.iter().enumerate().flat_map(|(row, &count)| vec![row; count]);
    tensor.select_rows(&rows.collect::<Vec<_>>())
}

fn losses() -> [Box<dyn Loss<f64>>; 7] {
    [
        Box::new(BinaryCrossEntropy),
        Box::new(CategoricalCrossEntropy),
        Box::new(MeanSquaredError),
        Box::new(MeanAbsoluteError),
        Box::new(Huber::default()),
        Box::new(SigmoidCrossEntropy),
        Box::new(SoftmaxCrossEntropy),
    ]
}

#[test]
fn a_weight_of_2_is_a_doubled_row() {
    let counts = [1, 2, 0, 3, 1, 2, 0, 1];
    let (inputs, targets) = (draw(8, 2, 1), draw::<f64>(8, 2, 2).map(|t| t.abs().min(1.0)));
    let given = counts.map(|count| count as f64).to_vec();
    for loss in losses() {
        let weighted = Fit::epochs(30).weights(given.clone()).weighted_metric("r2", weighted_r2);
        let doubled = Fit::epochs(30).metric("r2", r2);
        let (found, history) =
            trained_of(two_outputs(&*loss), &inputs, &targets, &*loss, &weighted);
        let (inputs, targets) = (repeated(&inputs, &counts), repeated(&targets, &counts));
        let (expected, expected_history) =
            trained_of(two_outputs(&*loss), &inputs, &targets, &*loss, &doubled);
        assert_ne!(expected, weights(&two_outputs(&*loss)), "{loss:?} has learned something");
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).amax() < 1e-12, "{loss:?}: {found} {expected}");
        }
        for (found, expected) in history.epochs.iter().zip(&expected_history.epochs) {
            assert!((found.data_loss - expected.data_loss).abs() < 1e-12, "{loss:?}");
            let [found, expected] = [found, expected].map(|it| it.metric("r2").unwrap());
            assert!((found - expected).abs() < 1e-12 * (1.0 + expected.abs()), "{loss:?}");
        }
    }
}

#[test]
fn a_row_of_weight_0_is_left_out_to_the_bit() {
    let (inputs, targets) = (draw(23, 2, 1), draw(23, 1, 2));
    let kept: Vec<usize> = (0..23).filter(|row| row % 4 != 1).collect();
    let given: Vec<f64> =
        (0..23).map(|row| if row % 4 == 1 { 0.0 } else { 1.0 + row as f64 }).collect();
    let of_kept = kept.iter().map(|&row| given[row]).collect();
    let fit = || Fit::epochs(5).batch_size(4).shuffle(3).weighted_metric("r2", weighted_r2);
    for settings in [fit(), fit().early_stopping(3), fit().validation_fraction(0.3, 1)] {
        let with =
            trained(&inputs, &targets, &MeanSquaredError, &settings.clone().weights(given.clone()));
        let (inputs, targets) = (inputs.select_rows(&kept), targets.select_rows(&kept));
        let of_kept = settings.weights(Vec::clone(&of_kept));
        assert_eq!(with, trained(&inputs, &targets, &MeanSquaredError, &of_kept));
    }
}

#[test]
fn the_loss_of_an_epoch_is_the_weighted_mean_of_its_batches() {
    let (inputs, targets) = (draw::<f64>(10, 2, 1), draw(10, 1, 2));
    let weights: Vec<f64> = (1..=10).map(f64::from).collect();
    let model = model(0.0);
    let predictions = model.predict(&inputs).unwrap();
    let expected = MeanSquaredError.weighted_value(&predictions, &targets, &weights);
    // The smallest rate that is one: the weights stay what they are.
    let mut sgd = Sgd::new(f64::MIN_POSITIVE);
    let settings = Fit::epochs(1).batch_size(3).shuffle(1).weights(weights.clone());
    let settings = settings.validation(inputs.clone(), targets.clone()).validation_weights(weights);
    let mut trained = model.clone();
    let history = trained.fit(&inputs, &targets, &MeanSquaredError, &mut sgd, &settings).unwrap();
    let epoch = &history.epochs[0];
    assert!((epoch.data_loss - expected).abs() < 1e-12, "{} {expected}", epoch.data_loss);
    let validation = epoch.validation.as_ref().unwrap().loss;
    assert!((validation - expected).abs() < 1e-12, "{validation} {expected}");
}

/// With steps too small to matter for each other, the steps of an epoch of equal batches are as many steps on
/// all rows, also where the heavy rows are all in one batch.
#[test]
fn a_batch_of_heavy_rows_counts_more() {
    let (inputs, targets) = (draw(8, 2, 1), draw::<f64>(8, 2, 2));
    let given = vec![1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 50.0, 30.0];
    let moved = |epochs: usize, rows: usize| {
        let settings = Fit::epochs(epochs).batch_size(rows).weights(given.clone());
        let mut model = two_outputs(&MeanSquaredError);
        let before = weights(&model);
        let mut sgd = Sgd::new(1e-7);
        model.fit(&inputs, &targets, &MeanSquaredError, &mut sgd, &settings).unwrap();
        let after = weights(&model);
        before.iter().zip(&after).map(|(before, after)| (after - before) * 1e7).collect::<Vec<_>>()
    };
    for (batches, all) in moved(1, 2).iter().zip(&moved(4, 8)) {
        assert!((batches - all).amax() < 1e-4 * all.amax(), "{batches} {all}");
    }
}

#[test]
fn class_weights_are_weights_of_the_loss_alone() {
    let inputs = draw(12, 2, 1);
    let targets = Tensor::from_fn(12, 1, |row, _| f64::from(u8::from(row % 4 == 0)));
    let by_row: Vec<f64> = targets.iter().map(|&t| if t > 0.5 { 3.0 } else { 0.5 }).collect();
    let fit = Fit::epochs(4).validation(inputs.clone(), targets.clone()).early_stopping(9);
    let fit = fit.weighted_metric("r2", weighted_r2);
    let by_class = fit.clone().class_weights(vec![0.5, 3.0]);
    let (expected, with_rows) = trained(
        &inputs,
        &targets,
        &SigmoidCrossEntropy,
        &fit.weights(by_row.clone()).validation_weights(by_row),
    );
    let (found, with_classes) = trained(&inputs, &targets, &SigmoidCrossEntropy, &by_class);
    assert_eq!(found, expected);
    for (rows, classes) in with_rows.epochs.iter().zip(&with_classes.epochs) {
        assert_eq!((rows.data_loss, rows.judged_loss), (classes.data_loss, classes.judged_loss));
        assert_ne!(rows.metrics, classes.metrics);
    }
}

/// Weights of classes are weights of the loss alone: with them, rows must not leave the metrics.
#[test]
fn a_class_of_training_rows_has_a_weight_above_0() {
    let inputs = draw(6, 2, 1);
    let targets = Tensor::from_fn(6, 1, |row, _| f64::from(u8::from(row % 3 == 2)));
    let fit = |settings: Fit<f64>| {
        let mut model = model(0.0);
        model.fit(&inputs, &targets, &SigmoidCrossEntropy, &mut adam(0.01), &settings)
    };
    let error = fit(Fit::epochs(1).class_weights(vec![0.0, 1.0])).unwrap_err();
    let FitError::Training(TrainError::ClassOfNoWeight { row, class }) = error else {
        panic!("{error}")
    };
    assert_eq!((row, class), (0, 0));
    // Rows of weight 0 do not count.
    let weights = targets.as_slice().to_vec();
    fit(Fit::epochs(1).class_weights(vec![0.0, 1.0]).weights(weights)).unwrap();
    // The rows of validation may be of a class that is not trained on.
    let validation = Tensor::from_fn(6, 1, |row, _| f64::from(u8::from(row > 2)));
    let settings =
        Fit::epochs(1).class_weights(vec![0.0, 1.0]).weights(targets.as_slice().to_vec());
    fit(settings.validation(inputs.clone(), validation)).unwrap();
}

#[test]
fn class_weights_need_targets_of_classes() {
    let inputs = draw(3, 2, 1);
    let refused = |targets: Tensor<f64>, weights: &[f64]| {
        let mut model = two_outputs(&MeanSquaredError);
        if targets.ncols() == 1 {
            model = super::model(0.0);
        }
        let settings = Fit::epochs(1).class_weights(weights.to_vec());
        let error = model.fit(&inputs, &targets, &MeanSquaredError, &mut adam(0.01), &settings);
        let Err(FitError::Training(TrainError::NotClasses { row, found })) = error else {
            panic!("{error:?}")
        };
        (row, found)
    };
    let one = |numbers: [f64; 3]| Tensor::from_column_slice(3, 1, &numbers);
    assert_eq!(refused(one([0.0, 1.0, 0.7]), &[1.0, 2.0]), (2, vec![0.7]));
    assert_eq!(refused(one([2.0, 1.0, 0.0]), &[1.0, 2.0]), (0, vec![2.0]));
    let two = |row: [f64; 2]| Tensor::from_row_slice(3, 2, &[1.0, 0.0, row[0], row[1], 0.0, 1.0]);
    for row in [[0.0, 0.0], [1.0, 1.0], [0.5, 0.5], [1.0, -1.0]] {
        assert_eq!(refused(two(row), &[1.0, 2.0]), (1, row.to_vec()));
    }
    assert!(matches!(
        balanced_class_weights(&one([0.0, 1.0, 0.7]), None),
        Err(TrainError::NotClasses { row: 2, .. })
    ));
    assert!(matches!(
        balanced_class_weights(&one([0.0, 1.0, 1.0]), Some(&[1.0])),
        Err(TrainError::Weights(WeightError::Count { expected: 3, found: 1 }))
    ));
    assert!(matches!(
        balanced_class_weights(&one([0.0, 1.0, 1.0]), Some(&[1.0, -1.0, 1.0])),
        Err(TrainError::Weights(WeightError::Value { row: 1, .. }))
    ));
    let nothing = Tensor::<f64>::zeros(3, 0);
    assert!(matches!(balanced_class_weights(&nothing, None), Err(TrainError::Shape(_))));
}

#[test]
fn weights_are_checked_before_the_first_step() {
    let (inputs, targets) = (draw(4, 2, 1), draw(4, 1, 2));
    let refused = |settings: &Fit<f64>| {
        let mut model = model(0.0);
        let before = weights(&model);
        let mse = MeanSquaredError;
        let error = model.fit(&inputs, &targets, &mse, &mut adam(0.01), settings).unwrap_err();
        assert_eq!(weights(&model), before);
        error
    };
    let cases = [
        (vec![1.0; 3], WeightError::Count { expected: 4, found: 3 }),
        (vec![1.0, 1.0, -0.5, 1.0], WeightError::Value { row: 2, found: -0.5 }),
        (vec![f64::INFINITY, 1.0, 1.0, 1.0], WeightError::Value { row: 0, found: f64::INFINITY }),
        (vec![0.0; 4], WeightError::AllZero),
        (vec![f64::MAX; 4], WeightError::Sum { found: f64::INFINITY }),
    ];
    for (weights, expected) in cases {
        let error = refused(&Fit::epochs(1).weights(weights.clone()));
        let FitError::Training(TrainError::Weights(found)) = error else { panic!("{error}") };
        assert_eq!(found, expected);
        let validation = Fit::epochs(1).validation(inputs.clone(), targets.clone());
        let error = refused(&validation.validation_weights(weights));
        let FitError::Validation(TrainError::Weights(found)) = error else { panic!("{error}") };
        assert_eq!(found, expected);
    }
    // Weights of validation data that there is not.
    for settings in [Fit::epochs(1), Fit::epochs(1).validation_fraction(0.5, 1)] {
        let error = refused(&settings.validation_weights(vec![1.0; 4]));
        let FitError::Setting(error) = error else { panic!("{error}") };
        assert_eq!((error.name, error.found), ("number of validation weights", 4.0));
    }
    let error = refused(&Fit::epochs(1).class_weights(vec![1.0; 3]));
    assert!(matches!(error, FitError::Training(TrainError::Shape(_))), "{error}");
    let error = refused(&Fit::epochs(1).class_weights(vec![1.0, f64::NAN]));
    assert!(matches!(error, FitError::Setting(_)), "{error}");
    // A batch holds no more rows than count.
    let error = refused(&Fit::epochs(1).batch_size(3).weights(vec![1.0, 0.0, 0.0, 1.0]));
    assert!(matches!(error, FitError::BatchSize { batch_size: 3, rows: 2 }), "{error}");
}
