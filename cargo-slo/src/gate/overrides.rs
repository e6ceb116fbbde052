//! What is delivered although a budget is spent: said by somebody, for a while, in a file in git.

use crate::{
    diagnostics::{Diagnostic, nearest},
    input::{
        NamedBy, TextFile,
        toml_file::{self, TomlError},
        values::Date,
    },
};
use serde::Deserialize;
use std::path::Path;
use toml::Spanned;

/// A file of overrides.
#[derive(Clone, Debug)]
pub struct Overrides {
    file: TextFile,
    overrides: Vec<Override>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    #[serde(default, rename = "override")]
    overrides: Vec<Override>,
}

/// One override.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Override {
    /// The SLO as `service/journey.sli` or `service/journey/endpoint.sli`; a service for all of its
    /// SLOs.
    slo: Spanned<String>,
    /// The last day it counts, in UTC.
    until: Date,
    /// Why.
    because: String,
    /// Who says so.
    by: String,
}

impl Override {
    /// Returns it in a sentence.
    pub fn told(&self) -> String {
        format!(
            "overridden by {} until {}: {}",
            self.by, self.until, self.because
        )
    }

    fn covers(&self, slo: &str) -> bool {
        let named = self.slo.get_ref();
        slo == named || slo.split('/').next() == Some(named)
    }
}

impl Overrides {
    /// Reads a file.
    ///
    /// # Errors
    /// As [`toml_file::read`].
    pub fn read(path: &Path) -> Result<Overrides, TomlError> {
        let (file, content) = toml_file::read::<Content>(path, NamedBy::Person)?;
        Ok(Overrides {
            file,
            overrides: content.overrides,
        })
    }

    /// Returns the override that covers an SLO on a day.
    pub fn of(&self, slo: &str, today: Date) -> Option<&Override> {
        let mut overrides = self.overrides.iter();
        overrides.find(|candidate| candidate.covers(slo) && today <= candidate.until)
    }

    /// Returns what is wrong with them, as errors: what they name does not exist, or nobody says why.
    /// What ended is told in a note.
    pub fn findings(&self, slos: &[&str], today: Date) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for one in &self.overrides {
            let place = || self.file.location(one.slo.span());
            let name = one.slo.get_ref();
            if !slos.iter().any(|slo| one.covers(slo)) {
                let error =
                    Diagnostic::error(format!("no SLO `{name}` was read")).at_location(place());
                findings.push(match nearest(name, slos.iter().copied()) {
                    Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
                    None => error.with_help("name a service, or an SLO as `service/journey.sli`"),
                });
            }
            if one.because.trim().is_empty() || one.by.trim().is_empty() {
                findings.push(
                    Diagnostic::error("an override says who wants it and why")
                        .at_location(place())
                        .with_help("fill in `because` and `by`"),
                );
            }
            if one.until < today {
                findings.push(
                    Diagnostic::note(format!("this override ended on {}", one.until))
                        .at_location(place())
                        .with_help("remove it"),
                );
            }
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Level;

    const TEXT: &str = "[[override]]\nslo = \"orders/checkout.availability\"\nuntil = \"2026-12-05\"\n\
                        because = \"the export of the year\"\nby = \"Mori\"\n";

    fn overrides(text: &str) -> Overrides {
        let (file, content) = toml_file::parse::<Content>(Path::new("o.toml"), text).unwrap();
        Overrides {
            file,
            overrides: content.overrides,
        }
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn it_covers_what_it_names_until_its_last_day() {
        let one = overrides(TEXT);
        let slo = "orders/checkout.availability";
        assert!(one.of(slo, day("2026-12-05")).is_some());
        assert!(one.of(slo, day("2026-12-06")).is_none());
        assert!(
            one.of("orders/checkout.latency", day("2026-12-01"))
                .is_none()
        );
        let all = overrides(&TEXT.replace("orders/checkout.availability", "orders"));
        assert!(
            all.of("orders/checkout.latency", day("2026-12-01"))
                .is_some()
        );
        assert!(
            all.of("orders-eu/checkout.latency", day("2026-12-01"))
                .is_none()
        );
        let told = one.of(slo, day("2026-12-01")).unwrap().told();
        assert_eq!(
            told,
            "overridden by Mori until 2026-12-05: the export of the year"
        );
    }

    #[test]
    fn what_is_wrong_is_told() {
        let slos = ["orders/checkout.availability"];
        let found = |text: &str, today| {
            let findings = overrides(text).findings(&slos, day(today));
            findings
                .into_iter()
                .map(|found| (found.level, found.message))
                .collect::<Vec<_>>()
        };
        assert_eq!(found(TEXT, "2026-12-05"), []);
        let misspelt = found(&TEXT.replace("checkout", "chekout"), "2026-12-05");
        assert!(matches!(&misspelt[..], [(Level::Error, text)] if text.contains("chekout")));
        let unsaid = found(&TEXT.replace("Mori", " "), "2026-12-05");
        assert!(matches!(&unsaid[..], [(Level::Error, text)] if text.contains("who wants it")));
        let ended = found(TEXT, "2026-12-06");
        assert!(
            matches!(&ended[..], [(Level::Note, text)] if text.contains("ended on 2026-12-05"))
        );
        for text in [
            "[[override]]\nslo = \"a\"\n",
            "overide = 1",
            "[[override]]\nslo = \"a\"\nuntil = \"soon\"\nbecause = \"\"\nby = \"\"\n",
        ] {
            assert!(
                toml_file::parse::<Content>(Path::new("o.toml"), text).is_err(),
                "{text}"
            );
        }
    }
}
