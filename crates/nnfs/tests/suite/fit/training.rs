//! Batches, early stopping, clipping, metrics.

use std::convert::Infallible;
use std::sync::Arc;

use nnfs::metrics::r2;
use nnfs::model::{End, Epoch};
use nnfs::numpy::NumpyScalar;
use nnfs::tensor::Description;
use nnfs_testing::PassOn;

use super::*;

/// The batches (as first columns) that a model sees in a training on rows 0, 1, 2, ...
fn batches(rows: usize, settings: &Fit<f64>) -> Vec<Vec<f64>> {
    let recorder = PassOn::new(Description::new("recorder"), Vec::new());
    let batches = Arc::clone(&recorder.batches);
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let dense = Dense::new(1, 1, Initializer::normal(0.1).unwrap(), &mut rng).unwrap();
    let mut model = Model::new(1).then(recorder).unwrap().then(dense).unwrap();
    let inputs = Tensor::from_fn(rows, 1, |row, _| row as f64);
    let (mse, mut adam) = (MeanSquaredError, adam(0.01));
    model.fit(&inputs, &inputs, &mse, &mut adam, settings).unwrap();
    let batches = batches.lock().unwrap();
    batches.iter().map(|batch| batch.column(0).iter().copied().collect()).collect()
}

fn sorted(batches: &[Vec<f64>]) -> Vec<f64> {
    let mut rows = batches.concat();
    rows.sort_by(f64::total_cmp);
    rows
}

#[test]
fn batches_cover_all_rows_once_an_epoch() {
    let all: Vec<f64> = (0..10).map(f64::from).collect();
    let in_order = Fit::epochs(2).batch_size(4);
    let found = batches(10, &in_order);
    assert_eq!(found[..3], [vec![0., 1., 2., 3.], vec![4., 5., 6., 7.], vec![8., 9.]]);
    assert_eq!(found[..3], found[3..]);

    let found = batches(10, &in_order.clone().shuffle(1));
    assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 2, 4, 4, 2]);
    for epoch in [&found[..3], &found[3..]] {
        assert_ne!(epoch.concat(), all);
        assert_eq!(sorted(epoch), all);
    }
    assert_ne!(found[..3], found[3..]);
    assert_eq!(found, batches(10, &in_order.clone().shuffle(1)));
    assert_ne!(found, batches(10, &in_order.shuffle(2)));
}

#[test]
fn rows_of_validation_are_never_trained_on() {
    for settings in [Fit::epochs(5), Fit::epochs(5).shuffle(1)] {
        for batch_size in [4, 15] {
            let settings = settings.clone().batch_size(batch_size);
            let found = batches(20, &settings.validation_fraction(0.25, 7));
            let mut rows = sorted(&found);
            rows.dedup();
            assert_eq!((rows.len(), found.concat().len()), (15, 5 * 15));
        }
    }
}

fn full_batch_is_a_loop<T: Scalar>(adam: impl Fn() -> Adam<T>) {
    let (inputs, targets) = (draw(17, 2, 1), draw(17, 1, 2));
    let mut by_hand = model::<T>(0.2);
    let (mse, mut optimizer) = (MeanSquaredError, adam());
    let mut losses = Vec::new();
    for _ in 0..20 {
        let step = by_hand.train_step(&inputs, &targets, &mse, &mut optimizer).unwrap();
        losses.push((step.data_loss, step.penalty));
    }
    let mut fitted = model::<T>(0.2);
    let settings = Fit::epochs(20);
    let history = fitted.fit(&inputs, &targets, &MeanSquaredError, &mut adam(), &settings).unwrap();
    assert_eq!(weights(&fitted), weights(&by_hand));
    let found: Vec<_> = history.epochs.iter().map(|e| (e.data_loss, e.penalty)).collect();
    assert_eq!(found, losses);
    assert_eq!((history.end, history.restored), (End::Done, None));
    assert_eq!(history.epochs[19].learning_rate, optimizer.learning_rate());
    assert!(history.epochs.iter().enumerate().all(|(number, epoch)| epoch.epoch == number));
}

#[test]
fn a_full_batch_is_a_loop_of_training_steps() {
    let rate = LearningRate::inverse_time(0.05, 1e-2).unwrap();
    full_batch_is_a_loop::<f32>(|| Adam::new(rate));
    full_batch_is_a_loop::<f64>(|| Adam::new(rate));
    full_batch_is_a_loop::<NumpyScalar>(|| Adam::new(rate));
}

#[test]
fn losses_are_means_over_samples() {
    let (inputs, targets) = (draw(10, 2, 1), draw(10, 1, 2));
    let mut frozen = Sgd::new(LearningRate::constant(0.0).unwrap());
    let settings = Fit::epochs(1).batch_size(4).shuffle(0).metric("r2", r2);
    let mse = MeanSquaredError;
    let mut model = model::<f64>(0.0);
    let history = model.fit(&inputs, &targets, &mse, &mut frozen, &settings).unwrap();
    let metrics = Metrics::new().with("r2", r2);
    let all = model.evaluate(&inputs, &targets, &mse, &metrics).unwrap();
    let epoch = &history.epochs[0];
    assert!((epoch.data_loss - all.loss).abs() < 1e-14);
    assert!((epoch.penalty - model.penalty()).abs() < 1e-15);
    assert!((epoch.metric("r2").unwrap() - all.metric("r2").unwrap()).abs() < 1e-14);
    assert!(epoch.metric("accuracy").is_none() && epoch.gradient_norm > 0.0);
}

/// Trains until the loss of `judged` epochs grows, and notes the weights of every epoch.
fn stops_early(settings: &Fit<f64>) -> (History, Vec<Vec<Tensor<f64>>>, Model<f64>) {
    let (inputs, targets) = (draw(24, 2, 1), draw(24, 1, 2));
    let mut model = model::<f64>(0.0);
    let mut seen = Vec::new();
    let mut observer = |progress: &Progress<'_, f64>| {
        seen.push(weights(progress.model()));
        Control::Continue
    };
    // So large a rate that the loss goes up and down.
    let mut adam = Adam::new(LearningRate::constant(0.5).unwrap());
    let mse = MeanSquaredError;
    let history =
        model.fit_watched(&inputs, &targets, &mse, &mut adam, settings, &mut observer).unwrap();
    (history, seen, model)
}

fn best(epochs: &[Epoch]) -> usize {
    let loss = |epoch: &&Epoch| epoch.judged_loss.unwrap();
    epochs.iter().min_by(|a, b| loss(a).total_cmp(&loss(b))).unwrap().epoch
}

#[test]
fn early_stopping_restores_the_best_weights() {
    let settings = Fit::epochs(500).batch_size(6).early_stopping(5);
    let (inputs, targets) = (draw(9, 2, 11), draw(9, 1, 12));
    let validated = settings.clone().validation(inputs.clone(), targets.clone());
    for settings in [settings.clone(), validated, settings.validation_fraction(0.3, 1)] {
        let (history, seen, model) = stops_early(&settings);
        let best = best(&history.epochs);
        assert_eq!(history.end, End::StoppedEarly { best_epoch: best });
        assert_eq!((history.epochs.len(), history.restored), (best + 1 + 5, Some(best)));
        assert_eq!(weights(&model), seen[best]);
        assert_ne!(weights(&model), *seen.last().unwrap());
    }
}

#[test]
fn the_best_weights_come_back_when_all_epochs_are_done() {
    let settings = Fit::epochs(6).early_stopping(100);
    let (history, seen, model) = stops_early(&settings);
    let best = best(&history.epochs);
    assert_eq!((history.end, history.restored), (End::Done, Some(best)));
    assert_eq!(weights(&model), seen[best]);
    let (inputs, targets) = (draw(24, 2, 1), draw(24, 1, 2));
    let loss = model.evaluate(&inputs, &targets, &MeanSquaredError, &Metrics::new());
    let judged = history.epochs[best].judged_loss.unwrap();
    assert!((loss.unwrap().loss + model.penalty() - judged).abs() < 1e-14);
}

/// It kept the last weights.
#[test]
fn the_best_weights_come_back_when_an_observer_stops() {
    let (inputs, targets) = (draw(24, 2, 1), draw(24, 1, 2));
    let settings = Fit::epochs(500).early_stopping(100);
    let (mut model, mse) = (model::<f64>(0.0), MeanSquaredError);
    let mut seen = Vec::new();
    let mut observer = |progress: &Progress<'_, f64>| {
        seen.push(weights(progress.model()));
        // Until an epoch is worse than the best one.
        let stale = progress.state().epochs_without_improvement();
        if stale > 0 { Control::Stop } else { Control::Continue }
    };
    let mut adam = Adam::new(LearningRate::constant(0.5).unwrap());
    let history =
        model.fit_watched(&inputs, &targets, &mse, &mut adam, &settings, &mut observer).unwrap();
    let best = best(&history.epochs);
    assert_eq!((history.end, history.restored), (End::StoppedByObserver, Some(best)));
    assert_eq!(history.epochs.len(), best + 2);
    assert_eq!(weights(&model), seen[best]);
}

#[test]
fn clipping_shortens_the_gradients_of_all_parameters_together() {
    let (inputs, targets) = (draw(12, 2, 1), draw(12, 1, 2));
    let fit = |settings: &Fit<f64>| {
        let mut model = model::<f64>(0.0);
        let before = weights(&model);
        let mut sgd = Sgd::new(LearningRate::constant(1.0).unwrap());
        let mse = MeanSquaredError;
        let history = model.fit(&inputs, &targets, &mse, &mut sgd, settings).unwrap();
        let moved = weights(&model).iter().zip(before).map(|(a, b)| a - b).collect::<Vec<_>>();
        (history.epochs[0].gradient_norm, moved)
    };
    let norm = |moved: &[Tensor<f64>]| moved.iter().map(Tensor::norm_squared).sum::<f64>().sqrt();
    let (gradient, free) = fit(&Fit::epochs(1));
    assert!((norm(&free) - gradient).abs() < 1e-12 && gradient > 0.1);
    let (before_clipping, clipped) = fit(&Fit::epochs(1).clip_norm(0.1));
    assert_eq!(before_clipping, gradient);
    assert!((norm(&clipped) - 0.1).abs() < 1e-12);
    for (clipped, free) in clipped.iter().zip(&free) {
        assert!((clipped - free * (0.1 / gradient)).amax() < 1e-12);
    }
    // A longer norm than that of the gradients changes nothing.
    assert_eq!(fit(&Fit::epochs(1).clip_norm(1e9)).1, free);
}

#[test]
fn an_observer_ends_a_training_with_the_weights_it_saw() {
    let (inputs, targets) = (draw(12, 2, 1), draw(12, 1, 2));
    let settings = Fit::epochs(50)
        .metric("rows", |p: &Tensor<f64>, _: &Tensor<f64>| Ok::<_, Infallible>(p.nrows() as f64))
        .validation_fraction(0.25, 0);
    let mut last = Vec::new();
    let mut observer = |progress: &Progress<'_, f64>| {
        last = weights(progress.model());
        if progress.epoch().epoch == 7 { Control::Stop } else { Control::Continue }
    };
    let (mut model, mse) = (model::<f64>(0.1), MeanSquaredError);
    let history = model
        .fit_watched(&inputs, &targets, &mse, &mut adam(0.01), &settings, &mut observer)
        .unwrap();
    assert_eq!((history.end, history.restored), (End::StoppedByObserver, None));
    assert_eq!((history.epochs.len(), weights(&model)), (8, last));
    assert_eq!(history.epochs[3].metric("rows"), Some(9.0));
    assert_eq!(history.epochs[3].validation.as_ref().unwrap().metric("rows"), Some(3.0));
}
