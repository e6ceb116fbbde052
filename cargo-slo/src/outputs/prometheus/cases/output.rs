//! Test cases as an output.

use super::{
    asserted::Records,
    file::{Cases, Rules},
    part::Part,
    scenarios::Scenario,
    shape::{self, Shape},
};
use crate::{
    definition::Slo,
    diagnostics::Diagnostic,
    fleet::{Fleet, Subject},
    outputs::{
        File, Files, GENERATOR, Mode, Output, Settings,
        prometheus::{
            file::{Group, Kind, RuleFile},
            job::Job,
            output, per_slo, refusals, universal,
        },
    },
    parallel,
};
use std::collections::BTreeSet;

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
        let for_all = match settings.mode {
            Mode::PerSlo => None,
            Mode::Universal => sample_for_all(fleet, settings),
        };
        let is_for_all = for_all.is_some();
        let of_services = parallel::map(&fleet.subjects, move |subject| {
            files(subject, settings, is_for_all)
        });
        Box::new(of_services.flatten().chain(for_all))
    }
}

/// What the name of a file of rules that are a sample adds to that of the whole. Neither is what a
/// Prometheus loads as `*.yaml`.
pub(in crate::outputs) const SAMPLE: &str = ".sample";

/// What the name of a file of cases adds to that of their rules.
const TEST: &str = ".test";

/// The cases of a service, and the rules that some of them are played through.
fn files(subject: &Subject<'_>, settings: &Settings, is_sampled_for_all: bool) -> Vec<File> {
    let service = subject.service;
    if service.slos.is_empty() {
        return Vec::new();
    }
    let cases = |part, scenario: Scenario, records| Cases {
        subject,
        part,
        job: Job::new(&service.name, settings),
        settings,
        step: scenario.step_minutes(),
        records,
    };
    let whole = output::rule_file(service, settings);
    let rules = |file, groups, about| Rules {
        file,
        groups,
        about,
    };
    let groups = match settings.mode {
        Mode::PerSlo => per_slo::group_names(service),
        Mode::Universal => vec![universal::GROUP.to_owned()],
    };
    let name = format!("{}.prometheus.yaml", output::stem(service, settings));
    let test = format!("{name}{TEST}");

    let shapes = shape::representatives(subject);
    let Some(sample) = Part::sample(subject, &shapes) else {
        let cases = cases(Part::whole(service), Scenario::EACH[0], None);
        let content = cases.write(rules(&whole, groups, None), &Scenario::EACH);
        return vec![File {
            name: test,
            content,
        }];
    };
    let of_test = format!("{name}{SAMPLE}{TEST}");
    let (played, all) = (sample.slos.len(), service.slos.len());
    let mut files = Vec::new();
    let (mut records, mut of_sample) = (None, whole.clone());
    let mut groups_of_sample = groups.clone();
    match settings.mode {
        Mode::PerSlo => {
            let groups = per_slo::sample(subject, &sample.slos, settings);
            records = Some(records_of(subject, &shapes, &groups));
            groups_of_sample = groups.iter().map(|group| group.name.clone()).collect();
            of_sample += SAMPLE;
            let about = format!("the rules of {played} of the {all} SLOs in {whole}");
            let file = RuleFile {
                head: head_of_sample(&about),
                groups,
            };
            files.push(File {
                name: of_sample.clone(),
                content: file.into_yaml(),
            });
        }
        Mode::Universal if is_sampled_for_all => of_sample += SAMPLE,
        Mode::Universal => {}
    }
    let about = format!("They play all {all} SLOs in a few steps; {of_test} has every history.");
    let cases_of_all = cases(Part::whole(service), Scenario::Rising, records);
    files.push(File {
        name: test,
        content: cases_of_all.write(rules(&whole, groups, Some(about)), &[Scenario::Rising]),
    });
    let about = format!(
        "They play {played} of {all} SLOs: the rules of any other differ from those of one of these in \
         nothing but names and numbers."
    );
    let cases_of_sample = cases(sample, Scenario::EACH[0], None);
    let rules = rules(&of_sample, groups_of_sample, Some(about));
    files.push(File {
        name: of_test,
        content: cases_of_sample.write(rules, &Scenario::EACH),
    });
    files
}

/// The rules for all SLOs with the alerts of those that are played; `None` where these are all
/// there are.
fn sample_for_all(fleet: &Fleet<'_>, settings: &Settings) -> Option<File> {
    let mut is_less = false;
    let mut played = BTreeSet::new();
    for subject in &fleet.subjects {
        let part = Part::sample(subject, &shape::representatives(subject));
        let part = part.unwrap_or_else(|| Part::whole(subject.service));
        let own = |slo: &&Slo| subject.alerts.are_chosen(slo);
        let all = subject.service.slos.iter().filter(own).count();
        let before = played.len();
        played.extend(part.slos.into_iter().filter(own).map(|slo| &slo.identity));
        is_less |= played.len() - before < all;
    }
    if !is_less {
        return None;
    }
    let RuleFile { groups, .. } =
        universal::rules_with_alerts(fleet, settings, |slo| played.contains(&slo.identity));
    let whole = output::universal_file();
    let about = format!("the rules in {whole} without some alerts of single SLOs");
    let head = head_of_sample(&about);
    Some(File {
        name: format!("{whole}{SAMPLE}"),
        content: RuleFile { head, groups }.into_yaml(),
    })
}

fn head_of_sample(about: &str) -> Vec<String> {
    vec![
        format!("Generated by {GENERATOR}: {about},"),
        "for test cases. Nothing is to load them but promtool.".to_owned(),
    ]
}

/// How many metrics the rules of each SLO record, which are as many as those of its shape do.
fn records_of(subject: &Subject<'_>, shapes: &[(Shape, &Slo)], groups: &[Group]) -> Records {
    let recorded = |slo: &Slo| {
        let label = ("slo", slo.identity.to_string());
        let rules = groups.iter().flat_map(|group| &group.rules);
        let own = rules.filter(|rule| rule.kind == Kind::Record && rule.labels.contains(&label));
        let names: BTreeSet<_> = own.map(|rule| &rule.name).collect();
        names.len()
    };
    let shapes: Vec<_> = shapes
        .iter()
        .map(|(shape, slo)| (shape, recorded(slo)))
        .collect();
    let slos = subject.service.slos.iter();
    let counts = slos.filter_map(|slo| {
        let own = Shape::of(slo, subject);
        let (_, count) = shapes.iter().find(|(shape, _)| **shape == own)?;
        Some((slo.identity.to_string(), *count))
    });
    counts.collect()
}
