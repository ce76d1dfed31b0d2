//! `cargo xtask grade`: the mistake in an exercise of the book, from its log.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use clap::Args;
use nnfs_book::grade::{Grade, grade};
use nnfs_book::mistakes::{MISTAKES, PROGRAMS};

use crate::workspace::{cargo, output, workspace};

/// Find the mistake in an exercise of the book by its log
///
/// The program is compiled and run. Its log is compared with those of the programs without a mistake,
/// which a NumPy program computed. The first row that differs shows which mistake it is.
#[derive(Debug, Args)]
pub(crate) struct GradeOptions {
    /// The program, such as docs/exercises/01.rs
    #[arg(required_unless_present = "all")]
    file: Option<PathBuf>,

    /// Print the rows that differ, and not the solution
    #[arg(long)]
    hint: bool,

    /// Grade the exercises and the programs without a mistake as they are in the repository, and check
    /// every verdict
    #[arg(long, conflicts_with_all = ["file", "hint"])]
    all: bool,
}

/// Grades one program, or all.
///
/// # Errors
/// If a program does not compile or run, if it has a mistake, or with `--all` if a verdict is wrong.
pub(crate) fn run(options: &GradeOptions) -> anyhow::Result<()> {
    let compiler = Compiler::new()?;
    let Some(file) = &options.file else { return all(&compiler) };
    let grade = grade(&compiler.log(file)?);
    println!("{}", describe(file, &grade, options.hint));
    ensure!(matches!(grade, Grade::Correct { .. }), "{} has a mistake", file.display());
    Ok(())
}

/// What is wrong, and where it shows.
fn describe(file: &Path, grade: &Grade, hint: bool) -> String {
    let file = file.display();
    let (difference, mistake) = match grade {
        Grade::Correct { program } => return format!("{file}: correct: {program}"),
        Grade::Known { mistake, difference } => (difference, Some(mistake)),
        Grade::Unknown { difference } => (difference, None),
    };
    let row = |row: &str| if row.is_empty() { "(the log has ended)" } else { row }.to_owned();
    let mut text = format!(
        "{file}: a row of the log differs\n  program   {}\n  expected  {}\n  found     {}",
        difference.program,
        row(difference.expected),
        row(&difference.found),
    );
    match mistake {
        _ if hint => {}
        None => text.push_str("\nNo exercise has this row: it is another mistake."),
        Some(mistake) => {
            text.push_str(&format!("\n{}\nSee docs/chapter/{}", mistake.text, mistake.page));
        }
    }
    text
}

/// Grades all programs of the repository.
fn all(compiler: &Compiler) -> anyhow::Result<()> {
    let folder = workspace().join("docs").join("exercises");
    let mut right = 0;
    for expected in MISTAKES {
        let file = folder.join(format!("{}.rs", expected.exercise));
        match grade(&compiler.log(&file)?) {
            Grade::Known { mistake, .. } if mistake == expected => right += 1,
            other => println!("{}", describe(&file, &other, false)),
        }
        println!("{}: {}", expected.exercise, expected.text);
    }
    for (name, program) in PROGRAMS {
        let file = folder.join("right").join(format!("{name}.rs"));
        let found = grade(&compiler.log(&file)?);
        println!("{}", describe(Path::new(name), &found, false));
        ensure!(found == Grade::Correct { program }, "{name} is not correct");
    }
    let count = MISTAKES.len();
    println!("{right} of {count} mistakes found, {} programs correct", PROGRAMS.len());
    ensure!(right == count, "{} exercises were graded wrongly", count - right);
    Ok(())
}

/// Compiles single files against the library of the exercises, which cargo has built for this program.
struct Compiler {
    rustc: PathBuf,
    library: PathBuf,
}

impl Compiler {
    fn new() -> anyhow::Result<Self> {
        // With the packages of this program, so that cargo finds everything built and builds nothing.
        let mut build = cargo("build --package xtask --message-format json-render-diagnostics");
        build.stderr(std::process::Stdio::inherit());
        let messages = output(&mut build)?;
        let library = library(&messages).context("cargo did not say where nnfs-book is")?;
        let beside = std::env::var_os("CARGO")
            .map(|cargo| PathBuf::from(cargo).with_file_name(format!("rustc{EXE_SUFFIX}")));
        let rustc = beside.filter(|path| path.exists()).unwrap_or_else(|| "rustc".into());
        Ok(Self { rustc, library })
    }

    /// What a program prints.
    fn log(&self, file: &Path) -> anyhow::Result<String> {
        let name = file.file_stem().with_context(|| format!("{} is not a file", file.display()))?;
        let folder = workspace().join("target").join("exercises");
        std::fs::create_dir_all(&folder)?;
        let program = folder.join(name).with_extension(EXE_SUFFIX.trim_start_matches('.'));
        let dependencies = self.library.parent().context("a library is in a folder")?;
        let status = Command::new(&self.rustc)
            .args(["--edition", "2024", "-C", "opt-level=1", "--crate-name", "exercise", "-o"])
            .arg(&program)
            .arg("--extern")
            .arg(format!("nnfs_book={}", self.library.display()))
            .arg("-L")
            .arg(format!("dependency={}", dependencies.display()))
            .arg(file)
            .status()
            .with_context(|| format!("{} does not start", self.rustc.display()))?;
        if !status.success() {
            bail!("{} does not compile", file.display());
        }
        output(&mut Command::new(&program)).with_context(|| format!("{} fails", file.display()))
    }
}

/// The library of the exercises in the messages of a `cargo build`: the file in the folder `deps`,
/// beside everything that it needs.
fn library(messages: &str) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str(line).ok());
    let mut artifacts = messages.filter(|message: &serde_json::Value| {
        message["reason"] == "compiler-artifact" && message["target"]["name"] == "nnfs_book"
    });
    let files = artifacts.next()?["filenames"].as_array()?.clone();
    let mut files = files.iter().filter_map(|file| file.as_str());
    let library = PathBuf::from(files.find(|file| file.ends_with(".rlib"))?);
    Some(library)
}

#[cfg(test)]
mod tests {
    use nnfs_book::grade::rows;

    use super::*;

    fn described(log: &str, hint: bool) -> String {
        describe(Path::new("a.rs"), &grade(log), hint)
    }

    #[test]
    fn a_mistake_is_named_with_its_evidence() {
        let log = rows("14").join("\n");
        let text = described(&log, false);
        assert!(text.contains("expected  epoch: 10, acc: "), "{text}");
        assert!(text.contains("found     epoch: 10, acc: "), "{text}");
        assert!(
            text.ends_with("See docs/chapter/mean-absolute-error.md#erratum-1-the-sign"),
            "{text}"
        );
        let hint = described(&log, true);
        assert!(text.starts_with(&hint) && !hint.contains("sign"), "{hint}");
    }

    #[test]
    fn other_logs_are_correct_or_unknown() {
        assert_eq!(
            described(&rows("dropout").join("\n"), false),
            "a.rs: correct: the spiral with dropout, softmax and Adam"
        );
        let text = described("", false);
        assert!(text.contains("found     (the log has ended)\nNo exercise"), "{text}");
    }

    #[test]
    fn the_library_is_found_by_its_name() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"nnfs"},"filenames":["/t/deps/libnnfs.rlib"]}
{"reason":"compiler-artifact","target":{"name":"nnfs_book"},"filenames":["/t/deps/libnnfs_book-1.rlib","/t/deps/libnnfs_book-1.rmeta"]}
{"reason":"build-finished","success":true}"#;
        assert_eq!(library(messages), Some(PathBuf::from("/t/deps/libnnfs_book-1.rlib")));
        assert_eq!(library("not json"), None);
    }
}
