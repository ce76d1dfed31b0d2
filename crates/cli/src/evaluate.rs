//! `nnfs evaluate`: how good a saved model is on a CSV file.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::Args;
use nnfs::datasets::Selector;
use nnfs::prelude::*;
use nnfs_tabular::{
    Error, ImportanceSettings, IntervalScores, Predictor, Scores, Table, short, shown_apart,
};

use crate::identity::Identity;
use crate::model_file::{METRICS, ModelOptions};
use crate::options::{
    DataOptions, DateOptions, MissingTargetOption, MissingTargetOptions, StrictnessOptions,
    is_stdout, refuse_overwrite, with_delimiter,
};
use crate::predictions::{IntervalOptions, with_interval};
use crate::reading::Reading;
use crate::warnings::warn_of;
use nnfs_console::{UsageError, count, say, say_bytes, warn};

/// Print the metrics of a saved model on a CSV file
///
/// For numbers: r2, and mae, rmse and median_absolute_error in the unit of the target; several targets have
/// their own. For classes: accuracy, balanced_accuracy, loss (the mean of -ln(p) for the predicted
/// probability p of the right class), brier_score and, of two classes, roc_auc; and precision, recall and f1
/// of each class. The baseline predicts the mean of the training rows, or the most frequent class of this
/// file. With --interval, also the coverage and the mean width of the intervals. Columns are found by name, in
/// any order. The scores on the file of the training are too good.
#[derive(Debug, Args)]
pub(crate) struct EvaluateOptions {
    #[command(flatten)]
    model: ModelOptions,

    #[command(flatten)]
    data: DataOptions,

    #[command(flatten)]
    dates: DateOptions,

    /// Column of weights: a row of weight 2 counts as two equal rows
    #[arg(long, value_name = "COLUMN")]
    weight: Option<String>,

    #[command(flatten)]
    intervals: IntervalOptions,

    #[command(flatten)]
    missing_target: MissingTargetOptions,

    #[command(flatten)]
    strictness: StrictnessOptions,

    /// CSV file to write: how much each column matters, by how much R2 or the accuracy decreases if the column is
    /// shuffled
    #[arg(long, value_name = "IMPORTANCE.CSV")]
    importance: Option<PathBuf>,

    /// Print JSON, with all digits
    #[arg(long)]
    json: bool,
}

/// The metrics, and those of the intervals.
#[derive(Debug, serde::Serialize)]
struct Evaluated {
    #[serde(flatten)]
    scores: Scores,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<IntervalScores>,
}

impl Evaluated {
    /// The metrics for people.
    fn text(&self, table: &Table, weight: Option<&str>) -> anyhow::Result<String> {
        let rows = rows_text(table, weight)?;
        let mut text = format!("{}: {rows}\n\n{}", table.source(), self.scores.table(weight));
        if let Some(IntervalScores { level, targets }) = &self.interval {
            text.push('\n');
            let names: Vec<&str> = targets.iter().map(|it| it.target.as_str()).collect();
            for (it, name) in targets.iter().zip(shown_apart(&names, "target")) {
                let [coverage, width] = [it.coverage, it.mean_width].map(short);
                let of = match targets.len() {
                    1 => String::new(),
                    _ => format!(" of \"{name}\""),
                };
                text += &format!(
                    "\nintervals{of}, level {level}: coverage {coverage}, mean width {width}"
                );
            }
        }
        Ok(text)
    }
}

/// How many rows count: all without weights, otherwise those with a weight above 0.
fn rows_text(table: &Table, weight: Option<&str>) -> anyhow::Result<String> {
    let all = count(table.rows(), "row");
    let Some(weight) = weight else { return Ok(all) };
    let column = table.column(&Selector::from(weight))?;
    let weights: Vec<f64> =
        (0..table.rows()).map(|row| table.number(row, column)).collect::<Result<_, _>>()?;
    let counted = weights.iter().filter(|&&weight| weight > 0.0).count();
    Ok(match counted == table.rows() {
        true => all,
        false => format!("{} with a weight above 0, of {}", count(counted, "row"), table.rows()),
    })
}

/// # Errors
/// If the model or the data cannot be read, they do not fit, or a file cannot be written;
/// [`UsageError`] if it would be written over one of them, or to stdout.
pub(crate) fn run(options: &EvaluateOptions) -> anyhow::Result<()> {
    if let Some(out) = &options.importance {
        for input in [&options.model.model, &options.data.data] {
            refuse_overwrite(input, out)?;
        }
    }
    if options.importance.as_deref().is_some_and(is_stdout) {
        let found = "expected a file, found stdout, where the scores are printed";
        return Err(UsageError(format!("--importance: {found}")).into());
    }
    let predictor = options.model.predictor()?;
    let mut identity = Identity::default();
    let reading = Reading { identity: Some(&mut identity), ..Reading::default() };
    let table = options.data.table_like(predictor.number_format(), reading)?;
    let predictor = options.dates.apply(predictor, &table)?;
    let level = options.intervals.interval;
    level.map_or(Ok(()), |level| predictor.check_level(level)).map_err(with_interval)?;
    let skipped = match options.missing_target.missing_target {
        MissingTargetOption::Refuse => None,
        MissingTargetOption::Skip => predictor.rows_with_targets(&table).map_err(with_delimiter)?,
    };
    let (table, skipped) = match skipped {
        Some((table, warning)) => (table, Some(warning)),
        None => (table, None),
    };
    let strictness = options.strictness.strictness();
    let scored = predictor.score_with(&table, strictness, options.weight.as_deref());
    let (scores, warnings) = scored.map_err(with_delimiter)?;
    warn_of(&skipped.into_iter().chain(warnings).collect::<Vec<_>>());
    if identity.is_of_training(&options.model.model.with_file_name(METRICS)) {
        let file = options.data.data.display();
        warn(&format!(
            "warning: {file}: the model was trained on rows of this file, so these scores are too good; \
             {METRICS} beside the model has those of its test rows"
        ));
    }
    let weight = options.weight.as_deref();
    let interval = level.map(|level| predictor.score_intervals(&table, level, weight));
    let interval = interval.transpose().map_err(with_interval)?;
    let evaluated = Evaluated { scores, interval };
    if options.json {
        // As they are: names of classes may have any character.
        let mut json = serde_json::to_vec_pretty(&evaluated)?;
        json.push(b'\n');
        say_bytes(&json)?;
    } else {
        say(&evaluated.text(&table, weight)?)?;
    }
    match &options.importance {
        None => Ok(()),
        // After the scores, which do not depend on it.
        Some(out) => write_importance(&predictor, &table, options.weight.clone(), out),
    }
}

/// Writes how much each column matters. The same rows give the same numbers.
fn write_importance(
    predictor: &Predictor,
    table: &Table,
    weight: Option<String>,
    out: &Path,
) -> anyhow::Result<()> {
    let settings = ImportanceSettings { weight, ..ImportanceSettings::default() };
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let importances = predictor.permutation_importance(table, &settings, &mut rng);
    let importances = importances.map_err(|error| match error {
        Error::Metric(error) => anyhow!("--importance: {}: {error}", table.source()),
        error => anyhow!("--importance: {error}"),
    })?;
    nnfs::files::write_atomically(out, &importances.to_csv())?;
    let rows = match importances.drawn_from {
        None => count(importances.rows, "row"),
        Some(all) => format!("{} of {all} rows, drawn at random", importances.rows),
    };
    let columns = count(importances.columns.len(), "column");
    warn(&format!(
        "written into {}: the importance of {columns}, computed on {rows}",
        out.display()
    ));
    Ok(())
}
