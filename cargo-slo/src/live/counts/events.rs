//! Exports of log records, taken in: events that services tell about.

use super::{
    Counts, MAX_EVENTS, Taken,
    counts::MAX_SUPPRESSED,
    labels::{Rejection, label, optional},
};
use crate::live::{
    otlp::message::{Any, Attribute, Export, LogRecord, real, value},
    view::EventView,
};

/// The name of a record that is an event.
const EVENT: &str = "slo.event";
/// The name of a record that only counts events which have none.
const SUPPRESSED: &str = "slo.suppressed";

impl Counts {
    /// Takes in the events that a process told about. Other records are none of ours.
    pub(crate) fn take_events(&mut self, export: &Export<'_, LogRecord<'_>>, at: u64) -> Taken {
        let mut taken = Taken::default();
        for of in &export.resources {
            let service = optional(&of.resource.attributes, "service.name");
            let service = service.ok().flatten().unwrap_or("unknown_service");
            let records = of.scopes.iter().flat_map(|scope| &scope.items);
            for record in records {
                match &*record.event_name {
                    EVENT => taken.note(self.take_event(service, record, at)),
                    SUPPRESSED => taken.note(self.take_suppressed(service, record)),
                    _ => {}
                }
            }
        }
        taken
    }

    fn take_event(
        &mut self,
        service: &str,
        record: &LogRecord<'_>,
        at: u64,
    ) -> Result<(), Rejection> {
        let mut event = event(service, record, at)?;
        self.take_suppressed(service, record)?;
        event.number = self.event_count;
        self.event_count += 1;
        if self.events.len() == MAX_EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(event);
        Ok(())
    }

    /// Adds up how many events before a record had none.
    fn take_suppressed(&mut self, service: &str, record: &LogRecord<'_>) -> Result<(), Rejection> {
        let of = &record.attributes;
        let events = suppressed(of);
        if events == 0 {
            return Ok(());
        }
        let names = [
            service,
            label(of, "slo.journey")?,
            label(of, "slo.endpoint")?,
        ];
        let names = names.map(str::to_owned);
        if self.suppressed.len() >= MAX_SUPPRESSED && !self.suppressed.contains_key(&names) {
            return Err(Rejection::Series);
        }
        let sum = self.suppressed.entry(names).or_default();
        *sum = sum.saturating_add(events);
        Ok(())
    }
}

fn event(service: &str, record: &LogRecord<'_>, now: u64) -> Result<EventView, Rejection> {
    let of = &record.attributes;
    let owned = |key| optional(of, key).map(|text| text.map(str::to_owned));
    let nanoseconds = [record.time_unix_nano, record.observed_time_unix_nano];
    let at = nanoseconds.into_iter().find(|at| *at > 0);
    let seconds = |key| real(of, key).filter(|seconds| seconds.is_finite());
    Ok(EventView {
        number: 0,
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
        suppressed: suppressed(of),
    })
}

/// How many events before a record had none.
fn suppressed(of: &[Attribute<'_>]) -> u64 {
    let count = value(of, "slo.suppressed").and_then(|value| value.int_value);
    count.and_then(|n| n.try_into().ok()).unwrap_or_default()
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
