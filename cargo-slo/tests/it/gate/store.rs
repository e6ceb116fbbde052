//! A store with a history of its own.

use crate::servers::decoded;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
};

pub(super) const HOUR: i64 = 3600;
pub(super) const DAY: i64 = 24 * HOUR;

/// Sunday, 2026-11-29 at 14:30 UTC.
pub(super) const NOW: i64 = 1_795_962_600;

/// A moment as the command is asked about it.
pub(super) fn at(second: i64) -> String {
    jiff::Timestamp::from_second(second).unwrap().to_string()
}

/// Answers each question at a moment with series: `vector`, or `matrix` where it asks for a range.
pub(super) fn store(answer: impl Fn(&str, i64) -> Vec<Value> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let asked = asked(&stream);
            let time = asked["time"].parse::<f64>().unwrap();
            #[expect(clippy::cast_possible_truncation, reason = "a moment of ours")]
            let result = answer(&asked["query"], time as i64);
            let kind = match result.iter().any(|series| series["values"].is_array()) {
                true => "matrix",
                false => "vector",
            };
            let data = json!({"resultType": kind, "result": result});
            let body = json!({"status": "success", "data": data}).to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(body.as_bytes());
        }
    });
    format!("http://{address}")
}

/// What a request asks for, by name.
fn asked(stream: &TcpStream) -> BTreeMap<String, String> {
    let mut reader = BufReader::new(stream);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first).unwrap();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let path = first.split(' ').nth(1).unwrap();
    let in_path = path.split_once('?').map_or("", |(_, query)| query);
    let pairs = in_path.to_owned() + "&" + &String::from_utf8(body).unwrap();
    pairs
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), decoded(value)))
        .collect()
}

/// A series of an SLO at one moment.
pub(super) fn sample(slo: &str, outcome: &str, time: i64, value: &str) -> Value {
    json!({"metric": labels(slo, outcome), "value": [time, value]})
}

pub(super) fn labels(slo: &str, outcome: &str) -> Value {
    json!({"slo": slo, "slo_outcome": outcome, "job": slo.split('/').next()})
}
