//! Sloth judges its specifications and makes rules of them, which promtool judges.

use super::{made, prometheus, tools};
use crate::{
    Outcome,
    command::{quietly, root},
};
use std::process::Command;

const SLOTH: &str = "github.com/slok/sloth/cmd/sloth@v0.16.0";

pub(super) fn run() -> Outcome {
    let sloth = tools::installed("sloth", SLOTH, &[])?;
    let promtool = prometheus::promtool()?;
    let rules = root().join("target/interop/sloth.rules.yaml");
    for file in made::all(".sloth.yaml")? {
        let run = |action: &str, more: &[&std::ffi::OsStr]| {
            quietly(
                Command::new(&sloth)
                    .args([action, "--no-log", "--input"])
                    .arg(&file)
                    .args(more),
            )
        };
        run("validate", &[])?;
        run("generate", &["--out".as_ref(), rules.as_os_str()])?;
        let found = prometheus::check_rules(&promtool, &rules)?;
        eprintln!("  {}: {found}", made::shown(&file));
    }
    Ok(())
}
