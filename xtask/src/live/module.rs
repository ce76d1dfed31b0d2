//! Builds the WebAssembly module of the live chapter.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::workspace::{cargo, output};

const TARGET: &str = "wasm32-unknown-unknown";

/// The compiler of Debian and Ubuntu, which builds the standard library itself.
const DEBIAN: &str = "/usr/bin/rustc";

/// How the module can be built here.
enum Toolchain {
    /// The target is installed.
    Installed,
    /// With the sources of the standard library, and this linker.
    BuildStd { linker: PathBuf },
}

/// Whether the module can be built here; else what is missing.
pub(crate) fn is_possible() -> Result<(), String> {
    toolchain().map(drop).map_err(|error| error.to_string())
}

fn toolchain() -> anyhow::Result<Toolchain> {
    let rustc = std::env::var_os("RUSTC").map_or_else(|| PathBuf::from("rustc"), PathBuf::from);
    if printed(&rustc, &["--print", "target-libdir", "--target", TARGET])
        .is_some_and(|folder| Path::new(&folder).is_dir())
    {
        return Ok(Toolchain::Installed);
    }
    let debian = Path::new(DEBIAN);
    let sysroot = |rustc: &Path| printed(rustc, &["--print", "sysroot"]).map(PathBuf::from);
    let sources = sysroot(debian).map(|it| it.join("lib/rustlib/src/rust/library/std/Cargo.toml"));
    if sources.is_some_and(|file| file.is_file()) {
        let own = sysroot(&rustc)
            .map(|it| it.join("lib/rustlib").join(env!("TARGET")).join("bin").join("rust-lld"));
        let linkers = own.into_iter().chain([debian.with_file_name("rust-lld")]);
        if let Some(linker) = linkers.into_iter().find(|linker| linker.is_file()) {
            return Ok(Toolchain::BuildStd { linker });
        }
    }
    bail!(
        "the target {TARGET} is not installed: `rustup target add {TARGET}`, or on Debian \
         `apt install rustc-web rust-web-src`"
    )
}

/// What a compiler prints, without the end of the line; `None` if it does not start or fails.
fn printed(rustc: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new(rustc);
    output(command.args(arguments)).ok().map(|text| text.trim_end().to_owned())
}

/// Builds the module, and returns its path.
///
/// # Errors
/// If the target is missing, or the build fails.
pub(super) fn build() -> anyhow::Result<PathBuf> {
    let mut build = cargo(&format!("build --package nnfs-live --profile web --target {TARGET}"));
    build.args(["--message-format", "json-render-diagnostics"]);
    if let Toolchain::BuildStd { linker } = toolchain()? {
        build.args(["-Z", "build-std=std,panic_abort"]);
        // The options are unstable, so a stable compiler needs a variable to accept them.
        build.env("RUSTC_BOOTSTRAP", "1").env("RUSTC", DEBIAN);
        build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    }
    build.stderr(Stdio::inherit());
    let messages = output(&mut build).context("the module of the live chapter")?;
    find(&messages).context("cargo did not say where it built the module")
}

/// The path of the module in the messages of cargo.
fn find(messages: &str) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str(line).ok());
    let mut files = messages
        .filter(|message: &serde_json::Value| message["target"]["name"] == "nnfs_live")
        .flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default())
        .filter_map(|file| file.as_str().map(PathBuf::from));
    files.find(|file| file.extension().is_some_and(|it| it == "wasm"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_is_found_among_the_messages() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"nnfs"},"filenames":["/t/a.wasm"]}
{"reason":"compiler-artifact","target":{"name":"nnfs_live"},"filenames":["/t/libb.rlib","/t/b.wasm"]}"#;
        assert_eq!(find(messages), Some(PathBuf::from("/t/b.wasm")));
        assert_eq!(find("{}"), None);
    }
}
