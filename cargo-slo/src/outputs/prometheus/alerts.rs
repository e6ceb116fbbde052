//! Multiwindow, multi-burn-rate alerts.

use super::{chance, promql::selector};
use super::{
    file::{Kind, Rule},
    promql::duration,
    subject::Subject,
    sums, text,
};
use crate::text::template::literal;
use slo_model::{Window, burn_rate::Condition};

/// Name of the alerts that a budget burns too fast.
pub(super) const BURN: &str = "SloErrorBudgetBurn";

/// The alerts for SLOs of a window.
///
/// One alert per condition, told apart by `slo_window_tier`: a page for the fast burn can
/// then silence the ticket for the slow one. None has a `for`: the long window already is
/// one, and the short window ends the alert soon after its cause.
///
/// The number of bad events stands first: it is the value of the alert.
pub(super) fn rules(subject: Subject<'_>, conditions: &[Condition], window: Window) -> Vec<Rule> {
    let possible = conditions.iter().filter(|condition| match subject {
        Subject::One { slo, .. } => condition.can_fire(slo.target),
        // An error ratio is never above 1, so what can't fire does not.
        Subject::All { .. } => true,
    });
    let shared = text::Shared::new(subject, window);
    possible
        .map(|condition| alert(subject, condition, window, &shared))
        .collect()
}

fn alert(
    subject: Subject<'_>,
    condition: &Condition,
    window: Window,
    shared: &text::Shared,
) -> Rule {
    let long = condition.long_minutes;
    let threshold = subject.threshold(condition.factor, window);
    let above = |minutes| {
        let ratio = subject.recorded(&sums::ratio_name(minutes));
        format!("{ratio} > {threshold}")
    };
    let bad = sums::bad(subject, &sums::name(long));
    let more_than_chance = format!("{bad} > {}", subject.recorded(&chance::name(long)));
    let (first, and) = match subject {
        Subject::One { .. } => (more_than_chance, "and".to_owned()),
        // Who answers for it may change, so it is not a label of what is recorded.
        Subject::All { left_out, .. } => {
            let by = subject.by();
            let of_window = format!("slo_window={:?}", window.to_string());
            let objective = selector("slo:objective:ratio", &[of_window]);
            let objective = match left_out {
                [] => objective,
                own => format!("({objective} unless ({}))", own.join(" or ")),
            };
            (
                format!(
                    "({more_than_chance})\n* on ({by}, slo) group_left (slo_owner) ({objective} > bool 0)"
                ),
                format!("and on ({by}, slo)"),
            )
        }
    };
    let tier = duration(long);
    let mut labels = vec![
        ("severity", condition.severity.as_str().to_owned()),
        ("slo_window", window.to_string()),
        ("slo_window_tier", tier),
    ];
    if let Subject::One { slo, .. } = subject {
        // It comes with the series, too, but promtool takes alerts with the same labels in
        // the file for copies.
        labels.push(("slo", literal(&slo.identity.to_string())));
        if !slo.owner.is_empty() {
            labels.push(("slo_owner", literal(&slo.owner)));
        }
    }
    Rule {
        kind: Kind::Alert { held_for: None },
        name: BURN.to_owned(),
        expr: format!(
            "{first}\n{and}\n{}\n{and}\n{}",
            above(long),
            above(condition.short_minutes)
        ),
        labels,
        annotations: text::of_burn(subject, shared, condition, window),
    }
}
