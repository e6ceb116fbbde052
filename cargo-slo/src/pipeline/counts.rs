//! The numbers: what of them is gone, there twice, or another one.

use super::{
    asked::differing,
    findings::{Finding, Kind},
    judged::{Kept, Read, key, sent_key},
    labels::INSTANCE,
    probe::{self, INSTRUMENTS, Probe, REPLICAS, START_TIME, Sent},
    way_out::{KEEP_METRICS, without_metric},
};
use std::collections::{BTreeMap, BTreeSet};

/// So many series are named in a finding.
const NAMED: usize = 2;

/// Stores keep start times less exactly than they are sent, in seconds.
const CLOSE: f64 = 1.0;

/// What the numbers say.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) findings: Vec<Finding>,
    /// How many of the series that were sent are right.
    pub(super) right: usize,
}

/// What can't be told apart any more: series that were sent, and those that are there of them.
#[derive(Debug, Default)]
struct Group<'a> {
    sent: Vec<&'a Sent>,
    reads: Vec<&'a Read<'a>>,
}

/// Judges the numbers.
pub(super) fn judged<'a>(
    probe: &'a Probe,
    reads: &'a [Read<'a>],
    kept: &Kept,
    has_native_histograms: bool,
) -> Counted {
    let mut groups: BTreeMap<(&str, Vec<Option<String>>), Group<'_>> = BTreeMap::new();
    for sent in &probe.series {
        let key = (sent.instrument.name, sent_key(kept, probe, sent));
        groups.entry(key).or_default().sent.push(sent);
    }
    for read in reads {
        let own = |name| read.shown.get(name).map(|(_, value)| *value);
        let key = key(kept, read.instrument, own);
        let key = key
            .into_iter()
            .map(|value| value.map(str::to_owned))
            .collect();
        // What shows less than others of its instrument is of nothing that was sent.
        if let Some(group) = groups.get_mut(&(read.instrument.name, key)) {
            group.reads.push(read);
        }
    }
    let groups: Vec<_> = groups.into_values().collect();
    let mut counted = Counted {
        findings: gone(&groups, kept, has_native_histograms),
        right: groups.iter().filter(|group| group.is_right()).count(),
    };
    counted.findings.extend(doubled(&groups));
    counted.findings.extend(numbers(&groups));
    counted
}

impl Group<'_> {
    fn is_counter(&self) -> bool {
        let first = self.sent.first();
        first.is_some_and(|sent| {
            matches!(
                sent.instrument.kind,
                probe::Kind::Counter | probe::Kind::Histogram
            )
        })
    }

    fn is_of(&self, instrument: &str) -> bool {
        self.sent
            .iter()
            .any(|sent| sent.instrument.name == instrument)
    }

    /// Returns `true` if each of its series ends at what one of these numbers is, or where several series
    /// became one, at what they add up to.
    fn ends_at(&self, number: impl Fn(&Sent) -> f64) -> bool {
        let close = if self.is_of(START_TIME.name) {
            CLOSE
        } else {
            0.0
        };
        let numbers: Vec<_> = self.sent.iter().map(|sent| number(sent)).collect();
        let sum: f64 = numbers.iter().sum();
        let is_one = |last: f64| {
            let mut all = numbers.iter().chain([&sum]);
            all.any(|number| (last - number).abs() <= close)
        };
        self.reads
            .iter()
            .all(|read| read.stored.last().is_some_and(is_one))
    }

    fn is_right(&self) -> bool {
        !self.reads.is_empty() && self.ends_at(Sent::all)
    }
}

/// What is not there at all.
fn gone(groups: &[Group<'_>], kept: &Kept, has_native_histograms: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let present: BTreeSet<_> = groups
        .iter()
        .flat_map(|group| &group.reads)
        .map(|read| read.instrument.name)
        .collect();
    for known in &INSTRUMENTS {
        if present.contains(known.name) {
            continue;
        }
        if known.kind == probe::Kind::Histogram && has_native_histograms {
            findings.push(native(known.name));
            continue;
        }
        findings.push(Finding {
            kind: Kind::Dropped,
            what: known.name.to_owned(),
            seen: "nothing".to_owned(),
            expected: "a metric".to_owned(),
            breaks: without_metric(known.name).to_owned(),
            way_out: KEEP_METRICS.to_owned(),
        });
    }
    let told_apart = |group: &&Group<'_>| {
        let name = group.sent.first().map(|sent| sent.instrument.name);
        let name = name.filter(|name| present.contains(name));
        name.and_then(|name| kept.get(name))
            .is_some_and(|kept| kept.contains(INSTANCE))
    };
    let of = |replica: usize| {
        let own = groups.iter().filter(told_apart);
        own.filter(move |group| group.sent.iter().any(|sent| sent.replica == replica))
    };
    let gone: Vec<_> = (0..REPLICAS)
        .filter(|replica| {
            of(*replica).count() > 0 && of(*replica).all(|group| group.reads.is_empty())
        })
        .collect();
    for replica in &gone {
        findings.push(Finding {
            kind: Kind::Dropped,
            what: format!("replica {}", replica + 1),
            seen: "nothing of it".to_owned(),
            expected: format!("{REPLICAS} replicas"),
            breaks: "events of some replicas are in no budget".to_owned(),
            way_out: "Collector: every instance of it, and every shard of a load balancer before it, sends to \
                      this store; stores: no limit on series, no deduplication by other labels than those of \
                      an HA pair"
                .to_owned(),
        });
    }
    let lost: Vec<_> = groups
        .iter()
        .filter(|group| group.reads.is_empty())
        .filter_map(|group| group.sent.first())
        .filter(|sent| present.contains(sent.instrument.name))
        .filter(|sent| {
            let kept = kept.get(sent.instrument.name);
            !gone.contains(&sent.replica) || !kept.is_some_and(|kept| kept.contains(INSTANCE))
        })
        .map(|sent| told(sent))
        .collect();
    if !lost.is_empty() {
        findings.push(Finding {
            kind: Kind::Dropped,
            what: "series".to_owned(),
            seen: "nothing".to_owned(),
            expected: listed(&lost),
            breaks: "their events are in no budget".to_owned(),
            way_out: KEEP_METRICS.to_owned(),
        });
    }
    findings
}

fn native(name: &str) -> Finding {
    Finding {
        kind: Kind::Converted,
        what: name.to_owned(),
        seen: "a native histogram".to_owned(),
        expected: "buckets with `le`".to_owned(),
        breaks: "dashboards and `cargo slo check --prometheus` read `_bucket`".to_owned(),
        way_out: "Prometheus: no `convert_histograms_to_nhcb` in `otlp` and `scrape_configs`"
            .to_owned(),
    }
}

/// What is there more than once.
fn doubled(groups: &[Group<'_>]) -> Option<Finding> {
    let twice: Vec<_> = groups
        .iter()
        .filter(|group| group.reads.len() > 1)
        .collect();
    let first = twice.first()?;
    let series: Vec<_> = first.reads.iter().map(|read| read.stored).collect();
    let mut by = differing(&series);
    if by.is_empty() {
        by.push("__name__".to_owned());
    }
    let by: Vec<_> = by.iter().map(|label| format!("`{label}`")).collect();
    Some(Finding {
        kind: Kind::Doubled,
        what: format!("{} of {} series", twice.len(), groups.len()),
        seen: format!("{} of each, told apart by {}", series.len(), by.join(", ")),
        expected: "one of each".to_owned(),
        breaks: "each event is counted several times".to_owned(),
        way_out: format!(
            "one way into the store: one exporter in the Collector's pipeline, one job of `scrape_configs`; of \
             an HA pair, deduplication by {} (Thanos `--query.replica-label`, Mimir's HA tracker)",
            by.join(", ")
        ),
    })
}

/// What is another number.
fn numbers(groups: &[Group<'_>]) -> Vec<Finding> {
    let there: Vec<_> = groups
        .iter()
        .filter(|group| !group.reads.is_empty())
        .collect();
    let (starts, others): (Vec<&Group<'_>>, Vec<_>) = there
        .into_iter()
        .partition(|group| group.is_of(START_TIME.name));
    let mut findings = Vec::new();
    let wrong = |groups: &[&Group<'_>]| -> Vec<String> {
        let wrong = groups.iter().filter(|group| !group.is_right());
        wrong.map(|group| shown(group)).collect()
    };
    let of_starts = wrong(&starts);
    if !of_starts.is_empty() {
        findings.push(Finding {
            kind: Kind::StartTime,
            what: START_TIME.name.to_owned(),
            seen: listed(&of_starts),
            expected: "the moment at which the process began".to_owned(),
            breaks: "what a new process counted is lost, or counted again".to_owned(),
            way_out: "Collector: no processor changes or aggregates `slo.start_time`".to_owned(),
        });
    }
    let counters: Vec<_> = others.iter().filter(|group| group.is_counter()).collect();
    let wrong_counters = counters.iter().filter(|group| !group.is_right()).count();
    let all = |number: fn(&Sent) -> f64| counters.iter().all(|group| group.ends_at(number));
    if wrong_counters > 0 && all(Sent::last_growth) {
        findings.push(differences());
        return findings;
    }
    let is_late = |group: &Group<'_>| {
        group.is_right()
            || group.ends_at(|sent| sent.values[1])
            || group.ends_at(|sent| sent.values[0])
    };
    if wrong_counters > 0 && counters.iter().all(|group| is_late(group)) {
        findings.push(Finding {
            kind: Kind::Dropped,
            what: "the last export".to_owned(),
            seen: listed(&wrong(&others)),
            expected: "what it said".to_owned(),
            breaks: "what a process counted before it ended is in no budget".to_owned(),
            way_out: "Collector: `retry_on_failure: {max_elapsed_time: 0}` and a `sending_queue` that is long \
                      enough; where it is scraped, `metric_expiration` longer than the scrape interval"
                .to_owned(),
        });
        return findings;
    }
    let of_others = wrong(&others);
    if !of_others.is_empty() {
        findings.push(Finding {
            kind: Kind::WrongCount,
            what: format!("{} of {} series", of_others.len(), others.len()),
            seen: listed(&of_others),
            expected: "what was sent".to_owned(),
            breaks: "budgets are of other events than there were".to_owned(),
            way_out: "Collector: no processor scales or aggregates (`metricstransform`, `transform`, \
                      `cumulativetodelta`, `interval`), and each replica keeps its `service.instance.id`"
                .to_owned(),
        });
    }
    findings.extend(falls(&counters));
    findings
}

fn differences() -> Finding {
    Finding {
        kind: Kind::Converted,
        what: "counters".to_owned(),
        seen: "what each export added".to_owned(),
        expected: "sums since the process began (cumulative)".to_owned(),
        breaks: "rules count the changes of sums: of differences, most is lost".to_owned(),
        way_out:
            "Collector: no `cumulativetodelta`, or `deltatocumulative` behind it; Prometheus: no \
                  `otlp-native-delta-ingestion`; services: no \
                  OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta"
                .to_owned(),
    }
}

/// Counters that fell though nothing else is wrong with them.
fn falls(counters: &[&&Group<'_>]) -> Option<Finding> {
    let fell = counters
        .iter()
        .filter(|group| group.sent.len() == 1 && group.is_right());
    let fell: Vec<_> = fell
        .filter(|group| {
            let mut values = group.reads.iter().map(|read| &read.stored.values);
            values.any(|values| values.windows(2).any(|pair| pair[1] < pair[0]))
        })
        .filter_map(|group| group.sent.first().map(|sent| told(sent)))
        .collect();
    (!fell.is_empty()).then(|| Finding {
        kind: Kind::Reset,
        what: format!("{} of {} counters", fell.len(), counters.len()),
        seen: format!("a fall of {}", listed(&fell)),
        expected: "numbers that only grow".to_owned(),
        breaks: "each fall counts as a restart: events are counted again".to_owned(),
        way_out: "two writers share a series, or a Collector is restarted: one Collector for each service \
                  instance, and one exporter to the store"
            .to_owned(),
    })
}

/// A series as people read it.
fn told(sent: &Sent) -> String {
    let own = ["slo.endpoint", "slo.journey", "slo.consumer"];
    let values: Vec<_> = sent
        .attributes
        .iter()
        .filter(|(key, _)| !own.contains(key))
        .map(|(_, value)| &**value)
        .collect();
    let name = sent.instrument.name;
    let replica = sent.replica + 1;
    match values.is_empty() {
        true => format!("{name} of replica {replica}"),
        false => format!("{name} {{{}}} of replica {replica}", values.join(", ")),
    }
}

/// A series with what it is and what it was to be.
fn shown(group: &Group<'_>) -> String {
    let Some(sent) = group.sent.first() else {
        return String::new();
    };
    let last = group.reads.iter().filter_map(|read| read.stored.last());
    let last: Vec<_> = last.map(|value| value.to_string()).collect();
    format!("{}: {} of {}", told(sent), last.join(" and "), sent.all())
}

fn listed(texts: &[String]) -> String {
    let (named, more) = texts.split_at(texts.len().min(NAMED));
    let named = named.join("; ");
    match more.len() {
        0 => named,
        more => format!("{named}; and {more} more"),
    }
}
