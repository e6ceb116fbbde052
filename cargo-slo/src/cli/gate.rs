//! `cargo slo gate`: whether a change may be delivered.

use super::{Exit, failure::Failure, sources::Sources, status::StoreOptions};
use crate::{
    definition::Definition,
    diagnostics::{Diagnostic, Level, human},
    fleet::{Fleet, FleetError, Subject},
    gate::{
        decision::{self, Answer, Decision, Known},
        overrides::{Override, Overrides},
    },
    input::{catalogue::Catalogue, manifest::Then, values::Date},
    status::report::{self, Status},
    text::{json, visible},
};
use clap::{Args, ValueEnum};
use serde::Serialize;
use slo_model::Decimal;
use std::{io::Write, path::PathBuf};

/// Say whether a change may be delivered, by the error budgets and their policies
///
/// Policies and targets are those of exports, which the pipeline takes from the protected branch. Exits
/// with 0 where the gate is open, with 1 where it is closed, and with 2 where that is not known.
#[derive(Debug, Args)]
pub(super) struct Gate {
    /// What is to be delivered
    #[arg(long, value_enum, default_value_t)]
    change: Change,
    /// What an SLO says whose whole budget is less than 5 events, once it is spent
    #[arg(long, value_enum, default_value_t)]
    few: Few,
    /// Who delivers nevertheless: a file with `[[override]]`
    #[arg(long, value_name = "FILE")]
    overrides: Option<PathBuf>,
    /// How to write the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// `*.slo.json` files of the protected branch, folders that hold these, and patterns
    #[arg(value_name = "FILE", conflicts_with = "cargo-options")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    sources: Sources,
    #[command(flatten)]
    store: StoreOptions,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Change {
    /// Something new: closed by a freeze, and by what is not known
    #[default]
    Feature,
    /// What mends something that spends the budget: passes
    Fix,
    /// What was there before: passes
    Rollback,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Few {
    /// It never closes the gate
    #[default]
    Open,
    /// It closes the gate as others do
    Closed,
    /// It is not known whether the gate is open
    Unknown,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// A line for each SLO that says anything but yes, and the answer
    #[default]
    Human,
    /// JSON for programs
    Json,
}

#[derive(Serialize)]
struct Told<'a> {
    answer: &'static str,
    summary: &'a str,
    slos: Vec<ToldOfSlo<'a>>,
}

#[derive(Serialize)]
struct ToldOfSlo<'a> {
    slo: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<&'a str>,
    answer: &'static str,
    reason: &'a str,
}

impl Gate {
    pub(super) fn run(&self, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
        let prometheus = self.store.prometheus()?;
        let overrides = match &self.overrides {
            Some(path) => {
                let read = Overrides::read(path);
                Some(read.map_err(|error| Failure::Told(error.diagnostics()))?)
            }
            None => None,
        };
        let mut unread = self.sources.unread();
        let definition = self.sources.definition(&self.files, &mut unread, err)?;
        are_exports(&definition)?;
        let today = self.today();
        let nobody = Definition::default();
        let fleet = Fleet::new(&definition, &[], Catalogue::NONE, &nobody, today)
            .map_err(|errors| Failure::Told(errors.iter().map(FleetError::diagnostic).collect()))?;
        if let Some(overrides) = &overrides {
            tell_wrong(overrides, &definition, today, err)?;
        }
        let report = self.store.report(&prometheus, &fleet, None)?;
        let mut decisions = Vec::new();
        for status in &report.slos {
            let found = overrides
                .as_ref()
                .and_then(|all| all.of(&status.slo, today));
            let told = found.map(Override::told);
            let known = known(&fleet, status);
            let decision =
                decision::decide(&known, self.change.into(), self.few.into(), told.as_deref());
            decisions.push((status, decision));
        }
        let answer = decision::of_all(decisions.iter().map(|(_, decision)| decision.answer));
        match self.format {
            Format::Human => human_answer(out, &decisions, answer)?,
            Format::Json => json_answer(out, &decisions, answer)?,
        }
        let exit = match answer {
            Answer::Open => Exit::Clean,
            Answer::Closed => Exit::Findings,
            Answer::Unknown => Exit::Failed,
        };
        out.flush()?;
        unread.exit(exit, err)
    }

    /// The day of the moment that is looked at, in UTC.
    fn today(&self) -> Date {
        let days = self.store.moment().as_second().max(0) / 86_400;
        Date::after_epoch(u64::try_from(days).unwrap_or(0))
    }
}

impl From<Change> for decision::Change {
    fn from(change: Change) -> decision::Change {
        match change {
            Change::Feature => decision::Change::Feature,
            Change::Fix => decision::Change::Fix,
            Change::Rollback => decision::Change::Rollback,
        }
    }
}

impl From<Few> for decision::Few {
    fn from(few: Few) -> decision::Few {
        match few {
            Few::Open => decision::Few::Open,
            Few::Closed => decision::Few::Closed,
            Few::Unknown => decision::Few::Unknown,
        }
    }
}

/// A change that is judged by what it says itself could open the gate for itself.
fn are_exports(definition: &Definition) -> Result<(), Failure> {
    let unexported = definition
        .services
        .iter()
        .find(|service| service.exported.is_none());
    match unexported {
        None => Ok(()),
        Some(service) => Err(Diagnostic::error(format!(
            "`{}` was not read from an export",
            service.name
        ))
        .with_note(
            "policy and targets are those of the protected branch, never of the change itself",
        )
        .with_help(
            "on the protected branch: `cargo slo export -o slo/`; in the pipeline: `cargo slo gate \
             slo/*.slo.json` with the files of that branch",
        )
        .into()),
    }
}

fn tell_wrong(
    overrides: &Overrides,
    definition: &Definition,
    today: Date,
    err: &mut dyn Write,
) -> Result<(), Failure> {
    let slos = definition.services.iter().flat_map(|service| &service.slos);
    let slos: Vec<_> = slos.map(|slo| slo.identity.to_string()).collect();
    let slos: Vec<_> = slos.iter().map(String::as_str).collect();
    let (errors, notes): (Vec<_>, Vec<_>) = overrides
        .findings(&slos, today)
        .into_iter()
        .partition(|finding| finding.level == Level::Error);
    for note in &notes {
        human::write(err, note)?;
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(Failure::Told(errors)),
    }
}

/// What is known of an SLO.
fn known(fleet: &Fleet<'_>, status: &Status) -> Known {
    if let Some(why) = &status.why {
        return Known::Nothing(why.clone());
    }
    let Some((subject, slo)) = report::of_name(fleet, &status.slo) else {
        return Known::Nothing("its service was not read".to_owned());
    };
    if !subject.is_known() {
        return Known::Nothing("its export says nothing of a policy".to_owned());
    }
    match status.counts {
        Some(counts) => Known::Counted {
            counts,
            target: slo.target,
            freeze: freeze(subject),
        },
        None => Known::Nothing("nothing was counted".to_owned()),
    }
}

/// What is left of a budget when the policy of its service freezes deliveries, at most.
fn freeze(subject: &Subject<'_>) -> Option<Decimal> {
    let levels = subject.policy.levels();
    let mut freezing = levels.iter().filter(|level| level.then == Then::Freeze);
    freezing.next().map(|level| report::share(level))
}

fn summary(decisions: &[(&Status, Decision)], answer: Answer) -> String {
    let of = |answer| {
        let of = decisions
            .iter()
            .filter(|(_, decision)| decision.answer == answer);
        of.map(|(status, _)| status.slo.as_str())
            .collect::<Vec<_>>()
    };
    match answer {
        Answer::Open => "the gate is open".to_owned(),
        Answer::Closed => format!("the gate is closed by {}", of(Answer::Closed).join(", ")),
        Answer::Unknown if decisions.is_empty() => {
            "the gate is unknown: no SLO was read".to_owned()
        }
        Answer::Unknown => format!(
            "the gate is unknown because of {}",
            of(Answer::Unknown).join(", ")
        ),
    }
}

fn human_answer(
    out: &mut dyn Write,
    decisions: &[(&Status, Decision)],
    answer: Answer,
) -> Result<(), Failure> {
    for (status, decision) in decisions {
        writeln!(
            out,
            "{}: {}: {}",
            visible(&status.slo),
            decision.answer.as_str(),
            visible(&decision.reason)
        )?;
    }
    writeln!(out, "{}", visible(&summary(decisions, answer)))?;
    Ok(())
}

fn json_answer(
    out: &mut dyn Write,
    decisions: &[(&Status, Decision)],
    answer: Answer,
) -> Result<(), Failure> {
    let summary = summary(decisions, answer);
    let slos = decisions.iter().map(|(status, decision)| ToldOfSlo {
        slo: &status.slo,
        job: status.job.as_deref(),
        answer: decision.answer.as_str(),
        reason: &decision.reason,
    });
    let told = Told {
        answer: answer.as_str(),
        summary: &summary,
        slos: slos.collect(),
    };
    json::write_pretty(out, &told)?;
    writeln!(out)?;
    Ok(())
}
