//! What is left of the error budget, and how fast it burns.

use super::{counts, file::Rule, subject::Subject, sums};
use slo_model::{Target, Window};

/// The rules that record the objective of one SLO and its budget.
pub(super) fn objective(target: Target, labels: &[(&'static str, String)]) -> [Rule; 2] {
    [
        Rule::record(
            "slo:objective:ratio",
            format!("vector({})", target.ratio()),
            labels,
        ),
        Rule::record(
            "slo:error_budget:ratio",
            format!("vector({})", target.budget()),
            labels,
        ),
    ]
}

/// The rule that records the events of the whole window, for SLOs of this window.
pub(super) fn of_window(subject: Subject<'_>, window: Window) -> Rule {
    let counts = counts::in_window(subject, window.length_minutes());
    let window = window.to_string();
    let expr = match subject {
        Subject::One { .. } => counts,
        Subject::All { .. } => format!(
            "({counts})\nand on ({}, slo) slo:objective:ratio{{slo_window=\"{window}\"}}",
            subject.by()
        ),
    };
    Rule::record(sums::OF_WINDOW, expr, &[("slo_window", window)])
}

/// The rules that record what is left of the budget over the whole window, and the burn rate
/// of the last hour.
pub(super) fn rules(subject: Subject<'_>) -> [Rule; 2] {
    let bad = sums::bad(subject, sums::OF_WINDOW);
    let valid = sums::valid(subject, sums::OF_WINDOW);
    let budget = subject.budget();
    // Without a single event the budget is untouched; without the counter nothing is known.
    let left = format!("1 - {bad} / ({valid} > 0) / {budget}\nor\n1 + 0 * {valid}");
    let burn_rate = format!("{} / {budget}", subject.recorded(&sums::ratio_name(60)));
    [
        Rule::record("slo:error_budget_left:ratio", left, &[]),
        Rule::record("slo:burn_rate:ratio1h", burn_rate, &[]),
    ]
}
