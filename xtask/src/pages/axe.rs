//! axe-core, which finds what keyboards and screen readers stumble over.

use crate::command::{quietly, root};
use std::{fs, path::Path, process::Command};

/// Its source, to be evaluated in a page; pinned in `tests/judges/pages`, whose lock file says
/// what it has to be.
pub(super) fn source(folder: &Path) -> Result<String, String> {
    let folder = folder.join("axe");
    let from = root().join("tests/judges/pages");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(from.join(file), folder.join(file)).map_err(failed)?;
    }
    quietly(
        Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(&folder),
    )
    .map_err(|why| format!("{why}; npm comes with Node.js, and is Debian's package `npm`"))?;
    fs::read_to_string(folder.join("node_modules/axe-core/axe.min.js")).map_err(failed)
}
