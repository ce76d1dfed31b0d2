//! How long the prediction of a single row takes.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use nnfs::activations::ActivationKind;
use nnfs::files::{FileScalar, Pipeline};
use nnfs::model::{Model, Predictor};
use nnfs::tensor::Dtype;
use serde_json::{Value, json};

use nnfs_console::Alignment::{Left, Right};
use nnfs_console::table;

use super::BenchOptions;
use super::compare::{Comparison, Unit};
use super::job::{Inputs, Job, Sizes};
use super::numbers;
use super::peers::{self, Memory, Peer};
use super::sample::{Timed, median};
use super::training::{Spread, network};

/// The number of rows that take turns: the CPU cannot learn the branches of a single one.
const ROWS: usize = 256;

/// The shortest sample.
const SAMPLE: Duration = Duration::from_millis(5);

/// The peers that predict single rows.
const PREDICTORS: [&str; 5] = [
    "onnx_row.py --mode run",
    "onnx_row.py --mode binding",
    "tract-row",
    "torch_row.py --mode compile",
    "torch_row.py --mode eager",
];

/// The prediction of a row.
const ROW: Unit =
    Unit { time: "ns a row", key: "ns_per_row", per_microsecond: 1e3, check: "last prediction" };

/// A network that predicts single rows.
#[derive(Debug, Clone)]
struct RowJob {
    sizes: Sizes,
    activation: ActivationKind,
    dtype: Dtype,
}

/// Times the networks of the options, or two small ones.
///
/// # Errors
/// If a program fails.
pub(super) fn run(options: &BenchOptions) -> anyhow::Result<()> {
    let jobs = jobs(options);
    if options.peers {
        return jobs.iter().try_for_each(|job| match job.dtype {
            Dtype::F32 => job.compare::<f32>(options),
            Dtype::F64 => job.compare::<f64>(options),
        });
    }
    let mut timed = jobs
        .iter()
        .map(|job| match job.dtype {
            Dtype::F32 => sampler::<f32>(job),
            Dtype::F64 => sampler::<f64>(job),
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let mut times = vec![Vec::new(); jobs.len()];
    let (time, start) = (options.seconds * jobs.len() as f64, Instant::now());
    while times[0].len() < 5 || start.elapsed().as_secs_f64() < time {
        for (sample, times) in timed.iter_mut().zip(&mut times) {
            times.push(sample()?);
        }
    }
    let mut rows = Vec::new();
    for (job, mut times) in jobs.iter().zip(times) {
        let ns = median(&mut times);
        let (low, high) = (times[0], times[times.len() - 1]);
        if options.json {
            let mut line = job.to_json();
            line[ROW.key] = json!(ns);
            line["spread"] = json!([low, high]);
            println!("{line}");
        } else {
            let RowJob { sizes, activation, dtype } = job;
            let names = [sizes.to_string(), activation.to_string(), dtype.to_string()];
            let times = [format!("{ns:.0}"), format!("{low:.0}-{high:.0}")];
            rows.push(names.into_iter().chain(times).collect());
        }
    }
    if !options.json {
        let columns = [
            ("sizes", Left),
            ("activation", Left),
            ("dtype", Left),
            (ROW.time, Right),
            ("from-to", Right),
        ];
        println!("{}", table(&columns, &rows));
    }
    Ok(())
}

/// Every combination of the options.
fn jobs(options: &BenchOptions) -> Vec<RowJob> {
    let small = [16, 64].map(|width| Sizes::hidden(8, width, 2));
    let sizes = if options.sizes.is_empty() { &small } else { &*options.sizes };
    let mut jobs = Vec::new();
    for sizes in sizes {
        for &activation in options.activations() {
            for &dtype in options.dtypes() {
                jobs.push(RowJob { sizes: sizes.clone(), activation, dtype });
            }
        }
    }
    jobs
}

/// A function that takes a sample and returns the nanoseconds of a row.
fn sampler<T: FileScalar>(job: &RowJob) -> anyhow::Result<Box<dyn FnMut() -> anyhow::Result<f64>>> {
    let mut rows = Rows::<T>::new(job)?;
    let mut timed = Timed::new(move || rows.predict(), SAMPLE)?;
    Ok(Box::new(move || Ok(timed.sample()? * 1e9 / ROWS as f64)))
}

impl RowJob {
    fn to_json(&self) -> Value {
        let Self { sizes, activation, dtype } = self;
        let (activation, dtype) = (activation.name(), dtype.to_string());
        json!({ "sizes": sizes.widths(), "activation": activation, "dtype": dtype, "rows": 1 })
    }

    fn compare<T: FileScalar>(&self, options: &BenchOptions) -> anyhow::Result<()> {
        let Self { sizes, activation, dtype } = self;
        let mut rows = Rows::<T>::new(self)?;
        rows.predict()?;
        let check = rows.prediction[0].to_f64();

        let folder = tempfile::tempdir()?;
        let file = folder.path().join("model.onnx");
        nnfs_export::save_onnx(&Pipeline::new(rows.model.clone()), &file)?;
        let peers = self.start_peers(&file, options.python.as_deref());
        let mut timed = Timed::new(|| rows.predict(), SAMPLE)?;
        let comparison = Comparison {
            title: format!("{sizes} {activation}, one row, {dtype}, 1 thread"),
            line: self.to_json(),
            unit: &ROW,
            check,
            published: None,
        };
        comparison.run(peers, options, |time| Ok(timed.median(time)? * 1e6 / ROWS as f64))
    }

    fn start_peers(&self, file: &Path, python: Option<&Path>) -> (Vec<Peer>, Vec<String>) {
        let job = Job {
            sizes: self.sizes.clone(),
            activation: self.activation,
            inputs: Inputs::Random,
            batch: ROWS,
            dtype: self.dtype,
            threads: 1,
        };
        let mut arguments = job.arguments();
        arguments.extend(["--onnx".to_owned(), file.display().to_string()]);
        peers::start(python, &PREDICTORS, (&arguments, 1), &[Memory::Default])
    }
}

/// A model, and the rows that it predicts one by one.
struct Rows<T: FileScalar> {
    model: Model<T>,
    predictor: Predictor<T>,
    rows: Vec<Vec<T>>,
    prediction: Vec<T>,
}

impl<T: FileScalar> Rows<T> {
    fn new(job: &RowJob) -> anyhow::Result<Self> {
        let model = network(&job.sizes, job.activation, Spread::Glorot)?;
        let (inputs, _) = numbers::random(ROWS, job.sizes.ends());
        let rows = inputs.row_iter().map(|row| row.iter().copied().collect());
        let predictor = model.predictor()?;
        let prediction = vec![T::ZERO; model.output_width()];
        Ok(Self { model, predictor, rows: rows.collect(), prediction })
    }

    /// Predicts every row.
    fn predict(&mut self) -> anyhow::Result<()> {
        let Self { predictor, rows, prediction, .. } = self;
        for row in rows {
            predictor.predict_row(black_box(row), prediction)?;
            black_box(&*prediction);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_are_predicted_as_in_a_batch() {
        let sizes: Sizes = "8,16,16,1".parse().unwrap();
        let job = RowJob { sizes, activation: ActivationKind::Tanh, dtype: Dtype::F64 };
        let mut rows = Rows::<f64>::new(&job).unwrap();
        rows.predict().unwrap();
        let (inputs, _) = numbers::random(ROWS, (8, 1));
        let batch = rows.model.predict(&inputs).unwrap();
        assert_eq!(rows.prediction[0], batch[(ROWS - 1, 0)]);
    }
}
