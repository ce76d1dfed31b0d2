//! A training that is stopped twice, and goes on each time from its checkpoint:
//! `cargo run --release -p nnfs --example resume`.

// An example speaks through stdout.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::Path;

use nnfs::datasets::sine;
use nnfs::files::{Checkpoints, Fingerprint, Pipeline, Start};
use nnfs::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("checkpoint.safetensors");
    // Each of these could be a process of its own.
    train(&path, Some(120))?;
    train(&path, Some(60))?;
    let resumed = train(&path, None)?;
    train(&path, None)?;

    let straight = train(&folder.path().join("straight.safetensors"), None)?;
    println!("the same bits as without a stop: {}", resumed == straight);
    Ok(())
}

/// Trains until it is over, or until it has seen so many epochs; gives the bytes of the model.
fn train(path: &Path, stop: Option<usize>) -> Result<Vec<u8>, Box<dyn Error>> {
    let (inputs, targets) = sine::<f32>(200);
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let first = Dense::new(1, 32, Initializer::HeNormal, &mut rng)?.activation(Relu);
    let second = Dense::new(32, 32, Initializer::HeNormal, &mut rng)?.activation(Relu);
    let last = Dense::new(32, 1, Initializer::GlorotUniform, &mut rng)?;
    let mut model = Model::new(1, vec![Box::new(first), Box::new(second), Box::new(last)])?;
    let mut mse = MeanSquaredError::new();
    let mut adam = Adam::new(LearningRate::inverse_time(0.01, 1e-3)?);
    let settings = Fit::epochs(300)?.batch_size(32)?.shuffle(1);

    let fingerprint = Fingerprint::new(&model, &inputs, &targets, &mse, &adam, &settings);
    let mut checkpoints = Checkpoints::new(path, fingerprint).every(50)?;
    let settings = match checkpoints.start(&mut model, &mut adam, settings)? {
        Start::Finished(history) => {
            println!("nothing to do after {} epochs", history.epochs.len());
            return Ok(Pipeline::new(model).to_bytes()?);
        }
        Start::Afresh(settings) => {
            println!("no checkpoint: from the beginning");
            settings
        }
        Start::Resumed(settings) => {
            println!("goes on with epoch {}", settings.first_epoch());
            settings
        }
    };
    let mut seen = 0;
    let mut observer = |progress: &Progress<'_, f32>| {
        seen += 1;
        let control = if Some(seen) == stop { Control::Stop } else { Control::Continue };
        checkpoints.after(progress, control)
    };
    let history = model.fit(&inputs, &targets, &mut mse, &mut adam, &settings, &mut observer)?;
    checkpoints.finish(&model, &adam, &history)?;
    let loss = history.epochs.last().map_or(f64::NAN, |epoch| epoch.data_loss);
    println!("{} epochs, loss {loss:.2e}", history.epochs.len());
    Ok(Pipeline::new(model).to_bytes()?)
}
