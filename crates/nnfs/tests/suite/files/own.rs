//! Layers of a user among ours.

use nnfs::files::{BuildError, Registry};
use nnfs::tensor::Description;
use nnfs_testing::{PassOn, Square};

use super::*;

fn registry() -> Registry<f64> {
    Registry::new()
        .with_layer("own", |description, parameters| {
            Ok(Box::new(PassOn::new(description.clone(), parameters)))
        })
        .with_function("square", |description| {
            let factor = description.number("factor").ok_or("expected a factor, found none")?;
            Ok(Box::new(Square { factor }))
        })
}

fn own() -> Description {
    Description::new("own").with("strength", 0.1).with("inner", Description::new("relu"))
}

fn parameters() -> Vec<Tensor<f64>> {
    (0..12).map(|index| draw(1 + index % 3, 2, index as u64)).collect()
}

fn pipeline(own: PassOn<f64>) -> Pipeline<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let dense = Dense::new(2, 2, Initializer::HeNormal, &mut rng).unwrap();
    Pipeline::new(
        Model::new(2)
            .then(dense.activation(Square { factor: 0.3 }))
            .unwrap()
            .then(own)
            .unwrap()
            .then(Activation::new(Square { factor: 0.7 }))
            .unwrap(),
    )
}

/// Weights of dense layers, in order, would be put into them too.
#[test]
fn they_keep_a_model_from_taking_other_weights() {
    let error = pipeline(PassOn::new(own(), parameters())).with_weights(&[]).unwrap_err();
    assert!(error.to_string().contains("expected dense layers alone, found own"), "{error}");
}

#[test]
fn they_are_built_by_the_registry() {
    let pipeline = pipeline(PassOn::new(own(), parameters()));
    let bytes = pipeline.to_bytes().unwrap();
    let loaded = Pipeline::from_bytes_with(&bytes, &registry()).unwrap();
    assert_eq!(loaded.to_bytes().unwrap(), bytes);
    let inputs = draw::<f64>(5, 2, 1);
    assert_eq!(loaded.predict(&inputs).unwrap(), pipeline.predict(&inputs).unwrap());
    let mut found = Vec::new();
    loaded.model().unwrap().layers()[1].for_each_parameter(&mut |it| found.push(it.value.clone()));
    assert_eq!(found, parameters());
}

#[test]
fn numbers_stand_row_after_row_under_the_module_and_their_position() {
    let parameter = Tensor::from_row_slice(2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let bytes = pipeline(PassOn::new(own(), vec![parameter])).to_bytes().unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    // The dense layer and its function are the modules 0 and 1.
    let tensor = file.tensor("2.0").unwrap();
    assert_eq!(tensor.shape(), [2, 3]);
    assert_eq!(f64::read_all(tensor.data()), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
}

fn load(own: PassOn<f64>, build: fn(&Description) -> Result<PassOn<f64>, BuildError>) -> String {
    let bytes = pipeline(own).to_bytes().unwrap();
    let registry = registry().with_layer("own", move |it, _| Ok(Box::new(build(it)?)));
    Pipeline::from_bytes_with(&bytes, &registry).unwrap_err().to_string()
}

#[test]
fn a_builder_that_does_something_else_is_reported() {
    let given = || PassOn::new(own(), vec![Tensor::zeros(1, 2)]);
    let refused = load(given(), |_| Err("not today".into()));
    assert_eq!(refused, "layer 1 (own): not today");
    let other = load(given(), |_| Ok(PassOn::new(Description::new("other"), Vec::new())));
    assert!(other.starts_with("layer 1 (own): expected {\"kind\":\"own\","), "{other}");
    let none = load(given(), |description| Ok(PassOn::new(description.clone(), Vec::new())));
    assert_eq!(none, "layer 1 (own): expected parameters [(1, 2)], built []");
}

#[test]
fn what_could_not_be_read_again_is_not_written() {
    let save = |own| pipeline(own).to_bytes().unwrap_err().to_string();
    let infinite = PassOn::new(own().with("strength", f64::INFINITY), Vec::new());
    assert_eq!(save(infinite), "layer 1 (own): expected a finite strength, found inf");
    let dense = Description::new("dense").with_widths(2, 2);
    let no_dense = save(PassOn::new(dense, vec![Tensor::zeros(2, 2)]));
    assert!(no_dense.starts_with("layer 1 (dense): parameters: expected weights"), "{no_dense}");
    let empty = save(PassOn::new(own(), vec![Tensor::zeros(0, 2)]));
    assert_eq!(empty, "layer 1 (own): parameter: expected at least 1x1, found 0x2");
}
