//! What others make of ours: real tools, pinned, read what `cargo slo` generates, and gRPC's
//! own client plays its cases against our layer.
//!
//! `cargo xtask interop` runs every judge but `datadog`, `shop` and `victoriametrics`, `cargo xtask interop sloth pyrra` those named. The
//! tools are built from source into `target/interop` and `target/judges`, by Go and by cargo;
//! the small programs that use other projects' types are in `tests/judges`. The files they
//! read are made again in `target/interop/made`, for the example shop and for definitions that
//! are meant to break something.

mod alertmanager;
mod datadog;
mod events;
mod gate;
mod grafana;
mod grpc;
mod history;
mod made;
mod openslo;
mod parts;
pub(crate) mod pipeline;
pub(crate) mod prometheus;
mod pyrra;
mod rules;
mod sarif;
mod shop;
mod slokit;
mod sloth;
mod status;
mod terraform;
mod tools;
mod victoriametrics;

use crate::Outcome;
use std::{env, time::Instant};

struct Judge {
    name: &'static str,
    about: &'static str,
    run: fn() -> Outcome,
}

/// The judges, by name.
const JUDGES: &[Judge] = &[
    Judge {
        name: "alertmanager",
        about: "which alerts still come through, by Alertmanager's inhibitor",
        run: alertmanager::run,
    },
    Judge {
        name: "datadog",
        about: "requests and drift, by the types of Datadog's client; a large crate to build",
        run: datadog::run,
    },
    Judge {
        name: "events",
        about: "log records of events, by the official Collector",
        run: events::run,
    },
    Judge {
        name: "gate",
        about: "the recipes of the gate, by actionlint, GitLab's schema, Argo Rollouts and Flagger",
        run: gate::run,
    },
    Judge {
        name: "grafana",
        about: "every query of the dashboards, by a Prometheus 3 that the demo sends to",
        run: grafana::run,
    },
    Judge {
        name: "grpc",
        about: "counts of gRPC's own cases, played by the client of gRPC for Go",
        run: grpc::run,
    },
    Judge {
        name: "history",
        about: "what `check --prometheus` reads, by a Prometheus 3 that holds three months",
        run: history::run,
    },
    Judge {
        name: "openslo",
        about: "objects and references, by oslo and by the newest SDK of OpenSLO",
        run: openslo::run,
    },
    Judge {
        name: "pipeline",
        about: "events of real processes, by Prometheus 3, straight and behind a Collector",
        run: pipeline::judge,
    },
    Judge {
        name: "prometheus",
        about: "rules under every name there is, by promtool of Prometheus 3",
        run: prometheus::run,
    },
    Judge {
        name: "pyrra",
        about: "resources, by Pyrra's types, its webhook and its rules",
        run: pyrra::run,
    },
    Judge {
        name: "rules",
        about: "every event once, by Prometheus' rule manager, whatever arrives late",
        run: rules::run,
    },
    Judge {
        name: "sarif",
        about: "findings of `check`, by the official schema of SARIF 2.1.0",
        run: sarif::run,
    },
    Judge {
        name: "shop",
        about: "budgets and alerts from the shop to on call, in real minutes: Prometheus, VictoriaMetrics",
        run: shop::run,
    },
    Judge {
        name: "shop-quick",
        about: "the same with Prometheus alone, a minute in five seconds",
        run: shop::quick,
    },
    Judge {
        name: "sloth",
        about: "specifications, by Sloth, and its rules by promtool",
        run: sloth::run,
    },
    Judge {
        name: "slokit",
        about: "the same SLOs from Sloth's and OpenSLO's files, by slokit",
        run: slokit::run,
    },
    Judge {
        name: "status",
        about: "budgets, recovery and the gate, by a Prometheus 3 that holds what rules recorded",
        run: status::run,
    },
    Judge {
        name: "terraform",
        about: "resources, by HashiCorp's parser, beside the requests to the API",
        run: terraform::run,
    },
    Judge {
        name: "victoriametrics",
        about: "rules in stages, dashboards and `check --prometheus`, by VictoriaMetrics and vmalert",
        run: victoriametrics::run,
    },
];

/// The judges that run where they are named: rules for VictoriaMetrics stand in stages of a real minute,
/// and the crate of Datadog's client takes longer to build than all others together.
const BY_NAME_ONLY: [&str; 3] = ["datadog", "shop", "victoriametrics"];

pub(crate) fn run() -> Outcome {
    let wanted: Vec<String> = env::args().skip(2).collect();
    let chosen = |judge: &&Judge| match wanted.is_empty() {
        true => !BY_NAME_ONLY.contains(&judge.name),
        false => wanted.iter().any(|w| w == judge.name),
    };
    let judges: Vec<_> = JUDGES.iter().filter(chosen).collect();
    let known = |name: &&String| JUDGES.iter().any(|judge| judge.name == **name);
    if !wanted.iter().all(|name| known(&name)) {
        let list = JUDGES.iter();
        let list = list.map(|judge| format!("\n  {:<13} {}", judge.name, judge.about));
        return Err(format!(
            "no such judge; there are:{}",
            list.collect::<String>()
        ));
    }
    tools::go()?;
    if judges.iter().any(|judge| {
        !matches!(
            judge.name,
            "events" | "gate" | "grpc" | "pipeline" | "shop" | "shop-quick"
        )
    }) {
        made::make()?;
    }
    // It takes longer than all others together, and one core: beside them it costs nothing.
    let crates = judges.iter().any(|judge| judge.name == "datadog");
    let building = crates.then(tools::start_crates).transpose()?;
    let mut failed = Vec::new();
    let last = |judge: &&&Judge| matches!(judge.name, "datadog" | "sarif" | "slokit");
    let (late, early): (Vec<_>, Vec<_>) = judges.into_iter().partition(|judge| last(&judge));
    let mut building = building;
    for (place, judge) in early.iter().chain(&late).enumerate() {
        if place == early.len()
            && let Some(mut building) = building.take()
        {
            building.wait().map_err(|error| error.to_string())?;
        }
        let started = Instant::now();
        match (judge.run)() {
            Ok(()) => eprintln!(
                "  {}: ok ({:.0} s)",
                judge.name,
                started.elapsed().as_secs_f64()
            ),
            Err(why) => {
                eprintln!("  {}: {why}", judge.name);
                failed.push(judge.name);
            }
        }
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(format!("refused by {}", failed.join(", "))),
    }
}
