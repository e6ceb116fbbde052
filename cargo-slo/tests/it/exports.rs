//! Exported files are the services: whatever is done with sources is done with them alone, and says
//! the same.

use crate::{
    cases::CASES,
    check::fleet,
    fixtures::{Run, Sandbox, elf, endpoint, record, sentinel},
};
use cargo_slo::input::{
    self,
    manifest::{Manifest, ManifestFile},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs, path::Path};

/// The arguments that name what a fleet is read from.
const SOURCES: &str = "--catalog catalogue --export gateway.slo.json mail.slo.json orders.slo.json \
    payments.slo.json reports.slo.json search.slo.json settlement.slo.json stock.slo.json \
    --slo-toml gateway.toml mail.toml orders.toml payments.toml reports.toml search.toml \
    settlement.toml stock.toml";

/// The same as exports, and that of a service that only the catalogue knows.
const EXPORTS: &str = "--export out/gateway.slo.json out/mail.slo.json out/orders.slo.json \
    out/payments.slo.json out/reports.slo.json out/search.slo.json out/settlement.slo.json \
    out/stock.slo.json catalogue/services/ledger.slo.json";

/// Findings without their places.
fn findings(run: &Run) -> Vec<Value> {
    assert!(run.code < 2, "{run:?}");
    let findings = run.out.lines().map(|line| {
        let mut finding: Value = serde_json::from_str(line).unwrap();
        finding.as_object_mut().unwrap().remove("location");
        for help in finding["help"].as_array_mut().into_iter().flatten() {
            *help = without_place(help.as_str().unwrap()).into();
        }
        for change in finding["changes"].as_array_mut().into_iter().flatten() {
            change["does"] = without_place(change["does"].as_str().unwrap()).into();
            for edit in change["edits"].as_array_mut().unwrap() {
                let edit = edit.as_object_mut().unwrap();
                edit.retain(|key, _| ["section", "text"].contains(&&**key));
            }
        }
        finding
    });
    let is_known = |finding: &Value| !finding["message"].as_str().unwrap().starts_with("ledger:");
    findings.filter(is_known).collect()
}

/// A sentence without the place in its brackets: `did you mean `GET /a` (api.yaml:7)?`.
fn without_place(help: &str) -> String {
    let parts = help.split_once(" (").and_then(|(before, rest)| {
        let (place, after) = rest.split_once(')')?;
        let (_, line) = place.rsplit_once(':')?;
        line.parse::<u32>().ok()?;
        Some(format!("{before}{after}"))
    });
    parts.unwrap_or_else(|| help.to_owned())
}

fn check(sandbox: &Sandbox, what: &str) -> Run {
    sandbox.slo(&format!(
        "check --format json --today 2026-06-01 --history history.json {what}"
    ))
}

#[test]
fn every_rule_finds_in_exports_alone_what_it_finds_in_sources() {
    for case in CASES {
        let sandbox = fleet(&[case.wrong]);
        sandbox.slo(&format!("export -o out {SOURCES}")).ok();
        let from_sources = findings(&check(&sandbox, SOURCES));
        let from_exports = findings(&check(&sandbox, EXPORTS));
        assert!(!from_sources.is_empty());
        assert_eq!(from_sources, from_exports, "{}", case.rule);
    }
}

#[test]
fn findings_point_into_the_export() {
    let case = CASES.iter().find(|case| case.rule == "dependency-cycle");
    let sandbox = fleet(&[case.unwrap().wrong]);
    sandbox.slo(&format!("export -o out {SOURCES}")).ok();
    let run = check(&sandbox, EXPORTS);
    let found = run
        .out
        .lines()
        .find(|line| line.contains("dependency-cycle"));
    let finding: Value = serde_json::from_str(found.unwrap()).unwrap();
    let place = &finding["location"];
    let file = fs::read_to_string(sandbox.path(place["file"].as_str().unwrap())).unwrap();
    let export: Value = serde_json::from_str(&file).unwrap();
    let pointer = place["part"].as_str().unwrap();
    let value = export.pointer(pointer).unwrap().as_str().unwrap();
    let line = usize::try_from(place["line"].as_u64().unwrap()).unwrap();
    let line = file.lines().nth(line - 1).unwrap();
    assert!(pointer.starts_with("/facts/dependency/"), "{pointer}");
    assert!(line.contains(value), "{line} {value}");
}

#[test]
fn outputs_and_documents_of_exports_are_those_of_sources() {
    let sandbox = fleet(&[(
        "orders.toml",
        "tier = \"gold\"",
        "tier = \"gold\"\nburn-rates = \"slow\"",
    )]);
    let burn_rates = fs::read_to_string(sandbox.path("catalogue/burn-rates.toml")).unwrap();
    assert!(burn_rates.contains("[slow]"), "{burn_rates}");
    sandbox.slo(&format!("export -o out {SOURCES}")).ok();
    for command in [
        "generate prometheus prometheus-rule promtool alertmanager openslo sloth pyrra datadog terraform grafana",
        "doc --history none",
        "doc --history none --lang ja --today 2026-06-01 --measured history.json",
    ] {
        sandbox.slo(&format!("{command} -o one {SOURCES}")).ok();
        sandbox.slo(&format!("{command} -o two {EXPORTS}")).ok();
        let mut compared = 0;
        for entry in fs::read_dir(sandbox.path("one")).unwrap() {
            let name = entry.unwrap().file_name();
            // Of all services, one of which the sources leave in the catalogue.
            if name == "slo.alertmanager.yaml" {
                continue;
            }
            let [one, two] =
                ["one", "two"].map(|folder| fs::read_to_string(sandbox.path(folder).join(&name)));
            let (one, two) = (one.unwrap(), two.unwrap());
            let differing = one.lines().zip(two.lines()).find(|(one, two)| one != two);
            assert_eq!(differing, None, "{command}: {}", name.display());
            assert_eq!(one.len(), two.len(), "{command}: {}", name.display());
            compared += 1;
        }
        assert!(compared >= 16, "{command}: {compared}");
    }
    for command in ["list", "list --format json"] {
        let [one, two] = [
            "gateway.slo.json --slo-toml gateway.toml --catalog catalogue",
            "out/gateway.slo.json",
        ]
        .map(|export| {
            sandbox
                .slo(&format!("{command} --export {export}"))
                .ok()
                .out
        });
        assert_eq!(one, two, "{command}");
    }
}

#[test]
fn an_export_of_exports_is_the_same_file() {
    let sandbox = fleet(&[]);
    sandbox
        .slo(&format!(
            "export -o out --commit 0123abcd --service-version 1.2.3 --date 2026-05-01 {SOURCES}"
        ))
        .ok();
    let exports = EXPORTS.replace(" catalogue/services/ledger.slo.json", "");
    sandbox.slo(&format!("export -o again {exports}")).ok();
    for entry in fs::read_dir(sandbox.path("out")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let read = |folder: &str| fs::read_to_string(sandbox.path(folder).join(&name)).unwrap();
        assert_eq!(read("out"), read("again"), "{name}");
    }
    let orders = fs::read_to_string(sandbox.path("out/orders.slo.json")).unwrap();
    let orders: Value = serde_json::from_str(&orders).unwrap();
    assert_eq!(
        orders["build"],
        json!({"commit": "0123abcd", "version": "1.2.3", "date": "2026-05-01"})
    );
}

/// A value for every key of `slo.toml`, and where it stands in the export.
const FIELDS: [(&str, &str, &str); 18] = [
    ("service", "service = \"orders\"", "/facts/service"),
    (
        "description",
        "description = \"Takes orders\"",
        "/facts/description",
    ),
    ("owner", "owner = \"team-orders\"", "/facts/owner"),
    ("tier", "tier = \"gold\"", "/facts/tier"),
    ("burn-rates", "burn-rates = \"slow\"", "/facts/burn-rates"),
    ("policy", "policy = \"standard\"", "/facts/policy"),
    (
        "budget-policy",
        "[[budget-policy]]\nleft = \"0.5%\"\nthen = \"freeze\"\ntext = \"stop\"",
        "/facts/budget-policy/0/left",
    ),
    (
        "unspent-budget",
        "[unspent-budget]\nleft = \"95.5%\"\nwindows = 4\nthen = \"ship\"\ntext = \"go\"",
        "/facts/unspent-budget/left",
    ),
    (
        "traffic",
        "[traffic]\ncheckout = \"1_200/day\"",
        "/facts/traffic/checkout",
    ),
    (
        "detect",
        "[detect]\ncheckout = \"page after 3 errors in 1h\"",
        "/facts/detect/checkout",
    ),
    (
        "value",
        "[value]\n\"checkout/a~b\" = { per-event = \"3.50 EUR\", tolerable-loss = \"1 EUR/day\" }",
        "/confidential/value/checkout~1a~0b/per-event",
    ),
    (
        "journey",
        "[journey.checkout]\nwhen-it-fails = \"no \\\"cart\\\"\"\ntitle.ja = \"買う\"\nuser = \"u\"\n\
         consumers = [\"shop\"]\nreason = { en = \"r\", ja = \"理由\" }\nreasons.latency = \"l\"",
        "/facts/journey/checkout/when-it-fails",
    ),
    (
        "slo",
        "[slo.\"checkout/a.availability\"]\nburn-rates = \"slow\"",
        "/facts/slo/checkout~1a.availability/burn-rates",
    ),
    (
        "dependency",
        "[[dependency]]\nservice = \"a\"\njourney = \"b/c\"\nkind = \"soft\"\nused-by = [\"d\"]\n\
         mitigation = \"m\"\nreason = \"r\"",
        "/facts/dependency/0/mitigation",
    ),
    (
        "review",
        "[[review]]\nslo = \"a.b\"\nverdict = \"achievable\"\nby = \"c\"\ndate = 2026-05-01\n\
         next = 2026-06-01\nof = \"e\"",
        "/facts/review/0/date",
    ),
    (
        "coverage",
        "[coverage]\nprefix = \"/api\"\nignore = [{ route = \"/health\", reason = \"r\" }]",
        "/facts/coverage/ignore/0/route",
    ),
    (
        "correction",
        "[[correction]]\non = \"a\"\nfrom = 2026-05-30T09:00:00+09:00\nto = 2026-05-30T10:00:00Z\n\
         reason = \"r\"\nby = \"b\"\nlink = \"https://l\"",
        "/facts/correction/0/from",
    ),
    (
        "exception",
        "[[exception]]\nrule = \"few-events\"\non = \"a.b\"\nreason = \"r\"",
        "/facts/exception/0/reason",
    ),
];

#[test]
fn every_fact_comes_back_as_it_was_written() {
    let keys: BTreeSet<_> = FIELDS.iter().map(|(key, ..)| *key).collect();
    let mut known = crate::schema::known::<Manifest>();
    // Where the catalogue is, of which the export holds what is read; and what `diff` alone asks for.
    for at_home in ["catalogue", "removed"] {
        assert!(known.remove(at_home), "{at_home}");
    }
    assert_eq!(keys, known);
    let program = elf(&[&sentinel(), &record(&endpoint("cart"))]);
    for (key, text, pointer) in FIELDS {
        let sandbox = Sandbox::new();
        sandbox.write("orders", &program);
        sandbox.write("slo.toml", text);
        sandbox.slo("export -o out --bin orders").ok();
        let path = sandbox.path("out/orders.slo.json");
        let written = fs::read_to_string(&path).unwrap();
        let export: Value = serde_json::from_str(&written).unwrap();
        assert!(
            export.pointer(pointer).is_some_and(Value::is_string),
            "{key}: {written}"
        );
        let read = input::read_exports(std::slice::from_ref(&path)).unwrap();
        let exported = read.services["orders"].exported.clone().unwrap();
        let expected = ManifestFile::parse(Path::new("slo.toml"), text)
            .unwrap()
            .facts;
        assert_ne!(expected, Manifest::default(), "{key}");
        assert_eq!(exported.manifest.clone().unwrap().facts, expected, "{key}");
        // Nothing else stands there that nobody allowed.
        let others: Vec<_> = export["facts"].as_object().unwrap().keys().collect();
        assert!(others.iter().all(|other| *other == key), "{written}");
    }
}

#[test]
fn what_events_are_worth_is_left_out_of_public_files() {
    let sandbox = fleet(&[]);
    sandbox
        .slo(&format!("export --public -o out {SOURCES}"))
        .ok();
    let export = fs::read_to_string(sandbox.path("out/orders.slo.json")).unwrap();
    for word in ["EUR", "per-event", "tolerable", "confidential"] {
        assert!(!export.contains(word), "{word}");
    }
    let doc = sandbox
        .slo("doc --history none --export out/orders.slo.json")
        .ok();
    assert!(
        !doc.out
            .contains("Nothing is said about what an event is worth"),
        "{}",
        doc.out
    );
    // A public file can't become another again.
    sandbox.slo("export -o again out/orders.slo.json").ok();
    let again = fs::read_to_string(sandbox.path("again/orders.slo.json")).unwrap();
    assert_eq!(export, again);
}

#[test]
fn consumers_are_exported_where_a_journey_names_them() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", elf(&[&sentinel(), &record(&endpoint("cart"))]));
    sandbox.write(
        "slo.toml",
        "[journey.checkout]\nconsumers = [\"shop\", \"sales\"]\nreasons.latncy = \"r\"\n",
    );
    sandbox.write(
        "catalogue/consumers.toml",
        "[shop]\ntitle.ja = \"店\"\ncontact = \"B. Sato\"\n[sale]\ntitle = \"secret\"\n",
    );
    let export = |sources: &str, to: &str| {
        sandbox.slo(&format!("export -o {to} {sources}")).ok();
        fs::read_to_string(sandbox.path(to).join("orders.slo.json")).unwrap()
    };
    let once = export("--catalog catalogue --bin orders", "out");
    let file: Value = serde_json::from_str(&once).unwrap();
    let named = json!({"shop": {"title": {"ja": "店"}, "contact": "B. Sato"}});
    assert_eq!(file["catalogue"]["consumers"], named);
    assert_eq!(once, export("out/orders.slo.json", "again"));
    // A consumer that the catalogue does not have, and an SLI that the journey does not have.
    let run = sandbox.slo("check --catalog catalogue --bin orders");
    for told in [
        "the catalogue has no consumer called `sales`",
        "did you mean `sale`?",
        "there is no SLI called `latncy`",
    ] {
        assert!(run.out.contains(told), "{}", run.out);
    }
}

#[test]
fn exports_of_other_teams_are_left_alone() {
    let sandbox = Sandbox::new();
    for name in ["orders", "stock"] {
        sandbox.write(name, elf(&[&sentinel(), &record(&endpoint("cart"))]));
        let run = sandbox.slo(&format!("export -o exports --bin {name}")).ok();
        assert!(!run.err.contains("earlier"), "{}", run.err);
    }
}

#[test]
fn passwords_are_not_exported() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", elf(&[&sentinel(), &record(&endpoint("cart"))]));
    sandbox.write(
        "slo.toml",
        "description = \"see https://me:secret@wiki.example/\"\n",
    );
    let run = sandbox.slo("export -o out --bin orders");
    let run = run.failed(&["orders.slo.json", "an address with a password"]);
    assert!(!run.err.contains("secret"), "{}", run.err);
    assert!(!sandbox.path("out").exists());
}

/// Three services, each in a folder of its own, with a circle and money.
fn workspaces() -> [Sandbox; 3] {
    let service = |name: &str, target: u32, toml: &str| {
        let sandbox = Sandbox::new();
        let mut endpoint = endpoint(name);
        endpoint["journey"]["objectives"]["availability_ppb"] = json!(target);
        endpoint["journey"]["owner"] = json!("");
        sandbox.write(
            "target/release/program",
            elf(&[&sentinel(), &record(&endpoint)]),
        );
        sandbox.write("slo.toml", toml);
        sandbox.write(
            "routes.txt",
            format!("POST /{name}/{{id}}\nGET /forgotten\nGET /health\n"),
        );
        sandbox.write(
            "org/policies.toml",
            "[standard]\nlevel = [{ left = \"0%\", then = \"freeze\" }]\n",
        );
        sandbox.write(
            "org/vendors.toml",
            "[bank]\nowner = \"team-pay\"\navailability = \"99%\"\n",
        );
        sandbox
    };
    let coverage = "[coverage]\nroutes = [\"routes.txt\"]\n\
                    ignore = [{ route = \"/health\", reason = \"of the platform\" }]\n";
    [
        service(
            "front",
            999_900_000,
            &format!(
                "owner = \"team-front\"\ndescription = \"Sells\"\npolicy = \"standard\"\n\
                 [value]\ncheckout = {{ per-event = \"12.5 EUR\", tolerable-loss = \"9 EUR/day\" }}\n\
                 [traffic]\ncheckout = \"1_000/day\"\n\
                 [[dependency]]\nservice = \"pay\"\nkind = \"hard\"\n\
                 [[review]]\nslo = \"checkout.availability\"\nverdict = \"achievable\"\nby = \"A\"\n\
                 date = 2024-05-01\nof = \"0000000000000000\"\n{coverage}"
            ),
        ),
        service(
            "pay",
            999_000_000,
            &format!(
                "owner = \"team-pay\"\n[[dependency]]\nservice = \"bank\"\nkind = \"hard\"\n\
                 [[dependency]]\nservice = \"stock\"\nkind = \"hard\"\n{coverage}"
            ),
        ),
        service(
            "stock",
            995_000_000,
            "owner = \"team-stock\"\n[[dependency]]\nservice = \"pay\"\nkind = \"hard\"\n\
             [[exception]]\nrule = \"service-description\"\nreason = \"everybody knows\"\n",
        ),
    ]
}

#[test]
fn services_of_three_workspaces_are_checked_from_their_exports_alone() {
    let names = ["front", "pay", "stock"];
    let workspaces = workspaces();
    let hub = Sandbox::new();
    let (mut programs, mut manifests, mut exports) = (Vec::new(), Vec::new(), Vec::new());
    for (name, workspace) in names.iter().zip(&workspaces) {
        // From its own folder, as the team does, and with absolute paths, as a script may.
        let there = hub.path("exports");
        workspace
            .slo(&format!(
                "export --service {name} --catalog org --bin target/release/program -o {}",
                there.display()
            ))
            .ok();
        workspace
            .slo(&format!(
                "export --service {name} --catalog {} --bin {} --slo-toml {} -o absolute",
                workspace.path("org").display(),
                workspace.path("target/release/program").display(),
                workspace.path("slo.toml").display(),
            ))
            .ok();
        let file = format!("{name}.slo.json");
        let export = fs::read_to_string(there.join(&file)).unwrap();
        let absolute = fs::read_to_string(workspace.path("absolute").join(&file)).unwrap();
        assert_eq!(export, absolute);
        let folder = workspace.path("").display().to_string();
        assert!(!export.contains(folder.trim_end_matches('/')), "{export}");
        exports.push(format!("exports/{file}"));
        // What a platform team would have to collect otherwise.
        fs::copy(workspace.path("target/release/program"), hub.path(name)).unwrap();
        let toml = fs::read_to_string(workspace.path("slo.toml")).unwrap();
        let toml = toml.replace("routes.txt", &format!("{name}.txt"));
        hub.write(
            &format!("{name}.toml"),
            format!("service = \"{name}\"\n{toml}"),
        );
        fs::copy(
            workspace.path("routes.txt"),
            hub.path(&format!("{name}.txt")),
        )
        .unwrap();
        programs.push(*name);
        manifests.push(format!("{name}.toml"));
        for file in ["policies.toml", "vendors.toml"] {
            let text = fs::read_to_string(workspace.path("org").join(file)).unwrap();
            hub.write(&format!("org/{file}"), text);
        }
    }
    let sources = format!(
        "--catalog org --bin {} --slo-toml {}",
        programs.join(" "),
        manifests.join(" ")
    );
    let exports = format!("--export {}", exports.join(" "));
    let check = |what: &str| hub.slo(&format!("check --format json --today 2026-06-01 {what}"));
    let from_sources = findings(&check(&sources));
    assert_eq!(from_sources, findings(&check(&exports)));
    let rules: BTreeSet<_> = from_sources
        .iter()
        .map(|f| f["rule"].as_str().unwrap())
        .collect();
    for rule in [
        "target-above-dependency",
        "dependency-cycle",
        "approval-void",
        "review-overdue",
        "tighter-than-loss",
        "no-budget-policy",
        "endpoint-not-annotated",
    ] {
        assert!(rules.contains(rule), "{rule} is not in {rules:?}");
    }
    let owner = |run: Run| run.out.contains("`team-pay`");
    assert!(owner(check(&exports)) && owner(check(&sources)));
    for command in [
        "generate prometheus promtool grafana --mode universal",
        "doc --history none",
    ] {
        hub.slo(&format!("{command} -o one {sources}")).ok();
        hub.slo(&format!("{command} -o two {exports}")).ok();
        for name in fs::read_dir(hub.path("one")).unwrap() {
            let name = name.unwrap().file_name();
            let read = |folder: &str| fs::read(hub.path(folder).join(&name)).ok();
            assert!(read("one") == read("two"), "{command} {}", name.display());
        }
    }
}
