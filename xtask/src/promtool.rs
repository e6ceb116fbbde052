//! Prometheus' own tool reads what is generated for the shop, and runs the tests of
//! `cargo-slo` that need it.

use crate::{
    Outcome,
    command::{self, cargo, output, root},
    histories,
    programs::slo,
};
use std::{fs, ops::RangeInclusive, path::Path, process::Command};

pub(crate) fn run() -> Outcome {
    output(Command::new("promtool").arg("--version")).map_err(|why| {
        format!("{why}; promtool is in Debian's package `prometheus`, or comes with Prometheus")
    })?;
    command::run(&mut tests("promtool"))?;
    histories::run()?;

    let rules = root().join("target/slo/promtool");
    // A file of an earlier run is not to be mistaken for one of this.
    let _ = fs::remove_dir_all(&rules);
    for mode in ["per-slo", "universal"] {
        let folder = rules.join(mode);
        let packages = SHOP.iter().flat_map(|package| ["--package", package]);
        command::run(
            slo()?
                .args(["generate", "prometheus", "promtool", "--mode", mode])
                .args(packages)
                .arg("-o")
                .arg(&folder),
        )?;
        let of_rules = match mode {
            "universal" => 1,
            _ => SHOP.len(),
        };
        judge(
            &["check", "rules", "--lint-fatal"],
            &folder,
            "yaml",
            of_rules..=of_rules,
        )?;
        // A service with many SLOs has a second file.
        let of_cases = SHOP.len()..=2 * SHOP.len();
        judge(&["test", "rules"], &folder, "test", of_cases)?;
    }
    Ok(())
}

/// What evaluates rules for minutes spends a quarter of its time on collecting garbage, and is not short of
/// memory: this lets Go collect less often.
pub(crate) const LESS_GARBAGE: (&str, &str) = ("GOGC", "400");

/// The tests of `cargo-slo` of this name, which need promtool. They are asked for of the whole workspace,
/// whose tests are built already: of one package alone, most of its dependencies have fewer features, and
/// all that depends on them is built again.
pub(crate) fn tests(name: &str) -> Command {
    let mut tests = cargo();
    tests.args(["test", "--workspace", "--test", name]);
    tests.env(LESS_GARBAGE.0, LESS_GARBAGE.1);
    tests
}

/// The services of the shop.
const SHOP: [&str; 4] = [
    "shop-gateway",
    "shop-orders",
    "shop-payments",
    "shop-settlement",
];

/// Runs promtool on the files of a folder that end so, which have to be that many.
fn judge(
    arguments: &[&str],
    folder: &Path,
    ending: &str,
    expected: RangeInclusive<usize>,
) -> Outcome {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|own| own == ending))
        .collect();
    files.sort();
    if !expected.contains(&files.len()) {
        return Err(format!(
            "expected {expected:?} files that end in .{ending}, found {files:?}"
        ));
    }
    command::run(Command::new("promtool").args(arguments).args(files))
}
