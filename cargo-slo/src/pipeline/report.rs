//! What a check found, for people and programs.

use super::{
    check::Check,
    findings::Finding,
    probe::{Probe, REPLICAS},
};
use crate::{diagnostics::Diagnostic, text::numbers::counted};
use serde::Serialize;
use std::time::Duration;

/// So many findings are named in a sentence.
const NAMED: usize = 4;

/// What a check comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// Counts arrive as they are sent.
    Ok,
    /// Something happens to them.
    Faults,
    /// The store says that its answer lacks something.
    Unknown,
}

/// What a check found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Report {
    /// When it began, in seconds since 1970.
    pub(crate) at: i64,
    /// The service that does not exist.
    pub(crate) service: String,
    /// Where exports went.
    pub(crate) otlp: String,
    /// Who was asked for them.
    pub(crate) store: String,
    /// How many events were sent.
    pub(crate) events: u32,
    /// What it comes to.
    pub(crate) state: State,
    /// What the store calls events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metric: Option<String>,
    /// The label that says there which service it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) service_label: Option<&'static str>,
    /// How long the last export took into the store, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) visible_after: Option<f64>,
    /// Why it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    /// What is not as it was sent.
    pub(crate) findings: Vec<Finding>,
    /// All of it in a sentence.
    pub(crate) summary: String,
}

/// What was seen in the store beside faults.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) spelling: Option<(String, Option<&'static str>)>,
    pub(super) after: Option<Duration>,
    pub(super) lacking: Option<Diagnostic>,
}

impl Report {
    pub(super) fn new(
        check: &Check<'_>,
        probe: &Probe,
        at: i64,
        seen: Seen,
        findings: Vec<Finding>,
    ) -> Report {
        let why = seen.lacking.map(|lacking| {
            let all = std::iter::once(lacking.message).chain(lacking.notes);
            all.collect::<Vec<_>>().join(": ")
        });
        let visible_after = seen.after.map(|after| {
            // To the tenth: the store is not looked at more often.
            (after.as_secs_f64() * 10.0).round() / 10.0
        });
        let (metric, service_label) = seen.spelling.unzip();
        let service_label = service_label.flatten();
        let mut report = Report {
            at: at / 1000,
            service: probe.service(),
            otlp: check.exporter.url(),
            store: check.prometheus.url().to_owned(),
            events: probe.events(),
            state: match (&why, findings.is_empty()) {
                (Some(_), _) => State::Unknown,
                (None, true) => State::Ok,
                (None, false) => State::Faults,
            },
            metric,
            service_label,
            visible_after,
            why,
            findings,
            summary: String::new(),
        };
        report.summary = report.summary();
        report
    }

    fn summary(&self) -> String {
        if let Some(why) = &self.why {
            return format!("what becomes of counts is not known: {why}");
        }
        if self.findings.is_empty() {
            let after = self.visible_after.unwrap_or_default();
            return format!(
                "counts arrive as they are sent: {} of {REPLICAS} replicas, there {after} s after the last \
                 export",
                counted(self.events.into(), "event")
            );
        }
        let told = |finding: &Finding| format!("{}: {}", finding.kind.as_str(), finding.what);
        let mut named: Vec<_> = self.findings.iter().take(NAMED).map(told).collect();
        if self.findings.len() > NAMED {
            named.push("…".to_owned());
        }
        let count = u64::try_from(self.findings.len()).unwrap_or(u64::MAX);
        format!(
            "counts do not arrive as they are sent: {} ({})",
            counted(count, "finding"),
            named.join("; ")
        )
    }
}
