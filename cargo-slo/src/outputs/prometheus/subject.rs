//! What rules are about: one SLO, or all there are.

use super::{
    former::{self, Rename},
    job::{Job, Labelled},
    names::Instrument,
    promql::{self, equals, selector},
};
use crate::{
    definition::{Identity, Slo},
    outputs::{Names, ServiceLabel},
};
use slo_model::{Decimal, Window};

/// Whose numbers an expression computes.
///
/// The formulas are written once, in terms of this: for one SLO its matchers and its budget
/// are in the text; for all, the budget comes from what the services export, joined by
/// identity. The operations and their order are the same, so the numbers are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject<'a> {
    /// An SLO, and the jobs whose events it counts, each job by itself.
    One {
        slo: &'a Slo,
        job: &'a Job,
        /// What [`selected`] gives for them: it stands in an SLO's rules a hundred times.
        selected: &'a str,
    },
    /// Every SLO that anything exports an objective for.
    All {
        labelled: Labelled,
        /// Those that were others.
        renames: &'a [Rename<'a>],
        /// Selectors of the objectives that have alerts of their own.
        left_out: &'a [String],
    },
}

impl Subject<'_> {
    /// Selects a recorded metric, by the identity of the SLO where there is one.
    pub(super) fn recorded(self, metric: &str) -> String {
        self.recorded_with(metric, &[])
    }

    /// The same with more matchers.
    pub(super) fn recorded_with(self, metric: &str, more: &[String]) -> String {
        let Subject::One { selected, .. } = self else {
            return selector(metric, more);
        };
        let mut out = String::with_capacity(metric.len() + selected.len() + 32);
        out += metric;
        out.push('{');
        out += selected;
        for matcher in more {
            out.push(',');
            out += matcher;
        }
        out.push('}');
        out
    }

    /// An expression over recorded counts, summed up with what is recorded under former names.
    pub(super) fn counted(
        self,
        metric: &str,
        more: &[String],
        expr: impl Fn(&str) -> String,
    ) -> String {
        match self {
            Subject::One { slo, .. } if slo.formerly.is_empty() => {
                expr(&self.recorded_with(metric, more))
            }
            Subject::One { .. } => former::of_one(&expr(&self.under_any_name(metric, more))),
            Subject::All { renames, .. } => former::of_all(renames, metric, more, expr),
        }
    }

    /// Selects a recorded metric under the present name of the SLO and its former ones.
    pub(super) fn under_any_name(self, metric: &str, more: &[String]) -> String {
        match self {
            Subject::One { slo, job, .. } if !slo.formerly.is_empty() => {
                let mut matchers = vec![former::matcher(slo)];
                matchers.extend(job.recorded_matchers());
                matchers.extend_from_slice(more);
                selector(metric, &matchers)
            }
            _ => self.recorded_with(metric, more),
        }
    }

    /// How recorded counts find what the rules recorded that count them. Under each of its names an SLO
    /// has such rules of its own; universal ones are the same for all.
    pub(super) fn on_recorded(self) -> &'static str {
        match self {
            Subject::One { .. } => "on (slo)",
            Subject::All { .. } => "on ()",
        }
    }

    /// The range that holds the hours which ended in a window of this many minutes.
    ///
    /// The rules of a former name are evaluated at moments of their own, so an hour is in the
    /// range from the millisecond in which the hours before end to be subtracted.
    pub(super) fn hours_within(self, minutes: u32) -> String {
        match self {
            Subject::One { slo, .. } if !slo.formerly.is_empty() => promql::just_within(minutes),
            _ => promql::within(minutes),
        }
    }

    /// The share of events that may be bad, to the right of an operator.
    pub(super) fn budget(self) -> String {
        match self {
            Subject::One { slo, .. } => slo.target.budget().to_string(),
            Subject::All { .. } => format!("{} slo:error_budget:ratio", self.joined()),
        }
    }

    /// The budget times the target: the variance of a single event.
    pub(super) fn variance(self) -> String {
        match self {
            Subject::One { slo, .. } => {
                format!("({} * {})", slo.target.budget(), slo.target.ratio())
            }
            Subject::All { .. } => format!(
                "{} (slo:error_budget:ratio * slo:objective:ratio)",
                self.joined()
            ),
        }
    }

    /// A factor times the budget, for SLOs of a window.
    pub(super) fn threshold(self, factor: Decimal, window: Window) -> String {
        let factor = written(factor);
        match self {
            Subject::One { slo, .. } => format!("{factor} * {}", slo.target.budget()),
            Subject::All { .. } => {
                let of_window = equals("slo_window", &window.to_string());
                let budget = selector("slo:error_budget:ratio", &[of_window]);
                format!("{} ({factor} * {budget})", self.joined())
            }
        }
    }

    /// How series of an SLO find its budget: by identity, in one service and namespace.
    pub(super) fn joined(self) -> String {
        format!("on ({}, slo) group_left ()", self.by())
    }

    /// How exported names are spelt, and which label says whose they are.
    pub(super) fn spelling(self) -> (Names, ServiceLabel) {
        match self {
            Subject::One { job, .. } => job.spelling(),
            Subject::All { labelled, .. } => labelled.spelling(),
        }
    }

    /// The attributes that tell services apart.
    pub(super) fn attributes(self) -> &'static [&'static str] {
        match self {
            Subject::One { job, .. } => job.labelled().attributes(),
            Subject::All { labelled, .. } => labelled.attributes(),
        }
    }

    /// The labels that tell services apart.
    pub(super) fn by(self) -> String {
        match self {
            Subject::One { job, .. } => job.by(),
            Subject::All { labelled, .. } => labelled.by(),
        }
    }
}

/// A number as an expression: a quotient where its decimals do not end, so that nothing is
/// rounded before Prometheus does.
fn written(number: Decimal) -> String {
    if number.is_written_exactly() {
        return number.to_string();
    }
    let (numerator, denominator) = number.parts();
    format!("({numerator} / {denominator})")
}

/// The matchers for everything recorded for an SLO: its identity, and where that is known the
/// only job.
pub(super) fn selected(slo: &Slo, job: &Job) -> String {
    let mut matchers = vec![equals("slo", &slo.identity.to_string())];
    matchers.extend(job.recorded_matchers());
    matchers.join(",")
}

/// Selects the counted events of an SLO, of one outcome or of any.
pub(super) fn events(slo: &Slo, job: &Job, outcome: Option<&str>) -> String {
    let (names, _) = job.spelling();
    let Identity {
        // It is in the job.
        service: _,
        journey,
        endpoint,
        sli,
    } = &slo.identity;
    let equals = |attribute, value| equals(&names.label(attribute), value);
    let mut matchers = job.matchers();
    matchers.push(equals("slo.journey", journey));
    matchers.extend(endpoint.as_deref().map(|name| equals("slo.endpoint", name)));
    matchers.push(equals("slo.sli", sli));
    matchers.extend(outcome.map(|outcome| equals("slo.outcome", outcome)));
    names.selector(Instrument::Events, &matchers)
}

/// The labels of everything recorded for an SLO; an empty one would be none.
///
/// They are its identity and nothing that changes while it stays the same, so that history
/// goes on under a new owner or target.
pub(super) fn labels(slo: &Slo, job: &Job) -> Vec<(&'static str, String)> {
    let identity = &slo.identity;
    let mut all = job.labels();
    all.extend([
        ("slo", identity.to_string()),
        ("slo_service", identity.service.clone()),
        ("slo_journey", identity.journey.clone()),
        (
            "slo_endpoint",
            identity.endpoint.clone().unwrap_or_default(),
        ),
        ("slo_sli", identity.sli.clone()),
    ]);
    all.retain(|(_, value)| !value.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_exact() {
        assert_eq!(written(Decimal::new(144, 10)), "14.4");
        assert_eq!(written(Decimal::new(31, 30)), "(31 / 30)");
    }
}
