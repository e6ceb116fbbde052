//! How bad findings are taken to be.

use super::{Rule, all, find};
use crate::diagnostics::{Diagnostic, Level, nearest};
use std::collections::HashMap;

/// What the command line says about rules: `-D`, `-W` and `-A`.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    /// By name; nothing for what is not reported.
    chosen: HashMap<&'static str, Option<Level>>,
    warnings_are_errors: bool,
}

/// Why the words on the command line can't be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LevelsError {
    /// There is no rule of this name.
    NoSuchRule(String),
    /// A rule is given two levels; leave one of them out.
    Twice(String),
}

impl LevelsError {
    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            LevelsError::NoSuchRule(name) => {
                let error = Diagnostic::error(format!("there is no rule called `{name}`"));
                let error = match nearest(name, all().iter().map(|rule| rule.name)) {
                    Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
                    None => error,
                };
                error.with_help("`cargo slo check --list` shows all rules")
            }
            LevelsError::Twice(name) => {
                Diagnostic::error(format!("the rule `{name}` is given two levels"))
                    .with_help("name it after one of `-D`, `-W` and `-A`")
            }
        }
    }
}

impl Levels {
    /// Rules that are errors, warnings, and not reported. `warnings` among the errors makes all
    /// warnings errors.
    ///
    /// # Errors
    /// If a name is not rule's, or if a rule has two levels.
    pub fn new(deny: &[String], warn: &[String], allow: &[String]) -> Result<Levels, LevelsError> {
        let mut levels = Levels::default();
        let named = deny.iter().map(|name| (name, Some(Level::Error)));
        let named = named.chain(warn.iter().map(|name| (name, Some(Level::Warning))));
        for (name, level) in named.chain(allow.iter().map(|name| (name, None))) {
            if name == "warnings" && level == Some(Level::Error) {
                levels.warnings_are_errors = true;
                continue;
            }
            let rule = find(name).ok_or_else(|| LevelsError::NoSuchRule(name.clone()))?;
            let before = levels.chosen.insert(rule.name, level);
            if before.is_some_and(|before| before != level) {
                return Err(LevelsError::Twice(name.clone()));
            }
        }
        Ok(levels)
    }

    /// Returns how bad the findings of a rule are; `None` if they are not reported.
    pub fn level(&self, rule: &Rule) -> Option<Level> {
        match self.chosen.get(rule.name) {
            Some(chosen) => *chosen,
            None if self.warnings_are_errors && rule.level == Level::Warning => Some(Level::Error),
            None => Some(rule.level),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_decides() {
        let names = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let rule = |name| find(name).unwrap();
        let levels = Levels::new(
            &names(&["warnings"]),
            &names(&["few-events"]),
            &names(&["off-tier"]),
        );
        let levels = levels.unwrap();
        assert_eq!(levels.level(rule("few-events")), Some(Level::Warning));
        assert_eq!(levels.level(rule("off-tier")), None);
        assert_eq!(levels.level(rule("no-budget-policy")), Some(Level::Error));
        assert_eq!(
            levels.level(rule("journey-of-one-endpoint")),
            Some(Level::Note)
        );
        let error = Levels::new(&names(&["few-event"]), &[], &[]).unwrap_err();
        assert_eq!(error.diagnostic().help[0], "did you mean `few-events`?");
        let both = Levels::new(&names(&["off-tier"]), &[], &names(&["off-tier"]));
        assert_eq!(both.unwrap_err(), LevelsError::Twice("off-tier".into()));
    }
}
