//! The exported file of a service, `<service>.slo.json`.

use super::{File, GENERATOR};
use crate::{
    diagnostics::Diagnostic,
    fleet::{Fleet, Subject},
    input::export_file::{Build, Content, text},
};

/// What is exported of a service.
#[derive(Clone, Debug, Default)]
pub struct Export {
    /// What was built; that of the export that a service was read from, where nothing is said.
    pub build: Build,
    /// Leaves out what events are worth.
    pub is_public: bool,
}

/// Returns an error for a file that holds an address with a password: whoever gets the file would
/// have it.
pub fn refusal(file: &File) -> Option<Diagnostic> {
    holds_password(&file.content).then(|| {
        Diagnostic::error(format!("{} would hold an address with a password", file.name))
            .with_note("it stands in an annotation, in `slo.toml` or in the catalogue: `https://NAME:PASSWORD@…`")
            .with_help("write the address without it")
    })
}

/// True for a text with `://`, a name, a colon, a password and `@` in one word.
fn holds_password(text: &str) -> bool {
    text.split("://").skip(1).any(|rest| {
        let is_end = |c: char| c.is_whitespace() || "/\"?#<>`|".contains(c);
        let host = rest.split(is_end).next().unwrap_or_default();
        host.rsplit_once('@')
            .is_some_and(|(user, _)| user.contains(':'))
    })
}

impl Export {
    /// Returns the exported file of a service: all that is known of it.
    pub fn file(&self, fleet: &Fleet<'_>, subject: &Subject<'_>) -> File {
        let service = subject.service;
        let exported = service.exported.as_deref();
        let build = match exported {
            Some(exported) if self.build.is_unknown() => &exported.build,
            _ => &self.build,
        };
        let catalogue = subject.catalogue;
        let content = text(&Content {
            generator: GENERATOR,
            service: &service.name,
            build,
            sdk: service.sdk.as_deref(),
            declared: service.declared.as_ref(),
            records: &service.endpoints,
            manifest: subject.manifest,
            has_facts: subject.is_known(),
            catalogue: catalogue.folder.as_ref().map(|_| catalogue),
            api: fleet.api(&service.name),
            has_money: !self.is_public && subject.is_worth_known(),
        });
        File {
            name: format!("{}.slo.json", service.name),
            content,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_of_addresses_are_seen() {
        for text in [
            "\"https://me:secret@host/page\"",
            "see http://a:b@c",
            "a://b, c://:d@e",
        ] {
            assert!(holds_password(text), "{text}");
        }
        for text in [
            "https://host:8080/a@b",
            "https://me@host",
            "a: b@c",
            "https://a/?x=b:c@d",
            "https://a and b:c@d",
        ] {
            assert!(!holds_password(text), "{text}");
        }
    }
}
