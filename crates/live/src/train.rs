//! Some epochs at a time, with the library's `fit`, and what the page learns of them.

use nnfs::metrics::r2;
use nnfs::model::{
    Control, Divergence, End, Epoch, Fit, FitError, FitState, Observer, ObserverError, Progress,
    dead_units,
};
use nnfs::tensor::{Elementwise, Layer, Scalar};
use nnfs_chapter::log::{self, accuracy, is_logged};
use nnfs_chapter::sine::{Expected, Number, Passed, verdict};
use nnfs_chapter::{Trained, Training};
use nnfs_report::VerdictKind;
use serde::Serialize;
use serde_json::{Value, json};

use crate::answer::{Answer, Refusal, refused};
use crate::hints::hints;
use crate::session::Trainee;

/// About this many epochs of a training become points of the history.
const POINTS: usize = 1000;

/// The fewest epochs that show whether a loss falls.
const FEWEST: usize = 10;

/// In a shorter training, the logged epochs that the verdict takes for its last ones are most of it.
const SHORT: usize = 2000;

/// What a verdict says of data with noise or outliers, which no network can explain as a whole.
const SPOILED: &str = " Noise and outliers are a part of that variance.";

/// What is known of the epochs so far.
pub(crate) struct Log {
    /// The logged epochs, with their accuracy.
    logged: Vec<Epoch>,
    /// The last epoch of which the accuracy was computed.
    pub(crate) last: Option<Epoch>,
    /// The learning rate of the step before.
    learning_rate: f64,
    /// Since the last report.
    lines: Vec<Epoch>,
    history: History,
    pub(crate) diverged: Option<Box<Divergence>>,
}

/// Points for the charts.
#[derive(Debug, Default, Serialize)]
struct History {
    epoch: Vec<usize>,
    loss: Vec<f64>,
    data_loss: Vec<f64>,
    accuracy: Vec<f64>,
    learning_rate: Vec<f64>,
    gradient_norm: Vec<f64>,
    dead: Vec<Option<f64>>,
}

impl Log {
    pub(crate) fn new(learning_rate: f64) -> Self {
        Self {
            logged: Vec::new(),
            last: None,
            learning_rate,
            lines: Vec::new(),
            history: History::default(),
            diverged: None,
        }
    }

    /// Whether an epoch becomes a point of the history.
    fn is_point(epoch: usize, epochs: usize) -> bool {
        epoch.is_multiple_of((epochs / POINTS).max(1))
    }

    /// Adds an epoch. `results` computes its accuracy and its share of dead units, if they are needed.
    ///
    /// As in the book, the learning rate of a line is that of the step before.
    pub(crate) fn add(
        &mut self,
        mut epoch: Epoch,
        (epochs, is_last): (usize, bool),
        results: impl FnOnce() -> Result<(f64, Option<f64>), Refusal>,
    ) -> Result<(), Refusal> {
        let learning_rate = std::mem::replace(&mut self.learning_rate, epoch.learning_rate);
        epoch.learning_rate = learning_rate;
        let (is_line, is_point) = (is_logged(epoch.epoch), Self::is_point(epoch.epoch, epochs));
        if !is_line && !is_point && !is_last {
            return Ok(());
        }
        let (accuracy, dead) = results()?;
        epoch.metrics = vec![(log::ACCURACY.to_owned(), accuracy)];
        if is_point {
            let history = &mut self.history;
            history.epoch.push(epoch.epoch);
            history.loss.push(epoch.loss());
            history.data_loss.push(epoch.data_loss);
            history.accuracy.push(accuracy);
            history.learning_rate.push(learning_rate);
            history.gradient_norm.push(epoch.gradient_norm);
            history.dead.push(dead);
        }
        if is_line {
            self.logged.push(epoch.clone());
            self.lines.push(epoch.clone());
        }
        self.last = Some(epoch);
        Ok(())
    }
}

/// Watches the epochs of a call.
struct Watcher<'a, T: Scalar> {
    training: Watched<'a, T>,
    log: &'a mut Log,
    epochs: usize,
    /// The number of epochs that are done at the end of the call.
    until: usize,
}

/// What a watcher needs of a training beside its model.
struct Watched<'a, T: Scalar> {
    samples: &'a nnfs_chapter::Samples<T>,
    metrics: &'a nnfs::model::Metrics<T>,
    /// Whether the outputs of the last step are those of all rows.
    is_whole: bool,
}

impl<T: Scalar> Watched<'_, T> {
    /// The accuracy, and the share of dead units.
    fn results(&self, model: &nnfs::model::Model<T>) -> Result<(f64, Option<f64>), Refusal> {
        let targets = &self.samples.targets;
        let metrics = if self.is_whole {
            self.metrics.of(model.outputs(), targets)
        } else {
            let outputs = model.predict(&self.samples.inputs).map_err(refused)?;
            self.metrics.of(&outputs, targets)
        };
        let accuracy = metrics.map_err(refused)?.first().map_or(f64::NAN, |(_, value)| *value);
        Ok((accuracy, dead_share(model)))
    }
}

/// The share of dead units among those that can die.
fn dead_share<T: Scalar>(model: &nnfs::model::Model<T>) -> Option<f64> {
    let (mut dead, mut units) = (0.0, 0.0);
    for (index, layer) in model.layers().iter().enumerate() {
        if !layer.activation().is_some_and(Elementwise::can_die) {
            continue;
        }
        let outputs = model.layer_outputs(index);
        if let Some(share) = dead_units(layer.as_ref(), &outputs).filter(|_| !outputs.is_empty()) {
            let width = outputs.ncols() as f64;
            dead += share * width;
            units += width;
        }
    }
    (units > 0.0).then(|| dead / units)
}

impl<T: Scalar> Observer<T> for Watcher<'_, T> {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Result<Control, ObserverError> {
        let epoch = progress.epoch().clone();
        let is_last = epoch.epoch + 1 >= self.until;
        let Self { training, log, epochs, .. } = self;
        log.add(epoch, (*epochs, is_last), || training.results(progress.model()))
            .map_err(|refusal| refusal.error().to_owned())?;
        Ok(if is_last { Control::Stop } else { Control::Continue })
    }
}

impl<T: Number> Trainee<T> {
    /// Whether a step sees all rows in their order.
    pub(crate) fn is_whole(&self) -> bool {
        self.settings.batch_size == 0
    }

    /// Adds an epoch that was done without `fit`.
    pub(crate) fn add(&mut self, epoch: Epoch) -> Result<(), Refusal> {
        let Training { model, data, metrics, .. } = &self.training;
        let watched = Watched { samples: data, metrics, is_whole: true };
        self.state.epochs.push(epoch.clone());
        self.log.add(epoch, (self.settings.epochs, true), || watched.results(model))
    }

    /// Trains some epochs, or as many as are left.
    pub(crate) fn advance(&mut self, epochs: usize) -> Result<(), Refusal> {
        let done = self.state.next_epoch();
        let until = done.saturating_add(epochs).min(self.settings.epochs);
        if until <= done || self.log.diverged.is_some() {
            return Ok(());
        }
        let mut fit = Fit::epochs(self.settings.epochs);
        if !self.is_whole() {
            fit = fit.batch_size(self.settings.batch_size).shuffle(u64::from(self.settings.seed));
        }
        let is_whole = self.is_whole();
        let Training { model, data, loss, optimizer, metrics, .. } = &mut self.training;
        let training = Watched { samples: data, metrics, is_whole };
        let mut watcher =
            Watcher { training, log: &mut self.log, epochs: self.settings.epochs, until };
        let state = std::mem::take(&mut self.state);
        let (inputs, targets) = (&data.inputs, &data.targets);
        let fitted =
            model.fit_from(state, inputs, targets, &**loss, &mut **optimizer, &fit, &mut watcher);
        match fitted {
            Ok(history) => self.state.epochs = history.epochs,
            Err(FitError::Diverged(mut divergence)) => {
                self.state.epochs = std::mem::take(&mut divergence.epochs);
                self.log.diverged = Some(divergence);
            }
            Err(FitError::Observer { source, history }) => {
                self.state = FitState { epochs: history.epochs, best: None };
                return Err(Refusal::new(source));
            }
            Err(error) => return Err(Refusal::new(error)),
        }
        Ok(())
    }

    /// What happened since the last report, and where the training is now.
    pub(crate) fn report(&mut self) -> Value {
        let history = std::mem::take(&mut self.log.history);
        let lines = std::mem::take(&mut self.log.lines);
        let lines: Vec<Value> = lines.iter().map(|epoch| self.line(epoch)).collect();
        let diagnostics = self.training.model.diagnostics();
        let layers = diagnostics.layers.iter().map(|layer| {
            json!({
                "gradient_norm": layer.gradient_norm,
                "dead": layer.dead_units,
                "spread": layer.output_spread,
            })
        });
        let done = self.state.next_epoch();
        let last = self.log.last.as_ref();
        let diverged = self.log.diverged.as_ref().map(|it| divergence_text(it));
        json!({
            "epoch": done,
            "done": done >= self.settings.epochs || diverged.is_some(),
            "diverged": diverged,
            "loss": last.map(Epoch::loss),
            "data_loss": last.map(|epoch| epoch.data_loss),
            "penalty": last.map(|epoch| epoch.penalty),
            "accuracy": last.map(accuracy),
            "learning_rate": last.map(|epoch| epoch.learning_rate),
            "gradient_norm": last.map(|epoch| epoch.gradient_norm),
            "layers": layers.collect::<Vec<_>>(),
            "hints": hints(&diagnostics, &self.settings),
            "lines": lines,
            "history": history,
        })
    }

    /// A line of the log, beside that of the book.
    fn line(&self, epoch: &Epoch) -> Value {
        let text = log::line(epoch);
        let expected = self.run.as_ref().filter(|_| self.ticks());
        let find = |lines: &[nnfs_chapter::sine::Line]| {
            let mut lines = lines.iter();
            lines.find(|line| line.epoch == epoch.epoch).map(|line| line.text.clone())
        };
        let printed = expected.and_then(|it| find(&it.printed));
        let computed = expected.and_then(|it| {
            let mut rows = it.golden.iter();
            rows.find(|row| row.epoch == epoch.epoch).map(|row| log::line(&row.results()))
        });
        let really = expected.and_then(|it| it.really_printed.as_deref()).and_then(find);
        let book = really.or_else(|| printed.clone()).or(computed);
        json!({
            "epoch": epoch.epoch,
            "text": text,
            "matches": book.map(|book| book == text),
            "printed": printed,
        })
    }

    /// The verdict of the chapter.
    pub(crate) fn judge(&self) -> Result<(&'static str, String), Refusal> {
        self.check_regression("a verdict")?;
        let done = self.state.next_epoch();
        let mut epochs = self.log.logged.clone();
        // The verdict compares with the middle of the training, which is not logged if that is short.
        let middle = done.saturating_sub(1).div_ceil(2);
        let unlogged = self.state.epochs.get(middle).filter(|it| !is_logged(it.epoch));
        epochs.extend(unlogged.cloned());
        let last = self.log.last.iter().filter(|last| !is_logged(last.epoch));
        epochs.extend(last.cloned());
        epochs.sort_by_key(|epoch| epoch.epoch);
        epochs.dedup_by_key(|epoch| epoch.epoch);
        let end = self.log.diverged.clone().map_or(Ok(End::Done), Err);
        if done < FEWEST && end.is_ok() {
            return Err(Refusal::new(format!("a verdict needs at least {FEWEST} epochs")));
        }
        let Training { model, data, .. } = &self.training;
        let predictions = model.predict(&data.inputs).map_err(refused)?;
        let explained = r2(&predictions, &data.targets).map_err(refused)?;
        let explained = if explained.is_nan() { f64::NEG_INFINITY } else { explained };
        let found = verdict(&Trained { epochs, frames: Vec::new(), end }, explained);
        let kind = match found.kind {
            VerdictKind::Learned => "learned",
            VerdictKind::Unsteady => "unsteady",
            VerdictKind::Learning => "learning",
            VerdictKind::Diverged => "diverged",
            _ => "stuck",
        };
        if found.kind == VerdictKind::Unsteady && done < SHORT {
            let found = self.log.last.as_ref().map(log::summary).unwrap_or_default();
            return Ok(("learned", format!("It fits the curve: {found}.")));
        }
        // The text of the library has all digits of a huge loss.
        let diverged = self.log.diverged.as_ref().map(|it| divergence_text(it));
        let mut text = diverged.unwrap_or(found.text);
        let is_spoiled = self.settings.noise > 0.0 || self.settings.outliers > 0.0;
        if is_spoiled && matches!(kind, "stuck" | "learning") {
            text += SPOILED;
        }
        Ok((kind, text))
    }

    /// Compares the logged epochs with the golden rows of NumPy and the lines of the book.
    pub(crate) fn compare_with_the_book(&self) -> Result<Answer, Refusal> {
        let Some(run) = self.run.as_ref().filter(|_| self.ticks()) else {
            let error =
                "the book has digits for its nine runs, with seed 0 and the arithmetic numpy";
            return Err(Refusal::new(error));
        };
        let mut passed = Passed::default();
        let run: &Expected = run;
        passed.add(run, &self.log.logged, self.state.next_epoch()).map_err(refused)?;
        Ok(Answer::of(&json!({
            "golden_rows": passed.golden_rows,
            "printed_lines": passed.printed_lines,
            "really_printed_lines": passed.really_printed_lines.unwrap_or(0),
        })))
    }
}

/// Where a training diverged, and what may help.
pub(crate) fn divergence_text(divergence: &Divergence) -> String {
    let Divergence { epoch, layer, quantity, .. } = divergence;
    format!(
        "Training diverged in epoch {epoch}: {quantity} layer {layer} became infinite or NaN. A \
         smaller learning rate or smaller first weights may help."
    )
}

/// Whether a layer has a kind of ReLU.
pub(crate) fn is_rectified<T: Scalar>(layer: &dyn Layer<T>) -> bool {
    let kind = layer.description().nested("activation").map(|it| it.kind.clone());
    matches!(kind.as_deref(), Some("relu" | "leaky_relu"))
}
