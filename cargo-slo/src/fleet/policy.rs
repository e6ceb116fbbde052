//! The error budget policy of a service: its own, or one of the catalogue.

use super::Subject;
use crate::input::{
    catalogue::{Catalogue, Policy},
    manifest::{Manifest, PolicyLevel, UnspentBudget},
};
use std::cmp::Ordering;

/// What is decided about the error budget of a service.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum BudgetPolicy<'a> {
    /// Nothing.
    #[default]
    None,
    /// Levels that stand in its `slo.toml`; they go before a name.
    Own(&'a Manifest),
    /// The policy of the catalogue that it names.
    Named(&'a str, &'a Policy),
    /// A policy by a name that the catalogue does not have.
    Unknown(&'a str),
}

impl<'a> BudgetPolicy<'a> {
    /// The policy of a service.
    pub(crate) fn resolve(
        facts: Option<&'a Manifest>,
        catalogue: &'a Catalogue,
    ) -> BudgetPolicy<'a> {
        let Some(facts) = facts else {
            return BudgetPolicy::None;
        };
        if !facts.budget_policy.is_empty() {
            return BudgetPolicy::Own(facts);
        }
        let Some(name) = facts.policy.as_ref().map(|name| name.get_ref().as_str()) else {
            return BudgetPolicy::None;
        };
        BudgetPolicy::named(name, catalogue)
    }

    fn named(name: &'a str, catalogue: &'a Catalogue) -> BudgetPolicy<'a> {
        match catalogue.policies.get(name) {
            Some(policy) => BudgetPolicy::Named(name, policy),
            None => BudgetPolicy::Unknown(name),
        }
    }

    /// Returns its name in the catalogue, where it has one.
    pub fn name(self) -> Option<&'a str> {
        match self {
            BudgetPolicy::Named(name, _) | BudgetPolicy::Unknown(name) => Some(name),
            BudgetPolicy::None | BudgetPolicy::Own(_) => None,
        }
    }

    /// Returns what happens at which level of the budget, from all of it to none.
    pub fn levels(self) -> Vec<&'a PolicyLevel> {
        let levels = match self {
            BudgetPolicy::Own(facts) => &facts.budget_policy[..],
            BudgetPolicy::Named(_, policy) => &policy.level,
            BudgetPolicy::None | BudgetPolicy::Unknown(_) => &[],
        };
        let mut levels: Vec<_> = levels.iter().collect();
        levels.sort_by(|one, other| {
            let (one, other) = (one.left.get_ref().percent(), other.left.get_ref().percent());
            match (one.is_less_than(other), other.is_less_than(one)) {
                (true, _) => Ordering::Greater,
                (_, true) => Ordering::Less,
                _ => Ordering::Equal,
            }
        });
        levels
    }
}

impl<'a> Subject<'a> {
    /// Returns the policy of the SLOs of a journey: the one that it names, else that of the service.
    pub fn policy_of(&self, journey: &str) -> BudgetPolicy<'a> {
        let facts = self.facts().and_then(|facts| facts.journey(journey));
        match facts.and_then(|facts| facts.policy.as_ref()) {
            Some(name) => BudgetPolicy::named(name.get_ref(), self.catalogue),
            None => self.policy,
        }
    }

    /// What happens when too much of a budget is left: as its `slo.toml` says, else its policy.
    pub(crate) fn unspent(&self) -> Option<&'a UnspentBudget> {
        let own = self.facts().and_then(|facts| facts.unspent_budget.as_ref());
        own.or(match self.policy {
            BudgetPolicy::Named(_, policy) => policy.unspent.as_ref(),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{catalogue::Table, manifest::ManifestFile};
    use std::path::Path;

    #[test]
    fn its_own_goes_before_one_of_the_catalogue() {
        let policies = "[standard]\nlevel = [{ left = \"0%\", then = \"freeze\" }]\n";
        let catalogue = Catalogue {
            policies: Table {
                file: None,
                entries: toml::from_str(policies).unwrap(),
            },
            ..Catalogue::default()
        };
        let levels = |facts: &str| {
            let manifest = ManifestFile::parse(Path::new("slo.toml"), facts).unwrap();
            let policy = BudgetPolicy::resolve(Some(&manifest.facts), &catalogue);
            let levels = policy.levels().into_iter();
            let left: Vec<_> = levels
                .map(|l| l.left.get_ref().percent().to_string())
                .collect();
            (left, matches!(policy, BudgetPolicy::Unknown("other")))
        };
        assert_eq!(levels(""), (vec![], false));
        assert_eq!(levels("policy = \"other\""), (vec![], true));
        assert_eq!(
            levels("policy = \"standard\""),
            (vec!["0".to_owned()], false)
        );
        let own = "policy = \"standard\"\n\
                   [[budget-policy]]\nleft = \"0.05%\"\nthen = \"freeze\"\n\
                   [[budget-policy]]\nleft = \"50%\"\nthen = \"review\"\n";
        assert_eq!(levels(own).0, ["50", "0.05"]);
    }
}
