//! `cargo slo diff`: what changed since, or what is deployed instead.

use super::{
    Exit,
    failure::Failure,
    manifest_options::{Known, ManifestOptions},
    progress::Progress,
    prometheus_options::PrometheusOptions,
    sources::{Inputs, Sources, found},
    unread::Unread,
    use_of_outputs::UseOfOutputs,
};
use crate::{
    definition::Definition,
    diagnostics::human,
    diff::{
        self, Basis, Change, Removed, Side, SourceError, compare, from_definition, from_prometheus,
        from_rules, read_rules,
    },
    input::{NamedBy, named_files, read_text, values::Date},
    outputs::{self, Output, prometheus::Prometheus},
    text::{json, visible},
};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::{
    collections::BTreeSet,
    io::Write,
    path::{Path, PathBuf},
};

/// Longest rule file that is read, in bytes: the rules of some thousand SLOs.
const MAX_RULES_BYTES: u64 = 64 << 20;

/// So many services are named where none is on both sides.
const NAMED: usize = 5;

/// What is read of a folder.
const ENDINGS: &[&str] = &[".slo.json", ".prometheus.yaml", ".prometheus-rule.yaml"];

/// Show what changed since an earlier build or differs from what is deployed
///
/// Exits with 0 where nothing differs, 1 where something does, 2 where it could not be compared, and 3
/// where an SLO is gone with its history, and nothing says that it was renamed or removed. What one of the sides does not know is not compared: rule files know no thresholds.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// What it was before: programs, `*.slo.json` files, rule files, folders of these, patterns, or
    /// the address of a Prometheus, `http://…`
    #[arg(long, value_name = "WHAT", num_args = 1.., required_unless_present = "prometheus")]
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
    prometheus_options: PrometheusOptions,
    /// Programs, `*.slo.json` files, folders that hold these, and patterns to read instead of
    /// building
    #[arg(value_name = "FILE", conflicts_with = "cargo-options")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    sources: Sources,
    #[command(flatten)]
    use_of_outputs: UseOfOutputs,
    #[command(flatten)]
    facts: ManifestOptions,
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
        let mut unread = self.sources.unread();
        let before = self.before(&mut unread, err)?;
        let definition = self.sources.definition(&self.files, &mut unread, err)?;
        let mut known = self.facts.read(&mut unread, err)?;
        known.of_packages(&definition, &mut unread, err)?;
        let mut after = from_definition(&definition);
        if before.rules.is_some() {
            after.rules = Some(self.rules(&known, &definition)?);
        }
        let removed = removed(&known, &definition);
        let basis = Basis {
            events_per_day: self.events_per_day,
            is_shared: self.is_shared(&definition),
            removed: Some(&removed),
        };
        if let Some(remark) = nothing_in_common(&before, &after) {
            writeln!(err, "{remark}")?;
        }
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
        let exit = match &changes[..] {
            [] => Exit::Clean,
            changes if changes.iter().any(|change| change.lost) => Exit::Lost,
            _ => Exit::Findings,
        };
        unread.exit(exit, err)
    }

    /// Everything to compare with.
    fn sources_before(&self) -> impl Iterator<Item = &str> {
        let against = self.against.iter().map(String::as_str);
        against.chain(self.prometheus_options.url())
    }

    /// True if the side before also holds services of others: that of a Prometheus does, and that of
    /// a folder where one service is compared with it.
    fn is_shared(&self, definition: &Definition) -> bool {
        let is_one = definition.services.len() == 1;
        self.prometheus_options.url().is_some()
            || self
                .against
                .iter()
                .any(|what| is_address(what) || is_one && !Path::new(what).is_file())
    }

    /// Everything to compare with, as one side.
    fn before(&self, unread: &mut Unread, err: &mut dyn Write) -> Result<Side, Failure> {
        let mut side = Side::default();
        let mut inputs = Inputs::default();
        let mut progress = Progress::new("sources read");
        for (n, what) in self.sources_before().enumerate() {
            if is_address(what) || self.prometheus_options.url() == Some(what) {
                let prometheus = self.prometheus_options.prometheus(what)?;
                side.merge(from_prometheus(&prometheus)?);
                if let Some(told) = prometheus.partial() {
                    human::write(err, &told)?;
                }
            } else {
                let path = Path::new(what);
                if let Some(named) = found(path, named_files(path, ENDINGS), unread, err)? {
                    for path in named.files.iter().filter(|path| is_rule_file(path)) {
                        match rules_of(path, named.named_by()) {
                            Ok(rules) => side.merge(rules),
                            Err(error) if unread.keeps_going() => {
                                unread.leave_out([&**path], &[error.diagnostic()], err)?;
                            }
                            Err(error) => return Err(error.into()),
                        }
                    }
                    inputs.extend([named.filter(|path| !is_rule_file(path))]);
                }
            }
            progress.show(n + 1, err)?;
        }
        progress.clear(err)?;
        if !inputs.is_empty() {
            side.merge(from_definition(&inputs.definition(unread, err)?));
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

fn is_rule_file(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    matches!(ending, Some("yaml" | "yml"))
}

/// What a rule file says.
fn rules_of(path: &Path, named_by: NamedBy<'_>) -> Result<Side, SourceError> {
    let text = read_text(path, MAX_RULES_BYTES, named_by).map_err(|error| SourceError::Io {
        path: path.to_owned(),
        error,
    })?;
    let rules = read_rules(&path.display().to_string(), &text)?;
    Ok(from_rules(rules))
}

/// A remark, where both sides have services and none is on both: one of them may be called
/// otherwise.
fn nothing_in_common(before: &Side, after: &Side) -> Option<String> {
    let (before, after) = (before.services(), after.services());
    if before.is_empty() || after.is_empty() || !before.is_disjoint(&after) {
        return None;
    }
    let list = |names: BTreeSet<&str>| {
        let names: Vec<_> = names
            .into_iter()
            .take(NAMED)
            .map(|name| format!("`{name}`"))
            .collect();
        visible(&names.join(", ")).into_owned()
    };
    Some(format!(
        "no service is on both sides: before there are {}, now {}; `--service NAME` reads one under \
         another name",
        list(before),
        list(after)
    ))
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
