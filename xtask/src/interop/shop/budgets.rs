//! What `cargo slo status` says, beside what clients wrote down.

use super::{
    ledger::{BySlo, Events},
    programs::Programs,
};
use crate::interop::parts::pace::Pace;
use serde_json::Value;
use std::{
    net::SocketAddr,
    process::Output,
    thread::sleep,
    time::{Duration, Instant},
};

/// How long an event may take into a budget, in minutes: an export, what a Collector waits, an
/// evaluation or the stages of one, and a machine that is busy.
const PATIENCE: f64 = 6.0;

/// What a slow machine takes at any pace.
const BUSY: Duration = Duration::from_secs(60);

/// A store as `cargo slo status` sees it.
#[derive(Debug)]
pub(super) struct Budgets<'a> {
    pub(super) name: &'static str,
    pub(super) programs: &'a Programs,
    pub(super) store: SocketAddr,
    pub(super) pace: Pace,
}

impl Budgets<'_> {
    fn ask(&self, more: &[&str]) -> Result<Output, String> {
        let mut status = self.programs.slo("status");
        status
            .arg("--prometheus")
            .arg(format!("http://{}", self.store))
            .arg(self.programs.exports())
            .args(more);
        status.output().map_err(|error| error.to_string())
    }

    /// The report as JSON.
    fn report(&self, more: &[&str]) -> Result<Value, String> {
        let output = self.ask(&[&["--format", "json"], more].concat())?;
        serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
    }

    /// What people read.
    pub(super) fn text(&self, more: &[&str]) -> Result<String, String> {
        let output = self.ask(more)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr))
    }

    /// One SLO, with who spent its budget.
    pub(super) fn explained(&self, slo: &str) -> Result<Value, String> {
        let mut report = self.report(&["--explain", slo])?;
        Ok(report["slos"][0].take())
    }

    /// How many SLOs have exactly what clients wrote down.
    fn compared(&self, expected: &BySlo) -> Result<usize, String> {
        let report = self.report(&[])?;
        let slos = report["slos"].as_array().ok_or("no SLOs")?;
        let count = |status: &Value, outcome: &str| status["budget"][outcome].as_u64();
        for (slo, events) in expected {
            let status = slos.iter().find(|status| status["slo"] == **slo);
            let status = status.ok_or_else(|| format!("{slo} is missing"))?;
            let told = (count(status, "good"), count(status, "bad"));
            if !matches!(told, (Some(good), Some(bad)) if events.allow(good, bad)) {
                return Err(format!("{slo}: {events:?} became {status}"));
            }
        }
        let rest = slos
            .iter()
            .filter(|status| !expected.contains_key(status["slo"].as_str().unwrap_or_default()));
        for status in rest {
            let valid = count(status, "good").zip(count(status, "bad"));
            if !matches!(valid, Some((0, 0))) {
                return Err(format!("nobody asked for {status}"));
            }
        }
        Ok(slos.len())
    }

    /// Waits until every SLO has exactly what clients wrote down.
    pub(super) fn awaited(&self, expected: &BySlo) -> Result<(), String> {
        let asked = Instant::now();
        let patience = self.pace.minutes(PATIENCE) + BUSY;
        let slos = loop {
            match self.compared(expected) {
                Ok(slos) => break slos,
                Err(why) if asked.elapsed() > patience => {
                    return Err(format!("{}: {why}", self.name));
                }
                Err(_) => sleep(self.pace.minutes(0.1).max(Duration::from_secs(1))),
            }
        };
        let all = expected
            .values()
            .fold(Events::default(), |mut sum, events| {
                sum += *events;
                sum
            });
        eprintln!(
            "    {}: {slos} SLOs: {} good, {} bad, {} either, after {:.0} s",
            self.name,
            all.good,
            all.bad,
            all.unclear,
            asked.elapsed().as_secs_f64()
        );
        Ok(())
    }
}
