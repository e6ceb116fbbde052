//! `cargo slo diff`: what changed since, or what is deployed instead.

use super::{
    Exit,
    asking::Asking,
    facts::{Facts, Known},
    failure::Failure,
    progress::Progress,
    sources::{Sources, read_files},
    use_of_outputs::UseOfOutputs,
};
use crate::{
    definition::{Definition, resolve_owned},
    diagnostics::human,
    diff::{
        self, Basis, Change, Removed, Side, SourceError, compare, from_definition, from_prometheus,
        from_rules, read_rules,
    },
    input::{NamedBy, read_text, values::Date},
    outputs::{self, Output, prometheus::Prometheus},
    text::{json, visible},
};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// Longest rule file that is read, in bytes: the rules of some thousand SLOs.
const MAX_RULES_BYTES: u64 = 64 << 20;

/// Tell what changed since an earlier build, or what is deployed instead
///
/// Exits with 0 where nothing differs, 1 where something does, 2 where it could not be compared, and 3
/// where an SLO is gone with its history, and nothing says that it was renamed or removed. What one of the sides does not know is not compared: rule files know no thresholds.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// What it was before: programs, `*.slo.json` files, rule files, or the address of a
    /// Prometheus, `http://…`
    #[arg(long, value_name = "WHAT", num_args = 1.., required = true)]
    against: Vec<String>,
    /// Valid events expected each day, to tell budgets in events
    #[arg(long, value_name = "N")]
    events_per_day: Option<u64>,
    /// Rules are for services with this `service.namespace` [default: with any or none]
    #[arg(long, value_name = "NAME")]
    namespace: Option<String>,
    /// How to write the differences
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    asking: Asking,
    /// Programs and `*.slo.json` files to read instead of building
    #[arg(value_name = "FILE", conflicts_with = "cargo-options")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    sources: Sources,
    #[command(flatten)]
    use_of_outputs: UseOfOutputs,
    #[command(flatten)]
    facts: Facts,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// A sentence for each difference
    #[default]
    Human,
    /// JSON for programs
    Json,
}

#[derive(Serialize)]
struct Report<'a> {
    same: bool,
    changes: &'a [Change],
}

impl Diff {
    pub(super) fn run(&self, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
        let before = self.before(err)?;
        let definition = self.sources.definition(&self.files, err)?;
        let mut known = self.facts.read()?;
        known.of_packages(&definition)?;
        let mut after = from_definition(&definition);
        if before.rules.is_some() {
            after.rules = Some(self.rules(&known, &definition)?);
        }
        let removed = removed(&known, &definition);
        let basis = Basis {
            events_per_day: self.events_per_day,
            is_shared: self.against.iter().any(|what| is_address(what)),
            removed: Some(&removed),
        };
        let changes = compare(&before, &after, basis);
        match self.format {
            Format::Human => {
                for change in &changes {
                    writeln!(out, "{}", visible(&change.to_string()))?;
                    for help in &change.help {
                        for (i, line) in help.lines().enumerate() {
                            let indent = if i == 0 { "  " } else { "    " };
                            writeln!(out, "{indent}{}", visible(line))?;
                        }
                    }
                }
                if changes.is_empty() {
                    writeln!(err, "nothing differs")?;
                }
            }
            Format::Json => {
                let report = Report {
                    same: changes.is_empty(),
                    changes: &changes,
                };
                json::write_pretty(&mut *out, &report)?;
                writeln!(out)?;
            }
        }
        Ok(match &changes[..] {
            [] => Exit::Clean,
            changes if changes.iter().any(|change| change.lost) => Exit::Lost,
            _ => Exit::Findings,
        })
    }

    /// Everything that `--against` names, as one side.
    fn before(&self, err: &mut dyn Write) -> Result<Side, Failure> {
        let mut side = Side::default();
        let mut records = Vec::new();
        let mut progress = Progress::new("sources read");
        for (n, what) in self.against.iter().enumerate() {
            let path = Path::new(what);
            let extension = path.extension().and_then(|extension| extension.to_str());
            if is_address(what) {
                side.merge(from_prometheus(&self.asking.prometheus(what)?)?);
            } else if let Some("yaml" | "yml") = extension {
                let text = read_text(path, MAX_RULES_BYTES, NamedBy::Person);
                let text = text.map_err(|error| SourceError::Io {
                    path: path.to_owned(),
                    error,
                })?;
                side.merge(from_rules(read_rules(what, &text)?));
            } else {
                records.push(path.to_owned());
            }
            progress.show(n + 1, err)?;
        }
        progress.clear(err)?;
        if !records.is_empty() {
            let reading = read_files(&records)?;
            for remark in &reading.remarks {
                human::write(err, remark)?;
            }
            side.merge(from_definition(&resolve_owned(reading)?));
        }
        Ok(side)
    }

    /// The rules there should be, read back from what would be generated.
    fn rules(&self, known: &Known, definition: &Definition) -> Result<diff::Rules, Failure> {
        let mut settings = self.use_of_outputs.settings();
        settings.namespace.clone_from(&self.namespace);
        let fleet = known.fleet(definition, Date::today())?;
        let refused = outputs::refusals(&fleet);
        if !refused.is_empty() {
            return Err(Failure::Told(refused));
        }
        let mut rules = diff::Rules::default();
        for file in Prometheus.generate(&fleet, &settings) {
            rules.merge(read_rules(&file.name, &file.content)?);
        }
        Ok(rules)
    }
}

/// What files say was removed on purpose.
fn removed(known: &Known, definition: &Definition) -> Removed {
    let mut removed = Removed::new();
    for manifest in &known.manifests {
        let service = match (manifest.service(), &definition.services[..]) {
            (Some(name), _) => name,
            (None, [only]) => &only.name,
            (None, _) => continue,
        };
        for fact in &manifest.facts.removed {
            let name = fact.name.get_ref().clone();
            removed.insert((service.to_owned(), name), fact.reason.clone());
        }
    }
    removed
}

/// True for what only an address can be, and for what may hold the password of one: nothing of it
/// must be shown as the name of a file that is missing.
fn is_address(what: &str) -> bool {
    let may_hold_password = || {
        let before = what.split_once('@').map(|(before, _)| before);
        before.is_some_and(|before| before.contains(':')) && !Path::new(what).exists()
    };
    what.contains("://") || may_hold_password()
}
