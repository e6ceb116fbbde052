//! Test cases as an output.

use super::file;
use crate::{
    diagnostics::Diagnostic,
    fleet::{Fleet, Subject},
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

    fn refusals(&self, fleet: &Fleet<'_>, settings: &Settings) -> Vec<Diagnostic> {
        if settings.store.shows_results_late() {
            return vec![
                Diagnostic::error(format!(
                    "promtool knows no rules in stages, as they are for {}",
                    settings.store.as_str()
                ))
                .with_help(
                    "generate the cases and their rules for another folder with the options that say \
                     what `--store` says of names: `--names utf8 --service-label service_name`",
                ),
            ];
        }
        refusals::all(fleet, settings)
    }

    fn generate<'a>(&self, fleet: &'a Fleet<'a>, settings: &'a Settings) -> Files<'a> {
        let subjects = fleet.subjects.iter();
        let subjects = subjects.filter(|subject| !subject.service.slos.is_empty());
        Box::new(subjects.map(move |subject| File {
            // Its ending keeps it out of what a Prometheus loads as `*.yaml`.
            name: format!(
                "{}.prometheus.yaml.test",
                output::stem(subject.service, settings)
            ),
            content: cases(subject, settings),
        }))
    }
}

/// Returns the test cases of a service, for the rule file that `prometheus` writes beside them.
pub fn cases(subject: &Subject<'_>, settings: &Settings) -> String {
    let rules = output::rule_file(subject.service, settings);
    file::write(subject, &rules, settings)
}
