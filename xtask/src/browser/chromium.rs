//! A headless Chromium, driven through its DevTools protocol.
//!
//! Chromium can use the file descriptors 3 and 4 for the protocol (`--remote-debugging-pipe`), with a zero byte
//! after each message. A shell connects our two pipes to them, so no WebSocket is needed.

use std::collections::VecDeque;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The names of the program in `PATH`. The variable `CHROMIUM` overrides them.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser has no network: no updates, no account, and no name resolves. On a fast machine the random settings
/// change the address more than 200 times in 10 seconds, which Chromium would answer with a warning.
const OPTIONS: [&str; 13] = [
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--disable-ipc-flooding-protection",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "about:blank",
];

/// Longer than any command takes on a slow machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running Chromium with a new profile. It ends when this value is dropped.
#[derive(Debug)]
pub(super) struct Chromium {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    /// The events that it reported while we waited for an answer.
    events: VecDeque<Value>,
    last_id: u64,
    /// The tab that receives the commands, once it is open.
    session: Option<String>,
    _profile: TempDir,
}

/// Finds the program.
///
/// # Errors
/// If there is none; the error says how to install it.
pub(super) fn find() -> anyhow::Result<PathBuf> {
    if let Some(chosen) = env::var_os("CHROMIUM") {
        return Ok(chosen.into());
    }
    let folders: Vec<PathBuf> =
        env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    let candidates = NAMES.iter().flat_map(|name| folders.iter().map(move |f| f.join(name)));
    candidates.into_iter().find(|path| path.is_file()).with_context(|| {
        format!(
            "the browser checks need Chromium, and none of {} is in PATH: install it (on Debian: \
             apt-get install chromium), or name it in the variable CHROMIUM",
            NAMES.join(", "),
        )
    })
}

impl Chromium {
    /// Starts Chromium and opens an empty tab without a network.
    pub(super) fn start(program: &Path) -> anyhow::Result<Self> {
        let profile = tempfile::tempdir().context("a folder for the profile of Chromium")?;
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null"])
            .arg(program)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(OPTIONS)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        let input = child.stdin.take().context("a pipe to Chromium")?;
        let output = child.stdout.take().context("a pipe from Chromium")?;
        let mut chromium = Self {
            child,
            input,
            messages: read_messages(output),
            events: VecDeque::new(),
            last_id: 0,
            session: None,
            _profile: profile,
        };
        chromium.open_tab()?;
        Ok(chromium)
    }

    fn open_tab(&mut self) -> anyhow::Result<()> {
        let tab = self.call("Target.createTarget", &json!({ "url": "about:blank" }))?;
        let attach = json!({ "targetId": tab["targetId"], "flatten": true });
        let attached = self.call("Target.attachToTarget", &attach)?;
        self.session = Some(attached["sessionId"].as_str().context("a session")?.to_owned());
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), &json!({}))?;
        }
        let cut = json!({
            "offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0,
        });
        self.call("Network.emulateNetworkConditions", &cut)?;
        Ok(())
    }

    /// Sends a command and waits for its result.
    pub(super) fn call(&mut self, method: &str, parameters: &Value) -> anyhow::Result<Value> {
        self.last_id += 1;
        let mut message = json!({ "id": self.last_id, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.input.write_all(&bytes).with_context(|| format!("sending {method} to Chromium"))?;
        loop {
            let message = self.receive().with_context(|| format!("waiting for {method}"))?;
            if message["id"] != self.last_id {
                self.events.push_back(message);
                continue;
            }
            if let Some(error) = message.get("error") {
                bail!("{method}: {error}");
            }
            return Ok(message["result"].clone());
        }
    }

    /// Waits for an event.
    pub(super) fn wait_for(&mut self, method: &str) -> anyhow::Result<()> {
        while !self.events.iter().any(|event| event["method"] == method) {
            let event = self.receive().with_context(|| format!("waiting for {method}"))?;
            self.events.push_back(event);
        }
        Ok(())
    }

    /// The events since the last call.
    pub(super) fn take_events(&mut self) -> Vec<Value> {
        self.events.extend(self.messages.try_iter());
        self.events.drain(..).collect()
    }

    /// The value of a JavaScript expression, awaited if it is a promise.
    pub(super) fn evaluate(&mut self, expression: &str) -> anyhow::Result<Value> {
        let parameters =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let outcome = self.call("Runtime.evaluate", &parameters)?;
        let thrown = outcome.get("exceptionDetails");
        ensure!(thrown.is_none(), "{expression} throws {}", thrown.unwrap_or(&Value::Null));
        Ok(outcome["result"]["value"].clone())
    }

    fn receive(&self) -> anyhow::Result<Value> {
        self.messages.recv_timeout(PATIENCE).context("Chromium does not answer")
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads on another thread, so that we can stop waiting for a browser that does not answer.
fn read_messages(output: ChildStdout) -> Receiver<Value> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for message in BufReader::new(output).split(0).map_while(Result::ok) {
            let Ok(message) = serde_json::from_slice(&message) else { break };
            if sender.send(message).is_err() {
                break;
            }
        }
    });
    receiver
}
