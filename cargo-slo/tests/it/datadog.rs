//! `diff --against datadog`: SLOs and monitors, against a server that answers in the shapes of
//! Datadog's API. `cargo xtask interop datadog` reads its answers, and the requests that are proposed,
//! with the types of Datadog's own client.

use crate::{
    fixtures::{Run, Sandbox, orders, repository},
    servers::{Answer, Server, parameter},
};
use serde_json::{Value, json};
use std::fs;

const KEYS: [(&str, &str); 2] = [("DD_API_KEY", "s3cret-api"), ("DD_APP_KEY", "s3cret-app")];

/// What a Datadog has.
#[derive(Clone)]
struct Stock {
    slos: Vec<Value>,
    monitors: Vec<Value>,
    /// How many objects were ever created.
    created: usize,
}

fn recorded(file: &str) -> Value {
    let path = repository(&format!("cargo-slo/tests/it/datadog/{file}"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

impl Stock {
    /// What others have.
    fn of_others() -> Stock {
        let list = |value: Value| value.as_array().unwrap().clone();
        Stock {
            slos: list(recorded("slos.json")["data"].clone()),
            monitors: list(recorded("monitors.json")),
            created: 0,
        }
    }

    /// What others have, and what was generated and posted.
    fn generated(sandbox: &Sandbox, arguments: &str) -> Stock {
        let run = sandbox
            .slo(&format!("generate datadog {arguments} --bin orders"))
            .ok();
        let file: Value = serde_json::from_str(&run.out).unwrap();
        let mut stock = Stock::of_others();
        for objective in file["objectives"].as_array().unwrap() {
            let id = stock.post(&objective["slo"]);
            for monitor in objective["monitors"].as_array().unwrap() {
                stock.post_monitor(monitor, &id);
            }
        }
        stock
    }

    /// Creates an SLO as Datadog does: with more than it was given.
    fn post(&mut self, body: &Value) -> String {
        let id = format!("{:032x}", 0xfeed_0000 + self.created);
        let mut slo = self.slos[2].clone();
        slo.as_object_mut()
            .unwrap()
            .extend(body.as_object().unwrap().clone());
        slo["id"] = id.clone().into();
        for threshold in slo["thresholds"].as_array_mut().unwrap() {
            threshold["target_display"] = threshold["target"].to_string().into();
        }
        slo["target_threshold"] = slo["thresholds"][0]["target"].clone();
        slo["timeframe"] = slo["thresholds"][0]["timeframe"].clone();
        self.slos.push(slo);
        self.created += 1;
        id
    }

    fn post_monitor(&mut self, body: &Value, slo: &str) {
        let mut monitor = self.monitors[1].clone();
        monitor
            .as_object_mut()
            .unwrap()
            .extend(body.as_object().unwrap().clone());
        monitor["id"] = (1000 + self.created).into();
        monitor["query"] = body["query"]
            .as_str()
            .unwrap()
            .replace("SLO_ID", slo)
            .into();
        monitor["options"]["silenced"] = json!({});
        self.monitors.push(monitor);
        self.created += 1;
    }

    fn slo(&mut self, name: &str) -> &mut Value {
        self.slos
            .iter_mut()
            .find(|slo| slo["name"] == name)
            .unwrap()
    }

    fn monitor(&mut self, name: &str) -> &mut Value {
        let mut all = self.monitors.iter_mut();
        all.find(|monitor| monitor["name"] == name).unwrap()
    }

    /// Does what a change proposes.
    fn apply(&mut self, requests: &[Value]) {
        let mut created = String::new();
        for request in requests {
            let url = request["url"].as_str().unwrap();
            let id = url.rsplit('/').next().unwrap();
            let is_slo = url.contains("/slo");
            let all = if is_slo {
                &mut self.slos
            } else {
                &mut self.monitors
            };
            let place = all.iter().position(|object| match is_slo {
                true => object["id"] == id,
                false => object["id"].as_u64() == id.parse().ok(),
            });
            match (request["method"].as_str().unwrap(), is_slo) {
                ("POST", true) => created = self.post(&request["body"]),
                ("POST", false) => self.post_monitor(&request["body"], &created),
                ("DELETE", _) => drop(all.remove(place.unwrap())),
                ("PUT", _) => all[place.unwrap()]
                    .as_object_mut()
                    .unwrap()
                    .extend(request["body"].as_object().unwrap().clone()),
                other => panic!("{other:?}"),
            }
        }
    }

    fn serve(self) -> Server {
        Server::new(move |head| {
            let number = |name| parameter(head, name).unwrap().parse::<usize>().unwrap();
            if !head.contains("s3cret-api") || !head.contains("s3cret-app") {
                return Answer::of("403 Forbidden", json!({"errors": ["Forbidden"]}));
            }
            let path = head.split(['?', ' ']).nth(1).unwrap();
            match path {
                "/api/v1/slo" => {
                    let page = page(&self.slos, number("offset"), number("limit"));
                    let count = self.slos.len();
                    Answer::ok(json!({"data": page, "errors": [], "metadata": {"page": {
                        "total_count": count, "total_filtered_count": count}}}))
                }
                "/api/v1/monitor" => {
                    let size = number("page_size");
                    Answer::ok(json!(page(&self.monitors, number("page") * size, size)))
                }
                other => panic!("asked for {other}"),
            }
        })
    }

    fn diff(&self, sandbox: &Sandbox, arguments: &str) -> Run {
        let server = self.clone().serve();
        let url = server.url();
        let run = sandbox.slo_in(
            &format!("diff --against datadog+{url} {arguments} --bin orders"),
            &KEYS,
        );
        let only_asked = server.heads().iter().all(|head| head.starts_with("GET "));
        assert!(only_asked, "{:?}", server.heads());
        Run {
            out: run.out.replace(&url, "http://datadog"),
            ..run
        }
    }
}

fn page(all: &[Value], from: usize, length: usize) -> Vec<Value> {
    all.iter().skip(from).take(length).cloned().collect()
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    sandbox
}

const AVAILABILITY: &str = "orders/checkout.availability";

#[test]
fn what_was_posted_is_no_drift_whatever_others_have() {
    let sandbox = sandbox();
    for arguments in ["", "--namespace shop"] {
        let mut stock = Stock::generated(&sandbox, arguments);
        // Who is told is theirs to say, as are tags of their own.
        for monitor in &mut stock.monitors[2..] {
            let message = format!(
                "{} @slack-shop\n@pagerduty",
                monitor["message"].as_str().unwrap()
            );
            monitor["message"] = message.into();
        }
        for slo in &mut stock.slos[3..] {
            slo["tags"].as_array_mut().unwrap().push("env:prod".into());
        }
        let run = stock.diff(&sandbox, arguments).ok();
        assert_eq!((&*run.out, &*run.err), ("", "nothing differs\n"));
    }
}

#[test]
fn what_differs_is_told_with_the_request_that_changes_it() {
    let sandbox = sandbox();
    let mut stock = Stock::generated(&sandbox, "");
    let slo = stock.slo(AVAILABILITY);
    slo["thresholds"][0]["target"] = 99.0.into();
    slo["query"]["numerator"] = "sum:slo.events{*}.as_count()".into();
    slo["tags"]
        .as_array_mut()
        .unwrap()
        .retain(|tag| tag != "team:team-orders");
    slo["tags"]
        .as_array_mut()
        .unwrap()
        .push("team:somebody".into());
    let latency = stock.slo("orders/checkout.latency");
    latency["thresholds"][0]["timeframe"] = "7d".into();
    let page = format!("{AVAILABILITY}: error budget burns (page, 1h)");
    let monitor = stock.monitor(&page);
    monitor["query"] = monitor["query"]
        .as_str()
        .unwrap()
        .replace("14.4", "10")
        .into();
    monitor["options"]["thresholds"]["critical"] = 10.into();
    monitor["message"] = "Call @bob".into();
    let ticket = format!("{AVAILABILITY}: error budget burns (ticket, 24h)");
    stock.monitors.retain(|monitor| monitor["name"] != *ticket);
    let run = stock.diff(&sandbox, "");
    assert_eq!(run.code, 1, "{run:?}");
    for words in [
        "target of orders/checkout.availability 99% → 99.9%: in Datadog, budget 7 h 12 min → 43 min a month\n  PUT http://datadog/api/v1/slo/",
        "Datadog SLO orders/checkout.availability: different query of good events `sum:slo.events{*}.as_count()` → `sum:slo.events{service:orders,",
        "missing tag team:team-orders, left over tag team:somebody",
        "window of orders/checkout.latency 7d → 30d: in Datadog\n  PUT http://datadog/api/v1/slo/",
        "Datadog monitors of orders/checkout.availability: different page 1h in threshold 10 → 14.4 and message, missing ticket 24h",
    ] {
        assert!(run.out.contains(words), "`{words}` is not in:\n{}", run.out);
    }
    assert!(
        run.err
            .contains("no request was sent that changes anything"),
        "{}",
        run.err
    );
}

#[test]
fn what_is_missing_left_over_or_there_twice() {
    let sandbox = sandbox();
    let run = Stock::of_others().diff(&sandbox, "");
    assert_eq!(
        run.out
            .matches(": missing\n  POST http://datadog/api/v1/slo\n")
            .count(),
        3,
        "{}",
        run.out
    );
    assert!(!run.out.contains("payments"), "{}", run.out);

    let mut stock = Stock::generated(&sandbox, "");
    let copy = stock.slo(AVAILABILITY).clone();
    stock.post(&copy);
    let mut gone = copy.clone();
    gone["name"] = "orders/pay.availability".into();
    gone["tags"] = json!([
        "service:orders",
        "slo.journey:pay",
        "slo.sli:availability",
        "managed_by:cargo-slo"
    ]);
    let id = stock.post(&gone);
    let mut monitor = stock
        .monitor(&format!("{AVAILABILITY}: error budget burns (page, 1h)"))
        .clone();
    let query = monitor["query"].as_str().unwrap();
    monitor["query"] = query.replace(copy["id"].as_str().unwrap(), &id).into();
    stock.post_monitor(&monitor, "");
    let mut made_by_hand = gone;
    made_by_hand["tags"] = json!(["service:orders", "slo.journey:refund"]);
    stock.post(&made_by_hand);
    let run = stock.diff(&sandbox, "");
    for words in [
        "Datadog SLO orders/checkout.availability: left over copy of 000000000000000000000000feed",
        "Datadog SLO orders/pay.availability: left over\n  DELETE http://datadog/api/v1/monitor/",
    ] {
        assert!(run.out.contains(words), "`{words}` is not in:\n{}", run.out);
    }
    assert!(!run.out.contains("refund"), "{}", run.out);
    assert_eq!(run.out.matches("left over").count(), 2, "{}", run.out);
}

/// Nothing that is wanted says of such a service that it has been there.
#[test]
fn what_is_left_over_of_a_service_without_slos() {
    let sandbox = sandbox();
    let empty = json!({"format": 1, "generator": "test", "service": "orders", "records": []});
    sandbox.write("empty.slo.json", empty.to_string());
    for (namespace, other) in [("", " --namespace shop"), (" --namespace shop", "")] {
        let stock = Stock::generated(&sandbox, namespace);
        let diff = |options: &str| {
            let server = stock.clone().serve();
            let url = server.url();
            let run = sandbox.slo_in(
                &format!("diff --against datadog+{url}{options} --export empty.slo.json"),
                &KEYS,
            );
            run.out.replace(&url, "http://datadog")
        };
        let out = diff(namespace);
        let words = "Datadog SLO orders/checkout.availability: left over\n  DELETE http://datadog/api/v1/monitor/";
        assert!(out.contains(words), "{out}");
        assert_eq!(out.matches(": left over\n").count(), 3, "{out}");
        assert!(!out.contains("payments"), "{out}");
        assert_eq!(diff(other), "");
    }
}

/// Whatever differs, the requests of the report make it what it should be.
#[test]
fn what_is_proposed_ends_the_drift() {
    let sandbox = sandbox();
    let whole = Stock::generated(&sandbox, "");
    let seed: u64 = std::env::var("SEED").map_or(7, |seed| seed.parse().unwrap());
    let mut state = seed;
    let mut random = |below: usize| {
        // A generator of Numerical Recipes; its upper bits are good enough.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for round in 0..12 {
        let mut stock = whole.clone();
        for _ in 0..=random(4) {
            match random(8) {
                0 => drop(stock.slos.remove(3 + random(stock.slos.len() - 3))),
                1 => drop(stock.monitors.remove(2 + random(stock.monitors.len() - 2))),
                change => {
                    let (slo, monitor) = (
                        3 + random(stock.slos.len() - 3),
                        2 + random(stock.monitors.len() - 2),
                    );
                    let (slo, monitor) = (&mut stock.slos[slo], &mut stock.monitors[monitor]);
                    match change {
                        2 => slo["thresholds"][0]["target"] = 95.into(),
                        3 => slo["thresholds"][0]["timeframe"] = "90d".into(),
                        4 => slo["query"]["denominator"] = "sum:x{*}".into(),
                        5 => slo["name"] = "renamed by hand".into(),
                        6 => monitor["message"] = "Call @bob".into(),
                        _ => monitor["options"]["thresholds"]["critical"] = 1.5.into(),
                    }
                }
            }
        }
        let run = stock.diff(&sandbox, "--format json");
        let report: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(report["same"], false, "seed {seed}, round {round}");
        for change in report["changes"].as_array().unwrap() {
            stock.apply(change["apply"].as_array().map_or(&[], Vec::as_slice));
        }
        let run = stock.diff(&sandbox, "");
        assert_eq!(run.out, "", "seed {seed}, round {round}: {report:#}");
    }
}

#[test]
fn all_pages_are_read() {
    let sandbox = sandbox();
    let mut stock = Stock::generated(&sandbox, "");
    // Ours stand at the end.
    let (slo, monitor) = (stock.slos[0].clone(), stock.monitors[0].clone());
    stock.slos.splice(0..0, vec![slo; 1100]);
    stock.monitors.splice(0..0, vec![monitor; 1000]);
    stock.diff(&sandbox, "").ok();
}

#[test]
fn whatever_else_it_answers_is_an_error_that_says_what_to_do() {
    let sandbox = sandbox();
    let asked = |answer: fn(usize) -> Answer| {
        let count = std::sync::atomic::AtomicUsize::new(0);
        let server =
            Server::new(move |_| answer(count.fetch_add(1, std::sync::atomic::Ordering::SeqCst)));
        let url = format!("datadog+{}", server.url());
        let run = sandbox.slo_in(&format!("diff --against {url} --bin orders"), &KEYS);
        (run, server.heads().len())
    };
    let forbidden = |_| Answer::of("403 Forbidden", json!({"errors": ["Forbidden"]}));
    asked(forbidden).0.failed(&[
        "querying Datadog failed: it answers 403 Forbidden: Forbidden",
        "DD_APP_KEY",
        "slos_read",
        "/api/v1/slo",
    ]);
    // A proxy may show what it was sent.
    let echo = |_| {
        Answer::of(
            "400 Bad Request",
            json!({"errors": ["bad key s3cret-api and s3cret-app"]}),
        )
    };
    let (run, _) = asked(echo);
    let run = run.failed(&["bad key … and …"]);
    assert!(!run.err.contains("s3cret"), "{}", run.err);
    let limited = |n| match n {
        0 | 2 => Answer::of("429 Too Many Requests", json!({"errors": ["Rate limit"]}))
            .header("x-ratelimit-reset: 0"),
        1 => Answer::ok(json!({"data": [], "errors": []})),
        _ => Answer::ok("[]"),
    };
    let (run, count) = asked(limited);
    assert_eq!((run.code, count), (1, 4), "{run:?}");
    let always = |_| {
        Answer::of("429 Too Many Requests", json!({"errors": ["Rate limit"]}))
            .header("x-ratelimit-reset: 0")
    };
    let (run, count) = asked(always);
    run.failed(&["429 Too Many Requests: Rate limit", "ask again later"]);
    assert_eq!(count, 4);
    let much_later =
        |_| Answer::of("429 Too Many Requests", "{}").header("x-ratelimit-reset: 3600");
    let (run, count) = asked(much_later);
    run.failed(&["429 Too Many Requests"]);
    assert_eq!(count, 1);
    let login = |_| Answer::of("302 Found", "").header("location: http://elsewhere.example/");
    asked(login).0.failed(&["302 Found", "not followed"]);
    for body in ["<html>", "[]", "{\"data\": 7}", "{\"data\": [", ""] {
        let server = Server::new(move |_| Answer::ok(body));
        let run = sandbox.slo_in(
            &format!("diff --against datadog+{} --bin orders", server.url()),
            &KEYS,
        );
        run.failed(&["the response is not a Datadog API response", "DD_SITE"]);
    }
    let cut = |_| Answer::ok(recorded("slos.json")).truncated();
    asked(cut)
        .0
        .failed(&["the response is not a Datadog API response"]);
    let not_ours = |_| {
        Answer::ok(
            json!({"data": [{"id": "x", "tags": ["service:orders", "managed_by:cargo-slo"], "name": 7}]}),
        )
    };
    asked(not_ours)
        .0
        .failed(&["the object \"x\" is not what Datadog describes"]);
    asked(|_| Answer::of("502 Bad Gateway", "<html>"))
        .0
        .failed(&["502 Bad Gateway", "ask again later"]);
}

#[test]
fn pages_without_end_are_read_to_an_end() {
    let sandbox = sandbox();
    let page: Vec<_> = (0..500).map(|_| json!({"id": "x", "tags": []})).collect();
    let body = json!({"data": page}).to_string();
    let server = Server::new(move |_| Answer::ok(&body));
    let run = sandbox.slo_in(
        &format!("diff --against datadog+{} --bin orders", server.url()),
        &KEYS,
    );
    run.failed(&["there are more than 200000 of them"]);
    assert_eq!(server.heads().len(), 400);
}

#[test]
fn keys_are_asked_for_and_never_shown() {
    let sandbox = sandbox();
    let run = sandbox.slo_in(
        "diff --against datadog --bin orders",
        &[("DD_API_KEY", ""), ("DD_APP_KEY", "")],
    );
    run.failed(&[
        "the environment variable DD_API_KEY is not set",
        "DD_SITE",
        "slos_read",
    ]);
    let keys = [("DD_API_KEY", "s3cret\n"), ("DD_APP_KEY", "s3\u{1}cret")];
    let run = sandbox.slo_in("diff --against datadog --bin orders", &keys);
    let run = run.failed(&["DD_APP_KEY holds characters that can't be sent"]);
    assert!(!run.err.contains("s3"), "{}", run.err);
    for site in ["a b", "x/y?z", "user@host"] {
        let [api, app] = KEYS;
        let run = sandbox.slo_in(
            "diff --against datadog --bin orders",
            &[api, app, ("DD_SITE", site)],
        );
        run.failed(&["DD_SITE is not the name of a host"]);
    }
}
