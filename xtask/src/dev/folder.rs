//! Projects of people: in a folder of their own, where `cargo slo` is installed.

use super::programs::Programs;
use crate::{
    command::{self, cargo, root},
    readme::project,
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{self, Command},
};

/// An empty folder that belongs to no workspace. It goes with this.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn create(name: &str) -> Result<Folder, String> {
        let path = env::temp_dir().join(format!("slo-{name}-{}", process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Folder(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// What `cargo new` makes, where what is published is what is here, with the versions that all
    /// else is tested with.
    pub(super) fn project(&self, name: &str) -> Result<PathBuf, String> {
        command::quietly(cargo().args(["new", "--quiet", name]).current_dir(&self.0))?;
        let project = self.0.join(name);
        fs::copy(root().join("Cargo.lock"), project.join("Cargo.lock"))
            .and_then(|_| fs::create_dir(self.0.join(".cargo")))
            .and_then(|()| fs::write(self.0.join(".cargo/config.toml"), project::patches()))
            .map_err(|error| error.to_string())?;
        Ok(project)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A shell in a folder, where `cargo slo` is installed and somebody typed this.
pub(super) fn shell(typed: &str, programs: &Programs, folder: &Path) -> Command {
    let mut command = Command::new("sh");
    let path = env::var_os("PATH").unwrap_or_default();
    let installed = programs.command.parent().map(Path::to_owned);
    let folders = installed.into_iter().chain(env::split_paths(&path));
    if let Ok(path) = env::join_paths(folders) {
        command.env("PATH", path);
    }
    // The shell becomes the command, and signals reach that.
    command
        .args(["-c", &format!("exec {typed}")])
        .current_dir(folder);
    // What the README's own test has built, if it ran.
    command.env("CARGO_TARGET_DIR", root().join("target/readme/target"));
    super::plain(&mut command);
    command
}
