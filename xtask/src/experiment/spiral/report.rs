//! `report.html`: the regions that the classifiers make out while they learn.

use nnfs_report::{
    Confusion, Fact, Frame, Picture, Point, Regions, Report, RunReport, TextTable, Verdict,
};
use nnfs_tensor::{OutputLink, Scalar, Tensor};

use super::super::record::LOG_EVERY;
use super::super::report::{accuracy, cut_short, epochs};
use super::super::training::{Data, History, Training};
use super::options::SpiralOptions;
use super::plane::{CELLS, EDGE};
use super::setups::classes_of;

/// About how many samples are drawn over the regions.
const POINTS: usize = 450;

const INTRODUCTION: &str = "Classifiers of spirals, as the book builds them before its chapter on \
    regression: three classes with dropout, softmax and categorical cross-entropy, and two classes \
    with a sigmoid and binary cross-entropy. They are tested on data drawn afresh.";

/// The page of the classifiers that have begun; a warning says what is missing.
pub(crate) fn report(
    options: &SpiralOptions,
    runs: Vec<RunReport>,
    warning: Option<String>,
) -> Report {
    Report {
        title: "Learning spirals".to_owned(),
        introduction: INTRODUCTION.to_owned(),
        facts: vec![
            Fact::new("arithmetic", options.arithmetic.to_string()),
            Fact::new("seed", options.seed.to_string()),
            Fact::new("epochs", options.epochs.to_string()),
        ],
        warnings: warning.into_iter().collect(),
        runs,
        ..Report::default()
    }
}

/// A classifier that has been trained.
pub(crate) fn shown<T: Scalar>(
    training: &Training<T>,
    history: &History,
    facts: Vec<Fact>,
) -> RunReport {
    let test = &training.test.as_ref().expect("every classifier is tested").data;
    let classes = training.data.targets.ncols().max(2);
    let link = training.loss.link();
    let frames: Vec<Watched> =
        history.frames.iter().map(|frame| Watched::of(frame, training, link)).collect();
    let verdict = cut_short(history).unwrap_or_else(|| verdict(history));
    RunReport {
        name: format!("{classes} classes"),
        facts,
        verdict,
        metric: Some(accuracy("The share of samples in their own class.".to_owned())),
        validation_name: Some("test".to_owned()),
        epochs: epochs(history),
        epochs_file: Some("metrics.csv".to_owned()),
        list_every: LOG_EVERY as usize,
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

fn verdict(history: &History) -> Verdict {
    let tested = history.test_score().map_or_else(String::new, |test| {
        format!(", and {:.1} % of the test data", 100.0 * test.accuracy)
    });
    let right = history.end.as_ref().map_or(f64::NAN, |last| 100.0 * last.accuracy);
    Verdict {
        text: format!("It puts {right:.1} % of the samples into their class{tested}."),
        ..Verdict::default()
    }
}

/// A frame whose predictions are told apart: percentages of the cells, and those of the test data.
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

    fn confusion<T: Scalar>(&self, test: &Data<T>, classes: usize) -> Confusion {
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

/// Every so many of the samples.
fn points<T: Scalar>(data: &Data<T>) -> Vec<Point> {
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
    use super::super::super::progress::Progress;
    use super::super::super::stop::Stop;
    use super::super::setups;
    use super::*;

    /// The last frame judges the same parameters as the last record.
    #[test]
    fn the_confusion_matrix_has_the_accuracy_of_the_last_record() {
        for classes in [2, 3] {
            let mut training = setups::training::<f32>(classes, 0).unwrap();
            let progress = Progress::Silent.start(String::new(), 150);
            let history = training.run(150, &Stop::default(), progress);
            let run = shown(&training, &history, Vec::new());
            let counts = &run.confusions[0].counts;
            let all: u64 = counts.iter().flatten().sum();
            let right: u64 = (0..counts.len()).map(|class| counts[class][class]).sum();
            let test = history.end.unwrap().test.unwrap();
            assert_eq!(all, 100 * u64::from(classes));
            assert_eq!(right as f64 / all as f64, test.accuracy);
        }
    }

    #[test]
    fn percentages_are_whole_numbers_of_every_cell() {
        let mut training = setups::training::<f32>(3, 0).unwrap();
        let progress = Progress::Silent.start(String::new(), 20);
        let history = training.run(20, &Stop::default(), progress);
        let run = shown(&training, &history, Vec::new());
        assert_eq!(run.frames.len(), 20);
        for Frame { predictions, .. } in &run.frames {
            assert_eq!(predictions.len(), CELLS * CELLS * 3);
            assert!(predictions.iter().all(|share| share.fract() == 0.0));
            for cell in predictions.chunks_exact(3) {
                assert!((cell.iter().sum::<f64>() - 100.0).abs() <= 1.5, "{cell:?}");
            }
        }
    }
}
