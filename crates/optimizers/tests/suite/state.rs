//! The state of an optimizer can be taken out and put back, and wrong settings are refused.

use nnfs_numpy::NumpyScalar;
use nnfs_optimizers::{
    AdaGrad, Adam, AdamW, LearningRate, OptimizerKind, RmsProp, Schedule, ScheduleError, Sgd,
};
use nnfs_tensor::{
    Optimizer, OptimizerError, OptimizerState, Parameter, Scalar, SettingError, Tensor,
};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::Direct;

/// One optimizer of every kind, each with decay.
fn optimizers<T: Scalar>() -> [Box<dyn Optimizer<T>>; 6] {
    let rate = LearningRate::inverse_time(0.1, 0.5).unwrap();
    [
        Box::new(Sgd::new(rate)),
        Box::new(Sgd::new(rate).momentum(0.9)),
        Box::new(AdaGrad::new(rate)),
        Box::new(RmsProp::new(rate)),
        Box::new(Adam::new(rate)),
        Box::new(AdamW::new(rate).weight_decay(0.1)),
    ]
}

/// Two parameters of different shapes.
fn network<T: Scalar>() -> [Parameter<T>; 2] {
    let values = |rows, columns| {
        Tensor::from_fn(rows, columns, |row, column| T::parameter(0.3 * row as f64 - column as f64))
    };
    [Parameter::new(values(2, 3)), Parameter::new(values(1, 3))]
}

/// A step with gradients that depend on the parameters and on the number of the step.
fn step<T: Scalar>(
    optimizer: &mut dyn Optimizer<T>,
    network: &mut [Parameter<T>; 2],
    number: usize,
) {
    for Parameter { value, gradient, .. } in network.iter_mut() {
        *gradient = value.map(|w| w - T::from_f64((number % 3) as f64));
    }
    optimizer.step(network);
}

/// All that can be seen of an optimizer and its network, to the bit: `Debug` shows the sign of a
/// zero and the kind of a `NumpyScalar`, which `==` does not see.
fn picture<T: Scalar>(optimizer: &dyn Optimizer<T>, network: &[Parameter<T>; 2]) -> String {
    format!("{:?} {:?} {network:?}", optimizer.learning_rate(), optimizer.state())
}

const STEPS: usize = 6;

fn check_resumption<T: Scalar>() {
    for stop in 0..=STEPS {
        for (mut straight, mut resumed) in optimizers::<T>().into_iter().zip(optimizers::<T>()) {
            let mut network = network();
            for number in 0..stop {
                step(&mut *straight, &mut network, number);
            }
            resumed.restore(straight.state().clone()).unwrap();
            let mut copy = network.clone();
            assert_eq!(picture(&*resumed, &copy), picture(&*straight, &network), "stop {stop}");
            for number in stop..STEPS {
                step(&mut *straight, &mut network, number);
                step(&mut *resumed, &mut copy, number);
                assert_eq!(picture(&*resumed, &copy), picture(&*straight, &network), "stop {stop}");
            }
        }
    }
}

#[test]
fn a_resumed_run_is_the_straight_run_to_the_bit() {
    check_resumption::<f64>();
    check_resumption::<f32>();
    check_resumption::<NumpyScalar>();
}

#[test]
fn a_restored_optimizer_forgets_what_it_was() {
    for (mut optimizer, mut fresh) in optimizers::<f64>().into_iter().zip(optimizers::<f64>()) {
        let start = optimizer.state().clone();
        step(&mut *optimizer, &mut network(), 1);
        optimizer.restore(start).unwrap();
        let (mut network, mut copy) = (network(), network());
        step(&mut *optimizer, &mut network, 2);
        step(&mut *fresh, &mut copy, 2);
        assert_eq!(picture(&*optimizer, &network), picture(&*fresh, &copy));
    }
}

// Every number of tensors fits an optimizer with one for each parameter; that it is a state of
// another network shows at the next step.
#[test]
fn a_number_of_tensors_that_does_not_fit_is_refused_and_changes_nothing() {
    let rate = LearningRate::inverse_time(0.1, 0.5).unwrap();
    let adams: [Box<dyn Optimizer<f64>>; 2] =
        [Box::new(Adam::new(rate)), Box::new(AdamW::new(rate).weight_decay(0.1))];
    for mut adam in adams {
        let mut network = network();
        step(&mut *adam, &mut network, 0);
        step(&mut *adam, &mut network, 1);
        let before = picture(&*adam, &network);
        for count in [1, 3, 5] {
            let tensors = vec![Tensor::zeros(2, 3); count];
            let error = adam.restore(OptimizerState { iterations: 9, tensors }).unwrap_err();
            let message =
                format!("tensors of the optimizer: expected 2 for each parameter, found {count}");
            assert_eq!(error.to_string(), message);
            assert_eq!(picture(&*adam, &network), before);
        }
    }
}

#[test]
fn tensors_of_one_parameter_have_one_shape() {
    let mut adam = Adam::<f64>::new(0.1);
    let tensors = vec![Tensor::zeros(2, 3), Tensor::zeros(3, 2)];
    let error = adam.restore(OptimizerState { iterations: 9, tensors }).unwrap_err().to_string();
    assert_eq!(error, "tensors of a parameter: expected the same shape for each, found 2x3, 3x2");
    assert_eq!(adam.state().iterations, 0);
}

#[test]
fn optimizers_describe_themselves() {
    let rate = "learning_rate inverse_time (decay 0.5, initial 0.1)";
    let adam = format!("beta_1 0.9, beta_2 0.999, epsilon 0.0000001, {rate}");
    let expected = [
        format!("sgd ({rate}, momentum 0)"),
        format!("sgd ({rate}, momentum 0.9)"),
        format!("adagrad (epsilon 0.0000001, {rate})"),
        format!("rmsprop (epsilon 0.0000001, {rate}, rho 0.9)"),
        format!("adam ({adam})"),
        format!("adamw ({adam}, weight_decay 0.1)"),
    ];
    assert_eq!(optimizers::<f32>().map(|optimizer| optimizer.description().to_string()), expected);

    let schedules = [
        (Schedule::Constant, "constant (initial 0.2)"),
        (Schedule::Step { every: 10, factor: 0.5 }, "step (every 10, factor 0.5, initial 0.2)"),
        (Schedule::Exponential { factor: 0.5 }, "exponential (factor 0.5, initial 0.2)"),
        (Schedule::Cosine { steps: 9, end: 0.1 }, "cosine (end 0.1, initial 0.2, steps 9)"),
    ];
    for (schedule, expected) in schedules {
        let rate = LearningRate::new(0.2, schedule).unwrap();
        assert_eq!(rate.description().to_string(), expected);
    }
}

/// The message of the panic of a step.
fn panic_message<const N: usize>(
    optimizer: &mut dyn Optimizer<f64>,
    mut network: [Parameter<f64>; N],
) -> String {
    let step = std::panic::AssertUnwindSafe(|| optimizer.step(&mut network));
    let panic = std::panic::catch_unwind(step).expect_err("the step should have panicked");
    *panic.downcast().expect("a message")
}

#[test]
fn another_network_is_refused_with_both_shapes() {
    for mut optimizer in optimizers() {
        optimizer.step(&mut network());
        let mut other = network();
        other[1] = Parameter::new(Tensor::zeros(3, 1));
        let message = panic_message(&mut *optimizer, other);
        assert!(message.contains("3x1") && message.contains("1x3"), "{message}");
    }
}

#[test]
fn another_number_of_parameters_is_refused() {
    for mut optimizer in optimizers() {
        optimizer.step(&mut network());
        let [first, second] = network();
        let message = panic_message(&mut *optimizer, [first.clone()]);
        assert!(message.contains("has 1 parameters, not 2"), "{message}");
        let message = panic_message(&mut *optimizer, [first, second.clone(), second]);
        assert!(message.contains("more than 2 parameters"), "{message}");
    }
}

#[test]
fn a_setting_out_of_range_is_refused_by_name() {
    let share = "in [0, 1)";
    let (large_enough, not_negative) = ("finite and at least 1.2e-38", "finite and at least 0");
    let network = network();
    type Case = (Box<dyn Optimizer<f64>>, &'static str, &'static str, f64);
    let cases: [Case; 13] = [
        (Box::new(Adam::new(-0.1)), "learning rate", not_negative, -0.1),
        (Box::new(AdamW::new(f64::INFINITY)), "learning rate", not_negative, f64::INFINITY),
        (Box::new(Sgd::new(0.1).momentum(1.0)), "momentum", share, 1.0),
        (Box::new(Sgd::new(0.1).momentum(-0.1)), "momentum", share, -0.1),
        (Box::new(AdaGrad::new(0.1).epsilon(0.0)), "epsilon", large_enough, 0.0),
        (Box::new(RmsProp::new(0.1).epsilon(-1e-7)), "epsilon", large_enough, -1e-7),
        // As an `f32` it is 0, and the step of a weight without a gradient would be 0 / 0.
        (Box::new(Adam::new(0.1).epsilon(1e-50)), "epsilon", large_enough, 1e-50),
        (Box::new(RmsProp::new(0.1).rho(1.0)), "rho", share, 1.0),
        (Box::new(Adam::new(0.1).epsilon(f64::INFINITY)), "epsilon", large_enough, f64::INFINITY),
        (Box::new(Adam::new(0.1).betas(1.0, 0.999)), "beta_1", share, 1.0),
        (Box::new(Adam::new(0.1).betas(0.9, -0.1)), "beta_2", share, -0.1),
        (Box::new(AdamW::new(0.1).betas(0.9, 2.0)), "beta_2", share, 2.0),
        (Box::new(AdamW::new(0.1).weight_decay(-0.01)), "weight decay", not_negative, -0.01),
    ];
    for (optimizer, name, expected, found) in cases {
        let error = SettingError { name, expected, found };
        assert_eq!(optimizer.check(&network), Err(OptimizerError::Setting(error)));
        assert!(optimizer.description().to_string().contains("learning_rate"));
    }
    // NaN is in no range, but is equal to nothing either.
    let nan: [Box<dyn Optimizer<f64>>; 5] = [
        Box::new(Sgd::new(f64::NAN)),
        Box::new(Sgd::new(0.1).momentum(f64::NAN)),
        Box::new(AdaGrad::new(0.1).epsilon(f64::NAN)),
        Box::new(RmsProp::new(0.1).rho(f64::NAN)),
        Box::new(Adam::new(0.1).betas(f64::NAN, 0.999)),
    ];
    for optimizer in nan {
        let Err(OptimizerError::Setting(error)) = optimizer.check(&network) else {
            panic!("NaN is accepted: {optimizer:?}");
        };
        assert!(error.found.is_nan());
        assert!(optimizer.description().to_string().contains("NaN"));
    }
}

#[test]
fn a_number_is_a_constant_learning_rate() {
    let (mut plain, mut constant) =
        (Adam::<f64>::new(0.01), Adam::<f64>::new(LearningRate::constant(0.01).unwrap()));
    let (mut network, mut copy) = (network(), network());
    for number in 0..STEPS {
        step(&mut plain, &mut network, number);
        step(&mut constant, &mut copy, number);
    }
    assert_eq!(picture(&plain, &network), picture(&constant, &copy));
    assert_eq!(plain.description(), constant.description());
}

/// A change of the learning rate is kept neither in the state nor in the file of a checkpoint: who
/// resumes sets it again, and then gets the bits of the run without a break.
#[test]
fn a_learning_rate_can_be_set_between_steps() {
    let exponential = LearningRate::new(0.2, Schedule::Exponential { factor: 0.5 }).unwrap();
    let mut adam = Adam::<f64>::new(0.1);
    adam.set_learning_rate(0.3);
    assert_eq!(adam.learning_rate(), 0.3, "the rate of the first step");
    let mut network = network();
    step(&mut adam, &mut network, 0);
    adam.set_learning_rate(exponential);
    assert_eq!(adam.learning_rate(), 0.3, "the rate of the last step");
    assert_eq!(adam.description().nested("learning_rate"), Some(&exponential.description()));

    let mut resumed = Adam::<f64>::new(0.1);
    resumed.restore(adam.state().clone()).unwrap();
    resumed.set_learning_rate(exponential);
    let mut copy = network.clone();
    step(&mut adam, &mut network, 1);
    step(&mut resumed, &mut copy, 1);
    assert_eq!(adam.learning_rate(), 0.1, "the schedule counts all steps");
    assert_eq!(picture(&resumed, &copy), picture(&adam, &network));
}

#[test]
fn kinds_and_schedules_are_read_as_they_are_printed() {
    for kind in OptimizerKind::ALL {
        assert_eq!(kind.to_string().parse(), Ok(kind));
        let optimizer = kind.build::<f32>(kind.default_learning_rate());
        assert_eq!(optimizer.description().kind, kind.name());
        assert_eq!(optimizer.learning_rate(), kind.default_learning_rate());
        assert_eq!(optimizer.check(&network()), Ok(()));
        assert!(kind.build::<f32>(-1.0).check(&network()).is_err());
    }
    let error = "ada_grad".parse::<OptimizerKind>().unwrap_err().to_string();
    assert!(error.contains("adagrad, rmsprop, adam or adamw"), "{error}");

    for schedule in [
        Schedule::Constant,
        Schedule::InverseTime { decay: 1e-3 },
        Schedule::Step { every: 10, factor: 0.5 },
        Schedule::Exponential { factor: 0.99 },
        Schedule::Cosine { steps: 1000, end: 1e-9 },
    ] {
        assert_eq!(schedule.to_string().parse(), Ok(schedule));
    }
    for unknown in ["", "linear", "step:10", "step:-1:0.5", "constant:1", "inverse-time:x"] {
        let error = unknown.parse::<Schedule>();
        assert!(matches!(error, Err(ScheduleError::Unknown(_))), "{unknown}: {error:?}");
    }
    for wrong in ["exponential:2", "step:0:0.5", "cosine:0:0", "inverse-time:-1"] {
        let error = wrong.parse::<Schedule>();
        assert!(matches!(error, Err(ScheduleError::Setting(_))), "{wrong}: {error:?}");
    }
}

/// `w - rate * g`, step by step, and nothing else.
fn check_plain_sgd<T: Scalar>(values: &[(T, Vec<T>)], rate: LearningRate) {
    let mut sgd = Sgd::new(rate).momentum(0.0);
    let starts = values.iter().map(|&(start, _)| start);
    let mut weights = Parameter::new(Tensor::from_iterator(values.len(), 1, starts));
    let mut expected = weights.value.clone();
    for number in 0..STEPS {
        for (index, (_, gradients)) in values.iter().enumerate() {
            let gradient = gradients[number];
            weights.gradient[index] = gradient;
            expected[index] = expected[index] - T::from_f64(rate.at(number as u64)) * gradient;
        }
        sgd.step(&mut weights);
        // `Debug` distinguishes a zero from a negative zero.
        assert_eq!(format!("{:?}", weights.value), format!("{expected:?}"), "step {number}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(Direct("tests/regressions.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn momentum_0_is_plain_sgd(
        values in prop::collection::vec(
            (-9.0..9.0_f64, prop::collection::vec(-9.0..9.0_f64, STEPS)), 1..9,
        ),
        rate in 0.0..2.0_f64,
        decay in 0.0..2.0_f64,
    ) {
        let rate = LearningRate::inverse_time(rate, decay).unwrap();
        check_plain_sgd(&values, rate);
        let single = |(start, gradients): &(f64, Vec<f64>)| {
            (*start as f32, gradients.iter().map(|&gradient| gradient as f32).collect())
        };
        let values: Vec<(f32, Vec<f32>)> = values.iter().map(single).collect();
        check_plain_sgd(&values, rate);
    }
}

#[test]
fn a_learning_rate_shows_its_schedule() {
    let schedule = Schedule::Cosine { steps: 10, end: 0.1 };
    let rate = LearningRate::new(0.5, schedule).unwrap();
    assert_eq!((rate.initial(), rate.schedule()), (0.5, schedule));
}

#[test]
fn the_state_of_every_optimizer_can_be_replaced() {
    for (mut one, mut other) in optimizers::<f64>().into_iter().zip(optimizers::<f64>()) {
        let mut network = network();
        step(&mut *one, &mut network, 1);
        *other.state_mut() = one.state().clone();
        assert_eq!(other.state(), one.state());
        assert_eq!(other.state().iterations, 1);
    }
}

#[test]
fn every_optimizer_has_a_default_learning_rate() {
    let rates = OptimizerKind::ALL.map(|kind| (kind, kind.default_learning_rate()));
    for (kind, rate) in rates {
        let is_plain = matches!(kind, OptimizerKind::Sgd | OptimizerKind::AdaGrad);
        assert_eq!(rate, if is_plain { 0.01 } else { 0.001 }, "{kind}");
    }
}
