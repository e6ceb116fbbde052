//! What people said about a service that is not code, as far as outputs use it.

use crate::{
    definition::{Slo, value_hash},
    diagnostics::Diagnostic,
    input::{
        catalogue::{BurnRates, Catalogue},
        manifest::{Dependency, Kind, ManifestFile, PolicyLevel, Review, Then},
    },
};
use slo_model::{Window, burn_rate::Condition};
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// What `slo.toml` says about one service, put together with the catalogue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    burn_rates: Option<BurnRates>,
    /// By key, the same for every SLO.
    facts: Vec<(&'static str, String)>,
    owner: String,
    when_it_fails: BTreeMap<String, String>,
    dependencies: Vec<Dependency>,
    reviews: Vec<Review>,
}

impl Said {
    /// What a file says, by this catalogue.
    ///
    /// # Errors
    /// Where the file names a burn-rate setting that the catalogue does not have, and where two
    /// alerts of the setting could not be told apart: other alerts than were chosen would be
    /// worse than none.
    pub fn of(manifest: &ManifestFile, catalogue: &Catalogue) -> Result<Said, Box<Diagnostic>> {
        let facts = &manifest.facts;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let policy = facts.policy.as_ref().map(Spanned::get_ref);
        let levels = match policy.and_then(|name| catalogue.policies.get(name)) {
            Some(policy) if facts.budget_policy.is_empty() => &policy.level,
            _ => &facts.budget_policy,
        };
        let levels = levels.iter().map(level).collect::<Vec<_>>().join("; ");
        let policy = match (policy, levels) {
            (None, levels) => levels,
            (Some(name), levels) if levels.is_empty() => name.clone(),
            (Some(name), levels) => format!("{name}: {levels}"),
        };
        let tier = facts.tier.as_ref().map(|tier| tier.get_ref().clone());
        let said = facts.journey.iter().filter_map(|(name, journey)| {
            Some((name.get_ref().clone(), journey.when_it_fails.clone()?))
        });
        Ok(Said {
            burn_rates: chosen(manifest, catalogue)?,
            facts: vec![
                ("offers", text(&facts.description)),
                ("tier", tier.unwrap_or_default()),
                ("policy", policy),
            ],
            owner: text(&facts.owner),
            when_it_fails: said.collect(),
            dependencies: facts.dependency.clone(),
            reviews: facts.review.clone(),
        })
    }

    /// The conditions over a window, where a setting was chosen.
    pub(super) fn conditions(&self, window: Window) -> Option<Vec<Condition>> {
        Some(self.burn_rates.as_ref()?.conditions(window))
    }

    /// The team that answers for journeys which name none.
    pub(super) fn owner(&self) -> &str {
        &self.owner
    }

    /// What there is to say about an SLO, by key.
    pub(super) fn about(&self, slo: &Slo) -> Vec<(&'static str, String)> {
        let mut all = self.facts.clone();
        let when_it_fails = self.when_it_fails.get(&slo.identity.journey);
        all.push(("when-it-fails", when_it_fails.cloned().unwrap_or_default()));
        let used = self.dependencies.iter().filter(|one| is_used(one, slo));
        all.push((
            "dependencies",
            used.map(dependency).collect::<Vec<_>>().join("; "),
        ));
        let part = part(slo);
        let name = format!("{part}.{}", slo.identity.sli);
        let own = self
            .reviews
            .iter()
            .filter(|review| *review.slo.get_ref() == name);
        let hash = value_hash(slo);
        let own = own.map(|one| review(one, &hash));
        all.push(("reviews", own.collect::<Vec<_>>().join("; ")));
        all
    }
}

fn chosen(
    manifest: &ManifestFile,
    catalogue: &Catalogue,
) -> Result<Option<BurnRates>, Box<Diagnostic>> {
    let Some(name) = &manifest.facts.burn_rates else {
        return Ok(None);
    };
    let table = &catalogue.burn_rates;
    let Some(setting) = table.get(name.get_ref()) else {
        let error = Diagnostic::error(format!(
            "the burn-rate setting `{}` is not in the catalogue",
            name.get_ref()
        ))
        .at_location(manifest.location(name.span()));
        return Err(Box::new(match catalogue.folder {
            None => error.with_help("name the folder of the catalogue with `--catalog DIR`"),
            Some(_) => error.with_help("add it to `burn-rates.toml`, or choose another"),
        }));
    };
    let mut known = BTreeSet::new();
    for condition in &setting.condition {
        let one = condition.get_ref();
        let severity = slo_model::burn_rate::Severity::from(one.severity).as_str();
        if !known.insert((severity, one.long)) {
            let error = Diagnostic::error(format!(
                "two alerts of `{}` have the same severity and long window, and can't be told apart",
                name.get_ref()
            ));
            let error = match &table.file {
                Some(file) => error.at_location(file.location(condition.span())),
                None => error,
            };
            let error = error.with_help("leave out the one with the larger share of the budget");
            return Err(Box::new(error));
        }
    }
    Ok(Some(setting.clone()))
}

/// Whose events an SLO is about: `journey` or `journey/endpoint`.
fn part(slo: &Slo) -> String {
    match &slo.identity.endpoint {
        None => slo.identity.journey.clone(),
        Some(endpoint) => format!("{}/{endpoint}", slo.identity.journey),
    }
}

/// True where all that the SLO counts uses the dependency.
fn is_used(dependency: &Dependency, slo: &Slo) -> bool {
    let users = &dependency.used_by;
    let mut names = users.iter().map(Spanned::get_ref);
    users.is_empty() || names.any(|name| *name == slo.identity.journey || *name == part(slo))
}

fn level(level: &PolicyLevel) -> String {
    let left = level.left.get_ref().percent();
    let then = match level.then {
        Then::Nothing => None,
        Then::Review => Some("review"),
        Then::Freeze => Some("freeze"),
    };
    let text = level.text.as_deref();
    let what = match (then, text) {
        (Some(then), Some(text)) => format!("{then}, {text}"),
        (Some(then), None) => then.to_owned(),
        (None, text) => text.unwrap_or("nothing").to_owned(),
    };
    format!("at {left}% left {what}")
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
    use std::path::Path;

    fn said(text: &str) -> Result<Said, Box<Diagnostic>> {
        let manifest = ManifestFile::parse(Path::new("slo.toml"), text).unwrap();
        Said::of(&manifest, &Catalogue::default())
    }

    #[test]
    fn what_is_said_in_words() {
        let all = said(
            "tier = 'gold'\n[[budget-policy]]\nleft = '50%'\nthen = 'review'\ntext = 'who spends it?'\n\
             [[budget-policy]]\nleft = '0%'\nthen = 'freeze'\n",
        );
        let facts = all.unwrap().facts;
        assert_eq!(facts[1], ("tier", "gold".to_owned()));
        let policy = "at 50% left review, who spends it?; at 0% left freeze";
        assert_eq!(facts[2], ("policy", policy.to_owned()));
        assert_eq!(said("policy = 'standard'").unwrap().facts[2].1, "standard");
    }

    #[test]
    fn a_setting_that_is_not_there_is_no_other() {
        let error = said("burn-rates = 'slow'").unwrap_err();
        assert_eq!(error.location.unwrap().line, Some(1));
        assert!(error.help[0].contains("`--catalog DIR`"));
    }
}
