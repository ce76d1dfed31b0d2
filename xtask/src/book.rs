//! `cargo xtask book`: the book as a website.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, bail};
use clap::Args;
use nnfs_book::pages::{files, in_repository, map_links};

use crate::workspace::{command, run as step, workspace};

/// Build the book in docs as a website, in target/book
///
/// It needs mdBook (`cargo install mdbook`). The live page, which `cargo xtask live` writes, becomes part
/// of the book.
#[derive(Debug, Args)]
pub(crate) struct BookOptions {
    /// Where links to files outside of docs lead, such as `https://github.com/OWNER/nnfs/blob/main`
    /// [default: the files of this folder]
    #[arg(long, value_name = "URL")]
    repository: Option<String>,
}

/// Copies the pages, with links that hold in the website, and builds it.
///
/// # Errors
/// If a file cannot be read or written, or mdBook is missing or fails.
pub(crate) fn run(options: &BookOptions) -> anyhow::Result<()> {
    let target = workspace().join("target");
    let (source, book) = (target.join("book-source"), target.join("book"));
    let local = format!("file://{}", workspace().display());
    copy(&workspace().join("docs"), &source, options.repository.as_deref().unwrap_or(&local))?;

    let mut build = command("mdbook");
    build.arg("build").arg(&source).arg("--dest-dir").arg(&book);
    match step(&mut build) {
        Err(error) if is_missing(&error) => {
            bail!("mdbook is missing; `cargo install mdbook` installs it")
        }
        built => built?,
    }

    let live = target.join("live").join("chapter.html");
    if live.exists() {
        fs::create_dir_all(book.join("live"))?;
        fs::copy(&live, book.join("live").join("chapter.html"))?;
    } else {
        println!("without the live page: `cargo xtask live` writes it");
    }
    println!("{}", book.join("index.html").display());
    Ok(())
}

fn is_missing(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<std::io::Error>();
    error.is_some_and(|error| error.kind() == ErrorKind::NotFound)
}

/// Copies the docs anew. A link that leaves them leads to the repository.
fn copy(docs: &Path, source: &Path, repository: &str) -> anyhow::Result<()> {
    match fs::remove_dir_all(source) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    for name in files(docs)? {
        let (from, to) = (docs.join(&name), source.join(&name));
        fs::create_dir_all(to.parent().context("a file is in a folder")?)?;
        if name.ends_with(".md") {
            let text = fs::read_to_string(&from)?;
            fs::write(&to, map_links(&text, |link| in_website(&name, link, repository)))?;
        } else {
            fs::copy(&from, &to)?;
        }
    }
    Ok(())
}

/// The target of a link of a page in the website.
fn in_website(page: &str, link: &str, repository: &str) -> String {
    let (path, heading) = link.split_at(link.find('#').unwrap_or(link.len()));
    if path.is_empty() || path.contains("://") {
        return link.to_owned();
    }
    let target = in_repository(page, path);
    if target.starts_with("docs/") {
        return link.to_owned();
    }
    format!("{repository}/{target}{heading}")
}

#[cfg(test)]
mod tests {
    use super::in_website;

    #[test]
    fn links_out_of_the_docs_lead_to_the_repository() {
        let of = |page, link| in_website(page, link, "https://example.org");
        assert_eq!(
            of("tables.md", "../crates/cli#errors"),
            "https://example.org/crates/cli#errors"
        );
        assert_eq!(
            of("guide/service.md", "../../crates/nnfs/README.md"),
            "https://example.org/crates/nnfs/README.md"
        );
        for link in ["errata.md", "#how", "../docs/errata.md#how", "https://a.b/c.md"] {
            assert_eq!(of("tables.md", link), link);
        }
    }
}
