//! What people see of budgets and of the gate, at 80 and 120 columns.
//!
//! After a change that is meant, `UPDATE_SNAPSHOTS=1 cargo test -p cargo-slo --test it status_views`
//! writes the views in `tests/it/snapshots/status` again.

use crate::{
    fixtures::{Sandbox, repository},
    scale::export,
    status::sandbox,
    status_store::{AT, Answers, NOW, PACES, SLOS, WINDOW, events, paces, store},
};
use serde_json::{Value, json};
use std::fs;
use unicode_width::UnicodeWidthStr;

const WIDTHS: [usize; 2] = [80, 120];

/// Compares what a command prints in terminals of both widths. No line is wider, but for questions to
/// the store at the end: they are copied.
fn compare(name: &str, sandbox: &Sandbox, command: &str, answers: &dyn Fn() -> Answers) {
    for width in WIDTHS {
        let url = store(answers());
        let asked = format!("{command} --prometheus {url} --at {AT}");
        let run = sandbox.slo_in(&asked, &[("COLUMNS", &width.to_string())]);
        let folded = run.out.lines();
        for line in folded.take_while(|line| !line.starts_with("asked at ")) {
            assert!(line.width() <= width, "{name}, {width}: {line}");
        }
        let text = format!("{}exit {}\n{}", run.out, run.code, run.err);
        let path =
            repository("cargo-slo/tests/it/snapshots/status").join(format!("{name}-{width}.txt"));
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
        } else {
            assert_eq!(text, fs::read_to_string(&path).unwrap(), "{name}, {width}");
        }
    }
}

/// The SLOs with these numbers of bad events among 41,000.
fn spending(bad: [u64; 3]) -> Vec<Value> {
    let each = SLOS.iter().zip(bad);
    each.flat_map(|(slo, bad)| events(slo, &(41_000 - bad).to_string(), &bad.to_string()))
        .collect()
}

/// Twenty times too fast in the last hour, and slower before.
fn burning(slos: &[&str]) -> Vec<Value> {
    [
        paces("1h", slos, "980", "20"),
        paces("6h", slos, "5993", "7"),
        paces("3d", slos, "89964", "36"),
    ]
    .concat()
}

fn firing(slo: &str) -> Vec<Value> {
    vec![json!({
        "metric": {"slo": slo, "job": "orders", "severity": "page", "alertname": "SloErrorBudgetBurn"},
        "value": [NOW, "1"],
    })]
}

#[test]
fn a_quiet_night() {
    let answers = || {
        let calm = paces("1h", &SLOS, "1000", "0");
        vec![(WINDOW, spending([3, 20, 1])), (PACES, calm)]
    };
    compare("fine", &sandbox(), "status --bin orders", &answers);
}

#[test]
fn a_budget_that_is_spent() {
    let answers = || {
        vec![
            (WINDOW, spending([38, 3, 38])),
            (PACES, burning(&SLOS)),
            ("query=ALERTS", firing(SLOS[2])),
        ]
    };
    compare("spent", &sandbox(), "status --bin orders", &answers);
    let explain = format!("status --bin orders --explain {}", SLOS[2]);
    compare("explained", &sandbox(), &explain, &answers);
}

/// Nothing was counted, or hardly anything, or far more than is allowed, or what is not a count.
#[test]
fn numbers_that_are_none() {
    let sandbox = sandbox();
    sandbox.write("mail.slo.json", export("mail"));
    sandbox.write("slo.toml", "service = \"orders\"\n");
    let mail = |sli: &str| format!("mail/journey-0.{sli}");
    let answers = move || {
        let window = [
            events(SLOS[0], "0", "0"),
            events(SLOS[1], "40", "0"),
            events(SLOS[2], "40", "2"),
            events(&mail("availability"), "0", "12198"),
            events(&mail("latency"), "1", "NaN"),
        ];
        vec![(WINDOW, window.concat())]
    };
    compare(
        "numbers",
        &sandbox,
        "status --bin orders --export mail.slo.json",
        &answers,
    );
}

#[test]
fn more_than_anybody_reads() {
    let sandbox = Sandbox::new();
    let mut files = String::new();
    let mut names = Vec::new();
    for service in ["orders", "payments", "notification-gateway"] {
        sandbox.write(&format!("{service}.slo.json"), export(service));
        files += &format!(" {service}.slo.json");
        for n in 0..5 {
            for part in [
                format!("journey-{n}"),
                format!("journey-{n}/endpoint-{}", 2 * n),
            ] {
                names.push(format!("{service}/{part}.availability"));
                names.push(format!("{service}/{part}.latency"));
            }
        }
    }
    let answers = move || {
        let bad = |n: usize| if n % 25 == 3 { "500" } else { "20" };
        let each = names.iter().enumerate();
        let window = each.flat_map(|(n, slo)| events(slo, "40000", bad(n)));
        vec![(WINDOW, window.collect())]
    };
    compare("many", &sandbox, &format!("status{files}"), &answers);
}

/// Only the windows of its own alerts are recorded, and only these are shown.
#[test]
fn burn_rates_of_ones_own() {
    let sandbox = sandbox();
    sandbox.write(
        "catalogue/burn-rates.toml",
        "[[slow.condition]]\nseverity = \"page\"\nbudget = \"3%\"\nlong = \"2h\"\nshort = \"10m\"\n",
    );
    sandbox.write("slo.toml", "burn-rates = \"slow\"\n");
    let answers = || {
        let recorded = [
            paces("1h", &SLOS, "980", "20"),
            paces("2h", &SLOS, "1990", "10"),
            // Of somebody else's rules.
            paces("6h", &SLOS, "0", "6000"),
        ];
        vec![
            (WINDOW, spending([20, 20, 10])),
            ("slo:events:sum1h|slo:events:sum2h\"", recorded.concat()),
        ]
    };
    compare(
        "own-windows",
        &sandbox,
        "status --bin orders --catalog catalogue",
        &answers,
    );
}

#[test]
fn names_in_japanese() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "services.slo.json",
        export("商品の注文を受け付けるサービス"),
    );
    let answers = || {
        let of = |slo: &str, bad: &str| {
            let slo = format!("商品の注文を受け付けるサービス/{slo}");
            events(&slo, "40000", bad)
        };
        let window = (0..5).flat_map(|n| {
            let parts = [
                format!("journey-{n}"),
                format!("journey-{n}/endpoint-{}", 2 * n),
            ];
            parts.into_iter().flat_map(move |part| {
                let availability = of(&format!("{part}.availability"), "401");
                [availability, of(&format!("{part}.latency"), "500")].concat()
            })
        });
        vec![(WINDOW, window.collect())]
    };
    compare("japanese", &sandbox, "status services.slo.json", &answers);
}

#[test]
fn gates() {
    let sandbox = sandbox();
    sandbox.write(
        "slo.toml",
        "[[budget-policy]]\nleft = \"0%\"\nthen = \"freeze\"\n",
    );
    sandbox.slo("export --bin orders -o exports").ok();
    sandbox.write(
        "overrides.toml",
        "[[override]]\nslo = \"orders\"\nuntil = \"2026-11-30\"\nby = \"Sato, team-orders\"\n\
         because = \"the security patch of the year can't wait, and nothing else is in it\"\n",
    );
    let gate = "gate exports/orders.slo.json";
    let compare = |name: &str, command: &str, bad: Option<[u64; 3]>| {
        let answers = || match bad {
            Some(bad) => vec![(WINDOW, spending(bad))],
            None => Vec::new(),
        };
        compare(name, &sandbox, command, &answers);
    };
    compare("gate-open", gate, Some([38, 20, 1]));
    compare("gate-closed", gate, Some([5214, 20, 38]));
    compare("gate-unknown", gate, None);
    let overridden = format!("{gate} --overrides overrides.toml");
    compare("gate-overridden", &overridden, Some([5214, 20, 38]));
}
