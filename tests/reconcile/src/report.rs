//! What a run has to say.

use std::{fmt, time::Duration};

/// What a run does.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many requests are sent.
    pub requests: u64,
    /// How many of them at a time.
    pub concurrency: usize,
    /// What the order of all requests and faults follows from.
    pub seed: u64,
}

/// How far a run is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Requests that are over for the client.
    pub done: u64,
    /// Requests in all.
    pub requests: u64,
    /// Exports received and checked.
    pub exports: u64,
    /// Time since the first request.
    pub elapsed: Duration,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Report {
    /// Where it stood at the end.
    pub progress: Progress,
    /// Snapshots taken and checked while requests were under way.
    pub snapshots: u64,
    /// Exports that the collector delayed, refused or broke.
    pub faults: u64,
    /// Different requests: scenario, server and protocol.
    pub kinds: usize,
    /// Series compared at the end.
    pub series: usize,
    /// What was not as it had to be; nothing, if all agree.
    pub findings: Vec<String>,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = self.done as f64 / self.elapsed.as_secs_f64().max(1e-3);
        let Progress {
            done,
            requests,
            exports,
            ..
        } = self;
        write!(
            f,
            "{done}/{requests} requests, {rate:.0}/s, {exports} exports checked"
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "DIFFERENT: {finding}")?;
        }
        let seconds = self.progress.elapsed.as_secs_f64();
        let Report {
            progress,
            snapshots,
            faults,
            kinds,
            series,
            ..
        } = self;
        writeln!(f, "{progress} in {seconds:.1} s")?;
        writeln!(
            f,
            "{kinds} kinds of requests, {faults} exports troubled, {snapshots} snapshots"
        )?;
        match self.findings.len() {
            0 => write!(f, "ledger, snapshot and OTLP agree in all {series} numbers"),
            wrong => write!(f, "{wrong} findings"),
        }
    }
}
