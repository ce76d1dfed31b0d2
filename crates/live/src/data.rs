//! The data of a session: made, drawn by the user, or read from a file.

use nnfs::datasets::{Scale, StandardScaler, Table, sine, spiral};
use nnfs::numpy::RandomState;
use nnfs::tensor::{Tensor, stream};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer::{OrRefuse, Refusal, refused};
use crate::formula::Formula;
use crate::numbers::{plain, whole};
use crate::settings::{Settings, count, limits};
use crate::table::{self, Reading};

/// The setting that says where the data comes from.
const FIELD: &str = "data";

/// How far an outlier is from its target, in standard deviations of the targets.
const FAR: f64 = 3.0;

/// Where the data comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Source {
    Sine {
        samples: usize,
    },
    Formula {
        text: String,
        from: f64,
        to: f64,
        samples: usize,
    },
    Points {
        points: Vec<(f64, f64)>,
    },
    /// `header`: whether the first line has the names of the columns; found if it is `None`.
    Table {
        x: String,
        y: String,
        #[serde(default)]
        header: Option<bool>,
    },
    Spiral {
        classes: usize,
        samples: usize,
    },
}

/// The rows of a session.
#[derive(Debug, Clone)]
pub(crate) struct Data {
    /// In the units of the user: (rows, 1), or (rows, 2) for a spiral.
    pub(crate) inputs: Tensor<f64>,
    /// (rows, 1); empty for classes.
    pub(crate) targets: Tensor<f64>,
    /// The class of each row; empty for numbers.
    pub(crate) labels: Vec<usize>,
    /// The number of classes; 0 for numbers.
    pub(crate) classes: usize,
    /// What standardizes inputs and targets.
    pub(crate) scalers: Option<(StandardScaler, StandardScaler)>,
    /// The names of the columns of x and y.
    pub(crate) names: (String, String),
    /// The rows of the file, if they come from one.
    pub(crate) table: Option<Table>,
    /// How the file was read.
    pub(crate) reading: Option<Reading>,
    /// What was read, guessed, left out or changed.
    pub(crate) notes: Vec<String>,
}

impl Source {
    /// The data of the chapter.
    pub(crate) fn chapter() -> Self {
        Self::Sine { samples: 1000 }
    }

    pub(crate) fn parse(mut value: Value) -> Result<Self, Refusal> {
        check_counts(&mut value)?;
        let source: Self = serde_json::from_value(value).or_refuse(FIELD)?;
        match &source {
            Self::Formula { text, from, to, .. } => {
                Formula::parse(text)?;
                let is_range = from.is_finite() && to.is_finite() && (to - from).is_finite();
                if !is_range || from >= to {
                    let error = format!(
                        "the range of x must go from a smaller to a larger number, found {} to {}",
                        plain(*from),
                        plain(*to),
                    );
                    return Err(Refusal::of("from", error));
                }
            }
            Self::Points { points } => {
                count("number of points", points.len(), 2, limits::POINTS).or_refuse("points")?;
            }
            Self::Sine { .. } | Self::Table { .. } | Self::Spiral { .. } => {}
        }
        Ok(source)
    }
}

/// Checks the counts of a source, named as the fields of the page.
fn check_counts(value: &mut Value) -> Result<(), Refusal> {
    let mut most = limits::SAMPLES;
    let mut what = "number of points";
    if let Some(found) = value.get_mut("classes") {
        let classes = whole("number of classes", found, 2, 3).or_refuse("classes")?;
        *found = classes.into();
        most /= classes;
        what = "number of samples of each class";
    }
    if let Some(found) = value.get_mut("samples") {
        *found = whole(what, found, 2, most).or_refuse("samples")?.into();
    }
    Ok(())
}

impl Data {
    /// Makes or reads the data of settings; `file` is that of a table.
    pub(crate) fn of(settings: &Settings, file: &[u8]) -> Result<Self, Refusal> {
        let mut data = Self::plain(&settings.data, settings.seed, file)?;
        data.spoil(settings);
        if data.classes > 0 {
            return Ok(data);
        }
        let first = data.inputs[0];
        if data.inputs.iter().all(|&x| x == first) {
            let error =
                format!("all x are {}; at least two different ones are needed", plain(first));
            return Err(Refusal::of(FIELD, error));
        }
        if settings.scale && !matches!(settings.data, Source::Sine { .. }) {
            let scaler = |tensor| StandardScaler::fit(tensor).or_refuse(FIELD);
            data.scalers = Some((scaler(&data.inputs)?, scaler(&data.targets)?));
        }
        Ok(data)
    }

    /// Without noise, outliers and scaling.
    fn plain(source: &Source, seed: u32, file: &[u8]) -> Result<Self, Refusal> {
        Ok(match source {
            Source::Sine { samples } => {
                let (inputs, targets) = sine(*samples);
                Self::regression(inputs, targets)
            }
            Source::Formula { text, from, to, samples } => {
                let formula = Formula::parse(text)?;
                let last = (samples - 1) as f64;
                let x = |index: usize| from + (to - from) * (index as f64 / last);
                let points = (0..*samples).map(x).map(|x| (x, formula.value(x))).collect();
                Self::of_points(points, &format!("the formula {formula}"))?
            }
            Source::Points { points } => Self::of_points(points.clone(), "y")?,
            Source::Table { x, y, header } => table::data(file, *header, x, y)?,
            Source::Spiral { classes, samples } => {
                let rng = &mut stream(u64::from(seed), 0);
                let labelled = spiral(*samples, *classes, rng);
                let (inputs, labels) = (labelled.inputs, labelled.labels);
                let data = Self::regression(inputs, Tensor::from_element(0, 0, 0.0));
                Self { labels, classes: *classes, ..data }
            }
        })
    }

    /// Rows of numbers.
    pub(crate) fn regression(inputs: Tensor<f64>, targets: Tensor<f64>) -> Self {
        Self {
            inputs,
            targets,
            labels: Vec::new(),
            classes: 0,
            scalers: None,
            names: ("x".to_owned(), "y".to_owned()),
            table: None,
            reading: None,
            notes: Vec::new(),
        }
    }

    /// Points, of which those that are not finite are left out. `what` is their y in a sentence.
    fn of_points(mut points: Vec<(f64, f64)>, what: &str) -> Result<Self, Refusal> {
        let all = points.len();
        points.retain(|(x, y)| x.is_finite() && y.is_finite());
        let (kept, out) = (points.len(), all - points.len());
        if kept < 2 {
            let error = match kept {
                0 => format!("{what} has no finite value for any of the {all} x"),
                _ => format!(
                    "{what} has a finite value for only one of the {all} x; at least 2 are needed"
                ),
            };
            return Err(Refusal::of(FIELD, error));
        }
        let column = |values: Vec<f64>| Tensor::from_vec(kept, 1, values);
        let (x, y) = points.into_iter().unzip();
        let mut data = Self::regression(column(x), column(y));
        if out > 0 {
            data.notes.push(format!(
                "{out} of {all} points are left out: {what} has no finite value there."
            ));
        }
        Ok(data)
    }

    /// Adds noise and outliers.
    fn spoil(&mut self, settings: &Settings) {
        // Other numbers than those of the first weights.
        let mut random = RandomState::new(!settings.seed);
        let Settings { noise, outliers, .. } = *settings;
        let rows = self.inputs.nrows();
        let spread = if self.classes > 0 { 1.0 } else { self.targets.variance().sqrt() };
        let moved = if self.classes > 0 { &mut self.inputs } else { &mut self.targets };
        if noise > 0.0 {
            moved.iter_mut().for_each(|value| *value += noise * spread * random.standard_normal());
        }
        if outliers == 0.0 {
            return;
        }
        for row in 0..rows {
            let is_outlier = random.random_sample() < outliers;
            let up = random.random_sample() < 0.5;
            match (is_outlier, self.classes) {
                (false, _) => {}
                (true, 0) => {
                    let distance = FAR * if spread > 0.0 { spread } else { 1.0 };
                    self.targets[row] += if up { distance } else { -distance };
                }
                (true, classes) => {
                    let next = if up { 1 } else { classes - 1 };
                    self.labels[row] = (self.labels[row] + next) % classes;
                }
            }
        }
    }

    /// The inputs of the network for inputs in the units of the user.
    pub(crate) fn scaled_inputs(&self, inputs: &Tensor<f64>) -> Result<Tensor<f64>, Refusal> {
        match &self.scalers {
            None => Ok(inputs.clone()),
            Some((scaler, _)) => scaler.transform(inputs).map_err(refused),
        }
    }

    /// The targets of the network.
    pub(crate) fn scaled_targets(&self) -> Result<Tensor<f64>, Refusal> {
        match &self.scalers {
            None => Ok(self.targets.clone()),
            Some((_, scaler)) => scaler.transform(&self.targets).map_err(refused),
        }
    }

    /// An output of the network in the units of the user.
    pub(crate) fn unscaled(&self, output: f64) -> f64 {
        self.scalers.as_ref().map_or(output, |(_, scaler)| scaler.unscale(0, output))
    }

    /// The smallest and the largest x.
    pub(crate) fn range(&self) -> (f64, f64) {
        (self.inputs.min(), self.inputs.max())
    }
}
