//! Files of several networks: what is read is what was written, and what is damaged is refused.

use nnfs::files::{
    AnyPipeline, Convention, FormatError, inspect, read_weights, read_weights_of_members,
};
use nnfs::model::{Ensemble, EnsembleError, Member, ModelError};
use serde_json::{Value, json};

use super::damage::edit;
use super::*;

/// A linear network from 3 inputs to 2 outputs.
fn linear<T: FileScalar>(seed: u64) -> Model<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Model::new(3).then(Dense::new(3, 2, Initializer::HeNormal, &mut rng).unwrap()).unwrap()
}

/// Networks of every kind of layer and linear ones, with everything else that a pipeline can have.
pub(crate) fn several<T: FileScalar>() -> Pipeline<T> {
    let members = [(every_kind(), 2.0), (linear(1), 0.1), (every_kind(), 1.0), (linear(2), 1.0)];
    let one = every_part::<T>();
    Pipeline::of_ensemble(Ensemble::new(members).unwrap())
        .with_encoder(one.encoder().unwrap().clone())
        .unwrap()
        .with_input_scaler(one.input_scaler().unwrap().clone())
        .unwrap()
        .with_target_scaler(one.target_scaler().unwrap().clone())
        .unwrap()
        .with_link(one.link())
        .unwrap()
}

fn round_trip<T: FileScalar>() {
    let pipeline = several::<T>();
    let bytes = pipeline.to_bytes().unwrap();
    let loaded = Pipeline::<T>::from_bytes(&bytes).unwrap();
    assert!(loaded.to_bytes().unwrap() == bytes);
    let inputs: Tensor<f64> = draw(7, 3, 5);
    let expected = pipeline.predict(&inputs).unwrap();
    assert_eq!(loaded.predict(&inputs).unwrap(), expected);
    assert_eq!(AnyPipeline::from_bytes(&bytes).unwrap().predict(&inputs).unwrap(), expected);
    let packed = loaded.with_packed_weights();
    for row in 0..7 {
        let alone = packed.predict(&inputs.rows(row, 1).into_owned()).unwrap();
        assert_eq!(alone, expected.rows(row, 1).into_owned());
    }
    let weights: Vec<f64> = packed.ensemble().members().iter().map(Member::weight).collect();
    assert_eq!(weights, [2.0, 0.1, 1.0, 1.0]);
    assert!(packed.model().is_none() && packed.into_model().is_none());
}

#[test]
fn several_networks_are_read_as_they_were_written() {
    round_trip::<f32>();
    round_trip::<f64>();
}

#[test]
fn the_mean_is_taken_before_the_link() {
    let pipeline = several::<f64>();
    let inputs: Tensor<f64> = draw(5, 3, 1);
    let mut outputs = Tensor::zeros(5, 2);
    for member in pipeline.ensemble().members() {
        let alone = Pipeline::new(member.model().clone());
        let alone = alone.with_input_scaler(pipeline.input_scaler().unwrap().clone()).unwrap();
        outputs += alone.predict(&inputs).unwrap() * (member.weight() / 4.1);
    }
    assert!((pipeline.outputs(&inputs).unwrap() - &outputs).abs().max() < 1e-14);
    let probabilities = pipeline.linked(&pipeline.outputs(&inputs).unwrap());
    let expected = outputs.map(|y| 1.0 / (1.0 + (-y).exp()));
    assert!((probabilities - expected).abs().max() < 1e-14);
}

/// Whoever reads or writes model files without this library relies on these names and shapes.
#[test]
fn tensors_are_those_of_an_nn_module_list() {
    let bytes = several::<f32>().to_bytes().unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let mut names = file.names();
    names.sort_unstable();
    let layers = [0, 1, 2, 3].map(|member| match member {
        0 | 2 => vec![1, 10, 3, 5, 8],
        _ => vec![0],
    });
    let expected: Vec<String> = layers
        .iter()
        .enumerate()
        .flat_map(|(member, layers)| layers.iter().map(move |layer| (member, layer)))
        .flat_map(|(member, layer)| {
            ["bias", "weight"].map(|what| format!("members.{member}.{layer}.{what}"))
        })
        .collect();
    assert_eq!(names, expected);
    assert_eq!(file.tensor("members.0.1.weight").unwrap().shape(), [5, 3]);
}

/// A program that knows version 1 alone refuses the file because of its version, before all else.
#[test]
fn several_networks_are_version_2_and_one_is_version_1() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    several::<f32>().save(&path).unwrap();
    let header = inspect(&path).unwrap();
    assert_eq!((header.version, header.layers()), (2, None));
    let members = header.members().iter().map(|member| (member.weight, member.layers.len()));
    assert_eq!(members.collect::<Vec<_>>(), [(2.0, 9), (0.1, 1), (1.0, 9), (1.0, 1)]);

    every_part::<f32>().save(&path).unwrap();
    let header = inspect(&path).unwrap();
    assert_eq!((header.version, header.members().len()), (1, 0));
    let member = Ensemble::new([(every_kind::<f32>(), 5.0)]).unwrap();
    let alone = Pipeline::new(every_kind::<f32>()).to_bytes().unwrap();
    assert!(Pipeline::of_ensemble(member).to_bytes().unwrap() == alone);
}

/// The error of a file of [`several`] after a change.
#[track_caller]
fn error(change: impl FnOnce(&mut Value, &mut Value)) -> FormatError {
    let bytes = edit(&several::<f32>().to_bytes().unwrap(), change);
    Pipeline::<f32>::from_bytes(&bytes).unwrap_err()
}

/// The error of a file of [`several`] after a change of its document.
#[track_caller]
fn error_of(place: &str, value: Value) -> FormatError {
    error(|_, document| *document.pointer_mut(place).unwrap() = value)
}

/// The error of a member, without its position.
#[track_caller]
fn of_member(member: usize, error: FormatError) -> FormatError {
    match error {
        FormatError::Member { member: found, source } if found == member => *source,
        error => panic!("{error}"),
    }
}

#[test]
fn members_that_are_missing_or_do_not_fit() {
    let missing = of_member(
        1,
        error(|header, _| {
            let tensor = header.as_object_mut().unwrap().remove("members.1.0.bias").unwrap();
            header["members.7.0.bias"] = tensor;
        }),
    );
    let FormatError::MissingTensor { name } = &missing else { panic!("{missing}") };
    assert_eq!(name, "members.1.0.bias");
    let extra = error(|_, document| {
        document["members"].as_array_mut().unwrap().pop();
    });
    let FormatError::ExtraTensor { name } = &extra else { panic!("{extra}") };
    assert_eq!(name, "members.3.0.bias");
    let none = error_of("/members", json!([]));
    assert!(matches!(&none, FormatError::Ensemble(EnsembleError::Empty)), "{none}");

    let chain = of_member(0, error_of("/input_width", json!(4)));
    assert!(matches!(chain, FormatError::Model(ModelError::Chain { .. })), "{chain}");
    let kind = of_member(2, error_of("/members/2/layers/0/kind", json!("swish")));
    assert!(matches!(kind, FormatError::UnknownKind { layer: 0, .. }), "{kind}");
}

#[test]
fn members_of_other_widths_are_refused() {
    let narrow = Dense::<f32>::from_parameters(Tensor::zeros(3, 2), Tensor::zeros(1, 2)).unwrap();
    let members = [(Model::new(3).then(narrow).unwrap(), 1.0), (linear(1), 1.0)];
    let bytes = Pipeline::of_ensemble(Ensemble::new(members).unwrap()).to_bytes().unwrap();
    let other = edit(&bytes, |header, document| {
        // The weights and biases of the second output become tensors that no layer has.
        let weights = header["members.1.0.weight"]["data_offsets"][0].as_u64().unwrap();
        let bias = header["members.1.0.bias"]["data_offsets"][0].as_u64().unwrap();
        let tensor = |begin: u64, shape: Value, count: u64| json!({"dtype": "F32", "shape": shape, "data_offsets": [begin, begin + 4 * count]});
        header["members.1.0.weight"] = tensor(weights, json!([1, 3]), 3);
        header["members.1.1.weight"] = tensor(weights + 12, json!([3, 1]), 3);
        header["members.1.0.bias"] = tensor(bias, json!([1]), 1);
        header["members.1.2.bias"] = tensor(bias + 4, json!([1]), 1);
        document["members"][1]["layers"][0]["widths"] = json!([3, 1]);
    });
    let found = Pipeline::<f32>::from_bytes(&other).unwrap_err();
    let FormatError::Ensemble(EnsembleError::Widths { member: 1, expected, found }) = found else {
        panic!("{found}")
    };
    assert_eq!((expected, found), ((3, 2), (3, 1)));
}

#[test]
fn weights_that_are_none() {
    for weight in [json!(0), json!(-0.5), json!(-1e300)] {
        let error = error_of("/members/2/weight", weight);
        let FormatError::Ensemble(EnsembleError::Weight { member: 2, .. }) = error else {
            panic!("{error}")
        };
    }
    for weight in [json!(null), json!("1"), json!([1])] {
        assert!(matches!(error_of("/members/2/weight", weight), FormatError::Metadata(_)));
    }
    let sum = error(|_, document| {
        document["members"][0]["weight"] = json!(1.7e308);
        document["members"][1]["weight"] = json!(1.7e308);
    });
    assert!(matches!(sum, FormatError::Ensemble(EnsembleError::SumOfWeights)), "{sum}");
}

#[test]
fn a_version_with_the_parts_of_another() {
    let metadata = |error: FormatError, what: &str| {
        let FormatError::Metadata(text) = &error else { panic!("{error}") };
        assert!(text.contains(what), "{text}");
    };
    metadata(error_of("/version", json!(1)), "found `members`");
    metadata(error(|_, document| document["layers"] = json!([])), "found both");
    metadata(
        error(|_, document| {
            document.as_object_mut().unwrap().remove("members");
        }),
        "found neither",
    );
    let one = |version: u32| {
        let bytes = every_part::<f32>().to_bytes().unwrap();
        let bytes = edit(&bytes, |_, document| document["version"] = json!(version));
        Pipeline::<f32>::from_bytes(&bytes)
    };
    assert!(one(1).is_ok());
    metadata(one(2).unwrap_err(), "found `layers`");
    metadata(error(|_, document| document["members"][0]["extra"] = json!(1)), "`extra`");
}

/// Two linear networks, which are written as PyTorch's state dict and trained further there.
fn two_linear() -> Pipeline<f32> {
    Pipeline::of_ensemble(Ensemble::new([(linear(1), 1.0), (linear(2), 3.0)]).unwrap())
}

#[test]
fn weights_come_back_to_each_member() {
    let bytes = two_linear().to_bytes().unwrap();
    let members = read_weights_of_members::<f32>(&bytes, Convention::PyTorch).unwrap();
    assert_eq!(members.len(), 2);
    let names = ["members.1.0.weight", "members.1.0.bias"];
    assert_eq!(members[1][0].names, names);
    let zeros = Dense::from_parameters(Tensor::zeros(3, 2), Tensor::zeros(1, 2)).unwrap();
    let other = || (Model::new(3).then(zeros.clone()).unwrap(), 1.0);
    let other = || Pipeline::of_ensemble(Ensemble::new([other(), (other().0, 3.0)]).unwrap());
    for pipeline in [other(), other().with_packed_weights()] {
        let back = pipeline.with_weights_of_members(&members).unwrap();
        assert!(back.to_bytes().unwrap() == bytes);
        let row: Tensor<f32> = draw(1, 3, 1);
        assert_eq!(back.predict(&row).unwrap(), two_linear().predict(&row).unwrap());
    }
    let found = read_weights::<f32>(&bytes, Convention::PyTorch).unwrap_err();
    assert!(matches!(found, FormatError::TensorName { .. }), "{found}");
    // A single network is one list.
    let alone = Pipeline::new(linear::<f32>(1)).to_bytes().unwrap();
    let layers = read_weights_of_members::<f32>(&alone, Convention::PyTorch).unwrap();
    assert_eq!(layers, [read_weights::<f32>(&alone, Convention::PyTorch).unwrap()]);
    let error = two_linear().with_weights_of_members(&layers).unwrap_err();
    assert!(error.what.contains("networks") && error.found == "1", "{error}");
    assert!(two_linear().with_weights(&layers[0]).is_err());
    assert!(Pipeline::new(linear(1)).with_weights_of_members(&members).is_err());
}

#[test]
fn members_of_weights_have_to_be_numbered_from_0() {
    let of = |from: &str, to: &str| {
        let bytes = edit(&two_linear().to_bytes().unwrap(), |header, _| {
            for what in ["weight", "bias"] {
                let tensor = header.as_object_mut().unwrap().remove(&format!("{from}.{what}"));
                header[format!("{to}.{what}")] = tensor.unwrap();
            }
        });
        read_weights_of_members::<f32>(&bytes, Convention::PyTorch).unwrap_err()
    };
    let missing = of("members.1.0", "members.2.0");
    let FormatError::MissingTensor { name } = &missing else { panic!("{missing}") };
    assert_eq!(name, "members.1.0.weight");
    for other in ["0", "other.1.0", "members.x.0"] {
        let error = of("members.1.0", other);
        assert!(matches!(&error, FormatError::TensorName { name, .. } if name.starts_with(other)));
    }
    let bytes = edit(&two_linear().to_bytes().unwrap(), |header, _| {
        let bias = header.as_object_mut().unwrap().remove("members.1.0.bias").unwrap();
        header["members.1.3.bias"] = bias;
    });
    let missing = read_weights_of_members::<f32>(&bytes, Convention::PyTorch).unwrap_err();
    let FormatError::MissingTensor { name } = &missing else { panic!("{missing}") };
    assert_eq!(name, "members.1.0.bias");
    let twice = of("members.1.0", "other.members.0.0");
    assert!(matches!(twice, FormatError::TensorName { .. }), "{twice}");
}
