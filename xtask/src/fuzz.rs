//! `cargo xtask fuzz`: the fuzz targets of `nnfs-fuzz`, which is a program beside this one, so that this one
//! compiles without the command and the live page.

use std::ffi::OsString;

use anyhow::ensure;
use clap::Args;

use crate::workspace::cargo;

/// Read damaged and made-up inputs with everything that reads files and texts of users
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct FuzzOptions {
    /// The options of `nnfs-fuzz`: see `cargo xtask fuzz --help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    options: Vec<OsString>,
}

/// Builds and runs the program.
///
/// # Errors
/// If an input fails, and if the process aborts.
pub(crate) fn run(options: &FuzzOptions) -> anyhow::Result<()> {
    let mut program = cargo("run --quiet --package nnfs-fuzz --");
    let status = program.args(&options.options).status()?;
    ensure!(
        status.code().is_some(),
        "the process was ended ({status}); the input is in target/fuzz, in the file of its target"
    );
    ensure!(status.success(), "inputs fail");
    Ok(())
}
