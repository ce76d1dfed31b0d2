//! Whatever the members and weights: the mean to the last bit, alone, in a batch, packed and from a file.

use nnfs::model::Ensemble;
use nnfs::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

/// The widths of the hidden layers of each member, and its weight.
type Members = Vec<(Vec<usize>, f64)>;

fn draw<T: Scalar>(rows: usize, columns: usize, seed: u64) -> Tensor<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Initializer::normal(1.0).unwrap().weights(rows, columns, &mut rng)
}

fn network<T: Scalar>(inputs: usize, hidden: &[usize], outputs: usize, seed: u64) -> Model<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut model = Model::new(inputs);
    for &width in hidden {
        let dense = Dense::new(model.output_width(), width, Initializer::HeNormal, &mut rng);
        model = model.then(dense.unwrap().activation(Tanh)).unwrap();
    }
    let dense = Dense::new(model.output_width(), outputs, Initializer::HeNormal, &mut rng);
    model.then(dense.unwrap()).unwrap()
}

fn check<T: Scalar + PartialEq>(
    members: &Members,
    (rows, inputs, outputs): (usize, usize, usize),
) -> Result<Ensemble<T>, TestCaseError> {
    let networks = members
        .iter()
        .enumerate()
        .map(|(index, (hidden, weight))| (network(inputs, hidden, outputs, index as u64), *weight));
    let networks: Vec<(Model<T>, f64)> = networks.collect();
    let ensemble = Ensemble::new(networks.clone()).unwrap();
    let samples = draw(rows, inputs, 99);
    let predictions = ensemble.predict(&samples).unwrap();

    let sum: f64 = networks.iter().map(|(_, weight)| weight).sum();
    let of_members = networks.iter().map(|(model, weight)| {
        let share = T::from_f64(weight / sum);
        model.predict(&samples).unwrap().map(|y| share * y)
    });
    let expected = of_members.reduce(|sum, product| sum.zip_map(&product, |a, b| a + b)).unwrap();
    prop_assert_eq!(&predictions, &expected);

    let predictor = ensemble.predictor().unwrap();
    let mut outputs = vec![T::ZERO; outputs];
    for row in 0..rows {
        let sample = samples.rows(row, 1).into_owned();
        predictor.predict_row(sample.as_slice(), &mut outputs).unwrap();
        let alone = ensemble.predict(&sample).unwrap();
        prop_assert_eq!(alone.as_slice(), &outputs[..]);
        prop_assert!(predictions.row(row).iter().eq(&outputs));
    }
    Ok(ensemble)
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/ensemble.proptest-regressions",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn an_ensemble_is_the_mean_of_its_members(
        members in prop::collection::vec(
            (prop::collection::vec(1..80_usize, 0..3), prop_oneof![Just(1.0), 1e-6..1e6]),
            1..7,
        ),
        shape in (1..20_usize, 1..8_usize, prop_oneof![1..5_usize, 60..70_usize]),
    ) {
        check::<nnfs::numpy::NumpyScalar>(&members, shape)?;
        let single = check::<f32>(&members, shape)?;
        let double = check::<f64>(&members, shape)?;
        #[cfg(feature = "files")]
        {
            from_file(single, shape.1)?;
            from_file(double, shape.1)?;
        }
        #[cfg(not(feature = "files"))]
        drop((single, double));
    }
}

/// The file of an ensemble predicts the same.
#[cfg(feature = "files")]
fn from_file<T: nnfs::files::FileScalar>(
    ensemble: Ensemble<T>,
    inputs: usize,
) -> Result<(), TestCaseError> {
    let samples = draw(5, inputs, 98);
    let expected = ensemble.predict(&samples).unwrap();
    let bytes = Pipeline::of_ensemble(ensemble).to_bytes().unwrap();
    let loaded = Pipeline::<T>::from_bytes(&bytes).unwrap();
    prop_assert_eq!(loaded.predict(&samples).unwrap(), expected);
    prop_assert!(loaded.to_bytes().unwrap() == bytes);
    Ok(())
}
