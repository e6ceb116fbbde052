//! What can be seen of running services at one moment: everything that the page, the terminal and
//! a recording show, and nothing that they would have to compute.

pub use super::reason::{Never, Refusal, Remark};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Everything there is to see at one moment. `--record` writes it, `--compare` reads two of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct View {
    /// When it was looked at, in milliseconds since 1970.
    pub at: u64,
    /// The window that stands for the one of each SLO, so that budgets move while one watches.
    pub scale: Scale,
    /// Where services export to: `http://127.0.0.1:4318`.
    #[serde(default)]
    pub receiver: Option<String>,
    /// In the order of their names.
    pub services: Vec<ServiceView>,
    /// Requests that the receiver refused, the newest first, each kind once.
    pub refused: Vec<Refused>,
    /// Traces that came and were dropped or forwarded, and what else is said once.
    pub remarks: Vec<Remark>,
    /// The last events, the newest first.
    pub events: Vec<EventView>,
    /// Bad and marked events that a rate limit held back, by endpoint.
    #[serde(default)]
    pub suppressed: Vec<SuppressedView>,
    /// How an event's trace is looked at: a URL with `{trace}` and `{span}`.
    pub trace_link: Option<String>,
}

/// How the windows of SLOs are shortened to what one can watch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Scale {
    /// The length of time that stands for an SLO's whole window.
    pub window: Duration,
    /// How many times longer the usual window of 30 days is.
    pub factor: f64,
}

/// One service, by all its processes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ServiceView {
    pub name: String,
    pub version: Option<String>,
    pub processes: Vec<ProcessView>,
    pub journeys: Vec<JourneyView>,
    pub unannotated: Vec<UnannotatedView>,
    /// Series beyond the bound on series, which were not counted.
    pub overflow: u64,
    /// Events that the process itself says it lost.
    pub lost: u64,
}

/// One process of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ProcessView {
    /// `service.instance.id`.
    pub instance: String,
    /// When it began, in milliseconds since 1970; unknown for an exporter that doesn't say.
    pub started: Option<u64>,
    /// When its last export came, in milliseconds since 1970.
    pub seen: u64,
    /// Whether it was told to end, or its exports stopped.
    pub ended: bool,
    /// How often its counters began again under the same instance.
    pub restarts: u64,
}

/// One journey of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct JourneyView {
    pub name: String,
    pub title: Option<String>,
    pub owner: Option<String>,
    /// The page that says what to do.
    #[serde(default)]
    pub runbook: Option<String>,
    /// SLOs over the events of all its steps.
    pub slos: Vec<SloView>,
    pub steps: Vec<StepView>,
    /// Who called, those with the most bad events first.
    #[serde(default)]
    pub consumers: Vec<ConsumerView>,
    /// How many more rows there would be.
    #[serde(default)]
    pub more_consumers: u64,
    /// What was counted in each interval of the timeline, the oldest first.
    pub timeline: Vec<Interval>,
}

/// One step of a journey: an annotated endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct StepView {
    pub name: String,
    pub route: Option<String>,
    /// The page that says what to do.
    #[serde(default)]
    pub runbook: Option<String>,
    /// SLOs of its own.
    pub slos: Vec<SloView>,
    /// SLIs that it is judged by, whether or not it has SLOs of its own.
    pub slis: Vec<SliView>,
    /// Events by `slo.result`, those that were seen.
    pub results: Vec<(String, u64)>,
    pub in_flight: u64,
    /// Whether no event of it was ever counted.
    pub never_called: bool,
    /// How long its good events took.
    pub durations: Option<HistogramView>,
    /// Jobs: the seconds since the last success, and the seconds within which it should succeed.
    pub last_success: Option<f64>,
    pub interval: Option<f64>,
}

/// What one SLI of a journey counted for one consumer since the processes began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ConsumerView {
    /// One of the program's list, or `other`.
    pub name: String,
    pub sli: String,
    pub good: u64,
    pub bad: u64,
}

/// What one SLI counted since the processes began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SliView {
    /// `availability`, `latency` or its name.
    pub sli: String,
    /// In seconds, of latencies.
    pub threshold: Option<f64>,
    pub good: u64,
    pub bad: u64,
    pub excluded: u64,
}

/// One SLO with what is left of its budget at the scale of the view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SloView {
    /// `service/journey.sli` or `service/journey/endpoint.sli`.
    pub id: String,
    pub counts: SliView,
    /// In percent, as it was written: `99.9`.
    pub target: String,
    /// The SLO's own window: `30d`.
    pub window: String,
    /// Good and bad events within the view's window.
    pub within: (u64, u64),
    /// The share of valid events that were good, in the view's window; unknown without events.
    pub good_share: Option<f64>,
    /// What is left of the budget, 1 for all of it, below 0 when overspent.
    pub budget_left: Option<f64>,
    /// How many times as fast as sustainable the budget is spent.
    pub burn_rate: Option<f64>,
    /// Whether somebody would be called.
    pub would_page: WouldPage,
}

/// Whether the alerts of an SLO would fire at the view's scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum WouldPage {
    /// They do: the most urgent condition that holds.
    Yes { condition: ConditionView },
    /// How many more bad events it would take now, and of which condition.
    After {
        events: u64,
        condition: ConditionView,
    },
    /// Never, whatever happens.
    Never { why: Never },
}

/// One condition of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ConditionView {
    pub severity: Severity,
    /// Its long window, in minutes.
    pub minutes: u32,
}

/// How urgently someone has to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Now, whatever the hour.
    Page,
    /// In the coming working days.
    Ticket,
}

/// How long events took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct HistogramView {
    /// Upper bounds in seconds; the counts have one more.
    pub bounds: Vec<f64>,
    pub counts: Vec<u64>,
    /// In seconds.
    pub sum: f64,
}

/// What happened in one interval of the timeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Interval {
    /// When it began, in milliseconds since 1970.
    pub start: u64,
    pub good: u64,
    pub bad: u64,
    pub excluded: u64,
}

/// A route that no annotation covers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct UnannotatedView {
    /// `GET /carts/{id}` or a gRPC method.
    pub route: String,
    pub good: u64,
    pub bad: u64,
    pub excluded: u64,
    /// What to write above its handler; empty for requests that no one route stands for.
    pub annotation: String,
}

/// Requests that the receiver refused for one reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Refused {
    pub count: u64,
    /// When the last one came, in milliseconds since 1970.
    pub last: u64,
    /// What came: `POST /v1/metric`.
    pub what: String,
    pub why: Refusal,
    /// What mends it, as a variable: `OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=http/protobuf`.
    pub mend: Option<String>,
}

/// One event that a service told about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct EventView {
    /// Its place in the order in which they came, which no other has.
    #[serde(default)]
    pub number: u64,
    /// When it ended, in milliseconds since 1970.
    pub at: u64,
    pub service: String,
    pub journey: String,
    pub endpoint: String,
    /// `slo.result`.
    pub result: String,
    pub reason: Option<String>,
    /// Each SLI with its outcome: `("availability", "bad")`.
    pub judged: Vec<(String, String)>,
    /// In seconds.
    pub duration: Option<f64>,
    /// In seconds.
    pub threshold: Option<f64>,
    pub route: Option<String>,
    pub status: Option<String>,
    pub consumer: Option<String>,
    pub trace: Option<String>,
    pub span: Option<String>,
    /// How many events of the endpoint were not told about before this one.
    pub suppressed: u64,
}

/// Events of an endpoint of which nothing but their number was reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SuppressedView {
    pub service: String,
    pub journey: String,
    pub endpoint: String,
    pub events: u64,
}
