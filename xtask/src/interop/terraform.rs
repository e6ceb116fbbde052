//! HashiCorp's parser reads the resources for Terraform, and what is in them is compared with
//! the requests to Datadog's API.

use super::{made, tools};
use crate::{Outcome, command};
use std::process::Command;

pub(super) fn run() -> Outcome {
    let mut judge = Command::new(tools::built("terraform", ".")?);
    let requests = made::all(".datadog.json")?;
    for (request, resources) in requests.iter().zip(made::all(".datadog.tf.json")?) {
        judge.arg(request).arg(resources);
    }
    command::run(&mut judge)
}
