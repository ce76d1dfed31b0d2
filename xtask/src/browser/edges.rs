//! A report of unusual runs: one point, nothing at all, NaN, numbers at the ends of their range.

use nnfs::model::{Epoch, Evaluation};
use nnfs_report::{
    ColumnImportance, Confusion, Curve, Dependence, DependenceValues, Frame, Inspection,
    LayerHealth, Picture, Regions, Report, RunReport, Scatter, ShownMetric,
};

/// More numbers than a browser takes as the arguments of one function.
const MANY: usize = 140_000;

/// The largest of the numbers, about.
const HUGE: f64 = 1.7e308;

/// The report; each run is named after what is unusual in it.
pub(super) fn report() -> Report {
    let run = |name: &str, frames: Vec<Frame>, picture, epochs| {
        let name = name.to_owned();
        let watched_rows = "some rows".to_owned();
        RunReport { name, epochs, frames, picture, watched_rows, ..RunReport::default() }
    };
    let runs = vec![
        run(
            "residuals just beyond a round limit",
            frames(&[&[-1.0005, 0.2], &[-2.001, 2.001], &[0.1, -5.004], &[1.0005, 0.2]]),
            scatter(&[0.0, 0.0]),
            epochs(&[0.5, 0.4, 0.3, 0.2]),
        ),
        long(),
        run("no epochs and no frames", Vec::new(), Picture::Nothing, Vec::new()),
        run("no predictions", frames(&[&[], &[]]), curve(&[0.0, 1.0], Some(0.1)), epochs(&[0.5])),
        run("one of each", frames(&[&[3.0]]), curve(&[0.0], Some(0.0)), epochs(&[0.5])),
        run("one row", frames(&[&[3.0], &[1e6]]), scatter(&[1e6]), epochs(&[0.0])),
        run(
            "numbers that are missing",
            frames(&[&[f64::NAN, f64::INFINITY], &[1.0, f64::NAN], &[f64::NAN, f64::NAN]]),
            scatter(&[0.0, 1.0]),
            epochs(&[f64::NAN, f64::INFINITY, 0.5, f64::NAN]),
        ),
        run(
            "a curve of missing numbers",
            frames(&[&[0.0, f64::NAN], &[f64::NAN, f64::NAN]]),
            curve(&[1.0, 2.0], None),
            epochs(&[f64::NAN]),
        ),
        run(
            "numbers at the ends of their range",
            frames(&[&[HUGE, -HUGE], &[1e-320, -1e-320], &[-HUGE, HUGE]]),
            scatter(&[-HUGE, HUGE]),
            epochs(&[HUGE, 1e-320, 1.0, 5e-324, HUGE]),
        ),
        run(
            "a curve at the ends of its range",
            frames(&[&[HUGE, -HUGE], &[0.0, 0.0]]),
            curve(&[-HUGE, HUGE], Some(1e-300)),
            epochs(&[HUGE, HUGE]),
        ),
        run(
            "one class in one cell",
            frames(&[&[100.0], &[f64::NAN]]),
            Picture::Regions(Regions { edge: 1.0, cells: 1, classes: 1, points: Vec::new() }),
            epochs(&[0.1]),
        ),
        unnamed(),
        inspected(),
    ];
    Report { title: "Edges".to_owned(), runs, ..Report::default() }
}

/// More epochs and more points than fit into the arguments of one function.
fn long() -> RunReport {
    let numbers: Vec<f64> = (0..MANY).map(|index| index as f64 / MANY as f64).collect();
    let epoch_of = |(number, &share): (usize, &f64)| Epoch {
        validation: Some(Evaluation { loss: 2.0 / (1.0 + share), metrics: Vec::new() }),
        ..epoch(number, 1.0 / (1.0 + share))
    };
    RunReport {
        name: "many epochs and rows".to_owned(),
        validation_name: Some("test".to_owned()),
        epochs: numbers.iter().enumerate().map(epoch_of).collect(),
        frames: frames(&[&numbers]),
        picture: Picture::Curve(Curve {
            inputs: numbers.clone(),
            targets: numbers.iter().map(|input| input * input).collect(),
            tolerance: Some(0.01),
        }),
        ..RunReport::default()
    }
}

/// A metric and validation data without names, and a confusion matrix that is too small.
fn unnamed() -> RunReport {
    let metrics = || vec![(String::new(), 0.5)];
    let epoch = |number| Epoch {
        metrics: metrics(),
        validation: Some(Evaluation { loss: 0.25, metrics: metrics() }),
        ..epoch(number, 0.5)
    };
    RunReport {
        name: "a metric without a name".to_owned(),
        metric: Some(ShownMetric::default()),
        epochs: (0..3).map(epoch).collect(),
        confusions: vec![Confusion {
            title: "rows".to_owned(),
            classes: vec!["a".to_owned(), "b".to_owned()],
            counts: vec![vec![1]],
        }],
        ..RunReport::default()
    }
}

/// More columns than a chart has bars, a long name, a single value, no value, and numbers that are missing.
fn inspected() -> RunReport {
    let importance = |number: usize| ColumnImportance {
        column: format!("column {number} {}", "with a long name ".repeat(number % 3)),
        importance: if number == 3 { f64::NAN } else { 1.0 - number as f64 / 20.0 },
        deviation: f64::NAN,
    };
    let texts = |count: usize| (0..count).map(|index| "word ".repeat(index)).collect();
    let dependence = |values, outputs: &[&str], means: &[f64]| Dependence {
        column: "a".to_owned(),
        values,
        outputs: outputs.iter().map(|&name| name.to_owned()).collect(),
        means: means.to_vec(),
    };
    let inspection = Inspection {
        rows: "1 test row".to_owned(),
        score: "R2".to_owned(),
        importances: (0..40).map(importance).collect(),
        dependences: vec![
            dependence(DependenceValues::Numbers(vec![2.0]), &["y"], &[1.0]),
            dependence(DependenceValues::Numbers(vec![-HUGE, HUGE]), &["z"], &[HUGE, -HUGE]),
            dependence(DependenceValues::Dates(texts(3)), &["y"], &[f64::NAN; 3]),
            dependence(DependenceValues::Categories(texts(2)), &["p", "q"], &[0.2, 0.8, 0.4, 0.6]),
            dependence(DependenceValues::Categories(Vec::new()), &["y"], &[]),
        ],
        ..Inspection::default()
    };
    RunReport {
        name: "columns that matter".to_owned(),
        epochs: epochs(&[0.5]),
        inspection: Some(inspection),
        ..RunReport::default()
    }
}

fn epochs(losses: &[f64]) -> Vec<Epoch> {
    losses.iter().enumerate().map(|(number, &loss)| epoch(number, loss)).collect()
}

fn epoch(epoch: usize, loss: f64) -> Epoch {
    Epoch {
        epoch,
        data_loss: loss,
        penalty: loss,
        metrics: Vec::new(),
        validation: None,
        judged_loss: None,
        learning_rate: 0.01,
        gradient_norm: 1.0,
        seconds: 0.0,
    }
}

fn frames(predictions: &[&[f64]]) -> Vec<Frame> {
    let frame = |(epoch, predictions): (usize, &&[f64])| Frame {
        epoch,
        predictions: predictions.to_vec(),
        layers: vec![LayerHealth { dead_units: Some(f64::NAN), gradient_norm: Some(0.0) }],
    };
    predictions.iter().enumerate().map(frame).collect()
}

fn curve(targets: &[f64], tolerance: Option<f64>) -> Picture {
    let inputs = (0..targets.len()).map(|index| index as f64).collect();
    Picture::Curve(Curve { inputs, targets: targets.to_vec(), tolerance })
}

fn scatter(targets: &[f64]) -> Picture {
    Picture::Scatter(Scatter {
        rows: "test rows".to_owned(),
        outputs: vec!["price".to_owned()],
        targets: targets.to_vec(),
    })
}
