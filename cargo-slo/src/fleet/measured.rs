//! What history says about a service, where there is one.

use super::{Subject, USUAL_TARGETS};
use crate::{
    definition::{Identity, Slo, former_names},
    input::{
        history::{Counted, Events, History},
        values::Traffic,
    },
};
use slo_model::{PPB, Target, binomial, budget::Counts};
use std::time::Duration;

/// How sure a statement about history has to be, for each window by itself.
pub(crate) const SURE: f64 = 0.95;

/// As many windows in a row are no longer luck.
pub(crate) const WINDOWS: usize = 3;

impl<'a> Subject<'a> {
    /// The history, and what it counted of the service.
    pub(crate) fn counted(&self) -> Option<(&'a History, &'a Counted)> {
        let history = self.history?;
        Some((history, history.services.get(&self.service.name)?))
    }

    /// The last windows of an SLO, the newest first.
    pub(crate) fn windows(&self, slo: &Slo) -> Vec<Counts> {
        let Some(history) = self.history else {
            return Vec::new();
        };
        let of = |events: &Events| self.is_of(slo, events);
        history.windows(&self.service.name, of, slo.window.length_days())
    }

    /// The last windows, where there are enough of them to judge by: one without an event says
    /// nothing, and windows on both sides of it do not follow one another.
    pub(crate) fn last_windows(&self, slo: &Slo) -> Option<[Counts; WINDOWS]> {
        let last: [Counts; WINDOWS] = self.windows(slo).get(..WINDOWS)?.try_into().ok()?;
        last.iter().all(|counts| counts.valid() > 0).then_some(last)
    }

    /// The traffic of an SLO that was measured since there is any; nothing before it is a week,
    /// which has a weekend.
    pub(crate) fn measured(&self, slo: &Slo) -> Option<Traffic> {
        let (history, counted) = self.counted()?;
        let of = || {
            counted
                .events
                .iter()
                .filter(|events| self.is_of(slo, events))
        };
        let valid = |events: &Events, step: usize| {
            let at = |counts: &[u64]| counts.get(step).copied().unwrap_or(0);
            at(&events.good) + at(&events.bad)
        };
        let steps = of().map(|events| events.good.len()).max()?;
        let all: Vec<u64> = (0..steps)
            .map(|step| of().map(|events| valid(events, step)).sum())
            .collect();
        let since = all.iter().position(|events| *events > 0)?;
        let days = u64::try_from(steps - since).ok()? * u64::from(history.step_days);
        match days {
            0..7 => None,
            days => Traffic::measured(all.iter().sum(), days),
        }
    }

    /// Whether counted events belong to an SLO, under its name or a former one, judged by the
    /// threshold that it has now: those of another one say nothing about this.
    fn is_of(&self, slo: &Slo, events: &Events) -> bool {
        let is_named = |identity: &Identity| {
            let endpoint = identity.endpoint.as_ref();
            events.journey == identity.journey
                && endpoint.is_none_or(|endpoint| *endpoint == events.endpoint)
        };
        let mut names = std::iter::once(&slo.identity).chain(&slo.formerly);
        events.sli == slo.identity.sli
            && names.any(is_named)
            && self
                .threshold(slo, self.present_name(slo, events))
                .map(|threshold| threshold.as_nanos())
                == events.threshold_ns.map(u128::from)
    }

    /// What the endpoint is called now whose events belong to an SLO.
    fn present_name<'b>(&'b self, slo: &'b Slo, events: &'b Events) -> &'b str {
        if let Some(endpoint) = &slo.identity.endpoint {
            return endpoint;
        }
        let former = (events.journey.clone(), events.endpoint.clone());
        let mut endpoints = self.service.endpoints_of(&slo.identity.journey);
        let renamed = endpoints.find(|record| former_names(record).contains(&former));
        renamed.map_or(&events.endpoint, |record| &record.name)
    }

    /// The threshold that events of an endpoint are judged by for an SLO: its own, else that of
    /// the journey.
    pub(crate) fn threshold(&self, slo: &Slo, endpoint: &str) -> Option<Duration> {
        let declared = slo.sli.threshold()?;
        let record = self
            .service
            .endpoints
            .iter()
            .find(|record| record.name == endpoint)?;
        let own = record.objectives.as_ref().and_then(|own| {
            let latency = own.latency.iter().find(|l| l.name == slo.identity.sli)?;
            Some(latency.threshold)
        });
        Some(own.unwrap_or(declared))
    }
}

/// At most this share of the events is bad, as far as can be told; 0 to 1.
pub(crate) fn at_most(counts: Counts) -> f64 {
    binomial::upper_bound(counts.bad, counts.valid(), SURE)
}

/// At least this share of the events is bad, as far as can be told; 0 to 1.
pub(crate) fn at_least(counts: Counts) -> f64 {
    binomial::lower_bound(counts.bad, counts.valid(), SURE)
}

/// The tightest usual target whose budget is at least a share of bad events.
pub(crate) fn tightest(bad: f64) -> Option<Target> {
    USUAL_TARGETS
        .into_iter()
        .find(|target| f64::from(target.budget_ppb()) / f64::from(PPB) >= bad)
}

/// Where a history ends, in words.
pub(crate) fn until(history: &History) -> String {
    format!("the history reaches until {}", history.until)
}
