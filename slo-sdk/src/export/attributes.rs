//! The names of the telemetry contract; `semconv/` holds the same as a registry, and a test
//! keeps both equal.

/// Good and bad events per endpoint and SLI.
pub(crate) const EVENTS: &str = "slo.events";
/// The same for each consumer that a layer tells apart.
pub(crate) const CONSUMER_EVENTS: &str = "slo.consumer.events";
/// Ended events per endpoint and result.
pub(crate) const RESULTS: &str = "slo.results";
/// Events that started and did not end yet.
pub(crate) const IN_FLIGHT: &str = "slo.in_flight";
/// How long good events took.
#[cfg(feature = "otlp")]
pub(crate) const DURATION: &str = "slo.duration";
/// Events that no annotation covers.
pub(crate) const UNANNOTATED: &str = "slo.unannotated";
/// Events that a failed export took with it.
#[cfg(feature = "otlp")]
pub(crate) const LOST: &str = "slo.lost";
/// The target of each SLO.
pub(crate) const OBJECTIVE: &str = "slo.objective";
/// How often each job is expected to run.
pub(crate) const INTERVAL: &str = "slo.interval";
/// When each job last succeeded.
pub(crate) const LAST_SUCCESS: &str = "slo.last_success";
/// When the process began to count.
pub(crate) const START_TIME: &str = "slo.start_time";
/// The identity of each definition.
pub(crate) const INFO: &str = "slo.info";

pub(crate) const CONSUMER: &str = "slo.consumer";
pub(crate) const ENDPOINT: &str = "slo.endpoint";
pub(crate) const HASH: &str = "slo.hash";
pub(crate) const JOURNEY: &str = "slo.journey";
pub(crate) const OUTCOME: &str = "slo.outcome";
pub(crate) const OWNER: &str = "slo.owner";
pub(crate) const RESULT: &str = "slo.result";
pub(crate) const RUNBOOK: &str = "slo.runbook";
pub(crate) const SLI: &str = "slo.sli";
pub(crate) const THRESHOLD: &str = "slo.threshold";
pub(crate) const WINDOW: &str = "slo.window";

/// The endpoint of events in flight that no handler has claimed and no route explains.
pub(crate) const UNCLAIMED: &str = "_unclaimed";

/// From OpenTelemetry's own registry.
pub(crate) const HTTP_ROUTE: &str = "http.route";
