//! `nnfs show`: the contents of a model file.

use clap::Args;
use nnfs::datasets::{Coding, Encoder, Labels, Target};
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

fn inputs(encoder: &Encoder) -> String {
    let inputs = encoder.input_columns().iter().map(|input| match &input.coding {
        Coding::Number => input.name.clone(),
        Coding::OneHot(labels) => format!("{} ({})", input.name, list(labels)),
    });
    inputs.collect::<Vec<_>>().join(", ")
}

fn targets(encoder: &Encoder) -> String {
    match encoder.target() {
        Target::Numbers(names) => names.join(", "),
        Target::Classes { name, labels } => format!("{name} ({})", list(labels)),
    }
}

/// The names of classes.
fn list(labels: &Labels) -> String {
    labels.names().join(" | ")
}
