//! What was received beside what the client saw.

use crate::{
    ledger::{Ledger, Range, service_name},
    otlp::{Export, Received},
};
use slo_model::EventResult;
use std::fmt::{self, Display};

/// Two numbers that should be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    what: String,
    expected: String,
    received: String,
}

impl Difference {
    pub(crate) fn new(what: impl Display, expected: impl Display, received: impl Display) -> Self {
        Difference {
            what: what.to_string(),
            expected: expected.to_string(),
            received: received.to_string(),
        }
    }
}

impl Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference {
            what,
            expected,
            received,
        } = self;
        write!(
            f,
            "{what}: the client saw {expected}, received over OTLP: {received}"
        )
    }
}

/// Everything in which the latest exports differ from the ledger.
pub(crate) fn compare(ledger: &Ledger, received: &Received) -> Vec<Difference> {
    let mut differences = Vec::new();
    for contradiction in ledger.contradictions() {
        differences.push(Difference::new("a request", contradiction, "not compared"));
    }
    for complaint in received.complaints() {
        differences.push(Difference::new(
            "an export",
            "nothing of the kind",
            complaint,
        ));
    }
    let empty = Export::default();
    for (service, endpoint, entry) in ledger.entries() {
        let export = received.latest(service).unwrap_or(&empty);
        let mut check = |what: &str, expected: Range, count: u64| {
            if !expected.holds(count) {
                let what = format!("{service}/{endpoint} {what}");
                differences.push(Difference::new(what, expected, count));
            }
        };
        let count = |metric: &str, key: &str, value: &str| {
            export
                .sum(metric, &[("slo.endpoint", endpoint), (key, value)])
                .unwrap_or(0)
        };
        for (sli, sides) in &entry.slis {
            let of = |outcome: &str| {
                let having = [
                    ("slo.endpoint", endpoint),
                    ("slo.sli", sli),
                    ("slo.outcome", outcome),
                ];
                export.sum("slo.events", &having).unwrap_or(0)
            };
            let (good, bad) = (of("good"), of("bad"));
            check(&format!("{sli} good"), sides.good, good);
            check(&format!("{sli} bad"), sides.bad, bad);
            check(&format!("{sli} valid"), sides.valid, good + bad);
        }
        for result in EventResult::ALL {
            let expected = entry
                .results
                .get(result.as_str())
                .copied()
                .unwrap_or_default();
            check(
                result.as_str(),
                expected,
                count("slo.results", "slo.result", result.as_str()),
            );
        }
        let having = [("slo.endpoint", endpoint)];
        check(
            "ended",
            entry.events,
            export.sum("slo.results", &having).unwrap_or(0),
        );
        let in_flight = export.sum("slo.in_flight", &having);
        if in_flight != Some(0) {
            let what = format!("{service}/{endpoint} in flight");
            differences.push(Difference::new(what, 0, format!("{in_flight:?}")));
        }
    }
    differences.extend(strangers(ledger, received));
    differences.extend(unannotated(ledger, received));
    differences
}

/// Counts of endpoints that no program declares.
fn strangers(ledger: &Ledger, received: &Received) -> Vec<Difference> {
    let all = received.all().flat_map(|(service, export)| {
        export
            .points("slo.results")
            .map(move |(attributes, count)| (service, attributes, count))
    });
    let unknown = all.filter(|(service, attributes, _)| {
        let endpoint = attributes.get("slo.endpoint").map_or("", String::as_str);
        ledger.entry(service, endpoint).is_none()
    });
    unknown
        .map(|(service, attributes, count)| {
            Difference::new(
                format!("{service} {attributes:?}"),
                "no such endpoint",
                count,
            )
        })
        .collect()
}

/// Requests without an annotation; only the gateway is sent some.
fn unannotated(ledger: &Ledger, received: &Received) -> Vec<Difference> {
    let mut differences = Vec::new();
    let gateway = service_name("gateway");
    for (service, export) in received.all() {
        for (attributes, count) in export.points("slo.unannotated") {
            let route = attributes.get("http.route").map_or("", String::as_str);
            let known = ledger
                .unannotated()
                .get(route)
                .filter(|_| service == gateway);
            let expected = known.copied().unwrap_or(0);
            if crate::otlp::whole(count) != expected {
                let what = format!("{service} without an annotation, {route}");
                differences.push(Difference::new(what, expected, count));
            }
        }
    }
    let export = received.latest(gateway);
    for (route, expected) in ledger.unannotated() {
        let count =
            export.and_then(|export| export.sum("slo.unannotated", &[("http.route", route)]));
        if count.is_none() {
            let what = format!("{gateway} without an annotation, {route}");
            differences.push(Difference::new(what, expected, "nothing"));
        }
    }
    differences
}
