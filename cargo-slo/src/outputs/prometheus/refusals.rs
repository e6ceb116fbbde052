//! What no rule can do: errors that say which line of which source to change.

use crate::{
    definition::Slo,
    diagnostics::Diagnostic,
    fleet::{Alerts, Fleet},
    outputs::{Mode, ServiceLabel, Settings},
};
use slo_model::{Window, burn_rate::Condition};

/// The longest window that rules are written for, in days: a quarter. Longer ones need samples
/// of a year in the system that evaluates the rules, and an alert would look at weeks.
const LONGEST_DAYS: u16 = 92;

/// Every SLO that can't have rules.
pub(super) fn all(fleet: &Fleet<'_>, settings: &Settings) -> Vec<Diagnostic> {
    let subjects = || fleet.subjects.iter();
    let of_slos = subjects().flat_map(|subject| {
        let slos = subject.service.slos.iter();
        slos.filter_map(|slo| refusal(slo, &subject.alerts))
    });
    unjoinable(settings).into_iter().chain(of_slos).collect()
}

/// Rules for all services join by the labels that tell those apart, and Prometheus 3 evaluates
/// no join by a label with a dot.
fn unjoinable(settings: &Settings) -> Option<Diagnostic> {
    if settings.store.shows_results_late() && settings.mode == Mode::Universal {
        return Some(
            Diagnostic::error(format!(
                "universal rules stand in one group, and {} shows a rule too late what the rule before \
                 it recorded",
                settings.store.as_str()
            ))
            .with_help("`--mode per-slo`, whose rules stand in stages"),
        );
    }
    let is_dotted = settings.names.is_utf8() && settings.service_label == ServiceLabel::ServiceName;
    (is_dotted && settings.mode == Mode::Universal).then(|| {
        Diagnostic::error(
            "universal rules can't tell services apart by the label `service.name`: Prometheus \
             joins by no label with a dot",
        )
        .with_help("leave out `--service-label`: the label `job` says the same")
        .with_help("or `--mode per-slo`, whose rules join nothing by it")
    })
}

fn refusal(slo: &Slo, alerts: &Alerts<'_>) -> Option<Diagnostic> {
    let window = slo.window;
    if window.length_days() > LONGEST_DAYS {
        return Some(located(
            Diagnostic::error(format!(
                "{}: no rule can hold a window of {}, {LONGEST_DAYS} days are the most",
                slo.identity,
                words(window)
            ))
            .with_help("promise it over `window = \"90d\"` or a shorter one"),
            slo,
        ));
    }
    let conditions = alerts.over(slo);
    if conditions.iter().any(|c| c.can_fire(slo.target)) {
        return None;
    }
    let lowest = conditions
        .iter()
        .map(|c| c.factor)
        .reduce(|low, other| if other.is_less_than(low) { other } else { low })?;
    let evidence = conditions.iter().map(|condition: &Condition| {
        format!(
            "{} times the error budget of {} is an error ratio of {}, and none is above 1",
            condition.factor,
            slo.target.budget(),
            condition.threshold(slo.target)
        )
    });
    let error = Diagnostic::error(format!(
        "{}: no alert could ever fire for a target of {} over {}",
        slo.identity,
        slo.target,
        words(window)
    ));
    let error = evidence.fold(error, Diagnostic::with_note);
    // 1 − 1 ÷ factor, in percent.
    let (numerator, denominator) = lowest.parts();
    let least = slo_model::Decimal::new(100 * (numerator - denominator), numerator);
    let error = error.with_help(format!(
        "promise more than {least} %, or choose a shorter window"
    ));
    Some(located(
        match alerts.are_chosen(slo) {
            true => error.with_help("or choose another `burn-rates` in `slo.toml`"),
            false => error.with_help("with `--scaling scale-windows` the factors of 30 days stay"),
        },
        slo,
    ))
}

fn words(window: Window) -> String {
    match window {
        Window::Rolling { days } => format!("{days} days"),
        Window::Calendar(_) => format!("a {}", window.to_string().replace('-', " ")),
    }
}

/// Points at the annotation, or at those of all endpoints of the journey.
fn located(diagnostic: Diagnostic, slo: &Slo) -> Diagnostic {
    let Some((first, others)) = slo.sources.split_first() else {
        return diagnostic;
    };
    let mut diagnostic = diagnostic.at_line(first.file.as_ref(), first.line);
    if slo.identity.endpoint.is_none() {
        diagnostic = diagnostic.with_note(format!(
            "the objectives are those of the journey `{}` that `{}` names",
            slo.identity.journey, first.function
        ));
        for other in others {
            diagnostic = diagnostic.with_note(format!("as does {other}"));
        }
    }
    diagnostic
}
