//! Weights of other libraries.

use nnfs::files::{
    Convention, DenseWeights, Dtype, FileScalar, Pipeline, read_weights, read_weights_of_members,
    weights_dtype,
};
use nnfs::model::Ensemble;
use nnfs::prelude::*;

use super::check_error;

/// Reads weights of PyTorch and of Keras, makes a model of them, and reads its file as weights.
///
/// # Panics
/// If a promise is broken.
pub fn import(bytes: &[u8]) -> bool {
    match weights_dtype(bytes) {
        Ok(Dtype::F32) => [Convention::PyTorch, Convention::Keras]
            .map(|convention| use_bytes::<f32>(bytes, convention))
            .contains(&true),
        Ok(Dtype::F64) => [Convention::PyTorch, Convention::Keras]
            .map(|convention| use_bytes::<f64>(bytes, convention))
            .contains(&true),
        Err(error) => {
            check_error(&error);
            false
        }
    }
}

fn use_bytes<T: FileScalar>(bytes: &[u8], convention: Convention) -> bool {
    let members = match read_weights_of_members::<T>(bytes, convention) {
        Ok(members) => members,
        Err(error) => {
            check_error(&error);
            return false;
        }
    };
    assert!(members.iter().all(|layers| !layers.is_empty()), "a network without layers");
    match (read_weights::<T>(bytes, convention), &members[..]) {
        (Ok(layers), [member]) => assert_eq!(layers, *member),
        (Ok(_), _) => panic!("several networks are read as one"),
        (Err(_), [_]) => panic!("one network is not read alone"),
        (Err(error), _) => check_error(&error),
    }
    let networks: Vec<Model<T>> = members.iter().map(|layers| network(layers)).collect();
    // The networks of an ensemble have the same widths; those of a file need not.
    let weighted = networks.into_iter().map(|network| (network, 1.0));
    let Ok(ensemble) = Ensemble::new(weighted) else { return true };
    let written = Pipeline::of_ensemble(ensemble).to_bytes().expect("finite weights");
    let again = read_weights_of_members::<T>(&written, Convention::PyTorch);
    let again = again.expect("what was written can be read");
    assert_eq!(again.len(), members.len());
    let numbers = |of: &[Vec<DenseWeights<T>>]| -> Vec<Tensor<T>> {
        let layers = of.iter().flatten();
        layers.flat_map(|layer| [layer.weights.clone(), layer.biases.clone()]).collect()
    };
    assert_eq!(numbers(&again), numbers(&members), "other weights after writing");
    true
}

fn network<T: FileScalar>(layers: &[DenseWeights<T>]) -> Model<T> {
    let width = layers[0].weights.nrows();
    let dense = |layer: &DenseWeights<T>| -> Box<dyn Layer<T>> {
        let (weights, biases) = (layer.weights.clone(), layer.biases.clone());
        Box::new(Dense::from_parameters(weights, biases).expect("biases for every output"))
    };
    Model::from_layers(width, layers.iter().map(dense)).expect("layers that fit")
}
