//! Checks that need more than `cargo test --workspace` may ask for: other tools, other build
//! profiles, more time. `cargo xtask` lists them; CI runs all but miri.

mod command;
mod features;
mod fuzz;
mod histories;
mod interop;
mod loom;
mod miri;
mod msrv;
mod promtool;
mod reconcile;
mod scale;
mod stranger;

use std::{env, process::ExitCode};

/// What a check says when it fails: what, where, and what to do.
type Outcome = Result<(), String>;

struct Task {
    name: &'static str,
    about: &'static str,
    run: fn() -> Outcome,
}

const TASKS: &[Task] = &[
    Task {
        name: "stranger",
        about: "build a crate outside the workspace the hardest way and read its records",
        run: stranger::run,
    },
    Task {
        name: "promtool",
        about: "let Prometheus' own tool check and test the generated rules",
        run: promtool::run,
    },
    Task {
        name: "reconcile",
        about: "send 200,000 requests with every fault and compare all counts of them",
        run: reconcile::run,
    },
    Task {
        name: "interop",
        about: "let other projects' tools read what is generated; `interop NAME…` for some of them",
        run: interop::run,
    },
    Task {
        name: "scale",
        about: "generate the rules of a thousand services, and measure it beside slokit",
        run: scale::run,
    },
    Task {
        name: "features",
        about: "check every feature of the published crates on its own",
        run: features::run,
    },
    Task {
        name: "loom",
        about: "run what threads share in every order there is",
        run: loom::run,
    },
    Task {
        name: "miri",
        about: "run what threads share under miri, where it is installed; not in CI",
        run: miri::run,
    },
    Task {
        name: "fuzz",
        about: "feed hostile bytes to the reader of records; needs a C++ compiler",
        run: fuzz::run,
    },
    Task {
        name: "msrv",
        about: "compare the declared Rust version with those of the dependencies",
        run: msrv::run,
    },
];

fn main() -> ExitCode {
    let wanted = env::args().nth(1);
    let Some(task) = TASKS
        .iter()
        .find(|task| Some(task.name) == wanted.as_deref())
    else {
        eprintln!("usage: cargo xtask <task>\n");
        for task in TASKS {
            eprintln!("  {:<10} {}", task.name, task.about);
        }
        return ExitCode::from(2);
    };
    match (task.run)() {
        Ok(()) => {
            eprintln!("{}: ok", task.name);
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("error: {}: {why}", task.name);
            ExitCode::FAILURE
        }
    }
}
