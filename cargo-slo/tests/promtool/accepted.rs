//! `promtool check rules` accepts what is generated, whatever is declared.

use crate::{
    judge::{knows_utf8_names, promtool},
    shop::{definition, endpoint, mode, rules, rules_of},
};
use cargo_slo::{
    fleet::Fleet,
    outputs::{self, Mode, Names, ServiceLabel, Settings},
};
use serde_json::{Value, json};
use slo_model::burn_rate::Scaling;

const MODES: [Mode; 2] = [Mode::PerSlo, Mode::Universal];

fn accepted(service: &str, endpoints: &[Value], settings: &Settings) {
    accepted_scaled(service, endpoints, settings, Scaling::default());
}

fn accepted_scaled(service: &str, endpoints: &[Value], settings: &Settings, scaling: Scaling) {
    let definition = definition(service, endpoints);
    let fleet = Fleet::from_annotations(&definition).with_scaling(scaling);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rules.yaml");
    std::fs::write(&path, rules_of(&fleet, settings)).unwrap();
    promtool(&["check", "rules", "--lint-fatal"], &path);
}

#[test]
fn any_window_and_any_name() {
    for mode_of in MODES {
        for window in [
            "30d",
            "7d",
            "28d",
            "90d",
            "calendar-month",
            "calendar-quarter",
        ] {
            let mut strict = endpoint("place-order", window);
            strict["objectives"] = json!({"availability_ppb": 999_999_999, "window": "1d"});
            let mut loose = endpoint("loose", window);
            loose["objectives"] = json!({"availability_ppb": 1, "window": "92d"});
            loose["every_ns"] = json!(86_400_000_000_000u64);
            let endpoints = [endpoint("cart", window), strict, loose];
            for service in ["orders", "or\"d{{s }} '#: é\u{2028}"] {
                let mut settings = mode(mode_of);
                accepted(service, &endpoints, &settings);
                settings.namespace = Some("sh\"o{{p\\.".into());
                accepted(service, &endpoints, &settings);
            }
        }
        accepted("empty", &[], &mode(mode_of));
    }
}

#[test]
fn every_setting() {
    let utf8 = knows_utf8_names();
    let mut job = endpoint("settle", "28d");
    job["every_ns"] = json!(3_600_000_000_000u64);
    job["objectives"] = json!({"availability_ppb": 999_000_000, "window": "7d"});
    let endpoints = [endpoint("cart", "28d"), job];
    for mode_of in MODES {
        for names in Names::ALL.into_iter().filter(|n| utf8 || !n.is_utf8()) {
            for service_label in [ServiceLabel::Job, ServiceLabel::ServiceName] {
                for scaling in [Scaling::KeepWindows, Scaling::ScaleWindows] {
                    let mut settings = mode(mode_of);
                    settings.names = names;
                    settings.service_label = service_label;
                    accepted_scaled("orders", &endpoints, &settings, scaling);
                    settings.namespace = Some("shop".into());
                    accepted_scaled("orders", &endpoints, &settings, scaling);
                }
            }
        }
    }
}

/// The rules inside a `PrometheusRule` are those of the rule file, to the last one.
#[test]
fn objects_for_kubernetes_hold_the_same_rules() {
    let definition = definition("orders", &[endpoint("cart", "30d")]);
    for mode_of in MODES {
        let settings = mode(mode_of);
        let output = outputs::find("prometheus-rule").unwrap();
        let fleet = Fleet::from_annotations(&definition);
        let files: Vec<_> = output.generate(&fleet, &settings).collect();
        let [file] = &files[..] else {
            panic!("{files:?}")
        };
        let object: Value = serde_norway::from_str(&file.content).unwrap();
        assert_eq!(object["kind"], "PrometheusRule");
        let plain: Value = serde_norway::from_str(&rules(&definition, &settings)).unwrap();
        assert_eq!(object["spec"]["groups"], plain["groups"]);
    }
}
