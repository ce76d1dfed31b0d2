//! After the first batch a training step allocates nothing: counted, for every layer, loss and
//! optimizer, in every arithmetic.

use nnfs::activations::Linear;
use nnfs::model::{Ensemble, Workspace};
use nnfs::numpy::NumpyScalar;
use nnfs::prelude::*;

/// The number of allocations of this thread while `run` runs.
fn allocations(run: impl FnOnce()) -> u64 {
    allocation_counter::measure(run).count_total
}

/// A network with every layer.
fn model<T: Scalar>(width: usize) -> Model<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let penalty = Penalty::new(1e-4, 1e-4).unwrap();
    let init = Initializer::normal(0.1).unwrap();
    let mut dense = |inputs, outputs| Dense::<T>::new(inputs, outputs, init, &mut rng).unwrap();
    Model::new(2)
        .then(dense(2, width).activation(Relu).weight_penalty(penalty).bias_penalty(penalty))
        .unwrap()
        .then(Dropout::new(0.1, ChaCha8Rng::seed_from_u64(1)).unwrap())
        .unwrap()
        .then(dense(width, width).activation(LeakyRelu::default()))
        .unwrap()
        .then(Activation::new(Tanh))
        .unwrap()
        .then(dense(width, 3))
        .unwrap()
        .then(Activation::new(Sigmoid))
        .unwrap()
        .then(Activation::new(Linear))
        .unwrap()
        .then(Softmax)
        .unwrap()
}

fn losses<T: Scalar>() -> [Box<dyn Loss<T>>; 7] {
    [
        Box::new(MeanSquaredError),
        Box::new(MeanAbsoluteError),
        Box::new(Huber::default()),
        Box::new(BinaryCrossEntropy),
        Box::new(CategoricalCrossEntropy),
        Box::new(SigmoidCrossEntropy),
        Box::new(SoftmaxCrossEntropy),
    ]
}

fn optimizers<T: Scalar>() -> [Box<dyn Optimizer<T>>; 5] {
    let rate = LearningRate::inverse_time(1e-3, 1e-3).unwrap();
    [
        Box::new(Sgd::new(rate).momentum(0.9)),
        Box::new(AdaGrad::new(rate)),
        Box::new(RmsProp::new(rate)),
        Box::new(Adam::new(rate)),
        Box::new(AdamW::new(rate)),
    ]
}

/// The allocations of each step, with every loss and every optimizer, after a first batch that is
/// the largest.
fn allocations_of_steps<T: Scalar>(width: usize) -> Vec<u64> {
    let batch = |samples: usize| {
        let inputs = Tensor::from_fn(samples, 2, |row, column| {
            T::from_f64((row as f64 * 0.37 + column as f64).sin())
        });
        let target = |row: usize, column| if row % 3 == column { 1.0 } else { 0.0 };
        (inputs, Tensor::from_fn(samples, 3, |row, column| T::from_f64(target(row, column))))
    };
    let batches = [batch(64), batch(64), batch(17), batch(64)];
    let mut counts = Vec::new();
    let mut model = model::<T>(width);
    for loss in losses() {
        for mut optimizer in optimizers() {
            for (index, (inputs, targets)) in batches.iter().enumerate() {
                let count = allocations(|| {
                    model.train_step(inputs, targets, &*loss, &mut *optimizer).unwrap();
                });
                if index > 0 {
                    counts.push(count);
                }
            }
        }
    }
    counts
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(Vec::<u8>::with_capacity(9)))), 1);
}

#[test]
fn a_step_allocates_nothing() {
    for width in [1, 16, 64, 100, 512] {
        assert!(allocations_of_steps::<f32>(width).into_iter().all(|count| count == 0), "{width}");
        assert!(allocations_of_steps::<f64>(width).into_iter().all(|count| count == 0), "{width}");
    }
}

/// A batch of this size goes through the layers in parts, if none of them is a dropout.
#[test]
fn a_step_in_parts_allocates_nothing() {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut dense = |inputs, outputs| {
        Dense::<f32>::new(inputs, outputs, Initializer::HeNormal, &mut rng).unwrap()
    };
    let model = Model::new(2).then(dense(2, 40).activation(Relu)).unwrap();
    let mut model = model.then(dense(40, 3)).unwrap().then(Softmax).unwrap();
    let mut adam = Adam::new(LearningRate::constant(1e-3).unwrap());
    for (step, samples) in [5000, 17, 5000, 17, 2048, 4100].into_iter().enumerate() {
        let inputs = Tensor::from_fn(samples, 2, |row, column| (row as f32 + column as f32).sin());
        let targets = Tensor::from_element(samples, 3, 0.5);
        let count = allocations(|| {
            model.train_step(&inputs, &targets, &MeanSquaredError, &mut adam).unwrap();
        });
        // The first two need memory: the parts of a large batch, and the whole of a small one.
        assert_eq!(count > 0, step < 2, "{samples} rows: {count}");
    }
}

#[test]
fn a_step_in_numpys_arithmetic_allocates_nothing() {
    for width in [1, 64, 100] {
        let counts = allocations_of_steps::<NumpyScalar>(width);
        assert!(counts.into_iter().all(|count| count == 0), "{width}");
    }
}

#[test]
fn predicting_into_used_buffers_allocates_nothing() {
    let model = model::<f32>(64);
    let inputs = Tensor::from_element(50, 2, 0.5);
    let (mut workspace, mut predictions) = (Workspace::default(), Tensor::default());
    let mut predict = || model.predict_to(&inputs, &mut workspace, &mut predictions).unwrap();
    predict();
    assert_eq!(allocations(predict), 0);
}

#[test]
fn an_ensemble_predicts_into_used_buffers_without_allocation() {
    let narrow = Dense::new(2, 3, Initializer::HeNormal, &mut ChaCha8Rng::seed_from_u64(1));
    let narrow = Model::new(2).then(narrow.unwrap()).unwrap();
    let ensemble = Ensemble::new([(model::<f32>(64), 2.0), (narrow, 1.0), (model(16), 1.0)]);
    let ensemble = ensemble.unwrap();
    let inputs = Tensor::from_element(50, 2, 0.5);
    let (mut workspace, mut predictions) = (Workspace::default(), Tensor::default());
    let mut predict = || ensemble.predict_to(&inputs, &mut workspace, &mut predictions).unwrap();
    predict();
    assert_eq!(allocations(predict), 0);

    // Of layers that have a packed form.
    let dense = |seed| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let hidden = Dense::<f32>::new(2, 80, Initializer::HeNormal, &mut rng).unwrap();
        let last = Dense::new(80, 70, Initializer::HeNormal, &mut rng).unwrap();
        (Model::new(2).then(hidden.activation(Relu)).unwrap().then(last).unwrap(), 1.0)
    };
    let predictor = Ensemble::new((0..5).map(dense)).unwrap().predictor().unwrap();
    let mut outputs = [0.0; 70];
    let row = || predictor.predict_row(&[0.5, 1.0], &mut outputs).unwrap();
    assert_eq!(allocations(row), 0);

    // Activations as layers.
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let hidden = Dense::<f32>::new(2, 8, Initializer::HeNormal, &mut rng).unwrap();
    let model = Model::new(2).then(hidden).unwrap().then(Activation::new(Tanh)).unwrap();
    let predictor = model.then(Softmax).unwrap().predictor().unwrap();
    let row = || predictor.predict_row(&[0.5, 1.0], &mut outputs[..8]).unwrap();
    assert_eq!(allocations(row), 0);
}

/// The allocations of a whole training.
fn allocations_of_fit<T: Scalar>(settings: &Fit<T>, loss: &dyn Loss<T>) -> u64 {
    let inputs =
        Tensor::from_fn(50, 2, |row, column| T::from_f64((row * 2 + column) as f64 / 99.0));
    let targets =
        Tensor::from_fn(50, 3, |row, column| T::from_f64(f64::from(u8::from(row % 3 == column))));
    let (mut model, mut adam) = (model::<T>(16), Adam::new(1e-3));
    allocations(|| {
        model.fit(&inputs, &targets, loss, &mut adam, settings).unwrap();
    })
}

#[test]
fn fitting_allocates_nothing_after_the_first_epoch() {
    let settings = |epochs| {
        let fit = Fit::<f32>::epochs(epochs).clip_norm(0.01);
        let batches = fit.clone().batch_size(8);
        let early = batches.clone().shuffle(1).early_stopping(100);
        let split = early.clone().validation_fraction(0.25, 1);
        let weights: Vec<f64> = (0..50).map(|row| f64::from(row % 7)).collect();
        let weighted = [&early, &split].map(|settings| settings.clone().weights(weights.clone()));
        let [weighted, weighted_split] = weighted.map(|it| it.class_weights(vec![2.0, 1.0, 0.5]));
        [fit, batches, early, split, weighted, weighted_split]
    };
    for loss in losses() {
        for (short, long) in settings(2).iter().zip(&settings(40)) {
            let [short, of_long] =
                [short, long].map(|settings| allocations_of_fit(settings, &*loss));
            assert_eq!(short, of_long, "{loss:?} {long:?}");
        }
    }
    let [short, long] =
        [2, 40].map(|epochs| Fit::<NumpyScalar>::epochs(epochs).batch_size(8).shuffle(1));
    let [short, long] =
        [short, long].map(|settings| allocations_of_fit(&settings, &MeanSquaredError));
    assert_eq!(short, long);
}
