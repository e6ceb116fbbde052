//! The generated test cases pass, and would not if a rule were wrong.

use crate::{
    judge::{judge, knows_utf8_names, promtool},
    shop::{definition, endpoint, mode, rules},
};
use cargo_slo::{
    definition::Definition,
    fleet::Fleet,
    input::{catalogue::Catalogue, manifest::ManifestFile, values::Date},
    outputs::{self, Mode, Names, ServiceLabel, Settings},
};
use serde_json::{Value, json};
use slo_model::burn_rate::Scaling;
use std::path::{Path, PathBuf};

/// A folder with what `generate prometheus promtool` writes, and the paths of the cases.
fn generated(fleet: &Fleet<'_>, settings: &Settings) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let mut cases = Vec::new();
    for name in ["prometheus", "promtool"] {
        let output = outputs::find(name).unwrap();
        assert_eq!(output.refusals(fleet, settings), []);
        for file in output.generate(fleet, settings) {
            let path = folder.path().join(&file.name);
            std::fs::write(&path, file.content).unwrap();
            if path.extension().is_some_and(|ending| ending == "test") {
                cases.push(path);
            }
        }
    }
    (folder, cases)
}

/// Plays all cases, which are in so many files.
fn pass(fleet: &Fleet<'_>, settings: &Settings, files: usize) {
    let (_folder, cases) = generated(fleet, settings);
    assert_eq!(cases.len(), files);
    for file in cases {
        promtool(&["test", "rules"], &file);
    }
}

/// Endpoints of journeys of their own, one for each target and window.
fn services(targets: &[u32], windows: &[&str]) -> Vec<Value> {
    let mut all = Vec::new();
    for ppb in targets {
        for window in windows {
            let mut one = endpoint(&format!("e{ppb}-{window}"), window);
            one["journey"]["name"] = json!(format!("j{ppb}-{window}"));
            one["journey"]["objectives"] = json!({"availability_ppb": ppb, "window": window});
            all.push(one);
        }
    }
    all
}

#[test]
fn cases_of_any_target_over_any_window() {
    let targets = [
        900_000_000,
        950_000_000,
        990_000_000,
        999_000_000,
        999_900_000,
        999_990_000,
    ];
    for targets in targets.chunks(2) {
        // So few that every history is played through all of them.
        let definition = definition("orders", &services(targets, &["7d", "90d"]));
        for scaling in [Scaling::KeepWindows, Scaling::ScaleWindows] {
            let fleet = Fleet::from_annotations(&definition).with_scaling(scaling);
            pass(&fleet, &mode(Mode::Universal), 1);
        }
    }
}

#[test]
fn cases_of_rules_of_their_own() {
    let pairs = [
        (900_000_000, "30d"),
        (990_000_000, "7d"),
        (999_000_000, "28d"),
        (999_990_000, "90d"),
    ];
    for scaling in [Scaling::KeepWindows, Scaling::ScaleWindows] {
        for (ppb, window) in pairs {
            let definition = definition("orders", &services(&[ppb], &[window]));
            let fleet = Fleet::from_annotations(&definition).with_scaling(scaling);
            pass(&fleet, &mode(Mode::PerSlo), 1);
        }
    }
}

/// Alerts that a catalogue has, some of them with windows that are not whole hours.
#[test]
fn cases_of_alerts_that_a_service_chose() {
    let folder = tempfile::tempdir().unwrap();
    let condition = |severity: &str, budget: &str, long: &str, short: &str| {
        format!(
            "[[own.condition]]\nseverity = \"{severity}\"\nbudget = \"{budget}\"\n\
             long = \"{long}\"\nshort = \"{short}\"\n"
        )
    };
    for own in [
        vec![
            condition("page", "5%", "6h", "30m"),
            condition("ticket", "10%", "3d", "6h"),
        ],
        vec![condition("page", "2.5%", "90m", "10m")],
        vec![condition("ticket", "12%", "2d", "245m")],
    ] {
        std::fs::write(folder.path().join("burn-rates.toml"), own.join("\n")).unwrap();
        let catalogue = Catalogue::read(folder.path(), &[]).unwrap();
        let manifest = ManifestFile::parse(Path::new("slo.toml"), "burn-rates = 'own'").unwrap();
        let (manifests, others) = ([manifest], Definition::default());
        for (ppb, window) in [(990_000_000, "30d"), (999_000_000, "7d")] {
            let definition = definition("orders", &services(&[ppb], &[window]));
            let today = Date::today();
            let fleet = Fleet::new(&definition, &manifests, &catalogue, &others, today).unwrap();
            assert_eq!(outputs::refusals(&fleet), []);
            pass(&fleet, &mode(Mode::PerSlo), 1);
        }
    }
}

/// A journey with two endpoints, one of which promises more, under every name there is.
#[test]
fn cases_of_both_levels_under_any_name() {
    let mut strict = endpoint("pay", "30d");
    strict["objectives"] = json!({"availability_ppb": 999_500_000, "window": "7d"});
    let definition = definition("orders", &[endpoint("cart", "30d"), strict]);
    let fleet = Fleet::from_annotations(&definition);
    let utf8 = knows_utf8_names();
    for (names, service_label, namespace) in [
        (Names::Suffixes, ServiceLabel::Job, None),
        (
            Names::WithoutSuffixes,
            ServiceLabel::ServiceName,
            Some("shop"),
        ),
        (Names::Utf8, ServiceLabel::Job, Some("shop")),
        (Names::Utf8Suffixes, ServiceLabel::ServiceName, Some("shop")),
    ] {
        if names.is_utf8() && !utf8 {
            continue;
        }
        for mode_of in [Mode::PerSlo, Mode::Universal] {
            let mut settings = mode(mode_of);
            settings.names = names;
            settings.service_label = service_label;
            settings.namespace = namespace.map(str::to_owned);
            if names.is_utf8() && service_label != ServiceLabel::Job && mode_of == Mode::Universal {
                // Prometheus can't evaluate them, so nobody gets them.
                let prometheus = outputs::find("prometheus").unwrap();
                let refused = prometheus.refusals(&fleet, &settings);
                assert!(refused[0].message.contains("`service.name`"), "{refused:?}");
                continue;
            }
            pass(&fleet, &settings, 1);
        }
    }
}

/// Journeys with endpoints that promise more, jobs, names from before and alerts of their own.
fn many() -> Vec<Value> {
    let mut all = Vec::new();
    for n in 0..6 {
        for part in ["a", "b", "c"] {
            let mut one = endpoint(&format!("{part}{n}"), "30d");
            one["journey"]["name"] = json!(format!("j{n}"));
            match (n, part) {
                (0, _) => one["journey"]["formerly"] = json!(["old"]),
                (5, _) => one["every_ns"] = json!(3_600_000_000_000u64),
                (4, "c") => one["every_ns"] = json!(300_000_000_000u64),
                _ => {}
            }
            if part == "b" {
                let window = ["30d", "7d"][n % 2];
                one["objectives"] = json!({"availability_ppb": 999_500_000, "window": window});
            }
            all.push(one);
        }
    }
    all
}

#[test]
fn cases_of_many_slos_are_played_through_a_sample() {
    let folder = tempfile::tempdir().unwrap();
    let own =
        "[[own.condition]]\nseverity = \"page\"\nbudget = \"5%\"\nlong = \"6h\"\nshort = \"30m\"\n";
    std::fs::write(folder.path().join("burn-rates.toml"), own).unwrap();
    let catalogue = Catalogue::read(folder.path(), &[]).unwrap();
    let facts = "[journey.j1]\nburn-rates = 'own'\n[journey.j2]\nburn-rates = 'own'";
    let manifests = [ManifestFile::parse(Path::new("slo.toml"), facts).unwrap()];
    let definition = definition("orders", &many());
    let (others, today) = (Definition::default(), Date::today());
    let fleet = Fleet::new(&definition, &manifests, &catalogue, &others, today).unwrap();
    pass(&fleet, &mode(Mode::PerSlo), 2);
    let mut settings = mode(Mode::Universal);
    settings.namespace = Some("shop".to_owned());
    settings.names = Names::WithoutSuffixes;
    settings.service_label = ServiceLabel::ServiceName;
    pass(&fleet, &settings, 2);
}

/// A mistake somebody made once, in some tool: what stands in the rules, what does instead, and what
/// that is.
type Mistake = (&'static str, &'static str, &'static str);

/// Mistakes that any SLO with a target of 99% over 30 days can have.
const OF_ANY_SLO: [Mistake; 8] = [
    (
        "> 14.4 * 0.01",
        "> 144 * 0.01",
        "a page that can never fire",
    ),
    (
        "> 3 * 0.01",
        "> 1.1 * 0.01",
        "a ticket for a burn too slow for it",
    ),
    ("1.25\n", "0\n", "no guard against a single event"),
    ("offset 30d", "offset 1h", "a window that is none"),
    ("% 2 == 0", "% 2 == 1", "hours that are mixed up"),
    (
        "slo_outcome=\"bad\"",
        "slo_outcome=\"good\"",
        "good for bad",
    ),
    ("/ 0.01", "/ 0.001", "the budget of another target"),
    (
        "> time() - 3540",
        "> time() + 3540",
        "processes whose first sample is not counted",
    ),
];

/// Those that are only looked for where an SLO is one of many.
const OF_ONE_OF_MANY: [Mistake; 4] = [
    ("> 1 * 0.01", "> 2 * 0.01", "a ticket that comes late"),
    (
        "slo_journey=\"j3\"",
        "slo_journey=\"j2\"",
        "the events of another",
    ),
    (
        "slo:burn_rate:ratio1h",
        "slo:error:ratio1h",
        "a metric under the name of another",
    ),
    (
        "severity: \"page\"",
        "severity: \"ticket\"",
        "a page that wakes nobody",
    ),
];

/// Those that are looked for in all rules of a service.
const OF_A_SERVICE: [Mistake; 3] = [
    (
        "[59m30s]",
        "[54m30s]",
        "events that fall between two ranges",
    ),
    (
        "absent_over_time(",
        "vector(0) > absent_over_time(",
        "no alert on missing data",
    ),
    (
        "[1h] offset 1s)",
        "[1h] offset 10m)",
        "events that are counted twice",
    ),
];

/// Makes each mistake in a part of the rules, between what stands before and after it: the cases, which
/// accept the rules as they are, have to refuse it.
fn are_refused<'m>(
    mistakes: impl IntoIterator<Item = &'m Mistake>,
    [before, part, after]: [&str; 3],
    path: &Path,
    cases: &Path,
) {
    assert!(judge(&["test", "rules"], cases).is_ok());
    for (from, to, mistake) in mistakes {
        assert!(part.contains(from), "{from} is nowhere");
        let wrong = format!("{before}{}{after}", part.replace(from, to));
        std::fs::write(path, wrong).unwrap();
        assert!(
            judge(&["test", "rules"], cases).is_err(),
            "{mistake} passed"
        );
    }
}

/// A mistake in the rules of one SLO that is not in the sample.
#[test]
fn a_rule_that_is_wrong_for_one_of_many_slos_fails_its_cases() {
    let endpoints = (0..6).map(|n| {
        let mut one = endpoint(&format!("e{n}"), "30d");
        one["journey"]["name"] = json!(format!("j{n}"));
        one["journey"]["objectives"] = json!({"availability_ppb": 990_000_000, "window": "30d"});
        one
    });
    let definition = definition("orders", &endpoints.collect::<Vec<_>>());
    let (folder, cases) = generated(&Fleet::from_annotations(&definition), &mode(Mode::PerSlo));
    let path = folder.path().join("orders.prometheus.yaml");
    let right = rules(&definition, &mode(Mode::PerSlo));
    let (before, rest) = right.split_at(right.find("slo orders/j3.").unwrap());
    let (own, after) = rest.split_at(rest.find("slo orders/j4.").unwrap());
    let cases = cases
        .iter()
        .find(|path| !path.to_string_lossy().contains("sample"));
    let mistakes = OF_ANY_SLO.iter().chain(&OF_ONE_OF_MANY);
    are_refused(mistakes, [before, own, after], &path, cases.unwrap());
}

#[test]
fn a_wrong_rule_fails_its_cases() {
    let definition = definition("orders", &services(&[990_000_000], &["30d"]));
    let (folder, cases) = generated(&Fleet::from_annotations(&definition), &mode(Mode::PerSlo));
    let [cases] = &cases[..] else {
        panic!("{cases:?}")
    };
    let path = folder.path().join("orders.prometheus.yaml");
    let right = rules(&definition, &mode(Mode::PerSlo));
    let mistakes = OF_ANY_SLO.iter().chain(&OF_A_SERVICE);
    are_refused(mistakes, ["", &right, ""], &path, cases);
}
