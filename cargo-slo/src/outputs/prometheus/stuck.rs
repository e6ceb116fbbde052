//! The alert that a service is stuck: events wait in it and none ends.
//!
//! No other alert can see this, because an event is judged when it ends. It is a page: whoever
//! waits is a user, and more of them come.

use super::{
    file::{Kind, Rule},
    job::Job,
    joined::Joined,
    names::Instrument,
};
use crate::{outputs::Settings, text::template::literal};

/// How long nothing must have ended. Longer than the answer to any request that a user waits
/// for; streams that are open for longer don't fire it while anything else ends, or while no
/// more are opened.
const WINDOW: &str = "15m";

/// The alert, for one service or for all.
///
/// At every moment of the window something was in flight, more is now than at its start, and
/// nothing ended. Jobs are left out: a run may take hours, and one that never ends is a missed
/// run. So is what nobody claimed, as no result is counted for it.
pub(super) fn rule(job: Option<&Job>, settings: &Settings) -> Rule {
    let names = settings.names;
    let joined = Joined::by(&["slo.endpoint"], settings);
    let of = |instrument, more: &[String]| {
        let mut matchers = job.map(Job::matchers).unwrap_or_default();
        matchers.extend_from_slice(more);
        names.selector(instrument, &matchers)
    };
    let claimed = format!("{}!=\"_unclaimed\"", names.label("slo.endpoint"));
    let in_flight = of(Instrument::InFlight, &[claimed]);
    let results = of(Instrument::Results, &[]);
    let interval = of(Instrument::Interval, &[]);
    let sum = |series: String| joined.aggregate("sum", &series);
    let expr = format!(
        "(\n  {}\n  > {}\n)\nand on ({on}) {} > 0\nand on ({on}) {} == 0\nunless on ({on}) {}",
        sum(in_flight.clone()),
        sum(format!("{in_flight} offset {WINDOW}")),
        sum(format!("min_over_time({in_flight}[{WINDOW}])")),
        sum(format!("increase({results}[{WINDOW}])")),
        joined.aggregate("count", &interval),
        on = joined.labels(),
    );
    let mut labels = vec![("severity", "page".to_owned())];
    if let Some(job) = job {
        labels.push(("slo_service", literal(job.service())));
    }
    let endpoint = "{{ $labels.slo_endpoint }}";
    let whose = match job {
        Some(job) => literal(job.service()),
        None => service(settings),
    };
    let summary = format!(
        "Endpoint {endpoint} of {whose} is stuck: events wait in it, more come, and none ended in {WINDOW}"
    );
    let description = format!(
        "{{{{ $value | printf \"%.0f\" }}}} events are in flight and not one ended in {WINDOW}. \
         An event is judged when it ends, so neither an error ratio nor an error budget shows \
         this. Look for a deadlock, a pool without a free connection, or a dependency that \
         neither answers nor times out."
    );
    Rule {
        kind: Kind::Alert { held_for: None },
        name: "SloStuck".to_owned(),
        expr,
        labels,
        annotations: vec![("summary", summary), ("description", description)],
    }
}

/// The service of an alert of all services, in a template.
pub(super) fn service(settings: &Settings) -> String {
    use crate::outputs::ServiceLabel::{Job, ServiceName};
    let label = match settings.service_label {
        Job => "job",
        ServiceName => "service_name",
    };
    format!("{{{{ $labels.{label} }}}}")
}
