//! A service whose protected branch freezes at nothing left, and a merge request that would not.

use crate::{command, programs::slo};
use serde_json::json;
use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

/// The address that the repository has for GitLab.
const REMOTE: &str = "git@gitlab.example:shop/orders.git";

const POLICY: &str = "service = \"orders\"\n[[budget-policy]]\nleft = \"0%\"\nthen = \"freeze\"\n";

/// Folders that deliveries see.
pub(super) struct Shop {
    /// A clone with the protected branch.
    pub(super) protected: PathBuf,
    /// A clone with a merge request.
    pub(super) merge_request: PathBuf,
    /// What a `ConfigMap` looks like in a container.
    pub(super) mounted: PathBuf,
}

impl Shop {
    pub(super) fn make(folder: &Path) -> Result<Shop, String> {
        let shop = Shop {
            protected: folder.join("protected"),
            merge_request: folder.join("merge-request"),
            mounted: folder.join("mounted"),
        };
        let failed = |error: io::Error| error.to_string();
        fs::create_dir_all(&shop.protected).map_err(failed)?;
        git(
            &shop.protected,
            &["init", "--quiet", "--initial-branch", "main"],
        )?;
        export(folder, POLICY, &shop.protected)?;
        fs::write(shop.protected.join("slo-overrides.toml"), "").map_err(failed)?;
        commit(&shop.protected)?;
        git(folder, &["clone", "--quiet", "protected", "merge-request"])?;
        let change = &shop.merge_request;
        git(change, &["checkout", "--quiet", "-b", "change"])?;
        git(change, &["remote", "set-url", "origin", REMOTE])?;
        let from = format!("url.file://{}.insteadOf", shop.protected.display());
        git(change, &["config", &from, REMOTE])?;
        export(folder, &POLICY.replace("freeze", "nothing"), change)?;
        shop.mount().map_err(failed)?;
        Ok(shop)
    }

    /// A folder that a kubelet writes: links to a folder that is changed as a whole.
    fn mount(&self) -> io::Result<()> {
        let data = self.mounted.join("..2026_11_29");
        fs::create_dir_all(&data)?;
        link("..2026_11_29", &self.mounted.join("..data"))?;
        for (from, name) in [
            ("slo/orders.slo.json", "orders.slo.json"),
            ("slo-overrides.toml", "slo-overrides.toml"),
        ] {
            fs::copy(self.protected.join(from), data.join(name))?;
            link(&format!("..data/{name}"), &self.mounted.join(name))?;
        }
        Ok(())
    }
}

#[cfg(unix)]
fn link(to: &str, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, at)
}

#[cfg(not(unix))]
fn link(_: &str, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Writes the export of the service into a repository, and what GitLab reads there.
fn export(folder: &Path, policy: &str, repository: &Path) -> Result<(), String> {
    let record = json!({
        "name": "place-order",
        "journey": {
            "name": "checkout",
            "hash": "1",
            "objectives": {
                "availability_ppb": 999_000_000,
                "latency": [{"name": "latency", "target_ppb": 990_000_000, "threshold_ns": 500_000_000}],
                "window": "30d",
            },
        },
        "hash": "2",
        "source": {
            "package": "p", "version": "1.0.0", "module": "m", "function": "f", "file": "f.rs", "line": 1,
        },
    });
    let raw = json!({"format": 1, "generator": "", "service": "orders", "records": [record]});
    let failed = |error: io::Error| error.to_string();
    fs::write(folder.join("raw.slo.json"), raw.to_string()).map_err(failed)?;
    fs::write(folder.join("slo.toml"), policy).map_err(failed)?;
    let mut slo = slo()?;
    slo.args([
        "export",
        "--export",
        "raw.slo.json",
        "--slo-toml",
        "slo.toml",
        "-o",
    ]);
    command::quietly(slo.arg(repository.join("slo")).current_dir(folder)).map(drop)
}

fn commit(repository: &Path) -> Result<(), String> {
    git(repository, &["add", "--all"])?;
    let who = ["-c", "user.name=shop", "-c", "user.email=shop@shop.example"];
    git(
        repository,
        &[&who[..], &["commit", "--quiet", "--message", "SLOs"]].concat(),
    )
}

fn git(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    command::quietly(Command::new("git").args(arguments).current_dir(folder)).map(drop)
}
