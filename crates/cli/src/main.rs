//! The command `nnfs`.

use std::process::ExitCode;

fn main() -> ExitCode {
    nnfs_cli::run()
}
