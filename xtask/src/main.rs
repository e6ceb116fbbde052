//! Checks that need more than `cargo test --workspace` may ask for: other tools, other build
//! profiles, more time. `cargo xtask` lists them; CI runs all but miri and those that measure,
//! and of these `peers --quick`.

mod annotate;
mod command;
mod compile_cost;
mod dev;
mod evaluation;
mod features;
mod fuzz;
mod growth;
mod histories;
mod interop;
mod loom;
mod loopback;
mod machine;
mod miri;
mod msrv;
mod off;
mod pages;
mod peers;
mod programs;
mod promtool;
mod readme;
mod reconcile;
mod scale;
mod stranger;
mod without_tls;
mod words;

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
        name: "words",
        about: "look for phrases that this project does not write",
        run: words::run,
    },
    Task {
        name: "stranger",
        about: "build a crate outside the workspace the hardest way and read its records",
        run: stranger::run,
    },
    Task {
        name: "readme",
        about: "build the README's programs word for word, serve, end them, and count what arrived",
        run: readme::run,
    },
    Task {
        name: "dev",
        about: "let newcomers, tests and attackers try `cargo slo dev`; `--hour` for long",
        run: dev::run,
    },
    Task {
        name: "annotate",
        about: "let `init --annotate` annotate the shop again, and compile what it makes",
        run: annotate::run,
    },
    Task {
        name: "off",
        about: "build and run a service with everything compiled out",
        run: off::run,
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
        name: "pipeline",
        about: "follow counts through real deployments; `--unscaled` takes half an hour",
        run: interop::pipeline::run,
    },
    Task {
        name: "pages",
        about: "look at the pages of `cargo slo doc` in Chromium, without a network",
        run: pages::run,
    },
    Task {
        name: "scale",
        about: "generate the rules of a thousand services beside slokit; `scale status` asks for budgets",
        run: scale::run,
    },
    Task {
        name: "evaluation",
        about: "measure what a Prometheus spends on the rules of 2,000 SLOs, in both modes",
        run: evaluation::run,
    },
    Task {
        name: "features",
        about: "check every feature of the published crates on its own, and ask without `tls`",
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
        name: "peers",
        about: "measure the layer beside other middlewares; `--quick` checks that all record",
        run: peers::run,
    },
    Task {
        name: "growth",
        about: "measure the cost of endpoints, threads, requests in flight and large programs",
        run: growth::run,
    },
    Task {
        name: "compile-cost",
        about: "measure what 100 annotations add to a build and to a program",
        run: compile_cost::run,
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
            eprintln!("  {:<12} {}", task.name, task.about);
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
