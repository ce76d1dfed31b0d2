//! What a recorder keeps of a training.

use nnfs_activations::Relu;
use nnfs_layers::{Dense, Initializer};
use nnfs_losses::MeanSquaredError;
use nnfs_model::{Control, Fit, Model, Observer, Progress};
use nnfs_optimizers::{Adam, LearningRate};
use nnfs_report::{Recorder, chosen_epochs};
use nnfs_tensor::{Tensor, Trainable};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn model() -> Model<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let hidden = Dense::new(2, 8, Initializer::HeNormal, &mut rng).unwrap().activation(Relu);
    let output = Dense::new(8, 2, Initializer::GlorotUniform, &mut rng).unwrap();
    Model::new(2, vec![Box::new(hidden), Box::new(output)]).unwrap()
}

/// A recorder, and every prediction and gradient beside it.
struct Both {
    recorder: Recorder<f64>,
    rows: Tensor<f64>,
    predictions: Vec<Tensor<f64>>,
    norms: Vec<Option<f64>>,
}

impl Observer<f64> for Both {
    fn epoch(&mut self, progress: &Progress<'_, f64>) -> Control {
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
    // More than are predicted at a time.
    let rows = Tensor::from_fn(300, 2, |row, column| (row * 2 + column) as f64 / 600.0);
    let epochs = 400;
    let mut both = Both {
        recorder: Recorder::new(&rows, 0, epochs, 1, &model).unwrap(),
        predictions: vec![model.predict(&rows).unwrap()],
        norms: vec![None],
        rows,
    };
    let (mut loss, mut adam) =
        (MeanSquaredError::new(), Adam::new(LearningRate::constant(0.01).unwrap()));
    let settings = Fit::epochs(epochs).unwrap().batch_size(4).unwrap().shuffle(1);
    model.fit(&inputs, &targets, &mut loss, &mut adam, &settings, &mut both).unwrap();

    let frames = both.recorder.into_frames();
    let kept: Vec<usize> = frames.iter().map(|frame| frame.epoch).collect();
    assert_eq!(kept, chosen_epochs(epochs, 1));
    for frame in &frames {
        // Row after row, where a tensor has column after column.
        let expected = both.predictions[frame.epoch].transpose();
        assert_eq!(frame.predictions, expected.as_slice(), "epoch {}", frame.epoch);
        assert_eq!(frame.layers.len(), if frame.epoch == 0 { 0 } else { 2 });
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

#[test]
fn without_rows_the_layers_alone_are_watched() {
    let mut model = model();
    let inputs = Tensor::from_element(4, 2, 0.5);
    let mut recorder = Recorder::new(&Tensor::default(), 0, 5, 2, &model).unwrap();
    let (mut loss, mut adam) =
        (MeanSquaredError::new(), Adam::new(LearningRate::constant(0.01).unwrap()));
    let settings = Fit::epochs(5).unwrap();
    model.fit(&inputs, &inputs, &mut loss, &mut adam, &settings, &mut recorder).unwrap();
    let frames = recorder.into_frames();
    assert_eq!(frames.iter().map(|frame| frame.epoch).collect::<Vec<_>>(), [0, 2, 5]);
    assert!(frames.iter().all(|frame| frame.predictions.is_empty()));
    assert!(frames[1..].iter().all(|frame| frame.layers.len() == 2));
}

#[test]
fn rows_that_the_model_does_not_take_are_refused() {
    let error = Recorder::new(&Tensor::zeros(1, 3), 0, 10, 1, &model()).unwrap_err();
    assert!(error.to_string().contains('3'), "{error}");
}
