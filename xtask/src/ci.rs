//! `cargo xtask ci`: everything that must hold before a change lands, cheapest first. Each step is a
//! command that can be run by hand. The first that fails ends it.

mod graph;
mod licenses;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use clap::Args;

use crate::workspace::{cargo, command, workspace};
use crate::{browser, live};

/// The options of `cargo xtask ci`.
#[derive(Debug, Args)]
pub(crate) struct CiOptions {
    /// Check reports and the live chapter in a headless Chromium, and nothing else
    ///
    /// Chromium must be installed; the variable CHROMIUM can name it. Screenshots are left in
    /// target/ci/browser.
    #[arg(long)]
    browser: bool,
}

/// Runs all steps and ends with the number of tests that passed.
pub(crate) fn run(options: &CiOptions) -> anyhow::Result<()> {
    if options.browser {
        headline("reports and the live chapter in a browser");
        println!("\n{} passed", browser::check()?);
        return Ok(());
    }
    step("format", cargo("fmt --all --check"))?;
    step("lints", cargo("clippy --workspace --all-targets -- -D warnings"))?;
    // This builds the examples, too. The lints have seen the benchmarks.
    let passed = step("tests and doctests", cargo("test --workspace"))?;
    // `cargo run --package` would compile their packages again, with the features of one package.
    for (name, executable) in graph::examples()? {
        step(&format!("example {name}"), command(executable))?;
    }
    let mut docs = cargo("doc --workspace --no-deps");
    docs.env("RUSTDOCFLAGS", "-D warnings");
    step("docs", docs)?;

    headline("dependency graph");
    graph::check()?;

    // Through cargo, because the tests may have linked this program anew since it started.
    let mut experiment = cargo("run --quiet --package xtask -- experiment sine --check");
    // Into another folder than the results of the user.
    experiment.args(["--epochs", "1001", "--out"]);
    experiment.arg(workspace().join("target").join("ci").join("sine"));
    step("the book's digits", experiment)?;

    live_page()?;

    println!("\n{passed} passed");
    Ok(())
}

/// Builds the live chapter where WebAssembly can be built.
fn live_page() -> anyhow::Result<()> {
    if let Err(missing) = live::is_possible() {
        headline("live page: not built");
        println!("{missing}");
        return Ok(());
    }
    step("live page", cargo("run --quiet --package xtask -- live")).map(drop)
}

/// Tests the kernels with every access checked at run time, on the code paths that this CPU has. Miri
/// checks the portable path, but needs a nightly toolchain.
pub(crate) fn sanitize() -> anyhow::Result<()> {
    let target = env!("TARGET");
    let mut tests = cargo("test --package nnfs-kernel --lib --target-dir target/sanitize --target");
    tests.arg(target).env("RUSTFLAGS", "-Zsanitizer=address");
    // The option is unstable, so the stable compiler needs a variable to accept it.
    tests.env("RUSTC_BOOTSTRAP", "1");
    let passed = step("kernels under AddressSanitizer", tests)?;
    println!("\n{passed} passed");
    Ok(())
}

fn headline(name: &str) {
    println!("\n== {name}");
}

/// Runs a command, shows what it prints, and counts the tests that passed.
fn step(name: &str, mut command: Command) -> anyhow::Result<usize> {
    headline(name);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{name}: {command:?} does not start"))?;
    let mut passed = 0;
    for line in BufReader::new(child.stdout.take().context("stdout is piped")?).lines() {
        let line = line.with_context(|| format!("{name}: reading its output"))?;
        passed += passed_tests(&line);
        println!("{line}");
    }
    let status = child.wait().with_context(|| format!("{name}: waiting for its end"))?;
    ensure!(status.success(), "{name} failed: {command:?} ended with {status}");
    Ok(passed)
}

/// The number in `test result: ok. 12 passed; 0 failed; ...`, or 0 for any other line.
fn passed_tests(line: &str) -> usize {
    let result = line.trim().strip_prefix("test result: ok. ");
    let count = result.and_then(|result| result.split_once(" passed;"));
    count.and_then(|(count, _)| count.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::passed_tests;

    #[test]
    fn counts_what_cargo_test_says() {
        let line = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(passed_tests(line), 12);
        assert_eq!(passed_tests("test result: FAILED. 1 passed; 2 failed;"), 0);
        assert_eq!(passed_tests("running 3 tests"), 0);
    }
}
