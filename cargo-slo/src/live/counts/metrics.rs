//! Exports of metrics, taken in.

use super::{
    Counts, Endpoint, Objective, Process, Service, Taken,
    buckets::MAX_BUCKETS,
    counter::{self, Growth, Temporality},
    counts::MAX_SERIES,
    labels::{Rejection, count, gauge, label, optional, outcome, threshold},
    recent::Memory,
    service::{Part, Promised, Running},
};
use crate::live::{
    otlp::message::{Export, Metric, Point, text},
    view::HistogramView,
};
use slo_model::{Outcome, PPB, Target, budget::Counts as Events};
use std::{fmt::Write, mem};

/// The service of a process that does not say its name, as OpenTelemetry calls it.
const UNKNOWN_SERVICE: &str = "unknown_service";

impl Counts {
    /// Takes in what a process exported, at a moment in milliseconds since 1970.
    pub(crate) fn take_metrics(&mut self, export: &Export<'_, Metric<'_>>, at: u64) -> Taken {
        let mut taken = Taken::default();
        for of in &export.resources {
            let attributes = &of.resource.attributes;
            let metrics = || of.scopes.iter().flat_map(|scope| &scope.items);
            let name = optional(attributes, "service.name");
            let name = name.map(|name| name.unwrap_or(UNKNOWN_SERVICE));
            let instance = optional(attributes, "service.instance.id");
            let known = name.and_then(|name| {
                let instance = instance?.unwrap_or_default();
                let points = metrics().flat_map(points).count();
                self.heard_from(name, instance, at, points)?;
                Ok((name, instance))
            });
            let (name, instance) = match known {
                Ok(known) => known,
                Err(rejection) => {
                    for _ in metrics().flat_map(points) {
                        taken.note(Err(rejection));
                    }
                    self.overflow += u64::from(rejection == Rejection::Processes);
                    continue;
                }
            };
            let Some(service) = self.services.get_mut(name) else {
                continue;
            };
            if let Some(version) = text(attributes, "service.version") {
                service.version = Some(version.chars().take(100).collect());
            }
            let Some(process) = service.processes.get_mut(instance) else {
                continue;
            };
            let mut intake = Intake {
                process: mem::take(process),
                service,
                size: &mut self.size,
                memory: &mut self.memory,
                has_new_definitions: &mut self.has_new_definitions,
                at,
                is_reset: false,
            };
            for metric in metrics() {
                intake.metric(metric, &mut taken);
            }
            let mut process = intake.process;
            process.restarts += u64::from(intake.is_reset);
            service.processes.insert(instance.to_owned(), process);
        }
        taken
    }
}

/// The data points of a metric, of whichever kind.
fn points<'m, 'a>(metric: &'m Metric<'a>) -> impl Iterator<Item = &'m Point<'a>> {
    let kinds = [&metric.gauge, &metric.sum, &metric.histogram];
    kinds
        .into_iter()
        .flatten()
        .flat_map(|points| &points.data_points)
}

/// The export of one process.
struct Intake<'c> {
    service: &'c mut Service,
    process: Process,
    size: &'c mut usize,
    memory: &'c mut Memory,
    has_new_definitions: &'c mut bool,
    at: u64,
    /// Whether a counter began again.
    is_reset: bool,
}

impl Intake<'_> {
    fn metric(&mut self, metric: &Metric<'_>, taken: &mut Taken) {
        let kinds = [&metric.sum, &metric.histogram];
        let temporality = kinds.into_iter().flatten().next();
        let temporality = match temporality.map(|points| points.aggregation_temporality) {
            Some(1) => Temporality::Delta,
            _ => Temporality::Cumulative,
        };
        let take = match &*metric.name {
            "slo.events" => Intake::events,
            "slo.results" => Intake::results,
            "slo.consumer.events" => Intake::consumers,
            "slo.unannotated" => Intake::unannotated,
            "slo.in_flight" => Intake::in_flight,
            "slo.duration" => Intake::durations,
            "slo.objective" => Intake::objective,
            "slo.info" => Intake::info,
            "slo.interval" => Intake::interval,
            "slo.last_success" => Intake::last_success,
            "slo.start_time" => Intake::start_time,
            "slo.lost" => Intake::lost,
            // Of no interest here, and nothing is wrong with it.
            _ => return,
        };
        for point in points(metric) {
            let result = take(self, point, temporality);
            self.service.overflow += u64::from(result == Err(Rejection::Series));
            taken.note(result);
        }
        let is_counted = metric.name == "slo.events" && metric.sum.is_some();
        self.process.is_delta |= is_counted && temporality == Temporality::Delta;
    }

    /// Makes room for one thing more.
    fn one_more(&mut self) -> Result<(), Rejection> {
        if *self.size >= MAX_SERIES {
            return Err(Rejection::Series);
        }
        *self.size += 1;
        Ok(())
    }

    /// What a point adds to the counter of its name.
    fn grow(
        &mut self,
        name: &[&str],
        point: &Point<'_>,
        temporality: Temporality,
    ) -> Result<Growth, Rejection> {
        let value = count(point)?;
        let key = key(name);
        if !self.process.counters.contains_key(&key) {
            self.one_more()?;
        }
        let counter = self.process.counters.entry(key).or_default();
        let growth = counter.grow(value, taken(point), temporality);
        self.is_reset |= growth.is_reset;
        Ok(growth)
    }

    /// Whether what a point adds was counted before the window, when nobody listened.
    fn is_old(&self, growth: Growth, point: &Point<'_>) -> bool {
        let started = point.start_time_unix_nano / 1_000_000;
        growth.is_first && started > 0 && started + self.memory.window < self.at
    }

    fn endpoint(&mut self, name: &str, journey: &str) -> Result<&mut Endpoint, Rejection> {
        if !self.service.endpoints.contains_key(name) {
            self.one_more()?;
        }
        let endpoint = self.service.endpoints.entry(name.to_owned()).or_default();
        if endpoint.journey != journey {
            journey.clone_into(&mut endpoint.journey);
        }
        Ok(endpoint)
    }

    fn events(&mut self, point: &Point<'_>, temporality: Temporality) -> Result<(), Rejection> {
        let of = &point.attributes;
        let (name, journey) = (label(of, "slo.endpoint")?, label(of, "slo.journey")?);
        let sli = label(of, "slo.sli")?;
        let outcome = outcome(of)?;
        let threshold = threshold(of);
        let at_threshold = threshold.map(|seconds| seconds.to_string());
        let series = [
            "events",
            name,
            sli,
            outcome.as_str(),
            at_threshold.as_deref().unwrap_or_default(),
        ];
        let growth = self.grow(&series, point, temporality)?;
        let is_old = self.is_old(growth, point);
        let (memory, at) = (*self.memory, self.at);
        let is_known = self.service.endpoints.get(name);
        if is_known.is_none_or(|endpoint| !endpoint.slis.contains_key(sli)) {
            self.one_more()?;
        }
        let endpoint = self.endpoint(name, journey)?;
        let sli = endpoint.slis.entry(sli.to_owned()).or_default();
        sli.threshold = threshold;
        let events = valid(outcome, growth.events)?;
        sli.counts = added(sli.counts, events);
        if !is_old {
            sli.recent.add(memory, at, events);
        }
        Ok(())
    }

    fn consumers(&mut self, point: &Point<'_>, temporality: Temporality) -> Result<(), Rejection> {
        let of = &point.attributes;
        let (endpoint, journey) = (label(of, "slo.endpoint")?, label(of, "slo.journey")?);
        let (consumer, sli) = (label(of, "slo.consumer")?, label(of, "slo.sli")?);
        let outcome = outcome(of)?;
        let threshold = threshold(of).map(|seconds| seconds.to_string());
        let series = [
            "consumers",
            consumer,
            endpoint,
            sli,
            outcome.as_str(),
            threshold.as_deref().unwrap_or_default(),
        ];
        let growth = self.grow(&series, point, temporality)?;
        let events = valid(outcome, growth.events)?;
        let key = [journey, consumer, sli].map(str::to_owned);
        if !self.service.consumers.contains_key(&key) {
            self.one_more()?;
        }
        let counts = self.service.consumers.entry(key).or_default();
        *counts = added(*counts, events);
        Ok(())
    }

    fn results(&mut self, point: &Point<'_>, temporality: Temporality) -> Result<(), Rejection> {
        let of = &point.attributes;
        let (name, journey) = (label(of, "slo.endpoint")?, label(of, "slo.journey")?);
        let result = label(of, "slo.result")?;
        let growth = self.grow(&["results", name, result], point, temporality)?;
        let is_old = self.is_old(growth, point);
        let (memory, at) = (*self.memory, self.at);
        let is_known = self.service.endpoints.get(name);
        if is_known.is_none_or(|endpoint| !endpoint.results.contains_key(result)) {
            self.one_more()?;
        }
        let endpoint = self.endpoint(name, journey)?;
        let count = endpoint.results.entry(result.to_owned()).or_default();
        *count = count.saturating_add(growth.events);
        if !is_old {
            let ended = Events {
                good: growth.events,
                bad: 0,
            };
            endpoint.ended.add(memory, at, ended);
        }
        Ok(())
    }

    fn unannotated(
        &mut self,
        point: &Point<'_>,
        temporality: Temporality,
    ) -> Result<(), Rejection> {
        let of = &point.attributes;
        let route = match optional(of, "http.route")? {
            Some(route) => route,
            None => label(of, "rpc.method")?,
        };
        let outcome = outcome(of)?;
        let growth = self.grow(
            &["unannotated", route, outcome.as_str()],
            point,
            temporality,
        )?;
        if !self.service.unannotated.contains_key(route) {
            self.one_more()?;
        }
        let known = self
            .service
            .unannotated
            .entry(route.to_owned())
            .or_default();
        let (counts, excluded) = known;
        match outcome {
            Outcome::Good => counts.good = counts.good.saturating_add(growth.events),
            Outcome::Bad => counts.bad = counts.bad.saturating_add(growth.events),
            Outcome::Excluded => *excluded = excluded.saturating_add(growth.events),
        }
        Ok(())
    }

    fn in_flight(&mut self, point: &Point<'_>, _: Temporality) -> Result<(), Rejection> {
        let name = label(&point.attributes, "slo.endpoint")?;
        if !self.process.in_flight.contains_key(name) {
            self.one_more()?;
        }
        // An event that ends between two reads may make it less than 0 for a moment.
        let count = count(point).unwrap_or_default();
        self.process.in_flight.insert(name.to_owned(), count);
        Ok(())
    }

    fn durations(&mut self, point: &Point<'_>, temporality: Temporality) -> Result<(), Rejection> {
        let of = &point.attributes;
        let (name, journey) = (label(of, "slo.endpoint")?, label(of, "slo.journey")?);
        let (bounds, counts) = (&point.explicit_bounds, &point.bucket_counts);
        let is_sorted = bounds.is_sorted_by(|a, b| a < b);
        if counts.len() > MAX_BUCKETS || counts.len() != bounds.len() + 1 || !is_sorted {
            return Err(Rejection::Value);
        }
        let sum = point.sum.filter(|sum| sum.is_finite()).unwrap_or_default();
        if !self.process.buckets.contains_key(name) {
            self.one_more()?;
        }
        let buckets = self.process.buckets.entry(name.to_owned()).or_default();
        let (grown, seconds) = buckets.grow(counts, sum, taken(point), temporality);
        let endpoint = self.endpoint(name, journey)?;
        let durations = endpoint.durations.get_or_insert_with(|| HistogramView {
            bounds: bounds.clone(),
            counts: vec![0; counts.len()],
            sum: 0.0,
        });
        // Other thresholds, other buckets: a process of another version.
        if durations.bounds != *bounds {
            *durations = HistogramView {
                bounds: bounds.clone(),
                counts: vec![0; counts.len()],
                sum: 0.0,
            };
        }
        for (count, more) in durations.counts.iter_mut().zip(grown) {
            *count = count.saturating_add(more);
        }
        durations.sum += seconds;
        Ok(())
    }

    fn objective(&mut self, point: &Point<'_>, _: Temporality) -> Result<(), Rejection> {
        let of = &point.attributes;
        let promised = Promised {
            journey: label(of, "slo.journey")?.to_owned(),
            endpoint: optional(of, "slo.endpoint")?.map(str::to_owned),
            sli: label(of, "slo.sli")?.to_owned(),
        };
        let window = label(of, "slo.window")?;
        let objective = Objective {
            target: target(gauge(point)?).ok_or(Rejection::Value)?,
            window: window.parse().map_err(|_| Rejection::Attributes)?,
            owner: optional(of, "slo.owner")?.unwrap_or_default().to_owned(),
        };
        if !self.service.objectives.contains_key(&promised) {
            self.one_more()?;
        }
        self.memory.hold(objective.window);
        self.service.objectives.insert(promised, objective);
        Ok(())
    }

    fn info(&mut self, point: &Point<'_>, _: Temporality) -> Result<(), Rejection> {
        let of = &point.attributes;
        let part = Part {
            journey: label(of, "slo.journey")?.to_owned(),
            endpoint: optional(of, "slo.endpoint")?.map(str::to_owned),
        };
        let running = Running {
            hash: label(of, "slo.hash")?.to_owned(),
            runbook: optional(of, "slo.runbook")?.unwrap_or_default().to_owned(),
        };
        let known = self.service.definitions.get(&part);
        if known.is_none() {
            self.one_more()?;
        } else if known == Some(&running) {
            return Ok(());
        }
        *self.has_new_definitions = true;
        self.service.definitions.insert(part, running);
        Ok(())
    }

    fn interval(&mut self, point: &Point<'_>, _: Temporality) -> Result<(), Rejection> {
        let of = &point.attributes;
        let (name, journey) = (label(of, "slo.endpoint")?, label(of, "slo.journey")?);
        let seconds = gauge(point)?;
        self.endpoint(name, journey)?.interval = Some(seconds);
        Ok(())
    }

    fn last_success(&mut self, point: &Point<'_>, _: Temporality) -> Result<(), Rejection> {
        let of = &point.attributes;
        let (name, journey) = (label(of, "slo.endpoint")?, label(of, "slo.journey")?);
        let seconds = gauge(point)?;
        let known = &mut self.endpoint(name, journey)?.last_success;
        *known = Some(known.map_or(seconds, |known| known.max(seconds)));
        Ok(())
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a moment, and casts of floats stop at the limits"
    )]
    fn start_time(&mut self, point: &Point<'_>, _: Temporality) -> Result<(), Rejection> {
        self.process.started = Some((gauge(point)? * 1_000.0) as u64);
        Ok(())
    }

    fn lost(&mut self, point: &Point<'_>, temporality: Temporality) -> Result<(), Rejection> {
        let growth = self.grow(&["lost"], point, temporality)?;
        self.service.lost = self.service.lost.saturating_add(growth.events);
        Ok(())
    }
}

fn taken(point: &Point<'_>) -> counter::Taken {
    counter::Taken {
        start: point.start_time_unix_nano,
        time: point.time_unix_nano,
    }
}

/// Texts as one that no other texts give.
fn key(parts: &[&str]) -> String {
    let mut key = String::new();
    for part in parts {
        // A text takes whatever is written to it.
        let _ = write!(key, "{}:{part}", part.len());
    }
    key
}

/// So many events of an outcome that counts for an SLI.
fn valid(outcome: Outcome, events: u64) -> Result<Events, Rejection> {
    match outcome {
        Outcome::Good => Ok(Events {
            good: events,
            bad: 0,
        }),
        Outcome::Bad => Ok(Events {
            good: 0,
            bad: events,
        }),
        Outcome::Excluded => Err(Rejection::Attributes),
    }
}

fn added(a: Events, b: Events) -> Events {
    Events {
        good: a.good.saturating_add(b.good),
        bad: a.bad.saturating_add(b.bad),
    }
}

/// A target as a ratio, to the parts per billion in which it was declared.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "casts of floats stop at the limits"
)]
fn target(ratio: f64) -> Option<Target> {
    Target::try_from_ppb((ratio * f64::from(PPB)).round() as u32)
}
