//! What `slo.toml` says about an SLO, in words.

use crate::{
    definition::{Slo, value_hash},
    fleet::{Subject, dependencies::is_used_by, reviews::last_words},
    input::{
        manifest::{Dependency, Kind, Manifest, PolicyLevel, Review, Then, UnspentBudget},
        values::Localized,
    },
};

/// Returns what a file says, by key.
pub(super) fn facts(
    subject: &Subject<'_>,
    said: &Manifest,
    slo: &Slo,
) -> [(&'static str, String); 6] {
    let identity = &slo.identity;
    let tier = said.tier.as_ref().map(|tier| tier.get_ref().clone());
    let mut journeys = said.journey.iter();
    let journey = journeys.find(|(name, _)| *name.get_ref() == identity.journey);
    let when_it_fails = journey.and_then(|(_, journey)| journey.when_it_fails.as_ref());
    let dependencies = said.dependency.iter();
    let dependencies = dependencies.filter(|dependency| is_used_by(dependency, slo));
    let hash = value_hash(slo);
    let reviews = last_words(&said.review, &identity.name_in_service()).into_iter();
    [
        ("offers", text(said.description.as_ref())),
        ("tier", tier.unwrap_or_default()),
        ("policy", policy(subject, &identity.journey)),
        ("when-it-fails", text(when_it_fails)),
        ("dependencies", listed(dependencies.map(dependency))),
        ("reviews", listed(reviews.map(|one| review(one, &hash)))),
    ]
}

/// A text, where there is one.
fn text(text: Option<&Localized>) -> String {
    text.map_or_else(String::new, |text| text.text().to_owned())
}

fn listed(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join("; ")
}

/// The name of a policy, and what happens at which level.
fn policy(subject: &Subject<'_>, journey: &str) -> String {
    let policy = subject.policy_of(journey);
    let levels = policy.levels().into_iter().map(level);
    let levels = listed(levels.chain(subject.unspent().map(unspent)));
    match (policy.name(), levels) {
        (None, levels) => levels,
        (Some(name), levels) if levels.is_empty() => name.to_owned(),
        (Some(name), levels) => format!("{name}: {levels}"),
    }
}

fn level(level: &PolicyLevel) -> String {
    let left = level.left.get_ref().percent();
    let then = match level.then {
        Then::Nothing => None,
        Then::Review => Some("review"),
        Then::Freeze if level.blocks_participants() => Some("freeze, also of participants"),
        Then::Freeze => Some("freeze"),
    };
    let text = level.text.as_ref().map(Localized::text);
    let what = match (then, text) {
        (Some(then), Some(text)) => format!("{then}, {text}"),
        (Some(then), None) => then.to_owned(),
        (None, text) => text.unwrap_or("nothing").to_owned(),
    };
    format!("at {left}% left {what}")
}

fn unspent(unspent: &UnspentBudget) -> String {
    let text = unspent.text.as_ref();
    format!(
        "at {} or more left in {} windows {}{}",
        unspent.left(),
        unspent.windows(),
        unspent.then.as_str(),
        text.map_or(String::new(), |text| format!(", {}", text.text()))
    )
}

fn dependency(one: &Dependency) -> String {
    let kind = match one.kind.get_ref() {
        Kind::Hard => "hard",
        Kind::Soft => "soft",
    };
    let mut text = one.service.get_ref().clone();
    if let Some(journey) = &one.journey {
        text += &format!("/{}", journey.get_ref());
    }
    text += &format!(" ({kind}");
    if let Some(mitigation) = &one.mitigation {
        text += &format!(": {mitigation}");
    }
    text + ")"
}

fn review(review: &Review, hash: &str) -> String {
    let void = match review.of.get_ref() == hash {
        true => "",
        false => ", for a value it no longer has",
    };
    format!(
        "{} by {} on {}{void}",
        review.verdict.as_str(),
        review.by,
        review.date
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        definition::{Definition, Identity, Service, Sli},
        fleet::Fleet,
        input::{catalogue::Catalogue, manifest::ManifestFile, values::Date},
    };
    use slo_model::{Target, Window};
    use std::path::Path;

    fn slo() -> Slo {
        Slo {
            identity: Identity {
                service: "orders".into(),
                journey: "checkout".into(),
                endpoint: None,
                sli: "availability".into(),
            },
            sli: Sli::Availability,
            target: Target::from_percent(99.9),
            window: Window::DEFAULT,
            owner: String::new(),
            runbook: String::new(),
            formerly: Vec::new(),
            sources: Vec::new(),
        }
    }

    fn said(text: &str) -> [(&'static str, String); 6] {
        let definition = Definition {
            services: vec![Service {
                name: "orders".into(),
                sdk: None,
                files: Vec::new(),
                packages: Vec::new(),
                declared: None,
                exported: None,
                journeys: Vec::new(),
                endpoints: Vec::new(),
                slos: vec![slo()],
            }],
        };
        let manifests = [ManifestFile::parse(Path::new("slo.toml"), text).unwrap()];
        let others = Definition::default();
        let catalogue = Catalogue::NONE;
        let fleet = Fleet::new(&definition, &manifests, catalogue, &others, Date::EPOCH).unwrap();
        facts(&fleet.subjects[0], &manifests[0].facts, &slo())
    }

    #[test]
    fn what_is_said_in_words() {
        let facts = said(
            "tier = 'gold'\n[[budget-policy]]\nleft = '0%'\nthen = 'freeze'\n\
             [[budget-policy]]\nleft = '50%'\nthen = 'review'\ntext = 'who spends it?'\n",
        );
        assert_eq!(facts[1], ("tier", "gold".to_owned()));
        let policy = "at 50% left review, who spends it?; at 0% left freeze";
        assert_eq!(facts[2], ("policy", policy.to_owned()));
        assert_eq!(said("policy = 'standard'")[2].1, "standard");
    }

    #[test]
    fn of_reviews_the_last_of_each_kind_counts() {
        let review = |by: &str, date: &str, of: &str| {
            format!(
                "[[review]]\nslo = 'checkout.availability'\nverdict = 'achievable'\nby = '{by}'\n\
                 date = '{date}'\nof = '{of}'\n"
            )
        };
        let hash = value_hash(&slo());
        let both = [
            review("ann", "2025-01-01", "0000000000000000"),
            review("ben", "2026-01-01", &hash),
        ];
        let facts = said(&both.concat());
        assert_eq!(facts[5].1, "achievable by ben on 2026-01-01");
        let void = review("ann", "2025-01-01", "0000000000000000");
        let said = "achievable by ann on 2025-01-01, for a value it no longer has";
        assert_eq!(self::said(&void)[5].1, said);
    }
}
