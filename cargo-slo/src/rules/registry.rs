//! All rules there are.

use super::Rule;

/// Every rule, in the order of what people look at first: targets, alerts, dependencies,
/// journeys, coverage and what runs beside them, policy and reviews, and what is wrong with the
/// facts themselves.
static RULES: [Rule; 58] = [
    super::targets::target_below_half::RULE,
    super::targets::few_events::RULE,
    super::targets::no_event::RULE,
    super::targets::outage_too_short::RULE,
    super::targets::off_tier::RULE,
    super::targets::out_of_reach::RULE,
    super::targets::over_achieved::RULE,
    super::targets::loss_above_tolerable::RULE,
    super::targets::tighter_than_loss::RULE,
    super::alerts::alert_never_fires::RULE,
    super::alerts::alert_on_one_event::RULE,
    super::alerts::false_pages::RULE,
    super::alerts::undetected::RULE,
    super::alerts::silent_leak::RULE,
    super::alerts::burn_rate_below_one::RULE,
    super::targets::latency_of_stream::RULE,
    super::targets::threshold_off_boundary::RULE,
    super::dependencies::threshold_below_dependency::RULE,
    super::dependencies::latency_not_promised::RULE,
    super::dependencies::latency_above_dependency::RULE,
    super::dependencies::target_above_dependency::RULE,
    super::dependencies::budget_below_dependencies::RULE,
    super::dependencies::extra_nine::RULE,
    super::dependencies::dependency_window::RULE,
    super::dependencies::dependency_cycle::RULE,
    super::dependencies::dependency_unknown::RULE,
    super::dependencies::dependency_without_slo::RULE,
    super::dependencies::soft_without_mitigation::RULE,
    super::journeys::service_description::RULE,
    super::journeys::journey_facts::RULE,
    super::journeys::journey_failure::RULE,
    super::journeys::no_runbook::RULE,
    super::journeys::status_without_reason::RULE,
    super::journeys::journey_without_availability::RULE,
    super::journeys::journey_of_one_endpoint::RULE,
    super::coverage::two_writers::RULE,
    super::coverage::never_served::RULE,
    super::coverage::not_measured::RULE,
    super::coverage::unannotated_traffic::RULE,
    super::coverage::conflicting_routes::RULE,
    super::coverage::former_name_taken::RULE,
    super::coverage::no_route::RULE,
    super::coverage::endpoint_not_annotated::RULE,
    super::coverage::route_not_offered::RULE,
    super::coverage::unused_ignore::RULE,
    super::policy::no_budget_policy::RULE,
    super::policy::policy_without_action::RULE,
    super::policy::blocks_nobody::RULE,
    super::policy::hoarded_budget::RULE,
    super::policy::approval_void::RULE,
    super::policy::review_overdue::RULE,
    super::policy::never_satisfying::RULE,
    super::facts::not_in_catalogue::RULE,
    super::facts::unknown_name::RULE,
    super::facts::service_name_differs::RULE,
    super::facts::doubtful_correction::RULE,
    super::facts::exception_without_reason::RULE,
    super::facts::unused_exception::RULE,
];

/// Returns every rule.
pub fn all() -> &'static [Rule] {
    &RULES
}

/// Returns the rule of this name.
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
        let families = std::fs::read_dir(folder).unwrap();
        let families = families.map(|entry| entry.unwrap().path());
        let files = families
            .filter(|family| family.is_dir())
            .flat_map(|family| std::fs::read_dir(family).unwrap())
            .map(|entry| entry.unwrap().path());
        for path in files.filter(|path| path.is_file()) {
            let text = std::fs::read_to_string(&path).unwrap();
            if text.contains("const RULE: Rule") {
                let name = path.file_stem().unwrap().to_str().unwrap();
                in_files.insert(name.replace('_', "-"));
            }
        }
        let listed: BTreeSet<_> = all().iter().map(|rule| rule.name.to_owned()).collect();
        assert_eq!(in_files, listed);
    }
}
