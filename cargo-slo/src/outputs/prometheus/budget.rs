//! The objective, and what is left of its error budget.

use super::{
    counts::VALID,
    file::Rule,
    ratios::{self, ratio},
    subject::Subject,
};

/// The rules that record the objective, the budget, what is left of it, and how fast it burns.
pub(super) fn rules(subject: Subject<'_>, labels: &[(&'static str, String)]) -> [Rule; 4] {
    let slo = subject.slo;
    let budget = slo.target.budget();
    let minutes = u32::from(slo.window.length_days()) * 1440;
    let spent = format!("{}\n/ {budget}", ratio(subject, minutes));
    // Without a single event the budget is untouched; without the counter nothing is known.
    let untouched = format!("1 + 0 * {}", ratios::sum(VALID, subject, minutes));
    let burn_rate = format!(
        "sum by (job) ({}) / {budget}",
        subject.recorded(&ratios::name(60))
    );
    [
        Rule::record(
            "slo:objective:ratio",
            format!("vector({})", slo.target.ratio()),
            labels,
        ),
        Rule::record(
            "slo:error_budget:ratio",
            format!("vector({budget})"),
            labels,
        ),
        Rule::record(
            "slo:error_budget_left:ratio",
            format!("1 - {spent}\nor\n{untouched}"),
            labels,
        ),
        Rule::record("slo:burn_rate:ratio1h", burn_rate, labels),
    ]
}
