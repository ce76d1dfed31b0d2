//! `report.html`: the regions that the classifiers assign to each class while they learn.

use nnfs::model::Model;
use nnfs::tensor::{Dtype, Optimizer, OutputLink, Scalar, Tensor};
use nnfs_report::{
    Confusion, Fact, Frame, Picture, Point, Regions, Report, RunReport, TextTable, Verdict,
};

use super::plane::{CELLS, EDGE};
use super::setups::{Classes, classes_of};
use crate::log::{LOG_EVERY, accuracy, test_accuracy};
use crate::report::{network_text, shown_accuracy, verdict_of_unfinished};
use crate::{Samples, Trained, Training};

/// About how many samples are drawn over the regions.
const POINTS: usize = 450;

const INTRODUCTION: &str = "Classifiers of spirals, as the book builds them before its chapter on \
    regression: three classes with dropout, softmax and categorical cross-entropy, and two classes \
    with a sigmoid and binary cross-entropy. They are tested on new samples.";

/// The settings that all classifiers of a report share.
#[derive(Debug, Clone, Copy)]
pub struct ReportSettings {
    /// The kind of number.
    pub dtype: Dtype,
    /// The seed.
    pub seed: u64,
    /// The number of epochs.
    pub epochs: usize,
}

/// The report of classifiers, with a warning if some were stopped.
pub fn report(settings: ReportSettings, runs: Vec<RunReport>, warning: Option<String>) -> Report {
    Report {
        title: "Learning spirals".to_owned(),
        introduction: INTRODUCTION.to_owned(),
        facts: vec![
            Fact::new("arithmetic", settings.dtype.to_string()),
            Fact::new("seed", settings.seed.to_string()),
            Fact::new("epochs", settings.epochs.to_string()),
        ],
        warnings: warning.into_iter().collect(),
        runs,
        ..Report::default()
    }
}

/// The report of one classifier.
///
/// # Panics
/// If the training has no test data, or recorded other inputs than its own.
pub fn run_report<T: Scalar>(
    classes: Classes,
    training: &Training<T>,
    trained: &Trained,
) -> RunReport {
    let test = training.test.as_ref().expect("every classifier is tested");
    let classes = classes.number();
    let samples = training.data.inputs.nrows();
    let link = training.loss.link();
    let frames: Vec<Watched> =
        trained.frames.iter().map(|frame| Watched::of(frame, training, link)).collect();
    let verdict = verdict_of_unfinished(trained).unwrap_or_else(|| verdict(trained));
    RunReport {
        name: format!("{classes} classes"),
        facts: vec![
            Fact::new("network", network(&training.model)),
            Fact::new("samples", samples.to_string()),
            Fact::new("loss", training.loss.description().kind.replace('_', " ")),
            Fact::new("optimizer", optimizer(&*training.optimizer)),
        ],
        verdict,
        metric: Some(shown_accuracy("The fraction of samples in their own class.".to_owned())),
        validation_name: Some("test".to_owned()),
        epochs: trained.epochs.clone(),
        epochs_file: Some("metrics.csv".to_owned()),
        list_every: LOG_EVERY,
        epochs_are_starts: true,
        watched_rows: "a grid over the plane, and the test data".to_owned(),
        confusions: frames.last().map(|last| last.confusion(test, classes)).into_iter().collect(),
        frames: frames.into_iter().map(|watched| watched.frame).collect(),
        picture: Picture::Regions(Regions {
            edge: EDGE,
            cells: CELLS,
            classes,
            points: points(&training.data),
        }),
        tables: vec![TextTable::layers(training.model.summary())],
        ..RunReport::default()
    }
}

/// The widths of a network as a word, `2-64-3`: those of the layers with parameters.
pub fn network<T: Scalar>(model: &Model<T>) -> String {
    let layers = model.summary().rows.into_iter().filter(|row| row.parameters > 0);
    let widths: Vec<usize> =
        std::iter::once(model.input_width()).chain(layers.map(|row| row.outputs)).collect();
    network_text(&widths)
}

/// Kind and learning rate: `adam 0.05, decay 0.00005`.
fn optimizer<T: Scalar>(optimizer: &dyn Optimizer<T>) -> String {
    let description = optimizer.description();
    let rate = description.nested("learning_rate");
    let number = |name| rate.and_then(|rate| rate.number(name)).unwrap_or_default();
    format!("{} {}, decay {}", description.kind, number("initial"), number("decay"))
}

fn verdict(trained: &Trained) -> Verdict {
    let tested = trained.test().map_or_else(String::new, |test| {
        format!(", and {:.1} % of the test data", 100.0 * test_accuracy(test))
    });
    let right = trained.last().map_or(f64::NAN, |last| 100.0 * accuracy(last));
    Verdict {
        text: format!("It classifies {right:.1} % of the samples correctly{tested}."),
        ..Verdict::default()
    }
}

/// A frame in two parts: percentages for the cells, and the predictions of the test data.
struct Watched {
    frame: Frame,
    test: Tensor<f64>,
}

impl Watched {
    fn of<T: Scalar>(frame: &Frame, training: &Training<T>, link: OutputLink) -> Self {
        let width = training.model.output_width();
        let rows = frame.predictions.len() / width;
        let mut outputs = Tensor::from_row_slice(rows, width, &frame.predictions);
        link.apply_mut(&mut outputs);
        let cells = CELLS * CELLS;
        let percentages = outputs.rows(0, cells).transpose().map(|share| (100.0 * share).round());
        Self {
            frame: Frame { predictions: percentages.as_slice().to_vec(), ..frame.clone() },
            test: outputs.rows(cells, rows - cells).into_owned(),
        }
    }

    fn confusion<T: Scalar>(&self, test: &Samples<T>, classes: usize) -> Confusion {
        let mut counts = vec![vec![0; classes]; classes];
        for (class, predicted) in classes_of(&test.targets).into_iter().zip(classes_of(&self.test))
        {
            counts[class][predicted] += 1;
        }
        Confusion {
            title: format!("test data at epoch {}", self.frame.epoch),
            classes: (0..classes).map(|class| format!("class {class}")).collect(),
            counts,
        }
    }
}

/// About [`POINTS`] of the samples.
fn points<T: Scalar>(data: &Samples<T>) -> Vec<Point> {
    let classes = classes_of(&data.targets);
    let step = classes.len().div_ceil(POINTS);
    let point = |row: usize| Point {
        x: data.inputs[(row, 0)].to_f64(),
        y: data.inputs[(row, 1)].to_f64(),
        class: classes[row],
    };
    (0..classes.len()).step_by(step).map(point).collect()
}

#[cfg(test)]
mod tests {
    use nnfs::model::Control;

    use super::super::setups;
    use super::*;

    fn trained(classes: Classes, epochs: usize) -> (RunReport, Trained) {
        let mut training = setups::training::<f32>(classes, 0);
        let trained = training.run(epochs, &mut |_| Control::Continue);
        (run_report(classes, &training, &trained), trained)
    }

    /// The last frame and the last recorded epoch belong to the same weights.
    #[test]
    fn the_confusion_matrix_has_the_accuracy_of_the_last_epoch() {
        for classes in [Classes::Two, Classes::Three] {
            let (run, trained) = trained(classes, 150);
            let counts = &run.confusions[0].counts;
            let all: u64 = counts.iter().flatten().sum();
            let right: u64 = (0..counts.len()).map(|class| counts[class][class]).sum();
            assert_eq!(all, 100 * classes.number() as u64);
            assert_eq!(right as f64 / all as f64, test_accuracy(trained.test().unwrap()));
        }
    }

    #[test]
    fn percentages_are_whole_numbers_of_every_cell() {
        let (run, _) = trained(Classes::Three, 20);
        assert_eq!(run.frames.len(), 20);
        for Frame { predictions, .. } in &run.frames {
            assert_eq!(predictions.len(), CELLS * CELLS * 3);
            assert!(predictions.iter().all(|share| share.fract() == 0.0));
            for cell in predictions.chunks_exact(3) {
                assert!((cell.iter().sum::<f64>() - 100.0).abs() <= 1.5, "{cell:?}");
            }
        }
    }

    #[test]
    fn facts_name_network_and_optimizer() {
        let training = setups::training::<f32>(Classes::Three, 0);
        assert_eq!(network(&training.model), "2-64-3");
        assert_eq!(optimizer(&*training.optimizer), "adam 0.05, decay 0.00005");
    }
}
