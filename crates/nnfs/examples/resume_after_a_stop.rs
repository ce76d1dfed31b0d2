//! A training that is stopped and resumed gives the same bits as one that never stopped. Run it with
//! `cargo run --release -p nnfs --example resume_after_a_stop`.

// An example speaks through stdout.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::Path;

use nnfs::datasets::sine;
use nnfs::files::{Checkpoints, Fingerprint, Pipeline, Start};
use nnfs::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (broken, straight) = (folder.path().join("broken"), folder.path().join("straight"));

    // Three programs, of which the first two are stopped: after epoch 34, after epoch 71.
    for stop in [34, 71, usize::MAX] {
        let model = train(&broken, stop)?;
        if let Some(model) = model {
            let expected = train(&straight, usize::MAX)?.ok_or("it was not stopped")?;
            assert_eq!(model, expected);
            println!("the model is that of a training without a stop, byte for byte");
        }
    }
    Ok(())
}

/// Trains as a program would that is started again after a stop, and stops after epoch `stop`: gives
/// the bytes of the model once all epochs are done.
fn train(checkpoint: &Path, stop: usize) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
    // All as in the first start: data, first weights, settings.
    let (inputs, targets) = sine::<f32>(200);
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let hidden = Dense::new(1, 16, Initializer::HeNormal, &mut rng)?.activation(Relu);
    let last = Dense::new(16, 1, Initializer::GlorotUniform, &mut rng)?;
    let mut model = Model::new(1).then(hidden)?.then(last)?;
    let loss = MeanSquaredError;
    let mut adam = Adam::new(LearningRate::inverse_time(0.01, 1e-3)?);
    let settings = Fit::epochs(100).batch_size(32).shuffle(1);

    // The checkpoint, if there is one, brings model, optimizer and settings to where they were.
    let fingerprint = Fingerprint::new(&model, &inputs, &targets, &loss, &adam, &settings);
    let checkpoints = Checkpoints::new(checkpoint, fingerprint).every(10);
    let state = match checkpoints.start(&mut model, &mut adam, &settings)? {
        Start::Afresh(state) | Start::Resumed(state) => state,
        Start::Finished(_) => return Ok(Some(Pipeline::new(model).to_bytes()?)),
    };
    println!("from epoch {}", state.next_epoch());

    let until_stop = |progress: &Progress<'_, f32>| {
        if progress.epoch().epoch == stop { Control::Stop } else { Control::Continue }
    };
    let mut observer = (until_stop, checkpoints);
    let history =
        model.fit_from(state, &inputs, &targets, &loss, &mut adam, &settings, &mut observer)?;
    println!("to epoch {}, {:?}", history.epochs.len() - 1, history.end);
    Ok(if history.epochs.len() == 100 { Some(Pipeline::new(model).to_bytes()?) } else { None })
}
