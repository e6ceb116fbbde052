//! An export, decoded.

use crate::book::{Book, Key};
use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    metrics::v1::{Metric, NumberDataPoint, metric::Data, number_data_point},
};
use prost::Message;
use std::collections::BTreeSet;

/// `AGGREGATION_TEMPORALITY_CUMULATIVE`: nothing is lost with a lost export.
const CUMULATIVE: i32 = 2;

/// The counts in the body of an export.
pub(super) fn read(body: &[u8]) -> Result<Book, String> {
    let request = ExportMetricsServiceRequest::decode(body).map_err(|error| error.to_string())?;
    let metrics = request
        .resource_metrics
        .iter()
        .flat_map(|resource| &resource.scope_metrics)
        .flat_map(|scope| &scope.metrics);
    let mut book = Book::default();
    for metric in metrics {
        if metric.name.starts_with("slo.") {
            enter(metric, &mut book)?;
        }
    }
    // The contract does not export it: it is what the two have to add up to.
    let ended = book.ended();
    let started: Vec<_> = ended
        .into_iter()
        .map(|(endpoint, ended)| {
            let in_flight = book.get(&Key::InFlight(endpoint.to_owned()));
            (Key::Started(endpoint.to_owned()), ended + in_flight)
        })
        .collect();
    for (key, events) in started {
        book.add(key, events);
    }
    Ok(book)
}

fn enter(metric: &Metric, book: &mut Book) -> Result<(), String> {
    let name = metric.name.as_str();
    let Some(Data::Sum(sum)) = &metric.data else {
        return match name {
            "slo.objective" | "slo.info" | "slo.duration" | "slo.start_time" => Ok(()),
            _ => Err(format!("{name} is not a sum")),
        };
    };
    if sum.aggregation_temporality != CUMULATIVE {
        return Err(format!("{name} is not cumulative"));
    }
    if sum.is_monotonic == (name == "slo.in_flight") {
        return Err(format!("{name}: is_monotonic is {}", sum.is_monotonic));
    }
    // A route has a series for each outcome, which the book adds up.
    let mut outcomes = BTreeSet::new();
    for point in &sum.data_points {
        let value = |key| attribute(&point.attributes, key).map(str::to_owned);
        let key = match name {
            "slo.results" => Key::Result(value("slo.endpoint")?, value("slo.result")?),
            "slo.events" => Key::Sli(
                value("slo.endpoint")?,
                value("slo.sli")?,
                value("slo.outcome")?,
            ),
            "slo.in_flight" => Key::InFlight(value("slo.endpoint")?),
            "slo.unannotated" => {
                let key = Key::Unannotated(value("http.route")?);
                if !outcomes.insert((key.clone(), value("slo.outcome")?)) {
                    return Err(format!("{key} is there twice with one outcome"));
                }
                book.add(key, count(name, point)?);
                continue;
            }
            other => return Err(format!("unknown instrument {other}")),
        };
        if book.holds(&key) {
            return Err(format!("{key} is there twice"));
        }
        book.add(key, count(name, point)?);
    }
    Ok(())
}

fn count(name: &str, point: &NumberDataPoint) -> Result<u64, String> {
    match point.value {
        Some(number_data_point::Value::AsInt(value)) => {
            u64::try_from(value).map_err(|_| format!("{name} is {value}"))
        }
        other => Err(format!("{name} is {other:?}")),
    }
}

fn attribute<'a>(attributes: &'a [KeyValue], key: &str) -> Result<&'a str, String> {
    let pair = attributes.iter().find(|pair| pair.key == key);
    match pair.and_then(|pair| pair.value.as_ref()?.value.as_ref()) {
        Some(Value::StringValue(text)) => Ok(text),
        other => Err(format!("{key} is {other:?}")),
    }
}
