//! Records of one service that contradict each other.

use crate::{diagnostics::Diagnostic, input::Found};
use std::fmt;

/// Two records of one service that can't both be true.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Conflict {
    /// Two endpoints have the same name; rename one of them.
    Endpoint {
        /// The service.
        service: String,
        /// Both records.
        records: Box<[Found; 2]>,
    },
    /// Two journeys have the same name but different values; share one constant.
    Journey {
        /// The service.
        service: String,
        /// A record with each of them.
        records: Box<[Found; 2]>,
    },
}

impl Conflict {
    /// The conflict as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            Conflict::Endpoint { service, records } => {
                let [a, b] = &**records;
                let name = &a.record.name;
                let error = Diagnostic::error(format!(
                    "service `{service}` has two endpoints called `{name}`"
                ))
                .at(&a.file)
                .with_note(format!("one is {}", whereabouts(a, &b.file)))
                .with_note(format!("the other is {}", whereabouts(b, &a.file)));
                let (one, other) = (&a.record.source, &b.record.source);
                if one.package == other.package && one.version != other.version {
                    error.with_help(format!(
                        "two versions of `{}` are linked; `cargo tree -d` shows who wants which",
                        one.package
                    ))
                } else {
                    error.with_help("rename one of them: `#[slo(name = \"…\", …)]`")
                }
            }
            Conflict::Journey { service, records } => {
                let [a, b] = &**records;
                let name = &a.record.journey.name;
                Diagnostic::error(format!(
                    "service `{service}` has two different journeys called `{name}`"
                ))
                .at(&a.file)
                .with_note(format!(
                    "one is used by `{}`: {}",
                    a.record.name,
                    whereabouts(a, &b.file)
                ))
                .with_note(format!(
                    "the other by `{}`: {}",
                    b.record.name,
                    whereabouts(b, &a.file)
                ))
                .with_note(format!("they differ in {}", differences(a, b).join(", ")))
                .with_help("share one constant of the journey, or rename one of the journeys")
            }
        }
    }
}

/// Where a record comes from, with its file where that is not the other's.
fn whereabouts(found: &Found, other: &std::path::Path) -> String {
    let source = &found.record.source;
    let mut text = format!(
        "{}@{} {}::{} at {}:{}",
        source.package, source.version, source.module, source.function, source.file, source.line
    );
    if **found.file != *other {
        text += &format!(", in {}", found.file.display());
    }
    text
}

fn differences(a: &Found, b: &Found) -> Vec<&'static str> {
    let (a, b) = (&a.record.journey, &b.record.journey);
    let fields = [
        ("the title", a.title != b.title),
        ("the user", a.user != b.user),
        ("the owner", a.owner != b.owner),
        ("the description", a.description != b.description),
        ("the runbook", a.runbook != b.runbook),
        ("the objectives", a.objectives != b.objectives),
    ];
    let differing: Vec<_> = fields
        .iter()
        .filter(|(_, d)| *d)
        .map(|(what, _)| *what)
        .collect();
    match differing.is_empty() {
        // Only a file edited by hand can say this.
        true => vec!["the hash"],
        false => differing,
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic().message)
    }
}

impl std::error::Error for Conflict {}

/// All conflicts that were found.
#[derive(Clone, Debug)]
pub struct Conflicts(pub(super) Vec<Conflict>);

impl Conflicts {
    /// The conflicts, at least one.
    pub fn conflicts(&self) -> &[Conflict] {
        &self.0
    }
}

impl fmt::Display for Conflicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let messages: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&messages.join("\n"))
    }
}

impl std::error::Error for Conflicts {}
