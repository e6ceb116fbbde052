//! Advice that is followed to the letter: what it is about is gone, and nothing else is there.

use crate::fixtures::{Sandbox, elf, endpoint, record, sentinel};
use serde_json::{Value, json};

/// A service with one availability objective, and what its `slo.toml` says.
fn service(target_ppb: u64, window: &str, facts: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let mut cart = endpoint("cart");
    cart["journey"]["objectives"] =
        json!({"availability_ppb": target_ppb, "latency": [], "window": window});
    sandbox.write("orders", elf(&[&sentinel(), &record(&cart)]));
    sandbox.write("slo.toml", facts);
    sandbox
}

fn check(sandbox: &Sandbox, more: &str) -> Vec<Value> {
    let run = sandbox.slo(&format!(
        "check --format json --today 2026-06-01 --bin orders {more}"
    ));
    assert!(run.code < 2, "{run:?}");
    let lines = run.out.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().unwrap()
}

fn of<'a>(found: &'a [Value], rule: &str) -> Option<&'a Value> {
    found.iter().find(|finding| finding["rule"] == rule)
}

fn helps(finding: &Value) -> Vec<&str> {
    let helps = finding["help"].as_array().unwrap().iter();
    helps.map(|help| help.as_str().unwrap()).collect()
}

/// Writes what a help says where it says so, and checks again. The catalogue has another setting,
/// so that the head of the file is not its end.
fn follow(sandbox: &Sandbox, help: &str) -> Vec<Value> {
    let quoted: Vec<_> = help.split('`').skip(1).step_by(2).collect();
    let [file, setting, choice, manifest, ..] = quoted[..] else {
        panic!("not to be followed: {help}");
    };
    assert_eq!((file, manifest), ("burn-rates.toml", "slo.toml"), "{help}");
    let other = "[other]\n[[other.condition]]\nseverity = \"page\"\nbudget = \"5%\"\nlong = \"6h\"\n\
        short = \"30m\"\n";
    sandbox.write("catalogue/burn-rates.toml", format!("{setting}\n{other}"));
    let facts = std::fs::read_to_string(sandbox.path("slo.toml")).unwrap();
    let facts = facts.replace("burn-rates = \"strict\"\n", "");
    sandbox.write("slo.toml", format!("{choice}\n{facts}"));
    check(sandbox, "--catalog catalogue")
}

fn to_write(finding: &Value) -> &str {
    let helps = helps(finding);
    let written = helps
        .iter()
        .find(|help| help.starts_with("write at the head"));
    written.unwrap_or_else(|| panic!("nothing to write: {finding}"))
}

/// Every rule about alerts.
const ALERTS: [&str; 6] = [
    "undetected",
    "false-pages",
    "silent-leak",
    "alert-never-fires",
    "alert-on-one-event",
    "burn-rate-below-one",
];

#[test]
fn settings_that_are_advised_need_no_further_advice() {
    for (rule, target, window, facts) in [
        (
            "undetected",
            990_000_000,
            "30d",
            "[traffic]\ncheckout = \"526/month\"\n[detect]\ncheckout = \"3 errors in 1h\"\n",
        ),
        (
            "undetected",
            990_000_000,
            "28d",
            "[traffic]\ncheckout = \"72_000/month\"\n[detect]\ncheckout = \"12 errors in 1h\"\n",
        ),
        (
            "undetected",
            999_000_000,
            "90d",
            "[traffic]\ncheckout = \"72_000/month\"\n[detect]\ncheckout = \"ticket after 8 errors in 1d\"\n",
        ),
        (
            "false-pages",
            990_000_000,
            "30d",
            "[traffic]\ncheckout = \"5_000/month\"\n",
        ),
        (
            "false-pages",
            990_000_000,
            "28d",
            "[traffic]\ncheckout = \"6_000/month\"\n",
        ),
        ("silent-leak", 999_000_000, "90d", ""),
        ("silent-leak", 999_000_000, "100d", ""),
    ] {
        let sandbox = service(target, window, facts);
        let before = check(&sandbox, "");
        let finding = of(&before, rule).unwrap_or_else(|| panic!("{rule} over {window}"));
        let after = follow(&sandbox, to_write(finding));
        for rule in ALERTS {
            assert!(of(&after, rule).is_none(), "{finding}\n{after:?}");
        }
    }
}

/// The number of pages that the chosen setting allows goes into the one that takes its place.
#[test]
fn a_stricter_number_of_pages_is_kept() {
    let sandbox = service(
        990_000_000,
        "30d",
        "burn-rates = \"strict\"\n[traffic]\ncheckout = \"12_000/month\"\n",
    );
    let strict = "strict = { false-pages = \"2/year\", condition = [\
        { severity = \"page\", budget = \"2%\", long = \"1h\", short = \"5m\" }, \
        { severity = \"ticket\", budget = \"10%\", long = \"3d\", short = \"6h\" }] }\n";
    sandbox.write("catalogue/burn-rates.toml", strict);
    let before = check(&sandbox, "--catalog catalogue");
    let finding = of(&before, "false-pages").unwrap();
    // A month of 30 days has 30/365 of two.
    let notes = finding["notes"].to_string();
    assert!(notes.contains("0.2 a month is allowed"), "{notes}");
    let help = to_write(finding);
    assert!(
        help.contains("{ false-pages = \"2/year\", condition"),
        "{help}"
    );
    let after = follow(&sandbox, help);
    for rule in ALERTS {
        assert!(of(&after, rule).is_none(), "{help}\n{after:?}");
    }
}

#[test]
fn no_setting_is_advised_whose_pages_never_fire() {
    let sandbox = service(
        990_000_000,
        "30d",
        "[traffic]\ncheckout = \"5_000/month\"\n",
    );
    let setting = |name: &str, budget: &str| {
        format!(
            "[[{name}.condition]]\nseverity = \"page\"\nbudget = \"{budget}\"\nlong = \"6h\"\n\
             short = \"30m\"\n"
        )
    };
    // Nine tenths of a month's budget within 6 hours are 108 times the rate: 108% of the events.
    let text = setting("deaf", "90%") + &setting("sound", "10%");
    sandbox.write("catalogue/burn-rates.toml", text);
    let found = check(&sandbox, "--catalog catalogue");
    let helps = helps(of(&found, "false-pages").unwrap()).join("\n");
    assert!(!helps.contains("deaf"), "{helps}");
    assert!(helps.contains("choose `burn-rates = \"sound\"`"), "{helps}");
}

#[test]
fn a_wish_that_only_a_guard_meets_says_so_in_headline_and_notes() {
    let sandbox = service(
        990_000_000,
        "30d",
        "[traffic]\ncheckout = \"526/month\"\n[detect]\ncheckout = \"3 errors in 1h\"\n",
    );
    let found = check(&sandbox, "");
    let finding = of(&found, "undetected").unwrap();
    let message = finding["message"].as_str().unwrap();
    assert!(
        message.ends_with(
            "alerts of `checkout.availability` tell of 3 errors in 1h, but without a guard, as of \
             Sloth, Pyrra or Datadog, of each single error too"
        ),
        "{message}"
    );
    let notes = finding["notes"].to_string();
    assert!(
        notes.contains(
            "the page over 1h waits for 2 errors in 1h, in which 0.7 events are expected"
        ),
        "{notes}"
    );
}

#[test]
fn wishes_that_no_alert_can_meet_are_told_what_can() {
    for (wish, expected) in [
        ("30 errors in 10d", "a period of at most 3 days"),
        ("page after 2 errors in 3d", "ask for "),
    ] {
        let facts =
            format!("[traffic]\ncheckout = \"5_000/month\"\n[detect]\ncheckout = \"{wish}\"\n");
        let found = check(&service(990_000_000, "30d", &facts), "");
        let helps = helps(of(&found, "undetected").unwrap()).join("\n");
        assert!(helps.contains(expected), "{wish}: {helps}");
        assert!(!helps.contains("longer period"), "{wish}: {helps}");
    }
    // A budget of five holds no eight.
    let facts = "[traffic]\ncheckout = \"526/month\"\n[detect]\ncheckout = \"8 errors in 3d\"\n";
    let found = check(&service(990_000_000, "30d", facts), "");
    let finding = of(&found, "undetected").expect("a finding");
    assert!(
        finding["notes"]
            .to_string()
            .contains("more than the whole budget"),
        "{finding}"
    );
}

#[test]
fn exceptions_wait_for_what_their_rules_need() {
    let exception = |rule: &str| format!("[[exception]]\nrule = \"{rule}\"\nreason = \"r\"\n");
    for rule in [
        "few-events",
        "no-event",
        "alert-on-one-event",
        "false-pages",
        "undetected",
        "loss-above-tolerable",
        "tighter-than-loss",
        "endpoint-not-annotated",
        "route-not-offered",
        "unused-ignore",
    ] {
        let found = check(&service(990_000_000, "30d", &exception(rule)), "");
        assert!(
            of(&found, "unused-exception").is_none(),
            "{rule}: {found:?}"
        );
    }
    let known = |more: &str, rule: &str| {
        let sandbox = service(990_000_000, "30d", &format!("{more}{}", exception(rule)));
        sandbox.write("routes.txt", "POST /cart/{id}\n");
        check(&sandbox, "")
    };
    for (more, rule) in [
        ("[traffic]\ncheckout = \"5_000_000/month\"\n", "few-events"),
        (
            "[coverage]\nroutes = [\"routes.txt\"]\n",
            "route-not-offered",
        ),
    ] {
        let found = known(more, rule);
        assert!(
            of(&found, "unused-exception").is_some(),
            "{rule}: {found:?}"
        );
    }
}

/// The finding and its exception are the same in each run, with a history and without.
#[test]
fn an_exception_from_measured_traffic_is_used_or_left_alone() {
    let facts =
        "[[exception]]\nrule = \"few-events\"\non = \"checkout.availability\"\nreason = \"r\"\n";
    let sandbox = service(990_000_000, "30d", facts);
    let history = json!({
        "format": 1, "until": "2026-05-31", "step_days": 30,
        "services": {"orders": {"events": [{
            "journey": "checkout", "endpoint": "cart", "sli": "availability", "threshold_ns": null,
            "good": [520, 520, 520], "bad": [6, 6, 6],
        }], "results": [], "durations": []}},
    });
    sandbox.write("history.json", history.to_string());
    for more in ["", "--history history.json"] {
        let found = check(&sandbox, more);
        for rule in ["few-events", "unused-exception"] {
            assert!(of(&found, rule).is_none(), "{more}: {found:?}");
        }
    }
    sandbox.write("slo.toml", "");
    let found = check(&sandbox, "--history history.json");
    assert!(of(&found, "few-events").is_some(), "{found:?}");
}

/// The document finds what `check` finds where `slo.toml` names the files.
#[test]
fn the_document_knows_what_the_service_offers() {
    let facts = "[coverage]\nroutes = [\"routes.txt\"]\n[[exception]]\nrule = \"route-not-offered\"\n\
        reason = \"r\"\n";
    let sandbox = service(990_000_000, "30d", facts);
    sandbox.write("routes.txt", "GET /refunds/{id}\n");
    let run = sandbox.slo("doc --history none --bin orders").ok();
    assert!(
        run.out.contains("| `endpoint-not-annotated` |"),
        "{}",
        run.out
    );
    assert!(!run.out.contains("| `unused-exception` |"), "{}", run.out);
    let found = check(&sandbox, "");
    assert!(of(&found, "endpoint-not-annotated").is_some(), "{found:?}");
    assert!(of(&found, "unused-exception").is_none(), "{found:?}");
}

/// Of a promise over a year, a tenth is longer than a month: 122% of it is not a share.
#[test]
fn no_share_is_more_than_everything() {
    let facts = "[[dependency]]\nservice = \"pay\"\njourney = \"checkout\"\nkind = \"hard\"\n";
    let sandbox = service(900_000_000, "30d", facts);
    let vendor = "[pay]\navailability = \"90%\"\nwindow = \"366d\"\n";
    sandbox.write("catalogue/vendors.toml", vendor);
    let found = check(&sandbox, "--catalog catalogue");
    let notes = of(&found, "dependency-window").unwrap()["notes"].to_string();
    assert!(
        notes.contains("its budget lasts longer than 30d"),
        "{notes}"
    );
    assert!(!notes.contains("122%"), "{notes}");
}
