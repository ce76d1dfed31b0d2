//! What an optimizer remembers can be taken out and put back; what it cannot do is refused.

use nnfs_numpy::NumpyScalar;
use nnfs_optimizers::{AdaGrad, Adam, AdamW, LearningRate, RmsProp, Schedule, Sgd};
use nnfs_tensor::{Optimizer, OptimizerState, Parameter, Scalar, SettingError, Tensor};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::Direct;

/// One optimizer of every kind, each with decay.
fn optimizers<T: Scalar>() -> [Box<dyn Optimizer<T>>; 6] {
    let rate = LearningRate::inverse_time(0.1, 0.5).unwrap();
    [
        Box::new(Sgd::new(rate)),
        Box::new(Sgd::new(rate).momentum(0.9).unwrap()),
        Box::new(AdaGrad::new(rate)),
        Box::new(RmsProp::new(rate)),
        Box::new(Adam::new(rate)),
        Box::new(AdamW::new(Adam::new(rate), 0.1).unwrap()),
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
            resumed.restore(straight.state()).unwrap();
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
        let start = optimizer.state();
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
        [Box::new(Adam::new(rate)), Box::new(AdamW::new(Adam::new(rate), 0.1).unwrap())];
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
    let mut adam = Adam::<f64>::new(LearningRate::constant(0.1).unwrap());
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
        format!("ada_grad (epsilon 0.0000001, {rate})"),
        format!("rms_prop (epsilon 0.0000001, {rate}, rho 0.9)"),
        format!("adam ({adam})"),
        format!("adam_w ({adam}, weight_decay 0.1)"),
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
        assert!(message.contains("of 2 parameters now has 1"), "{message}");
        let message = panic_message(&mut *optimizer, [first, second.clone(), second]);
        assert!(message.contains("of 2 parameters now has more"), "{message}");
    }
}

#[test]
fn a_setting_out_of_range_is_refused_by_name() {
    let rate = LearningRate::constant(0.1).unwrap();
    let (sgd, ada_grad, rms_prop, adam) =
        (Sgd::<f64>::new(rate), AdaGrad::<f64>::new(rate), RmsProp::new(rate), Adam::new(rate));
    let share = "in [0, 1)";
    let (positive, not_negative) = ("finite and above 0", "finite and at least 0");
    for (error, name, expected, found) in [
        (LearningRate::constant(-0.1).err(), "learning rate", not_negative, -0.1),
        (LearningRate::inverse_time(0.1, -1.0).err(), "learning-rate decay", not_negative, -1.0),
        (sgd.clone().momentum(1.0).err(), "momentum", share, 1.0),
        (sgd.momentum(-0.1).err(), "momentum", share, -0.1),
        (ada_grad.epsilon(0.0).err(), "epsilon", positive, 0.0),
        (rms_prop.clone().epsilon(-1e-7).err(), "epsilon", positive, -1e-7),
        (RmsProp::<f32>::rho(rms_prop, 1.0).err(), "rho", share, 1.0),
        (adam.clone().epsilon(f64::INFINITY).err(), "epsilon", positive, f64::INFINITY),
        (adam.clone().betas(1.0, 0.999).err(), "beta_1", share, 1.0),
        (adam.clone().betas(0.9, -0.1).err(), "beta_2", share, -0.1),
        (AdamW::<f64>::new(adam, -0.01).err(), "weight decay", not_negative, -0.01),
    ] {
        assert_eq!(error, Some(SettingError { name, expected, found }));
    }
    // NaN is in no range, but is equal to nothing either.
    for error in [
        LearningRate::constant(f64::NAN).err(),
        Sgd::<f64>::new(rate).momentum(f64::NAN).err(),
        AdaGrad::<f64>::new(rate).epsilon(f64::NAN).err(),
        RmsProp::<f64>::new(rate).rho(f64::NAN).err(),
        Adam::<f64>::new(rate).betas(f64::NAN, 0.999).err(),
    ] {
        assert!(error.expect("NaN is refused").found.is_nan());
    }
}

/// `w - rate * g`, step by step, and nothing else.
fn check_plain_sgd<T: Scalar>(values: &[(T, Vec<T>)], rate: LearningRate) {
    let mut sgd = Sgd::new(rate).momentum(0.0).unwrap();
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
        // `Debug` tells a zero from a negative one.
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
