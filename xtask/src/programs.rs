//! The programs of the workspace, as its tests are built.

use crate::command::{cargo, forget_package, quietly, root};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// Every program of the workspace, each by its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Programs(&'static Path);

impl Programs {
    /// Builds them, once in a process. Beside the tests a dependency has the features that all of the
    /// workspace asks of it: after `cargo test --workspace` little is left to build. Of one package alone
    /// most dependencies have fewer, and they and all that depends on them would be built once more.
    pub(crate) fn built() -> Result<Programs, String> {
        static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
        let folder = FOLDER.get_or_init(|| {
            let target = root().join("target");
            let mut build = cargo();
            build.args(["build", "--quiet", "--workspace", "--bins", "--test", "it"]);
            quietly(build.env("CARGO_TARGET_DIR", &target))?;
            Ok(target.join("debug"))
        });
        match folder {
            Ok(folder) => Ok(Programs(folder)),
            Err(why) => Err(why.clone()),
        }
    }

    /// Where one is.
    pub(crate) fn path(self, name: &str) -> PathBuf {
        self.0.join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// A copy of one in a folder, which nobody builds again while it runs.
    pub(crate) fn copied(self, name: &str, folder: &Path) -> Result<PathBuf, String> {
        let (built, copy) = (self.path(name), folder.join(name));
        match fs::copy(&built, &copy) {
            Ok(_) => Ok(copy),
            Err(error) => Err(format!("{}: {error}", built.display())),
        }
    }

    /// Starts to say what one is to do, in the root of the workspace.
    pub(crate) fn command(self, name: &str) -> Command {
        let mut command = Command::new(self.path(name));
        command.current_dir(root());
        forget_package(&mut command);
        command
    }
}

/// `cargo slo`, with arguments to come.
pub(crate) fn slo() -> Result<Command, String> {
    let mut command = Programs::built()?.command("cargo-slo");
    command.arg("slo");
    Ok(command)
}
