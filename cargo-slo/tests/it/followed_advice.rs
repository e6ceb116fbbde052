//! Whatever the fleet: each change that a finding advises ends that finding once it is made as it is
//! printed, alone or with all the others, and brings no error.
//!
//! `ADVICE_SEEDS=1000` makes as many fleets, `ADVICE_SEED=7` that one.

use crate::{
    exported_fleets::{BURN_RATES, Dice, POLICIES, SERVICES, TIERS, VENDORS, facts},
    fixtures::{Sandbox, endpoint},
};
use cargo_slo::{
    definition::{Definition, resolve},
    diagnostics::{Change, Diagnostic, Edit, Level, Method, applied, together},
    fleet::Fleet,
    input::{
        RustSource,
        api::{self, Api},
        catalogue::{Catalogue, Table},
        manifest::ManifestFile,
        read_exports, toml_file,
        values::Date,
    },
    rules::{self, Levels},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write,
    path::{Path, PathBuf},
};

/// Fleets in the usual run.
const SEEDS: u64 = 60;

/// Settings that rules find faults in.
const FAULTY: &str = "
[deaf]
condition = [{ severity = 'page', budget = '90%', long = '6h', short = '30m' }]
[hasty]
condition = [
  { severity = 'page', budget = '0.05%', long = '1h', short = '5m' },
  { severity = 'ticket', budget = '5%', long = '3d', short = '6h' },
]
";

/// Rules whose finding hides what a name that is right would bring to light.
const NAMES: [&str; 6] = [
    "unknown-name",
    "dependency-unknown",
    "not-in-catalogue",
    "service-name-differs",
    "unused-exception",
    "unused-ignore",
];

/// All that people wrote, as texts.
#[derive(Clone)]
struct Written {
    exports: Vec<Value>,
    manifests: BTreeMap<PathBuf, String>,
    catalogue: Option<BTreeMap<String, String>>,
}

/// A fleet, and where its files would be.
struct World {
    sandbox: Sandbox,
    written: Written,
}

fn objectives(dice: &mut Dice) -> Value {
    let target = [
        999_990_000,
        999_500_000,
        999_000_000,
        995_000_000,
        990_000_000,
        950_000_000,
        900_000_000,
        800_000_000,
        9_990_000,
    ];
    let window = dice.one(&[
        "30d",
        "30d",
        "30d",
        "28d",
        "7d",
        "1d",
        "90d",
        "calendar-month",
    ]);
    let mut objectives = json!({"window": window});
    objectives["availability_ppb"] = json!(target[dice.below(target.len())]);
    if dice.maybe() {
        let target = target[dice.below(6)];
        objectives["latency"] =
            json!([{"name": "latency", "target_ppb": target, "threshold_ns": 300_000_000}]);
    }
    objectives
}

fn manifest(dice: &mut Dice, service: &str) -> String {
    let mut text = facts(dice, service);
    let has = |text: &str, table: &str| text.contains(&format!("[{table}]"));
    if !has(&text, "traffic") {
        let mut table = "[traffic]\n".to_owned();
        for part in ["checkout", "checkout/two"] {
            let digits = dice.below(7);
            let traffic = (1 + dice.below(9)) * 10usize.pow(u32::try_from(digits).unwrap());
            writeln!(table, "'{part}' = '{traffic}/month'").unwrap();
        }
        text += &table;
    }
    if !has(&text, "detect") {
        let severity = dice.one(&["", "page after ", "ticket after "]).to_owned();
        let errors = 2 + dice.below(30);
        let period = dice.one(&["", " in 1h", " in 6h", " in 1d"]);
        writeln!(
            text,
            "[detect]\n'checkout' = '{severity}{errors} errors{period}'"
        )
        .unwrap();
    }
    if dice.maybe() {
        let setting = dice.one(&["slow", "fast", "deaf", "hasty", "slwo"]);
        let slo = dice.one(&["checkout.availability", "checkout/two.availability"]);
        writeln!(text, "[slo.'{slo}']\nburn-rates = '{setting}' # theirs").unwrap();
    }
    text
}

impl World {
    fn from_seed(seed: u64) -> World {
        let mut dice = Dice(seed);
        let sandbox = Sandbox::new();
        let (mut exports, mut manifests) = (Vec::new(), BTreeMap::new());
        for service in SERVICES {
            let [mut one, mut two] = ["one", "two"].map(endpoint);
            let of_journey = objectives(&mut dice);
            for record in [&mut one, &mut two] {
                record["journey"]["objectives"] = of_journey.clone();
                record["answer"] = json!(dice.one(&["unknown", "stream", "whole"]));
            }
            if dice.maybe() {
                two["objectives"] = objectives(&mut dice);
            }
            if dice.below(4) == 0 {
                two["route"] = json!("POST /tow/{id}");
            }
            exports.push(json!({"format": 1, "service": service, "records": [one, two]}));
            let routes = "POST /one/{id}\nPOST /two/{id}\nGET /health\n";
            sandbox.write(&format!("{service}.txt"), routes);
            let text = manifest(&mut dice, service);
            manifests.insert(sandbox.path(&format!("{service}.toml")), text);
        }
        let files = [
            ("tiers", TIERS.to_owned()),
            ("burn-rates", format!("# ours\n{BURN_RATES}{FAULTY}")),
            ("policies", POLICIES.to_owned()),
            ("vendors", VENDORS.to_owned()),
        ];
        let catalogue = (dice.below(4) > 0).then(|| {
            let files = files.into_iter().filter(|_| dice.below(5) > 0);
            files
                .map(|(name, text)| (format!("{name}.toml"), text))
                .collect()
        });
        let written = Written {
            exports,
            manifests,
            catalogue,
        };
        World { sandbox, written }
    }

    fn found(&self, written: &Written) -> Vec<Diagnostic> {
        let exports = written.exports.iter().map(|export| {
            let name = export["service"].as_str().unwrap();
            self.sandbox
                .write(&format!("{name}.slo.json"), export.to_string())
        });
        let exports: Vec<_> = exports.collect();
        let definition = resolve(&read_exports(&exports).unwrap()).unwrap();
        let (mut manifests, mut apis) = (Vec::new(), HashMap::<String, Api>::new());
        for (path, text) in &written.manifests {
            let file = ManifestFile::parse(path, text.clone());
            let file = file.unwrap_or_else(|error| panic!("{error}\n{text}"));
            let files = file.api_files();
            if !files.files.is_empty() {
                apis.insert(
                    file.service().unwrap().to_owned(),
                    api::read(&files).unwrap(),
                );
            }
            manifests.push(file);
        }
        let catalogue = self.catalogue(written);
        let none = Definition::default();
        let today: Date = "2026-06-01".parse().unwrap();
        let fleet = Fleet::new(&definition, &manifests, &catalogue, &none, today).unwrap();
        let fleet = fleet.offering(apis);
        let levels = Levels::new(&[], &[], &[]).unwrap();
        rules::check(&fleet, &levels, &mut RustSource::below("nowhere".as_ref()))
    }

    fn catalogue(&self, written: &Written) -> Catalogue {
        let Some(files) = &written.catalogue else {
            return Catalogue::default();
        };
        let folder = self.sandbox.path("catalogue");
        fn table<T: serde::de::DeserializeOwned>(
            folder: &Path,
            name: &str,
            files: &BTreeMap<String, String>,
        ) -> Table<T> {
            let Some(text) = files.get(name) else {
                return Table::default();
            };
            let (file, entries) = toml_file::parse(&folder.join(name), text.clone())
                .unwrap_or_else(|error| panic!("{error}\n{text}"));
            Table {
                file: Some(file),
                entries,
            }
        }
        Catalogue {
            tiers: table(&folder, "tiers.toml", files),
            burn_rates: table(&folder, "burn-rates.toml", files),
            policies: table(&folder, "policies.toml", files),
            vendors: table(&folder, "vendors.toml", files),
            folder: Some(folder),
            ..Catalogue::default()
        }
    }

    /// What is written once changes are made; `service` is whose sources are meant.
    fn with(&self, changes: &[&Change], service: &str) -> Written {
        let mut written = self.written.clone();
        let mut by_file: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
        for edit in changes.iter().flat_map(|change| &change.edits) {
            match edit.method {
                Method::ByHand => in_source(&mut written, service, edit),
                _ => by_file.entry(&edit.file).or_default().push(edit),
            }
        }
        for (file, edits) in by_file {
            let path = Path::new(file);
            let of_catalogue = path.starts_with(self.sandbox.path("catalogue"));
            let text = match of_catalogue {
                true => {
                    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                    let files = written.catalogue.get_or_insert_default();
                    files.entry(name).or_default()
                }
                false => written
                    .manifests
                    .get_mut(path)
                    .unwrap_or_else(|| panic!("{file}")),
            };
            let after = applied(text, &edits);
            *text = after.unwrap_or_else(|| panic!("no room for {edits:?} in\n{text}"));
        }
        written
    }
}

/// Writes what is meant for an annotation into the record that it would be.
fn in_source(written: &mut Written, service: &str, edit: &Edit) {
    let export = written
        .exports
        .iter_mut()
        .find(|export| export["service"] == service)
        .unwrap();
    let records = export["records"].as_array_mut().unwrap();
    let section = edit.section.as_deref().unwrap();
    let ppb = |percent: &str| {
        let percent: f64 = percent.trim_end_matches('%').parse().unwrap();
        json!((percent * 1e7).round() as u64)
    };
    let text = &*edit.text;
    let is_journey = section.starts_with("the objectives of the journey");
    for record in records {
        let function = record["source"]["function"].as_str().unwrap();
        if !is_journey && !section.contains(&format!("`{function}`")) {
            continue;
        }
        let objectives = match is_journey {
            true => &mut record["journey"]["objectives"],
            false => &mut record["objectives"],
        };
        if let Some(percent) = text.strip_prefix("availability = ") {
            objectives["availability_ppb"] = ppb(percent);
        } else if let Some(number) = text.strip_prefix(".availability(") {
            objectives["availability_ppb"] = ppb(number.trim_end_matches(')'));
        } else if let Some(rest) = text.strip_prefix("latency = ") {
            let percent = rest
                .strip_suffix(" < 300ms")
                .unwrap_or_else(|| panic!("{text}"));
            objectives["latency"][0]["target_ppb"] = ppb(percent);
        } else if let Some(rest) = text.strip_prefix(".latency(") {
            let number = rest
                .strip_suffix(", millis(300))")
                .unwrap_or_else(|| panic!("{text}"));
            objectives["latency"][0]["target_ppb"] = ppb(number);
        } else if text == "until = headers" {
            record["until"] = json!("headers");
        } else if text.is_empty() && edit.replaces.as_deref() == Some("until = headers") {
            record["until"] = json!("body");
        } else if let Some(route) = text.strip_prefix("route = ") {
            record["route"] = serde_json::from_str(route).unwrap();
        } else {
            panic!("not to be followed: {edit:?}");
        }
    }
}

/// What a finding is about: its rule, its service, and the first name in it.
fn about(finding: &Diagnostic) -> (&'static str, String, String) {
    let service = finding.message.split(':').next().unwrap().to_owned();
    let name = finding.message.split('`').nth(1).unwrap_or_default();
    (finding.rule.unwrap(), service, name.to_owned())
}

fn errors(found: &[Diagnostic]) -> BTreeSet<(&'static str, String, String)> {
    found
        .iter()
        .filter(|one| one.level == Level::Error)
        .map(about)
        .collect()
}

/// What was followed, by rule.
#[derive(Default)]
struct Tally {
    findings: usize,
    alone: BTreeMap<&'static str, usize>,
    together: usize,
}

fn follow(seed: u64, tally: &mut Tally) {
    let world = World::from_seed(seed);
    let before = world.found(&world.written);
    tally.findings += before.len();
    let known = errors(&before);
    let count = |found: &[Diagnostic], one: &Diagnostic| {
        found
            .iter()
            .filter(|other| about(other) == about(one))
            .count()
    };
    let judge = |finding: &Diagnostic, change: &Change, after: &[Diagnostic], how: &str| {
        let rule = finding.rule.unwrap();
        let told = || format!("seed {seed}, {how}: {finding:#?}\nfollowed: {change}\n");
        assert!(
            count(after, finding) < count(&before, finding),
            "{}is still there: {:#?}",
            told(),
            after
                .iter()
                .filter(|other| about(other) == about(finding))
                .collect::<Vec<_>>()
        );
        let is_promise = change
            .edits
            .iter()
            .any(|edit| edit.method == Method::ByHand);
        let new = errors(after);
        let new: Vec<_> = new.difference(&known).collect();
        // What was approved is another value; what hid behind a name is there.
        let is_expected = |(new, ..): &(&'static str, String, String)| {
            (is_promise && *new == "approval-void") || NAMES.contains(&rule)
        };
        let unexpected = new
            .iter()
            .filter(|new| how == "together" || !is_expected(new));
        let unexpected: Vec<_> = unexpected.collect();
        assert!(unexpected.is_empty(), "{}brings {unexpected:?}", told());
    };
    for finding in &before {
        for change in &finding.changes {
            let (rule, service, _) = about(finding);
            let after = world.found(&world.with(&[change], &service));
            judge(finding, change, &after, "alone");
            *tally.alone.entry(rule).or_default() += 1;
        }
    }
    let all = together(&before);
    let after = world.found(&world.with(&all, ""));
    for finding in &before {
        if let Some(change) = finding.changes.iter().find(|change| all.contains(change)) {
            judge(finding, change, &after, "together");
            tally.together += 1;
        }
    }
}

#[test]
fn every_change_ends_its_finding_and_brings_no_error() {
    let of = |name: &str| {
        std::env::var(name)
            .ok()
            .map(|value| value.parse::<u64>().unwrap())
    };
    let seeds = match of("ADVICE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..of("ADVICE_SEEDS").unwrap_or(SEEDS),
    };
    let mut tally = Tally::default();
    for seed in seeds.clone() {
        follow(seed, &mut tally);
    }
    let Tally {
        findings,
        alone,
        together,
    } = tally;
    let made: usize = alone.values().sum();
    println!(
        "{} fleets, {findings} findings, {made} changes alone, {together} together\n{alone:#?}",
        seeds.end - seeds.start
    );
    assert!(seeds.end - seeds.start < SEEDS || (made > 500 && together > 200 && alone.len() > 15));
}
