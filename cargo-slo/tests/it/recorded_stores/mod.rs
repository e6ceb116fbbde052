//! What a real Thanos and a real Mimir answered, in `answers`. `xtask/record/stores.py` records it again.

use crate::{
    fixtures::{Run, Sandbox, elf, record, repository, sentinel},
    hostile_store::Question,
    servers::{Answer, Server, parameter},
};
use cargo_slo::input::{
    history::{Asked, fetch_until},
    http::{Address, Headers},
    prometheus::Prometheus,
};
use serde_json::Value;

/// What a store answered in a scene.
fn answers(store: &str, scene: &str) -> Vec<Value> {
    let path = format!("cargo-slo/tests/it/recorded_stores/answers/{store}.json");
    let text = std::fs::read_to_string(repository(&path)).unwrap();
    let recorded: Value = serde_json::from_str(&text).unwrap();
    assert!(
        recorded["store"].as_str().unwrap().contains("@v"),
        "{recorded}"
    );
    let all = recorded["answers"].as_array().unwrap().iter();
    let answers: Vec<_> = all.filter(|answer| answer["scene"] == scene).collect();
    assert!(!answers.is_empty(), "{scene}");
    answers.into_iter().cloned().collect()
}

/// What a store said beside an answer: its `warnings` or its `infos`.
pub(crate) fn beside(store: &str, scene: &str, name: &str) -> Value {
    let said = answers(store, scene).into_iter().find_map(|answer| {
        let answer: Value = serde_json::from_str(answer["body"].as_str()?).ok()?;
        answer.get(name).filter(|texts| texts.is_array()).cloned()
    });
    said.unwrap_or_else(|| panic!("{store} has no {name} in {scene}"))
}

/// Answers to a question as the store did; where it answered one only, to each like to that.
fn store(answers: Vec<Value>) -> Server {
    Server::new(move |head| {
        let question = Question::of(head);
        let is_meant = |recorded: &&Value| {
            let asked = |name| recorded["asked"][name].as_str();
            answers.len() == 1
                || recorded["path"] == question.path[1..]
                    && asked("query").unwrap_or_default() == question.query
                    && ["start", "time"].map(asked) == ["start", "time"].map(|p| parameter(head, p))
        };
        let recorded = answers
            .iter()
            .find(is_meant)
            .unwrap_or_else(|| panic!("{question:?}"));
        let body = recorded["body"].as_str().unwrap();
        match recorded["status"].as_u64().unwrap() {
            200 => Answer::ok(body),
            401 => Answer::of("401 Unauthorized", body),
            400 => Answer::of("400 Bad Request", body),
            422 => Answer::of("422 Unprocessable Entity", body),
            status => panic!("{status}"),
        }
    })
}

/// The moment that the first question is about, as a store is asked about it.
fn moment(answers: &[Value]) -> jiff::Timestamp {
    let mut times = answers
        .iter()
        .map(|answer| answer["asked"]["time"].as_str());
    let time = times.find_map(|time| time).unwrap();
    let seconds = time.split('.').next().unwrap().parse().unwrap();
    jiff::Timestamp::from_second(seconds).unwrap()
}

fn prometheus(store: &Server) -> Prometheus {
    Prometheus::at(Address::parse(&store.url()).unwrap(), Headers::default())
}

fn asked<'a>() -> Asked<'a> {
    Asked {
        services: ["shop-orders"].into(),
        days: 90,
        matchers: "",
    }
}

/// The moment in seconds since 1970.
fn seconds(moment: jiff::Timestamp) -> u64 {
    moment.as_second().try_into().unwrap()
}

/// 810 good and 90 bad events in ten minutes, which `increase` scales to a day.
#[test]
fn both_are_read_as_histories() {
    for (name, has_suffixes) in [("thanos", true), ("mimir", false)] {
        let answers = answers(name, "events");
        let now = seconds(moment(&answers));
        let store = store(answers);
        let prometheus = prometheus(&store);
        let fetched = fetch_until(now, &prometheus, &asked()).unwrap();
        assert!(prometheus.partial().is_none(), "{name}");
        let spelling = fetched.spellings.first().unwrap();
        assert_eq!(
            (spelling.has_dots, spelling.has_suffixes, spelling.has_job),
            (false, has_suffixes, true),
            "{name}"
        );
        let events = &fetched.history.services["shop-orders"].events;
        let [good, bad] = [&events[0].good, &events[0].bad].map(|days| days[0]);
        assert_eq!((events.len(), events[0].good.len()), (1, 1), "{name}");
        assert!(
            (810..=910).contains(&good) && (90..=101).contains(&bad),
            "{name}: {good} {bad}"
        );
    }
}

/// The command about the SLOs that were asked about, at the moment at which they were, with a store that
/// answers as it did.
fn run(store_name: &str, scene: &str, command: &str) -> Run {
    let sandbox = Sandbox::new();
    export(&sandbox);
    let answers = answers(store_name, scene);
    let of_status = |answer: &&Value| {
        let query = answer["asked"]["query"].as_str();
        query.is_some_and(|query| query.contains("slo:events:sum_window"))
    };
    let at = answers.iter().find(of_status).map(std::slice::from_ref);
    let at = at
        .map(moment)
        .map_or(String::new(), |at| format!("--at {at}"));
    let store = store(answers);
    let command = command.replace("STORE", &store.url()).replace("AT", &at);
    sandbox.slo(&format!("{command} --export exports"))
}

/// Exports the annotations that were asked about, with a policy.
fn export(sandbox: &Sandbox) {
    let annotations = repository("cargo-slo/tests/it/exports/shop-orders.slo.json");
    let annotations: Value = serde_json::from_slice(&std::fs::read(annotations).unwrap()).unwrap();
    let records = annotations["records"].as_array().unwrap().iter();
    let records: Vec<_> = records.map(record).collect();
    sandbox.write("shop-orders", elf(&[&sentinel(), &records.concat()]));
    let facts = "service = \"shop-orders\"\npolicy = \"own\"\n";
    sandbox.write("shop-orders.toml", facts);
    let policy = "[own]\nlevel = [{ left = \"0%\", then = \"freeze\" }]\n";
    sandbox.write("catalogue/policies.toml", policy);
    let files = "--slo-toml shop-orders.toml --catalog catalogue";
    sandbox
        .slo(&format!("export --bin shop-orders {files} -o exports"))
        .ok();
}

#[test]
fn status_says_which_rules_fit() {
    for (name, words) in [
        (
            "thanos",
            "events are called `slo_events_total` there and told apart by `job`",
        ),
        (
            "mimir",
            "`cargo slo generate --store mimir` writes rules that fit",
        ),
    ] {
        let run = run(name, "events", "status --prometheus STORE AT");
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.out.contains(words), "{name}: {}", run.out);
    }
}

/// A Thanos of which a store died refuses, as it is asked for no part of an answer; asked for one, it
/// warns. A Mimir has limits.
#[test]
fn what_is_refused_or_missing_is_told() {
    let dying = store(answers("thanos", "partial-true"));
    let prometheus_of_it = prometheus(&dying);
    let _ = fetch_until(1_800_000_000, &prometheus_of_it, &asked());
    let told = prometheus_of_it.partial().unwrap();
    assert!(told.notes[0].contains("connection refused"), "{told:?}");
    for (name, scene, words) in [
        (
            "thanos",
            "partial-false",
            "422 Unprocessable Entity: expanding series",
        ),
        (
            "mimir",
            "too-long",
            "the total query time range exceeds the limit",
        ),
    ] {
        let store = store(answers(name, scene));
        let error = fetch_until(1_800_000_000, &prometheus(&store), &asked()).unwrap_err();
        assert!(error.to_string().contains(words), "{scene}: {error}");
    }
}

/// What the client of a shop counted, and a ruler by the generated rules.
#[test]
fn rulers_keep_the_budgets_that_the_client_counted() {
    for name in ["thanos", "mimir"] {
        let ledger = answers(name, "ruled");
        let ledger = ledger.iter().find(|answer| answer["path"] == "ledger");
        let ledger: Value =
            serde_json::from_str(ledger.unwrap()["body"].as_str().unwrap()).unwrap();
        let status = run(name, "ruled", "status --prometheus STORE AT --format json");
        assert_eq!(status.code, 1, "{name}: {status:?}");
        let report: Value = serde_json::from_str(&status.out).unwrap();
        let slos = report["slos"].as_array().unwrap();
        for (slo, counted) in ledger.as_object().unwrap() {
            let status = slos.iter().find(|status| status["slo"] == **slo).unwrap();
            for outcome in ["good", "bad"] {
                assert_eq!(
                    status["budget"][outcome], counted[outcome],
                    "{name}: {status}"
                );
            }
            assert_eq!(status["unclean-ends"], Value::Null, "{name}: {status}");
            assert_eq!(status["remarks"], serde_json::json!([]), "{name}");
        }
        let [placed, found] = ["checkout/place-order", "browse/find-order"]
            .map(|of| &ledger[format!("shop-orders/{of}.availability")]);
        let bad = [placed, found].map(|counted| counted["bad"].as_u64());
        assert_eq!(bad, [Some(10), Some(0)], "{name}");

        let explained = run(
            name,
            "ruled",
            "status --prometheus STORE AT --explain shop-orders/checkout/place-order.availability",
        );
        for told in [
            ": 10 bad events (100% of the window)",
            "result server_error: 10 bad",
        ] {
            assert!(explained.out.contains(told), "{name}: {}", explained.out);
        }
        let gate = run(name, "ruled", "gate --prometheus STORE AT --few closed");
        assert_eq!(gate.code, 1, "{name}: {gate:?}");
        let closed = "shop-orders/checkout/place-order.availability: closed: 10 bad events, less than 1 is allowed";
        assert!(gate.out.contains(closed), "{name}: {}", gate.out);
    }
}

/// The rules that were loaded are those that are generated, as the APIs of both give them back.
#[test]
fn rulers_give_back_the_rules_that_they_were_given() {
    for (name, scene, against) in [
        ("thanos", "ruled", "STORE"),
        ("mimir", "ruled", "STORE"),
        ("mimir", "configured", "ruler+STORE"),
    ] {
        let diff = |store: &str| {
            let command = format!("diff --against {against} --store {store} --retention 31");
            run(name, scene, &command)
        };
        let same = diff(name);
        assert_eq!((same.code, &*same.out), (0, ""), "{name}: {same:?}");
        let other = diff("victoriametrics");
        assert_ne!(other.code, 0, "{name}: {other:?}");
    }
}

/// Nothing of a ruler that died is taken for a budget that is left.
#[test]
fn a_ruler_that_died_leaves_budgets_unknown() {
    for (scene, words) in [
        ("ruler-dead", "a partial answer: "),
        ("ruler-gone", "not measured"),
    ] {
        let status = run("thanos", scene, "status --prometheus STORE AT");
        assert_eq!(status.code, 2, "{scene}: {status:?}");
        let told = status.out + &status.err;
        assert!(told.contains(words), "{scene}: {told}");
        let gate = run("thanos", scene, "gate --prometheus STORE AT");
        assert_eq!(gate.code, 2, "{scene}: {gate:?}");
    }
}

/// Of a month, Thanos has samples five minutes apart and a few days of raw ones. It is asked for raw
/// ones only, so when the budget is back is unknown and not early.
#[test]
fn no_day_is_foretold_by_raw_samples_that_are_gone() {
    let status = "status --prometheus STORE AT";
    let explained = format!("{status} --explain shop-orders/checkout/place-order.availability");
    for (command, left) in [
        (status, "-684 of 36"),
        (&explained, "left = allowed − bad = -684"),
    ] {
        let raw = run("thanos", "month", command);
        for told in [left, "when it is back is not known: its hours hold "] {
            assert!(raw.out.contains(told), "{}", raw.out);
        }
        // Left to its choice, it has every hour.
        let chosen = run("thanos", "month-downsampled", command);
        for told in [left, "budget again, if no new event is bad: "] {
            assert!(chosen.out.contains(told), "{}", chosen.out);
        }
    }
}

#[test]
fn tenants_and_limits_of_mimir_are_told() {
    for (scene, words) in [
        ("no-tenant", "401 Unauthorized: no org id"),
        ("no-tenant", "`--header 'X-Scope-OrgID: …'`"),
        ("other-tenant", "check the address, the tenant (`--header`)"),
        ("too-many-series", "err-mimir-max-series-per-query"),
    ] {
        for command in ["status --prometheus STORE AT", "gate --prometheus STORE AT"] {
            let run = run("mimir", scene, command);
            assert_eq!(run.code, 2, "{scene}: {run:?}");
            let told = run.out + &run.err;
            assert!(told.contains(words), "{scene}: {told}");
        }
    }
    let other = run("mimir", "ruled-other-tenant", "gate --prometheus STORE AT");
    assert_eq!(other.code, 2, "{other:?}");
}
