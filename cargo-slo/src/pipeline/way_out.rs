//! What breaks where something was lost on the way, and what to do.

use super::labels::{INSTANCE, SERVICE};

/// What breaks without an attribute.
pub(super) fn without_attribute(attribute: &str) -> &'static str {
    match attribute {
        SERVICE => "no rule finds the events of any service: they can't be told apart",
        INSTANCE => {
            "replicas write one series: what one counted hides what the others did, and each change between \
             them looks like a restart"
        }
        "slo.journey" => "no rule finds the events of an SLO: each selects those of its journey",
        "slo.endpoint" => "SLOs of endpoints find nothing; endpoints of a journey write one series",
        "slo.outcome" => "good and bad events are one number: there is no error ratio",
        "slo.sli" => {
            "events of availability and latency are one number: each is counted twice, or hidden"
        }
        "slo.threshold" => "nobody sees by which threshold events were too slow",
        "slo.result" => {
            "SloNotMeasured can't fire, SloStuck may fire falsely, and nobody sees how events ended"
        }
        "slo.consumer" => "what each consumer got is one number",
        _ => "series can't be told apart",
    }
}

/// How an attribute comes through.
pub(super) fn keep_attribute(attribute: &str) -> String {
    let label = attribute.replace('.', "_");
    match attribute {
        SERVICE | INSTANCE => format!(
            "Collector: no processor `resource` deletes `{attribute}`; where its exporter `prometheus` is \
             scraped, `honor_labels: true` in that job of `scrape_configs`; Prometheus: no `labeldrop` of \
             `job` or `instance`"
        ),
        _ => format!(
            "Collector: no processor deletes `{attribute}` (`attributes`, `transform`: `keep_keys`, \
             `metricstransform`: `aggregate_labels`); Prometheus: no `labeldrop` of `{label}` in \
             `metric_relabel_configs` and `write_relabel_configs`"
        ),
    }
}

/// How an attribute gets its own label again.
pub(super) fn right_label(attribute: &str, found: &str) -> String {
    match found.strip_prefix("exported_") {
        Some(_) => "`honor_labels: true` in the job of `scrape_configs` that scrapes the Collector"
            .to_owned(),
        None => format!(
            "Collector and Prometheus: nothing renames `{attribute}` to `{found}` (`transform`, \
             `metricstransform`, `metric_relabel_configs`)"
        ),
    }
}

/// What breaks without a metric.
pub(super) fn without_metric(metric: &str) -> &'static str {
    match metric {
        "slo.events" => "there are no events: no SLO has a budget, and SloDataMissing fires",
        "slo.start_time" => {
            "what a process counted before its first sample is lost, and restarts are not told from falls"
        }
        "slo.interval" => "SloRunMissed can't fire",
        "slo.in_flight" => "SloStuck can't fire, and unclean ends are not seen",
        "slo.results" => "SloNotMeasured can't fire, SloStuck may fire falsely",
        "slo.duration" => "dashboards show no durations",
        "slo.consumer.events" => "what each consumer got is not known",
        _ => "what is made of it is missing",
    }
}

pub(super) const KEEP_METRICS: &str = "Collector: the processor `filter` and the exporter's limits let every `slo.*` metric through; Prometheus: no `drop` or \
     `keep` in `metric_relabel_configs` and `write_relabel_configs` touches `slo_.*`; stores: no limit on series";
