//! Puts the page together: its styles, its scripts and the module in one file.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::workspace::workspace;

/// The bytes of the largest page.
const LARGEST: usize = 1_500_000;

/// The file of the page with the list of its styles and scripts, in their order.
const ORDER: &str = "order.txt";

/// The script of the worker, which becomes a text inside the page.
const WORKER: &str = "worker.js";

/// The page with a module.
///
/// # Errors
/// If a file is missing, or the page is too large.
pub(super) fn html(module: &[u8]) -> anyhow::Result<String> {
    let folder = workspace().join("crates").join("live").join("page");
    let order = read(&folder, ORDER)?;
    let files = || order.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#'));
    let mut style = String::new();
    for file in files().filter(|file| file.ends_with(".css")) {
        style += &read(&folder, file)?;
    }
    let worker = text(&read(&folder, WORKER)?)?;
    let mut scripts = format!(
        "<script>const WORKER_SOURCE = {worker}; const MODULE_BASE64 = \"{}\";</script>\n",
        STANDARD.encode(zipped(module)?)
    );
    for file in files().filter(|file| file.ends_with(".js")) {
        let script = read(&folder, file)?;
        ensure!(!script.contains("</script"), "{file} must not contain \"</script\"");
        scripts += &format!("<script>\n{script}</script>\n");
    }
    let template = read(&folder, "page.html")?;
    let html = filled(
        &template,
        &[("<!--STYLE-->", &format!("<style>\n{style}</style>")), ("<!--SCRIPTS-->", &scripts)],
    )?;
    ensure!(html.len() <= LARGEST, "the page has {} bytes, more than {LARGEST}", html.len());
    Ok(html)
}

fn read(folder: &Path, file: &str) -> anyhow::Result<String> {
    let path = folder.join(file);
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// A text as a literal of JavaScript inside HTML.
fn text(text: &str) -> anyhow::Result<String> {
    Ok(serde_json::to_string(text)?.replace('<', "\\u003c"))
}

/// Every browser with the instructions of the module can undo gzip.
fn zipped(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(module)?;
    Ok(encoder.finish()?)
}

/// The template with each mark, which it has once, replaced.
fn filled(template: &str, parts: &[(&str, &String)]) -> anyhow::Result<String> {
    let mut html = template.to_owned();
    for (mark, part) in parts {
        let (before, after) =
            html.split_once(mark).with_context(|| format!("page.html has no {mark}"))?;
        html = [before, part, after].concat();
    }
    Ok(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_filled_once() {
        let parts = [("<!--A-->", &"1<!--A-->".to_owned()), ("<!--B-->", &"2".to_owned())];
        assert_eq!(filled("<!--A--> and <!--B-->", &parts).unwrap(), "1<!--A--> and 2");
        assert!(filled("<!--A-->", &parts).is_err());
    }

    #[test]
    fn a_text_cannot_end_its_script() {
        assert_eq!(text("a </script> \"b\"").unwrap(), r#""a \u003c/script> \"b\"""#);
    }
}
