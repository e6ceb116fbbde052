//! Histories that are asked for: of something that answers like Prometheus, with secrets that
//! nothing shows. `cargo xtask interop history` asks a real Prometheus.

use crate::{
    fixtures::{Sandbox, orders},
    servers::{parameter, request},
};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::mpsc::{Receiver, channel},
};

pub(crate) const SECRET: &str = "s3cret-t0ken";

/// Answers every request with what its path asks for, until `requests` were answered; gives the
/// address and the heads of the requests.
pub(crate) fn prometheus(requests: usize, answer: fn(&str) -> Value) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (heads, received) = channel();
    std::thread::spawn(move || {
        for _ in 0..requests {
            let (mut stream, _) = listener.accept().unwrap();
            let head = request(&stream);
            let body = at_the_moment_asked_for(&head, answer(&head)).to_string();
            // The test may have seen enough.
            let _ = heads.send(head);
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
        }
    });
    (address, received)
}

/// The answer with the moment that was asked for, as a store gives it.
fn at_the_moment_asked_for(head: &str, mut answer: Value) -> Value {
    let time = parameter(head, "time").map(|time| time.parse::<f64>().unwrap());
    let result = answer["data"]["result"].as_array_mut();
    for series in result.into_iter().flatten() {
        if let (Some(time), Some(value)) = (time, series.get_mut("value")) {
            value[0] = time.into();
        }
    }
    answer
}

pub(crate) fn success(kind: &str, result: &[Value]) -> Value {
    json!({"status": "success", "data": {"resultType": kind, "result": result}})
}

/// Three windows of 30 days: a name for each instrument, and series by what is asked for.
fn answer(head: &str) -> Value {
    let name = |name: &str| {
        let series = json!({"metric": {"__name__": name}, "value": [1, "1"]});
        success("vector", &[series])
    };
    let has = |words: &str| head.lines().next().unwrap().contains(words);
    let labels = |more: Value| {
        let mut all =
            json!({"job": "shop/orders", "slo_journey": "checkout", "slo_endpoint": "cart"});
        let more = more.as_object().unwrap().clone();
        all.as_object_mut().unwrap().extend(more);
        all
    };
    if has("last_over_time") {
        return match () {
            () if has("events") => name("slo_events_total"),
            () if has("results") => name("slo_results_total"),
            () if has("duration") => name("slo_duration_seconds_bucket"),
            () if has("start_time") => name("slo_start_time_seconds"),
            () => name("slo_unannotated_total"),
        };
    }
    if has("query_range") {
        let start = head.split("start=").nth(1).unwrap();
        let digits = start.split(|c: char| !c.is_ascii_digit()).next().unwrap();
        let start: u64 = digits.parse().unwrap();
        let series = |sli: &str, outcome: &str, daily: &str| {
            let days = (0..90).map(|day| json!([start + day * 86_400, daily]));
            let mut labels = labels(json!({"slo_sli": sli, "slo_outcome": outcome}));
            if sli == "latency" {
                labels["slo_threshold"] = "0.5".into();
            }
            json!({"metric": labels, "values": days.collect::<Vec<_>>()})
        };
        return success(
            "matrix",
            &[
                series("availability", "good", "29999.7"),
                series("availability", "bad", "0"),
                series("latency", "good", "27000"),
                series("latency", "bad", "3000"),
                json!({"metric": {"job": "others"}, "values": [[start, "1"]]}),
            ],
        );
    }
    let value = |labels: Value, count: &str| json!({"metric": labels, "value": [1, count]});
    let cart = |more: Value, count: &str| value(labels(more), count);
    let bucket = |boundary: &str, count: &str| {
        let labels = json!({"job": "shop/orders", "slo_endpoint": "cart", "le": boundary});
        value(labels, count)
    };
    let admin = |more: Value, count: &str| {
        let mut labels = json!({"job": "shop/orders", "http_route": "/admin"});
        let more = more.as_object().unwrap().clone();
        labels.as_object_mut().unwrap().extend(more);
        value(labels, count)
    };
    match () {
        () if has("resets") => success("vector", &[value(json!({"job": "shop/orders"}), "2")]),
        () if has("results") => success(
            "vector",
            &[
                cart(json!({"slo_result": "ok"}), "2700000"),
                cart(
                    json!({"slo_endpoint": "place-order", "slo_result": "ok"}),
                    "0",
                ),
            ],
        ),
        () if has("duration") => success(
            "vector",
            &[
                bucket("0.5", "2430000"),
                bucket("0.8", "2690000"),
                bucket("+Inf", "2700000"),
            ],
        ),
        () => success(
            "vector",
            &[
                admin(json!({"slo_outcome": "good"}), "280000"),
                admin(json!({"slo_outcome": "bad"}), "9000.2"),
                admin(json!({"slo_outcome": "excluded"}), "10000"),
                // Of a replica with an older layer.
                admin(json!({}), "1000"),
            ],
        ),
    }
}

/// Requests that a history takes: each instrument is looked for and read, and events a second time
/// beside the starts of processes.
const REQUESTS: usize = 11;

#[test]
fn a_prometheus_is_asked_and_what_it_says_is_kept() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    let (address, heads) = prometheus(REQUESTS, answer);
    let run = sandbox.slo(&format!(
        "check --format json --prometheus {address} --match env=\"prod\" --header \
         Authorization:{SECRET} --write-history history.json --bin orders"
    ));
    assert_eq!(run.code, 1, "{run:?}");
    for rule in [
        "over-achieved",
        "out-of-reach",
        "unannotated-traffic",
        "never-served",
        "two-writers",
    ] {
        assert!(run.out.contains(rule), "no {rule} in {}", run.out);
    }
    assert!(run.err.starts_with("wrote history.json\n"), "{}", run.err);
    let heads: Vec<_> = heads.iter().collect();
    assert_eq!(heads.len(), REQUESTS);
    for head in &heads {
        assert!(
            head.to_lowercase()
                .contains(&format!("authorization: {SECRET}")),
            "{head}"
        );
        assert!(head.contains("env%3D%22prod%22"), "{head}");
    }
    let text = fs::read_to_string(sandbox.path("history.json")).unwrap();
    for shown in [&run.out, &run.err, &text] {
        assert!(!shown.contains(SECRET));
    }
    // Without a Prometheus, the file says the same.
    let again = sandbox.slo("check --format json --history history.json --bin orders");
    assert_eq!(again.out, run.out);
    let kept: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        kept["services"]["orders"]["unannotated"],
        json!([{"route": "/admin", "count": 300_000,
            "outcomes": {"good": 280_000, "bad": 9_000, "excluded": 10_000}}])
    );
    assert!(
        run.out
            .contains("to `/admin`, which no annotation covers; at least 9,000 of them failed"),
        "{}",
        run.out
    );
    let good = kept["services"]["orders"]["events"][0]["good"]
        .as_array()
        .unwrap();
    assert_eq!(
        (good.len(), &good[0], &good[89]),
        (90, &json!(30_000), &json!(30_000))
    );
}

/// What is answered by a Prometheus that keeps fifteen days.
fn recent(head: &str) -> Value {
    let mut answer = answer(head);
    for series in answer["data"]["result"].as_array_mut().unwrap() {
        if let Some(values) = series["values"].as_array_mut() {
            values.drain(..values.len().saturating_sub(15));
        }
    }
    answer
}

#[test]
fn days_that_a_prometheus_does_not_keep_are_no_days_without_events() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    let (address, _heads) = prometheus(REQUESTS, recent);
    let run = sandbox.slo(&format!(
        "check --format json --prometheus {address} --write-history history.json --bin orders"
    ));
    assert!(run.out.contains("in 15 days"), "{}", run.out);
    assert!(!run.out.contains("out-of-reach"), "{}", run.out);
    let kept: Value =
        serde_json::from_slice(&fs::read(sandbox.path("history.json")).unwrap()).unwrap();
    let events = kept["services"]["orders"]["events"].as_array().unwrap();
    for counts in events.iter().flat_map(|one| [&one["good"], &one["bad"]]) {
        assert_eq!(counts.as_array().unwrap().len(), 15);
    }
}

#[test]
fn a_secret_is_read_from_the_environment_and_sent_by_diff_too() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    let (address, heads) = prometheus(3, |head| {
        let is_rules = head.contains("/api/v1/rules");
        match is_rules {
            true => json!({"status": "success", "data": {"groups": []}}),
            false => success("vector", &[]),
        }
    });
    let secret = format!("X-Scope-OrgID: shop\n\nAuthorization: Bearer {SECRET}\n");
    let run = sandbox.slo_in(
        &format!("diff --against {address} -- orders"),
        &[("CARGO_SLO_HEADERS", &secret)],
    );
    assert!(
        run.code < 2 && !format!("{run:?}").contains(SECRET),
        "{run:?}"
    );
    for _ in 0..3 {
        let head = heads.recv().unwrap().to_lowercase();
        let sent = format!("authorization: bearer {SECRET}").to_lowercase();
        assert!(
            head.contains(&sent) && head.contains("x-scope-orgid: shop"),
            "{head}"
        );
    }
    // A redirect leads wherever it wants; a token does not follow.
    let (elsewhere, strangers) = prometheus(1, |_| success("vector", &[]));
    let (redirecting, _) = redirect(elsewhere);
    let run = sandbox.slo(&format!(
        "check --prometheus {redirecting} --header Authorization:{SECRET} --bin orders"
    ));
    run.failed(&["querying Prometheus failed", "302"]);
    assert!(strangers.try_recv().is_err());
}

/// Answers one request with another address.
fn redirect(to: String) -> (String, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let _ = lines
            .map(Result::unwrap)
            .take_while(|line| !line.is_empty())
            .count();
        let head = format!("HTTP/1.1 302 Found\r\nconnection: close\r\nlocation: {to}/x");
        let _ = write!(stream, "{head}\r\ncontent-length: 0\r\n\r\n");
    });
    (address, answering)
}
