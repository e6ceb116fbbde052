//! All rules there are.

use super::Rule;

/// Every rule, in the order of what people look at first: targets, alerts, dependencies,
/// journeys, coverage and what runs beside them, policy and reviews, and what is wrong with the
/// facts themselves.
static RULES: [Rule; 54] = [
    super::target_below_half::RULE,
    super::few_events::RULE,
    super::no_event::RULE,
    super::outage_too_short::RULE,
    super::off_tier::RULE,
    super::out_of_reach::RULE,
    super::over_achieved::RULE,
    super::loss_above_tolerable::RULE,
    super::tighter_than_loss::RULE,
    super::alert_never_fires::RULE,
    super::alert_on_one_event::RULE,
    super::false_pages::RULE,
    super::undetected::RULE,
    super::silent_leak::RULE,
    super::burn_rate_below_one::RULE,
    super::latency_of_stream::RULE,
    super::threshold_off_boundary::RULE,
    super::threshold_below_dependency::RULE,
    super::latency_not_promised::RULE,
    super::latency_above_dependency::RULE,
    super::target_above_dependency::RULE,
    super::budget_below_dependencies::RULE,
    super::extra_nine::RULE,
    super::dependency_window::RULE,
    super::dependency_cycle::RULE,
    super::dependency_unknown::RULE,
    super::dependency_without_slo::RULE,
    super::soft_without_mitigation::RULE,
    super::service_description::RULE,
    super::journey_facts::RULE,
    super::journey_failure::RULE,
    super::no_runbook::RULE,
    super::status_without_reason::RULE,
    super::journey_without_availability::RULE,
    super::journey_of_one_endpoint::RULE,
    super::two_writers::RULE,
    super::never_served::RULE,
    super::not_measured::RULE,
    super::unannotated_traffic::RULE,
    super::conflicting_routes::RULE,
    super::no_route::RULE,
    super::endpoint_not_annotated::RULE,
    super::route_not_offered::RULE,
    super::unused_ignore::RULE,
    super::no_budget_policy::RULE,
    super::policy_without_action::RULE,
    super::approval_void::RULE,
    super::review_overdue::RULE,
    super::never_satisfying::RULE,
    super::not_in_catalogue::RULE,
    super::unknown_name::RULE,
    super::service_name_differs::RULE,
    super::exception_without_reason::RULE,
    super::unused_exception::RULE,
];

/// Every rule.
pub fn all() -> &'static [Rule] {
    &RULES
}

/// The rule of this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_has_a_name_and_a_text() {
        let names: BTreeSet<_> = all().iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), all().len());
        for rule in all() {
            let is_kebab = rule
                .name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b == b'-');
            assert!(is_kebab, "{}", rule.name);
            let summary = rule.summary();
            assert!(
                summary.ends_with('.') && summary.len() < 120,
                "{}: {summary}",
                rule.name
            );
            assert!(
                rule.text().lines().count() > 3,
                "{} says too little",
                rule.name
            );
            let file = format!("name: \"{}\"", rule.name);
            assert!(
                rule.source.contains(&file),
                "{} explains another rule",
                rule.name
            );
        }
    }

    #[test]
    fn every_file_with_a_rule_is_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
        let mut in_files = BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            if text.contains("pub(super) const RULE: Rule") && !path.ends_with("registry.rs") {
                let name = path.file_stem().unwrap().to_str().unwrap();
                in_files.insert(name.replace('_', "-"));
            }
        }
        let listed: BTreeSet<_> = all().iter().map(|rule| rule.name.to_owned()).collect();
        assert_eq!(in_files, listed);
    }
}
