//! The command.

use super::{
    fix::Fix,
    history_options::HistoryOptions,
    measure,
    report::{self, Format},
};
use crate::{
    cli::{
        Exit,
        coverage::OfferedBy,
        failure::Failure,
        manifest_options::{Known, ManifestOptions, tell_unknown},
        sources::Sources,
        unread::Unread,
    },
    definition::Definition,
    diagnostics::{Diagnostic, Level},
    fleet::Fleet,
    input::{RustSource, history::History, values::Date},
    rules::{self, Levels},
    text::numbers::counted,
};
use clap::Args;
use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// Check SLOs as a reviewer would
///
/// Exits with 0 where nothing is wrong, with 1 where an error or a warning was found, and with 2
/// where it could not check. Notes are shown and change nothing.
#[derive(Debug, Args)]
pub(in crate::cli) struct Check {
    /// How to write the findings
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Show all rules instead of checking
    #[arg(long)]
    list: bool,
    /// Findings of this rule are errors; `warnings` makes all warnings errors
    #[arg(short = 'D', long, value_name = "RULE")]
    deny: Vec<String>,
    /// Findings of this rule are warnings
    #[arg(short = 'W', long, value_name = "RULE")]
    warn: Vec<String>,
    /// Findings of this rule are not reported
    #[arg(short = 'A', long, value_name = "RULE")]
    allow: Vec<String>,
    /// The day reviews are judged at [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
    /// Programs, `*.slo.json` files, folders that hold these, and patterns to read instead of
    /// building
    #[arg(value_name = "FILE", conflicts_with = "cargo-options")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    sources: Sources,
    #[command(flatten)]
    facts: ManifestOptions,
    #[command(flatten)]
    history_options: HistoryOptions,
    #[command(flatten)]
    offered_by: OfferedBy,
    #[command(flatten)]
    fix: Fix,
}

impl Check {
    pub(in crate::cli) fn run(
        &self,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<Exit, Failure> {
        // Before anything is built: a misspelt name should not cost a build.
        let levels = Levels::new(&self.deny, &self.warn, &self.allow)
            .map_err(|error| Failure::from(error.diagnostic()))?;
        if self.list {
            report::list(out, &levels)?;
            return Ok(Exit::Clean);
        }
        let mut unread = self.sources.unread();
        let known = self.facts.read(&mut unread, err)?;
        let definition = self.sources.definition(&self.files, &mut unread, err)?;
        let history = self.history_options.read(&definition, err)?;
        let read = Read {
            definition: &definition,
            history: history.as_ref(),
            levels: &levels,
        };
        let exit = match self.checked(&read, known, true, &mut unread, out, err)? {
            Some(exit) => exit,
            // Files changed: what they say now is read again.
            None => {
                let known = self.facts.read(&mut unread, err)?;
                let left = self.checked(&read, known, false, &mut unread, out, err)?;
                left.unwrap_or(Exit::Clean)
            }
        };
        unread.exit(exit, err)
    }

    /// Checks what is known, and reports; `None` if advice was followed instead, which it may be where
    /// `may_fix` says so.
    fn checked(
        &self,
        read: &Read<'_>,
        mut known: Known,
        may_fix: bool,
        unread: &mut Unread,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<Option<Exit>, Failure> {
        let Read {
            definition,
            history,
            levels,
        } = *read;
        known.of_packages(definition, unread, err)?;
        let apis = self.offered_by.read(definition, &known, unread, err)?;
        let today = self.today.unwrap_or_else(Date::today);
        let fleet = known
            .fleet(definition, today)?
            .with_history(history)
            .offering(apis);
        tell_unknown(&fleet, err)?;
        if let Some(history) = history {
            self.history_options.tell(history, definition, today, err)?;
        }
        let folder = std::env::current_dir().unwrap_or_else(|_| Path::new(".").to_owned());
        let found = rules::check(&fleet, levels, &mut RustSource::below(&folder));
        if may_fix && self.fix.run(&found, err)? {
            return Ok(None);
        }
        report::write(out, self.format, &found, levels)?;
        out.flush()?;
        writeln!(err, "{}", summary(&found, &fleet))?;
        measure::tell(err, &fleet)?;
        let is_clean = found.iter().all(|finding| finding.level == Level::Note);
        Ok(Some(match is_clean {
            true => Exit::Clean,
            false => Exit::Findings,
        }))
    }
}

/// What is read once.
struct Read<'a> {
    definition: &'a Definition,
    history: Option<&'a History>,
    levels: &'a Levels,
}

fn summary(found: &[Diagnostic], fleet: &Fleet<'_>) -> String {
    let count = |n: usize, noun| counted(u64::try_from(n).unwrap_or(u64::MAX), noun);
    let of = |level| {
        found
            .iter()
            .filter(|finding| finding.level == level)
            .count()
    };
    let slos = fleet.subjects.iter().map(|s| s.service.slos.len()).sum();
    format!(
        "checked {} of {}: {}, {}, {}",
        count(slos, "SLO"),
        count(fleet.subjects.len(), "service"),
        count(of(Level::Error), "error"),
        count(of(Level::Warning), "warning"),
        count(of(Level::Note), "note"),
    )
}
