//! An empty project with what the README says to write into it.

use crate::command::{self, cargo, root};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Builds the program of a section of the README; where it is.
pub(crate) fn build(section: &str) -> Result<PathBuf, String> {
    let text = &self::section(section)?;
    let folder = root().join("target/readme").join(section);
    let _ = fs::remove_dir_all(&folder);
    let manifest = one(text, "toml")?;
    write(
        &folder,
        "Cargo.toml",
        &(manifest.to_owned() + "\n[workspace]\n\n" + &patches()),
    )?;
    for program in blocks(text, "rust,no_run") {
        let file = if program.starts_with("// build.rs\n") {
            "build.rs"
        } else {
            "src/main.rs"
        };
        write(&folder, file, program)?;
    }
    if let [definitions] = blocks(text, "proto")[..] {
        write(&folder, "proto/shop.proto", definitions)?;
    }
    // The versions that all else is tested with.
    let lock = root().join("Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock")).map_err(|error| error.to_string())?;

    let target = root().join("target/readme/target");
    command::run(
        cargo()
            .args(["build", "--quiet", "--manifest-path"])
            .arg(folder.join("Cargo.toml"))
            .env("CARGO_TARGET_DIR", &target),
    )?;
    let name = manifest
        .lines()
        .find_map(|line| line.strip_prefix("name = "));
    let name = name
        .ok_or("the manifest names its package")?
        .trim_matches('"');
    Ok(target.join("debug").join(name))
}

/// The text under a heading of the README.
pub(crate) fn section(title: &str) -> Result<String, String> {
    let readme = fs::read_to_string(root().join("README.md")).map_err(|error| error.to_string())?;
    let (_, text) = readme
        .split_once(&format!("\n### {title}\n"))
        .ok_or(format!("README.md has no `### {title}`"))?;
    Ok(text.split("\n### ").next().unwrap_or_default().to_owned())
}

/// The commands that a section shows.
pub(crate) fn commands(title: &str) -> Result<Vec<String>, String> {
    let text = section(title)?;
    let lines = one(&text, "console,ignore")?.lines();
    let commands = lines.filter_map(|line| line.strip_prefix("$ "));
    Ok(commands.map(str::to_owned).collect())
}

/// What is published is what is here.
pub(crate) fn patches() -> String {
    let mut text = "[patch.crates-io]\n".to_owned();
    for name in ["slo-macros", "slo-model", "slo-sdk", "slo-tower"] {
        text += &format!("{name} = {{ path = {:?} }}\n", root().join(name));
    }
    text
}

fn write(folder: &Path, file: &str, text: &str) -> Result<(), String> {
    let path = folder.join(file);
    let parent = path.parent().unwrap_or(folder);
    fs::create_dir_all(parent)
        .and_then(|()| fs::write(&path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// The only block of a kind.
pub(crate) fn one<'a>(text: &'a str, kind: &str) -> Result<&'a str, String> {
    match blocks(text, kind)[..] {
        [block] => Ok(block),
        ref blocks => Err(format!("{} blocks of `{kind}`, not one", blocks.len())),
    }
}

fn blocks<'a>(text: &'a str, kind: &str) -> Vec<&'a str> {
    let fence = format!("```{kind}\n");
    let after = text.split(fence.as_str()).skip(1);
    after
        .filter_map(|rest| Some(rest.split_once("```")?.0))
        .collect()
}
