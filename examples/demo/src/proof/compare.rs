//! What was received beside what the client saw.

use crate::{
    ledger::{Ledger, Range, service_name},
    otlp::{Export, Received},
};
use slo_model::EventResult;
use std::{
    collections::BTreeMap,
    fmt::{self, Display},
};

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
        for result in EventResult::ALL.iter().copied() {
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
        // Each route has a series for each outcome.
        let mut counted: BTreeMap<&str, f64> = BTreeMap::new();
        for (attributes, count) in export.points("slo.unannotated") {
            let route = attributes.get("http.route").map_or("", String::as_str);
            *counted.entry(route).or_default() += count;
        }
        for (route, count) in counted {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::{Ask, Plan, Seen, Sent, plan::End};
    use cargo_slo::definition::Service;
    use opentelemetry_proto::tonic::{
        collector::metrics::v1::ExportMetricsServiceRequest,
        common::v1::{AnyValue, KeyValue, any_value},
        metrics::v1::{
            Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, Sum, metric::Data,
            number_data_point,
        },
        resource::v1::Resource,
    };
    use shop_process::{RequestId, Trail};
    use slo_model::{
        Declaration, Journey, Objectives,
        record::{Record, encode_endpoint, endpoint_len, frames},
    };
    use std::time::Duration;

    const PRODUCTS: Declaration = Declaration::new(
        "products",
        Journey::new("browse").objectives(Objectives::new().availability(99.0)),
    );

    fn service() -> Service {
        const BYTES: [u8; endpoint_len(&PRODUCTS)] = encode_endpoint(&PRODUCTS);
        let frame = frames(&BYTES).next().unwrap().unwrap();
        let Record::Endpoint(endpoint) = Record::decode(&frame).unwrap() else {
            panic!("an endpoint was encoded")
        };
        Service {
            exported: None,
            name: "shop-gateway".to_owned(),
            sdk: None,
            files: Vec::new(),
            packages: Vec::new(),
            declared: None,
            journeys: Vec::new(),
            endpoints: vec![*endpoint],
            slos: Vec::new(),
        }
    }

    /// The books after one request for the products, seen and planned like this.
    fn ledger(seen: u16, planned: u16) -> Ledger {
        let trail = Trail::default();
        let mut ledger = Ledger::new(&[service()]);
        ledger.enter(&Sent {
            id: RequestId::new(1),
            ask: Ask::Products,
            plan: Plan {
                end: End::Answer(planned, trail.clone()),
                stops: vec![(Ask::Products.way()[0], Duration::ZERO)],
                stale: false,
            },
            seen: Seen::Answer {
                status: seen,
                trail,
                stale: false,
            },
            took: Duration::from_millis(1),
        });
        ledger
    }

    fn text(key: &str, value: &str) -> KeyValue {
        let value = any_value::Value::StringValue(value.to_owned());
        KeyValue {
            key: key.to_owned(),
            value: Some(AnyValue { value: Some(value) }),
            ..KeyValue::default()
        }
    }

    /// A counter: metric, attributes beside the endpoint's, count.
    type Counter<'a> = (&'a str, &'a [(&'a str, &'a str)], i64);

    /// An export of these counters.
    fn export(points: &[Counter<'_>]) -> (String, Export) {
        let metrics = points.iter().map(|(metric, attributes, count)| {
            let attributes = attributes.iter().map(|(key, value)| text(key, value));
            Metric {
                name: (*metric).to_owned(),
                data: Some(Data::Sum(Sum {
                    data_points: vec![NumberDataPoint {
                        attributes: attributes
                            .chain([text("slo.endpoint", "products")])
                            .collect(),
                        value: Some(number_data_point::Value::AsInt(*count)),
                        ..NumberDataPoint::default()
                    }],
                    aggregation_temporality: 2,
                    is_monotonic: *metric != "slo.in_flight",
                })),
                ..Metric::default()
            }
        });
        let request = ExportMetricsServiceRequest {
            resource_metrics: vec![ResourceMetrics {
                resource: Some(Resource {
                    attributes: vec![text("service.name", "shop-gateway")],
                    ..Resource::default()
                }),
                scope_metrics: vec![ScopeMetrics {
                    metrics: metrics.collect(),
                    ..ScopeMetrics::default()
                }],
                ..ResourceMetrics::default()
            }],
        };
        Export::all(request).remove(0)
    }

    fn counts(good: i64, ok: i64, in_flight: i64) -> (String, Export) {
        let availability = [("slo.sli", "availability"), ("slo.outcome", "good")];
        export(&[
            ("slo.events", &availability, good),
            ("slo.results", &[("slo.result", "ok")], ok),
            ("slo.in_flight", &[], in_flight),
        ])
    }

    fn differences(ledger: &Ledger, exports: &[(String, Export)]) -> Vec<String> {
        let mut received = Received::default();
        for (service, export) in exports {
            received.add(service.clone(), export.clone());
        }
        compare(ledger, &received)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn counts_that_agree_differ_in_nothing() {
        assert_eq!(differences(&ledger(200, 200), &[counts(1, 1, 0)]), [""; 0]);
    }

    #[test]
    fn one_event_too_many_or_too_few_is_found() {
        for (good, ok, in_flight) in [(0, 1, 0), (2, 1, 0), (1, 0, 0), (1, 2, 0), (1, 1, 1)] {
            let found = differences(&ledger(200, 200), &[counts(good, ok, in_flight)]);
            assert!(!found.is_empty(), "{good} {ok} {in_flight}");
        }
        assert!(!differences(&ledger(200, 200), &[]).is_empty());
    }

    #[test]
    fn a_count_that_decreases_is_found() {
        let found = differences(&ledger(200, 200), &[counts(2, 2, 0), counts(1, 1, 0)]);
        assert!(
            found
                .iter()
                .any(|text| text.contains("went from 2 to Some(1.0)")),
            "{found:?}"
        );
    }

    #[test]
    fn an_answer_that_nobody_planned_is_found() {
        let found = differences(&ledger(500, 200), &[counts(0, 0, 0)]);
        assert!(found[0].contains("expected Answer(200"), "{found:?}");
    }
}
