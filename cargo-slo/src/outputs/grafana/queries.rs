//! PromQL for panels.

use crate::{
    definition::Slo,
    fleet::{Alerts, Subject},
    outputs::{
        Settings,
        prometheus::{Metric, Series},
    },
};
use slo_model::burn_rate::Condition;
use std::collections::BTreeSet;

/// Queries about one service.
#[derive(Debug)]
pub(super) struct Queries<'a> {
    series: Series,
    alerts: Alerts<'a>,
}

impl Queries<'_> {
    pub(super) fn new<'a>(subject: &Subject<'a>, settings: &Settings) -> Queries<'a> {
        Queries {
            series: Series::new(subject.service, settings),
            alerts: subject.alerts,
        }
    }

    /// True where a reader has to choose between jobs.
    pub(super) fn has_jobs(&self) -> bool {
        self.series.in_any_namespace()
    }

    /// The values of the variable `job`.
    pub(super) fn jobs(&self) -> String {
        let counted = guarded(&self.series.exported(Metric::InFlight, &[]));
        format!("label_values({counted},{})", self.series.namespace_label())
    }

    /// The matcher for the jobs that the reader chose.
    fn chosen(&self) -> Option<String> {
        let label = self.series.namespace_label();
        self.has_jobs().then(|| format!("{label}=~\"$job\""))
    }

    /// What a series is called, with its job where there are several.
    pub(super) fn legend(&self, name: &str) -> String {
        match self.has_jobs() {
            true => format!("{name} {}", self.value_of(&self.series.namespace_label())),
            false => name.to_owned(),
        }
    }

    /// An attribute, to sum up by.
    pub(super) fn label(&self, attribute: &str) -> String {
        self.series.label(attribute)
    }

    /// The value of a label, as a legend shows it.
    pub(super) fn value_of(&self, label: &str) -> String {
        format!("{{{{{}}}}}", label.trim_matches('"'))
    }

    /// The windows that error ratios are recorded over, in minutes.
    pub(super) fn windows(&self, slo: &Slo) -> BTreeSet<u32> {
        let conditions = self.alerts.over(slo);
        let both = conditions
            .iter()
            .flat_map(|c| [c.short_minutes, c.long_minutes]);
        both.chain([60]).collect()
    }

    /// The conditions that can fire.
    pub(super) fn conditions(&self, slo: &Slo) -> Vec<Condition> {
        self.alerts.that_can_fire(slo)
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
        self.scoped(&self.series.recorded_of_service(metric))
    }

    /// A metric of the SDK, with these labels.
    pub(super) fn exported(&self, metric: Metric, attributes: &[(&str, &str)]) -> String {
        self.scoped(&self.series.exported(metric, attributes))
    }

    /// The same, but those with one of these values of an attribute, as a regular expression.
    pub(super) fn exported_but(
        &self,
        metric: Metric,
        attributes: &[(&str, &str)],
        but: (&str, &str),
    ) -> String {
        self.scoped(&self.series.exported_but(metric, attributes, but))
    }

    /// A metric of the SDK, with one of these values of an attribute.
    pub(super) fn exported_one_of(&self, metric: Metric, of: (&str, &[String])) -> String {
        self.scoped(&self.series.exported_one_of(metric, of))
    }

    /// When each process started, in milliseconds.
    pub(super) fn starts(&self) -> String {
        format!("1000 * {}", self.exported(Metric::StartTime, &[]))
    }

    /// How a process is called in a text: its service and version where these are labels, and its
    /// id.
    pub(super) fn process(&self) -> String {
        let labels = self.series.process_labels();
        let labels: Vec<_> = labels.iter().map(|label| self.value_of(label)).collect();
        labels.join(" ")
    }

    /// Requests that no annotation covers and somebody served, with one outcome or any.
    pub(super) fn unannotated(&self, outcome: Option<&str>) -> String {
        self.scoped(&self.series.unannotated(outcome))
    }

    /// The events of an SLO.
    pub(super) fn events(&self, slo: &Slo) -> String {
        self.scoped(&self.series.events(slo, None))
    }

    /// Alerts about the service that are firing.
    pub(super) fn firing(&self) -> String {
        let [of_slos, of_service] = self.series.alerts().map(|s| guarded(&s));
        format!("{of_slos} or {of_service}")
    }

    /// How many alerts about the service are firing.
    pub(super) fn alerts(&self) -> String {
        format!("count({}) or vector(0)", self.firing())
    }

    /// A selector with the chosen jobs in it.
    fn scoped(&self, selector: &str) -> String {
        let selector = guarded(selector);
        let Some(rest) = selector.strip_suffix('}') else {
            return selector;
        };
        match self.chosen() {
            Some(chosen) => format!("{rest},{chosen}}}"),
            None => selector,
        }
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
