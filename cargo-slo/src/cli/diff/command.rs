//! The command itself: both sides, and what differs.

use super::{
    against::{self, Against},
    deployed,
    report::{self, Format},
};
use crate::{
    cli::{
        Exit,
        failure::Failure,
        manifest_options::{Known, ManifestOptions},
        progress::Progress,
        prometheus_options::PrometheusOptions,
        sources::{Inputs, Sources, found},
        unread::Unread,
        use_of_outputs::UseOfOutputs,
    },
    definition::Definition,
    diagnostics::human,
    diff::{
        Basis, Change, Removed, Side, SourceError, compare, from_definition, from_prometheus,
        from_rules, read_ruler, read_rules,
    },
    fleet::Fleet,
    input::{NamedBy, named_files, read_stdin, read_text, ruler::Ruler, values::Date},
    outputs::{self, Settings},
    text::visible,
};
use clap::Args;
use serde::{Deserialize, de::IgnoredAny};
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
pub(in crate::cli) struct Diff {
    /// What it was before: programs, `*.slo.json` files, rules (also as a cluster gives them back,
    /// `-` for standard input), folders and patterns; or what is deployed: a Prometheus `http://…`, a
    /// ruler `ruler+http://…`, a Grafana `grafana+http://…`, or `datadog`
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

impl Diff {
    pub(in crate::cli) fn run(
        &self,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<Exit, Failure> {
        let against = self.against()?;
        let mut unread = self.sources.unread();
        let before = self.before(&against, &mut unread, err)?;
        let definition = self.sources.definition(&self.files, &mut unread, err)?;
        let mut known = self.facts.read(&mut unread, err)?;
        known.of_packages(&definition, &mut unread, err)?;
        let mut after = from_definition(&definition);
        let settings = self.settings();
        let fleet = known.fleet(&definition, Date::today())?;
        let is_generated = |what: &Against<'_>| {
            matches!(what, Against::Grafana(_) | Against::Datadog(_)) || before.rules.is_some()
        };
        if against.iter().any(is_generated) {
            let refused = outputs::refusals(&fleet);
            if !refused.is_empty() {
                return Err(Failure::Told(refused));
            }
        }
        if before.rules.is_some() {
            after.rules = Some(deployed::rules(&fleet, &settings)?);
        }
        let removed = removed(&known, &definition);
        let basis = Basis {
            events_per_day: self.events_per_day,
            is_shared: Diff::is_shared(&against, &definition),
            removed: Some(&removed),
        };
        if let Some(remark) = nothing_in_common(&before, &after) {
            writeln!(err, "{remark}")?;
        }
        let mut changes = compare(&before, &after, basis);
        changes.extend(self.deployed_objects(&against, &fleet, &settings, &after)?);
        report::write(&changes, self.format, out, err)?;
        let exit = match &changes[..] {
            [] => Exit::Clean,
            changes if changes.iter().any(|change| change.lost) => Exit::Lost,
            _ => Exit::Findings,
        };
        unread.exit(exit, err)
    }

    /// Everything to compare with.
    fn against(&self) -> Result<Vec<Against<'_>>, Failure> {
        let against = self.against.iter().map(|what| Against::parse(what));
        let prometheus = self.prometheus_options.url().map(Against::Prometheus);
        against.chain(prometheus.map(Ok)).collect()
    }

    /// True if a folder is compared with one service: it also holds services of others.
    fn is_shared(against: &[Against<'_>], definition: &Definition) -> bool {
        let is_folder = |what: &Against<'_>| match what {
            Against::Path(path) => !path.is_file(),
            Against::Stdin => true,
            _ => false,
        };
        definition.services.len() == 1 && against.iter().any(is_folder)
    }

    fn settings(&self) -> Settings {
        let mut settings = self.use_of_outputs.settings();
        settings.namespace.clone_from(&self.namespace);
        settings
    }

    /// Everything to compare with, as one side.
    fn before(
        &self,
        against: &[Against<'_>],
        unread: &mut Unread,
        err: &mut dyn Write,
    ) -> Result<Side, Failure> {
        let mut side = Side::default();
        let mut inputs = Inputs::default();
        let mut progress = Progress::new("sources read");
        for (n, what) in against.iter().enumerate() {
            match *what {
                Against::Prometheus(url) => {
                    let prometheus = self.prometheus_options.prometheus(url)?;
                    side.merge(from_prometheus(&prometheus)?);
                    if let Some(told) = prometheus.partial() {
                        human::write(err, &told)?;
                    }
                }
                Against::Ruler(url) => side.merge(self.ruler(url)?),
                Against::Stdin => side.merge(rules_of_stdin()?),
                Against::Path(path) => {
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
                Against::Grafana(_) | Against::Datadog(_) => {}
            }
            progress.show(n + 1, err)?;
        }
        progress.clear(err)?;
        if !inputs.is_empty() {
            side.merge(from_definition(&inputs.definition(unread, err)?));
        }
        Ok(side)
    }

    fn ruler(&self, url: &str) -> Result<Side, Failure> {
        let (address, headers) = (against::address(url)?, self.prometheus_options.headers()?);
        let tls = self.prometheus_options.tls(&address)?;
        let ruler = Ruler::at(address, headers).with_tls(tls);
        let text = ruler.rules().map_err(SourceError::from)?;
        Ok(Side {
            is_shared: true,
            ..from_rules(read_ruler(&ruler.url(), &text)?)
        })
    }

    /// What stands in the systems that objects were generated for.
    fn deployed_objects(
        &self,
        against: &[Against<'_>],
        fleet: &Fleet<'_>,
        settings: &Settings,
        after: &Side,
    ) -> Result<Vec<Change>, Failure> {
        let options = &self.prometheus_options;
        let mut changes = Vec::new();
        for what in against {
            changes.extend(match *what {
                Against::Datadog(url) => deployed::datadog(url, options, fleet, settings, after)?,
                Against::Grafana(url) => deployed::grafana(url, options, fleet, settings)?,
                _ => Vec::new(),
            });
        }
        Ok(changes)
    }
}

/// True for rules: YAML, and JSON that is not an export.
fn is_rule_file(path: &Path) -> bool {
    #[derive(Deserialize)]
    struct Keys {
        format: Option<IgnoredAny>,
        kind: Option<IgnoredAny>,
        groups: Option<IgnoredAny>,
    }
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("yaml" | "yml") => true,
        Some("json") if !path.to_string_lossy().ends_with(".slo.json") => {
            let text = read_text(path, MAX_RULES_BYTES, NamedBy::Person).unwrap_or_default();
            serde_json::from_str(&text).is_ok_and(|keys: Keys| {
                keys.format.is_none() && (keys.kind.is_some() || keys.groups.is_some())
            })
        }
        _ => false,
    }
}

/// What rules on standard input say.
fn rules_of_stdin() -> Result<Side, SourceError> {
    let text = read_stdin(MAX_RULES_BYTES).map_err(|error| SourceError::Io {
        path: PathBuf::from("standard input"),
        error,
    })?;
    Ok(from_rules(read_rules("standard input", &text)?))
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
