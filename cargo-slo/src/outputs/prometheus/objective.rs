//! Which SLOs there are, and their counts: what services export about themselves, joined with
//! the events they count.

use super::{
    counts,
    file::Rule,
    job::Labelled,
    joined::renamed,
    names::Instrument,
    promql,
    writers::{MEMORY, SEEN, SEEN_START, Writers},
};
use crate::outputs::Settings;

/// Events of the last minute of each endpoint, whether it has an SLO of its own or not.
pub(super) const GOOD: &str = "slo:endpoint_events_good:count1m";
const BAD: &str = "slo:endpoint_events_bad:count1m";

/// The objectives that count, before the SLOs have names.
const CHOSEN: &str = "slo:exported_objective:ratio";

/// What an SLO is told apart by, before it has a name.
const IDENTITY: [&str; 3] = ["slo.journey", "slo.endpoint", "slo.sli"];

/// The rules that record objective, budget and minute counts of every SLO, each under the
/// labels it would have with rules of its own.
pub(super) fn rules(settings: &Settings) -> Vec<Rule> {
    let labelled = Labelled::new(settings);
    // What was counted up to comes first, so that the objectives of all that is counted are known.
    let [events, starts, good, bad] = endpoint_counts(labelled, settings);
    let mut rules = vec![events, starts];
    rules.extend(objective(labelled, settings));
    rules.extend([good, bad]);
    let count = |recorded, outcome: &str| {
        Rule::record(
            counts::MINUTE,
            of_slos(recorded, labelled),
            &[("slo_outcome", outcome.to_owned())],
        )
    };
    rules.extend([count(GOOD, "good"), count(BAD, "bad")]);
    rules
}

/// Each objective once, however many pods export it.
///
/// While a new version is deployed, old and new pods may name different owners, windows or
/// targets. An SLO has one of each: owner and window are those that most pods name, and of
/// several targets the strictest counts.
fn objective(labelled: Labelled, settings: &Settings) -> [Rule; 3] {
    let names = settings.names;
    let (by, identity) = (labelled.by(), listed(settings));
    let exported = names.selector(Instrument::Objective, &[]);
    // As long as the counts look back, so that one is never there without the other.
    let exported = format!("last_over_time({exported}[{MEMORY}])");
    let whole = format!(
        "{by}, {identity}, {}, {}",
        names.label("slo.window"),
        names.label("slo.owner")
    );
    let chosen = format!(
        "max by ({whole}) ({exported})\nand\ntopk by ({by}, {identity}) (1, count by ({whole}) ({exported}))"
    );
    let chosen = renamed(
        &chosen,
        &[
            "slo.journey",
            "slo.endpoint",
            "slo.sli",
            "slo.window",
            "slo.owner",
        ],
        settings,
    );
    let named = |level: &str, parts: &str| {
        let chosen = format!("{CHOSEN}{{slo_endpoint{level}\"\"}}");
        format!(
            "label_join(label_join({}, \"slo\", \"/\", \"slo_service\", \"slo_journey\"{parts}), \
             \"slo\", \".\", \"slo\", \"slo_sli\")",
            labelled.named(&chosen)
        )
    };
    [
        Rule::record(CHOSEN, chosen, &[]),
        Rule::record(
            "slo:objective:ratio",
            format!(
                "{}\nor\n{}",
                named("=", ""),
                named("!=", ", \"slo_endpoint\"")
            ),
            &[],
        ),
        // Targets are whole parts per billion; the subtraction alone would leave noise.
        Rule::record(
            "slo:error_budget:ratio",
            "round((1 - slo:objective:ratio) * 1e9) / 1e9".to_owned(),
            &[],
        ),
    ]
}

/// The minute counts of each endpoint, and what was counted; a bad count is there from the
/// moment the good one is.
fn endpoint_counts(labelled: Labelled, settings: &Settings) -> [Rule; 4] {
    let names = settings.names;
    let writers = Writers::new(labelled, &[]);
    let by = format!("{}, {}", labelled.by(), listed(settings));
    let counted = |outcome: &str| {
        let outcome = promql::equals(&names.label("slo.outcome"), outcome);
        let seen = promql::selector(SEEN, &[of_no_slo(), outcome]);
        let growth = promql::indented(&writers.growth(&seen, &seen_start()));
        renamed(
            &format!("sum by ({by}) (\n{growth}\n)"),
            &IDENTITY,
            settings,
        )
    };
    let [events, starts] = writers.remember(&names.selector(Instrument::Events, &[]));
    [
        events,
        starts,
        Rule::record(GOOD, counted("good"), &[]),
        Rule::record(BAD, format!("{}\nor\n0 * {GOOD}", counted("bad")), &[]),
    ]
}

/// Where rules of single SLOs are loaded as well, each of them remembers the same for itself.
fn of_no_slo() -> String {
    promql::equals("slo", "")
}

/// When the processes began whose events all SLOs count.
pub(super) fn seen_start() -> String {
    let of_no_service = promql::equals("slo_service", "");
    promql::selector(SEEN_START, &[of_no_slo(), of_no_service])
}

/// Endpoint counts as counts of SLOs: of endpoints with objectives of their own, and summed up
/// of journeys with objectives.
fn of_slos(recorded: &str, labelled: Labelled) -> String {
    let by = labelled.by();
    format!(
        "{recorded}\n* on ({by}, slo_journey, slo_endpoint, slo_sli) group_left (slo, slo_service) \
         (slo:objective:ratio{{slo_endpoint!=\"\"}} > bool 0)\n\
         or\n\
         sum without (slo_endpoint) ({recorded})\n\
         * on ({by}, slo_journey, slo_sli) group_left (slo, slo_service) \
         (slo:objective:ratio{{slo_endpoint=\"\"}} > bool 0)"
    )
}

/// The labels of the identity, as they stand in a list.
fn listed(settings: &Settings) -> String {
    IDENTITY.map(|name| settings.names.label(name)).join(", ")
}
