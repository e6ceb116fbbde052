//! Histories from a file, and what is made of them beside the rules of their own.

use crate::{
    asked::{SECRET, prometheus, success},
    fixtures::{Run, Sandbox, elf, endpoint, orders, record, sentinel},
};
use serde_json::{Value, json};

/// A history of `orders` with its journey's events in steps of 30 days.
fn history(good: [u64; 3], late: [u64; 3]) -> Value {
    let zeros = json!([0, 0, 0]);
    let in_time: u64 = good.iter().sum();
    let all = in_time + late.iter().sum::<u64>();
    let events = |sli: &str, threshold: Option<u64>, bad: &Value| {
        json!({"journey": "checkout", "endpoint": "cart", "sli": sli, "threshold_ns": threshold,
            "good": good, "bad": bad})
    };
    json!({
        "format": 1, "until": "2026-05-31", "step_days": 30,
        "services": {"orders": {
            "events": [
                events("availability", None, &zeros),
                events("latency", Some(500_000_000), &json!(late)),
            ],
            "results": [
                {"journey": "checkout", "endpoint": "cart", "result": "ok", "count": 9},
                {"journey": "checkout", "endpoint": "place-order", "result": "ok", "count": 9},
            ],
            "durations": [
                {"endpoint": "cart", "count": all,
                    "buckets": [[500_000_000, in_time], [800_000_000, all * 995 / 1000]]},
                {"endpoint": "place-order", "count": 10,
                    "buckets": [[500_000_000, 10], [800_000_000, 10]]},
            ],
        }},
    })
}

fn sandbox(history: &Value) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    sandbox.write("history.json", history.to_string());
    sandbox
}

fn check(sandbox: &Sandbox, more: &str) -> Vec<Value> {
    let run = sandbox.slo(&format!(
        "check --format json --today 2026-06-01 {more} -A journey-facts -A no-budget-policy \
         -A service-description -A journey-failure --bin orders"
    ));
    assert!(run.code < 2, "{run:?}");
    let lines = run.out.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().unwrap()
}

fn of<'a>(found: &'a [Value], rule: &str) -> &'a Value {
    let of_rule = found.iter().find(|finding| finding["rule"] == rule);
    of_rule.unwrap_or_else(|| panic!("no {rule} in {found:?}"))
}

#[test]
fn traffic_is_measured_where_nobody_said_it() {
    let sandbox = sandbox(&history([500; 3], [2; 3]));
    assert_eq!(check(&sandbox, ""), [] as [Value; 0]);
    let found = check(&sandbox, "--history history.json");
    let finding = of(&found, "no-event");
    let note = finding["notes"][0].as_str().unwrap();
    assert!(
        note.starts_with("500 events measured in 30d at 99.9%"),
        "{note}"
    );
    assert_eq!(finding["location"]["file"], "src/api.rs");
    // A day is not a week.
    let mut short = history([500; 3], [2; 3]);
    short["step_days"] = json!(2);
    sandbox.write("short.json", short.to_string());
    let found = check(&sandbox, "--history short.json");
    assert!(
        found.iter().all(|finding| finding["rule"] != "no-event"),
        "{found:?}"
    );
    // What people say counts more.
    sandbox.write(
        "slo.toml",
        "[traffic]\n\"checkout\" = \"50_000_000/month\"\n",
    );
    let found = check(&sandbox, "--history history.json");
    assert!(
        found.iter().all(|finding| finding["rule"] != "no-event"),
        "{found:?}"
    );
}

#[test]
fn a_threshold_that_most_events_keep_is_offered() {
    let sandbox = sandbox(&history([90_000; 3], [9_000, 8_000, 9_500]));
    let found = check(&sandbox, "--history history.json");
    let finding = of(&found, "out-of-reach");
    let message = "`checkout.latency` promises 99%, and missed it in each of the last 3 windows";
    assert!(
        finding["message"].as_str().unwrap().ends_with(message),
        "{finding}"
    );
    let help = finding["help"].to_string();
    assert!(
        help.contains("99% of the events took at most 800ms"),
        "{help}"
    );
    assert!(help.contains("promise 90%"), "{help}");
}

#[test]
fn what_timed_out_keeps_no_threshold() {
    let mut history = history([90_000; 3], [9_000; 3]);
    // Of a hundred events two were given up, and are late for any threshold.
    let lasted = &mut history["services"]["orders"]["durations"][0];
    let answered = lasted["count"].as_u64().unwrap() * 98 / 100;
    *lasted = json!({"endpoint": "cart", "count": answered,
        "buckets": [[500_000_000, 270_000], [800_000_000, answered]]});
    let found = check(&sandbox(&history), "--history history.json");
    let help = of(&found, "out-of-reach")["help"].to_string();
    assert!(!help.contains("800ms"), "{help}");
}

#[test]
fn events_of_another_threshold_say_nothing_about_this_one() {
    let mut history = history([90_000; 3], [9_000; 3]);
    history["services"]["orders"]["events"][1]["threshold_ns"] = json!(200_000_000);
    let found = check(&sandbox(&history), "--history history.json");
    let about = |rule: &str| found.iter().any(|finding| finding["rule"] == rule);
    assert!(
        !about("out-of-reach") && about("over-achieved"),
        "{found:?}"
    );
}

#[test]
fn an_exception_waits_for_the_history_it_needs() {
    let sandbox = sandbox(&history([90_000; 3], [9_000; 3]));
    let exception = "[traffic]\n\"checkout\" = \"1_000_000/month\"\n\
        [[exception]]\nrule = \"out-of-reach\"\nreason = \"a new cache comes in June\"\n";
    sandbox.write("slo.toml", exception);
    assert!(check(&sandbox, "").is_empty());
    let found = check(&sandbox, "--history history.json");
    assert!(
        found
            .iter()
            .all(|finding| finding["rule"] != "out-of-reach"),
        "{found:?}"
    );
    let kept = sandbox;
    kept.write("history.json", history([90_000; 3], [0; 3]).to_string());
    of(&check(&kept, "--history history.json"), "unused-exception");
}

#[test]
fn hostile_text_in_a_history_changes_no_line() {
    let hostile = "\u{1b}[31m<script>\n::error::x\"'{{ $labels }}%0A";
    let mut history = history([500; 3], [2; 3]);
    history["until"] = json!("2026-05-31");
    let orders = &mut history["services"]["orders"];
    orders["unannotated"] = json!([{"route": hostile, "count": 900}]);
    orders["results"] =
        json!([{"journey": "checkout", "endpoint": hostile, "result": hostile, "count": 9}]);
    let sandbox = sandbox(&history);
    for format in ["human", "json", "github", "sarif"] {
        let run = sandbox.slo(&format!(
            "check --format {format} --history history.json --bin orders"
        ));
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.out.contains("unannotated-traffic"), "{}", run.out);
        assert!(!run.out.contains('\u{1b}'), "{format}: {}", run.out);
        let forged = run.out.lines().any(|line| line.starts_with("::error::x"));
        assert!(!forged, "{format}: {}", run.out);
    }
}

#[test]
fn what_is_no_history_is_told() {
    let sandbox = sandbox(&json!({"format": 2}));
    let run = |more: &str| -> Run { sandbox.slo(&format!("check {more} --bin orders")) };
    run("--history history.json").failed(&["this is not a history", "--> history.json"]);
    run("--history none.json").failed(&["can't be read", "--> none.json"]);
    run("--prometheus http://127.0.0.1:1")
        .failed(&["querying Prometheus failed", "--> http://127.0.0.1:1"]);
    let (address, _heads) = prometheus(1, |_| success("vector", &[]));
    run(&format!("--prometheus {address}")).failed(&["no series of `slo.events`", "--header"]);
    for header in [SECRET, &format!("A_B({SECRET}"), &format!("{SECRET}:")] {
        let told = run(&format!(
            "--prometheus http://127.0.0.1:1 --header {header}"
        ));
        assert!(
            !told
                .failed(&["header 1 of `--header`"])
                .err
                .contains(SECRET)
        );
    }
    let told = sandbox.slo("check --write-history h.json --bin orders");
    assert_eq!(told.code, 2, "{told:?}");
}

#[test]
fn counts_that_no_sum_holds_are_no_history() {
    let mut huge = history([500; 3], [2; 3]);
    let orders = &mut huge["services"]["orders"];
    orders["unannotated"] = json!([{"route": "/healthz", "count": u64::MAX}]);
    let sandbox = sandbox(&huge);
    let check = || sandbox.slo("check --history history.json --bin orders");
    check().failed(&["this is not a history", "more than"]);
    let mut huge = history([500; 3], [2; 3]);
    huge["services"]["orders"]["results"][0]["count"] = json!(u64::MAX);
    sandbox.write("history.json", huge.to_string());
    check().failed(&["this is not a history", "more than"]);
    let mut lengths = history([500; 3], [2; 3]);
    let shorter = &mut lengths["services"]["orders"]["events"][0];
    (shorter["good"], shorter["bad"]) = (json!([1]), json!([0]));
    sandbox.write("history.json", lengths.to_string());
    check().failed(&["this is not a history", "several lengths"]);
    // What is only large is judged, and soon.
    let start = std::time::Instant::now();
    let large = history([1_000_000_000_000; 3], [50_000_000_000; 3]);
    sandbox.write("history.json", large.to_string());
    let run = check();
    assert!(run.out.contains("out-of-reach"), "{run:?}");
    assert!(
        run.out
            .contains("150,000,000,000 of 3,150,000,000,000 events were bad"),
        "{run:?}"
    );
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn windows_follow_one_another() {
    let mut gap = history([90_000; 3], [9_000; 3]);
    let latency = |history: &mut Value, good: [u64; 4], bad: [u64; 4]| {
        for events in history["services"]["orders"]["events"]
            .as_array_mut()
            .unwrap()
        {
            (events["good"], events["bad"]) = (json!(good), json!(bad));
        }
    };
    latency(
        &mut gap,
        [90_000, 90_000, 0, 90_000],
        [9_000, 9_000, 0, 9_000],
    );
    let sandbox = sandbox(&gap);
    let is_found = |history: &Value| {
        sandbox.write("history.json", history.to_string());
        let found = check(&sandbox, "--history history.json");
        found
            .iter()
            .any(|finding| finding["rule"] == "out-of-reach")
    };
    assert!(!is_found(&gap));
    latency(
        &mut gap,
        [0, 90_000, 90_000, 90_000],
        [0, 9_000, 9_000, 9_000],
    );
    assert!(is_found(&gap));
    // Steps of twenty days make no window of thirty.
    gap["step_days"] = json!(20);
    assert!(!is_found(&gap));
}

#[test]
fn a_history_that_does_not_fit_is_told() {
    let sandbox = sandbox(&history([90_000; 3], [9; 3]));
    let told = |today: &str| {
        let run = sandbox.slo(&format!(
            "check --today {today} --history history.json --bin orders"
        ));
        assert!(run.code < 2, "{run:?}");
        run.err
    };
    let lines = |err: &str| err.lines().filter(|line| line.contains("history")).count();
    assert_eq!(lines(&told("2026-06-07")), 0);
    assert_eq!(lines(&told("2026-05-31")), 0);
    let old = told("2026-06-20");
    assert!(
        old.starts_with("history.json ends on 2026-05-31, 20 days ago"),
        "{old}"
    );
    let future = told("2026-05-30");
    assert!(future.contains("and today is 2026-05-30"), "{future}");
    let mut others = history([90_000; 3], [9; 3]);
    others["services"] = json!({"others": {}});
    sandbox.write("history.json", others.to_string());
    let absent = told("2026-06-01");
    assert!(
        absent.contains(
            "the history knows nothing of `orders`; if it is called otherwise there: `--service NAME`\n"
        ),
        "{absent}"
    );
}

#[test]
fn traffic_that_is_ignored_counts_nowhere() {
    let mut history = history([90_000; 3], [9; 3]);
    history["services"]["orders"]["unannotated"] = json!([
        {"route": "/healthz", "count": 900},
        {"route": "/admin/users", "count": 900},
        {"route": "/metrics", "count": 1_500},
    ]);
    let sandbox = sandbox(&history);
    let ignore = |routes: &[&str]| {
        let entries = routes
            .iter()
            .map(|route| format!("{{ route = '{route}', reason = 'probes' }}"));
        let entries: Vec<_> = entries.collect();
        sandbox.write(
            "slo.toml",
            format!("[coverage]\nignore = [{}]\n", entries.join(", ")),
        );
        let found = check(&sandbox, "--history history.json");
        let found: Vec<_> = found
            .into_iter()
            .filter(|finding| finding["rule"] == "unannotated-traffic")
            .collect();
        found
    };
    let found = ignore(&["GET /healthz", "/admin/*"]);
    assert_eq!(found.len(), 1, "{found:?}");
    let message = found[0]["message"].as_str().unwrap();
    assert!(
        message.contains("98% of the requests are to `/metrics`"),
        "{message}"
    );
    assert_eq!(found[0]["notes"][0], "1,500 of 1,518 requests in 90 days");
    assert!(
        found[0]["help"]
            .to_string()
            .contains("`ignore` in `[coverage]`"),
        "{found:?}"
    );
    assert_eq!(ignore(&["/healthz", "/admin", "/metrics"]).len(), 1);
    assert_eq!(ignore(&["/*"]).len(), 0);
}

#[test]
fn endpoints_that_are_new_in_the_build_were_not_there_to_be_called() {
    let mut counted = history([90_000; 3], [9; 3]);
    let found = |counted: &Value| {
        let sandbox = sandbox(counted);
        let found = check(&sandbox, "--history history.json");
        found
            .into_iter()
            .find(|finding| finding["rule"] == "never-served")
    };
    counted["services"]["orders"]["results"][1]["count"] = json!(0);
    let idle = found(&counted).unwrap();
    let message = idle["message"].as_str().unwrap();
    assert!(
        message.ends_with("nothing called `checkout/place-order` in 90 days"),
        "{idle}"
    );
    assert!(
        idle["help"].to_string().contains("then nothing is wrong"),
        "{idle}"
    );
    counted["services"]["orders"]["results"]
        .as_array_mut()
        .unwrap()
        .pop();
    assert_eq!(found(&counted), None);
    // Nobody calls a job.
    let mut job = endpoint("settle");
    job.as_object_mut().unwrap().remove("route");
    job["every_ns"] = json!(3_600_000_000_000u64);
    let results = &mut counted["services"]["orders"]["results"];
    let never = json!({"journey": "checkout", "endpoint": "settle", "result": "ok", "count": 0});
    results.as_array_mut().unwrap().push(never);
    let sandbox = sandbox(&counted);
    sandbox.write(
        "orders",
        elf(&[&sentinel(), &record(&endpoint("cart")), &record(&job)]),
    );
    let found = check(&sandbox, "--history history.json");
    let finding = of(&found, "never-served");
    let message = finding["message"].as_str().unwrap();
    assert!(
        message.ends_with("the job `checkout/settle` did not run in 90 days"),
        "{finding}"
    );
    let help = finding["help"].to_string();
    assert!(
        !help.contains("mounted") && help.contains("starts it"),
        "{help}"
    );
}

#[test]
fn the_largest_numbers_that_can_be_written_are_judged() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    for (traffic, per_event, tolerable) in [
        ("333_333_333.333333333/week", "77_777_777.777777777", "1"),
        (
            "999999999.999999999/second",
            "999_999_999.999999999",
            "0.000000001",
        ),
        (
            "9999999999999.999999999/second",
            "9999999999999.999999999",
            "9999999999999.999999999",
        ),
        ("0.000000001/year", "0.000000001", "9999999999999.999999999"),
    ] {
        sandbox.write(
            "slo.toml",
            format!(
                "[traffic]\n'checkout' = '{traffic}'\n[value]\n'checkout' = {{ per-event = \
                 '{per_event} EUR', tolerable-loss = '{tolerable} EUR/second' }}\n"
            ),
        );
        assert!(!check(&sandbox, "").is_empty());
        sandbox.slo("doc -o out --bin orders").ok();
    }
}

#[test]
fn a_loss_above_all_that_is_at_stake_asks_for_no_nine() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    let found = |tolerable: &str| {
        sandbox.write(
            "slo.toml",
            format!(
                "[traffic]\n'checkout' = '1_000_000/month'\n[value]\n'checkout' = {{ per-event = \
                 '30 EUR', tolerable-loss = '{tolerable} EUR/month' }}\n"
            ),
        );
        check(&sandbox, "")
    };
    for tolerable in ["3_000_000", "20_000_000", "30_000_000", "900_000_000"] {
        let found = found(tolerable);
        let finding = of(&found, "tighter-than-loss");
        let message = finding["message"].as_str().unwrap();
        assert!(message.contains("99.9%, and 90% would keep"), "{message}");
        let notes = finding["notes"].to_string();
        assert!(
            notes.contains("costs 30,000 EUR a month when it is spent"),
            "{notes}"
        );
        assert!(!notes.contains("to the last event"), "{notes}");
    }
    // One that no usual target keeps is named to the last digit; one between two, with both.
    let tight = found("10_000");
    let finding = of(&tight, "loss-above-tolerable");
    assert!(
        finding["changes"]
            .to_string()
            .contains("usual target that keeps the loss is 99.98%"),
        "{finding}"
    );
    assert!(
        finding["notes"]
            .to_string()
            .contains("99.9666667% is enough"),
        "{finding}"
    );
    let tighter = found("100");
    let finding = of(&tighter, "loss-above-tolerable");
    assert!(
        finding
            .to_string()
            .contains("keeps the loss is 99.9996667%"),
        "{finding}"
    );
}

/// A budget that is left, as a policy has it: its own or the catalogue's, counted exactly.
#[test]
fn a_policy_says_what_happens_to_an_unspent_budget() {
    let of = |own: &str, catalogue: &str, good: u64, bad: [u64; 3]| {
        let sandbox = Sandbox::new();
        sandbox.write("orders", elf(&[&sentinel(), &record(&endpoint("cart"))]));
        sandbox.write(
            "catalogue/policies.toml",
            format!("[standard]\nlevel = [{{ left = '0%', then = 'freeze' }}]\n{catalogue}"),
        );
        sandbox.write("slo.toml", format!("policy = 'standard'\n{own}"));
        let good: Vec<_> = bad.iter().map(|bad| good - bad).collect();
        let history = json!({"format": 1, "until": "2026-05-31", "step_days": 30, "services": {"orders": {
            "events": [{"journey": "checkout", "endpoint": "cart", "sli": "availability",
                "good": good, "bad": bad}], "results": [], "durations": [], "unannotated": []}}});
        sandbox.write("history.json", history.to_string());
        let run = sandbox.slo("check --bin orders --catalog catalogue --history history.json");
        assert!(run.code < 2, "{run:?}");
        run.out
    };
    let is_found = |out: &str| out.contains("[hoarded-budget]");
    let unspent = "[unspent-budget]\nthen = 'loosen'\n";
    // 99.9% of 100,000: 100 may be bad, and 90% is left of 10.
    let out = of(unspent, "", 100_000, [10, 3, 10]);
    let shown = "\
warning[hoarded-budget]: orders: `checkout.availability` left 90% or more of its error budget unspent in each of its last 3 windows
  --> src/api.rs:42
   = note: left at the end of each: 90%, 97%, 90%; in the last one 10 of 100 events that may be bad were
   = note: the history reaches until 2026-05-31
   = help: the policy says: loosen: agree on a looser target with those who use it, such as 99.8%, which would have left 95% in the worst of these windows
";
    assert!(out.contains(shown), "{out}");
    assert!(!out.contains("over-achieved"), "{out}");
    for bad in [[11, 3, 10], [10, 11, 3], [0, 0, 11]] {
        assert!(!is_found(&of(unspent, "", 100_000, bad)), "{bad:?}");
    }
    // Fewer windows are asked for than are spent.
    let two = "[unspent-budget]\nwindows = 2\nthen = 'ship'\ntext = 'on Fridays, too'\n";
    let out = of(two, "", 100_000, [50, 3, 10]);
    assert!(
        is_found(&out) && out.contains("is spent; on Fridays, too"),
        "{out}"
    );
    let four = two.replace('2', "4");
    assert!(!is_found(&of(&four, "", 100_000, [0, 0, 0])));
    // What the service says holds before its policy does.
    let named = "unspent = { left = '95%', then = 'rehearse' }\n";
    let out = of("", named, 100_000, [5, 3, 5]);
    assert!(
        is_found(&out) && out.contains("95 more events may be bad"),
        "{out}"
    );
    assert!(!is_found(&of("", named, 100_000, [5, 3, 6])));
    assert!(is_found(&of(unspent, named, 100_000, [5, 3, 6])));
    // A budget of less than five events is left by luck, and without a policy nothing is hoarded.
    assert!(is_found(&of(unspent, "", 5_000, [0, 0, 0])));
    assert!(!is_found(&of(unspent, "", 4_999, [0, 0, 0])));
    let out = of("", "", 100_000, [10, 3, 4]);
    assert!(!is_found(&out), "{out}");
}

#[test]
fn an_unspent_budget_is_written_as_it_is_meant() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", elf(&[&sentinel(), &record(&endpoint("cart"))]));
    for (text, words) in [
        ("left = '0%'\nthen = 'ship'", "`0%` or more is left"),
        ("left = '90'\nthen = 'ship'", "`90` is not a share"),
        ("windows = 0\nthen = 'ship'", "expected 1 to 12"),
        ("then = 'freeze'", "`loosen`, `ship`"),
        ("left = '90%'", "then"),
    ] {
        sandbox.write("slo.toml", format!("[unspent-budget]\n{text}\n"));
        sandbox
            .slo("check --bin orders")
            .failed(&[words, "slo.toml:"]);
    }
    sandbox.write(
        "slo.toml",
        "[unspent-budget]\nthen = 'rehearse'\ntext = 'in the game day'\n[[budget-policy]]\nleft = '0%'\nthen = 'freeze'\n",
    );
    for (language, words) in [
        ("en", "90% and more, at the end of 3 windows in a row"),
        ("ja", "3 期間続けて"),
    ] {
        let page = sandbox
            .slo(&format!(
                "doc --history none --format markdown --lang {language} --bin orders"
            ))
            .ok()
            .out;
        let row = page.lines().find(|line| line.contains(words));
        assert!(
            row.is_some_and(|row| row.contains("in the game day")),
            "{page}"
        );
    }
}
