//! Which Python runs the scripts of a folder in `xtask`.

use std::path::{Path, PathBuf};

use crate::workspace::workspace;

/// The one that was asked for; or that of the first of these folders in `xtask` that has an
/// environment, which its README makes; or the system's.
pub(crate) fn python(chosen: Option<&Path>, folders: &[&str]) -> PathBuf {
    let own = |folder: &&str| workspace().join("xtask").join(folder).join(".venv/bin/python");
    let found = || folders.iter().map(own).find(|python| python.exists());
    chosen.map(Path::to_owned).or_else(found).unwrap_or_else(|| PathBuf::from("python3"))
}
