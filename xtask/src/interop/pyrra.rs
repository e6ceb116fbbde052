//! Pyrra judges its resources and makes rules of them, which promtool judges.

use super::{made, prometheus, tools};
use crate::{
    Outcome,
    command::{output, root},
};
use std::{fs, process::Command};

pub(super) fn run() -> Outcome {
    let judge = tools::built("pyrra", ".")?;
    let files = made::all(".pyrra.yaml")?;
    let rules = output(Command::new(judge).args(&files))?;
    let path = root().join("target/interop/pyrra.rules.yaml");
    fs::write(&path, rules).map_err(|error| format!("{}: {error}", path.display()))?;
    let found = prometheus::check_rules(&prometheus::promtool()?, &path)?;
    eprintln!("  {} resources: {found}", files.len());
    Ok(())
}
