//! What was sent, beside what was received of it.

use crate::{
    ledger::{Ledger, Range},
    otlp::Received,
};
use slo_model::EventResult;
use std::fmt::Write;

/// How the events of all endpoints ended, as the client saw it and as it was received.
pub(crate) fn summary(ledger: &Ledger, received: &Received) -> String {
    let mut lines = vec![["HOW EVENTS ENDED", "CLIENT SAW", "RECEIVED"].map(str::to_owned)];
    for result in EventResult::ALL.iter().copied() {
        let saw = ledger
            .entries()
            .filter_map(|(_, _, entry)| entry.results.get(result.as_str()).copied())
            .fold(Range::default(), Range::plus);
        let of = |having: &[(&str, &str)]| {
            received
                .all()
                .filter_map(|(_, export)| export.sum("slo.results", having))
                .sum::<u64>()
        };
        let count = of(&[("slo.result", result.as_str())]);
        if saw.most > 0 || count > 0 {
            let name = format!("{:<15} {}", result.as_str(), meaning(result));
            lines.push([name, saw.to_string(), count.to_string()]);
        }
    }
    for (route, saw) in ledger.unannotated() {
        let having = [("http.route", route.as_str())];
        let counts = received
            .all()
            .filter_map(|(_, export)| export.sum("slo.unannotated", &having));
        let count: u64 = counts.sum();
        lines.push([
            format!("no annotation   {route}"),
            saw.to_string(),
            count.to_string(),
        ]);
    }
    let width = |column: usize| {
        lines
            .iter()
            .map(|l| l[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let (first, second, third) = (width(0), width(1), width(2));
    lines
        .iter()
        .fold(String::new(), |mut text, [name, saw, count]| {
            let _ = writeln!(text, "  {name:<first$}  {saw:>second$}  {count:>third$}");
            text
        })
}

/// What happened, in the client's words.
fn meaning(result: EventResult) -> &'static str {
    match result {
        EventResult::Ok => "answered",
        EventResult::ClientError => "refused: bad input, unknown order, declined card",
        EventResult::ServerError => "failed, here or in a service behind",
        EventResult::BodyError => "broke off midway",
        EventResult::Panicked => "panicked",
        EventResult::Cancelled => "given up by the client, in time",
        EventResult::TimedOut => "given up by the client, when it was late",
        EventResult::MarkedGood => "called good by the handler",
        EventResult::MarkedBad => "answered, called stale by the handler",
        EventResult::MarkedExcluded => "taken out by the handler",
        EventResult::OutsideLayer => "answered where no layer saw it",
        _ => "ended in another way",
    }
}
