//! Where the history comes from that promises are judged by.

use crate::{
    cli::{delivery::put_one, failure::Failure, prometheus_options::PrometheusOptions, spelling},
    definition::Definition,
    diagnostics::{Diagnostic, Level},
    input::{
        history::{Asked, Fetched, History, Spelling, fetch, read, text},
        values::Date,
    },
    outputs::Replace,
    text::visible,
};
use clap::Args;
use std::{
    collections::BTreeSet,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// As many windows of the longest SLO are asked for.
const WINDOWS: u16 = 3;

/// What a history says that ends longer ago, in days, may not be so any more.
const STALE_DAYS: u64 = 7;

/// No history is longer, in days.
const MAX_HISTORY_DAYS: u16 = 366;

/// What was counted, in the last three windows of a Prometheus or in a file; without it, rules that
/// need a history say nothing.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What was counted")]
pub(super) struct HistoryOptions {
    /// Judge by this history, which `--write-history` wrote
    #[arg(long, value_name = "FILE", conflicts_with = "prometheus")]
    history: Option<PathBuf>,
    #[command(flatten)]
    prometheus_options: PrometheusOptions,
    /// Only series that these matchers let through, such as `env="prod"`
    #[arg(long = "match", value_name = "MATCHERS", requires = "prometheus")]
    matchers: Option<String>,
    /// Write the history into a file
    #[arg(long, value_name = "FILE", requires = "prometheus")]
    write_history: Option<PathBuf>,
    /// Replace a file that this command did not write, or a read-only one
    #[arg(long, requires = "write_history")]
    force: bool,
}

impl HistoryOptions {
    /// The history of the services that are checked, where one is asked for.
    pub(super) fn read(
        &self,
        definition: &Definition,
        err: &mut dyn Write,
    ) -> Result<Option<History>, Failure> {
        if let Some(path) = &self.history {
            return Ok(Some(read(path)?));
        }
        let Some(url) = self.prometheus_options.url() else {
            return Ok(None);
        };
        let slos = definition.services.iter().flat_map(|service| &service.slos);
        let longest = slos.map(|slo| slo.window.length_days()).max().unwrap_or(30);
        let names = definition.services.iter().map(|s| s.name.as_str());
        let asked = Asked {
            services: names.collect(),
            days: longest.saturating_mul(WINDOWS).min(MAX_HISTORY_DAYS),
            matchers: self.matchers.as_deref().unwrap_or_default(),
        };
        let prometheus = self.prometheus_options.prometheus(url)?;
        let fetched = fetch(&prometheus, &asked);
        // First of all: it may be why there are none. Promises are not judged by a part of the events.
        if let Some(told) = prometheus.partial() {
            return Err(Diagnostic {
                level: Level::Error,
                ..told
            }
            .into());
        }
        let Fetched { history, spellings } = fetched?;
        tell_spellings(&spellings, err)?;
        tell_unknown("Prometheus", &history, definition, err)?;
        if let Some(path) = &self.write_history {
            let replace = match self.force {
                true => Replace::Anything,
                false => Replace::Ours,
            };
            put_one(path, &text(&history), replace, err)?;
        }
        Ok(Some(history))
    }

    /// Tells where a history from a file is old, is from the future, or lacks a service.
    pub(super) fn tell(
        &self,
        history: &History,
        definition: &Definition,
        today: Date,
        err: &mut dyn Write,
    ) -> io::Result<()> {
        let Some(path) = &self.history else {
            return Ok(());
        };
        tell_age(history, path, today, err)?;
        tell_unknown("the history", history, definition, err)
    }
}

/// Says which rules fit what the store calls things, where that is not the default.
fn tell_spellings(spellings: &BTreeSet<Spelling>, err: &mut dyn Write) -> io::Result<()> {
    for spelling in spellings {
        if spellings.len() > 1 || !spelling::is_default(*spelling) {
            writeln!(err, "{}", spelling::told(*spelling))?;
        }
    }
    Ok(())
}

/// Says where a history does not end about now.
fn tell_age(history: &History, path: &Path, today: Date, err: &mut dyn Write) -> io::Result<()> {
    let Ok(until) = history.until.parse::<Date>() else {
        return Ok(());
    };
    let path = path.display().to_string();
    let (path, age) = (visible(&path), today.days_since(until));
    if until > today {
        writeln!(
            err,
            "{path} ends on {until}, and today is {today}: is its date right?"
        )
    } else if age > STALE_DAYS {
        writeln!(
            err,
            "{path} ends on {until}, {age} days ago: `--prometheus URL --write-history FILE` writes \
             a new one"
        )
    } else {
        Ok(())
    }
}

/// Names the services that were counted nowhere.
fn tell_unknown(
    who: &str,
    history: &History,
    definition: &Definition,
    err: &mut dyn Write,
) -> io::Result<()> {
    let unknown: BTreeSet<_> = definition
        .services
        .iter()
        .filter(|service| !history.services.contains_key(&service.name))
        .map(|service| format!("`{}`", visible(&service.name)))
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let unknown: Vec<_> = unknown.into_iter().collect();
    let way_out = match &definition.services[..] {
        [_] => "; if it is called otherwise there: `--service NAME`",
        _ => "",
    };
    writeln!(
        err,
        "{who} knows nothing of {}{way_out}",
        unknown.join(", ")
    )
}
