//! Valid inputs, written by our own code.

use nnfs::files::{Checkpoint, FileScalar, Fingerprint, Finished, Pipeline};
use nnfs::model::{End, FitState};
use nnfs::prelude::*;
use nnfs_tabular::{Classifier, Dtype, Goal, Learner, Recipe, Regressor, Table};

use crate::container::{Container, Stored};

/// Files that version 0.1.0 wrote, which must still be read.
macro_rules! version_1 {
    ($($name:literal)*) => {
        vec![$(include_bytes!(
            concat!("../../nnfs/tests/suite/files/version_1/", $name, ".safetensors")
        ).to_vec()),*]
    };
}

/// A table with numbers, gaps, words, rare words, dates, and both kinds of targets.
fn rows() -> Table {
    let rows = (0..40).map(|row| {
        let gap =
            |every: usize, value: String| if row % every == 1 { String::new() } else { value };
        let rare = if row < 4 { format!("rare {row}") } else { ["a", "b"][row % 2].to_owned() };
        [
            row.to_string(),
            gap(7, format!("{}.5", row * row % 17)),
            gap(5, ["x", "y"][row % 2].to_owned()),
            rare,
            "5".to_owned(),
            format!("2024-{:02}-{:02}", 1 + row % 12, 1 + row % 28),
            (3 * row % 20).to_string(),
            ["yes", "no", "maybe"][row % 3].to_owned(),
        ]
    });
    let names = ["number", "gaps", "word", "rare", "constant", "day", "price", "class"];
    Table::from_rows("seed", &names, rows).expect("rows of one length")
}

fn learned<G: Goal>(learner: Learner<G>, ignored: &str, dtype: Dtype) -> Vec<u8> {
    let learner = learner.hidden([3]).epochs(2).test_fraction(0.0).ignore([ignored]).dtype(dtype);
    let fitted = learner.fit(&rows()).expect("the table can be learned");
    fitted.predictor().pipeline().to_bytes().expect("a trained model can be written")
}

/// Model files of single networks and of ensembles, with everything that a pipeline can have.
pub(crate) fn models() -> Vec<Vec<u8>> {
    let (folds, plain) = (Recipe::Bagging { folds: 2 }, Recipe::Plain);
    let mut files = version_1!["numbers" "classes" "adagrad_model" "early_model"];
    files.extend([
        learned(Regressor::new("price").recipe(plain), "class", Dtype::F32),
        learned(Regressor::new("price").recipe(folds), "class", Dtype::F64),
        learned(Classifier::new("class").recipe(plain), "price", Dtype::F64),
        learned(Classifier::new("class").recipe(folds), "price", Dtype::F32),
        Pipeline::new(every_layer::<f32>()).to_bytes().expect("finite weights"),
        Pipeline::new(every_layer::<f64>()).to_bytes().expect("finite weights"),
    ]);
    files
}

/// A network with every kind of layer.
fn every_layer<T: FileScalar>() -> Model<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut dense = |inputs, outputs| {
        Dense::new(inputs, outputs, Initializer::HeNormal, &mut rng).expect("positive widths")
    };
    let penalty = Penalty::new(0.1, 0.25).expect("valid strengths");
    let layers: Vec<Box<dyn Layer<T>>> = vec![
        Box::new(dense(3, 4).activation(Relu).weight_penalty(penalty)),
        Box::new(dense(4, 3).activation(LeakyRelu::new(0.2).expect("a valid slope"))),
        Box::new(dense(3, 3).activation(Sigmoid).bias_penalty(penalty)),
        Box::new(dense(3, 2)),
        Box::new(Activation::new(Tanh)),
        Box::new(Dropout::new(0.1, ChaCha8Rng::seed_from_u64(2)).expect("a valid rate")),
        Box::new(Softmax),
    ];
    Model::from_layers(3, layers).expect("layers that fit")
}

/// Checkpoints of trainings that have finished and that have not.
pub(crate) fn checkpoints() -> Vec<Vec<u8>> {
    let mut files = version_1!["best_is_last" "best_is_not_last" "early" "finished" "stopped"];
    files.extend([checkpoint::<f64>(false), checkpoint::<f64>(true), checkpoint::<f32>(false)]);
    files
}

fn checkpoint<T: FileScalar>(is_finished: bool) -> Vec<u8> {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut dense = |inputs, outputs| {
        Dense::new(inputs, outputs, Initializer::HeNormal, &mut rng).expect("positive widths")
    };
    let layers: Vec<Box<dyn Layer<T>>> =
        vec![Box::new(dense(2, 3).activation(Tanh)), Box::new(dense(3, 1))];
    let mut model = Model::from_layers(2, layers).expect("layers that fit");
    let numbers = |columns| {
        Tensor::from_fn(8, columns, |row, column| T::from_f64((row * 3 % 7 + column) as f64))
    };
    let (inputs, targets) = (numbers(2), numbers(1));
    let mut adam = Adam::new(LearningRate::inverse_time(0.05, 0.1).expect("valid settings"));
    let fit = Fit::epochs(4).batch_size(3).shuffle(1).early_stopping(3);
    let fingerprint = Fingerprint::new(&model, &inputs, &targets, &MeanSquaredError, &adam, &fit);
    let history = model
        .fit(&inputs, &targets, &MeanSquaredError, &mut adam, &fit)
        .expect("the training does not diverge");
    let finished = is_finished.then_some(Finished { end: End::Done, restored: None });
    let state = FitState { epochs: history.epochs, best: None };
    let optimizer = adam.state().clone();
    let checkpoint = Checkpoint { fingerprint, model, optimizer, state, finished };
    checkpoint.to_bytes().expect("finite weights")
}

/// CSV files behind a byte that chooses the options: those that are found, or a semicolon and a comma.
pub(crate) fn tables() -> Vec<Vec<u8>> {
    let mut written = vec![0];
    rows().write(&mut written).expect("a vector takes everything");
    let texts = [
        "\0x,y\n1,2\n3,4\n5,6\n7,9\n",
        "\0id,name,price,sold\n1,\"pen, red\",$1.50,2024-01-31\n2,ink,$2.25,2024-02-29\n3,,,\n",
        "\0a;b;c\n1,5;red;0\n2,5;blue;1\n1.000,5;red;1\n",
        "\x1ca;b;c\n1,5;red;0\n2,5;blue;1\n1.000,5;red;1\n",
        "\x01 1,2\n3,4\n5,\"6\"\n",
        "\0when,span,share,class\n3/4/2024 12:30,1:30,45%,yes\n13/4/2024 0:05,0:45,50 %,no\n",
        "\0month,weight,unit\n\"Jan 5, 2021\",1'200,5 kg\n\"Feb 6, 2021\",(2.5),6 kg\n\"Mar 7, 2021\",250-,7 kg\n",
    ];
    let mut files: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    files.push(written);
    files
}

/// Command lines as people write them, with a zero byte between two arguments.
pub(crate) fn options() -> Vec<Vec<u8>> {
    let lines = [
        "train data.csv --target price --task regression --out model",
        "train data.csv --target kind --task classification --ignore ,id --recipe plain --hidden 32,16",
        "train data.csv --target a,b --task regression --delimiter ; --decimal , --thousands . --seed 7 \
         --test-fraction 0.25 --validation-fraction 0.1 --patience 5 --recipe plain --memory-limit 2GiB",
        "train data.csv --target y --task regression --folds 3 --epochs 5 --batch 16 --learning-rate 0.01 \
         --schedule cosine --optimizer adamw --l1 0.001 --l2 0.001 --dropout 0.1 --loss huber --resume",
        "predict model data.csv --out predictions.csv --keep id --missing refuse --unknown refuse",
        "evaluate model data.csv --weight w --importance importance.csv --date-order day --json",
        "show model",
        "export model --onnx model.onnx",
        "export model --rust model.rs",
        "import weights.safetensors --from pytorch --activation relu --task regression --out m.safetensors",
        "import weights.safetensors --from keras --like model --out m.safetensors",
    ];
    lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join("\0").into()).collect()
}

/// Weights as PyTorch and Keras name them, and our own files, which have the names of PyTorch.
pub(crate) fn weights() -> Vec<Vec<u8>> {
    let file = |names: &[(&str, &[usize])]| {
        let tensors = names.iter().map(|(name, shape)| Stored::numbered(name, shape)).collect();
        Container { metadata: None, tensors }.to_bytes()
    };
    let mut files = models();
    files.extend([
        file(&[("0.weight", &[3, 2]), ("0.bias", &[3]), ("2.weight", &[1, 3]), ("2.bias", &[1])]),
        file(&[("net.0.weight", &[2, 2]), ("net.0.bias", &[2])]),
        file(&[
            ("members.0.0.weight", &[1, 2]),
            ("members.0.0.bias", &[1]),
            ("members.1.0.weight", &[1, 2]),
            ("members.1.0.bias", &[1]),
        ]),
        file(&[
            ("sequential/dense/kernel", &[2, 3]),
            ("sequential/dense/bias", &[3]),
            ("sequential/dense_1/kernel", &[3, 1]),
            ("sequential/dense_1/bias", &[1]),
        ]),
    ]);
    files
}

/// Formulas as people write them.
pub(crate) fn formulas() -> Vec<Vec<u8>> {
    let texts = [
        "sin(2 * pi * x)",
        "x",
        "y = -x^2 + 3x - 1",
        "f(x) = 2^-x^2 / (1 + |x - 1|)",
        "max(x, 0) + min(2, ln(x)) * sigmoid(3x)",
        "x² + x³ − 2πx · e",
        "(x + 1)(x - 1) / 2(x)",
        "1e-3 * exp(-(x - 0.5)^2 / .02) ÷ 4",
        "relu(||x| - 2|) ** sqrt(2)",
    ];
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
