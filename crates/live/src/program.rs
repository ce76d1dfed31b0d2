//! The program that builds and trains the network of a session.

use nnfs::activations::ActivationKind;
use nnfs::layers::Distribution;
use nnfs::losses::LossKind;
use nnfs::optimizers::OptimizerKind;
use nnfs_chapter::sine::{Arithmetic, Number};

use crate::data::Source;
use crate::formula::Formula;
use crate::network;
use crate::session::Trainee;
use crate::settings::Settings;
use crate::table::Reading;

impl<T: Number> Trainee<T> {
    /// The program, in Rust.
    pub(crate) fn program(&self) -> String {
        let settings = &self.settings;
        let widths = network::widths(settings, &self.data);
        let number = match settings.arithmetic {
            Arithmetic::F32 => "f32",
            Arithmetic::F64 => "f64",
            Arithmetic::Numpy => "nnfs::numpy::NumpyScalar",
        };
        let data = self.data_lines();
        let imports = match self.data.reading {
            Some(_) => "use nnfs::datasets::Selector;\n",
            None => "",
        };
        let network = network_lines(settings, &widths);
        let loss = loss(settings.loss);
        let optimizer = optimizer(settings);
        let fit = fit(settings);
        let crates = if data.contains("libm::") { "crates nnfs and libm" } else { "crate nnfs" };
        format!(
            "// This program needs the {crates}.
#![allow(unused)]

use std::f64::consts::*;

{imports}use nnfs::numpy::RandomState;
use nnfs::prelude::*;
use nnfs::tensor::stream;

/// The arithmetic.
type Number = {number};

fn main() -> Result<(), Box<dyn std::error::Error>> {{
    // The data.
{data}
    // The network, with the first weights that NumPy draws.
{network}
    // The training.
    let loss = {loss};
    let mut optimizer = {optimizer};
    let fit = {fit};
    let history = model.fit(&inputs, &targets, &loss, &mut optimizer, &fit)?;
    println!(\"loss {{}}\", history.epochs[history.epochs.len() - 1].loss());
    Ok(())
}}
"
        )
    }

    /// `inputs` and `targets`.
    fn data_lines(&self) -> String {
        let settings = &self.settings;
        let mut lines = match self.data.reading {
            Some(reading) => vec![table(reading, &self.data.names)],
            None => source(&settings.data, settings.seed),
        };
        let is_spoiled = settings.noise > 0.0 || settings.outliers > 0.0;
        if is_spoiled {
            lines.push(format!("let mut random = RandomState::new(!{}_u32);", settings.seed));
        }
        match self.data.classes {
            0 => self.finish_numbers(&mut lines),
            classes => finish_classes(settings, classes, &mut lines),
        }
        lines.iter().flat_map(|line| line.lines()).map(|line| format!("    {line}\n")).collect()
    }

    /// Noise, outliers and scaling.
    fn finish_numbers(&self, lines: &mut Vec<String>) {
        let Settings { noise, outliers, .. } = self.settings;
        if noise > 0.0 || outliers > 0.0 {
            lines.push("let spread = targets.variance().sqrt();".to_owned());
        }
        if noise > 0.0 {
            lines.push(format!(
                "for target in targets.iter_mut() {{
    *target += {noise:?} * spread * random.standard_normal();
}}"
            ));
        }
        if outliers > 0.0 {
            lines.push(format!(
                "let distance = 3.0 * if spread > 0.0 {{ spread }} else {{ 1.0 }};
for target in targets.iter_mut() {{
    let is_outlier = random.random_sample() < {outliers:?};
    let up = random.random_sample() < 0.5;
    if is_outlier {{
        *target += if up {{ distance }} else {{ -distance }};
    }}
}}"
            ));
        }
        lines.push(if self.data.scalers.is_some() {
            "let (scaler_of_x, scaler_of_y) = (StandardScaler::fit(&inputs)?, StandardScaler::fit(&targets)?);
let inputs: Tensor<Number> = scaler_of_x.transform(&inputs)?;
let targets: Tensor<Number> = scaler_of_y.transform(&targets)?;"
                .to_owned()
        } else {
            "let (inputs, targets) = (inputs.map(Number::data), targets.map(Number::data));".to_owned()
        });
    }
}

/// `inputs` and `targets` of the file of the user, which is read as the page has read it.
fn table(reading: Reading, (x, y): &(String, String)) -> String {
    let Reading { header, has_commas, every } = reading;
    let header = if header { "" } else { ".header(false)" };
    let decimal = if has_commas { ".decimal(',')" } else { "" };
    let every = if every > 1 { format!(".step_by({every})") } else { String::new() };
    format!(
        "let options = CsvOptions::new(){header}{decimal};
let table = Table::read_with(\"data.csv\", &options)?;
let [x, y] = [table.column(&Selector::from({x:?}))?, table.column(&Selector::from({y:?}))?];
let number = |row: usize, column: usize| table.number(row, column).ok();
let points = (0..table.rows()).filter_map(|row| Some((number(row, x)?, number(row, y)?)));
let points: Vec<(f64, f64)> = points{every}.collect();
{TENSORS}"
    )
}

/// `inputs` and `targets` in the units of the user, or `inputs` and `labels`; a file has its own lines.
fn source(data: &Source, seed: u32) -> Vec<String> {
    match data {
        Source::Sine { samples } => {
            vec![format!("let (inputs, mut targets) = nnfs::datasets::sine::<f64>({samples});")]
        }
        Source::Formula { text, from, to, samples } => {
            let formula = Formula::parse(text).map_or_else(|_| "x".to_owned(), |it| it.to_rust());
            let last = (samples - 1) as f64;
            vec![format!(
                "let f = |x: f64| -> f64 {{ {formula} }};
let x = |index: usize| {from:?} + ({to:?} - {from:?}) * (index as f64 / {last:?});
let points = (0..{samples}).map(x).map(|x| (x, f(x)));
let points: Vec<_> = points.filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
{TENSORS}"
            )]
        }
        Source::Points { points } => vec![format!(
            "let points: Vec<(f64, f64)> = vec!{points:?};
{TENSORS}"
        )],
        Source::Table { .. } => Vec::new(),
        Source::Spiral { classes, samples } => vec![format!(
            "let data = nnfs::datasets::spiral::<f64>({samples}, {classes}, &mut stream({seed}, 0));
let (mut inputs, mut labels) = (data.inputs, data.labels);"
        )],
    }
}

const TENSORS: &str = "\
let inputs = Tensor::from_iterator(points.len(), 1, points.iter().map(|(x, _)| *x));
let mut targets = Tensor::from_iterator(points.len(), 1, points.iter().map(|(_, y)| *y));";

/// Noise, outliers, and the targets of classes.
fn finish_classes(settings: &Settings, classes: usize, lines: &mut Vec<String>) {
    let Settings { noise, outliers, .. } = settings;
    if *noise > 0.0 {
        lines.push(format!(
            "for coordinate in inputs.iter_mut() {{
    *coordinate += {noise:?} * random.standard_normal();
}}"
        ));
    }
    if *outliers > 0.0 {
        lines.push(format!(
            "for label in labels.iter_mut() {{
    let is_outlier = random.random_sample() < {outliers:?};
    let up = random.random_sample() < 0.5;
    if is_outlier {{
        *label = (*label + if up {{ 1 }} else {{ {} }}) % {classes};
    }}
}}",
            classes - 1
        ));
    }
    lines.push("let inputs = inputs.map(Number::data);".to_owned());
    lines.push(match classes {
        2 => "let targets = labels.iter().map(|&label| Number::data(label as f64));
let targets = Tensor::from_iterator(labels.len(), 1, targets);"
            .to_owned(),
        _ => format!("let targets = nnfs::datasets::one_hot::<Number>(&labels, {classes})?;"),
    });
}

/// `model`.
fn network_lines(settings: &Settings, widths: &[usize]) -> String {
    let mut lines = vec![
        format!("let mut random = RandomState::new({});", settings.seed),
        "let mut dense = |inputs: usize, outputs: usize, draw: fn(&mut RandomState) -> f32| {
    let draws = (0..inputs * outputs).map(|_| Number::parameter(f64::from(draw(&mut random))));
    let weights = Tensor::from_row_iterator(inputs, outputs, draws);
    Dense::<Number>::from_parameters(weights, Tensor::from_element(1, outputs, Number::parameter(0.0)))
};"
        .to_owned(),
        format!("let mut model = Model::new({})", widths[0]),
    ];
    let penalty = if settings.l1 > 0.0 || settings.l2 > 0.0 {
        format!(".weight_penalty(Penalty::new({:?}, {:?})?)", settings.l1, settings.l2)
    } else {
        String::new()
    };
    let activation = match settings.activation {
        ActivationKind::Relu => ".activation(Relu)",
        ActivationKind::LeakyRelu => ".activation(LeakyRelu::default())",
        ActivationKind::Tanh => ".activation(Tanh)",
        ActivationKind::Sigmoid => ".activation(Sigmoid)",
        ActivationKind::Linear => "",
    };
    for (index, pair) in widths.windows(2).enumerate() {
        let (inputs, outputs) = (pair[0], pair[1]);
        let draw = match settings.init.distribution(inputs, outputs) {
            Distribution::Zero => "|_| 0.0".to_owned(),
            Distribution::Normal(deviation) => {
                format!("|random| {:?}_f32 * random.standard_normal() as f32", deviation as f32)
            }
            Distribution::Uniform(limit) => {
                format!("|random| random.uniform({:?}, {limit:?}) as f32", -limit)
            }
        };
        let is_last = index + 2 == widths.len();
        let activation = if is_last { "" } else { activation };
        let end = if is_last { ";" } else { "" };
        lines.push(format!(
            "    .then(dense({inputs}, {outputs}, {draw})?{penalty}{activation})?{end}"
        ));
        if !is_last && settings.dropout > 0.0 {
            lines.push(format!(
                "    .then(Dropout::new({:?}, stream({}, {}))?)?",
                settings.dropout,
                settings.seed,
                index + 1
            ));
        }
    }
    lines.iter().flat_map(|line| line.lines()).map(|line| format!("    {line}\n")).collect()
}

fn loss(kind: LossKind) -> &'static str {
    match kind {
        LossKind::MeanSquaredError => "MeanSquaredError",
        LossKind::MeanAbsoluteError => "MeanAbsoluteError",
        LossKind::Huber => "Huber::default()",
        LossKind::SoftmaxCrossEntropy => "SoftmaxCrossEntropy",
        LossKind::SigmoidCrossEntropy => "SigmoidCrossEntropy",
    }
}

fn optimizer(settings: &Settings) -> String {
    let choice = settings.optimizer;
    let rate =
        format!("LearningRate::inverse_time({:?}, {:?})?", choice.learning_rate, choice.decay);
    match choice.kind {
        OptimizerKind::Sgd => format!("Sgd::new({rate}).momentum({:?})", choice.momentum),
        OptimizerKind::AdaGrad => format!("AdaGrad::new({rate})"),
        OptimizerKind::RmsProp => format!("RmsProp::new({rate})"),
        OptimizerKind::Adam => format!("Adam::new({rate})"),
        OptimizerKind::AdamW => format!("AdamW::new({rate})"),
    }
}

fn fit(settings: &Settings) -> String {
    let batches = match settings.batch_size {
        0 => String::new(),
        size => format!(".batch_size({size}).shuffle({})", settings.seed),
    };
    format!("Fit::<Number>::epochs({}){batches}", settings.epochs)
}
