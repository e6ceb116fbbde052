//! Every event that a process counted and exported is in the numbers of the rules, once: whenever
//! the process lives, however late its samples arrive, whichever evaluations are skipped.
//!
//! promtool can play none of that, so the judge is a program of Prometheus' own rule manager,
//! engine and storage (`tests/judges/rules`), which the variable `SLO_RULES_JUDGE` names;
//! `cargo xtask interop rules` builds it and runs this. Histories come from seeds, which are
//! printed: `SLO_HISTORIES` says how many plays there are, `SLO_SEED` where they begin.

#![expect(clippy::unwrap_used, reason = "these are tests")]
#![allow(clippy::disallowed_methods, reason = "tests read what they wrote")]
#![expect(clippy::print_stdout, reason = "they show what both engines say")]

mod jobs;
mod judge;
mod ledger;
mod outages;
mod play;
mod renamed;
mod rules;
mod writers;

#[path = "../histories/replay/mod.rs"]
#[expect(unused_imports, reason = "alerts are what the other tests compare")]
mod replay;
#[path = "../histories/splitmix.rs"]
mod splitmix;

use cargo_slo::outputs::Mode;

/// Plays of universal rules; in each there are [`play::SERVICES`] services, each with a history of
/// its own. Thirteen are more than a thousand histories, and take minutes.
const UNIVERSAL: u64 = 3;

/// A play in so many is one of the rules of each SLO, too, which take longer to evaluate.
const PER_SLO: u64 = 4;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number"))
    })
}

#[test]
fn every_event_is_counted_once() {
    let first = number("SLO_SEED", 1);
    let universal = number("SLO_HISTORIES", UNIVERSAL);
    let per_slo = universal.div_ceil(PER_SLO);
    let plays = (0..universal).map(|n| (first + n, Mode::Universal));
    let plays = plays.chain((0..per_slo).map(|n| (first + n, Mode::PerSlo)));
    play::all(&plays.collect::<Vec<_>>());
}
