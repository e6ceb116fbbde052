//! Where the history comes from that promises are judged by.

use crate::{
    cli::{asking::Asking, failure::Failure},
    definition::Definition,
    input::history::{Asked, History, fetch, read, write},
};
use clap::Args;
use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// As many windows of the longest SLO are asked for.
const WINDOWS: u16 = 3;

/// No history is longer, in days.
const LONGEST: u16 = 366;

/// What was counted; without it, rules that need a history say nothing.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What was counted")]
pub(super) struct Past {
    /// Judge by this history, which `--write-history` wrote
    #[arg(long, value_name = "FILE", conflicts_with = "prometheus")]
    history: Option<PathBuf>,
    /// Judge by the last three windows that this Prometheus holds, `http://…`
    #[arg(long, value_name = "URL")]
    prometheus: Option<String>,
    /// Only series that these matchers let through, such as `env="prod"`
    #[arg(long = "match", value_name = "MATCHERS", requires = "prometheus")]
    matchers: Option<String>,
    /// Write the history into a file
    #[arg(long, value_name = "FILE", requires = "prometheus")]
    write_history: Option<PathBuf>,
    #[command(flatten)]
    asking: Asking,
}

impl Past {
    /// The history of the services that are checked, where one is asked for.
    pub(super) fn read(
        &self,
        definition: &Definition,
        err: &mut dyn Write,
    ) -> Result<Option<History>, Failure> {
        if let Some(path) = &self.history {
            return Ok(Some(read(path)?));
        }
        let Some(url) = &self.prometheus else {
            return Ok(None);
        };
        let slos = definition.services.iter().flat_map(|service| &service.slos);
        let longest = slos.map(|slo| slo.window.length_days()).max().unwrap_or(30);
        let names = definition.services.iter().map(|s| s.name.as_str());
        let asked = Asked {
            services: names.collect(),
            days: longest.saturating_mul(WINDOWS).min(LONGEST),
            matchers: self.matchers.as_deref().unwrap_or_default(),
        };
        let history = fetch(&self.asking.prometheus(url)?, &asked)?;
        let unknown: Vec<_> = asked
            .services
            .iter()
            .filter(|name| !history.services.contains_key(**name))
            .map(|name| format!("`{name}`"))
            .collect();
        if !unknown.is_empty() {
            writeln!(err, "Prometheus knows nothing of {}", unknown.join(", "))?;
        }
        if let Some(path) = &self.write_history {
            write(path, &history)?;
            writeln!(err, "wrote {}", Path::display(path))?;
        }
        Ok(Some(history))
    }
}
