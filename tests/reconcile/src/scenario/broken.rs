//! Answers that break.

use super::{Act::SeeItBreak, Scenario};
use slo_sdk::{
    EventResult as R,
    Outcome::{Bad, Excluded},
};

pub(super) fn all() -> Vec<Scenario> {
    let get = |path| Scenario::get(path, SeeItBreak);
    vec![
        get("/panicking").counts("panicking", R::Panicked, Bad, Excluded),
        get("/marked-panicking").counts("marked-panicking", R::Panicked, Bad, Excluded),
        get("/panicking-body").counts("panicking-body", R::Panicked, Bad, Excluded),
        get("/broken-body").counts("broken-body", R::BodyError, Bad, Excluded),
        get("/broken-download").counts("broken-download", R::BodyError, Bad, Excluded),
        get("/short-download").counts("short-download", R::BodyError, Bad, Excluded),
        get("/marked-broken").counts("marked-broken", R::BodyError, Bad, Excluded),
    ]
}
