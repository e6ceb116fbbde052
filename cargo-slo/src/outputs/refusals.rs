//! What no output can write, whatever it is for.

use crate::{
    diagnostics::Diagnostic,
    fleet::{Fleet, Subject},
    input::manifest::ManifestFile,
};
use std::collections::BTreeSet;
use toml::Spanned;

/// Returns an error for each burn-rate setting that the catalogue does not have, or whose alerts could
/// not be told apart: other alerts than were chosen would be worse than none.
pub fn refusals(fleet: &Fleet<'_>) -> Vec<Diagnostic> {
    let mut refused = Vec::new();
    for subject in &fleet.subjects {
        let Some(manifest) = subject.manifest else {
            continue;
        };
        let mut told = BTreeSet::new();
        for name in manifest.facts.burn_rate_names() {
            if told.insert(name.get_ref()) {
                refused.extend(refusal(subject, manifest, name));
            }
        }
    }
    refused
}

fn refusal(
    subject: &Subject<'_>,
    manifest: &ManifestFile,
    name: &Spanned<String>,
) -> Option<Diagnostic> {
    let table = &subject.catalogue.burn_rates;
    let Some(setting) = table.get(name.get_ref()) else {
        let error = Diagnostic::error(format!(
            "the burn-rate setting `{}` is not in the catalogue",
            name.get_ref()
        ))
        .at_location(manifest.location(name.span()));
        return Some(match subject.catalogue.folder {
            None => error.with_help("name the folder of the catalogue: `--catalog DIR`, or for good `[catalogue]` with its `path` in `slo.toml`"),
            Some(_) => error.with_help("add it to `burn-rates.toml`, or choose another"),
        });
    };
    let mut known = BTreeSet::new();
    let twin = setting.condition.iter().find(|condition| {
        let one = condition.get_ref();
        let severity = slo_model::burn_rate::Severity::from(one.severity).as_str();
        !known.insert((severity, one.long))
    })?;
    let error = Diagnostic::error(format!(
        "two alerts of `{}` have the same severity and long window, and can't be told apart",
        name.get_ref()
    ));
    let error = match &table.file {
        Some(file) => error.at_location(file.location(twin.span())),
        None => error,
    };
    Some(error.with_help("leave out the one with the larger share of the budget"))
}
