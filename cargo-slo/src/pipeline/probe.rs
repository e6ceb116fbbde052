//! What is sent: counts of two replicas of a service that does not exist, in three exports each.
//!
//! No rule makes anything of it. The service and the journey have names that no SLO has, and no
//! objective is exported, of which rules for all services would make an SLO. The endpoint exports an
//! interval as jobs do, so that rules for all services don't expect it to go on (those that are generated now
//! know its name, too), and no last success, so that they don't wait for one. Nothing is in flight.

use super::otlp::{
    self, CUMULATIVE, Data, ExportRequest, Gauge, Histogram, HistogramPoint, KeyValue, Metric,
    Number, NumberPoint, Resource, ResourceMetrics, Scope, ScopeMetrics, Sum,
};
use crate::outputs::prometheus::PIPELINE_CHECK;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How many processes there are.
pub(super) const REPLICAS: usize = 2;

/// How many exports each sends: zeros first, as `slo-sdk` does, then some counts, then all.
pub(super) const EXPORTS: usize = 3;

/// Who calls.
const CONSUMER: &str = "pipeline-check";

/// In seconds; the boundary of durations, too.
const THRESHOLD: f64 = 0.3;

/// How often the endpoint says that it runs, in seconds.
const INTERVAL: f64 = 86_400.0;

/// What a series is a number of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Counter,
    UpDownCounter,
    Gauge,
    Histogram,
}

/// An instrument of the telemetry contract.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Instrument {
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    pub(super) kind: Kind,
    /// The attributes of its points.
    pub(super) attributes: &'static [&'static str],
}

const OF_EVENTS: &[&str] = &[
    "slo.endpoint",
    "slo.journey",
    "slo.outcome",
    "slo.sli",
    "slo.threshold",
];

pub(super) const START_TIME: Instrument = Instrument {
    name: "slo.start_time",
    unit: "s",
    kind: Kind::Gauge,
    attributes: &[],
};

/// Those that are sent. Rules read them all but durations and events by consumer, which dashboards and
/// reports read. The interval comes first, so that no rule sees events without it.
pub(super) const INSTRUMENTS: [Instrument; 7] = [
    Instrument {
        name: "slo.interval",
        unit: "s",
        kind: Kind::Gauge,
        attributes: &["slo.endpoint", "slo.journey"],
    },
    Instrument {
        name: "slo.events",
        unit: "{event}",
        kind: Kind::Counter,
        attributes: OF_EVENTS,
    },
    Instrument {
        name: "slo.consumer.events",
        unit: "{event}",
        kind: Kind::Counter,
        attributes: &[
            "slo.consumer",
            "slo.endpoint",
            "slo.journey",
            "slo.outcome",
            "slo.sli",
        ],
    },
    Instrument {
        name: "slo.results",
        unit: "{event}",
        kind: Kind::Counter,
        attributes: &["slo.endpoint", "slo.journey", "slo.result"],
    },
    Instrument {
        name: "slo.in_flight",
        unit: "{event}",
        kind: Kind::UpDownCounter,
        attributes: &["slo.endpoint"],
    },
    START_TIME,
    Instrument {
        name: "slo.duration",
        unit: "s",
        kind: Kind::Histogram,
        attributes: &["slo.endpoint", "slo.journey"],
    },
];

/// What one process counts: no two numbers of one series add up to another, nor do their doubles.
struct Counted {
    good: [u32; EXPORTS],
    bad: [u32; EXPORTS],
    in_time: [u32; EXPORTS],
    too_late: [u32; EXPORTS],
    excluded: [u32; EXPORTS],
}

const COUNTED: [Counted; REPLICAS] = [
    Counted {
        good: [0, 30, 40],
        bad: [0, 2, 5],
        in_time: [0, 24, 33],
        too_late: [0, 6, 7],
        excluded: [0, 4, 6],
    },
    Counted {
        good: [0, 17, 29],
        bad: [0, 4, 7],
        in_time: [0, 14, 23],
        too_late: [0, 3, 6],
        excluded: [0, 1, 3],
    },
];

/// A series as it is sent.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) instrument: &'static Instrument,
    pub(super) replica: usize,
    /// Those of its points.
    pub(super) attributes: Vec<(&'static str, String)>,
    /// What each export says; of durations, how many there were.
    pub(super) values: [f64; EXPORTS],
}

impl Sent {
    /// What is there in the end.
    pub(super) fn all(&self) -> f64 {
        self.values[EXPORTS - 1]
    }

    /// What the last export adds to the one before.
    pub(super) fn last_growth(&self) -> f64 {
        self.all() - self.values[EXPORTS - 2]
    }
}

/// A service that does not exist.
#[derive(Debug)]
pub(crate) struct Probe {
    /// What only this check has in its names.
    pub(super) id: String,
    started: SystemTime,
    pub(super) series: Vec<Sent>,
}

impl Probe {
    /// One whose processes begin now.
    pub(super) fn new(id: String, started: SystemTime) -> Probe {
        let mut probe = Probe {
            id,
            started,
            series: Vec::new(),
        };
        for (replica, counted) in COUNTED.iter().enumerate() {
            probe.count(replica, counted);
        }
        probe
    }

    /// The name of the service.
    pub(crate) fn service(&self) -> String {
        format!("{PIPELINE_CHECK}-{}", self.id)
    }

    /// The id of a process.
    pub(super) fn instance(&self, replica: usize) -> String {
        format!("{}-replica-{}", self.id, replica + 1)
    }

    fn journey(&self) -> String {
        format!("{PIPELINE_CHECK}-journey-{}", self.id)
    }

    fn endpoint(&self) -> String {
        format!("{PIPELINE_CHECK}-endpoint-{}", self.id)
    }

    /// How many events are sent, whatever became of them.
    pub(super) fn events(&self) -> u32 {
        let last = EXPORTS - 1;
        let of =
            |counted: &Counted| counted.good[last] + counted.bad[last] + counted.excluded[last];
        COUNTED.iter().map(of).sum()
    }

    /// When the processes began, in seconds since 1970.
    pub(super) fn start_time(&self) -> f64 {
        since_1970(self.started).as_secs_f64()
    }

    /// The value that an attribute has, of a point of a replica.
    pub(super) fn value(&self, sent: &Sent, attribute: &str) -> Option<String> {
        match attribute {
            "service.name" => Some(self.service()),
            "service.instance.id" => Some(self.instance(sent.replica)),
            _ => {
                let mut all = sent.attributes.iter();
                let found = all.find(|(key, _)| *key == attribute);
                found.map(|(_, value)| value.clone())
            }
        }
    }

    fn count(&mut self, replica: usize, counted: &Counted) {
        let of = |name: &str| {
            let mut all = INSTRUMENTS.iter();
            all.find(|known| known.name == name)
                .unwrap_or(&INSTRUMENTS[0])
        };
        let (endpoint, journey, started) = (self.endpoint(), self.journey(), self.start_time());
        let own = || {
            vec![
                ("slo.endpoint", endpoint.clone()),
                ("slo.journey", journey.clone()),
            ]
        };
        let mut add = |name: &str, attributes, values| {
            self.series.push(Sent {
                instrument: of(name),
                replica,
                attributes,
                values,
            });
        };
        let whole = |counts: [u32; EXPORTS]| counts.map(f64::from);
        add("slo.interval", own(), [INTERVAL; EXPORTS]);
        for (sli, outcome, counts) in [
            ("availability", "good", counted.good),
            ("availability", "bad", counted.bad),
            ("latency", "good", counted.in_time),
            ("latency", "bad", counted.too_late),
        ] {
            let mut attributes = own();
            attributes.extend([
                ("slo.outcome", outcome.to_owned()),
                ("slo.sli", sli.to_owned()),
            ]);
            if sli == "availability" {
                let mut by_consumer = vec![("slo.consumer", CONSUMER.to_owned())];
                by_consumer.extend(attributes.clone());
                add("slo.consumer.events", by_consumer, whole(counts));
            } else {
                attributes.push(("slo.threshold", THRESHOLD.to_string()));
            }
            add("slo.events", attributes, whole(counts));
        }
        for (result, counts) in [
            ("ok", counted.good),
            ("server_error", counted.bad),
            ("client_error", counted.excluded),
        ] {
            let mut attributes = own();
            attributes.push(("slo.result", result.to_owned()));
            add("slo.results", attributes, whole(counts));
        }
        add(
            "slo.in_flight",
            vec![("slo.endpoint", endpoint.clone())],
            [0.0; EXPORTS],
        );
        add("slo.start_time", Vec::new(), [started; EXPORTS]);
        add("slo.duration", own(), whole(counted.good));
    }

    /// An export of a process, at a moment.
    pub(super) fn export(&self, replica: usize, export: usize, at: SystemTime) -> ExportRequest {
        let times = [self.started, at].map(|time| nanoseconds(since_1970(time)));
        let metrics = INSTRUMENTS.iter().map(|instrument| {
            let mut own = self
                .series
                .iter()
                .filter(|sent| sent.replica == replica && sent.instrument.name == instrument.name);
            Metric {
                name: instrument.name.to_owned(),
                description: String::new(),
                unit: instrument.unit.to_owned(),
                data: Some(data(instrument.kind, &mut own, export, times)),
            }
        });
        let resource = [
            otlp::text("service.instance.id", &self.instance(replica)),
            otlp::text("service.name", &self.service()),
            otlp::text("telemetry.sdk.language", "rust"),
            otlp::text("telemetry.sdk.name", "opentelemetry"),
        ];
        let resource_metrics = ResourceMetrics {
            resource: Some(Resource {
                attributes: resource.into(),
            }),
            scope_metrics: vec![ScopeMetrics {
                scope: Some(Scope {
                    name: "slo-sdk".to_owned(),
                }),
                metrics: metrics.collect(),
            }],
        };
        ExportRequest {
            resource_metrics: vec![resource_metrics],
        }
    }
}

fn data(
    kind: Kind,
    series: &mut dyn Iterator<Item = &Sent>,
    export: usize,
    [start, time]: [u64; 2],
) -> Data {
    let number = |sent: &Sent| NumberPoint {
        attributes: attributes(sent),
        start_time_unix_nano: start,
        time_unix_nano: time,
        value: Some(match kind {
            Kind::Gauge => Number::Double(sent.values[export]),
            _ => Number::Whole(i64::from(whole(sent.values[export]))),
        }),
    };
    match kind {
        Kind::Gauge => Data::Gauge(Gauge {
            data_points: series.map(number).collect(),
        }),
        Kind::Counter | Kind::UpDownCounter => Data::Sum(Sum {
            data_points: series.map(number).collect(),
            aggregation_temporality: CUMULATIVE,
            is_monotonic: kind == Kind::Counter,
        }),
        Kind::Histogram => {
            let point = |sent: &Sent| {
                let count = u64::from(whole(sent.values[export]));
                HistogramPoint {
                    attributes: attributes(sent),
                    start_time_unix_nano: start,
                    time_unix_nano: time,
                    count,
                    sum: Some(sent.values[export] * THRESHOLD / 2.0),
                    bucket_counts: vec![count, 0],
                    explicit_bounds: vec![THRESHOLD],
                }
            };
            Data::Histogram(Histogram {
                data_points: series.map(point).collect(),
                aggregation_temporality: CUMULATIVE,
            })
        }
    }
}

fn attributes(sent: &Sent) -> Vec<KeyValue> {
    let of = |(key, value): &(&'static str, String)| match *key {
        "slo.threshold" => otlp::double(key, THRESHOLD),
        key => otlp::text(key, value),
    };
    sent.attributes.iter().map(of).collect()
}

/// A count that was one before.
fn whole(value: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "made of whole numbers below a hundred"
    )]
    let whole = value as u32;
    whole
}

fn since_1970(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn nanoseconds(since: Duration) -> u64 {
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
