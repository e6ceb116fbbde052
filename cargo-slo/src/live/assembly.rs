//! From what was counted to what is seen of it.

use super::{
    alerting,
    counts::{Counts, Endpoint, Objective, Part, Process, Promised, Recent, Service, Sli},
    definitions::Definitions,
    rows::{consumers, suppressed, unannotated},
    view::{
        Interval, JourneyView, ProcessView, Scale, ServiceView, SliView, SloView, StepView, View,
    },
};
use slo_model::budget;
use std::{collections::BTreeMap, time::Duration};

/// Intervals of a timeline.
const INTERVALS: u64 = 60;

impl Counts {
    /// Returns what is seen at a moment, in milliseconds since 1970. What has nothing to do with
    /// counts is left empty.
    pub(crate) fn view(&self, definitions: &Definitions, scale: Scale, at: u64) -> View {
        let look = Look {
            definitions,
            scale,
            at,
            bin: self.memory.bin,
        };
        let services = self.services.iter();
        View {
            at,
            scale,
            receiver: None,
            services: services.map(|(name, of)| look.service(name, of)).collect(),
            refused: Vec::new(),
            remarks: Vec::new(),
            events: self.events.iter().rev().cloned().collect(),
            suppressed: suppressed(&self.suppressed),
            trace_link: None,
        }
    }
}

/// Returns a length of time in whole milliseconds.
pub(crate) fn milliseconds(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

/// A moment at which one looks.
#[derive(Clone, Copy)]
struct Look<'d> {
    definitions: &'d Definitions,
    scale: Scale,
    at: u64,
    /// How long counts are told as one, in milliseconds.
    bin: u64,
}

/// The SLIs of one name, of some endpoints.
type Slis<'c> = Vec<(&'c Endpoint, &'c Sli)>;

impl Look<'_> {
    fn service(&self, name: &str, service: &Service) -> ServiceView {
        let mut steps = BTreeMap::<&str, Vec<_>>::new();
        for (step, endpoint) in &service.endpoints {
            let of = steps.entry(&endpoint.journey).or_default();
            of.push((step.as_str(), endpoint));
        }
        let journeys = steps.into_iter();
        ServiceView {
            name: name.to_owned(),
            version: service.version.clone(),
            processes: service
                .processes
                .iter()
                .map(|one| self.process(one))
                .collect(),
            journeys: journeys
                .map(|(journey, steps)| self.journey(name, service, journey, &steps))
                .collect(),
            unannotated: unannotated(service),
            overflow: service.overflow,
            lost: service.lost,
        }
    }

    fn process(&self, (instance, process): (&String, &Process)) -> ProcessView {
        ProcessView {
            instance: instance.clone(),
            started: process.started,
            seen: process.seen,
            ended: process.is_silent(self.at),
            restarts: process.restarts,
        }
    }

    fn journey(
        &self,
        service_name: &str,
        service: &Service,
        journey: &str,
        steps: &[(&str, &Endpoint)],
    ) -> JourneyView {
        let promised = service
            .objectives
            .iter()
            .filter(|(of, _)| of.journey == journey);
        let owner = promised.clone().map(|(_, objective)| &objective.owner);
        let owner = owner.into_iter().find(|owner| !owner.is_empty());
        let own = promised.filter(|(of, _)| of.endpoint.is_none());
        let part = Part {
            journey: journey.to_owned(),
            endpoint: None,
        };
        let slos = own.map(|(of, objective)| {
            let slis = slis(steps, &of.sli);
            self.slo(service_name, service, (of, objective), &slis)
        });
        let (consumers, more_consumers) = consumers(service, journey);
        JourneyView {
            name: journey.to_owned(),
            title: self.text(service, &part),
            runbook: runbook(service, &part),
            owner: owner.cloned(),
            slos: slos.collect(),
            steps: steps
                .iter()
                .map(|step| self.step(service_name, service, journey, *step))
                .collect(),
            consumers,
            more_consumers,
            timeline: self.timeline(steps),
        }
    }

    fn step(
        &self,
        service_name: &str,
        service: &Service,
        journey: &str,
        step: (&str, &Endpoint),
    ) -> StepView {
        let (name, endpoint) = step;
        let promised = service.objectives.iter();
        let own = promised.filter(|(of, _)| of.endpoint.as_deref() == Some(name));
        let slos = own.map(|(of, objective)| {
            let slis = slis(&[step], &of.sli);
            self.slo(service_name, service, (of, objective), &slis)
        });
        let part = Part {
            journey: journey.to_owned(),
            endpoint: Some(name.to_owned()),
        };
        let ended = endpoint.ended();
        let in_flight = service.in_flight(name, self.at);
        let seen = endpoint.results.iter().filter(|(_, count)| **count > 0);
        #[expect(clippy::cast_precision_loss, reason = "a moment of this century")]
        let now = self.at as f64 / 1_000.0;
        StepView {
            name: name.to_owned(),
            route: self.text(service, &part),
            runbook: runbook(service, &part),
            slos: slos.collect(),
            slis: endpoint
                .slis
                .iter()
                .map(|(sli, of)| sli_view(sli, &vec![(endpoint, of)]))
                .collect(),
            results: seen
                .map(|(result, count)| (result.clone(), *count))
                .collect(),
            in_flight,
            never_called: ended == 0 && in_flight == 0,
            durations: endpoint.durations.clone(),
            last_success: endpoint
                .last_success
                .filter(|at| *at > 0.0)
                .map(|at| (now - at).max(0.0)),
            interval: endpoint.interval,
        }
    }

    /// The title of a journey or the route of an endpoint, where it is known.
    fn text(&self, service: &Service, part: &Part) -> Option<String> {
        let running = service.definitions.get(part)?;
        self.definitions.text(part, &running.hash)
    }

    fn slo(
        &self,
        service_name: &str,
        service: &Service,
        (of, objective): (&Promised, &Objective),
        slis: &Slis<'_>,
    ) -> SloView {
        let Objective { target, window, .. } = *objective;
        let part = Part {
            journey: of.journey.clone(),
            endpoint: of.endpoint.clone(),
        };
        let hash = service.definitions.get(&part).map(|of| &*of.hash);
        let conditions = self
            .definitions
            .conditions(service_name, (&part, hash), &of.sli, window);
        let within_alert = |minutes| self.within(slis, self.scale.alert_window(minutes));
        let would_page = alerting::would_page(&conditions, target, within_alert);
        let within = self.within(slis, self.scale.length(window.length_minutes()));
        SloView {
            id: format!("{service_name}/{part}.{}", of.sli),
            counts: sli_view(&of.sli, slis),
            target: target.to_string().trim_end_matches('%').to_owned(),
            window: window.to_string(),
            within: (within.good, within.bad),
            good_share: within.error_ratio().map(|bad| 1.0 - bad),
            budget_left: within.burn_rate(target).map(|_| within.budget_left(target)),
            burn_rate: within.burn_rate(target),
            would_page,
        }
    }

    /// What was told of some SLIs in the last while.
    fn within(&self, slis: &Slis<'_>, length: Duration) -> budget::Counts {
        // What is told as one belongs to a window that any of it is in.
        let from = self.at.saturating_sub(milliseconds(length)) / self.bin * self.bin;
        let counts = slis
            .iter()
            .map(|(_, sli)| sli.recent.between(from, u64::MAX));
        counts.fold(budget::Counts::default(), |sum, counts| sum + counts)
    }

    /// What some steps counted in each interval. An event counts once, however many SLIs judged it:
    /// latency judges those that are good for availability.
    fn timeline(&self, steps: &[(&str, &Endpoint)]) -> Vec<Interval> {
        let length = (milliseconds(self.scale.window) / INTERVALS).max(1_000);
        let last = self.at / length * length;
        let first = last.saturating_sub(length * (INTERVALS - 1));
        let mut intervals: Vec<_> = (0..INTERVALS)
            .map(|n| Interval {
                start: first + n * length,
                ..Interval::default()
            })
            .collect();
        let place = |at: u64| usize::try_from(at.checked_sub(first)? / length).ok();
        for (_, endpoint) in steps {
            let mut of_endpoint = vec![[0u64; 4]; intervals.len()];
            let mut add = |recent: &Recent, what: fn(budget::Counts, &mut [u64; 4])| {
                for (at, counts) in recent.since(first) {
                    if let Some(sums) = place(at).and_then(|n| of_endpoint.get_mut(n)) {
                        what(counts, sums);
                    }
                }
            };
            add(&endpoint.ended, |counts, sums| sums[3] += counts.good);
            for (name, sli) in &endpoint.slis {
                match name.as_str() {
                    slo_model::AVAILABILITY => add(&sli.recent, |counts, sums| {
                        sums[0] += counts.valid();
                        sums[1] += counts.bad;
                    }),
                    // Of several thresholds the one that most events miss.
                    _ => add(&sli.recent, |counts, sums| {
                        sums[2] = sums[2].max(counts.bad);
                        sums[0] = sums[0].max(counts.valid());
                    }),
                }
            }
            for (interval, [valid, bad, late, ended]) in intervals.iter_mut().zip(of_endpoint) {
                let bad = bad + late;
                interval.bad += bad;
                interval.good += valid.saturating_sub(bad);
                interval.excluded += ended.saturating_sub(valid);
            }
        }
        intervals
    }
}

/// The page that says what to do, as the running program says.
fn runbook(service: &Service, part: &Part) -> Option<String> {
    let running = service.definitions.get(part)?;
    Some(running.runbook.clone()).filter(|runbook| !runbook.is_empty())
}

/// The SLIs of a name.
fn slis<'c>(steps: &[(&str, &'c Endpoint)], sli: &str) -> Slis<'c> {
    let steps = steps.iter();
    steps
        .filter_map(|(_, endpoint)| Some((*endpoint, endpoint.slis.get(sli)?)))
        .collect()
}

fn sli_view(name: &str, slis: &Slis<'_>) -> SliView {
    let counts = slis.iter().map(|(_, sli)| sli.counts);
    let counts = counts.fold(budget::Counts::default(), |sum, counts| sum + counts);
    let ended: u64 = slis.iter().map(|(endpoint, _)| endpoint.ended()).sum();
    let mut thresholds = slis.iter().filter_map(|(_, sli)| sli.threshold);
    let threshold = thresholds.next();
    let is_same =
        thresholds.all(|other| threshold.is_some_and(|one| one.to_bits() == other.to_bits()));
    SliView {
        sli: name.to_owned(),
        threshold: threshold.filter(|_| is_same),
        good: counts.good,
        bad: counts.bad,
        excluded: ended.saturating_sub(counts.valid()),
    }
}
