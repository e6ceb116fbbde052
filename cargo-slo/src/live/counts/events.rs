//! Exports of log records, taken in: events that services tell about.

use super::{
    Counts, MAX_EVENTS, Taken,
    labels::{Rejection, label, optional},
};
use crate::live::{
    otlp::message::{Any, Attribute, Export, LogRecord, real, value},
    view::EventView,
};

/// The name of a record that is an event.
const EVENT: &str = "slo.event";

impl Counts {
    /// Takes in the events that a process told about. Other records are none of ours.
    pub(crate) fn take_events(&mut self, export: &Export<'_, LogRecord<'_>>, at: u64) -> Taken {
        let mut taken = Taken::default();
        for of in &export.resources {
            let service = optional(&of.resource.attributes, "service.name");
            let service = service.ok().flatten().unwrap_or("unknown_service");
            let records = of.scopes.iter().flat_map(|scope| &scope.items);
            for record in records.filter(|record| record.event_name == EVENT) {
                let event = event(service, record, at);
                taken.note(event.map(|event| {
                    if self.events.len() == MAX_EVENTS {
                        self.events.pop_front();
                    }
                    self.events.push_back(event);
                }));
            }
        }
        taken
    }
}

fn event(service: &str, record: &LogRecord<'_>, now: u64) -> Result<EventView, Rejection> {
    let of = &record.attributes;
    let owned = |key| optional(of, key).map(|text| text.map(str::to_owned));
    let nanoseconds = [record.time_unix_nano, record.observed_time_unix_nano];
    let at = nanoseconds.into_iter().find(|at| *at > 0);
    let seconds = |key| real(of, key).filter(|seconds| seconds.is_finite());
    Ok(EventView {
        at: at.map_or(now, |at| at / 1_000_000),
        service: service.to_owned(),
        journey: label(of, "slo.journey")?.to_owned(),
        endpoint: label(of, "slo.endpoint")?.to_owned(),
        result: label(of, "slo.result")?.to_owned(),
        reason: owned("slo.reason")?,
        judged: judged(of)?,
        duration: seconds("slo.duration"),
        threshold: seconds("slo.threshold"),
        route: route(of)?,
        status: status(of),
        consumer: owned("slo.consumer")?,
        trace: identity(&record.trace_id, 32),
        span: identity(&record.span_id, 16),
        suppressed: value(of, "slo.suppressed")
            .and_then(|value| value.int_value)
            .and_then(|count| count.try_into().ok())
            .unwrap_or_default(),
    })
}

/// The method and the template, or the method of gRPC.
fn route(of: &[Attribute<'_>]) -> Result<Option<String>, Rejection> {
    let method = optional(of, "http.request.method")?;
    let template = optional(of, "http.route")?;
    Ok(match (method, template) {
        (Some(method), Some(template)) => Some(format!("{method} {template}")),
        (None, Some(template)) => Some(template.to_owned()),
        (_, None) => optional(of, "rpc.method")?.map(str::to_owned),
    })
}

/// The SLIs that were good and bad, from the lists of each.
fn judged(of: &[Attribute<'_>]) -> Result<Vec<(String, String)>, Rejection> {
    let mut judged = Vec::new();
    for outcome in ["bad", "good"] {
        let list =
            value(of, &format!("slo.slis.{outcome}")).and_then(|value| value.array_value.as_ref());
        for sli in list.into_iter().flat_map(|list| &list.values).take(20) {
            let sli = sli.string_value.as_deref().ok_or(Rejection::Attributes)?;
            judged.push((sli.chars().take(100).collect(), outcome.to_owned()));
        }
    }
    Ok(judged)
}

fn status(of: &[Attribute<'_>]) -> Option<String> {
    let keys = ["http.response.status_code", "rpc.response.status_code"];
    let found = keys.into_iter().find_map(|key| value(of, key))?;
    match found {
        Any {
            int_value: Some(n), ..
        } => Some(n.to_string()),
        Any {
            string_value: Some(text),
            ..
        } => Some(text.chars().take(40).collect()),
        _ => None,
    }
}

/// An identity of so many digits, if it is one; all zeros is none.
fn identity(text: &str, digits: usize) -> Option<String> {
    let is_one = text.len() == digits
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        && text.bytes().any(|byte| byte != b'0');
    is_one.then(|| text.to_ascii_lowercase())
}
