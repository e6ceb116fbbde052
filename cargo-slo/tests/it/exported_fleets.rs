//! Fleets that nobody thought of: what is found and generated from their exports is what is found
//! and generated from their sources.

use crate::fixtures::{Sandbox, endpoint};
use cargo_slo::{
    definition::{Definition, resolve},
    diagnostics::{Diagnostic, Method},
    fleet::Fleet,
    input::{
        RustSource,
        api::{self, Api},
        catalogue::Catalogue,
        manifest::ManifestFile,
        read_exports,
        values::Date,
    },
    outputs::{self, Settings, export::Export},
    rules::{self, Levels},
};
use proptest::{prop_assert, prop_assert_eq};
use serde_json::json;
use std::{collections::HashMap, fmt::Write, path::PathBuf};

pub(crate) const SERVICES: [&str; 4] = ["a", "b", "c", "d"];

pub(crate) const TIERS: &str =
    "[gold]\navailability = '99.9%'\nlatency = { latency = '99% < 500ms' }\n";
pub(crate) const BURN_RATES: &str = "\
[slow]
condition = [
  { severity = 'page', budget = '5%', long = '6h', short = '30m' },
  { severity = 'ticket', budget = '10%', long = '3d', short = '6h' },
]
[fast]
false-pages = '2/month'
condition = [{ severity = 'page', budget = '2%', long = '1h', short = '5m' }]
";
pub(crate) const POLICIES: &str = "[standard]\nlevel = [{ left = '0%', then = 'freeze' }]\n";
pub(crate) const VENDORS: &str = "[bank]\nowner = 'team-pay'\navailability = '99.5%'\n";

/// Chances from a seed: SplitMix64.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub(crate) fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % most as u64).unwrap()
    }

    pub(crate) fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    pub(crate) fn maybe(&mut self) -> bool {
        self.next().is_multiple_of(2)
    }
}

/// What a `slo.toml` may say about a service with the journey `checkout`.
pub(crate) fn facts(dice: &mut Dice, service: &str) -> String {
    let mut text = format!("service = '{service}'\n");
    for (key, values) in [
        ("description", &["Sells", "", "日本\\\"<b>\u{e9}"][..]),
        ("owner", &["team-x", " "]),
        ("tier", &["gold", "gone"]),
        ("burn-rates", &["slow", "fast", "gone"]),
        ("policy", &["standard", "gone"]),
    ] {
        if dice.maybe() {
            writeln!(text, "{key} = '{}'", dice.one(values)).unwrap();
        }
    }
    let part = |dice: &mut Dice| {
        dice.one(&["checkout", "checkout/one", "chekout"])
            .to_owned()
    };
    for (table, values) in [
        (
            "traffic",
            &["'5_000/day'", "'0.5/second'", "'40/month'"][..],
        ),
        (
            "detect",
            &[
                "'3 errors'",
                "'page after 20 errors in 1h'",
                "'ticket after 1 error'",
            ],
        ),
        (
            "value",
            &[
                "{ per-event = '30 EUR', tolerable-loss = '90 EUR/month' }",
                "{ per-event = '0.01 JPY' }",
                "{ per-event = '3 EUR', tolerable-loss = '9 USD/day' }",
            ],
        ),
        ("journey", &["{ when-it-fails = 'nothing is sold' }", "{}"]),
    ] {
        if dice.maybe() {
            let part = part(dice);
            writeln!(text, "[{table}]\n'{part}' = {}", dice.one(values)).unwrap();
        }
    }
    for _ in 0..dice.below(3) {
        let share = dice.one(&["0%", "50%", "12.5%"]);
        let then = dice.one(&["nothing", "review", "freeze"]);
        writeln!(text, "[[budget-policy]]\nleft = '{share}'\nthen = '{then}'").unwrap();
    }
    for _ in 0..dice.below(4) {
        let called = dice.one(&["a", "b", "c", "d", "bank", "bnak"]);
        let kind = dice.one(&["hard", "hard", "soft"]);
        writeln!(
            text,
            "[[dependency]]\nservice = '{called}'\nkind = '{kind}'"
        )
        .unwrap();
        for line in [
            "journey = 'checkout'",
            "used-by = ['checkout']",
            "mitigation = 'm'",
            "reason = 'r'",
        ] {
            if dice.below(4) == 0 {
                writeln!(text, "{line}").unwrap();
            }
        }
    }
    for _ in 0..dice.below(3) {
        let slo = dice.one(&["checkout.availability", "checkout.latency", "checkout.x"]);
        let verdict = dice.one(&["achievable", "satisfying"]);
        let of = dice.one(&["4efdde23148e1d3a", "0000000000000000"]);
        let date = dice.one(&["2024-02-29", "2026-05-01"]);
        writeln!(
            text,
            "[[review]]\nslo = '{slo}'\nverdict = '{verdict}'\nby = 'B'\ndate = {date}\nof = '{of}'"
        )
        .unwrap();
    }
    for _ in 0..dice.below(3) {
        let rules: Vec<_> = rules::all().iter().map(|rule| rule.name).collect();
        writeln!(text, "[[exception]]\nrule = '{}'", dice.one(&rules)).unwrap();
        for line in ["on = 'checkout.availability'", "reason = 'r'"] {
            if dice.maybe() {
                writeln!(text, "{line}").unwrap();
            }
        }
    }
    if dice.maybe() {
        writeln!(text, "[coverage]\nroutes = ['{service}.txt']").unwrap();
        for line in [
            "prefix = '/api'",
            "ignore = [{ route = 'GET /health', reason = 'r' }]",
        ] {
            if dice.maybe() {
                writeln!(text, "{line}").unwrap();
            }
        }
    }
    text
}

/// A fleet on disk, read as its sources are.
struct Sources {
    sandbox: Sandbox,
    definition: Definition,
    manifests: Vec<ManifestFile>,
    catalogue: Catalogue,
    apis: HashMap<String, Api>,
}

impl Sources {
    fn from_seed(seed: u64) -> Sources {
        let mut dice = Dice(seed);
        let sandbox = Sandbox::new();
        let (mut exports, mut manifests, mut apis) = (Vec::new(), Vec::new(), HashMap::new());
        for service in SERVICES {
            let mut record = endpoint("one");
            let target = [999_900_000, 999_000_000, 990_000_000][dice.below(3)];
            record["journey"]["objectives"]["availability_ppb"] = json!(target);
            record["journey"]["owner"] = json!(dice.one(&["", "team-orders"]));
            let export = json!({"format": 1, "service": service, "records": [record]});
            exports.push(sandbox.write(&format!("{service}.slo.json"), export.to_string()));
            sandbox.write(
                &format!("{service}.txt"),
                "POST /one/{id}\nGET /health\nGET /api/two/*\n",
            );
            if dice.below(5) > 0 {
                let text = facts(&mut dice, service);
                let path = sandbox.path(&format!("{service}.toml"));
                let manifest = ManifestFile::parse(&path, text.clone());
                let manifest = manifest.unwrap_or_else(|error| panic!("{error}\n{text}"));
                let files = manifest.api_files();
                if !files.files.is_empty() {
                    apis.insert(service.to_owned(), api::read(&files).unwrap());
                }
                manifests.push(manifest);
            } else {
                // Nothing is said about it, and that is known.
                let path = sandbox.path(&format!("{service}.toml"));
                manifests
                    .push(ManifestFile::parse(&path, format!("service = '{service}'")).unwrap());
            }
        }
        let catalogue = match dice.below(4) {
            0 => Catalogue::default(),
            _ => {
                for (file, text) in [
                    ("tiers", TIERS),
                    ("burn-rates", BURN_RATES),
                    ("policies", POLICIES),
                    ("vendors", VENDORS),
                ] {
                    if dice.below(5) > 0 {
                        sandbox.write(&format!("catalogue/{file}.toml"), text);
                    }
                }
                std::fs::create_dir_all(sandbox.path("catalogue")).unwrap();
                Catalogue::read(&sandbox.path("catalogue"), &[]).unwrap()
            }
        };
        Sources {
            definition: resolve(&read_exports(&exports).unwrap()).unwrap(),
            sandbox,
            manifests,
            catalogue,
            apis,
        }
    }

    fn fleet<'a>(&'a self, none: &'a Definition) -> Fleet<'a> {
        Fleet::new(
            &self.definition,
            &self.manifests,
            &self.catalogue,
            none,
            today(),
        )
        .unwrap()
        .offering(self.apis.clone())
    }
}

fn today() -> Date {
    "2026-06-01".parse().unwrap()
}

/// What is found in a fleet, without places.
fn found(fleet: &Fleet<'_>) -> Vec<Diagnostic> {
    let levels = Levels::new(&[], &[], &[]).unwrap();
    let mut found = rules::check(fleet, &levels, &mut RustSource::below("nowhere".as_ref()));
    for finding in &mut found {
        finding.location = None;
        // Files are named where they are, and an export is none to write into.
        for edit in finding
            .changes
            .iter_mut()
            .flat_map(|change| &mut change.edits)
        {
            (edit.file, edit.line, edit.replaces) = (String::new(), None, None);
            edit.method = Method::ByHand;
        }
        finding
            .changes
            .retain(|change| !change.does.starts_with("did you mean `POST"));
        finding
            .help
            .retain(|help| !help.starts_with("did you mean `POST") && !help.contains(".txt:"));
        // Files that list routes are named relative to `slo.toml`.
        finding
            .notes
            .retain(|note| !note.starts_with("what it offers stands in"));
    }
    found
}

fn generated(fleet: &Fleet<'_>) -> Vec<String> {
    if !outputs::refusals(fleet).is_empty() {
        return vec!["refused".to_owned()];
    }
    let all = ["prometheus", "grafana", "openslo", "datadog", "sloth"];
    let all = all.into_iter().map(|name| outputs::find(name).unwrap());
    let settings = Settings::default();
    all.flat_map(|output| output.generate(fleet, &settings))
        .map(|file| file.content)
        .collect()
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn exports_say_what_sources_say(seed: u64) {
        let none = Definition::default();
        let sources = Sources::from_seed(seed);
        let fleet = sources.fleet(&none);
        let mut exports: Vec<PathBuf> = Vec::new();
        for subject in &fleet.subjects {
            let file = Export::default().file(&fleet, subject);
            exports.push(sources.sandbox.write(&format!("out/{}", file.name), file.content));
        }
        let definition = resolve(&read_exports(&exports).unwrap()).unwrap();
        let alone = Fleet::new(&definition, &[], Catalogue::NONE, &none, today()).unwrap();
        prop_assert_eq!(found(&fleet), found(&alone));
        prop_assert_eq!(generated(&fleet), generated(&alone));
        // Exported again, it is the same file.
        for (subject, path) in alone.subjects.iter().zip(&exports) {
            let again = Export::default().file(&alone, subject).content;
            prop_assert!(again == std::fs::read_to_string(path).unwrap(), "{}", again);
        }
    }
}
