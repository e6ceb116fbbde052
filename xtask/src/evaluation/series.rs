//! What a fleet exports, and what rules recorded of it in 31 days: every SLO has the same
//! events each minute, so its error budget is known beforehand.

use crate::scale::fleet::{self, ENDPOINTS, JOURNEYS};
use std::{
    fmt::Write as _,
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How far back the history reaches: the window of the SLOs and a day.
pub(super) const DAYS: u64 = 31;

/// What the longest short window reads in counts of minutes, and some more.
const MINUTES: u64 = 2 * HOUR + 10 * MINUTE;

/// How old the counts of the hour so far are that windows of hours and days take off.
const TAKEN_OFF: [u64; 4] = [30 * DAY, 3 * DAY, DAY, 6 * HOUR];

/// For so long after the history ends, there is something to take off.
const RUN: u64 = 20 * MINUTE;

/// Exported samples before the end of the history, and what was counted of them: rules look an
/// hour back.
const EXPORTED: u64 = 62 * MINUTE;

/// How long before a time its process began.
const AGE: u64 = 40 * DAY;

/// A series of events, and how many there are each minute.
struct Events {
    labels: String,
    each_minute: u64,
    /// The SLOs that it counts for, as in the label `slo`.
    slos: Vec<String>,
}

/// An SLO: what tells it apart, and how many events it has each minute.
pub(super) struct Slo {
    /// As in the label `slo`.
    pub(super) name: String,
    service: String,
    target: f64,
    objective: String,
    recorded: String,
    good: u64,
    bad: u64,
}

impl Slo {
    /// The part of the error budget that is left, whatever the number of minutes.
    pub(super) fn budget_left(&self) -> f64 {
        1.0 - self.bad as f64 / (self.good + self.bad) as f64 / (1.0 - self.target)
    }
}

/// A fleet's SLOs, and the events that they are made of.
pub(super) struct Fleet {
    pub(super) slos: Vec<Slo>,
    events: Vec<Events>,
    endpoints: Vec<String>,
    services: usize,
}

impl Fleet {
    /// What [`fleet::exports`] says, as series.
    pub(super) fn new(services: usize) -> Fleet {
        let mut all = Fleet {
            slos: Vec::new(),
            events: Vec::new(),
            endpoints: Vec::new(),
            services,
        };
        for service in 0..services {
            for journey in 0..JOURNEYS {
                all.journey(service, journey);
            }
        }
        all
    }

    fn journey(&mut self, number: usize, j: usize) {
        let service = fleet::service(number);
        let journey = format!("journey-{j}");
        for (sli, target, threshold) in [
            ("availability", 0.999, ""),
            ("latency", 0.99, ",slo_threshold=\"0.5\""),
        ] {
            let (mut good, mut bad) = (0, 0);
            for n in 0..ENDPOINTS {
                let endpoint = format!("endpoint-{j}-{n}");
                // A part of the error budget, and of some endpoints nothing.
                let each = [
                    ("good", 10_000 + 10 * n as u64),
                    ("bad", (number + n) as u64 % 3),
                ];
                let own = name(&service, &journey, Some(&endpoint), sli);
                let of_journey = name(&service, &journey, None, sli);
                let slos: Vec<_> = (sli == "availability")
                    .then_some(own)
                    .into_iter()
                    .chain([of_journey])
                    .collect();
                for (outcome, each_minute) in each {
                    self.events.push(Events {
                        labels: format!(
                            "job=\"{service}\",slo_endpoint=\"{endpoint}\",slo_journey=\"{journey}\",\
                             slo_outcome=\"{outcome}\",slo_sli=\"{sli}\"{threshold}"
                        ),
                        each_minute,
                        slos: slos.clone(),
                    });
                }
                let [(_, of_good), (_, of_bad)] = each;
                good += of_good;
                bad += of_bad;
                if sli == "availability" {
                    self.endpoints.push(format!(
                        "job=\"{service}\",slo_endpoint=\"{endpoint}\",slo_journey=\"{journey}\""
                    ));
                    self.slos.push(slo(
                        &service,
                        &journey,
                        Some(&endpoint),
                        (sli, 0.9995),
                        (of_good, of_bad),
                    ));
                }
            }
            let slo = slo(&service, &journey, None, (sli, target), (good, bad));
            self.slos.push(slo);
        }
    }

    /// What the services export at a time: the text that Prometheus scrapes.
    pub(super) fn exported(&self, now: u64) -> String {
        let mut text = String::new();
        let mut line = |name: &str, labels: &str, value: &dyn std::fmt::Display| {
            // Writing to a string can't fail.
            let _ = writeln!(text, "{name}{{{labels}}} {value}");
        };
        for events in &self.events {
            let count = now / MINUTE * events.each_minute;
            line("slo_events_total", &events.labels, &count);
        }
        for slo in &self.slos {
            line("slo_objective_ratio", &slo.objective, &slo.target);
        }
        for service in 0..self.services {
            line("slo_start_time_seconds", &process(service), &began(now));
        }
        for endpoint in &self.endpoints {
            let ended = format!("{endpoint},slo_result=\"success\"");
            line("slo_results_total", &ended, &(now / MINUTE * 10_000));
            line("slo_in_flight", endpoint, &0);
        }
        text
    }

    /// Writes what was exported and recorded until a time, as far as rules read it, in
    /// OpenMetrics' text; gives the number of samples.
    pub(super) fn history(&self, file: &Path, now: u64) -> std::io::Result<u64> {
        let mut out = Samples {
            out: BufWriter::new(File::create(file)?),
            written: 0,
        };
        let minutes = every(MINUTE, now - EXPORTED, now);
        for events in &self.events {
            let count = |at| at / MINUTE * events.each_minute;
            let labels = &events.labels;
            out.series("slo_events_total", labels, minutes.clone(), count)?;
            out.series("slo:events:seen", labels, minutes.clone(), count)?;
            // Rules of each SLO have marks of their own.
            for slo in &events.slos {
                let labels = format!("{labels},slo=\"{slo}\"");
                out.series("slo:events:seen", &labels, minutes.clone(), count)?;
            }
        }
        for service in 0..self.services {
            for name in ["slo_start_time_seconds", "slo:start_time:seen"] {
                out.series(name, &process(service), minutes.clone(), |_| began(now))?;
            }
        }
        for slo in &self.slos {
            let labels = format!("job=\"{}\",slo=\"{}\"", slo.service, slo.name);
            let start = |_| began(now);
            out.series("slo:start_time:seen", &labels, minutes.clone(), start)?;
            for at in every(MINUTE, now - EXPORTED, now) {
                out.sample("slo_objective_ratio", &slo.objective, at, slo.target)?;
            }
            for (outcome, each) in [("good", slo.good), ("bad", slo.bad)] {
                let labels = format!("{},slo_outcome=\"{outcome}\"", slo.recorded);
                recorded(&mut out, &labels, each, now)?;
            }
        }
        writeln!(out.out, "# EOF")?;
        out.out.flush()?;
        Ok(out.written)
    }
}

/// The labels of the only process of a service.
fn process(service: usize) -> String {
    format!("job=\"{}\"", fleet::service(service))
}

/// When processes began: long before they were seen first.
fn began(now: u64) -> u64 {
    (now / DAY * DAY).saturating_sub(AGE)
}

/// What the label `slo` says of the SLO of an endpoint or of a journey.
fn name(service: &str, journey: &str, endpoint: Option<&str>, sli: &str) -> String {
    let path = endpoint.map_or(String::new(), |name| format!("/{name}"));
    format!("{service}/{journey}{path}.{sli}")
}

fn slo(
    service: &str,
    journey: &str,
    endpoint: Option<&str>,
    (sli, target): (&str, f64),
    (good, bad): (u64, u64),
) -> Slo {
    let of = endpoint.map_or(String::new(), |name| format!(",slo_endpoint=\"{name}\""));
    let name = name(service, journey, endpoint, sli);
    let common = format!("job=\"{service}\",slo_journey=\"{journey}\",slo_sli=\"{sli}\"{of}");
    Slo {
        objective: format!("{common},slo_owner=\"team-orders\",slo_window=\"30d\""),
        recorded: format!("{common},slo=\"{name}\",slo_service=\"{service}\""),
        name,
        service: service.to_owned(),
        target,
        good,
        bad,
    }
}

/// The counts of one SLO and outcome that windows are summed up from.
fn recorded(out: &mut Samples, labels: &str, each: u64, now: u64) -> std::io::Result<()> {
    let hours = every(HOUR, now - DAYS * DAY, now);
    out.series("slo:events:count1h", labels, hours, |_| 60 * each)?;
    let minutes = every(MINUTE, now - MINUTES, now);
    let even = minutes.clone().filter(|at| (at / HOUR).is_multiple_of(2));
    out.series("slo:events:count1m", labels, minutes, |_| each)?;
    out.series("slo:events:count1m_even_hours", labels, even, |_| each)?;
    let spans = TAKEN_OFF.map(|ago| every(MINUTE, now - ago - 2 * MINUTE, now - ago + RUN));
    let last = every(MINUTE, now - 5 * MINUTE, now);
    let so_far = spans.into_iter().flatten().chain(last);
    out.series("slo:events:count_this_hour", labels, so_far, |at| {
        (at % HOUR / MINUTE + 1) * each
    })
}

/// Times in seconds since the epoch, at whole steps.
fn every(step: u64, from: u64, to: u64) -> impl Iterator<Item = u64> + Clone {
    (from / step + 1..=to / step).map(move |n| n * step)
}

struct Samples {
    out: BufWriter<File>,
    written: u64,
}

impl Samples {
    fn series(
        &mut self,
        name: &str,
        labels: &str,
        times: impl Iterator<Item = u64>,
        value: impl Fn(u64) -> u64,
    ) -> std::io::Result<()> {
        for at in times {
            self.sample(name, labels, at, value(at))?;
        }
        Ok(())
    }

    fn sample(
        &mut self,
        name: &str,
        labels: &str,
        at: u64,
        value: impl std::fmt::Display,
    ) -> std::io::Result<()> {
        self.written += 1;
        writeln!(self.out, "{name}{{{labels}}} {value} {at}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TINY: f64 = 1e-9;

    #[test]
    fn a_fleet_has_the_slos_that_its_exports_declare() {
        let fleet = Fleet::new(2);
        assert_eq!(fleet.slos.len(), 2 * fleet::SLOS);
        let text = fleet.exported(10 * MINUTE);
        let objectives = text
            .lines()
            .filter(|line| line.starts_with("slo_objective_ratio{"));
        assert_eq!(objectives.count(), fleet.slos.len());
        assert!(text.contains("slo_outcome=\"good\",slo_sli=\"availability\"} 100000\n"));
    }

    #[test]
    fn the_budget_left_is_that_of_an_endpoints_or_a_journeys_events() {
        let fleet = Fleet::new(1);
        let left = |name: &str| {
            let slo = fleet.slos.iter().find(|slo| slo.name == name);
            slo.map(Slo::budget_left).unwrap_or(f64::NAN)
        };
        let endpoint = left("service-0000/journey-0/endpoint-0-1.availability");
        assert!((endpoint - (1.0 - 1.0 / 10_011.0 / 0.0005)).abs() < TINY);
        let journey = left("service-0000/journey-0.availability");
        assert!((journey - (1.0 - 3.0 / 30_033.0 / 0.001)).abs() < TINY);
    }

    #[test]
    fn times_are_whole_steps_up_to_the_last() {
        assert_eq!(every(60, 100, 240).collect::<Vec<_>>(), [120, 180, 240]);
    }
}
