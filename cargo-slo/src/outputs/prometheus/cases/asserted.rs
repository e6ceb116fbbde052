//! What the rules have to make of it, in promtool's notation.

use super::{
    expected::Events,
    file::{Cases, push},
};
use crate::{
    definition::Slo,
    outputs::prometheus::{
        alerts, missed_run, missing,
        promql::{duration, equals, matches, matches_not, selector},
        sums,
    },
    text::{promql::quoted as text_of, yaml::quoted},
};
use slo_model::burn_rate::Severity;
use std::collections::BTreeMap;

/// How many metrics are recorded of each SLO, by its identity, where everything fails.
pub(super) type Records = BTreeMap<String, usize>;

impl Cases<'_> {
    /// Which alerts fire, and no other.
    pub(super) fn write_alerts(&self, out: &mut String, counted: &[(&Slo, Events)], after: usize) {
        let mut firing = Vec::new();
        for (slo, events) in counted {
            for condition in self.subject.alerts.over(slo) {
                match events.fires(&condition, slo.target, after) {
                    Some(true) => firing.push((
                        format!(
                            "{{severity=\"{}\",slo={},slo_window_tier=\"{}\"}}",
                            condition.severity.as_str(),
                            text_of(&slo.identity.to_string()),
                            duration(condition.long_minutes)
                        ),
                        1.to_string(),
                    )),
                    Some(false) => {}
                    // Nobody could say what is right.
                    None => return,
                }
            }
        }
        let expr = format!(
            "count by (slo, severity, slo_window_tier) (ALERTS{{{},{},alertstate=\"firing\"}})",
            equals("alertname", alerts::BURN),
            equals("slo_service", &self.subject.service.name),
        );
        self.write_expected(out, &expr, after, &firing);
    }

    /// The events in the window of each SLO, to the last one.
    pub(super) fn write_counts(&self, out: &mut String, counted: &[(&Slo, Events)], after: usize) {
        let samples: Vec<_> = counted
            .iter()
            .flat_map(|(slo, events)| {
                let counts = events.within(slo.window.length_minutes(), after);
                [("bad", counts.bad), ("good", counts.good)].map(|(outcome, count)| {
                    let slo = text_of(&slo.identity.to_string());
                    (
                        format!("{{slo={slo},slo_outcome=\"{outcome}\"}}"),
                        count.to_string(),
                    )
                })
            })
            .collect();
        let service = equals("slo_service", &self.subject.service.name);
        let expr = format!(
            "sum by (slo, slo_outcome) ({}{{{service}}})",
            sums::OF_WINDOW
        );
        self.write_expected(out, &expr, after, &samples);
    }

    /// What is left of each budget, to the millionth.
    pub(super) fn write_budgets(&self, out: &mut String, counted: &[(&Slo, Events)], after: usize) {
        let mut samples = Vec::new();
        for (slo, events) in counted {
            let minutes = slo.window.length_minutes();
            let Some(left) = events.millionths_left(slo.target, minutes, after) else {
                return;
            };
            let slo = text_of(&slo.identity.to_string());
            samples.push((format!("{{slo={slo}}}"), left.to_string()));
        }
        let service = equals("slo_service", &self.subject.service.name);
        let expr = format!("sum by (slo) (round(1e6 * slo:error_budget_left:ratio{{{service}}}))");
        self.write_expected(out, &expr, after, &samples);
    }

    /// A quarter of an hour without a sample is told ten minutes later, but silence between the
    /// runs of jobs is none; what is told there is a run that is missed.
    pub(super) fn write_missing(&self, out: &mut String, steps: usize) {
        let is_silent_by_nature = missing::longest_silence(self.subject.service).is_some();
        for (after, is_told) in [(steps, false), (steps + 3, false), (steps + 7, true)] {
            let missing = usize::from(is_told && !is_silent_by_nature);
            self.write_tickets(out, missing::NAME, after, missing);
            self.write_missed(out, after, after - steps);
        }
    }

    /// So many tickets of this alert are there.
    fn write_tickets(&self, out: &mut String, alert: &str, after: usize, tickets: usize) {
        let expr = format!(
            "count by (severity) (ALERTS{{{},alertstate=\"firing\"}})",
            equals("alertname", alert)
        );
        let ticket = format!("{{severity=\"{}\"}}", Severity::Ticket.as_str());
        let firing = (tickets > 0).then(|| (ticket, tickets.to_string()));
        self.write_expected(out, &expr, after, firing.as_slice());
    }

    /// No alert fires or will fire but those of budgets and missed runs, and of each SLO there is all
    /// that its rules record.
    pub(super) fn write_nothing_else(&self, out: &mut String, looked_at: &[usize]) {
        let (Some(first), Some(last)) = (looked_at.first(), looked_at.last()) else {
            return;
        };
        let others = selector(
            "ALERTS",
            &[
                matches("alertname", "Slo.+"),
                matches_not(
                    "alertname",
                    &format!("{}|{}", alerts::BURN, missed_run::NAME),
                ),
            ],
        );
        for after in looked_at {
            let expr = format!("count by (alertname) ({others})");
            self.write_expected(out, &expr, *after, &[]);
            self.write_missed(out, *after, after - first);
        }
        for (slo, metrics) in self.records.iter().flatten() {
            // One query for all of them has more samples than promtool takes.
            let recorded = selector("", &[matches("__name__", "slo:.+"), equals("slo", slo)]);
            let expr = format!("count(count by (__name__) ({recorded}))");
            let sample = ("{}".to_owned(), metrics.to_string());
            self.write_expected(out, &expr, *last, &[sample]);
        }
    }

    /// Which jobs have not succeeded for too long, so many steps after they did.
    fn write_missed(&self, out: &mut String, after: usize, silent_steps: usize) {
        if self.part.jobs.is_empty() {
            return;
        }
        let silent_for = silent_steps as u64 * u64::from(self.step) * 60;
        let is_missed = |every| silent_for > missed_run::patience(every);
        let jobs = self.part.jobs.iter();
        let missed = jobs.filter(|(_, every)| is_missed(*every)).count();
        self.write_tickets(out, missed_run::NAME, after, missed);
    }

    fn write_expected(
        &self,
        out: &mut String,
        expr: &str,
        after: usize,
        samples: &[(String, String)],
    ) {
        let minutes = after * self.step as usize;
        push(
            out,
            format_args!("  - expr: {}\n    eval_time: {minutes}m\n", quoted(expr)),
        );
        if samples.is_empty() {
            out.push_str("    exp_samples: []\n");
            return;
        }
        out.push_str("    exp_samples:\n");
        for (labels, value) in samples {
            push(
                out,
                format_args!("    - {{labels: {}, value: {value}}}\n", quoted(labels)),
            );
        }
    }
}
