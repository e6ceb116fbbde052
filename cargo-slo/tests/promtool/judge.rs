//! promtool, started.

use std::{path::Path, process::Command};

/// Runs promtool on a file, which it has to accept.
pub(crate) fn promtool(arguments: &[&str], file: &Path) {
    if let Err(why) = judge(arguments, file) {
        panic!("{}\n{why}", file.display());
    }
}

/// Runs promtool on a file; what it says where it does not accept it.
pub(crate) fn judge(arguments: &[&str], file: &Path) -> Result<(), String> {
    let output = command().args(arguments).arg(file).output();
    let output = output
        .unwrap_or_else(|error| panic!("promtool can't be started ({error}): install Prometheus"));
    if output.status.success() {
        return Ok(());
    }
    let texts = [&output.stdout, &output.stderr];
    Err(texts.map(|text| String::from_utf8_lossy(text)).join("\n"))
}

/// True where it knows names with dots: that of Prometheus 3.
pub(crate) fn knows_utf8_names() -> bool {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rules.yaml");
    let rules = "groups: [{name: a, rules: [{record: 'a:b:c', expr: '{\"a.b\"}'}]}]";
    std::fs::write(&path, rules).unwrap();
    let output = command().args(["check", "rules"]).arg(&path).output();
    let knows = output.unwrap().status.success();
    if !knows {
        eprintln!("this promtool is older than 3: UTF-8 names are left out");
    }
    knows
}

fn command() -> Command {
    Command::new(std::env::var_os("PROMTOOL").unwrap_or_else(|| "promtool".into()))
}
