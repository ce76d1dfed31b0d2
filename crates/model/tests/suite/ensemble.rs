//! The outputs of an ensemble are the weighted mean of those of its members, to the last bit.

use nnfs_activations::Relu;
use nnfs_layers::{Dense, Dropout, Initializer};
use nnfs_model::{Ensemble, EnsembleError, Model, SummaryGroup, Workspace};
use nnfs_tensor::{Scalar, Tensor, Trainable};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// A network of one hidden layer, or a linear one.
fn network<T: Scalar>(inputs: usize, hidden: Option<usize>, outputs: usize, seed: u64) -> Model<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut dense =
        |from, to| Dense::new(from, to, Initializer::normal(1.0).unwrap(), &mut rng).unwrap();
    let model = Model::new(inputs);
    match hidden {
        None => model.then(dense(inputs, outputs)).unwrap(),
        Some(width) => model
            .then(dense(inputs, width).activation(Relu))
            .unwrap()
            .then(dense(width, outputs))
            .unwrap(),
    }
}

fn draw<T: Scalar>(rows: usize, columns: usize, seed: u64) -> Tensor<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Tensor::from_fn(rows, columns, |_, _| T::from_f64(rng.random_range(-2.0..2.0)))
}

/// Ensembles of 2 to 9 members with different layers and weights.
fn ensembles<T: Scalar>() -> impl Iterator<Item = Ensemble<T>> {
    (2..10_u64).map(|count| {
        let mut rng = ChaCha8Rng::seed_from_u64(count);
        let outputs = [1, 3, 70, 1100][count as usize % 4];
        let member = |index| {
            let hidden = (index % 3 > 0).then(|| rng.random_range(1..90));
            let weight = if count % 2 == 0 { 1.0 } else { rng.random_range(0.01..10.0) };
            (network(4, hidden, outputs, 100 * count + index), weight)
        };
        Ensemble::new((0..count).map(member)).unwrap()
    })
}

fn is_the_mean<T: Scalar>(bits: fn(T) -> u64) {
    for ensemble in ensembles::<T>() {
        let inputs = draw(17, 4, 1);
        let members = ensemble.members();
        let sum = members.iter().fold(0.0, |sum, member| sum + member.weight());
        let outputs: Vec<Tensor<T>> =
            members.iter().map(|member| member.model().predict(&inputs).unwrap()).collect();
        let expected = Tensor::from_fn(17, ensemble.output_width(), |row, column| {
            let product = |index: usize| {
                T::from_f64(members[index].weight() / sum) * outputs[index][(row, column)]
            };
            (1..members.len()).fold(product(0), |sum, index| sum + product(index))
        });
        let found = ensemble.predict(&inputs).unwrap();
        assert_eq!(found.shape(), expected.shape());
        assert!(found.iter().map(|&y| bits(y)).eq(expected.iter().map(|&y| bits(y))));

        // A row alone, in a batch and with packed weights.
        let predictor = ensemble.predictor().unwrap();
        assert_eq!((predictor.input_width(), predictor.output_width()), (4, found.ncols()));
        let mut row_outputs = vec![T::from_f64(7.0); found.ncols()];
        for row in 0..inputs.nrows() {
            let alone = ensemble.predict(&inputs.rows(row, 1).into_owned()).unwrap();
            let inputs: Vec<T> = inputs.row(row).iter().copied().collect();
            predictor.predict_row(&inputs, &mut row_outputs).unwrap();
            for (column, &in_batch) in found.row(row).iter().enumerate() {
                assert_eq!(bits(in_batch), bits(alone[column]));
                assert_eq!(bits(in_batch), bits(row_outputs[column]));
            }
        }
    }
}

#[test]
fn outputs_are_the_weighted_mean_to_the_last_bit() {
    is_the_mean::<f32>(|y| y.to_bits().into());
    is_the_mean::<f64>(f64::to_bits);
}

#[test]
fn a_single_member_has_the_bits_of_the_model() {
    let (model, inputs) = (network::<f32>(5, Some(40), 2, 1), draw(9, 5, 2));
    let expected = model.predict(&inputs).unwrap();
    let alone = Ensemble::from(model.clone());
    let of_any_weight = Ensemble::new([(model.clone(), 0.3)]).unwrap();
    for ensemble in [alone, of_any_weight] {
        assert_eq!(ensemble.predict(&inputs).unwrap(), expected);
        assert_eq!(ensemble.members()[0].share(), 1.0);
        assert_eq!(ensemble.summary().to_string(), model.summary().to_string());
        assert!(ensemble.single().is_some());
    }
}

#[test]
fn an_ensemble_has_the_models_that_it_was_made_of() {
    let models = [network::<f32>(5, Some(3), 2, 1), network(5, None, 2, 2)];
    let inputs = draw(4, 5, 3);
    let predict = |model: &Model<f32>| model.predict(&inputs).unwrap();
    let expected = models.each_ref().map(predict);
    let mut ensemble = Ensemble::new(models.map(|model| (model, 1.0))).unwrap();
    assert_eq!((ensemble.input_width(), ensemble.output_width()), (5, 2));
    assert!(ensemble.single().is_none());
    // Two dense layers, and one.
    let mut shapes = Vec::new();
    ensemble.for_each_parameter_mut(&mut |parameter| shapes.push(parameter.value.shape()));
    assert_eq!(shapes, [(5, 3), (1, 3), (3, 2), (1, 2), (5, 2), (1, 2)]);
    let models = ensemble.into_models();
    assert_eq!(models.iter().map(predict).collect::<Vec<_>>(), expected);
}

#[test]
fn buffers_are_used_again_for_other_ensembles() {
    let (mut workspace, mut predictions) = (Workspace::default(), Tensor::default());
    for ensemble in ensembles::<f64>() {
        for rows in [9, 3] {
            let inputs = draw(rows, 4, 3);
            ensemble.predict_to(&inputs, &mut workspace, &mut predictions).unwrap();
            assert_eq!(predictions, ensemble.predict(&inputs).unwrap());
        }
    }
}

#[test]
fn what_is_no_ensemble_is_refused() {
    let model = || network::<f32>(2, None, 1, 1);
    assert_eq!(Ensemble::<f32>::new([]).unwrap_err(), EnsembleError::Empty);
    for weight in [0.0, -1.0, f64::INFINITY, f64::NAN] {
        let error = Ensemble::new([(model(), 1.0), (model(), weight)]).unwrap_err();
        assert!(matches!(error, EnsembleError::Weight { member: 1, .. }), "{error}");
    }
    let error = Ensemble::new([(model(), f64::MAX), (model(), f64::MAX)]).unwrap_err();
    assert_eq!(error, EnsembleError::SumOfWeights);
    for (inputs, outputs) in [(3, 1), (2, 2)] {
        let other = network(inputs, None, outputs, 1);
        let error = Ensemble::new([(model(), 1.0), (other, 1.0)]).unwrap_err();
        let (expected, found) = ((2, 1), (inputs, outputs));
        assert_eq!(error, EnsembleError::Widths { member: 1, expected, found });
    }
    let ensemble = Ensemble::new([(model(), 1.0), (model(), 1.0)]).unwrap();
    assert!(ensemble.predict(&draw(3, 3, 1)).is_err());
    // A model may have no layer as yet; it cannot predict.
    let empty = || (Model::<f32>::new(2), 1.0);
    let empty = Ensemble::new([empty(), empty()]).unwrap();
    assert!(empty.predict(&draw(3, 2, 1)).is_err() && empty.predictor().is_err());
}

#[test]
fn members_with_the_same_layers_are_shown_once() {
    let dropout = || Dropout::new(0.1, ChaCha8Rng::seed_from_u64(1)).unwrap();
    let with_dropout = network(2, Some(3), 1, 9).then(dropout()).unwrap();
    let of = |members: Vec<(Model<f64>, f64)>| Ensemble::new(members).unwrap();
    let equal = of((0..8).map(|seed| (network(2, Some(3), 1, seed), 2.0)).collect());
    let summary = equal.summary();
    assert_eq!((summary.groups.len(), summary.members(), summary.parameters()), (1, 8, 8 * 13));
    assert_eq!(equal.parameter_count(), 8 * 13);
    let text = summary.to_string();
    assert!(text.starts_with("8 networks, each with weight 0.125:\nlayer "), "{text}");
    assert!(text.ends_with("\n8 networks, 104 parameters\n"), "{text}");

    let mixed = of(vec![
        (network(2, Some(3), 1, 1), 1.0),
        (network(2, None, 1, 1), 3.0),
        (network(2, Some(3), 1, 2), 2.0),
        (with_dropout, 2.0),
    ]);
    let titles: Vec<String> = mixed.summary().groups.iter().map(SummaryGroup::title).collect();
    let expected = [
        "2 networks with weights 0.125, 0.25",
        "1 network with weight 0.375",
        "1 network with weight 0.25",
    ];
    assert_eq!(titles, expected);
}
