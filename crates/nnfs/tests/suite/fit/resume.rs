//! A training that was broken off and resumed gives the same bits as one without a break.

use nnfs::model::FitState;
use nnfs::tensor::OptimizerState;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use super::*;

/// What a checkpoint holds.
struct Checkpoint {
    weights: Vec<Tensor<f64>>,
    optimizer: OptimizerState<f64>,
    state: FitState<f64>,
}

/// Trains; notes a checkpoint after a given epoch and stops there.
fn run(
    start: FitState<f64>,
    model: &mut Model<f64>,
    adam: &mut Adam<f64>,
    settings: &Fit<f64>,
    stop: Option<usize>,
) -> (History, Option<Checkpoint>) {
    let (inputs, targets) = (draw(20, 2, 1), draw(20, 1, 2));
    let mut checkpoint = None;
    let mut observer = |progress: &Progress<'_, f64>| {
        if Some(progress.epoch().epoch) != stop {
            return Control::Continue;
        }
        let (weights, optimizer) =
            (weights(progress.model()), progress.optimizer().state().clone());
        checkpoint = Some(Checkpoint { weights, optimizer, state: progress.state().clone() });
        Control::Stop
    };
    let mse = MeanSquaredError;
    let history =
        model.fit_from(start, &inputs, &targets, &mse, adam, settings, &mut observer).unwrap();
    (timeless(history), checkpoint)
}

fn timeless_state(mut state: FitState<f64>) -> FitState<f64> {
    state.epochs.iter_mut().for_each(|epoch| epoch.seconds = 0.0);
    state
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/fit.proptest-regressions",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn resumed_is_straight_through(
        epochs in 1..15_usize, stop in 0..15_usize, batch_size in 1..15_usize, seed: u64,
        patience in 1..6_usize, rate in 0.01..0.5,
    ) {
        let settings = Fit::epochs(epochs)
            .batch_size(batch_size)
            .shuffle(seed)
            .validation_fraction(0.25, seed)
            .early_stopping(patience)
            .clip_norm(1.0);
        let (mut straight, mut optimizer) = (model(0.0), adam(rate));
        let (expected, _) = run(FitState::new(), &mut straight, &mut optimizer, &settings, None);

        let (_, checkpoint) = run(FitState::new(), &mut model(0.0), &mut adam(rate), &settings, Some(stop));
        let Some(Checkpoint { weights: values, optimizer: state, state: fit_state }) = checkpoint
        else {
            prop_assert!(stop >= expected.epochs.len());
            return Ok(());
        };
        // Another model and another optimizer take over.
        let (mut resumed, mut other) = (model(0.0), adam(rate));
        let mut values = values.into_iter();
        resumed.for_each_parameter_mut(&mut |parameter| parameter.value = values.next().unwrap());
        other.restore(state).unwrap();
        let start = timeless_state(fit_state);
        let (found, _) = run(start, &mut resumed, &mut other, &settings, None);
        prop_assert_eq!(found, expected);
        prop_assert_eq!(weights(&resumed), weights(&straight));
        prop_assert_eq!(other.state(), optimizer.state());
    }
}

#[test]
fn the_same_model_continues_with_its_dropout() {
    let settings = Fit::epochs(12).batch_size(6).shuffle(1);
    let (mut straight, mut optimizer) = (model(0.3), adam(0.05));
    let (expected, _) = run(FitState::new(), &mut straight, &mut optimizer, &settings, None);
    let (mut resumed, mut optimizer) = (model(0.3), adam(0.05));
    let start = FitState::new();
    let (_, checkpoint) = run(start, &mut resumed, &mut optimizer, &settings, Some(4));
    let state = checkpoint.unwrap().state;
    assert_eq!((state.next_epoch(), state.best.is_none()), (5, true));
    let (found, _) = run(state, &mut resumed, &mut optimizer, &settings, None);
    assert_eq!((found, weights(&resumed)), (expected, weights(&straight)));
}
