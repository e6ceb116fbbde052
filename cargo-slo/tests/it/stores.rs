//! Stores that somebody else runs: what they answer costs no more than it is long, and what they are
//! sent is sent nowhere else.

use crate::fixtures::{Run, Sandbox, orders};
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

const SECRET: &str = "hunter2";

/// Answers everything with the same bytes; gives the address and how often it was asked.
fn stranger(answer: Vec<u8>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            count.fetch_add(1, Relaxed);
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let _ = lines
                .map_while(Result::ok)
                .take_while(|line| !line.is_empty())
                .count();
            // Whoever asked may have heard enough.
            let _ = stream.write_all(&answer);
        }
    });
    (address, asked)
}

fn http(head: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    sandbox
}

/// Both commands that ask.
const ASKING: [&str; 2] = ["check --prometheus", "diff --against"];

#[test]
fn users_and_passwords_in_addresses_are_refused_and_never_shown() {
    let sandbox = sandbox();
    let (address, asked) = stranger(http("401 Unauthorized", b""));
    for user in [
        format!("ci:{SECRET}"),
        SECRET.to_owned(),
        format!(":{SECRET}"),
        format!("ci:{SECRET}/x"),
        format!("ci:{SECRET}?x=#"),
        format!("ci:a@{SECRET}"),
    ] {
        for scheme in ["http://", "HTTP://", "https://", "ftp://", ""] {
            // Without a scheme, and without a colon, it may be the name of a file.
            if scheme.is_empty() && !user.contains("ci:") {
                continue;
            }
            for command in ASKING {
                let run = sandbox.slo(&format!("{command} {scheme}{user}@{address} --bin orders"));
                let run = run.failed(&["holds a user or a password", "CARGO_SLO_HEADERS"]);
                assert!(!run.err.contains(SECRET), "{}", run.err);
            }
        }
    }
    for wrong in [
        format!("http://{address}/?token={SECRET}"),
        format!("http://{address}/#{SECRET}"),
        format!("http://{address}:{SECRET}"),
        format!("http://127.0.0.1:0/{SECRET}"),
        format!("http://127.0.0.1:65536/{SECRET}"),
    ] {
        for command in ASKING {
            let run = sandbox.slo(&format!("{command} {wrong} --bin orders"));
            let run = run.failed(&["the address"]);
            assert!(!run.err.contains(SECRET), "{}", run.err);
        }
    }
    assert_eq!(asked.load(Relaxed), 0);
}

#[test]
fn no_redirect_is_followed() {
    let sandbox = sandbox();
    let (elsewhere, asked) = stranger(http("200 OK", b"{\"status\": \"success\"}"));
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        for to in [
            format!("http://{elsewhere}/"),
            format!("//{elsewhere}/x"),
            format!("http://a:b@{elsewhere}/"),
        ] {
            let head = format!("{status}\r\nlocation: {to}");
            let (address, _) = stranger(http(&head, b""));
            for (command, header) in ASKING.iter().flat_map(|c| [(c, ""), (c, SECRET)]) {
                let run = sandbox.slo_in(
                    &format!("{command} http://{address} --bin orders"),
                    &[("CARGO_SLO_HEADERS", &format!("X-A: {header}x"))],
                );
                let run = run.failed(&[&status[..3], "is not followed"]);
                assert!(!run.err.contains(SECRET), "{}", run.err);
            }
        }
    }
    assert_eq!(asked.load(Relaxed), 0);
}

/// An answer in which a short text stands again and again, with a number in each.
fn answer(before: &str, each: &str, after: &str, bytes: usize) -> Vec<u8> {
    let mut body = before.to_owned();
    for n in 0.. {
        if n > 0 {
            body.push(',');
        }
        body += &each.replace('#', &n.to_string());
        if body.len() > bytes {
            break;
        }
    }
    body += after;
    http("200 OK", body.as_bytes())
}

/// Memory of the process beside what the answer takes, in KiB: buffers and what its start takes.
#[cfg(unix)]
const BASE_KIBIBYTES: u32 = 24 << 10;

/// Every part of an answer as small as it gets, as often as it gets: four times its length in
/// memory is enough to read it to its end, or to refuse it.
#[cfg(unix)]
#[test]
fn an_answer_costs_at_most_four_times_its_length() {
    const MEBIBYTES: u32 = 4;
    let sandbox = sandbox();
    let result = "{\"status\":\"success\",\"data\":{\"result\":[";
    let groups = "{\"status\":\"success\",\"data\":{\"groups\":[";
    let of = "\"job\":\"orders\",\"slo_journey\":\"j#\",\"slo_endpoint\":\"e#\",\"slo_sli\":\"s\"";
    let series = |labels: &str| format!("{{\"metric\":{{{labels}}},\"value\":[1,\"1\"]}}");
    let long = "x".repeat(1 << 20);
    let cases = [
        ("samples", result, series("\"a\":\"b\""), "]}}"),
        (
            "names",
            result,
            series("\"__name__\":\"slo_events_#\""),
            "]}}",
        ),
        (
            "series",
            result,
            series(&format!("{of},\"slo_hash\":\"#\"")),
            "]}}",
        ),
        (
            "days",
            result,
            format!(
                "{{\"metric\":{{{of},\"slo_outcome\":\"good\"}},\"values\":[[9e9,\"1\"]],\"value\":[1,\"\"]}}"
            ),
            "]}}",
        ),
        (
            "labels",
            "{\"status\":\"success\",\"data\":{\"result\":[{\"metric\":{\"z\":\"\"",
            "\"#\":\"\"".to_owned(),
            "}}]}}",
        ),
        (
            "values",
            "{\"status\":\"success\",\"data\":{\"result\":[{\"metric\":{},\"value\":[1,\"1\"],\"values\":[",
            "[1,\"1\"]".to_owned(),
            "]}]}}",
        ),
        (
            "rules",
            groups,
            "{\"rules\":[{\"name\":\"slo:#\",\"query\":\"\"}]}".to_owned(),
            "]}}",
        ),
        (
            "labelled",
            groups,
            "{\"rules\":[{\"name\":\"slo:#\",\"query\":\"\",\"labels\":{\"\":\"\"}}]}".to_owned(),
            "]}}",
        ),
        ("groups", groups, "{}".to_owned(), "]}}"),
        (
            "keys",
            "{\"status\":\"success\",\"data\":{\"z\":0",
            "\"#\":0".to_owned(),
            "}}",
        ),
        (
            "depth",
            "{\"status\":\"success\",\"data\":[",
            "[[[[[[[[[[[[[[[[[[[[".to_owned(),
            "",
        ),
        ("text", "{\"status\":\"error\",\"error\":\"", long, "\"}"),
        (
            "white space",
            "{\"status\":\"success\",\"data\":{\"result\":[]}}",
            " ".repeat(4096),
            "",
        ),
    ];
    for (what, before, each, after) in cases {
        let answer = answer(before, &each, after, (MEBIBYTES << 20) as usize);
        let (address, asked) = stranger(answer);
        for command in ASKING {
            let before = asked.load(Relaxed);
            let command = format!("{command} http://{address} --bin orders");
            let Run { code, err, .. } =
                sandbox.slo_within(4 * (MEBIBYTES << 10) + BASE_KIBIBYTES, &command);
            assert!((0..=2).contains(&code), "{what}: {err}");
            assert!(err.len() < 10_000, "{what}: {}", err.len());
            assert!(asked.load(Relaxed) > before, "{what}");
        }
    }
}

/// Nothing that is compressed is taken apart: a short answer stays one.
#[cfg(unix)]
#[test]
fn compressed_answers_are_none() {
    let sandbox = sandbox();
    // The head of a stream of gzip; what follows is of no matter to whoever does not read it.
    let bomb = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[0; 4096]].concat();
    for encoding in ["gzip", "br", "zstd", "deflate", "x-gzip"] {
        let head = format!("200 OK\r\ncontent-encoding: {encoding}");
        let (address, _) = stranger(http(&head, &bomb));
        for command in ASKING {
            let command = format!("{command} http://{address} --bin orders");
            let run = sandbox.slo_within(BASE_KIBIBYTES, &command);
            run.failed(&["not a Prometheus API response"]);
        }
    }
}

/// An answer of one series of events, to whatever is asked, as a store spells and sends it.
fn of_events(name: &str, labels: &str, beside: &str) -> Vec<u8> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = now.unwrap().as_secs();
    let body = format!(
        "{{\"status\":\"success\"{beside},\"data\":{{\"groups\":[],\"resultType\":\"vector\",\"result\":[{{\"metric\":\
         {{\"__name__\":\"{name}\",{labels}}},\"value\":[{now},\"5\"],\"values\":[[{now},\"5\"]]}}]}}}}"
    );
    http("200 OK", body.as_bytes())
}

const UNDERSCORES: &str = r#""job":"shop/orders","slo_journey":"checkout","slo_endpoint":"place-order","slo_sli":"availability","slo_outcome":"good""#;
const DOTS: &str = r#""service.name":"orders","slo.journey":"checkout","slo.endpoint":"place-order","slo.sli":"availability","slo.outcome":"good""#;

#[test]
fn the_spelling_that_is_met_says_which_store_it_is() {
    let sandbox = sandbox();
    for (name, labels, options) in [
        ("slo_events_total", UNDERSCORES, None),
        ("slo_events", UNDERSCORES, Some("--store mimir")),
        ("slo.events", DOTS, Some("--store victoriametrics")),
        (
            "slo.events_total",
            UNDERSCORES,
            Some("--names utf8-suffixes --service-label job"),
        ),
    ] {
        let (address, _) = stranger(of_events(name, labels, ""));
        let run = sandbox.slo(&format!("check --prometheus http://{address} --bin orders"));
        let told = run
            .err
            .lines()
            .find(|line| line.contains("cargo slo generate"));
        match options {
            Some(options) => {
                let told = told.unwrap_or_else(|| panic!("{name}: {}", run.err));
                assert!(
                    told.contains(options) && told.contains(&format!("`{name}`")),
                    "{told}"
                );
            }
            None => assert_eq!(told, None),
        }
        assert!(!run.err.contains("partial"), "{}", run.err);
    }
}

/// Thanos and Prometheus warn, VictoriaMetrics says `isPartial`; `infos` are about queries.
#[test]
fn answers_that_lack_something_are_told() {
    let sandbox = sandbox();
    let told = [
        (
            r#","warnings":["store 10.0.0.7:10901 is gone"]"#,
            Some("10.0.0.7:10901 is gone"),
        ),
        (r#","isPartial":true"#, Some("isPartial")),
        (
            r#","isPartial":false,"warnings":null,"infos":["metric might not be a counter"]"#,
            None,
        ),
    ];
    for (beside, words) in told {
        for command in ASKING {
            let (address, _) = stranger(of_events("slo_events_total", UNDERSCORES, beside));
            let run = sandbox.slo(&format!("{command} http://{address} --bin orders"));
            let is_told = run.err.contains("warning: a partial answer");
            assert_eq!(is_told, words.is_some(), "{command}: {}", run.err);
            assert!(run.err.contains(words.unwrap_or("")), "{}", run.err);
        }
    }
}
