//! Models of tables: numbers far from 0, missing numbers, and the labels of classes.

use nnfs::datasets::{
    ClippedScaler, Columns, CsvOptions, Encoder, Kind, MinMaxScaler, Scale, StandardScaler, Table,
};
use nnfs::files::{FileScalar, Pipeline, Scaler};
use nnfs::prelude::*;
use nnfs_export::to_onnx_bytes;
use prost::Message;

use crate::evaluator::evaluate;
use crate::proto::{DOUBLE, FLOAT, INT64, ModelProto, STRING, ValueInfoProto};

fn dense<T: FileScalar>(inputs: usize, outputs: usize) -> Dense<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(outputs as u64);
    Dense::new(inputs, outputs, Initializer::GlorotUniform, &mut rng).unwrap()
}

fn read<T: FileScalar>(pipeline: &Pipeline<T>) -> ModelProto {
    ModelProto::decode(&*to_onnx_bytes(pipeline).unwrap()).unwrap()
}

fn kind(value: &ValueInfoProto) -> i32 {
    value.r#type.as_ref().unwrap().tensor_type.as_ref().unwrap().elem_type
}

/// Inputs and targets of seconds since 1970, in which single precision has steps of 128.
#[test]
fn numbers_far_from_zero_keep_their_digits() {
    let column = |step: f64| Tensor::from_fn(50, 1, |row, _| 1.7e9 + step * row as f64);
    let (inputs, targets) = (column(1.0), column(60.0));
    let scalers: [(Scaler, Scaler); 2] = [
        (
            StandardScaler::fit(&inputs).unwrap().into(),
            StandardScaler::fit(&targets).unwrap().into(),
        ),
        (MinMaxScaler::fit(&inputs).unwrap().into(), MinMaxScaler::fit(&targets).unwrap().into()),
    ];
    for (input_scaler, target_scaler) in scalers {
        let model = Model::<f32>::new(1).then(dense(1, 1)).unwrap();
        let pipeline = Pipeline::new(model).with_input_scaler(input_scaler).unwrap();
        let pipeline = pipeline.with_target_scaler(target_scaler).unwrap();
        let model = read(&pipeline);
        let graph = model.graph.as_ref().unwrap();
        assert_eq!((kind(&graph.input[0]), kind(&graph.output[0])), (DOUBLE, DOUBLE));
        let ours: Tensor<f64> = pipeline.predict(&inputs).unwrap();
        let (_, theirs) = evaluate(model, &inputs).remove(0);
        assert!((ours.max() - ours.min()) > 100.0);
        assert!((ours - theirs).abs().max() < 1e-3);
    }
}

#[test]
fn a_missing_number_gets_the_center_of_its_column() {
    let inputs = Tensor::from_row_slice(3, 2, &[1.0, 5.0, 3.0, 7.0, 8.0, 6.0]);
    let standard = StandardScaler::fit(&inputs).unwrap();
    let limits = vec![Some((2.5, 4.0)), None];
    let scalers: [Scaler; 3] = [
        ClippedScaler::from_parts(standard.clone(), limits).unwrap().into(),
        standard.into(),
        MinMaxScaler::fit(&inputs).unwrap().range(1.0, 3.0).unwrap().into(),
    ];
    for scaler in scalers {
        let centers: Vec<f64> = (0..2).map(|column| scaler.scale(column, f64::NAN)).collect();
        let model = Model::<f64>::new(2).then(dense(2, 3)).unwrap();
        let pipeline = Pipeline::new(model).with_input_scaler(scaler).unwrap();
        let holes = Tensor::from_row_slice(3, 2, &[f64::NAN, 6.0, 2.0, f64::NAN, 9.0, 1e9]);
        let (_, theirs) = evaluate(read(&pipeline), &holes).remove(0);
        let ours: Tensor<f64> = pipeline.predict(&holes).unwrap();
        assert!(theirs.iter().all(|number| number.is_finite()), "{centers:?}: {theirs}");
        assert!((ours - theirs).abs().max() < 1e-12);
    }
}

/// A classifier of these labels, and the inputs of its table.
fn classifier(labels: [&str; 3], link: OutputLink) -> (Pipeline<f32>, Tensor<f64>) {
    let rows = (0..30).map(|row| {
        let count = if link == OutputLink::Sigmoid { 2 } else { 3 };
        [(row % 7).to_string(), ((row * row) % 11).to_string(), labels[row % count].to_owned()]
    });
    let text: String = rows.map(|row| format!("{}\n", row.join(","))).collect();
    // Words, whatever they look like: `01` and `1` are two classes.
    let options = CsvOptions::new().column("sort", Kind::Categorical);
    let text = format!("a,b,sort\n{text}");
    let table = Table::from_reader("t", text.as_bytes(), &options).unwrap();
    let encoder = Encoder::fit(&table, &Columns::classification("sort")).unwrap();
    let inputs = encoder.inputs::<f64>(&table).unwrap();
    let outputs = if link == OutputLink::Sigmoid { 1 } else { 3 };
    let model = Model::new(2).then(dense(2, outputs)).unwrap();
    let pipeline = Pipeline::new(model).with_link(link).unwrap().with_encoder(encoder).unwrap();
    (pipeline.with_input_scaler(StandardScaler::fit(&inputs).unwrap()).unwrap(), inputs)
}

#[test]
fn a_classifier_gives_labels_and_probabilities() {
    for (labels, integers) in
        [(["cat", "dog", "eel"], false), (["-1", "10", "2"], true), (["01", "1", "2"], false)]
    {
        for link in [OutputLink::Softmax, OutputLink::Sigmoid] {
            let (pipeline, inputs) = classifier(labels, link);
            let model = read(&pipeline);
            let graph = model.graph.clone().unwrap();
            let kinds: Vec<i32> = graph.output.iter().map(kind).collect();
            assert_eq!(kinds, [if integers { INT64 } else { STRING }, FLOAT]);
            let classes = graph.initializer.iter().find(|it| it.name == "classes").unwrap();
            let mut outputs = evaluate(model, &inputs);
            let (probability, label) = (outputs.remove(1), outputs.remove(0));
            assert_eq!((&*label.0, &*probability.0), ("output_label", "output_probability"));

            let ours: Tensor<f64> = pipeline.predict(&inputs).unwrap();
            let ours = pipeline.class_probabilities(&ours).unwrap();
            assert_eq!(ours.shape(), probability.1.shape());
            assert!((&ours - probability.1).abs().max() < 1e-6);
            let decoded = pipeline.encoder().unwrap().decode(&ours).unwrap();
            for row in 0..inputs.nrows() {
                let number = label.1[row];
                let label = match integers {
                    true => (number as i64).to_string(),
                    false => {
                        String::from_utf8(classes.string_data[number as usize].clone()).unwrap()
                    }
                };
                assert_eq!(label, decoded.value(row, 0).to_string());
            }
        }
    }
}
