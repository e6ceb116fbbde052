//! The alert that an objective is promised over a window the universal rules don't know.

use super::{
    file::{Kind, Rule},
    job::Labelled,
    stuck,
};
use crate::{
    outputs::Settings,
    text::promql::{quoted, regex_of},
};
use slo_model::Window;

/// The alert. New endpoints need no new rules, but a window of a new length does, as lengths
/// of windows are constants in an expression.
pub(super) fn rule(windows: &[Window], settings: &Settings) -> Rule {
    let known: Vec<_> = windows
        .iter()
        .map(|window| regex_of(&window.to_string()))
        .collect();
    let known = known.join("|");
    let by = Labelled::new(settings).by();
    let service = stuck::service(settings);
    Rule {
        kind: Kind::Alert {
            held_for: Some("15m".into()),
        },
        name: "SloWindowUnknown".to_owned(),
        expr: format!(
            "count by ({by}, slo_window) (slo:objective:ratio{{slo_window!~{}}})",
            quoted(&known)
        ),
        labels: vec![("severity", "ticket".to_owned())],
        annotations: vec![
            (
                "summary",
                format!(
                    "{service} promises objectives over {{{{ $labels.slo_window }}}}, which no rule watches"
                ),
            ),
            (
                "description",
                "They have no error budget and no alert. Generate the universal rules again from \
                 services that include it: `cargo slo generate prometheus --mode universal` \
                 makes rules for the windows it finds."
                    .to_owned(),
            ),
        ],
    }
}
