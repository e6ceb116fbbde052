//! What an alert says about where its bad events come from, looked up when it is sent.

use super::{names::Instrument, promql::duration, series::NOT_FAILED, subject::Subject};
use crate::definition::Sli;
use slo_model::AVAILABILITY;

/// The end of a description: which endpoint had most of the bad events over these minutes, and for
/// availability with which result. Empty if that is unknown.
pub(super) fn sentence(subject: Subject<'_>, minutes: u32) -> String {
    let [of_results, of_events] =
        [Instrument::Results, Instrument::Events].map(|i| looked_up(subject, i, minutes));
    match subject {
        Subject::One { slo, .. } => match slo.sli {
            Sli::Availability => of_results,
            Sli::Latency { .. } => of_events,
        },
        Subject::All { .. } => format!(
            "{{{{ if eq $labels.slo_sli \"{AVAILABILITY}\" }}}}{of_results}{{{{ else }}}}{of_events}{{{{ end }}}}"
        ),
    }
}

fn looked_up(subject: Subject<'_>, instrument: Instrument, minutes: u32) -> String {
    let (names, _) = subject.spelling();
    let label = |attribute| names.label(attribute);
    let mut matchers = vec![
        format!("{}=%q", label("slo.journey")),
        format!("{}=~%q", label("slo.endpoint")),
    ];
    let mut values = vec![
        "$labels.slo_journey".to_owned(),
        "(or $labels.slo_endpoint \".+\")".to_owned(),
    ];
    let mut by = vec!["slo.endpoint"];
    if instrument == Instrument::Results {
        matchers.push(format!("{}!~\"{NOT_FAILED}\"", label("slo.result")));
        by.push("slo.result");
    } else {
        matchers.push(format!("{}=%q", label("slo.sli")));
        values.push("$labels.slo_sli".to_owned());
        matchers.push(format!("{}=\"bad\"", label("slo.outcome")));
    }
    for attribute in subject.attributes() {
        let label = label(attribute);
        values.push(format!("(index $labels \"{}\")", label.trim_matches('"')));
        matchers.push(format!("{label}=%q"));
    }
    let selector = names.selector(instrument, &matchers);
    let grouped = by.iter().map(|attribute| label(attribute));
    let grouped: Vec<_> = grouped.collect();
    let query = format!(
        "topk(1, sum by ({}) (increase({selector}[{}])) > 0)",
        grouped.join(", "),
        duration(minutes)
    );
    let shown = grouped.iter().map(|label| {
        let label = label.trim_matches('"');
        format!("{{{{ . | first | label \"{label}\" }}}}")
    });
    let shown: Vec<_> = shown.collect();
    format!(
        "{{{{ with printf \"{}\" {} | query }}}} Most of them: {}.{{{{ end }}}}",
        // It is a text of the template.
        query.replace('"', "\\\""),
        values.join(" "),
        shown.join(", ")
    )
}
