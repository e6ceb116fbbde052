//! OpenSLO judges its files twice: `oslo validate`, as people run it, and the newest SDK, which
//! is stricter and resolves references.

use super::{made, tools};
use crate::{
    Outcome,
    command::{self, quietly},
};
use std::process::Command;

pub(super) fn run() -> Outcome {
    let oslo = tools::built("oslo", "github.com/OpenSLO/oslo/cmd/oslo")?;
    let sdk = tools::built("openslo", ".")?;
    let files = made::all(".openslo.yaml")?;
    for file in &files {
        quietly(Command::new(&oslo).args(["validate", "--file"]).arg(file))?;
    }
    command::run(Command::new(sdk).args(files))
}
