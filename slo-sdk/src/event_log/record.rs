//! What a record says. Nothing of it comes from a client: names and texts are the program's.

use crate::{Endpoint, event::trace::TraceContext};
use opentelemetry::logs::{AnyValue, LogRecord, Severity};
use slo_model::{Ending, Outcome, classify};
use std::{borrow::Cow, time::SystemTime};

/// What is known of an event that ended, beside how.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) nanoseconds: u64,
    /// The HTTP status, or gRPC's.
    pub(crate) code: Option<u16>,
    pub(crate) reason: Option<&'static str>,
    pub(crate) consumer: Option<&'static str>,
    /// The template that matched.
    pub(crate) template: Option<Cow<'static, str>>,
    pub(crate) trace: Option<TraceContext>,
}

/// What an event means for all SLIs of its endpoint: one bad one outweighs.
pub(super) fn outcome(endpoint: &Endpoint, ending: Ending, level: usize) -> Outcome {
    let slis = endpoint.slis();
    let availability = slis
        .availability()
        .then(|| classify(ending, level > 0).availability);
    let places = 0..slis.latencies().count();
    let latencies = places.map(|place| classify(ending, level > place).latency);
    let weight = |outcome: &Outcome| match outcome {
        Outcome::Excluded => 0,
        Outcome::Good => 1,
        Outcome::Bad => 2,
    };
    let outcomes = availability.into_iter().chain(latencies);
    outcomes.max_by_key(weight).unwrap_or(Outcome::Excluded)
}

/// The same for each SLI.
#[derive(Debug)]
pub(super) struct Judged {
    result: &'static str,
    outcome: Outcome,
    good: Vec<&'static str>,
    bad: Vec<&'static str>,
    /// Seconds.
    threshold: Option<f64>,
}

impl Judged {
    /// An event that ended so, having passed so many latency thresholds.
    pub(super) fn new(endpoint: &Endpoint, ending: Ending, level: usize) -> Judged {
        let slis = endpoint.slis();
        let verdict = classify(ending, level > 0);
        let mut judged = Judged {
            result: verdict.result.as_str(),
            outcome: outcome(endpoint, ending, level),
            good: Vec::new(),
            bad: Vec::new(),
            threshold: slis.latency_at(0).map(|sli| sli.threshold.as_secs_f64()),
        };
        if slis.availability() {
            judged.add(slo_model::AVAILABILITY, verdict.availability);
        }
        for (place, sli) in slis.latencies().enumerate() {
            judged.add(sli.name, classify(ending, level > place).latency);
        }
        judged
    }

    fn add(&mut self, sli: &'static str, outcome: Outcome) {
        match outcome {
            Outcome::Good => self.good.push(sli),
            Outcome::Bad => self.bad.push(sli),
            Outcome::Excluded => {}
        }
    }
}

/// A record.
#[derive(Debug)]
pub(crate) struct Record {
    pub(super) endpoint: &'static Endpoint,
    /// `None` where it only says how many had none.
    pub(super) event: Option<(Judged, Facts)>,
    pub(super) suppressed: u64,
}

impl Record {
    pub(super) fn name(&self) -> &'static str {
        match self.event {
            Some(_) => "slo.event",
            None => "slo.suppressed",
        }
    }

    pub(super) fn severity(&self) -> Severity {
        match &self.event {
            Some((judged, _)) if judged.outcome == Outcome::Bad => Severity::Warn,
            _ => Severity::Info,
        }
    }

    /// Writes it into OpenTelemetry's.
    pub(super) fn write(self, record: &mut impl LogRecord) {
        let (now, severity) = (SystemTime::now(), self.severity());
        record.set_event_name(self.name());
        record.set_timestamp(now);
        record.set_observed_timestamp(now);
        record.set_severity_number(severity);
        record.set_severity_text(severity.name());
        let declaration = self.endpoint.declaration();
        record.add_attribute("slo.endpoint", declaration.name);
        record.add_attribute("slo.journey", declaration.journey.name());
        if self.suppressed > 0 {
            let suppressed = i64::try_from(self.suppressed).unwrap_or(i64::MAX);
            record.add_attribute("slo.suppressed", suppressed);
        }
        if let Some((judged, facts)) = self.event {
            judged.write(record);
            facts.write(self.endpoint, record);
        }
    }
}

impl Judged {
    fn write(self, record: &mut impl LogRecord) {
        record.add_attribute("slo.result", self.result);
        record.add_attribute("slo.outcome", self.outcome.as_str());
        for (key, slis) in [("slo.slis.bad", self.bad), ("slo.slis.good", self.good)] {
            if !slis.is_empty() {
                record.add_attribute(key, slis.into_iter().collect::<AnyValue>());
            }
        }
        if let Some(threshold) = self.threshold {
            record.add_attribute("slo.threshold", threshold);
        }
    }
}

impl Facts {
    #[expect(
        clippy::cast_precision_loss,
        reason = "exact up to 104 days, and nanoseconds do not matter then"
    )]
    fn write(self, endpoint: &Endpoint, record: &mut impl LogRecord) {
        const NANOSECONDS: f64 = 1e9;
        record.add_attribute("slo.duration", self.nanoseconds as f64 / NANOSECONDS);
        if let Some(reason) = self.reason {
            record.add_attribute("slo.reason", reason);
        }
        if let Some(consumer) = self.consumer {
            record.add_attribute("slo.consumer", consumer);
        }
        match endpoint.declaration().route {
            Some(route) => match route.method() {
                Some(method) => {
                    record.add_attribute("http.request.method", method);
                    record.add_attribute("http.route", route.path());
                }
                None => record.add_attribute("rpc.method", route.path().trim_start_matches('/')),
            },
            None => {
                if let Some(template) = self.template {
                    record.add_attribute("http.route", template.into_owned());
                }
            }
        }
        match self.code {
            Some(code) if usize::from(code) < GRPC_CODES.len() => {
                let name = GRPC_CODES[usize::from(code)];
                record.add_attribute("rpc.response.status_code", name);
            }
            Some(code) => record.add_attribute("http.response.status_code", i64::from(code)),
            None => {}
        }
        if let Some(TraceContext { trace, span, flags }) = self.trace {
            record.set_trace_context(trace, span, Some(flags));
        }
    }
}

/// The names of gRPC's codes.
const GRPC_CODES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];
