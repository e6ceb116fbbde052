//! The history that a Prometheus holds.
//!
//! Events are asked for day by day, so that windows of any length can be made of them, and
//! everything else over all of the time, both by `increase`: it knows counters that started anew
//! within a day, and those that were new in it. It scales what it saw to the whole range, and what
//! falls between two days is seen by neither, so a count is off by about one sample's worth a day.
//! Rules allow for more than that.

use super::{
    Counted, Ended, Events, FORMAT, History, HistoryError, Lasted, Outcomes, Uncovered, file::sound,
};
use crate::input::{
    prometheus::{Labels, Prometheus},
    values::Date,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{SystemTime, UNIX_EPOCH},
};

const DAY: u64 = 86_400;

/// Instruments, whatever way their names reached Prometheus: with dots or not, with what it
/// appends or not.
const EVENTS: &str = "slo[._]events(_total)?";
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

/// Asks a Prometheus.
///
/// # Errors
/// Where it can't be asked, and where it knows no events at all.
pub fn fetch(prometheus: &Prometheus, asked: &Asked<'_>) -> Result<History, HistoryError> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |since| since.as_secs());
    let asking = Asking { prometheus, asked };
    let mut services: BTreeMap<String, Counted> = BTreeMap::new();
    if !asking.events(now, &mut services)? {
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
        generator: crate::outputs::GENERATOR.to_owned(),
        until: Date::after_epoch(now / DAY).to_string(),
        step_days: 1,
        services,
    };
    sound(&history).map_err(|what| HistoryError::Answer {
        url: prometheus.url().to_owned(),
        what,
    })?;
    Ok(history)
}

/// Good and bad events a day; what tells a series of them apart.
type Daily = BTreeMap<(String, String, String, String, Option<u64>), [Vec<u64>; 2]>;

struct Asking<'a> {
    prometheus: &'a Prometheus,
    asked: &'a Asked<'a>,
}

impl Asking<'_> {
    /// The names an instrument has. Several, while services with several settings run.
    fn names(&self, instrument: &str) -> Result<BTreeSet<String>, HistoryError> {
        let selector = self.selector(&format!("__name__=~{instrument:?}"));
        let query = format!("count by (__name__) (last_over_time({selector}[1d]))");
        let names = self.prometheus.query(&query)?;
        let names = names.iter().filter_map(|s| s.metric.get("__name__"));
        Ok(names.map(str::to_owned).collect())
    }

    fn selector(&self, matcher: &str) -> String {
        match self.asked.matchers {
            "" => format!("{{{matcher}}}"),
            more => format!("{{{matcher},{more}}}"),
        }
    }

    /// What grew in so many days, by the service and these labels.
    fn growth(&self, name: &str, labels: &[&str], days: u16) -> String {
        let by = spelt(name, &[&["job", "service.name"], labels].concat());
        let selector = self.selector(&format!("__name__={name:?}"));
        format!("sum by ({by}) (increase({selector}[{days}d]))")
    }

    /// How often, in a day, starts of processes or counters fell though no process began anew:
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

    fn service<'s>(&self, labels: &'s Labels) -> Option<&'s str> {
        let service = labels.service()?;
        self.asked.services.contains(service).then_some(service)
    }

    /// Events by day; false where there are none of any service.
    fn events(
        &self,
        now: u64,
        services: &mut BTreeMap<String, Counted>,
    ) -> Result<bool, HistoryError> {
        let names = self.names(EVENTS)?;
        let days = usize::from(self.asked.days.max(1));
        let start = now - (u64::from(self.asked.days.max(1)) - 1) * DAY;
        let labels = [
            "slo.journey",
            "slo.endpoint",
            "slo.sli",
            "slo.threshold",
            "slo.outcome",
        ];
        let mut daily = Daily::new();
        // The first day that a service has a sample on. Days before it are not days without an
        // event: Prometheus does not keep them any more, or the service was not there yet.
        let mut since: BTreeMap<String, usize> = BTreeMap::new();
        for name in &names {
            let query = self.growth(name, &labels, 1);
            for series in self.prometheus.range(&query, start, now, DAY)? {
                let metric = &series.metric;
                let (Some(service), Some(journey), Some(endpoint), Some(sli)) = (
                    self.service(metric),
                    metric.get("slo_journey"),
                    metric.get("slo_endpoint"),
                    metric.get("slo_sli"),
                ) else {
                    continue;
                };
                let outcome = match metric.get("slo_outcome") {
                    Some("good") => 0,
                    Some("bad") => 1,
                    _ => continue,
                };
                let threshold = metric.get("slo_threshold").and_then(nanoseconds);
                let [service, journey, endpoint, sli] =
                    [service, journey, endpoint, sli].map(str::to_owned);
                let first = since.entry(service.clone()).or_insert(days);
                let key = (service, journey, endpoint, sli, threshold);
                let counts = daily
                    .entry(key)
                    .or_insert_with(|| [vec![0; days], vec![0; days]]);
                for (time, value) in series.values() {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "seconds, and steps of them"
                    )]
                    let day = (time as u64).saturating_sub(start) / DAY;
                    let day = usize::try_from(day).unwrap_or(usize::MAX);
                    if let Some(count) = counts[outcome].get_mut(day) {
                        *count = count.saturating_add(whole(value));
                        *first = day.min(*first);
                    }
                }
            }
        }
        for ((service, journey, endpoint, sli, threshold_ns), mut counts) in daily {
            let first = since.get(&service).copied().unwrap_or_default();
            for counts in &mut counts {
                counts.drain(..first.min(counts.len()));
            }
            let [good, bad] = counts;
            services.entry(service).or_default().events.push(Events {
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

    /// The sums of an instrument over all of the time, by these labels.
    fn sums(
        &self,
        instrument: &str,
        labels: &[&str],
    ) -> Result<BTreeMap<(String, Vec<String>), u64>, HistoryError> {
        let mut sums = BTreeMap::new();
        for name in self.names(instrument)? {
            let query = self.growth(&name, labels, self.asked.days.max(1));
            for sample in self.prometheus.query(&query)? {
                let Some(service) = self.service(&sample.metric) else {
                    continue;
                };
                let values = labels.iter().map(|label| {
                    let value = sample.metric.get(&label.replace('.', "_"));
                    value.unwrap_or_default().to_owned()
                });
                let key = (service.to_owned(), values.collect());
                let sum: &mut u64 = sums.entry(key).or_default();
                *sum = sum.saturating_add(whole(sample.text()));
            }
        }
        Ok(sums)
    }

    fn results(&self, services: &mut BTreeMap<String, Counted>) -> Result<(), HistoryError> {
        let labels = ["slo.journey", "slo.endpoint", "slo.result"];
        for ((service, values), count) in self.sums(RESULTS, &labels)? {
            let Ok([journey, endpoint, result]) = <[String; 3]>::try_from(values) else {
                continue;
            };
            services.entry(service).or_default().results.push(Ended {
                journey,
                endpoint,
                result,
                count,
            });
        }
        Ok(())
    }

    fn durations(&self, services: &mut BTreeMap<String, Counted>) -> Result<(), HistoryError> {
        let mut of_endpoints: BTreeMap<(String, String), BTreeMap<u64, u64>> = BTreeMap::new();
        for ((service, values), count) in self.sums(DURATIONS, &["slo.endpoint", "le"])? {
            let Ok([endpoint, boundary]) = <[String; 2]>::try_from(values) else {
                continue;
            };
            // What has no boundary are all.
            let boundary = nanoseconds(&boundary).unwrap_or(u64::MAX);
            let buckets = of_endpoints.entry((service, endpoint)).or_default();
            let bucket = buckets.entry(boundary).or_default();
            *bucket = count.saturating_add(*bucket);
        }
        for ((service, endpoint), mut buckets) in of_endpoints {
            let count = buckets.remove(&u64::MAX).unwrap_or_default();
            services.entry(service).or_default().durations.push(Lasted {
                endpoint,
                buckets: buckets.into_iter().collect(),
                count,
            });
        }
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
            for sample in self.prometheus.query(&self.falling(start, events))? {
                if let Some(service) = self.service(&sample.metric) {
                    let counted = services.entry(service.to_owned()).or_default();
                    counted.falls = counted.falls.max(whole(sample.text()));
                }
            }
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
            let (all, outcomes) = routes.entry((service, route)).or_default();
            *all = all.saturating_add(count);
            // A layer that does not say outcomes yet leaves them out.
            let mut known = outcomes.unwrap_or_default();
            if let Some(sum) = known.of(&outcome) {
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
fn spelt(name: &str, labels: &[&str]) -> String {
    let spelt = |label: &&str| match name.contains('.') {
        true => format!("{label:?}"),
        false => label.replace('.', "_"),
    };
    let all: Vec<_> = labels.iter().map(spelt).collect();
    all.join(", ")
}

/// A count, as `increase` gives it: not always a whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count, and casts of floats stop at the limits"
)]
fn whole(value: &str) -> u64 {
    value.parse().map_or(0, |count: f64| count.round() as u64)
}

/// Seconds as a label has them; nothing for `+Inf`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "seconds of a threshold, and casts of floats stop at the limits"
)]
fn nanoseconds(seconds: &str) -> Option<u64> {
    let seconds: f64 = seconds.parse().ok()?;
    (seconds.is_finite() && seconds >= 0.0).then(|| (seconds * 1e9).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::prometheus::Headers;

    #[test]
    fn queries_for_every_spelling() {
        let prometheus = Prometheus::at("http://p", Headers::default());
        let asked = Asked {
            matchers: "env=\"prod\"",
            ..Asked::default()
        };
        let asking = Asking {
            prometheus: &prometheus,
            asked: &asked,
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

    #[test]
    fn numbers_of_prometheus() {
        assert_eq!(
            ["2.9999", "0", "NaN", "x", "1e3"].map(whole),
            [3, 0, 0, 0, 1000]
        );
        assert_eq!(
            ["0.5", "0.005", "+Inf", "2.5e-05", ""].map(nanoseconds),
            [Some(500_000_000), Some(5_000_000), None, Some(25_000), None]
        );
    }
}
