//! What stands in the systems that objects were generated for.

use super::against;
use crate::{
    cli::{failure::Failure, prometheus_options::PrometheusOptions},
    diff::{self, Change, Side, SourceError, compare_datadog, compare_grafana, read_objectives},
    fleet::Fleet,
    input::{datadog::Datadog, grafana::Grafana},
    outputs::{self, Settings},
};

/// What a Datadog has instead of what would be generated.
pub(super) fn datadog(
    url: Option<&str>,
    options: &PrometheusOptions,
    fleet: &Fleet<'_>,
    settings: &Settings,
    after: &Side,
) -> Result<Vec<Change>, Failure> {
    let address = against::datadog(url)?;
    let keys = Datadog::keys()?;
    let mut wanted = Vec::new();
    for content in generated("datadog", fleet, settings) {
        wanted.extend(read_objectives(&content).map_err(ours)?);
    }
    let tls = options.tls(&address)?;
    let datadog = Datadog::at(address, keys).with_tls(tls);
    let services = fleet.subjects.iter().map(|subject| &subject.service.name);
    let owners: Vec<_> = services
        .map(|service| outputs::datadog_owner(service, settings))
        .collect();
    Ok(compare_datadog(&datadog, &wanted, &owners, &after.renamed)?)
}

/// What a Grafana has instead of what would be generated.
pub(super) fn grafana(
    url: &str,
    options: &PrometheusOptions,
    fleet: &Fleet<'_>,
    settings: &Settings,
) -> Result<Vec<Change>, Failure> {
    let (address, token) = (against::address(url)?, Grafana::token()?);
    let tls = options.tls(&address)?;
    let grafana = Grafana::at(address, token).with_tls(tls);
    let mut wanted = Vec::new();
    for content in generated("grafana", fleet, settings) {
        wanted.push(serde_json::from_str(&content).map_err(ours)?);
    }
    Ok(compare_grafana(&grafana, &wanted)?)
}

/// The rules there should be, read back from what would be generated.
pub(super) fn rules(fleet: &Fleet<'_>, settings: &Settings) -> Result<diff::Rules, Failure> {
    let mut rules = diff::Rules::default();
    for content in generated("prometheus", fleet, settings) {
        rules.merge(diff::read_rules("what would be generated", &content)?);
    }
    Ok(rules)
}

/// What an output writes, file by file.
fn generated<'a>(
    output: &str,
    fleet: &'a Fleet<'a>,
    settings: &'a Settings,
) -> impl Iterator<Item = String> {
    let output = outputs::find(output).into_iter();
    let files = output.flat_map(|output| output.generate(fleet, settings));
    files.map(|file| file.content)
}

/// What we write is not what we read.
fn ours(error: serde_json::Error) -> Failure {
    SourceError::Generated(error).into()
}
