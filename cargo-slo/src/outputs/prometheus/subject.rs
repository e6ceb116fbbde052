//! What the rules of a group are about.

use super::{
    job::{EVENTS, Job},
    promql::{equals, selector},
};
use crate::definition::{Identity, Slo};

/// An SLO, and the jobs whose events it counts, each job by itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    pub(super) slo: &'a Slo,
    pub(super) job: &'a Job,
}

impl Subject<'_> {
    /// Selects the counted events, all of them or those with one outcome.
    pub(super) fn events(self, outcome: Option<&str>) -> String {
        let Identity {
            // It is in the job.
            service: _,
            journey,
            endpoint,
            sli,
        } = &self.slo.identity;
        let mut matchers = vec![self.job.matcher(), equals("slo_journey", journey)];
        matchers.extend(endpoint.as_deref().map(|name| equals("slo_endpoint", name)));
        matchers.push(equals("slo_sli", sli));
        matchers.extend(outcome.map(|outcome| equals("slo_outcome", outcome)));
        selector(EVENTS, &matchers)
    }

    /// Selects a recorded metric by the identity of the SLO, whatever its other labels are.
    pub(super) fn recorded(self, metric: &str) -> String {
        let mut matchers = vec![equals("slo", &self.slo.identity.to_string())];
        matchers.extend(self.job.recorded_matcher());
        selector(metric, &matchers)
    }

    /// The labels of everything recorded for the SLO; an empty one would be none.
    pub(super) fn labels(self) -> Vec<(&'static str, String)> {
        let Slo {
            identity, owner, ..
        } = self.slo;
        let all = [
            ("job", self.job.exact().unwrap_or_default().to_owned()),
            ("slo", identity.to_string()),
            ("slo_service", identity.service.clone()),
            ("slo_journey", identity.journey.clone()),
            (
                "slo_endpoint",
                identity.endpoint.clone().unwrap_or_default(),
            ),
            ("slo_sli", identity.sli.clone()),
            ("slo_owner", owner.clone()),
        ];
        all.into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }
}
