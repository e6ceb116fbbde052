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

/// So many days from today an override ends at the latest.
pub const LONGEST_DAYS: u64 = 31;

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
    /// The service whose deliveries pass; all by default.
    service: Option<Spanned<String>>,
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
        slo == named || service_of(slo) == named
    }

    /// Whether it lets pass what is delivered: of these services, or of that of the SLO where none
    /// is named.
    fn is_for(&self, slo: &str, delivered: &[String]) -> bool {
        match (&self.service, delivered) {
            (None, _) => true,
            (Some(service), []) => service_of(slo) == service.get_ref(),
            (Some(service), all) => all.iter().all(|one| one == service.get_ref()),
        }
    }
}

fn service_of(slo: &str) -> &str {
    slo.split_once('/').map_or(slo, |(service, _)| service)
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

    /// Returns the override that covers an SLO on a day, where these services are delivered.
    pub fn of(&self, slo: &str, delivered: &[String], today: Date) -> Option<&Override> {
        let mut overrides = self.overrides.iter();
        overrides.find(|candidate| {
            candidate.covers(slo) && candidate.is_for(slo, delivered) && today <= candidate.until
        })
    }

    /// Returns what is wrong with them, as errors: what they name does not exist, nobody says why, or
    /// they are to last longer than [`LONGEST_DAYS`]. What ended is told in a note.
    pub fn findings(&self, slos: &[String], today: Date) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for one in &self.overrides {
            let place = || self.file.location(one.slo.span());
            let name = one.slo.get_ref();
            if !slos.iter().any(|slo| one.covers(slo)) {
                let error =
                    Diagnostic::error(format!("no SLO `{name}` was read")).at_location(place());
                findings.push(match nearest(name, slos.iter().map(String::as_str)) {
                    Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
                    None => error.with_help("name a service, or an SLO as `service/journey.sli`"),
                });
            }
            if let Some(service) = &one.service
                && !slos.iter().any(|slo| service_of(slo) == service.get_ref())
            {
                findings.push(
                    Diagnostic::error(format!("no service `{}` was read", service.get_ref()))
                        .at_location(self.file.location(service.span()))
                        .with_help("name the service whose deliveries are to pass"),
                );
            }
            if today.later(LONGEST_DAYS) < one.until {
                findings.push(
                    Diagnostic::error(format!(
                        "an override ends within {LONGEST_DAYS} days, not on {}",
                        one.until
                    ))
                    .at_location(place())
                    .with_help("what is to hold for longer is another policy"),
                );
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
        assert!(one.of(slo, &[], day("2026-12-05")).is_some());
        assert!(one.of(slo, &[], day("2026-12-06")).is_none());
        assert!(
            one.of("orders/checkout.latency", &[], day("2026-12-01"))
                .is_none()
        );
        let all = overrides(&TEXT.replace("orders/checkout.availability", "orders"));
        assert!(
            all.of("orders/checkout.latency", &[], day("2026-12-01"))
                .is_some()
        );
        assert!(
            all.of("orders-eu/checkout.latency", &[], day("2026-12-01"))
                .is_none()
        );
        let told = one.of(slo, &[], day("2026-12-01")).unwrap().told();
        assert_eq!(
            told,
            "overridden by Mori until 2026-12-05: the export of the year"
        );
    }

    #[test]
    fn it_may_be_for_one_service_alone() {
        let one = overrides(&(TEXT.to_owned() + "service = \"payments\"\n"));
        let covers = |delivered: &[&str]| {
            let delivered: Vec<_> = delivered.iter().map(|&name| name.to_owned()).collect();
            let slo = "orders/checkout.availability";
            one.of(slo, &delivered, day("2026-12-01")).is_some()
        };
        assert!(covers(&["payments"]));
        for others in [&["orders"][..], &["payments", "orders"], &[]] {
            assert!(!covers(others), "{others:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        let slos = ["orders/checkout.availability".to_owned()];
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
        let foreign = found(&(TEXT.to_owned() + "service = \"mail\"\n"), "2026-12-05");
        assert!(matches!(&foreign[..], [(Level::Error, text)] if text.contains("service `mail`")));
        assert_eq!(found(TEXT, "2026-11-04"), []);
        let long = found(TEXT, "2026-11-03");
        assert!(matches!(&long[..], [(Level::Error, text)] if text.contains("within 31 days")));
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
