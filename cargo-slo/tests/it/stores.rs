//! Stores that somebody else runs: what they answer costs no more than it is long, and what they are
//! sent is sent nowhere else.

use crate::{
    fixtures::{Run, Sandbox, orders},
    recorded_stores::beside,
    servers::{Answer, Server, parameter, request},
};
use std::{
    io::Write,
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
            request(&stream);
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

/// What is compressed is taken apart, and never costs more than what was sent.
#[cfg(unix)]
#[test]
fn compressed_answers_have_an_end() {
    let sandbox = sandbox();
    let start = b"{\"status\":\"success\",\"data\":{\"result\":[], \"groups\":[]}";
    for (before, each, after) in [
        (&start[..], &b" "[..], &b"}"[..]),
        (
            b"{\"status\":\"success\",\"data\":{\"result\":[",
            b"{\"metric\":{},\"value\":[1,\"1\"]},",
            b"]}}",
        ),
    ] {
        let body = gzip(before, each, after, 256 << 20);
        assert!(body.len() < 1 << 20);
        let (address, _) = stranger(http("200 OK\r\ncontent-encoding: gzip", &body));
        for command in ASKING {
            let command = format!("{command} http://{address} --bin orders");
            let run = sandbox.slo_within(BASE_KIBIBYTES, &command);
            run.failed(&["compressed, and too long", "not a Prometheus API response"]);
        }
    }
    // What nobody asked for is not understood.
    for encoding in ["br", "zstd", "deflate"] {
        let head = format!("200 OK\r\ncontent-encoding: {encoding}");
        let (address, _) = stranger(http(&head, &[0x1f, 0x8b, 8, 0]));
        let run = sandbox.slo(&format!("diff --against http://{address} --bin orders"));
        run.failed(&["not a Prometheus API response"]);
    }
}

/// Texts one after the other, compressed.
fn gzip(before: &[u8], each: &[u8], after: &[u8], bytes: usize) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(before).unwrap();
    let part = each.repeat((1 << 20) / each.len());
    for _ in 0..bytes / part.len() {
        encoder.write_all(&part).unwrap();
    }
    encoder.write_all(after).unwrap();
    encoder.finish().unwrap()
}

/// A store that answers with one series of events, whatever is asked, as it spells and sends it.
fn of_events(name: &str, labels: &str, beside: &str) -> Server {
    let (name, labels, beside) = (name.to_owned(), labels.to_owned(), beside.to_owned());
    Server::new(move |head| {
        let number = |parameter: Option<&str>| parameter.unwrap_or("1").to_owned();
        let (time, end) = (
            number(parameter(head, "time")),
            number(parameter(head, "end")),
        );
        // A sum has no name, and labels that it is asked by.
        let metric = match head.contains("__name__)") {
            true => format!("\"__name__\":\"{name}\""),
            false => labels.clone(),
        };
        let series = |outcome: &str| {
            let metric = metric.replace("\"good\"", &format!("\"{outcome}\""));
            format!(
                "{{\"metric\":{{{metric}}},\"value\":[{time},\"5\"],\"values\":[[{end},\"5\"]]}}"
            )
        };
        let mut all = vec![series("good")];
        if head.contains("query_range") {
            all.push(series("bad"));
        }
        // It has events and nothing else.
        if head.contains("__name__)") && !head.contains("events") {
            all.clear();
        }
        Answer::ok(format!(
            "{{\"status\":\"success\"{beside},\"data\":{{\"groups\":[],\"resultType\":\"vector\",\
             \"result\":[{}]}}}}",
            all.join(",")
        ))
    })
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
        let store = of_events(name, labels, "");
        let run = sandbox.slo(&format!("check --prometheus {} --bin orders", store.url()));
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

/// Thanos and Prometheus warn, VictoriaMetrics says `isPartial`; only one of the `infos` is about names.
#[test]
fn answers_that_lack_something_are_told() {
    let sandbox = sandbox();
    let warnings = beside("thanos", "partial-true", "warnings");
    let warnings = format!(r#","warnings":{warnings}"#);
    let harmless = beside("mimir", "events", "infos");
    let harmless = format!(r#","isPartial":false,"warnings":null,"infos":{harmless}"#);
    let told = [
        (&*warnings, Some("connection refused")),
        (r#","isPartial":true"#, Some("isPartial")),
        (&harmless, None),
        (
            r#","infos":["PromQL info: ignored histogram in a range"]"#,
            Some("ignored histogram"),
        ),
    ];
    for (beside, words) in told {
        for command in ASKING {
            let store = of_events("slo_events_total", UNDERSCORES, beside);
            let run = sandbox.slo(&format!("{command} {} --bin orders", store.url()));
            let is_told = run.err.contains(": a partial answer");
            assert_eq!(is_told, words.is_some(), "{command}: {}", run.err);
            assert!(run.err.contains(words.unwrap_or("")), "{}", run.err);
            // Promises are not judged by a part of the events.
            let is_error = run.err.contains("error: a partial answer");
            assert_eq!(is_error, is_told && command.starts_with("check"));
            assert!(!is_error || run.code == 2, "{run:?}");
        }
    }
}
