//! Which rules fit what a store calls things.

use crate::{
    input::{
        history::{Spelling, spellings},
        http::AskError,
        prometheus::Prometheus,
    },
    outputs::{Names, ServiceLabel, Store},
    status::report::{Report, State},
};
use jiff::Timestamp;

/// The names and the label of the default, else.
fn names(spelling: Spelling) -> (Names, ServiceLabel) {
    let names = Names::new(spelling.has_dots, spelling.has_suffixes);
    let label = match spelling.has_job {
        true => ServiceLabel::Job,
        false => ServiceLabel::ServiceName,
    };
    (names, label)
}

/// Returns `true` where the rules that are written by default fit.
pub(super) fn is_default(spelling: Spelling) -> bool {
    names(spelling) == Store::default().spelling()
}

/// Says what events are called, and which rules fit.
pub(super) fn told(spelling: Spelling) -> String {
    let (names, label) = names(spelling);
    let (name, options) = (names.of_events(), Store::options_for(names, label));
    format!(
        "events are called `{name}` there and told apart by `{}`: `cargo slo generate {options}` writes \
         rules that fit",
        label.as_str()
    )
}

/// Asks a store that has recorded nothing of an SLO whether it has events of its service.
pub(super) fn explain_absence(
    report: &mut Report,
    prometheus: &Prometheus,
    matchers: &str,
) -> Result<(), AskError> {
    if !report.slos.iter().any(|slo| slo.state.is_without_data()) {
        return Ok(());
    }
    let found = spellings(prometheus, matchers, report.at * 1000)?;
    // Clocks differ by seconds.
    let is_to_come = report.at > Timestamp::now().as_second() + 60;
    report.explain_absence(|service, state| {
        Some(match found.get(service) {
            Some(_) if state == State::NoData => {
                "; it has events: see whether its rules are evaluated, and loaded".to_owned()
            }
            Some(spellings) => {
                let told: Vec<_> = spellings.iter().map(|spelling| told(*spelling)).collect();
                format!(
                    "; it has events that no rule there counts: {}",
                    told.join("; ")
                )
            }
            None if is_to_come => {
                "; by the clock of this machine that moment is still to come".to_owned()
            }
            None => format!(
                "; it has no events of `{service}` in the last hour: check the address, the tenant \
                 (`--header`), the matchers (`--match`) and what the service is called there"
            ),
        })
    });
    Ok(())
}
