//! slokit, a second reader: it finds the same SLOs in Sloth's files as in OpenSLO's.

use super::{made, tools};
use crate::{Outcome, command};

pub(super) fn run() -> Outcome {
    let mut judge = tools::judge("judge-slokit");
    // It has no calendar windows, so it can't read those at the edge.
    for folder in ["shop", "hostile"] {
        let pairs = made::files(folder, ".sloth.yaml")?;
        for (sloth, openslo) in pairs.iter().zip(made::files(folder, ".openslo.yaml")?) {
            judge.arg(sloth).arg(openslo);
        }
    }
    command::run(&mut judge)
}
