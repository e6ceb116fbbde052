//! The history that a Prometheus holds.
//!
//! Events are asked for day by day, so that windows of any length can be made of them, and
//! everything else over all of the time, both by `increase`: it knows counters that started again
//! within a day, and those that were new in it. It scales what it saw to the whole range, and what
//! falls between two days is seen by neither, so a count is off by about one sample's worth a day.
//! Rules allow for more than that. What can't be a count, or was not asked for, is an error.

use super::{
    Counted, Ended, Events, FORMAT, History, HistoryError, Outcomes, Spelling, Uncovered,
    buckets::{Buckets, nanoseconds},
    counts::{asked_for, gap, rounded, whole},
    file::sound,
};
use crate::input::{
    prometheus::{Labels, Prometheus, Sample, Series},
    values::Date,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{SystemTime, UNIX_EPOCH},
};

const DAY: u64 = 86_400;

/// More names no instrument has: with dots or underscores, with what is appended or without.
const MAX_NAMES: usize = 16;

/// Days without a count, of endpoints that are newer than their service.
const MAX_EMPTY_DAYS: usize = 4_000_000;

/// Instruments, whatever way their names reached Prometheus: with dots or not, with what it
/// appends or not.
pub(super) const EVENTS: &str = "slo[._]events(_total)?";
const RESULTS: &str = "slo[._]results(_total)?";
const DURATIONS: &str = "slo[._]duration(_seconds)?_bucket";
const UNANNOTATED: &str = "slo[._]unannotated(_total)?";
const START_TIME: &str = "slo[._]start_time(_seconds)?";

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked<'a> {
    /// The services; what others count is left out.
    pub services: BTreeSet<&'a str>,
    /// How many days.
    pub days: u16,
    /// Matchers that all series have to meet, such as `env="prod"`; nothing for none.
    pub matchers: &'a str,
}

/// What a Prometheus answered.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// What it counted.
    pub history: History,
    /// How it spells the events of these services: several ways, where they arrive by several.
    pub spellings: BTreeSet<Spelling>,
}

/// Asks a Prometheus.
///
/// # Errors
/// If it can't be asked, or if it knows no events at all.
pub fn fetch(prometheus: &Prometheus, asked: &Asked<'_>) -> Result<Fetched, HistoryError> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    fetch_until(now.map_or(0, |since| since.as_secs()), prometheus, asked)
}

/// Asks what was counted until a moment, in seconds since 1970.
///
/// # Errors
/// As [`fetch`].
pub fn fetch_until(
    now: u64,
    prometheus: &Prometheus,
    asked: &Asked<'_>,
) -> Result<Fetched, HistoryError> {
    let asking = Fetch {
        prometheus,
        asked,
        now,
    };
    let mut services: BTreeMap<String, Counted> = BTreeMap::new();
    let mut spellings = BTreeSet::new();
    if !asking.events(&mut services, &mut spellings)? {
        return Err(HistoryError::NoEvents {
            url: prometheus.url().to_owned(),
        });
    }
    asking.results(&mut services)?;
    asking.durations(&mut services)?;
    asking.unannotated(&mut services)?;
    asking.falls(&mut services)?;
    let history = History {
        format: FORMAT,
        generator: crate::GENERATOR.to_owned(),
        until: Date::after_epoch(now / DAY).to_string(),
        step_days: 1,
        services,
    };
    sound(&history).map_err(|what| HistoryError::Answer {
        url: prometheus.url().to_owned(),
        what,
    })?;
    Ok(Fetched { history, spellings })
}

/// Good and bad events by day, as far as there were any; what tells a series of them apart.
type Daily<'a> = BTreeMap<(&'a str, String, String, String, Option<u64>), [Vec<(u16, u64)>; 2]>;

/// Sums by service and labels.
type Sums<'a> = BTreeMap<(&'a str, Vec<String>), u64>;

/// What an item takes in memory beside its texts, in bytes.
const ITEM_BYTES: usize = 300;

struct Fetch<'a> {
    prometheus: &'a Prometheus,
    asked: &'a Asked<'a>,
    /// In seconds since 1970.
    now: u64,
}

impl<'a> Fetch<'a> {
    /// The names an instrument has. Several, while services with several settings run.
    fn names(&self, instrument: &str) -> Result<BTreeSet<String>, HistoryError> {
        let selector = self.selector(&format!("__name__=~{instrument:?}"));
        let query = format!("count by (__name__) (last_over_time({selector}[1d]))");
        let mut names = BTreeSet::new();
        self.query(&query, |sample| {
            let name = sample.metric.get("__name__");
            // Each is asked for.
            match name.filter(|_| names.len() <= MAX_NAMES) {
                Some(name) => names.insert(name.to_owned()),
                None => false,
            };
            Ok(0)
        })?;
        match names.len() > MAX_NAMES {
            true => Err(self.wrong(format!("{instrument} has more than {MAX_NAMES} names"))),
            false => Ok(names),
        }
    }

    /// The series of an expression; what is wrong with one ends it.
    fn query(
        &self,
        query: &str,
        mut keep: impl FnMut(&Sample) -> Result<usize, String>,
    ) -> Result<(), HistoryError> {
        let mut first = Ok(());
        let now = i64::try_from(self.now).unwrap_or(i64::MAX / 1000) * 1000;
        self.prometheus
            .query_at(query, now, |sample| kept(keep(&sample), &mut first))?;
        first.map_err(|what| self.wrong(what))
    }

    fn wrong(&self, what: String) -> HistoryError {
        HistoryError::Answer {
            url: self.prometheus.url().to_owned(),
            what,
        }
    }

    fn selector(&self, matcher: &str) -> String {
        match self.asked.matchers {
            "" => format!("{{{matcher}}}"),
            more => format!("{{{matcher},{more}}}"),
        }
    }

    /// What grew in the given number of days, by the service and these labels.
    fn growth(&self, name: &str, labels: &[&str], days: u16) -> String {
        let by = spelt(name, &[&["job", "service.name"], labels].concat());
        let selector = self.selector(&format!("__name__={name:?}"));
        format!("sum by ({by}) (increase({selector}[{days}d]))")
    }

    /// How often, in a day, starts of processes or counters fell though no process began again:
    /// of a process that goes on, neither does.
    fn falling(&self, start: &str, events: &str) -> String {
        let of = |name: &str| self.selector(&format!("__name__={name:?}"));
        let (by, writer) = (
            spelt(start, &["job", "service.name"]),
            spelt(
                start,
                &["job", "service.name", "instance", "service.instance.id"],
            ),
        );
        let (start, events) = (of(start), of(events));
        format!(
            "sum by ({by}) (\
             max by ({writer}) (resets({start}[1d])) > 0 \
             or max by ({writer}) (resets({events}[1d])) > max by ({writer}) (changes({start}[1d])))"
        )
    }

    fn service(&self, labels: &Labels) -> Option<&'a str> {
        self.asked.services.get(labels.service()?).copied()
    }

    /// Events by day; false where there are none of any service.
    fn events(
        &self,
        services: &mut BTreeMap<String, Counted>,
        spellings: &mut BTreeSet<Spelling>,
    ) -> Result<bool, HistoryError> {
        let names = self.names(EVENTS)?;
        let days = usize::from(self.asked.days.max(1));
        let start = self.now - (u64::from(self.asked.days.max(1)) - 1) * DAY;
        let labels = [
            "slo.journey",
            "slo.endpoint",
            "slo.sli",
            "slo.threshold",
            "slo.outcome",
        ];
        let mut daily = Daily::new();
        for name in &names {
            let query = self.growth(name, &labels, 1);
            let mut first = Ok(());
            self.prometheus
                .range(&query, start, self.now, DAY, |series| {
                    let bytes = self.keep(&series, &labels, start, &mut daily);
                    if matches!(bytes, Ok(1..)) {
                        spellings.insert(Spelling::of(name, &series.metric));
                    }
                    kept(bytes, &mut first)
                })?;
            first.map_err(|what| self.wrong(what))?;
        }
        if let Some(day) = daily.values().find_map(gap) {
            return Err(self.wrong(format!(
                "{} days ago it has good or bad events and not both, though both begin at 0",
                days - 1 - usize::from(day)
            )));
        }
        // The first day that a service has a sample on. Days before it are not days without an
        // event: Prometheus does not keep them any more, or the service was not there yet.
        let mut since: BTreeMap<&str, usize> = BTreeMap::new();
        for ((service, ..), counts) in &daily {
            let oldest = counts.iter().flatten().map(|(day, _)| usize::from(*day));
            let first = since.entry(service).or_insert(days);
            *first = oldest.min().unwrap_or(days).min(*first);
        }
        let lengths = daily.iter().map(|((service, ..), counts)| {
            let counted = counts.iter().map(Vec::len).sum::<usize>();
            (2 * (days - since[service])).saturating_sub(counted)
        });
        if lengths.sum::<usize>() > MAX_EMPTY_DAYS {
            return Err(self.wrong("it has too many series with few days each".to_owned()));
        }
        for ((service, journey, endpoint, sli, threshold_ns), counts) in daily {
            let first = since[service];
            let [good, bad] = counts.map(|counts| {
                let mut all = vec![0; days - first];
                for (day, count) in counts {
                    all[usize::from(day) - first] = count;
                }
                all
            });
            let counted = services.entry(service.to_owned()).or_default();
            counted.events.push(Events {
                journey,
                endpoint,
                sli,
                threshold_ns,
                good,
                bad,
            });
        }
        Ok(!names.is_empty())
    }

    /// Takes in a series of events; gives the bytes that are kept of it, 0 if it is none.
    fn keep(
        &self,
        series: &Series,
        asked: &[&str],
        start: u64,
        daily: &mut Daily<'a>,
    ) -> Result<usize, String> {
        let metric = &series.metric;
        let Some(service) = self.service(metric) else {
            return Ok(0);
        };
        asked_for(metric, asked)?;
        let [journey, endpoint, sli, outcome] =
            ["slo_journey", "slo_endpoint", "slo_sli", "slo_outcome"].map(|name| metric.get(name));
        let (Some(journey), Some(endpoint), Some(sli)) = (journey, endpoint, sli) else {
            return Ok(0);
        };
        let side = match outcome {
            Some("good") => 0,
            Some("bad") => 1,
            _ => return Ok(0),
        };
        let threshold = metric.get("slo_threshold").and_then(nanoseconds);
        let mut bytes = journey.len() + endpoint.len() + sli.len() + ITEM_BYTES;
        let [journey, endpoint, sli] = [journey, endpoint, sli].map(str::to_owned);
        let key = (service, journey, endpoint, sli, threshold);
        let counts = &mut daily.entry(key).or_default()[side];
        for (time, value) in &series.values {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "one of the moments that were asked for, at most 366 days after the start"
            )]
            let day = ((*time as u64 - start) / DAY) as u16;
            let count = rounded(*value)?;
            let place = counts.partition_point(|(known, _)| *known < day);
            match counts.get_mut(place) {
                // Of another job, or another name.
                Some((known, sum)) if *known == day => *sum = sum.saturating_add(count),
                _ => {
                    counts.insert(place, (day, count));
                    bytes += size_of::<(u16, u64)>() * 2;
                }
            }
        }
        Ok(bytes)
    }

    /// The sums of an instrument over all of the time, by these labels.
    fn sums(&self, instrument: &str, labels: &[&str]) -> Result<Sums<'a>, HistoryError> {
        let mut sums = Sums::new();
        for name in self.names(instrument)? {
            let query = self.growth(&name, labels, self.asked.days.max(1));
            self.query(&query, |sample| {
                let Some(service) = self.service(&sample.metric) else {
                    return Ok(0);
                };
                asked_for(&sample.metric, labels)?;
                let count = whole(sample.text())?;
                let values: Vec<_> = labels
                    .iter()
                    .map(|label| {
                        let value = sample.metric.get(&label.replace('.', "_"));
                        value.unwrap_or_default().to_owned()
                    })
                    .collect();
                let kept = values.iter().map(String::len).sum::<usize>();
                let known = sums.len();
                let sum = sums.entry((service, values)).or_default();
                *sum = sum.saturating_add(count);
                Ok(match sums.len() > known {
                    true => kept + ITEM_BYTES / 2,
                    false => 0,
                })
            })?;
        }
        Ok(sums)
    }

    fn results(&self, services: &mut BTreeMap<String, Counted>) -> Result<(), HistoryError> {
        let labels = ["slo.journey", "slo.endpoint", "slo.result"];
        for ((service, values), count) in self.sums(RESULTS, &labels)? {
            let Ok([journey, endpoint, result]) = <[String; 3]>::try_from(values) else {
                continue;
            };
            services
                .entry(service.to_owned())
                .or_default()
                .results
                .push(Ended {
                    journey,
                    endpoint,
                    result,
                    count,
                });
        }
        Ok(())
    }

    fn durations(&self, services: &mut BTreeMap<String, Counted>) -> Result<(), HistoryError> {
        let mut last: Option<((&str, String), Buckets)> = None;
        let mut end = |ended: Option<((&str, String), Buckets)>| {
            if let Some(((service, endpoint), buckets)) = ended {
                let counted = services.entry(service.to_owned()).or_default();
                counted.durations.push(buckets.into_lasted(endpoint));
            }
        };
        // Those of an endpoint follow one another.
        let labels = ["slo.endpoint", "le", "vmrange"];
        for ((service, values), count) in self.sums(DURATIONS, &labels)? {
            let Ok([endpoint, boundary, range]) = <[String; 3]>::try_from(values) else {
                continue;
            };
            let of = (service, endpoint);
            if last.as_ref().is_none_or(|(other, _)| *other != of) {
                end(last.replace((of, Buckets::default())));
            }
            if let Some((_, buckets)) = &mut last {
                match range.is_empty() {
                    true => buckets.add_below(&boundary, count),
                    false => buckets.add_within(&range, count),
                }
            }
        }
        end(last);
        Ok(())
    }

    fn falls(&self, services: &mut BTreeMap<String, Counted>) -> Result<(), HistoryError> {
        let starts = self.names(START_TIME)?;
        let all = self.names(EVENTS)?;
        for (start, events) in starts.iter().flat_map(|s| all.iter().map(move |e| (s, e))) {
            // Both reached Prometheus the same way, or belong to other services.
            if start.contains('.') != events.contains('.') {
                continue;
            }
            self.query(&self.falling(start, events), |sample| {
                if let Some(service) = self.service(&sample.metric) {
                    let counted = services.entry(service.to_owned()).or_default();
                    counted.falls = counted.falls.max(whole(sample.text())?);
                }
                Ok(0)
            })?;
        }
        Ok(())
    }

    fn unannotated(&self, services: &mut BTreeMap<String, Counted>) -> Result<(), HistoryError> {
        let labels = ["http.route", "rpc.method", "slo.outcome"];
        let mut routes: BTreeMap<(String, String), (u64, Option<Outcomes>)> = BTreeMap::new();
        for ((service, values), count) in self.sums(UNANNOTATED, &labels)? {
            let Ok([http, grpc, outcome]) = <[String; 3]>::try_from(values) else {
                continue;
            };
            let route = if http.is_empty() { grpc } else { http };
            if route.is_empty() || count == 0 {
                continue;
            }
            let (all, outcomes) = routes.entry((service.to_owned(), route)).or_default();
            *all = all.saturating_add(count);
            // A layer that does not say outcomes yet leaves them out.
            let mut known = outcomes.unwrap_or_default();
            if let Some(sum) = known.get_mut(&outcome) {
                *sum = sum.saturating_add(count);
                *outcomes = Some(known);
            }
        }
        for ((service, route), (count, outcomes)) in routes {
            let counted = services.entry(service).or_default();
            counted.unannotated.push(Uncovered {
                route,
                count,
                outcomes,
            });
        }
        Ok(())
    }
}

/// Labels as they stand in a list: whoever keeps dots in names keeps them in labels.
pub(super) fn spelt(name: &str, labels: &[&str]) -> String {
    let spelt = |label: &&str| match name.contains('.') {
        true => format!("{label:?}"),
        false => label.replace('.', "_"),
    };
    let all: Vec<_> = labels.iter().map(spelt).collect();
    all.join(", ")
}

/// The bytes that are kept, or what is wrong, if nothing was before.
fn kept(bytes: Result<usize, String>, first: &mut Result<(), String>) -> usize {
    bytes.unwrap_or_else(|what| {
        if first.is_ok() {
            *first = Err(what);
        }
        0
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::http::{Address, Headers};

    #[test]
    fn queries_for_every_spelling() {
        let prometheus = Prometheus::at(Address::parse("http://p").unwrap(), Headers::default());
        let asked = Asked {
            matchers: "env=\"prod\"",
            ..Asked::default()
        };
        let asking = Fetch {
            prometheus: &prometheus,
            asked: &asked,
            now: 0,
        };
        assert_eq!(
            asking.growth("slo_events_total", &["slo.journey"], 1),
            "sum by (job, service_name, slo_journey) \
             (increase({__name__=\"slo_events_total\",env=\"prod\"}[1d]))"
        );
        assert_eq!(
            asking.growth("slo.events", &["slo.journey"], 30),
            "sum by (\"job\", \"service.name\", \"slo.journey\") \
             (increase({__name__=\"slo.events\",env=\"prod\"}[30d]))"
        );
    }
}
