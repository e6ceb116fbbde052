//! What 100 annotated handlers add to a build and to a program.
//!
//! `service` writes one service three times: without us, with the layer and the export but
//! no annotation, and with all annotations. `builds` builds the three in turns, and `table`
//! says what came of it. `--rounds N` says how often; 5 times by default.

mod builds;
mod service;
mod table;

use crate::{Outcome, command::root, machine};
use builds::Measured;
use service::Variant;
use std::{env, path::Path};

pub(crate) fn run() -> Outcome {
    let rounds = rounds()?;
    let folder = root().join("target/compile-cost");
    service::write(&folder)?;
    builds::dependencies(&folder)?;
    let mut measured = Variant::ALL.map(Measured::new);
    for round in 0..rounds {
        eprintln!("  round {} of {rounds}", round + 1);
        for place in 0..measured.len() {
            // Each is the first one as often as the others.
            let at = (place + round) % Variant::ALL.len();
            measured[at].build(&folder, round)?;
        }
    }
    for one in &mut measured {
        one.weigh(&folder)?;
    }
    let versions = machine::versions(
        Path::new("target/compile-cost/Cargo.lock"),
        &["axum", "opentelemetry", "slo-sdk", "tokio"],
    )?;
    let about = machine::about()?;
    #[expect(clippy::print_stdout, reason = "its output")]
    {
        println!("{}\n{about}\n{versions}", table::render(&measured));
    }
    Ok(())
}

fn rounds() -> Result<usize, String> {
    const DEFAULT_ROUNDS: usize = 5;
    let mut arguments = env::args().skip(2);
    match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => Ok(DEFAULT_ROUNDS),
        (Some("--rounds"), Some(number)) => number
            .parse()
            .ok()
            .filter(|rounds| *rounds > 0)
            .ok_or_else(|| format!("--rounds {number}: a number from 1 on")),
        _ => Err("usage: cargo xtask compile-cost [--rounds N]".to_owned()),
    }
}
