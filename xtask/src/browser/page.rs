//! A report in a browser, and the actions of a reader.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::chromium::Chromium;

const PROBE: &str = include_str!("probe.js");

/// The longest time that the page may take for anything.
const PATIENCE: Duration = Duration::from_secs(20);

/// An open page.
pub(super) struct Page<'a> {
    chromium: &'a mut Chromium,
    url: String,
}

impl<'a> Page<'a> {
    /// Opens a file on a screen of this width, in light or dark colours.
    pub(super) fn open(
        chromium: &'a mut Chromium,
        file: &Path,
        width: u32,
        dark: bool,
    ) -> anyhow::Result<Self> {
        let file = file.canonicalize().with_context(|| format!("no {}", file.display()))?;
        let url = format!("file://{}", file.display());
        set_width(chromium, width)?;
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        chromium.call("Emulation.setEmulatedMedia", &media)?;
        chromium.take_events();
        chromium.call("Page.navigate", &json!({ "url": url }))?;
        chromium.wait_for("Page.loadEventFired")?;
        chromium.evaluate(PROBE)?;
        Ok(Self { chromium, url })
    }

    /// Changes the width of the screen, as turning a phone does.
    pub(super) fn resize(&mut self, width: u32) -> anyhow::Result<()> {
        set_width(self.chromium, width)
    }

    /// The result of a function of `probe.js`.
    pub(super) fn probe<T: DeserializeOwned>(&mut self, call: &str) -> anyhow::Result<T> {
        let value = self.chromium.evaluate(&format!("probe.{call}"))?;
        serde_json::from_value(value).with_context(|| format!("what {call} gives"))
    }

    /// Runs a script in the page.
    pub(super) fn add(&mut self, script: &str) -> anyhow::Result<()> {
        self.chromium.evaluate(script).map(drop)
    }

    /// The value of an expression in the page.
    pub(super) fn ask<T: DeserializeOwned>(&mut self, expression: &str) -> anyhow::Result<T> {
        let value = self.chromium.evaluate(expression)?;
        serde_json::from_value(value).with_context(|| format!("what {expression} gives"))
    }

    /// Waits until a condition holds.
    pub(super) fn wait_until(
        &mut self,
        what: &str,
        mut is_so: impl FnMut(&mut Self) -> anyhow::Result<bool>,
    ) -> anyhow::Result<()> {
        let start = Instant::now();
        while !is_so(self)? {
            ensure!(start.elapsed() < PATIENCE, "{}: {what} does not happen", self.url);
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Clicks an element with the mouse.
    pub(super) fn click(&mut self, selector: &str) -> anyhow::Result<()> {
        let (x, y): (f64, f64) = self.probe(&format!("middle({})", json!(selector)))?;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.chromium.call("Input.dispatchMouseEvent", &event)?;
        }
        Ok(())
    }

    /// Presses a key in the element with the focus.
    pub(super) fn press(&mut self, key: &str, code: u32) -> anyhow::Result<()> {
        for kind in ["keyDown", "keyUp"] {
            let event =
                json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            self.chromium.call("Input.dispatchKeyEvent", &event)?;
        }
        Ok(())
    }

    /// Gives an element the focus.
    pub(super) fn focus(&mut self, selector: &str) -> anyhow::Result<()> {
        self.chromium.evaluate(&format!("document.querySelector({}).focus()", json!(selector)))?;
        Ok(())
    }

    /// Fails if the browser has reported an error, or if the page has requested anything but itself.
    pub(super) fn ensure_quiet(&mut self) -> anyhow::Result<()> {
        for event in self.chromium.take_events() {
            let parameters = &event["params"];
            let complaint = match event["method"].as_str().unwrap_or_default() {
                "Runtime.exceptionThrown" => Some(&parameters["exceptionDetails"]),
                "Runtime.consoleAPICalled" => Some(&parameters["args"]),
                "Log.entryAdded" => Some(&parameters["entry"]),
                "Network.requestWillBeSent" => {
                    let url = parameters["request"]["url"].as_str().unwrap_or_default();
                    // A worker of the page comes from a Blob.
                    let is_own =
                        url == self.url || url.starts_with("data:") || url.starts_with("blob:");
                    (!is_own).then_some(&parameters["request"])
                }
                _ => None,
            };
            ensure!(complaint.is_none(), "{}: {}", self.url, complaint.unwrap_or(&Value::Null));
        }
        Ok(())
    }

    /// The whole page as a PNG.
    pub(super) fn screenshot(&mut self) -> anyhow::Result<Vec<u8>> {
        let metrics = self.chromium.call("Page.getLayoutMetrics", &json!({}))?;
        let size = &metrics["cssContentSize"];
        let clip = json!({
            "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1,
        });
        self.capture(&json!({ "format": "png", "captureBeyondViewport": true, "clip": clip }))
    }

    /// What the screen shows, as a PNG.
    pub(super) fn screen(&mut self) -> anyhow::Result<Vec<u8>> {
        self.capture(&json!({ "format": "png" }))
    }

    fn capture(&mut self, parameters: &Value) -> anyhow::Result<Vec<u8>> {
        let shot = self.chromium.call("Page.captureScreenshot", parameters)?;
        let text = shot["data"].as_str().context("a picture")?;
        BASE64_STANDARD.decode(text).context("a picture")
    }
}

fn set_width(chromium: &mut Chromium, width: u32) -> anyhow::Result<()> {
    let screen =
        json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 900 });
    chromium.call("Emulation.setDeviceMetricsOverride", &screen)?;
    Ok(())
}
