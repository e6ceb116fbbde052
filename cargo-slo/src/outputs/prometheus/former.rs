//! What was counted before an SLO was renamed.
//!
//! A rename changes the labels of whatever a service exports and rules record. So that a budget goes
//! on, a window of an SLO is the sum of what is recorded under its name and under its former ones:
//!
//! - Counts stay apart. Under a former name, the rules that count stay as they were, with the
//!   marks they count up to: while a new version is deployed, old processes still export it, and
//!   no event is counted twice or lost.
//! - Only where counts are summed up over a window do they come together, so error ratios,
//!   alerts and the budget see all of them.
//! - One window after the last old process ended there is nothing left to add.

use super::{
    file::Rule,
    promql::{equals, indented, matches, selector},
};
use crate::{
    definition::{Identity, Slo},
    fleet::Fleet,
    text::promql::{quoted, regex_of},
};

/// An SLO that was another one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rename<'a> {
    former: &'a Identity,
    present: &'a Identity,
}

/// The renames of all SLOs.
pub(super) fn renames<'a>(fleet: &Fleet<'a>) -> Vec<Rename<'a>> {
    let slos = fleet.subjects.iter().flat_map(|s| &s.service.slos);
    let of_slo = |slo: &'a Slo| {
        slo.formerly.iter().map(|former| Rename {
            former,
            present: &slo.identity,
        })
    };
    slos.flat_map(of_slo).collect()
}

/// The SLO under each of its former names.
pub(super) fn slos(slo: &Slo) -> impl Iterator<Item = Slo> {
    slo.formerly.iter().map(|former| Slo {
        identity: former.clone(),
        formerly: Vec::new(),
        ..slo.clone()
    })
}

/// The matcher for what is recorded for an SLO under any of its names.
pub(super) fn matcher(slo: &Slo) -> String {
    let names = std::iter::once(&slo.identity).chain(&slo.formerly);
    let names: Vec<_> = names.map(|name| regex_of(&name.to_string())).collect();
    matches("slo", &names.join("|"))
}

/// The sum of the series of one SLO under all of its names. The rule that records it gives it
/// the labels of the present one.
pub(super) fn of_one(expr: &str) -> String {
    format!("sum without (slo, slo_journey, slo_endpoint) ({expr})")
}

/// The labels of an SLO that [`of_one`] leaves out, but for `slo`.
pub(super) fn label(rules: &mut [Rule], slo: &Slo) {
    if slo.formerly.is_empty() {
        return;
    }
    for rule in rules {
        rule.labels
            .push(("slo_journey", slo.identity.journey.clone()));
        let endpoint = slo.identity.endpoint.iter().cloned();
        rule.labels
            .extend(endpoint.map(|name| ("slo_endpoint", name)));
    }
}

/// The series of every SLO, and to those of each that was renamed what is found under its
/// former names. These stay what they are: old processes may be there, and come back.
pub(super) fn of_all(
    renames: &[Rename<'_>],
    metric: &str,
    more: &[String],
    expr: impl Fn(&str) -> String,
) -> String {
    let all = expr(&selector(metric, more));
    if renames.is_empty() {
        return all;
    }
    let former = renames.iter().map(|Rename { former, present }| {
        let mut matchers = vec![equals("slo", &former.to_string())];
        matchers.extend_from_slice(more);
        let labels = [
            ("slo_former", Some(former.to_string())),
            ("slo", Some(present.to_string())),
            ("slo_journey", Some(present.journey.clone())),
            ("slo_endpoint", present.endpoint.clone()),
        ];
        let labels = labels
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        labels.fold(expr(&selector(metric, &matchers)), |expr, (name, value)| {
            // An empty regular expression describes the value of a label that is not there.
            format!(
                "label_replace({expr}, {}, {}, \"\", \"\")",
                quoted(name),
                quoted(&literal(&value))
            )
        })
    });
    let both: Vec<_> = std::iter::once(all).chain(former).collect();
    format!(
        "sum without (slo_former) (\n{}\n)",
        indented(&both.join("\nor\n"))
    )
}

/// A text as a replacement, in which `$` stands for a group.
fn literal(text: &str) -> String {
    text.replace('$', "$$")
}
