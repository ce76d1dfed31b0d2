//! The same job by other libraries, side by side: every round times ours and then each of theirs.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, bail};
use serde_json::Value;

use super::job::Job;
use crate::workspace::workspace;

/// Program and mode of each peer, in `xtask/peers`: a Python script, or the folder of a crate.
const PEERS: [&str; 10] = [
    "jax_step.py --mode rows",
    "jax_step.py --mode columns",
    "torch_step.py --mode compile",
    "torch_step.py --mode eager",
    "numpy_step.py",
    "sklearn_step.py",
    "burn --mode layers",
    "burn --mode products",
    "candle --mode layers",
    "candle --mode products",
];

/// Keeps glibc from giving memory back to the system, which costs some libraries a page fault for
/// every page of every step.
const KEEP_MEMORY: [(&str, &str); 2] =
    [("MALLOC_TRIM_THRESHOLD_", "4294967296"), ("MALLOC_MMAP_THRESHOLD_", "4294967296")];

/// A peer that is ready to train; it ends when it is dropped.
pub(super) struct Peer {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// Name, version, settings, and how its memory is kept.
    pub(super) name: String,
    /// What its loss has come to after 100 steps, if it can say.
    pub(super) loss: Option<f64>,
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Peer {
    fn start(python: &Path, program: &str, job: &Job, keeps_memory: bool) -> anyhow::Result<Self> {
        let mut words = program.split(' ');
        let first = words.next().unwrap_or_default();
        let place = workspace().join("xtask/peers").join(first);
        let mut command = if first.ends_with(".py") {
            let mut command = Command::new(python);
            command.arg(place);
            command
        } else {
            Command::new(place.join("target/release").join(format!("{first}-step")))
        };
        command.args(words).args(job.arguments());
        command.env("OMP_NUM_THREADS", job.threads.to_string());
        command.env("OPENBLAS_NUM_THREADS", job.threads.to_string());
        if keeps_memory {
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
            bail!("{}", said.lines().last().unwrap_or("it ended without a word"));
        }
        let (name, loss) = introduction(&line)?;
        let memory = if keeps_memory { "memory kept" } else { "memory as it comes" };
        Ok(Self { process, input, output, name: format!("{name}, {memory}"), loss })
    }

    /// Trains for about so many seconds; gives the microseconds of a step.
    pub(super) fn us_per_step(&mut self, seconds: f64) -> anyhow::Result<f64> {
        writeln!(self.input, "{seconds}")?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let answer: Value = serde_json::from_str(&line)
            .with_context(|| format!("{} answered {line:?}", self.name))?;
        answer["us_per_step"].as_f64().with_context(|| format!("{} answered {line:?}", self.name))
    }
}

/// The first line of a peer: what it is, and its loss.
fn introduction(line: &str) -> anyhow::Result<(String, Option<f64>)> {
    let said: Value = serde_json::from_str(line).with_context(|| format!("it said {line:?}"))?;
    let word = |key: &str| said[key].as_str().with_context(|| format!("no {key} in {line:?}"));
    let name = format!("{} {}, {}", word("peer")?, word("version")?, word("settings")?);
    Ok((name, said["loss"].as_f64()))
}

/// Starts every peer twice, with memory as it comes and kept; names those that cannot.
pub(super) fn start(python: Option<&Path>, job: &Job) -> (Vec<Peer>, Vec<String>) {
    let python = crate::python::python(python, &["peers"]);
    let (mut peers, mut missing) = (Vec::new(), Vec::new());
    for program in PEERS {
        for keeps_memory in [false, true] {
            match Peer::start(&python, program, job, keeps_memory) {
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
    use nnfs::tensor::Dtype;

    #[test]
    fn understands_how_a_peer_introduces_itself() {
        let line = r#"{"peer": "jax", "version": "1", "settings": "jit", "loss": 0.5}"#;
        assert_eq!(introduction(line).unwrap(), ("jax 1, jit".to_owned(), Some(0.5)));
        let line = r#"{"peer": "sklearn", "version": "1", "settings": "fit", "loss": null}"#;
        assert_eq!(introduction(line).unwrap().1, None);
        assert!(introduction("Traceback").is_err());
        assert!(introduction("{}").is_err());
    }

    #[test]
    fn a_missing_peer_is_named() {
        let sizes = "1,4,1".parse().unwrap();
        let job = Job { sizes, batch: 2, dtype: Dtype::F32, threads: 1 };
        let (_, missing) = start(Some(Path::new("/no/such/python")), &job);
        let scripts = PEERS.iter().filter(|program| program.contains(".py")).count();
        assert!(missing.len() >= scripts, "{missing:?}");
        let start = "jax_step.py --mode rows: /no/such/python";
        assert!(missing[0].starts_with(start), "{}", missing[0]);
    }
}
