//! The command.

use super::{
    answer::Told,
    known::{Row, doubt, known},
};
use crate::{
    cli::{
        Exit, columns::columns, failure::Failure, may_close::MayClose, sources::Sources,
        status::StoreOptions,
    },
    definition::Definition,
    diagnostics::{Diagnostic, Level, human, nearest},
    fleet::{Fleet, FleetError},
    gate::{
        decision::{self, Answer, Delivery},
        delivery,
        overrides::{Override, Overrides},
    },
    input::{catalogue::Catalogue, values::Date},
};
use clap::{Args, ValueEnum};
use std::{io::Write, path::PathBuf};

/// Say whether a change may be delivered, by the error budgets and their policies
///
/// Policies and targets are those of exports, which the pipeline takes from the protected branch. Exits
/// with 0 where the gate is open, with 1 where it is closed, and with 2 where that is not known.
#[derive(Debug, Args)]
pub(in crate::cli) struct Gate {
    /// What is to be delivered
    #[arg(long, value_enum, default_value_t)]
    change: Change,
    /// The service that is delivered; others are read for their journeys, whose policies may block who
    /// takes part in them [default: all that are read]
    #[arg(long, value_name = "SERVICE")]
    deliver: Vec<String>,
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

impl Gate {
    pub(in crate::cli) fn run(
        &self,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<Exit, Failure> {
        let prometheus = self.store.prometheus()?;
        let mut unread = self.sources.unread();
        let definition = self.sources.definition(&self.files, &mut unread, err)?;
        are_exports(&definition)?;
        let today = self.today();
        let nobody = Definition::default();
        let fleet = Fleet::new(&definition, &[], Catalogue::NONE, &nobody, today)
            .map_err(|errors| Failure::Told(errors.iter().map(FleetError::diagnostic).collect()))?;
        self.are_read(&definition)?;
        let overrides = self.overrides(&definition, today, err)?;
        self.tell_alone(&definition, err)?;
        let report = self.store.report_or_unknown(&prometheus, &fleet, err)?;
        let judged = delivery::judged(&fleet, &report, &self.deliver);
        let mut rows = Vec::new();
        let mut answers = Vec::new();
        for judged in &judged {
            let slo = &judged.status.slo;
            let found = overrides
                .as_ref()
                .and_then(|all| all.of(slo, &self.deliver, today));
            let decision = decision::decide(
                &known(judged),
                &Delivery {
                    change: self.change.into(),
                    few: self.few.into(),
                    overridden: found.map(Override::told).as_deref(),
                    doubt: doubt(judged).as_deref(),
                },
            );
            answers.push(decision.answer);
            rows.push(Row::new(judged, decision));
        }
        let answer = decision::of_all(answers);
        let told = Told::new(answer, rows);
        // The answer is the same whoever reads it.
        let out = &mut MayClose(out);
        match self.format {
            Format::Human => told.human(out, &self.store.zone(), columns())?,
            Format::Json => told.json(out)?,
        }
        let exit = match answer {
            Answer::Open => Exit::Clean,
            Answer::Closed => Exit::Findings,
            Answer::Unknown => Exit::Failed,
        };
        out.flush()?;
        unread.exit(exit, err)
    }

    /// The overrides that count. What is wrong with them holds nothing back that passes without one.
    fn overrides(
        &self,
        definition: &Definition,
        today: Date,
        err: &mut dyn Write,
    ) -> Result<Option<Overrides>, Failure> {
        let Some(path) = &self.overrides else {
            return Ok(None);
        };
        let read = Overrides::read(path).map_err(|error| error.diagnostics());
        let checked = read.and_then(|overrides| {
            let (errors, notes): (Vec<_>, Vec<_>) = overrides
                .findings(&slos(definition), today)
                .into_iter()
                .partition(|finding| finding.level == Level::Error);
            match errors.is_empty() {
                true => Ok((overrides, notes)),
                false => Err(errors),
            }
        });
        match checked {
            Ok((overrides, notes)) => {
                for note in &notes {
                    human::write(err, note)?;
                }
                Ok(Some(overrides))
            }
            Err(errors) if matches!(self.change, Change::Feature) => Err(Failure::Told(errors)),
            Err(errors) => {
                for error in &errors {
                    human::write(err, error)?;
                }
                Ok(None)
            }
        }
    }

    /// Whether everything that is delivered was read.
    fn are_read(&self, definition: &Definition) -> Result<(), Failure> {
        let read = || definition.services.iter().map(|service| &*service.name);
        let mut delivered = self.deliver.iter();
        let Some(name) = delivered.find(|name| !read().any(|read| read == *name)) else {
            return Ok(());
        };
        let error = Diagnostic::error(format!("no service `{name}` was read"));
        Err(match nearest(name, read()) {
            Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
            None => error.with_help("name the file that `cargo slo export` wrote of it, too"),
        }
        .into())
    }

    /// Journeys of services that were not read hold nothing back, which is said.
    fn tell_alone(&self, definition: &Definition, err: &mut dyn Write) -> Result<(), Failure> {
        let mut read = definition.services.iter();
        if !self.deliver.is_empty() && read.all(|service| self.deliver.contains(&service.name)) {
            let note = Diagnostic::note("no other service was read")
                .with_note("whether a journey of another blocks this delivery is not looked at")
                .with_help("name the exports of all services, or the folder in which they are");
            human::write(err, &note)?;
        }
        Ok(())
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

fn slos(definition: &Definition) -> Vec<String> {
    let slos = definition.services.iter().flat_map(|service| &service.slos);
    slos.map(|slo| slo.identity.to_string()).collect()
}
