//! The alerts of SLOs that have a burn-rate setting of their own, beside the rules for all.
//!
//! No series says which setting an SLO has: `slo.toml` does, when rules are generated. So the alerts
//! for all leave these SLOs out, and each has its own here: none alerts twice, and none never.

use super::{
    alerts,
    file::Rule,
    job::Job,
    promql::{matches, selector},
    subject,
};
use crate::{
    definition::Slo,
    fleet::{self, Fleet},
    outputs::Settings,
    text::promql::regex_of,
};
use slo_model::burn_rate::Condition;

/// The SLOs of a fleet that have a setting.
#[derive(Debug)]
pub(super) struct Chosen<'a> {
    services: Vec<(&'a fleet::Subject<'a>, Job, Vec<&'a Slo>)>,
}

impl<'a> Chosen<'a> {
    pub(super) fn of(fleet: &'a Fleet<'a>, settings: &Settings) -> Chosen<'a> {
        let services = fleet.subjects.iter().filter_map(|subject| {
            let slos = subject.service.slos.iter();
            let own: Vec<_> = slos.filter(|slo| subject.alerts.are_chosen(slo)).collect();
            let job = Job::new(&subject.service.name, settings);
            (!own.is_empty()).then_some((subject, job, own))
        });
        Chosen {
            services: services.collect(),
        }
    }

    /// All of their conditions: counts are recorded over the windows of these, too.
    pub(super) fn conditions(&self) -> Vec<Condition> {
        let each = self.services.iter().flat_map(|(subject, _, slos)| {
            let slos = slos.iter();
            slos.flat_map(|slo| subject.alerts.over(slo))
        });
        each.collect()
    }

    /// Selectors of their objectives, one for each service.
    pub(super) fn left_out(&self) -> Vec<String> {
        let each = self.services.iter().map(|(_, job, slos)| {
            let names = slos.iter().map(|slo| regex_of(&slo.identity.to_string()));
            let names: Vec<_> = names.collect();
            let mut matchers = vec![matches("slo", &names.join("|"))];
            matchers.extend(job.recorded_matchers());
            selector("slo:objective:ratio", &matchers)
        });
        each.collect()
    }

    /// The alerts of those that are wanted, over what the rules for all record.
    pub(super) fn alerts(&self, is_wanted: impl Fn(&Slo) -> bool) -> Vec<Rule> {
        let mut rules = Vec::new();
        for (subject, job, slos) in &self.services {
            for slo in slos.iter().filter(|slo| is_wanted(slo)) {
                let selected = subject::selected(slo, job);
                let of = subject::Subject::One {
                    slo,
                    job,
                    selected: &selected,
                };
                rules.extend(alerts::rules(of, &subject.alerts.over(slo), slo.window));
            }
        }
        rules
    }

    /// What the head of the file says of them.
    pub(super) fn note(&self) -> Option<String> {
        let each = self.services.iter().flat_map(|(_, _, slos)| slos);
        let names: Vec<_> = each.map(|slo| slo.identity.to_string()).collect();
        (!names.is_empty()).then(|| {
            format!(
                "With alerts of their own, by `burn-rates` of their slo.toml: {}. Generate again \
                 when a setting changes.",
                names.join(", ")
            )
        })
    }
}
