//! What a real Thanos and a real Mimir answered, in `answers`. `xtask/record/stores.py` records it again.

use crate::{
    fixtures::{Sandbox, repository},
    hostile_store::Question,
    servers::{Answer, Server, parameter},
};
use cargo_slo::input::{
    history::{Asked, fetch_until},
    http::{Address, Headers},
    prometheus::Prometheus,
};
use serde_json::Value;

/// The store, and the answers of it.
fn answers(store: &str) -> Value {
    let path = format!("cargo-slo/tests/it/recorded_stores/answers/{store}.json");
    let text = std::fs::read_to_string(repository(&path)).unwrap();
    let recorded: Value = serde_json::from_str(&text).unwrap();
    assert!(
        recorded["store"].as_str().unwrap().contains("@v"),
        "{recorded}"
    );
    recorded["answers"].clone()
}

/// Answers to a question as the store did, or each as it did once.
fn store(answers: Value, always: Option<&'static str>) -> Server {
    Server::new(move |head| {
        let question = Question::of(head);
        let all = answers.as_array().unwrap();
        let is_meant = |recorded: &&Value| match always {
            Some(path) => recorded["path"] == path,
            None => {
                recorded["path"] == question.path[1..]
                    && recorded["asked"]["query"] == *question.query
                    && recorded["asked"]["start"].as_str() == parameter(head, "start")
            }
        };
        let recorded = all
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

/// The moment of the first question, in seconds since 1970.
fn moment(answers: &Value) -> u64 {
    let time = answers[0]["asked"]["time"].as_str().unwrap();
    time.strip_suffix(".000").unwrap().parse().unwrap()
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

/// 810 good and 90 bad events in ten minutes, which `increase` scales to a day.
#[test]
fn both_are_read_as_histories() {
    for (name, has_suffixes) in [("thanos", true), ("mimir", false)] {
        let answers = answers(name);
        let now = moment(&answers);
        let store = store(answers, None);
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

#[test]
fn status_says_which_rules_fit() {
    let sandbox = Sandbox::new();
    let export = repository("cargo-slo/tests/it/exports/shop-orders.slo.json");
    sandbox.write("shop-orders.slo.json", std::fs::read(export).unwrap());
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
        let answers = answers(name);
        let asked = answers.as_array().unwrap().iter();
        let mut times =
            asked.filter(|answer| answer["asked"]["query"] == "slo:events:sum_window{}");
        let time = times.next().unwrap()["asked"]["time"].as_str().unwrap();
        let seconds = time.strip_suffix(".000").unwrap().parse().unwrap();
        let at = jiff::Timestamp::from_second(seconds).unwrap();
        let store = store(answers.clone(), None);
        let run = sandbox.slo(&format!(
            "status --prometheus {} --at {at} shop-orders.slo.json",
            store.url()
        ));
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.out.contains(words), "{name}: {}", run.out);
    }
}

/// A Thanos of which a store died refuses, as it is asked for no part of an answer; asked for one, it
/// warns. A Mimir has limits and tenants.
#[test]
fn what_is_refused_or_missing_is_told() {
    let dying = store(answers("thanos"), Some("partial-true"));
    let prometheus_of_it = prometheus(&dying);
    let _ = fetch_until(1_800_000_000, &prometheus_of_it, &asked());
    let told = prometheus_of_it.partial().unwrap();
    assert!(told.notes[0].contains("connection refused"), "{told:?}");
    let refusing = store(answers("thanos"), Some("partial-false"));
    let error = fetch_until(1_800_000_000, &prometheus(&refusing), &asked()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("422 Unprocessable Entity: expanding series"),
        "{error}"
    );
    for (kind, words) in [
        ("no-tenant", "401 Unauthorized"),
        ("limit", "the total query time range exceeds the limit"),
    ] {
        let store = store(answers("mimir"), Some(kind));
        let error = fetch_until(1_800_000_000, &prometheus(&store), &asked()).unwrap_err();
        assert!(error.to_string().contains(words), "{kind}: {error}");
    }
    let store = store(answers("mimir"), Some("other-tenant"));
    let error = fetch_until(1_800_000_000, &prometheus(&store), &asked()).unwrap_err();
    assert!(
        error.to_string().contains("no series of `slo.events`"),
        "{error}"
    );
}
