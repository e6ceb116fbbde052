//! The shop without its annotations gets new ones from `cargo slo init --annotate`, and compiles.

use crate::{
    Outcome,
    command::{self, cargo, root},
    programs::slo,
};
use std::{fs, path::Path};

/// How many handlers the shop has.
const HANDLERS: usize = 7;

pub(crate) fn run() -> Outcome {
    let folder = root().join("target/annotate");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    copy(&root().join("examples/shop"), &folder.join("shop"))?;
    let manifest = read(&root().join("Cargo.toml"))?;
    let (_, shared) = manifest
        .split_once("[workspace.package]")
        .ok_or("Cargo.toml has a [workspace.package]")?;
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\"shop/*\"]\n\n[workspace.package]{}",
        shared.replace("path = \"", "path = \"../../")
    );
    write(&folder.join("Cargo.toml"), &manifest)?;
    copy_file(&root().join("Cargo.lock"), &folder.join("Cargo.lock"))?;
    command::run(
        slo()?
            .current_dir(&folder)
            .args(["init", "--annotate", "--workspace"])
            .args(["--write", "--force", "--offline"]),
    )?;
    let annotated = annotations(&folder.join("shop"))?;
    if annotated != HANDLERS {
        return Err(format!(
            "{HANDLERS} handlers should be annotated, {annotated} are"
        ));
    }
    command::run(
        cargo()
            .current_dir(&folder)
            .args(["check", "--workspace", "--offline"])
            .env("CARGO_TARGET_DIR", root().join("target")),
    )
}

/// Copies a folder, without the annotations in its sources.
fn copy(from: &Path, to: &Path) -> Outcome {
    let told = |error: std::io::Error| format!("{}: {error}", from.display());
    fs::create_dir_all(to).map_err(told)?;
    for entry in fs::read_dir(from).map_err(told)? {
        let path = entry.map_err(told)?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &target)?;
        } else if path.extension().is_some_and(|end| end == "rs") {
            write(&target, &bare(&read(&path)?))?;
        } else {
            copy_file(&path, &target)?;
        }
    }
    Ok(())
}

/// The lines of a source without its annotations, each of which rustfmt begins and ends on a line.
fn bare(text: &str) -> String {
    let mut bare = String::new();
    let mut is_annotation = false;
    for line in text.split_inclusive('\n') {
        is_annotation |= line.trim_start().starts_with("#[slo(");
        if !is_annotation {
            bare.push_str(line);
        }
        is_annotation &= !line.trim_end().ends_with(")]");
    }
    bare
}

/// How many annotations the sources below a folder have.
fn annotations(folder: &Path) -> Result<usize, String> {
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut count = 0;
    for entry in fs::read_dir(folder).map_err(told)? {
        let path = entry.map_err(told)?.path();
        if path.is_dir() {
            count += annotations(&path)?;
        } else if path.extension().is_some_and(|end| end == "rs") {
            count += read(&path)?.matches("#[slo(").count();
        }
    }
    Ok(count)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn copy_file(from: &Path, to: &Path) -> Outcome {
    fs::copy(from, to)
        .map(drop)
        .map_err(|error| format!("{}: {error}", from.display()))
}
