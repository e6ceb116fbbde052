//! The files that are judged.

use crate::{
    Outcome,
    command::{quietly, root},
    programs::slo,
};
use std::{fs, path::PathBuf};

/// The packages of the example shop that have SLOs.
const SHOP: [&str; 4] = [
    "shop-gateway",
    "shop-orders",
    "shop-payments",
    "shop-settlement",
];

/// Definitions that are meant to break something, as one uses them by default and with every
/// setting changed. Pyrra refuses names with dots, and its judge joins all it makes into one file,
/// which may hold an SLO only once.
const DEFINITIONS: [(&str, &str, &str); 5] = [
    ("edge", "edge", ""),
    ("hostile", "hostile", ""),
    ("hostile-said", "hostile", SAID),
    ("edge-utf8", "edge", DOTS),
    ("hostile-utf8", "hostile", DOTS),
];

/// With everything that `slo.toml` and the catalogue can say.
const SAID: &str = "--slo-toml tests/judges/definitions/hostile.toml --catalog \
                    tests/judges/definitions/catalogue";

const DOTS: &str = "--names utf8 --service-label service_name --scaling scale-windows";

/// Everything but our own rules, which have a judge of their own.
const OUTPUTS: [&str; 7] = [
    "alertmanager",
    "datadog",
    "grafana",
    "openslo",
    "pyrra",
    "sloth",
    "terraform",
];

fn folder() -> PathBuf {
    root().join("target/interop/made")
}

/// Generates them again: no file of an earlier run is mistaken for one of this.
pub(super) fn make() -> Outcome {
    let _ = fs::remove_dir_all(folder());
    let packages = shop();
    generate("shop", &OUTPUTS, &packages)?;
    for mode in MODES {
        let arguments = [&packages[..], &["--mode".to_owned(), mode.to_owned()]].concat();
        generate(&format!("rules-{mode}"), &["prometheus"], &arguments)?;
    }
    for (name, definition, options) in DEFINITIONS {
        let file = root().join(format!("tests/judges/definitions/{definition}.slo.json"));
        let mut arguments = vec!["--export".to_owned(), file.display().to_string()];
        arguments.extend(options.split_whitespace().map(str::to_owned));
        let outputs = OUTPUTS.into_iter();
        let outputs: Vec<_> = outputs
            .filter(|output| options.is_empty() || *output != "pyrra")
            // Its judge plays the usual alerts.
            .filter(|output| options != SAID || *output != "alertmanager")
            .collect();
        generate(name, &outputs, &arguments)?;
    }
    Ok(())
}

/// The options that name the packages of the shop.
pub(super) fn shop() -> Vec<String> {
    let packages = SHOP.iter().flat_map(|package| ["--package", package]);
    packages.map(str::to_owned).collect()
}

/// The modes of rules for Prometheus, as the command line calls them.
pub(super) const MODES: [&str; 2] = ["per-slo", "universal"];

/// Generates outputs of these sources into a folder of this name.
pub(super) fn generate(name: &str, outputs: &[&str], sources: &[String]) -> Outcome {
    quietly(
        slo()?
            .arg("generate")
            .args(outputs)
            .args(sources)
            .arg("-o")
            .arg(folder().join(name))
            .env("CARGO_TARGET_DIR", root().join("target")),
    )
    .map(drop)
}

/// The files that end like this: those of the shop, then those of the definitions.
pub(super) fn all(ending: &str) -> Result<Vec<PathBuf>, String> {
    let mut files = files("shop", ending)?;
    for name in definitions() {
        files.extend(found(name, ending)?);
    }
    Ok(files)
}

/// The folders of what is made of them.
pub(super) fn definitions() -> impl Iterator<Item = &'static str> {
    DEFINITIONS.iter().map(|(name, ..)| *name)
}

/// The files of one folder that end like this, at least one.
pub(super) fn files(name: &str, ending: &str) -> Result<Vec<PathBuf>, String> {
    let files = found(name, ending)?;
    match files.is_empty() {
        true => Err(format!("no {ending} in {}", folder().join(name).display())),
        false => Ok(files),
    }
}

fn found(name: &str, ending: &str) -> Result<Vec<PathBuf>, String> {
    let folder = folder().join(name);
    let entries = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let ends = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.ends_with(ending))
    };
    let mut files: Vec<_> = paths.filter(ends).collect();
    files.sort();
    Ok(files)
}

/// The name of a file, for people.
pub(super) fn shown(path: &std::path::Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}
