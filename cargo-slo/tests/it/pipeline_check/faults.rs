//! What happens to counts on their way, and what has to be found of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// All that happens.
#[derive(Clone, Debug)]
pub(super) struct Faults {
    pub(super) has_dots: bool,
    pub(super) has_suffixes: bool,
    /// In place of `job` and `instance`.
    pub(super) has_service_name: bool,
    pub(super) has_prefix: bool,
    /// To `app_counts`.
    pub(super) renamed_metric: Option<&'static str>,
    /// From `slo_journey` to `journey`.
    pub(super) is_journey_renamed: bool,
    pub(super) stripped: BTreeSet<&'static str>,
    pub(super) dropped_metric: Option<&'static str>,
    pub(super) drops_a_replica: bool,
    pub(super) is_doubled: bool,
    pub(super) factor: f64,
    pub(super) has_gauges: bool,
    pub(super) is_delta: bool,
    pub(super) last_export_lost: bool,
    /// Counters are 0 in between.
    pub(super) has_falls: bool,
    /// Processes began an hour later.
    pub(super) is_start_moved: bool,
    pub(super) delay: Duration,
}

impl Default for Faults {
    fn default() -> Faults {
        Faults {
            has_dots: false,
            has_suffixes: true,
            has_service_name: false,
            has_prefix: false,
            renamed_metric: None,
            is_journey_renamed: false,
            stripped: BTreeSet::new(),
            dropped_metric: None,
            drops_a_replica: false,
            is_doubled: false,
            factor: 1.0,
            has_gauges: false,
            is_delta: false,
            last_export_lost: false,
            has_falls: false,
            is_start_moved: false,
            delay: Duration::ZERO,
        }
    }
}

pub(super) const ATTRIBUTES: [&str; 9] = [
    "service.name",
    "service.instance.id",
    "slo.journey",
    "slo.endpoint",
    "slo.outcome",
    "slo.sli",
    "slo.threshold",
    "slo.result",
    "slo.consumer",
];

pub(super) const METRICS: [&str; 7] = [
    "slo.events",
    "slo.consumer.events",
    "slo.results",
    "slo.in_flight",
    "slo.start_time",
    "slo.interval",
    "slo.duration",
];

/// A finding: its kind, and of what it is, where that is not a number of series.
pub(super) type Found = (String, String);

impl Faults {
    /// Some that don't hide each other; `below` draws a number.
    pub(super) fn drawn(below: &mut dyn FnMut(usize) -> usize) -> Faults {
        let mut faults = Faults::default();
        let mut happens = |one_in: usize| below(one_in) == 0;
        faults.has_dots = happens(6);
        faults.has_suffixes = !happens(6);
        faults.has_service_name = happens(6);
        faults.has_prefix = happens(6);
        faults.is_journey_renamed = happens(6);
        faults.drops_a_replica = happens(5);
        faults.is_doubled = happens(5);
        faults.delay = Duration::from_secs(if happens(6) { 7 } else { 0 });
        let is_renamed = happens(4);
        let strips = happens(2);
        // One of those that change what numbers are.
        match below(8) {
            0 => faults.factor = 3.0,
            1 => faults.is_delta = true,
            2 => faults.last_export_lost = true,
            3 => faults.has_gauges = faults.has_suffixes,
            4 => faults.has_falls = true,
            5 => faults.is_start_moved = true,
            _ => {}
        }
        if strips {
            for _ in 0..=below(2) {
                faults.stripped.insert(ATTRIBUTES[below(ATTRIBUTES.len())]);
            }
        }
        if below(4) == 0 {
            faults.dropped_metric = Some(METRICS[below(METRICS.len())]);
        }
        if is_renamed && !faults.has_gauges {
            faults.renamed_metric = Some(["slo.events", "slo.results"][below(2)]);
        }
        faults.that_show()
    }

    /// Without those that nobody can see beside others.
    fn that_show(mut self) -> Faults {
        // Nothing says whose it is any more.
        if self.stripped.contains("service.name") {
            self.stripped.remove("service.instance.id");
            self.has_service_name = false;
        }
        // Replicas can't be told apart, so none can be missed.
        self.drops_a_replica &= !self.stripped.contains("service.instance.id");
        // One of several writers of a series falls behind another all the time.
        self.has_falls &= !self.stripped.contains("service.instance.id");
        self.is_start_moved &= self.dropped_metric != Some("slo.start_time");
        self.is_journey_renamed &= !self.stripped.contains("slo.journey");
        // What is dropped has neither a name nor attributes.
        let dropped = self.dropped_metric;
        self.renamed_metric = self.renamed_metric.filter(|name| Some(*name) != dropped);
        let carriers = [
            ("slo.results", "slo.result"),
            ("slo.events", "slo.threshold"),
            ("slo.consumer.events", "slo.consumer"),
        ];
        for (metric, attribute) in carriers {
            if dropped == Some(metric) {
                self.stripped.remove(attribute);
            }
        }
        // Under a foreign name, attributes are all that tells what it is.
        let telling: &[&str] = match self.renamed_metric {
            Some("slo.events") => &["slo.journey", "slo.endpoint", "slo.outcome", "slo.sli"],
            Some(_) => &["slo.journey", "slo.endpoint", "slo.result"],
            None => &[],
        };
        self.stripped.retain(|name| !telling.contains(name));
        self
    }

    /// What has to be found.
    pub(super) fn expected(&self) -> BTreeSet<Found> {
        let mut all = BTreeSet::new();
        let mut add = |kind: &str, what: &str| all.insert((kind.to_owned(), what.to_owned()));
        if self.has_dots || !self.has_suffixes || self.has_service_name {
            add("renamed", "names and labels");
        }
        if self.has_prefix {
            add("renamed", "every metric");
        }
        if let Some(name) = self.renamed_metric {
            add("renamed", name);
        }
        if self.is_journey_renamed {
            add("renamed", "slo.journey");
        }
        for name in &self.stripped {
            add("stripped", name);
        }
        if let Some(name) = self.dropped_metric {
            add("dropped", name);
        }
        if self.drops_a_replica {
            add("dropped", "replica 2");
        }
        if self.is_doubled {
            add("doubled", "");
        }
        if self.factor != 1.0 {
            add("wrong-count", "");
        }
        if self.has_gauges {
            let counters = ["slo.consumer.events", "slo.events", "slo.results"];
            let left: Vec<_> = counters
                .into_iter()
                .filter(|name| Some(*name) != self.dropped_metric)
                .collect();
            add("converted", &left.join(", "));
        }
        if self.is_delta {
            add("converted", "counters");
        }
        if self.last_export_lost {
            add("dropped", "the last export");
        }
        if self.has_falls {
            add("reset", "");
        }
        if self.is_start_moved {
            add("start-time", "slo.start_time");
        }
        if !self.delay.is_zero() {
            add("late", "the last export");
        }
        all
    }

    /// Whether a point is dropped.
    pub(super) fn drops(&self, labels: &BTreeMap<String, String>) -> bool {
        let is_second = labels["service.instance.id"].ends_with("-replica-2");
        self.dropped_metric == Some(&*labels["__name__"]) || (self.drops_a_replica && is_second)
    }

    /// The series that a point is stored in, as Prometheus would.
    pub(super) fn stored(&self, sent: &BTreeMap<String, String>) -> Vec<BTreeMap<String, String>> {
        let suffix = match (&*sent["__kind__"], &*sent["__unit__"]) {
            _ if !self.has_suffixes => "",
            ("counter", _) if !self.has_gauges => "_total",
            (_, "s") => "_seconds",
            _ => "",
        };
        let own = match self.renamed_metric == Some(&*sent["__name__"]) {
            true => "app.counts",
            false => &*sent["__name__"],
        };
        let prefix = if self.has_prefix { "otel_" } else { "" };
        let part = sent.get("__part__").map_or("", String::as_str);
        let spelt = |name: &str| match self.has_dots {
            true => name.to_owned(),
            false => name.replace('.', "_"),
        };
        let mut labels = BTreeMap::new();
        labels.insert(
            "__name__".to_owned(),
            format!("{prefix}{}{suffix}{part}", spelt(own)),
        );
        for (key, value) in sent {
            if self.stripped.contains(&**key)
                || key.starts_with("__")
                || key.starts_with("telemetry")
            {
                continue;
            }
            let label = match (&**key, self.has_service_name) {
                ("service.name", false) => "job".to_owned(),
                ("service.instance.id", false) => "instance".to_owned(),
                ("slo.journey", _) if self.is_journey_renamed => "journey".to_owned(),
                (key, _) => spelt(key),
            };
            labels.insert(label, value.clone());
        }
        let mut all = vec![labels.clone()];
        if self.is_doubled {
            labels.insert("prometheus_replica".to_owned(), "b".to_owned());
            all.push(labels);
        }
        all
    }
}
