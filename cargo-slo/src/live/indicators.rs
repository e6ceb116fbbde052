//! Everything in a view that has good and bad events.

use super::view::{ServiceView, SliView, SloView, StepView, View};
use std::collections::BTreeMap;

/// An SLI of a journey or of one of its steps, with or without an SLO.
#[derive(Clone, Debug)]
pub(super) struct Indicator<'v> {
    /// `service/journey.sli` or `service/journey/endpoint.sli`.
    pub(super) id: String,
    pub(super) counts: SliView,
    pub(super) slo: Option<&'v SloView>,
}

impl Indicator<'_> {
    /// Whether a person means it: with the service's name or without.
    pub(super) fn is_called(&self, name: &str) -> bool {
        let short = self.id.split_once('/').map(|(_, short)| short);
        self.id == name || short == Some(name)
    }
}

/// Returns all of them, by service and journey.
pub(super) fn indicators(view: &View) -> Vec<Indicator<'_>> {
    view.services.iter().flat_map(of_service).collect()
}

fn of_service(service: &ServiceView) -> Vec<Indicator<'_>> {
    let mut found = Vec::new();
    for journey in &service.journeys {
        let id = |sli: &str| format!("{}/{}.{sli}", service.name, journey.name);
        for counts in sums(&journey.steps) {
            let id = id(&counts.sli);
            found.push(Indicator {
                slo: journey.slos.iter().find(|slo| slo.id == id),
                id,
                counts,
            });
        }
        for step in &journey.steps {
            for sli in &step.slis {
                let id = format!(
                    "{}/{}/{}.{}",
                    service.name, journey.name, step.name, sli.sli
                );
                found.push(Indicator {
                    slo: step.slos.iter().find(|slo| slo.id == id),
                    id,
                    counts: sli.clone(),
                });
            }
        }
    }
    found
}

/// The SLIs of a journey: those of its steps, added up.
fn sums(steps: &[StepView]) -> Vec<SliView> {
    let mut sums = BTreeMap::<&str, SliView>::new();
    for sli in steps.iter().flat_map(|step| &step.slis) {
        let sum = sums.entry(&sli.sli).or_insert_with(|| SliView {
            good: 0,
            bad: 0,
            excluded: 0,
            ..sli.clone()
        });
        if sum.threshold != sli.threshold {
            sum.threshold = None;
        }
        sum.good += sli.good;
        sum.bad += sli.bad;
        sum.excluded += sli.excluded;
    }
    sums.into_values().collect()
}
