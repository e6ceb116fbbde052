//! A former name is that of something that is still there, or of two things at once.
//!
//! `formerly` moves the error budget of a name that is gone to the one that took its place. Where the
//! name is not gone, its events are counted for whatever has it now; where two say that they had
//! it, they can't both go on with its budget, as each event is in one. The rules then leave the
//! history where it is, or give it to the first.
//!
//! Take the name out of `formerly` where it does not belong. Where one journey became two, leave it
//! with the one that most of its events went to; the other begins again.

use crate::{
    definition::former_names,
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, rule::Check},
};
use slo_model::record::SourceRecord;
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "former-name-taken",
    level: Level::Error,
    check: Check::Service(check),
    source: include_str!("former_name_taken.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let live: BTreeSet<String> = subject.parts().collect();
    let mut claimed: BTreeMap<String, String> = BTreeMap::new();
    let mut found = Vec::new();
    for Claim { former, by, source } in claims(subject) {
        let finding = |message| Finding::new(&by, Place::Source(source.clone()), message);
        if live.contains(&former) {
            found.push(
                finding(format!(
                    "`{by}` was formerly `{former}`, which is still there"
                ))
                .note(format!("events of `{former}` are counted for that alone"))
                .help("take it out of `formerly`"),
            );
        } else if let Some(other) = claimed.get(&former) {
            found.push(
                finding(format!(
                    "`{other}` and `{by}` both were formerly `{former}`"
                ))
                .note(format!("its events are in the error budget of `{other}`"))
                .help("leave it with one of them"),
            );
        } else {
            claimed.insert(former, by.clone());
        }
    }
    found
}

/// Something that says what it was.
struct Claim<'a> {
    /// `journey` or `journey/endpoint`.
    former: String,
    by: String,
    source: &'a SourceRecord,
}

/// What journeys and endpoints of a service say, in the order in which budgets are given away.
fn claims<'a>(subject: &Subject<'a>) -> Vec<Claim<'a>> {
    let service = subject.service;
    let mut claims = Vec::new();
    for journey in &service.journeys {
        let journey = &journey.record;
        let formerly: BTreeSet<_> = journey.formerly.iter().collect();
        for endpoint in service.endpoints_of(&journey.name).take(1) {
            claims.extend(formerly.iter().map(|former| Claim {
                former: (*former).clone(),
                by: journey.name.clone(),
                source: &endpoint.source,
            }));
        }
        for endpoint in service.endpoints_of(&journey.name) {
            let formerly = former_names(endpoint).into_iter();
            claims.extend(formerly.map(|(former_journey, name)| Claim {
                former: format!("{former_journey}/{name}"),
                by: format!("{}/{}", journey.name, endpoint.name),
                source: &endpoint.source,
            }));
        }
    }
    claims
}
