//! PromQL for panels.

use crate::{
    definition::{Service, Slo},
    outputs::{Settings, prometheus::Series},
};

/// The matcher for the jobs that the reader chose.
const CHOSEN: &str = "job=~\"$job\"";

/// Queries about one service.
#[derive(Debug)]
pub(super) struct Queries {
    series: Series,
    service: String,
}

impl Queries {
    pub(super) fn of(service: &Service, settings: &Settings) -> Queries {
        Queries {
            series: Series::of(service, settings),
            service: service.name.clone(),
        }
    }

    /// True where a reader has to choose between jobs.
    pub(super) fn has_jobs(&self) -> bool {
        self.series.in_any_namespace()
    }

    /// The values of the variable `job`.
    pub(super) fn jobs(&self) -> String {
        let counted = guarded(&self.series.exported("slo_events_total", &[]));
        format!("label_values({counted},job)")
    }

    fn chosen(&self) -> &'static [&'static str] {
        match self.has_jobs() {
            true => &[CHOSEN],
            false => &[],
        }
    }

    /// A metric that is recorded for an SLO, for each job.
    pub(super) fn recorded(&self, slo: &Slo, metric: &str) -> String {
        self.scoped(&self.series.recorded(slo, metric))
    }

    /// The same without the job: what follows from the definition has none.
    pub(super) fn declared(&self, slo: &Slo, metric: &str) -> String {
        format!("max({})", guarded(&self.series.recorded(slo, metric)))
    }

    /// A metric that is recorded for every SLO of the service.
    pub(super) fn of_all(&self, metric: &str) -> String {
        self.scoped(&self.series.recorded_of_service(&self.service, metric))
    }

    /// A metric of the SDK, with these labels.
    pub(super) fn exported(&self, metric: &str, labels: &[(&str, &str)]) -> String {
        self.scoped(&self.series.exported(metric, labels))
    }

    /// The events of an SLO.
    pub(super) fn events(&self, slo: &Slo) -> String {
        self.scoped(&self.series.events(slo, None))
    }

    /// Alerts about the service that are firing.
    pub(super) fn alerts(&self) -> String {
        let [of_slos, of_service] = self.series.alerts(&self.service).map(|s| guarded(&s));
        format!("count({of_slos} or {of_service}) or vector(0)")
    }

    /// A selector with the chosen jobs in it.
    fn scoped(&self, selector: &str) -> String {
        let selector = guarded(selector);
        let Some(rest) = selector.strip_suffix('}') else {
            return selector;
        };
        let mut matchers = vec![rest];
        matchers.extend(self.chosen());
        format!("{}}}", matchers.join(","))
    }
}

/// A selector in which Grafana finds no variable: `$` and the second of two brackets stand
/// only in texts, where PromQL lets them be spelled otherwise.
fn guarded(selector: &str) -> String {
    selector.replace('$', "\\x24").replace("[[", "[\\x5b")
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn variables_of_users_are_none() {
        let selector = guarded(r#"m{job="$a [[b]] [[[c]]]",x=~"\\$"}"#);
        assert_eq!(
            selector,
            r#"m{job="\x24a [\x5bb]] [\x5b[c]]]",x=~"\\\x24"}"#
        );
        assert!(!selector.contains('$') && !selector.contains("[["));
    }
}
