//! Advice that is followed to the letter: what it is about is gone, and nothing else is there.

use crate::{
    cases::CASES,
    check::{arguments, fleet},
    fixtures::{Sandbox, elf, endpoint, record, repository, sentinel},
};
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

/// Does what a finding advises, and checks again.
fn follow(sandbox: &Sandbox, more: &str) -> Vec<Value> {
    let run = sandbox.slo(&format!(
        "check --fix --yes --allow-dirty --format json --today 2026-06-01 --bin orders {more}"
    ));
    assert!(run.code < 2, "{run:?}");
    let lines = run.out.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().unwrap()
}

/// The only change of a finding.
fn change(finding: &Value) -> &Value {
    match finding["changes"].as_array().map(Vec::as_slice) {
        Some([change]) => change,
        _ => panic!("not one change: {finding}"),
    }
}

/// The texts that a change writes.
fn texts(change: &Value) -> String {
    let edits = change["edits"].as_array().unwrap().iter();
    edits
        .map(|edit| edit["text"].as_str().unwrap().to_owned() + "\n")
        .collect()
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
        assert_eq!(change(finding)["certain"], true);
        let after = follow(&sandbox, "");
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
    let text = texts(change(finding));
    assert!(
        text.contains("false-pages = \"2/year\"\ncondition"),
        "{text}"
    );
    let after = follow(&sandbox, "--catalog catalogue");
    for rule in ALERTS {
        assert!(of(&after, rule).is_none(), "{text}\n{after:?}");
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
    let ticket = "[[sound.condition]]\nseverity = \"ticket\"\nbudget = \"10%\"\nlong = \"3d\"\n\
        short = \"6h\"\n";
    let text = setting("deaf", "90%") + &setting("sound", "10%") + ticket;
    sandbox.write("catalogue/burn-rates.toml", text);
    let found = check(&sandbox, "--catalog catalogue");
    let text = texts(change(of(&found, "false-pages").unwrap()));
    assert_eq!(
        text,
        "[slo.\"checkout.availability\"]\nburn-rates = \"sound\"\n"
    );
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

/// The fleet of a newcomer's trial: a setting for one SLO was advised for all of them, and made six
/// errors of one warning.
#[test]
fn a_service_whose_slos_need_different_alerts_ends_clean() {
    let sandbox = Sandbox::new();
    let mut cart = endpoint("cart");
    cart["journey"]["user"] = json!("a developer of a business unit");
    let mut place = cart.clone();
    place["name"] = json!("place-order");
    place["source"]["function"] = json!("place_order");
    place["route"] = json!("POST /place-order");
    place["objectives"] = json!({"availability_ppb": 990_000_000, "window": "30d"});
    let records: Vec<_> = [&cart, &place].into_iter().map(record).collect();
    let records: Vec<_> = records.iter().map(Vec::as_slice).collect();
    let program = elf(&[&[&sentinel()[..]][..], &records].concat());
    sandbox.write("orders", program);
    sandbox.write(
        "slo.toml",
        "# what is not code\ndescription = \"Takes orders\" # of the shop\npolicy = \"standard\"\n\n\
         [catalogue]\npath = \"catalogue\"\n\n[journey.checkout]\nwhen-it-fails = \"no order\"\n\n\
         [traffic]\ncheckout = \"300_000/month\"\n\"checkout/place-order\" = \"5_000/month\"\n\n\
         [detect]\n# wanted by sales\n\"checkout/place-order\" = \"page after 12 errors in 1d\"\n",
    );
    sandbox.write(
        "catalogue/policies.toml",
        "[standard]\nlevel = [{ left = \"0%\", then = \"freeze\" }]\n",
    );
    let before = check(&sandbox, "");
    let rules = ["undetected", "false-pages"];
    let advised: Vec<_> = rules
        .iter()
        .map(|rule| change(of(&before, rule).unwrap()))
        .collect();
    // One answer to both.
    assert_eq!(advised[0], advised[1]);
    let said = before.iter();
    let said: Vec<_> = said
        .flat_map(|finding| [&finding["help"], &finding["changes"]])
        .collect();
    let said = serde_json::to_string(&said).unwrap();
    assert!(!said.contains("NAME") && !said.contains("nobody"), "{said}");
    let after = follow(&sandbox, "");
    assert!(after.is_empty(), "{after:?}");
    let facts = std::fs::read_to_string(sandbox.path("slo.toml")).unwrap();
    for kept in [
        "# what is not code\n",
        " # of the shop\n",
        "# wanted by sales\n",
    ] {
        assert!(facts.contains(kept), "{facts}");
    }
    assert!(
        facts.ends_with(
            "[slo.\"checkout/place-order.availability\"]\n\
             burn-rates = \"orders-checkout-place-order-availability\"\n"
        ),
        "{facts}"
    );
    // Followed once, there is nothing left to do.
    let run = sandbox
        .slo("check --fix --today 2026-06-01 --bin orders")
        .ok();
    assert!(run.err.contains("nothing to fix"), "{run:?}");
}

/// Nobody is asked where nobody is there, and what git can't give back stays.
#[test]
fn nothing_is_written_unasked() {
    let facts = "[[exception]]\nrule = \"off-tier\"\nreason = \"r\"\n";
    let sandbox = service(999_000_000, "30d", facts);
    let is_untouched = || std::fs::read_to_string(sandbox.path("slo.toml")).unwrap() == facts;
    let run = sandbox.slo("check --fix --yes --bin orders");
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.err.contains("`--allow-dirty`") && is_untouched(),
        "{run:?}"
    );
    let run = sandbox.slo("check --fix --allow-dirty --bin orders");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.err.contains("-[[exception]]\n") && is_untouched(),
        "{run:?}"
    );
    assert!(run.out.contains("warning[unused-exception]"), "{run:?}");
    let run = sandbox.slo("check --fix --yes --allow-dirty --bin orders");
    assert!(!run.out.contains("unused-exception"), "{run:?}");
    assert_eq!(
        std::fs::read_to_string(sandbox.path("slo.toml")).unwrap(),
        ""
    );
}

/// Which rules write down a way out, and which have only words: the mistakes of `cases`, one by one.
/// `UPDATE_SNAPSHOTS=1` writes the list again.
#[test]
fn which_ways_out_can_be_pasted() {
    let mut list = String::new();
    for case in CASES {
        let sandbox = fleet(&[case.wrong]);
        let run = sandbox.slo(&arguments(&sandbox, "--format json"));
        let found: Vec<Value> = run
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let finding = of(&found, case.rule).unwrap_or_else(|| panic!("{}", case.rule));
        let changes = finding["changes"].as_array().into_iter().flatten();
        let kinds = changes.map(|change| match change["certain"] == true {
            true => "certain",
            false => "decision",
        });
        let kinds: std::collections::BTreeSet<_> = kinds.collect();
        let kinds: Vec<_> = kinds.into_iter().collect();
        let kinds = match &kinds[..] {
            [] => "talk".to_owned(),
            kinds => format!("change: {}", kinds.join(", ")),
        };
        list += &format!("{:29}{kinds}\n", case.rule);
    }
    let kept = repository("cargo-slo/tests/it/snapshots/check/ways-out.txt");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&kept, &list).unwrap();
    }
    assert_eq!(list, std::fs::read_to_string(kept).unwrap_or_default());
}

/// A name is a text of TOML, whatever is in it.
#[test]
fn no_name_leaves_the_text_that_it_stands_in() {
    // A backslash or a control character makes no name of a service.
    for name in ["a\"] [evil] b = \"", "a'b", "日本 [x] # c"] {
        let sandbox = Sandbox::new();
        let mut cart = endpoint("cart");
        cart["journey"]["objectives"]["window"] = json!("90d");
        let export = json!({"format": 1, "service": name, "records": [cart]});
        sandbox.write("a.slo.json", export.to_string());
        sandbox.write("slo.toml", "");
        let files = "--export a.slo.json --slo-toml slo.toml --today 2026-06-01";
        let run = sandbox.slo(&format!("check --format json {files}"));
        let lines = run.out.lines().map(serde_json::from_str);
        let found: Vec<Value> = lines.collect::<Result<_, _>>().unwrap();
        let advised = change(of(&found, "silent-leak").unwrap());
        for edit in advised["edits"].as_array().unwrap() {
            let text = edit["text"].as_str().unwrap();
            let table: toml::Table = text
                .parse()
                .unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert_eq!(table.len(), 1, "{text}");
            assert!(!table.contains_key("evil"), "{text}");
        }
        let run = sandbox.slo(&format!("check --fix --yes --allow-dirty {files}"));
        assert!(!run.out.contains("silent-leak"), "{name}: {run:?}");
        assert!(
            !run.err.contains('\u{202e}') && !run.err.contains('\u{1b}'),
            "{run:?}"
        );
    }
}
