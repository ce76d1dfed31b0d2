//! The same job by other libraries, side by side: every round times ours and then each of theirs.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::workspace::workspace;

/// Program and mode of each peer that trains, in `xtask/peers`: a Python script, or a program of the
/// crate in the folder before the hyphen.
pub(super) const TRAINERS: [&str; 10] = [
    "jax_step.py --mode rows",
    "jax_step.py --mode columns",
    "torch_step.py --mode compile",
    "torch_step.py --mode eager",
    "numpy_step.py",
    "sklearn_step.py",
    "burn-step --mode layers",
    "burn-step --mode products",
    "candle-step --mode layers",
    "candle-step --mode products",
];

/// Keeps glibc from giving memory back to the system, which costs some libraries a page fault for
/// every page of every step.
const KEEP_MEMORY: [(&str, &str); 2] =
    [("MALLOC_TRIM_THRESHOLD_", "4294967296"), ("MALLOC_MMAP_THRESHOLD_", "4294967296")];

/// How glibc treats the memory that a peer frees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Memory {
    /// By its default, some goes back to the system.
    Default,
    /// All is kept.
    Kept,
}

/// A peer that is ready to work; it ends when it is dropped.
pub(super) struct Peer {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// Name, version, settings, and how its memory is kept.
    pub(super) name: String,
    /// The number that shows that it does the same job, if it has one.
    pub(super) check: Option<f64>,
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Peer {
    fn start(
        python: &Path,
        program: &str,
        (arguments, threads): (&[String], usize),
        memory: Memory,
    ) -> anyhow::Result<Self> {
        let mut words = program.split(' ');
        let first = words.next().unwrap_or_default();
        let folder = workspace().join("xtask/peers");
        let mut command = if first.ends_with(".py") {
            let mut command = Command::new(python);
            command.arg(folder.join(first));
            command
        } else {
            let package = first.split('-').next().unwrap_or_default();
            Command::new(folder.join(package).join("target/release").join(first))
        };
        command.args(words).args(arguments);
        command.env("OMP_NUM_THREADS", threads.to_string());
        command.env("OPENBLAS_NUM_THREADS", threads.to_string());
        if memory == Memory::Kept {
            command.envs(KEEP_MEMORY);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let named = PathBuf::from(command.get_program()).display().to_string();
        let mut process = command.spawn().context(named)?;
        let input = process.stdin.take().context("stdin is piped")?;
        let mut output = BufReader::new(process.stdout.take().context("stdout is piped")?);
        let mut line = String::new();
        output.read_line(&mut line)?;
        if line.is_empty() {
            let said = process.wait_with_output()?.stderr;
            let said = String::from_utf8_lossy(&said);
            bail!("{}", said.lines().last().unwrap_or("it ended without a message"));
        }
        let (name, check) = introduction(&line)?;
        let name = match memory {
            Memory::Default => name,
            Memory::Kept => format!("{name}, memory kept"),
        };
        Ok(Self { process, input, output, name, check })
    }

    /// Works for about so many seconds; returns the microseconds of one piece of work.
    pub(super) fn microseconds(&mut self, seconds: f64) -> anyhow::Result<f64> {
        writeln!(self.input, "{seconds}")?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let answer: Value = serde_json::from_str(&line)
            .with_context(|| format!("{} answered {line:?}", self.name))?;
        answer["us"].as_f64().with_context(|| format!("{} answered {line:?}", self.name))
    }
}

/// The first line of a peer: what it is, and its number that must agree.
fn introduction(line: &str) -> anyhow::Result<(String, Option<f64>)> {
    let said: Value = serde_json::from_str(line).with_context(|| format!("it said {line:?}"))?;
    let word = |key: &str| said[key].as_str().with_context(|| format!("no {key} in {line:?}"));
    let name = format!("{} {}, {}", word("peer")?, word("version")?, word("settings")?);
    Ok((name, said["check"].as_f64()))
}

/// Starts each of the programs once for each way to treat memory; returns the reasons of those that
/// do not start, too.
pub(super) fn start(
    python: Option<&Path>,
    programs: &[&str],
    (arguments, threads): (&[String], usize),
    memories: &[Memory],
) -> (Vec<Peer>, Vec<String>) {
    let python = crate::python::python(python, &["peers"]);
    let (mut peers, mut missing) = (Vec::new(), Vec::new());
    for program in programs {
        for &memory in memories {
            match Peer::start(&python, program, (arguments, threads), memory) {
                Ok(peer) => peers.push(peer),
                Err(reason) => {
                    missing.push(format!("{program}: {reason:#}"));
                    break;
                }
            }
        }
    }
    (peers, missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn understands_how_a_peer_introduces_itself() {
        let line = r#"{"peer": "jax", "version": "1", "settings": "jit", "check": 0.5}"#;
        assert_eq!(introduction(line).unwrap(), ("jax 1, jit".to_owned(), Some(0.5)));
        let line = r#"{"peer": "sklearn", "version": "1", "settings": "fit", "check": null}"#;
        assert_eq!(introduction(line).unwrap().1, None);
        assert!(introduction("Traceback").is_err());
        assert!(introduction("{}").is_err());
    }

    #[test]
    fn a_missing_peer_is_named() {
        let python = Some(Path::new("/no/such/python"));
        let small = ["--sizes", "1,4,1", "--batch", "2"].map(str::to_owned);
        let (_, missing) = start(python, &TRAINERS, (&small, 1), &[Memory::Default, Memory::Kept]);
        let scripts = TRAINERS.iter().filter(|program| program.contains(".py")).count();
        assert!(missing.len() >= scripts, "{missing:?}");
        let start = "jax_step.py --mode rows: /no/such/python";
        assert!(missing[0].starts_with(start), "{}", missing[0]);
    }
}
