//! `cargo xtask live`: the live chapter, one page that trains in the browser.

mod module;
mod node;
mod page;
mod programs;
mod saved;

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use clap::Args;

use crate::workspace::workspace;
pub(crate) use module::is_possible;
pub(crate) use saved::check as check_saved;

/// Write the live chapter, one page that trains networks in the browser, to target/live/chapter.html
///
/// It needs the target wasm32-unknown-unknown: `rustup target add wasm32-unknown-unknown`.
#[derive(Debug, Args)]
pub(crate) struct LiveOptions {
    /// Also run the module under Node: the nine runs against the digits of the book, and random settings
    #[arg(long)]
    check: bool,
    /// How many random settings are tried
    #[arg(long, value_name = "N", default_value_t = 300, requires = "check")]
    settings: usize,
}

/// Builds the page, and checks its module if that was asked for.
///
/// # Errors
/// If the target or Node is missing, or a check fails.
pub(crate) fn run(options: &LiveOptions) -> anyhow::Result<()> {
    let start = Instant::now();
    let (page, module) = build()?;
    println!("{} in {:.0} s", page.display(), start.elapsed().as_secs_f64());
    if options.check {
        node::check(&module, options.settings)?;
    }
    Ok(())
}

/// Builds the module and writes the page. Returns the paths of the page and of the module.
///
/// # Errors
/// If the target is missing, the build fails, or the page is too large.
pub(crate) fn build() -> anyhow::Result<(PathBuf, PathBuf)> {
    let folder = workspace().join("target").join("live");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let built = module::build()?;
    let module = folder.join("chapter.wasm");
    fs::copy(&built, &module).with_context(|| format!("cannot write {}", module.display()))?;
    let bytes = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
    let page = folder.join("chapter.html");
    let html = page::html(&bytes)?;
    fs::write(&page, &html).with_context(|| format!("cannot write {}", page.display()))?;
    println!("module {} KB, page {} KB", bytes.len() / 1000, html.len() / 1000);
    Ok((page, module))
}
