//! `cargo xtask trajectories`: random networks, step by step, beside PyTorch and the chapter's formulas in
//! NumPy.

mod case;
mod draw;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use clap::{Args, value_parser};
use serde::Deserialize;

use nnfs_console::Alignment::{Left, Right};
use nnfs_console::table;

use crate::python::python;
use crate::workspace::{output, workspace};
use case::Case;
use draw::Choices;

/// The largest relative difference of two numbers that count as equal.
const TOLERANCE: f64 = 1e-9;

/// A program in `xtask/trajectories`.
struct Peer {
    script: &'static str,
    name: &'static str,
    formulas: &'static str,
    choices: Choices,
}

const PEERS: [Peer; 2] = [
    Peer {
        script: "torch_run",
        name: "PyTorch",
        formulas: "autograd, torch.nn.functional and torch.optim",
        choices: draw::ALL,
    },
    Peer {
        script: "chapter_run",
        name: "NumPy",
        formulas: "the formulas of the chapter",
        choices: draw::CHAPTER,
    },
];

/// Train random networks here, in PyTorch and in NumPy, and compare each step
///
/// All compute in f64 from the same numbers. The NumPy program has the formulas of the chapter, and trains the
/// networks that the chapter can build. The losses and penalties of each step must be equal to 1e-9, and so must
/// the final weights and biases, relative to the largest number of their matrix. If a case is not, the other
/// program trains again after one weight or bias was moved by one ulp, for up to 64 of them. If two of its own
/// trainings differ by as much, rounding explains the case, and it is counted apart. Fails if a case has no such
/// explanation.
#[derive(Debug, Args)]
pub(crate) struct TrajectoriesOptions {
    /// How many networks are compared with each of the two
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = value_parser!(u64).range(1..=100_000))]
    cases: u64,

    /// How many steps each is trained for
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = value_parser!(u64).range(1..=100_000))]
    steps: u64,

    /// The seed of the networks, data and settings
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,

    /// The Python that has PyTorch [default: that of xtask/peers/.venv or xtask/interop/.venv]
    #[arg(long, value_name = "FILE")]
    python: Option<PathBuf>,
}

/// What a program found for a case.
#[derive(Debug, Deserialize)]
struct Compared {
    case: u64,
    /// The largest difference between our numbers and theirs, and the place of it.
    difference: f64,
    place: String,
    /// If that is above the tolerance: by how much a move of one ulp changes their own training.
    own_difference: Option<f64>,
}

impl Compared {
    fn is_equal(&self) -> bool {
        self.difference <= TOLERANCE
    }

    /// Whether one ulp changes their own training by as much.
    fn is_explained(&self) -> bool {
        !self.is_equal() && self.own_difference.is_some_and(|own| own >= self.difference)
    }
}

/// Trains all cases, runs the programs, and prints a table for each.
///
/// # Errors
/// If Python or a package is missing, or if a difference has no explanation.
pub(crate) fn run(options: &TrajectoriesOptions) -> anyhow::Result<()> {
    let python = python(options.python.as_deref(), &["peers", "interop"]);
    let folder = workspace().join("target/trajectories");
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let steps = usize::try_from(options.steps)?;

    let mut unexplained = 0;
    for Peer { script, name, formulas, choices } in PEERS {
        let case = |number| draw::case(&choices, options.seed, number, steps);
        let cases: Vec<Case> = (0..options.cases).map(case).collect();
        let trained: anyhow::Result<Vec<_>> = cases.iter().cloned().map(Case::train).collect();
        let file = folder.join(script).with_extension("cases.json");
        std::fs::write(&file, serde_json::to_vec(&trained?)?)
            .with_context(|| file.display().to_string())?;
        eprintln!("training {} networks in {name}", cases.len());
        let compared = compare(&python, script, &file)?;

        println!("\nnnfs and {name} ({formulas})\n{}", summary(&cases, &compared));
        for line in compared.iter().filter(|compared| !compared.is_equal()) {
            println!("{}", difference_line(&cases, line, name));
            unexplained += usize::from(!line.is_explained());
        }
    }
    ensure!(unexplained == 0, "differences without an explanation: {unexplained}");
    Ok(())
}

/// Runs a program over the cases of a file.
fn compare(python: &Path, program: &str, cases: &Path) -> anyhow::Result<Vec<Compared>> {
    let program = Path::new(program).with_extension("py");
    let results = cases.with_file_name(&program).with_extension("results.json");
    let mut script = Command::new(python);
    script.arg(workspace().join("xtask/trajectories").join(program));
    script.arg(cases).arg(&results).arg(TOLERANCE.to_string());
    // Several threads are slower for such small products.
    script.env("OMP_NUM_THREADS", "1").env("OPENBLAS_NUM_THREADS", "1");
    output(&mut script)?;
    let name = || results.display().to_string();
    serde_json::from_slice(&std::fs::read(&results).with_context(name)?).with_context(name)
}

/// One row for each optimizer, and one for all.
fn summary(cases: &[Case], compared: &[Compared]) -> String {
    let mut groups: BTreeMap<&str, Vec<&Compared>> = BTreeMap::new();
    for line in compared {
        let optimizer = cases[line.case as usize].optimizer.name();
        groups.entry(optimizer).or_default().push(line);
    }
    let all = compared.iter().collect();
    let mut rows: Vec<Vec<String>> =
        groups.iter().map(|(optimizer, lines)| summary_row(optimizer, lines)).collect();
    rows.push(summary_row("all", &all));
    let columns = [
        ("optimizer", Left),
        ("cases", Right),
        ("equal to 1e-9", Right),
        ("sensitive to one ulp", Right),
        ("unexplained", Right),
        ("worst of the equal", Right),
        ("its case", Right),
    ];
    table(&columns, &rows)
}

fn summary_row(name: &str, lines: &Vec<&Compared>) -> Vec<String> {
    let equal: Vec<_> = lines.iter().filter(|line| line.is_equal()).collect();
    let explained = lines.iter().filter(|line| line.is_explained()).count();
    let worst = equal.iter().max_by(|a, b| a.difference.total_cmp(&b.difference));
    vec![
        name.to_owned(),
        lines.len().to_string(),
        equal.len().to_string(),
        explained.to_string(),
        (lines.len() - equal.len() - explained).to_string(),
        worst.map_or_else(|| "-".to_owned(), |line| format!("{:.1e}", line.difference)),
        worst.map_or_else(|| "-".to_owned(), |line| line.case.to_string()),
    ]
}

fn difference_line(cases: &[Case], line: &Compared, name: &str) -> String {
    let Compared { case, difference, place, own_difference } = line;
    let verdict = if line.is_explained() { "sensitive" } else { "unexplained" };
    let own = own_difference.map_or_else(|| "unknown".to_owned(), |own| format!("{own:.1e}"));
    let summary = cases[*case as usize].summary();
    format!(
        "case {case}, {verdict}: {difference:.1e} in {place}; after a move of one ulp, {name} differs from \
         itself by {own} ({summary})"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_difference_of_their_own_that_is_as_large_explains_ours() {
        let compared = |difference, own_difference| Compared {
            case: 0,
            difference,
            place: String::new(),
            own_difference,
        };
        assert!(compared(1e-10, None).is_equal());
        assert!(compared(1e-8, Some(1e-8)).is_explained());
        for own in [None, Some(9e-9), Some(f64::NAN)] {
            let line = compared(1e-8, own);
            assert!(!line.is_equal() && !line.is_explained(), "{own:?}");
        }
    }
}
