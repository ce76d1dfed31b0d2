//! The frames of a recorder.

use nnfs_activations::Relu;
use nnfs_layers::{Dense, Initializer};
use nnfs_losses::MeanSquaredError;
use nnfs_model::{Control, Ensemble, Fit, Model, Observer, ObserverError, Progress};
use nnfs_optimizers::{Adam, LearningRate, Sgd};
use nnfs_report::{Frame, Recorder, TextTable, chosen_epochs};
use nnfs_tensor::{Tensor, Trainable};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn model() -> Model<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let hidden = Dense::new(2, 8, Initializer::HeNormal, &mut rng).unwrap().activation(Relu);
    let output = Dense::new(8, 2, Initializer::GlorotUniform, &mut rng).unwrap();
    Model::new(2).then(hidden).unwrap().then(output).unwrap()
}

/// A recorder, and the predictions and gradients of every epoch.
struct Both {
    recorder: Recorder<f64>,
    rows: Tensor<f64>,
    predictions: Vec<Tensor<f64>>,
    norms: Vec<Option<f64>>,
}

impl Observer<f64> for Both {
    fn epoch(&mut self, progress: &Progress<'_, f64>) -> Result<Control, ObserverError> {
        self.predictions.push(progress.model().predict(&self.rows).unwrap());
        self.norms.push(progress.model().diagnostics().layers[1].gradient_norm);
        self.recorder.epoch(progress)
    }
}

#[test]
fn a_frame_is_what_the_network_predicts_after_its_epochs() {
    let mut model = model();
    let inputs = Tensor::from_fn(6, 2, |row, column| (row * 2 + column) as f64 / 12.0);
    let targets = inputs.map(f64::sin);
    // More rows than a block.
    let rows = Tensor::from_fn(300, 2, |row, column| (row * 2 + column) as f64 / 600.0);
    let epochs = 400;
    let mut both = Both {
        recorder: Recorder::new(&rows, 0, epochs, 1, &model).unwrap(),
        predictions: vec![model.predict(&rows).unwrap()],
        norms: vec![None],
        rows,
    };
    let (loss, mut adam) = (MeanSquaredError, Adam::new(LearningRate::constant(0.01).unwrap()));
    let settings = Fit::epochs(epochs).batch_size(4).shuffle(1);
    model.fit_watched(&inputs, &targets, &loss, &mut adam, &settings, &mut both).unwrap();

    let frames = both.recorder.into_frames();
    let kept: Vec<usize> = frames.iter().map(|frame| frame.epoch).collect();
    assert_eq!(kept, chosen_epochs(epochs, 1));
    for frame in &frames {
        // Row after row, where a tensor has column after column.
        let expected = both.predictions[frame.epoch].transpose();
        assert_eq!(frame.predictions, expected.as_slice(), "epoch {}", frame.epoch);
        let norms = frame.layers.iter().map(|layer| layer.gradient_norm.is_some());
        assert_eq!(norms.collect::<Vec<_>>(), [frame.epoch > 0; 2]);
    }
    let last = &frames[frames.len() - 1];
    assert_eq!(last.layers[1].gradient_norm, both.norms[epochs]);
    assert!(last.layers[0].dead_units.is_some() && last.layers[1].dead_units.is_none());
}

#[test]
fn a_frame_replaces_those_from_its_epoch_on() {
    let (mut model, other) = (model(), model());
    let rows = Tensor::from_element(1, 2, 0.5);
    let mut recorder = Recorder::new(&rows, 4, 10, 1, &model).unwrap();
    recorder.record(8, &model).unwrap();
    recorder.record(7, &model).unwrap();
    model.for_each_parameter_mut(&mut |parameter| parameter.value.fill(1.0));
    recorder.record(7, &model).unwrap();
    let frames = recorder.into_frames();
    assert_eq!(frames.iter().map(|frame| frame.epoch).collect::<Vec<_>>(), [4, 7]);
    assert_eq!(frames[0].predictions, other.predict(&rows).unwrap().as_slice());
    assert_eq!(frames[1].predictions, model.predict(&rows).unwrap().as_slice());
}

/// A unit is dead if it is 0 for all recorded rows, whatever the rows of the last batch.
#[test]
fn dead_units_are_0_for_all_recorded_rows() {
    // More rows than a block. Two units are awake for the last row only.
    let rows = Tensor::from_fn(129, 2, |row, _| if row == 128 { -1.0 } else { 1.0 });
    let dead = |watched: &Tensor<f64>, samples: usize| {
        let mut model = model();
        let mut column = 0;
        // Units 0 to 4 are awake for positive rows, 5 and 6 for negative ones, and 7 for none.
        model.for_each_parameter_mut(&mut |parameter| {
            if column == 0 {
                let weights = [1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, 0.0];
                for (unit, weight) in weights.into_iter().enumerate() {
                    parameter.value.column_mut(unit).fill(weight);
                }
            } else {
                parameter.value.fill(0.0);
            }
            column += 1;
        });
        let mut recorder = Recorder::new(watched, 0, 1, 1, &model).unwrap();
        // The last batch is of one row where there are 129.
        let inputs = rows.rows(129 - samples, samples).into_owned();
        let (loss, mut sgd) = (MeanSquaredError, Sgd::new(LearningRate::constant(1e-9).unwrap()));
        let settings = Fit::epochs(1).batch_size(32);
        model.fit_watched(&inputs, &inputs, &loss, &mut sgd, &settings, &mut recorder).unwrap();
        let frames = recorder.into_frames();
        let dead = frames.iter().map(|frame| frame.layers[0].dead_units.unwrap());
        dead.collect::<Vec<_>>()
    };
    let (most, all) = (rows.rows(0, 128).into_owned(), rows.clone());
    for samples in [128, 129] {
        assert_eq!(dead(&most, samples), [3.0 / 8.0; 2], "{samples} samples");
        assert_eq!(dead(&all, samples), [1.0 / 8.0; 2], "{samples} samples");
    }
}

#[test]
fn restored_weights_have_no_gradients() {
    let mut model = model();
    let rows = Tensor::from_element(4, 2, 0.5);
    let mut recorder = Recorder::new(&rows, 0, 5, 1, &model).unwrap();
    let (loss, mut adam) = (MeanSquaredError, Adam::new(LearningRate::constant(0.01).unwrap()));
    let settings = Fit::epochs(5);
    model.fit_watched(&rows, &rows, &loss, &mut adam, &settings, &mut recorder).unwrap();
    recorder.record_restored(3, &model).unwrap();
    let frames = recorder.into_frames();
    assert_eq!(frames.iter().map(|frame| frame.epoch).collect::<Vec<_>>(), [0, 1, 2, 3]);
    let norms = |frame: &Frame| frame.layers.iter().all(|layer| layer.gradient_norm.is_some());
    assert_eq!(frames.iter().map(norms).collect::<Vec<_>>(), [false, true, true, false]);
    assert!(frames[3].layers[0].dead_units.is_some());
}

#[test]
fn without_rows_only_the_gradients_are_recorded() {
    let mut model = model();
    let inputs = Tensor::from_element(4, 2, 0.5);
    let mut recorder = Recorder::new(&Tensor::default(), 0, 5, 2, &model).unwrap();
    let (loss, mut adam) = (MeanSquaredError, Adam::new(LearningRate::constant(0.01).unwrap()));
    let settings = Fit::epochs(5);
    model.fit_watched(&inputs, &inputs, &loss, &mut adam, &settings, &mut recorder).unwrap();
    let frames = recorder.into_frames();
    assert_eq!(frames.iter().map(|frame| frame.epoch).collect::<Vec<_>>(), [0, 2, 5]);
    assert!(frames.iter().all(|frame| frame.predictions.is_empty()));
    let layers = frames[1..].iter().flat_map(|frame| &frame.layers);
    assert!(layers.clone().all(|layer| layer.dead_units.is_none()));
    assert_eq!(layers.filter(|layer| layer.gradient_norm.is_some()).count(), 4);
}

#[test]
fn rows_that_the_model_does_not_take_are_refused() {
    let error = Recorder::new(&Tensor::zeros(1, 3), 0, 10, 1, &model()).unwrap_err();
    assert!(error.to_string().contains('3'), "{error}");
}

/// Equal networks have one table, and a single one has the title that it always had.
#[test]
fn the_tables_of_layers_of_an_ensemble() {
    let dense = Dense::from_parameters(Tensor::zeros(2, 2), Tensor::zeros(1, 2)).unwrap();
    let linear = Model::new(2).then(dense).unwrap();
    let members = [(model(), 1.0), (linear, 2.0), (model(), 1.0)];
    let tables = TextTable::layers_of_members(Ensemble::new(members).unwrap().summary());
    let found: Vec<(&str, usize)> =
        tables.iter().map(|table| (table.title.as_str(), table.rows.len())).collect();
    let expected = [
        ("Layers of 2 networks, each with weight 0.25", 2),
        ("Layers of 1 network with weight 0.5", 1),
    ];
    assert_eq!(found, expected);
    let alone = TextTable::layers_of_members(Ensemble::from(model()).summary());
    assert_eq!(alone, [TextTable::layers(model().summary())]);
}
