//! A service with SLOs, and series played through its rules.

use crate::judge::promtool;
use cargo_slo::{
    definition::{self, Definition},
    fleet::Fleet,
    input,
    outputs::{self, Mode, Settings},
};
use serde_json::{Value, json};
use std::fmt::Write;

/// An endpoint of the journey `checkout`: 99 % availability over a window.
pub(crate) fn endpoint(name: &str, journey_window: &str) -> Value {
    json!({
        "name": name,
        "journey": {
            "name": "checkout", "owner": OWNER, "hash": "1",
            "runbook": "https://runbooks.example/{{ .x }}?{",
            "objectives": {
                "availability_ppb": 990_000_000,
                "latency": [{"name": "latency", "target_ppb": 950_000_000, "threshold_ns": 500_000_000}],
                "window": journey_window,
            },
        },
        "hash": "2",
        "source": {
            "package": "p", "version": "1.0.0", "module": "m", "function": "f", "file": "f.rs", "line": 1,
        },
    })
}

/// A name with everything that templates, YAML and PromQL could stumble over.
pub(crate) const OWNER: &str = "team \\ \"orders\" {{ .x }}\n";

/// What a service with these endpoints declares.
pub(crate) fn definition(service: &str, endpoints: &[Value]) -> Definition {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export.slo.json");
    let content = json!({"format": 1, "generator": "", "service": service, "records": endpoints});
    std::fs::write(&export, content.to_string()).unwrap();
    let reading = input::read_exports(&[export]).unwrap();
    definition::resolve(&reading).unwrap()
}

/// Settings of a mode.
pub(crate) fn mode(mode: Mode) -> Settings {
    let mut settings = Settings::default();
    settings.mode = mode;
    settings
}

/// The rules of a definition.
pub(crate) fn rules(definition: &Definition, settings: &Settings) -> String {
    rules_of(&Fleet::from_annotations(definition), settings)
}

/// The rules of a fleet.
pub(crate) fn rules_of(fleet: &Fleet<'_>, settings: &Settings) -> String {
    match settings.mode {
        Mode::PerSlo => outputs::prometheus::rules(&fleet.subjects[0], settings),
        Mode::Universal => outputs::prometheus::universal_rules(fleet, settings),
    }
}

/// Series, and what rules have to make of them. A step is five minutes: rules are evaluated as
/// often as there are samples.
#[derive(Clone, Default)]
pub(crate) struct Play {
    /// Rule files, under any name.
    pub(crate) files: Vec<String>,
    series: Vec<(String, String)>,
    expected: Vec<(String, u32, Option<f64>)>,
}

/// Plays series through the rules of two endpoints with 30 days each, in both modes.
pub(crate) fn play(series: &[(&str, &str)], expected: &[(&str, u32, Option<f64>)]) {
    let definition = definition("orders", &[endpoint("cart", "30d"), endpoint("pay", "30d")]);
    play_both(&definition, &["orders"], series, expected);
}

/// Plays series through the rules of a definition, in both modes; the jobs export its
/// objectives.
pub(crate) fn play_both(
    definition: &Definition,
    jobs: &[&str],
    series: &[(&str, &str)],
    expected: &[(&str, u32, Option<f64>)],
) {
    for mode_of in [Mode::PerSlo, Mode::Universal] {
        let mut play = Play::through(vec![rules(definition, &mode(mode_of))]);
        if mode_of == Mode::Universal {
            for job in jobs {
                play.objectives(definition, job, "x3000");
            }
        }
        play.series(series);
        play.expected(expected);
        play.run();
    }
}

impl Play {
    /// Nothing yet, to be played through these rule files.
    pub(crate) fn through(files: Vec<String>) -> Play {
        Play {
            files,
            ..Play::default()
        }
    }

    /// The objectives of a definition, as one pod of a job exports them for so long.
    pub(crate) fn objectives(&mut self, definition: &Definition, job: &str, how_long: &str) {
        for slo in definition.services.iter().flat_map(|s| &s.slos) {
            let endpoint = match &slo.identity.endpoint {
                Some(endpoint) => format!(",slo_endpoint=\"{endpoint}\""),
                None => String::new(),
            };
            let series = format!(
                "slo_objective_ratio{{job=\"{job}\",slo_journey=\"{}\",slo_sli=\"{}\",slo_window=\"{}\",slo_owner=\"team\"{endpoint}}}",
                slo.identity.journey, slo.identity.sli, slo.window
            );
            let values = format!("{}{how_long}", slo.target.ratio());
            self.series.push((series, values));
        }
    }

    pub(crate) fn series(&mut self, series: &[(&str, &str)]) {
        let owned = series
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        self.series.extend(owned);
    }

    /// Expressions with a moment in minutes and the only value, or `None` if there must be not
    /// a result.
    pub(crate) fn expected(&mut self, expected: &[(&str, u32, Option<f64>)]) {
        let owned = expected.iter().map(|(a, b, c)| ((*a).to_owned(), *b, *c));
        self.expected.extend(owned);
    }

    pub(crate) fn run(&self) {
        let folder = tempfile::tempdir().unwrap();
        let mut order = Vec::new();
        for (place, rules) in self.files.iter().enumerate() {
            let path = folder.path().join(format!("rules{place}.yaml"));
            std::fs::write(path, rules).unwrap();
            let rules: Value = serde_norway::from_str(rules).unwrap();
            let groups = rules["groups"].as_array().unwrap();
            order.extend(groups.iter().map(|group| group["name"].to_string()));
        }
        let mut text = String::from("rule_files: [rules*.yaml]\nevaluation_interval: 5m\n");
        // Files for two namespaces have groups of the same names.
        let mut seen = std::collections::BTreeSet::new();
        order.retain(|name| seen.insert(name.clone()));
        writeln!(text, "group_eval_order: [{}]", order.join(",")).unwrap();
        text += "tests:\n- interval: 5m\n  input_series:\n";
        for (series, values) in &self.series {
            writeln!(text, "  - series: '{series}'\n    values: '{values}'").unwrap();
        }
        text += "  promql_expr_test:\n";
        for (expr, minute, value) in &self.expected {
            writeln!(
                text,
                "  - expr: '{expr}'\n    eval_time: {minute}m\n    exp_samples:"
            )
            .unwrap();
            match value {
                Some(value) => {
                    writeln!(text, "      - {{labels: '{{}}', value: {value}}}").unwrap();
                }
                None => writeln!(text, "      []").unwrap(),
            }
        }
        let test = folder.path().join("test.yaml");
        std::fs::write(&test, text).unwrap();
        promtool(&["test", "rules"], &test);
    }
}

macro_rules! events {
    ($labels:literal) => {
        concat!(
            r#"slo_events_total{job="orders",slo_journey="checkout",slo_sli="availability","#,
            $labels,
            "}"
        )
    };
    ($job:literal, $outcome:literal) => {
        concat!(
            r#"slo_events_total{slo_journey="checkout",slo_sli="availability",slo_endpoint="cart",job=""#,
            $job,
            r#"",slo_outcome=""#,
            $outcome,
            r#""}"#
        )
    };
}

pub(crate) use events;

pub(crate) const GOOD: &str = events!(r#"pod="a",slo_endpoint="cart",slo_outcome="good""#);
pub(crate) const BAD: &str = events!(r#"pod="a",slo_endpoint="cart",slo_outcome="bad""#);
pub(crate) const OTHER_GOOD: &str = events!(r#"pod="b",slo_endpoint="pay",slo_outcome="good""#);
pub(crate) const OTHER_BAD: &str = events!(r#"pod="b",slo_endpoint="pay",slo_outcome="bad""#);

/// What is left of the budget, in billionths, so that a double's last digit does not matter.
pub(crate) const LEFT: &str =
    r#"round(1e9 * sum(slo:error_budget_left:ratio{slo="orders/checkout.availability"}))"#;
pub(crate) const PAGES: &str =
    r#"sum(ALERTS{alertname="SloErrorBudgetBurn",severity="page",slo_window_tier="1h"})"#;
pub(crate) const ALL_ALERTS: &str = r#"sum(ALERTS{alertname="SloErrorBudgetBurn"})"#;

/// A budget left, as [`LEFT`] gives it: of so many events, so many bad, at 99 %.
pub(crate) fn left(bad: f64, valid: f64) -> Option<f64> {
    Some(((1.0 - bad / valid / 0.01) * 1e9).round())
}
