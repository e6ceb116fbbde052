//! Alertmanager judges the inhibition rules: its configuration loads them, and its inhibitor
//! says which alerts come through.

use super::{made, tools};
use crate::{Outcome, command};
use std::process::Command;

pub(super) fn run() -> Outcome {
    let judge = tools::built("alertmanager", ".")?;
    for file in made::all(".alertmanager.yaml")? {
        command::run(Command::new(&judge).arg(file))?;
    }
    Ok(())
}
