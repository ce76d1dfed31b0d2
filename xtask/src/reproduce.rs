//! `cargo xtask reproduce`: one hash for each network, on every instruction set, with any number of
//! threads, optimized or not.

use std::collections::BTreeMap;

use anyhow::{Context, bail, ensure};
use clap::Args;
use nnfs_console::Alignment::Left;
use nnfs_console::table;

use crate::workspace::{cargo, workspace};

/// Train small networks in every configuration that must give the same bits, and compare
///
/// Each network is trained with AVX2 and AVX-512 (if the CPU has them), on one and two threads, and
/// without optimization. The book's arithmetic is also trained without fused multiply-add, and both can be
/// compared with another target.
#[derive(Debug, Args)]
pub(crate) struct ReproduceOptions {
    /// Another target and the program that runs it, as in wasm32-wasip1=wasmtime; may be repeated
    #[arg(long, value_name = "TARGET=RUNNER")]
    target: Vec<String>,
}

/// A way to compile and run the program.
struct Configuration {
    name: String,
    /// Forces an instruction set: see `nnfs-kernel`.
    instructions: Option<&'static str>,
    is_optimized: bool,
    threads: usize,
    /// A target and its runner.
    target: Option<(String, String)>,
}

impl Configuration {
    fn new(instructions: Option<&'static str>, is_optimized: bool, threads: usize) -> Self {
        let profile = if is_optimized { "release" } else { "debug" };
        let count = if threads == 1 { "1 thread".to_owned() } else { format!("{threads} threads") };
        let name = format!("{}, {count}, {profile}", instructions.unwrap_or("this CPU"));
        Self { name, instructions, is_optimized, threads, target: None }
    }

    /// The hash of each network, by number kind and name.
    fn hashes(&self) -> anyhow::Result<BTreeMap<String, String>> {
        eprintln!("{}: compiling and training", self.name);
        let folder = workspace().join("xtask/reproduce");
        let mut flags = Vec::new();
        if let Some(instructions) = self.instructions {
            flags.push(format!("--cfg nnfs_instructions=\"{instructions}\""));
        }
        let mut command = cargo("run --quiet");
        command.current_dir(&folder);
        // A folder for each set of flags, so that nothing is compiled twice.
        let part = self.instructions.unwrap_or("best");
        command.env("CARGO_TARGET_DIR", workspace().join("target/reproduce").join(part));
        if self.is_optimized {
            command.arg("--release");
        }
        if let Some((target, runner)) = &self.target {
            let variable = target.to_uppercase().replace('-', "_");
            command.env(format!("CARGO_TARGET_{variable}_RUNNER"), runner);
            command.args(["--no-default-features", "--target", target]);
        }
        command.env("RUSTFLAGS", flags.join(" "));
        command.arg("--").arg(self.threads.to_string());
        let output = command.output().context("cargo")?;
        if !output.status.success() {
            bail!("{}: {}", self.name, String::from_utf8_lossy(&output.stderr).trim());
        }
        let text = String::from_utf8(output.stdout).context("the program prints text")?;
        let pairs = text.lines().filter_map(|line| line.split_once(": "));
        Ok(pairs.map(|(name, hash)| (name.to_owned(), hash.to_owned())).collect())
    }

    /// Whether the hash of a network must be that of the first configuration. Without fused multiply-add,
    /// this holds for the book's arithmetic alone.
    fn promises(&self, network: &str) -> bool {
        let target = self.target.as_ref();
        let is_fused = target.is_none_or(|(target, _)| target.starts_with("aarch64"))
            && self.instructions != Some("portable");
        is_fused || network.starts_with("numpy ")
    }
}

/// Trains in every configuration and prints the hashes.
///
/// # Errors
/// If a hash differs that must be the same.
pub(crate) fn run(options: &ReproduceOptions) -> anyhow::Result<()> {
    let mut configurations = vec![
        Configuration::new(None, true, 1),
        Configuration::new(None, true, 2),
        Configuration::new(None, false, 1),
    ];
    if has_avx512() {
        configurations.push(Configuration::new(Some("avx2"), true, 1));
        configurations.push(Configuration::new(Some("avx2"), true, 2));
    }
    configurations.push(Configuration::new(Some("portable"), true, 1));
    for target in &options.target {
        let (target, runner) = target.split_once('=').context("--target takes TARGET=RUNNER")?;
        configurations.push(Configuration {
            name: target.to_owned(),
            instructions: None,
            is_optimized: true,
            threads: 1,
            target: Some((target.to_owned(), runner.to_owned())),
        });
    }
    let mut found = Vec::new();
    for configuration in configurations {
        let hashes = configuration.hashes()?;
        found.push((configuration, hashes));
    }
    let (first, expected) = &found[0];
    ensure!(!expected.is_empty(), "no network was trained");
    let rows: Vec<Vec<String>> =
        expected.iter().map(|(name, hash)| vec![name.clone(), hash.clone()]).collect();
    println!("{}", table(&[("network", Left), ("hash", Left)], &rows));
    let mut different = Vec::new();
    for (configuration, hashes) in &found[1..] {
        let promised = expected.iter().filter(|(network, _)| configuration.promises(network));
        let mut same = 0;
        for (network, hash) in promised {
            if hashes.get(network) == Some(hash) {
                same += 1;
            } else {
                different.push(format!("{}: {network}", configuration.name));
            }
        }
        println!("{}: {same} networks as with {}", configuration.name, first.name);
    }
    if !different.is_empty() {
        bail!("other hashes than with {}:\n{}", first.name, different.join("\n"));
    }
    Ok(())
}

fn has_avx512() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx512f");
    #[cfg(not(target_arch = "x86_64"))]
    return false;
}
