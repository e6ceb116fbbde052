//! Records of one service that contradict each other.

use crate::{diagnostics::Diagnostic, input::Found};
use slo_model::record::SourceRecord;
use std::{fmt, path::Path};

/// Two records of one service that can't both be true.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Conflict {
    /// What they disagree about.
    pub about: Contested,
    /// The service.
    pub service: String,
    /// Both records.
    pub records: Box<[Found; 2]>,
}

/// What two records can disagree about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Contested {
    /// Two endpoints have the same name; rename one of them.
    Endpoint,
    /// Two journeys have the same name but different values; share one constant.
    Journey,
}

impl Conflict {
    /// Returns the conflict as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        let [a, b] = &*self.records;
        let error = Diagnostic::error(self.to_string()).at(&a.file);
        let (one, other) = (whereabouts(a, &b.file), whereabouts(b, &a.file));
        match self.about {
            Contested::Endpoint => error
                .with_note(format!("one is {one}"))
                .with_note(format!("the other is {other}"))
                .with_help(way_out(&a.record.source, &b.record.source)),
            Contested::Journey => error
                .with_note(format!("one is used by `{}`: {one}", a.record.name))
                .with_note(format!("the other by `{}`: {other}", b.record.name))
                .with_note(format!("they differ in {}", differences(a, b).join(", ")))
                .with_help("share one constant of the journey, or rename one of the journeys"),
        }
    }
}

/// How two endpoints of one name are told apart.
fn way_out(one: &SourceRecord, other: &SourceRecord) -> String {
    if one.package == other.package && one.version != other.version {
        format!(
            "two versions of `{}` are linked; `cargo tree -d` shows who wants which",
            one.package
        )
    } else if place(one) == place(other) && crate_of(one) != crate_of(other) {
        let (one, other) = (crate_of(one), crate_of(other));
        format!(
            "the file is compiled into the crates `{one}` and `{other}`: `use` what one of them has \
             instead of `mod`"
        )
    } else {
        "rename one of them: `#[slo(name = \"…\", …)]`".to_owned()
    }
}

fn place(source: &SourceRecord) -> (&str, &str, u32) {
    (&source.package, &source.file, source.line)
}

/// The name of the crate that it was compiled into.
fn crate_of(source: &SourceRecord) -> &str {
    let (first, _) = source
        .module
        .split_once("::")
        .unwrap_or((&source.module, ""));
    first
}

/// Where a record comes from, with its file where that is not the other's.
fn whereabouts(found: &Found, other: &Path) -> String {
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
        let record = &self.records[0].record;
        let (what, name) = match self.about {
            Contested::Endpoint => ("two endpoints", &record.name),
            Contested::Journey => ("two different journeys", &record.journey.name),
        };
        write!(f, "service `{}` has {what} called `{name}`", self.service)
    }
}

impl std::error::Error for Conflict {}

/// All conflicts that were found.
#[derive(Clone, Debug)]
pub struct Conflicts(pub(super) Vec<Conflict>);

impl Conflicts {
    /// Returns the conflicts, at least one.
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
