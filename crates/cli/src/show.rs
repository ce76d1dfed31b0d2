//! `nnfs show`: the contents of a model file.

use clap::Args;
use nnfs::datasets::{Coding, DateOrder, Encoder, Input, Labels, Target};
use nnfs::files::{AnyPipeline, Scaler};

use nnfs_tabular::shown;

use crate::model_file::ModelOptions;
use nnfs_console::{count, say};

/// Print the layers, the columns and the targets of a saved model
#[derive(Debug, Args)]
pub(crate) struct ShowOptions {
    #[command(flatten)]
    model: ModelOptions,
}

/// # Errors
/// If the file cannot be read.
pub(crate) fn run(options: &ShowOptions) -> anyhow::Result<()> {
    say(&summary(&options.model.pipeline()?))
}

fn summary(pipeline: &AnyPipeline) -> String {
    let mut lines = vec![format!("numbers        {}", pipeline.dtype())];
    if let Some(encoder) = pipeline.encoder() {
        lines.push(format!("inputs         {}", inputs(encoder)));
        lines.push(format!("targets        {}", targets(encoder)));
    }
    let scaler = |scaler: Option<&Scaler>| match scaler {
        None => "none".to_owned(),
        Some(Scaler::Standard(scaler)) => standardized(scaler.means(), scaler.deviations()),
        Some(Scaler::Clipped(scaler)) => {
            standardized(scaler.means(), scaler.deviations()) + ", within limits"
        }
        Some(Scaler::MinMax(_)) => "within a range".to_owned(),
    };
    lines.push(format!("input scaler   {}", scaler(pipeline.input_scaler())));
    lines.push(format!("target scaler  {}", scaler(pipeline.target_scaler())));
    lines.push(format!("output link    {}", pipeline.link()));
    if let Some(intervals) = pipeline.intervals() {
        let rows = count(intervals.rows(), "row");
        lines.push(format!("intervals      from the residuals of {rows}"));
    }
    format!("{}\n\n{}", lines.join("\n"), pipeline.summary().to_string().trim_end())
}

/// How columns are scaled. Those of 0 and 1 may have been brought to mean 0 and not scaled.
fn standardized(means: &[f64], deviations: &[f64]) -> String {
    let mut columns = means.iter().zip(deviations);
    let centered = columns.any(|(&mean, &deviation)| deviation == 1.0 && mean > 0.0 && mean < 1.0);
    let zero_one = if centered { "; mean 0 alone for 0 and 1" } else { "" };
    format!("mean 0 and deviation 1{zero_one}")
}

/// The input columns, one on each line, and after each the inputs that it becomes, unless that is its number
/// alone.
fn inputs(encoder: &Encoder) -> String {
    let inputs = encoder.input_columns().iter().map(|Input { name, coding }| {
        let name = if name.is_empty() { "(column without a name)".to_owned() } else { shown(name) };
        match coding {
            Coding::Number => name,
            Coding::NumberOrMissing => format!("{name} (number | missing)"),
            Coding::Date(dates) => {
                let first = match dates.order {
                    DateOrder::Day => "day",
                    DateOrder::Month => "month",
                };
                format!("{name} (date, {first} first in 3/4/2024, {} inputs)", dates.parts.len())
            }
            Coding::OneHot(labels) => format!("{name} ({})", list(labels)),
            Coding::OneHotOrOther { frequent, rare } => {
                format!("{name} ({} | other, shared by {} rare)", list(frequent), rare.len())
            }
            Coding::Constant { value, .. } => {
                format!("{name} (no input: always {} in training)", category(value))
            }
            Coding::ConstantOrMissing { value } => {
                format!("{name} (missing; the number was always {} in training)", shown(value))
            }
            coding => format!("{name} ({} inputs)", coding.width()),
        }
    });
    inputs.collect::<Vec<_>>().join(NEXT)
}

fn targets(encoder: &Encoder) -> String {
    match encoder.target() {
        Target::Numbers(names) => {
            names.iter().map(|name| shown(name)).collect::<Vec<_>>().join(NEXT)
        }
        Target::Classes { name, labels } => format!("{} ({})", shown(name), list(labels)),
    }
}

/// Between two columns: the next line, below the first column.
const NEXT: &str = "\n               ";

/// The largest number of classes or categories that a line lists.
const WORDS: usize = 8;

/// The names of the first classes or categories, and how many more there are.
fn list(labels: &Labels) -> String {
    let names: Vec<String> = labels.names().iter().take(WORDS).map(|name| category(name)).collect();
    let rest = match labels.len().saturating_sub(WORDS) {
        0 => String::new(),
        more => format!(" … and {more} more"),
    };
    format!("{}{rest}", names.join(" | "))
}

/// A category, or that it is the one of missing values.
fn category(name: &str) -> String {
    if name.is_empty() { "missing".to_owned() } else { shown(name) }
}
