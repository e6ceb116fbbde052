//! The command.

use super::{
    StoreOptions, explained, human, markdown,
    pipeline::{PipelineOptions, Written},
    watch::{Shown, watch},
};
use crate::{
    cli::{
        Exit,
        columns::columns,
        failure::Failure,
        manifest_options::{ManifestOptions, tell_unknown},
        may_close::MayClose,
        sources::Sources,
        use_of_outputs::SpellingOptions,
    },
    diagnostics::{Diagnostic, human as human_text, nearest},
    input::values::{Date, Length},
    status::report::{Report, State},
    text::{json, visible},
};
use clap::{Args, ValueEnum};
use std::{io::Write, path::PathBuf};

/// Show what is left of error budgets now
///
/// Asks the store in which the rules of `cargo slo generate prometheus` record. Exits with 0 where
/// every SLO has budget left, with 1 where one has none, and with 2 where that of one is not known.
#[derive(Debug, Args)]
pub(in crate::cli) struct Status {
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Show how the numbers of one SLO come about, and who spent its budget: questions, ends of windows,
    /// counts and formulas; episodes by endpoint, result, consumer, instance and dependency
    #[arg(long, value_name = "SLO")]
    explain: Option<String>,
    /// List every SLO, those too that nobody has to look at, however many there are
    #[arg(long)]
    all: bool,
    /// Ask again and again, once in this time, and show the last answer with its age while the store is
    /// away; without a terminal, a line each
    #[arg(
        long,
        value_name = "DURATION",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "60s",
        conflicts_with_all = ["explain", "at", "all"]
    )]
    watch: Option<Length>,
    /// Programs, `*.slo.json` files, folders that hold these, and patterns to read instead of
    /// building
    #[arg(value_name = "FILE", conflicts_with = "cargo-options")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    sources: Sources,
    #[command(flatten)]
    facts: ManifestOptions,
    #[command(flatten)]
    store: StoreOptions,
    #[command(flatten)]
    way: PipelineOptions,
    #[command(flatten)]
    spelling: SpellingOptions,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// Tables for people
    #[default]
    Human,
    /// JSON for programs
    Json,
    /// A table for chats and pull requests
    Markdown,
}

impl Status {
    pub(in crate::cli) fn run(
        &self,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<Exit, Failure> {
        if self.way.pipeline {
            return self.check_pipeline(out, err);
        }
        if let Some(option) = self.spelling.given() {
            return Err(only_of_the_pipeline(option).into());
        }
        let prometheus = self.store.prometheus()?;
        let mut unread = self.sources.unread();
        let mut known = self.facts.read(&mut unread, err)?;
        let definition = self.sources.definition(&self.files, &mut unread, err)?;
        known.of_packages(&definition, &mut unread, err)?;
        let fleet = known.fleet(&definition, Date::today())?;
        tell_unknown(&fleet, err)?;
        if let Some(every) = self.watch {
            let shown = match self.format {
                Format::Human => Shown::Human,
                Format::Json => Shown::Json,
                Format::Markdown => return Err(not_drawn().into()),
            };
            // What one answer lacked says nothing of the next one.
            let ask = || self.store.report(&self.store.prometheus()?, &fleet, None);
            let last = watch(every.duration(), shown, &self.store.zone(), ask, out)?;
            return unread.exit(last.as_ref().map_or(Exit::Failed, exit), err);
        }
        // How it ends is the same whoever reads it.
        let out = &mut MayClose(out);
        let mut report = self
            .store
            .report(&prometheus, &fleet, self.explain.as_deref())?;
        let zone = self.store.zone();
        if let Some(slo) = &self.explain {
            if !report.slos.iter().any(|status| status.slo == *slo) {
                return Err(no_such(slo, &report).into());
            }
            report.retain(slo);
        }
        match (self.format, &self.explain) {
            (Format::Human, Some(_)) => explained::write(out, &report, &zone, columns())?,
            (Format::Human, None) => human::write(out, &report, &zone, columns(), self.all)?,
            (Format::Json, _) => {
                json::write_pretty(out, &report)?;
                writeln!(out)?;
            }
            (Format::Markdown, _) => markdown::write(out, &report, &zone)?,
        }
        out.flush()?;
        let summary = visible(&report.summary);
        let columns = columns().unwrap_or(usize::MAX);
        writeln!(err, "{}", human_text::folded(&summary, columns, 0, 2))?;
        unread.exit(exit(&report), err)
    }

    fn check_pipeline(&self, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
        let written = match self.format {
            Format::Human => Written::Human,
            Format::Json => Written::Json,
            Format::Markdown => Written::Markdown,
        };
        let spelling = self.spelling.spelling();
        self.way.run(&self.store, spelling, written, out, err)
    }
}

fn exit(report: &Report) -> Exit {
    let worst = report.slos.iter().map(|status| status.state).max();
    match worst {
        Some(State::OverAchieved | State::Ok) => Exit::Clean,
        Some(State::Spent) => Exit::Findings,
        Some(State::Unknown | State::NoData | State::NotMeasured) => Exit::Failed,
        // Nothing is promised, so nothing is broken.
        None => Exit::Clean,
    }
}

fn only_of_the_pipeline(option: &str) -> Diagnostic {
    Diagnostic::error(format!("`{option}` says nothing without `--pipeline`")).with_help(
        "budgets are asked for under the names that rules record, which are the same in every store",
    )
}

fn not_drawn() -> Diagnostic {
    Diagnostic::error("`--watch` writes no Markdown").with_help(
        "a page that changes is for people, `--format human`, or programs, `--format json`",
    )
}

fn no_such(slo: &str, report: &Report) -> Diagnostic {
    let known = report.slos.iter().map(|status| status.slo.as_str());
    let error = Diagnostic::error(format!("no SLO `{slo}` was read"));
    match nearest(slo, known) {
        Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
        None => error.with_help("`cargo slo status` without `--explain` lists them"),
    }
}
