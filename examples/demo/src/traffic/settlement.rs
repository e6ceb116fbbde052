//! Runs of the settlement job.

use crate::shop::{Child, FaultPlan};
use shop_process::{Fault, RequestId, Saw, Trail};
use std::{
    io,
    time::{Duration, Instant},
};

/// One run of the job, as whoever had it run knows it.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// Its number.
    pub(crate) number: u64,
    /// How it ended, as it printed.
    pub(crate) outcome: Outcome,
    /// What it had to print.
    pub(crate) planned: Outcome,
    /// How long the job and payments held it up.
    pub(crate) delays: [Duration; 2],
    /// From just before it was asked for until just after it had printed.
    pub(crate) took: Duration,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It settled.
    Ok(Trail),
    /// It gave an error.
    Failed(Trail),
    /// It panicked.
    Panicked,
}

/// Has the job run once.
pub(crate) async fn settle(
    job: &mut Child,
    number: u64,
    fault_plan: &FaultPlan,
) -> io::Result<Run> {
    let started = Instant::now();
    job.go().await?;
    let line = job.line().await?;
    let took = started.elapsed();
    let outcome = line
        .strip_prefix(&format!("run {number} "))
        .and_then(parse)
        .ok_or_else(|| io::Error::other(format!("shop-settlement printed `{line}`")))?;
    let (planned, delays) = plan(RequestId::new(number), fault_plan);
    Ok(Run {
        number,
        outcome,
        planned,
        delays,
        took,
    })
}

fn parse(text: &str) -> Option<Outcome> {
    let (word, trail) = text.split_once(' ').unwrap_or((text, ""));
    let trail = trail.parse().ok()?;
    match word {
        "ok" => Some(Outcome::Ok(trail)),
        "failed" => Some(Outcome::Failed(trail)),
        "panicked" => Some(Outcome::Panicked),
        _ => None,
    }
}

fn plan(run: RequestId, fault_plan: &FaultPlan) -> (Outcome, [Duration; 2]) {
    let own = fault_plan.decide("settlement", run);
    let delay = own.delay.unwrap_or_default();
    match own.fault {
        Some(Fault::Panic) => return (Outcome::Panicked, [delay, Duration::ZERO]),
        Some(_) => return (Outcome::Failed(Trail::default()), [delay, Duration::ZERO]),
        None => {}
    }
    let payments = fault_plan.decide("payments", run).answered();
    let saw = match payments.fault {
        None => Saw::Status(0),
        Some(Fault::Panic) => Saw::Broken,
        Some(_) => Saw::Status(13),
    };
    let trail = Trail::through("payments", saw, Trail::default());
    let outcome = if payments.fault.is_none() {
        Outcome::Ok(trail)
    } else {
        Outcome::Failed(trail)
    };
    (outcome, [delay, payments.delay.unwrap_or_default()])
}
