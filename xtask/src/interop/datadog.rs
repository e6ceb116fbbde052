//! The types of Datadog's own client read the bodies of requests.

use super::{made, tools};
use crate::{Outcome, command};

pub(super) fn run() -> Outcome {
    command::run(tools::judge("judge-datadog").args(made::all(".datadog.json")?))
}
