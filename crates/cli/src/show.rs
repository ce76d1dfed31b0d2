//! `nnfs show`: the contents of a model file.

use clap::Args;
use nnfs::datasets::{Coding, Encoder, Input, Labels, Target};
use nnfs::files::{AnyPipeline, Scaler};

use crate::options::ModelOptions;
use nnfs_console::say;

/// Print the layers, the columns and the targets of a saved model
#[derive(Debug, Args)]
pub(crate) struct ShowOptions {
    #[command(flatten)]
    model: ModelOptions,
}

/// # Errors
/// If the file cannot be read.
pub(crate) fn run(options: &ShowOptions) -> anyhow::Result<()> {
    say(&summary(&AnyPipeline::load(&options.model.model)?))
}

fn summary(pipeline: &AnyPipeline) -> String {
    let mut lines = vec![format!("numbers        {}", pipeline.dtype())];
    if let Some(encoder) = pipeline.encoder() {
        lines.push(format!("inputs         {}", inputs(encoder)));
        lines.push(format!("targets        {}", targets(encoder)));
    }
    let scaler = |scaler: Option<&Scaler>| match scaler {
        None => "none",
        Some(Scaler::Standard(_)) => "mean 0 and deviation 1",
        Some(Scaler::Clipped(_)) => "mean 0 and deviation 1, within limits",
        Some(Scaler::MinMax(_)) => "within a range",
    };
    lines.push(format!("input scaler   {}", scaler(pipeline.input_scaler())));
    lines.push(format!("target scaler  {}", scaler(pipeline.target_scaler())));
    lines.push(format!("output link    {}", pipeline.link()));
    format!("{}\n\n{}", lines.join("\n"), pipeline.summary().to_string().trim_end())
}

/// The input columns, and after each the inputs that it becomes, unless that is its number alone.
fn inputs(encoder: &Encoder) -> String {
    let inputs = encoder.input_columns().iter().map(|Input { name, coding }| match coding {
        Coding::Number => name.clone(),
        Coding::NumberOrMissing => format!("{name} (number | missing)"),
        Coding::Date(dates) => format!("{name} (date, {} inputs)", dates.parts.len()),
        Coding::OneHot(labels) => format!("{name} ({})", list(labels)),
        Coding::OneHotOrOther { frequent, rare } => {
            format!("{name} ({} | other, shared by {} rare)", list(frequent), rare.len())
        }
        Coding::Constant { value, .. } => {
            format!("{name} (no input: always {} in training)", shown(value))
        }
        Coding::ConstantOrMissing { value } => {
            format!("{name} (missing; the number was always {value} in training)")
        }
        coding => format!("{name} ({} inputs)", coding.width()),
    });
    inputs.collect::<Vec<_>>().join(", ")
}

fn targets(encoder: &Encoder) -> String {
    match encoder.target() {
        Target::Numbers(names) => names.join(", "),
        Target::Classes { name, labels } => format!("{name} ({})", list(labels)),
    }
}

/// The names of classes or categories.
fn list(labels: &Labels) -> String {
    labels.names().iter().map(|name| shown(name)).collect::<Vec<_>>().join(" | ")
}

/// A category, or that it is the one of missing values.
fn shown(category: &str) -> &str {
    if category.is_empty() { "missing" } else { category }
}
