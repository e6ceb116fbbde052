//! The parts of a repository: its files as they are kept, and the objects that they hold.

use crate::{fixtures::Sandbox, mutate::mutated, splitmix::Random};
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::Command,
};

/// A repository with some versions of `slo.toml` and of an export, once as loose objects and once
/// packed.
pub(crate) struct Repository {
    /// The files below `.git` with what they hold.
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Repository {
    pub(crate) fn made(sandbox: &Sandbox, folder: &str, is_packed: bool) -> Repository {
        let inner = Sandbox::at(sandbox.path(folder));
        let git = |arguments: &[&str]| {
            let output = Command::new("git")
                .args(["-c", "user.name=A", "-c", "user.email=a@b"])
                .args(arguments)
                .current_dir(inner.path(""))
                .env("GIT_CONFIG_GLOBAL", "/dev/null")
                .env("GIT_CONFIG_NOSYSTEM", "1")
                .output()
                .unwrap();
            assert!(output.status.success(), "{output:?}");
        };
        let export = fs::read_to_string(sandbox.path("orders.slo.json")).unwrap();
        inner.write("orders.slo.json", &export);
        git(&["init", "--quiet", "--initial-branch", "main"]);
        for version in 1..6 {
            let facts = format!("[traffic]\n\"checkout\" = \"{version}000/day\"\n");
            inner.write("slo.toml", facts.clone() + &"# the same\n".repeat(20));
            let changed = export.replace("999000000", &format!("99{version}000000"));
            inner.write("orders.slo.json", changed);
            git(&["add", "--all"]);
            git(&["commit", "--quiet", "--message", "x"]);
        }
        if is_packed {
            git(&["gc", "--quiet"]);
        }
        for needless in ["hooks", "logs", "description", "info"] {
            let path = inner.path(".git").join(needless);
            let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
        }
        let mut files = Vec::new();
        listed(&inner.path(".git"), &mut files);
        files.sort();
        Repository { files }
    }

    /// Changes a file, and gives back what puts it right again.
    pub(crate) fn mutate(&self, random: &mut Random) -> impl FnOnce() + use<> {
        let (path, whole) = &self.files[random.below(self.files.len())];
        let (_, other) = &self.files[random.below(self.files.len())];
        let mut inflated = Vec::new();
        let is_object = ZlibDecoder::new(&whole[..])
            .read_to_end(&mut inflated)
            .is_ok();
        let changed = match is_object && random.below(4) > 0 {
            true => deflated(&mutated(random, &inflated, other)),
            false => mutated(random, whole, other),
        };
        replace(path, &changed);
        let (path, whole) = (path.clone(), whole.clone());
        move || replace(&path, &whole)
    }
}

/// Objects are kept read-only.
fn replace(path: &Path, bytes: &[u8]) {
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn listed(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        match path.is_dir() {
            true => listed(&path, files),
            false => files.push((path.clone(), fs::read(path).unwrap())),
        }
    }
}
