//! Grafana's own types read the dashboards, and their queries all return numbers, from a Prometheus 3 with our rules that gets the
//! demo's metrics over OTLP: once with rules for each SLO, once with those for all.
//!
//! Everything that the shop serves is annotated, or never fails, and it tells no consumers apart. So
//! that every panel has something to show, each service counts a few events of those kinds here.

use super::{
    made::{self, MODES},
    prometheus::Server,
    tools,
};
use crate::{Outcome, command, programs::Programs};
use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceRequest,
    common::v1::{AnyValue, KeyValue, any_value},
    metrics::v1::{
        AggregationTemporality, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, Sum,
        metric, number_data_point,
    },
    resource::v1::Resource,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// How long rules may take to see what has arrived.
const PATIENCE: Duration = Duration::from_secs(60);

/// What Grafana would put in for its variables.
const VARIABLES: [(&str, &str); 3] = [
    ("$job", ".*"),
    ("$__rate_interval", "1m"),
    ("$__range", "1h"),
];

pub(super) fn run() -> Outcome {
    let judge = tools::built("grafana", ".")?;
    command::run(Command::new(judge).args(made::all(".grafana.json")?))?;
    let queries = queries_of("shop")?;
    for mode in MODES {
        let server = Server::start(&made::files(&format!("rules-{mode}"), ".prometheus.yaml")?)?;
        command::run(
            Programs::built()?
                .command("shop-demo")
                .args(["--seconds", "5", "--forward"])
                .arg(server.otlp())
                // Its table and its progress are for people.
                .stdout(Stdio::null()),
        )?;
        show_everything(&server, "shop", &queries)?;
        // No such services run, but Prometheus understands what is asked about them.
        for name in made::definitions() {
            for query in queries_of(name)?.keys() {
                server.query(query)?;
            }
        }
        let shown = answered(&server, &queries).map_err(|why| format!("{mode}: {why}"))?;
        eprintln!(
            "  {mode}: {} queries of panels and marks, {shown} series",
            queries.len()
        );
    }
    Ok(())
}

/// Waits until every query has an answer, and gives how many series they have.
pub(super) fn answered(
    server: &Server,
    queries: &BTreeMap<String, String>,
) -> Result<usize, String> {
    let started = Instant::now();
    let mut left: BTreeMap<_, _> = queries.iter().collect();
    let mut shown = 0;
    while !left.is_empty() {
        let mut empty = BTreeMap::new();
        for (query, panel) in left {
            let values = server.query(query)?;
            if values.is_empty() {
                empty.insert(query, panel);
            } else if values.iter().any(|value| value.is_nan()) {
                return Err(format!("{panel}: not a number: {query}"));
            } else {
                shown += values.len();
            }
        }
        left = empty;
        if !left.is_empty() && started.elapsed() > PATIENCE {
            let empty = left.iter().map(|(q, panel)| format!("\n  {panel}: {q}"));
            return Err(format!(
                "no data for {} of {} queries:{}",
                left.len(),
                queries.len(),
                empty.collect::<String>()
            ));
        }
        sleep(Duration::from_millis(500));
    }
    Ok(shown)
}

/// The services whose dashboards are in a folder.
pub(super) fn services_of(folder: &str) -> Result<Vec<String>, String> {
    let files = made::files(folder, ".grafana.json")?;
    let name = |file: &std::path::PathBuf| {
        let name = file.file_name()?.to_str()?;
        Some(name.strip_suffix(".grafana.json")?.to_owned())
    };
    let names: Vec<_> = files.iter().filter_map(name).collect();
    if names.len() != files.len() || names.is_empty() {
        return Err(format!("{folder}: no names of services in {files:?}"));
    }
    Ok(names)
}

/// Exports what the shop does not: for each service a request without an annotation that failed, and
/// bad events of a consumer in each journey.
pub(super) fn show_everything(
    server: &Server,
    folder: &str,
    queries: &BTreeMap<String, String>,
) -> Outcome {
    for service in services_of(folder)? {
        let unannotated = [
            attribute("http.request.method", "GET"),
            attribute("http.route", "/unannotated"),
            attribute("slo.outcome", "bad"),
        ];
        fail(server, &service, "slo.unannotated", &unannotated)?;
        for journey in journeys_in(queries) {
            let of_consumer = [
                attribute("slo.consumer", "judge"),
                attribute("slo.journey", journey),
                attribute("slo.endpoint", "judged"),
                attribute("slo.sli", "availability"),
                attribute("slo.outcome", "bad"),
            ];
            fail(server, &service, "slo.consumer.events", &of_consumer)?;
            let of_result = [
                attribute("slo.journey", journey),
                attribute("slo.endpoint", "judged"),
                attribute("slo.result", "server_error"),
            ];
            fail(server, &service, "slo.results", &of_result)?;
        }
    }
    Ok(())
}

/// The journeys that queries are about.
fn journeys_in(queries: &BTreeMap<String, String>) -> BTreeSet<&str> {
    let names = queries.keys().filter_map(|query| {
        let (_, rest) = ["slo_journey=\"", "\"slo.journey\"=\""]
            .iter()
            .find_map(|label| query.split_once(label))?;
        rest.split('"').next()
    });
    names.collect()
}

/// Exports for a service that it counted one event of a kind, then that there were two more: an
/// increase takes two samples.
fn fail(server: &Server, service: &str, name: &str, attributes: &[KeyValue]) -> Outcome {
    let now = SystemTime::now();
    let ago = |seconds| now - Duration::from_secs(seconds);
    for (at, count) in [(ago(30), 1), (now, 3)] {
        server.export(&counted(service, name, attributes, [ago(60), at], count))?;
    }
    Ok(())
}

fn counted(
    service: &str,
    name: &str,
    attributes: &[KeyValue],
    times: [SystemTime; 2],
    count: i64,
) -> ExportMetricsServiceRequest {
    let [start_time_unix_nano, time_unix_nano] = times.map(nanoseconds);
    let point = NumberDataPoint {
        attributes: attributes.to_vec(),
        start_time_unix_nano,
        time_unix_nano,
        value: Some(number_data_point::Value::AsInt(count)),
        ..NumberDataPoint::default()
    };
    let metric = Metric {
        name: name.to_owned(),
        unit: "{event}".to_owned(),
        data: Some(metric::Data::Sum(Sum {
            data_points: vec![point],
            aggregation_temporality: AggregationTemporality::Cumulative.into(),
            is_monotonic: true,
        })),
        ..Metric::default()
    };
    ExportMetricsServiceRequest {
        resource_metrics: vec![ResourceMetrics {
            resource: Some(Resource {
                attributes: vec![
                    attribute("service.name", service),
                    attribute("service.instance.id", "judge"),
                ],
                ..Resource::default()
            }),
            scope_metrics: vec![ScopeMetrics {
                metrics: vec![metric],
                ..ScopeMetrics::default()
            }],
            ..ResourceMetrics::default()
        }],
    }
}

fn attribute(key: &str, value: &str) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(AnyValue {
            value: Some(any_value::Value::StringValue(value.to_owned())),
        }),
        ..KeyValue::default()
    }
}

fn nanoseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_nanos().try_into().unwrap_or(u64::MAX)
}

/// The queries of all panels of the dashboards in a folder, each with a panel that it stands in.
pub(super) fn queries_of(folder: &str) -> Result<BTreeMap<String, String>, String> {
    let mut queries = BTreeMap::new();
    for file in made::files(folder, ".grafana.json")? {
        let failed = |why: String| format!("{}: {why}", made::shown(&file));
        let text = fs::read_to_string(&file).map_err(|error| failed(error.to_string()))?;
        let dashboard: Value =
            serde_json::from_str(&text).map_err(|error| failed(error.to_string()))?;
        let rows = dashboard["panels"].as_array().into_iter().flatten();
        // Those of a folded row stand in it.
        let panels = rows.flat_map(|row| {
            let within = row["panels"].as_array().into_iter().flatten();
            std::iter::once(row).chain(within)
        });
        let marks = dashboard["annotations"]["list"].as_array();
        for mark in marks.into_iter().flatten() {
            // Alerts fire or not.
            let expr = mark["expr"].as_str().unwrap_or_default();
            if !expr.contains("ALERTS") {
                queries.insert(filled_in(expr), format!("{}, marks", made::shown(&file)));
            }
        }
        for panel in panels {
            let targets = panel["targets"].as_array().into_iter().flatten();
            for target in targets {
                let expr = target["expr"].as_str().unwrap_or_default();
                let query = filled_in(expr);
                if query.is_empty() || query.contains('$') {
                    return Err(failed(format!("not a query: {query}")));
                }
                let title = panel["title"].as_str().unwrap_or_default();
                queries.insert(query, format!("{}, {title}", made::shown(&file)));
            }
        }
    }
    Ok(queries)
}

/// A query as Grafana sends it.
fn filled_in(expr: &str) -> String {
    VARIABLES
        .iter()
        .fold(expr.to_owned(), |q, (name, value)| q.replace(name, value))
}
