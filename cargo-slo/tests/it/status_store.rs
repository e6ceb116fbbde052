//! A store for tests that answers as they like.

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

/// Sunday, 2026-11-29 at 14:30 UTC.
pub(crate) const NOW: i64 = 1_795_962_600;
pub(crate) const AT: &str = "2026-11-29T14:30:00Z";

/// The two SLOs of the journey and that of its endpoint.
pub(crate) const SLOS: [&str; 3] = [
    "orders/checkout.availability",
    "orders/checkout.latency",
    "orders/checkout/place-order.availability",
];

/// What the question about the windows holds, and that about paces.
pub(crate) const WINDOW: &str = "query=slo:events:sum_window";
pub(crate) const PACES: &str = "slo:events:sum1h|";

/// A series at one moment.
pub(crate) fn sample(slo: &str, outcome: &str, value: &str) -> Value {
    json!({"metric": {"slo": slo, "slo_outcome": outcome, "job": "orders"}, "value": [NOW, value]})
}

/// Good and bad events of an SLO.
pub(crate) fn events(slo: &str, good: &str, bad: &str) -> Vec<Value> {
    vec![sample(slo, "good", good), sample(slo, "bad", bad)]
}

/// All SLOs, each with these events of its window.
pub(crate) fn windows(good: &str, bad: &str) -> Vec<Value> {
    SLOS.iter().flat_map(|slo| events(slo, good, bad)).collect()
}

/// SLOs, each with these events of one of its paces.
pub(crate) fn paces(over: &str, slos: &[&str], good: &str, bad: &str) -> Vec<Value> {
    let mut series: Vec<_> = slos.iter().flat_map(|slo| events(slo, good, bad)).collect();
    for series in &mut series {
        series["metric"]["__name__"] = json!(format!("slo:events:sum{over}"));
    }
    series
}

/// What a store answers to questions that hold a word; to others, nothing is there.
pub(crate) type Answers = Vec<(&'static str, Vec<Value>)>;

/// A store that gives these answers to questions about [`NOW`].
pub(crate) fn store(answers: Answers) -> String {
    store_that_says(answers, json!({}))
}

/// The same, which says more beside each of them.
pub(crate) fn store_that_says(answers: Answers, more: Value) -> String {
    serve(move |asked| {
        assert!(asked.contains(&format!("time={NOW}.000")), "{asked}");
        let found = answers.iter().find(|(word, _)| asked.contains(word));
        let result = found.map_or(&[][..], |(_, result)| result);
        let mut answer = body(result);
        for (key, value) in more.as_object().unwrap() {
            answer[key] = value.clone();
        }
        Some(answer.to_string().into())
    })
    .0
}

/// An answer with these series.
pub(crate) fn body(series: &[Value]) -> Value {
    json!({"status": "success", "data": {"resultType": "vector", "result": series}})
}

/// An answer with these series to a question: their samples are of the moment that it is about.
pub(crate) fn answer(asked: &str, series: &[Value]) -> Value {
    let mut series = series.to_vec();
    let time = asked
        .split("time=")
        .nth(1)
        .and_then(|rest| rest.split('&').next());
    let time: f64 = time
        .and_then(|time| time.trim().parse().ok())
        .unwrap_or_default();
    for sample in series
        .iter_mut()
        .filter_map(|series| series.get_mut("value"))
    {
        sample[0] = json!(time);
    }
    body(&series)
}

/// What was asked of a store, one question after the other.
pub(crate) type Asked = Arc<Mutex<Vec<String>>>;

/// A store that answers as a function says; where that says nothing, the connection is closed.
pub(crate) fn serve(answer: impl Fn(&str) -> Option<Arc<str>> + Send + 'static) -> (String, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let questions = Asked::default();
    let all = Arc::clone(&questions);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let asked = question(&stream);
            all.lock().unwrap().push(asked.clone());
            let Some(answer) = answer(&asked) else {
                continue;
            };
            let head = format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                answer.len()
            );
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (format!("http://{address}"), questions)
}

/// A request, decoded as far as questions have something that an address spells otherwise.
fn question(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut asked, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
        asked += &line;
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    asked += &String::from_utf8(body).unwrap();
    for (spelt, letter) in [
        ("%3A", ":"),
        ("%28", "("),
        ("%29", ")"),
        ("%7B", "{"),
        ("%7D", "}"),
        ("%5B", "["),
        ("%5D", "]"),
        ("%22", "\""),
        ("%3D", "="),
        ("%7E", "~"),
        ("%7C", "|"),
        ("%2F", "/"),
        ("%2C", ","),
        ("%2B", "+"),
        ("%5C", "\\"),
        ("%3E", ">"),
        ("+", " "),
        ("%20", " "),
    ] {
        asked = asked.replace(spelt, letter);
    }
    asked
}
