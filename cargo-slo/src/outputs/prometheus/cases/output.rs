//! Test cases as an output.

use super::file;
use crate::{
    definition::{Definition, Service},
    diagnostics::Diagnostic,
    outputs::{
        File, Files, Output, Settings,
        prometheus::{output, refusals},
    },
};

/// Test cases that promtool plays through the rules of the output `prometheus`.
#[derive(Clone, Copy, Debug)]
pub struct Promtool;

impl Output for Promtool {
    fn name(&self) -> &'static str {
        "promtool"
    }

    fn about(&self) -> &'static str {
        "test cases of the `prometheus` rules, for `promtool test rules`"
    }

    fn refusals(&self, definition: &Definition, settings: &Settings) -> Vec<Diagnostic> {
        refusals::all(definition, settings)
    }

    fn generate<'a>(&self, definition: &'a Definition, settings: &'a Settings) -> Files<'a> {
        let services = definition.services.iter().filter(|s| !s.slos.is_empty());
        Box::new(services.map(move |service| File {
            // Its ending keeps it out of what a Prometheus loads as `*.yaml`.
            name: format!("{}.prometheus.yaml.test", output::stem(service, settings)),
            content: cases(service, settings),
        }))
    }
}

/// The test cases of a service, for the rule file that `prometheus` writes beside them.
pub fn cases(service: &Service, settings: &Settings) -> String {
    file::write(service, &output::rule_file(service, settings), settings)
}
