//! Layers of one's own among ours.

use nnfs::files::{BuildError, Registry};
use nnfs::tensor::{Description, Elementwise, ShapeError};

use super::*;

/// A layer that passes on what it gets, with any parameters and any description.
#[derive(Debug)]
struct Own {
    description: Description,
    parameters: Vec<Parameter<f64>>,
    outputs: Tensor<f64>,
    input_gradient: Tensor<f64>,
}

impl Own {
    fn new(description: Description, parameters: Vec<Tensor<f64>>) -> Self {
        let parameters = parameters.into_iter().map(Parameter::new).collect();
        let (outputs, input_gradient) = (Tensor::default(), Tensor::default());
        Self { description, parameters, outputs, input_gradient }
    }
}

impl Trainable<f64> for Own {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<f64>)) {
        self.parameters.iter().for_each(visit);
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<f64>)) {
        self.parameters.iter_mut().for_each(visit);
    }
}

impl Layer<f64> for Own {
    fn forward(&mut self, inputs: &Tensor<f64>) -> &Tensor<f64> {
        self.outputs = inputs.clone();
        &self.outputs
    }
    fn backward(&mut self, _: &Tensor<f64>, gradient: &Tensor<f64>) -> &Tensor<f64> {
        self.input_gradient = gradient.clone();
        &self.input_gradient
    }
    fn outputs(&self) -> &Tensor<f64> {
        &self.outputs
    }
    fn input_gradient(&self) -> &Tensor<f64> {
        &self.input_gradient
    }
    fn predict_to(&self, inputs: &Tensor<f64>, outputs: &mut Tensor<f64>) {
        *outputs = inputs.clone();
    }
    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        Ok(input_width)
    }
    fn description(&self) -> Description {
        self.description.clone()
    }
}

/// `y = x^2` for positive numbers, as a function of one's own.
#[derive(Debug)]
struct Square {
    factor: f64,
}

impl Elementwise<f64> for Square {
    fn apply(&self, input: f64) -> f64 {
        self.factor * input * input
    }
    fn chain(&self, output: f64, gradient: f64) -> f64 {
        2.0 * (self.factor * output).sqrt() * gradient
    }
    fn description(&self) -> Description {
        Description::new("square").with("factor", self.factor)
    }
}

fn registry() -> Registry<f64> {
    Registry::new()
        .with_layer("own", |description, parameters| {
            Ok(Box::new(Own::new(description.clone(), parameters)))
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

fn pipeline(own: Own) -> Pipeline<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let dense = Dense::new(2, 2, Initializer::HeNormal, &mut rng).unwrap();
    let layers: Vec<Box<dyn Layer<f64>>> = vec![
        Box::new(dense.activation(Square { factor: 0.3 })),
        Box::new(own),
        Box::new(Activation::new(Square { factor: 0.7 })),
    ];
    Pipeline::new(Model::new(2, layers).unwrap())
}

/// Weights of dense layers, in order, would be put into them too.
#[test]
fn they_keep_a_model_from_taking_other_weights() {
    let error = pipeline(Own::new(own(), parameters())).with_weights(&[]).unwrap_err();
    assert!(error.to_string().contains("expected dense layers alone, found own"), "{error}");
}

#[test]
fn they_are_built_by_the_registry() {
    let pipeline = pipeline(Own::new(own(), parameters()));
    let bytes = pipeline.to_bytes().unwrap();
    let loaded = Pipeline::from_bytes_with(&bytes, &registry()).unwrap();
    assert_eq!(loaded.to_bytes().unwrap(), bytes);
    let inputs = draw::<f64>(5, 2, 1);
    assert_eq!(loaded.predict(&inputs).unwrap(), pipeline.predict(&inputs).unwrap());
    let mut found = Vec::new();
    loaded.model().layers()[1].for_each_parameter(&mut |it| found.push(it.value.clone()));
    assert_eq!(found, parameters());
}

#[test]
fn numbers_stand_row_after_row_under_the_module_and_their_position() {
    let parameter = Tensor::from_row_slice(2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let bytes = pipeline(Own::new(own(), vec![parameter])).to_bytes().unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    // The dense layer and its function are the modules 0 and 1.
    let tensor = file.tensor("2.0").unwrap();
    assert_eq!(tensor.shape(), [2, 3]);
    assert_eq!(f64::read_all(tensor.data()), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
}

fn load(own: Own, build: fn(&Description) -> Result<Own, BuildError>) -> String {
    let bytes = pipeline(own).to_bytes().unwrap();
    let registry = registry().with_layer("own", move |it, _| Ok(Box::new(build(it)?)));
    Pipeline::from_bytes_with(&bytes, &registry).unwrap_err().to_string()
}

#[test]
fn a_builder_that_does_something_else_is_told() {
    let given = || Own::new(own(), vec![Tensor::zeros(1, 2)]);
    let refused = load(given(), |_| Err("not today".into()));
    assert_eq!(refused, "layer 1 (own): not today");
    let other = load(given(), |_| Ok(Own::new(Description::new("other"), Vec::new())));
    assert!(other.starts_with("layer 1 (own): expected {\"kind\":\"own\","), "{other}");
    let none = load(given(), |description| Ok(Own::new(description.clone(), Vec::new())));
    assert_eq!(none, "layer 1 (own): expected parameters [(1, 2)], built []");
}

#[test]
fn what_could_not_be_read_again_is_not_written() {
    let save = |own| pipeline(own).to_bytes().unwrap_err().to_string();
    let infinite = Own::new(own().with("strength", f64::INFINITY), Vec::new());
    assert_eq!(save(infinite), "layer 1 (own): expected a finite strength, found inf");
    let dense = Description::new("dense").with_widths(2, 2);
    let no_dense = save(Own::new(dense, vec![Tensor::zeros(2, 2)]));
    assert!(no_dense.starts_with("layer 1 (dense): parameters: expected weights"), "{no_dense}");
    let empty = save(Own::new(own(), vec![Tensor::zeros(0, 2)]));
    assert_eq!(empty, "layer 1 (own): parameter: expected at least 1x1, found 0x2");
}
