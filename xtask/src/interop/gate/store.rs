//! A store that has one answer.

use crate::loopback::request;
use serde_json::json;
use std::{
    io::{BufReader, Write},
    net::TcpListener,
    thread,
};

/// What is left of every budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Budget {
    Left,
    Spent,
    Unknown,
}

/// A store on the loopback interface; its thread ends with this program.
pub(super) struct Store {
    pub(super) url: String,
}

impl Store {
    pub(super) fn start(budget: Budget) -> Result<Store, String> {
        let failed = |error: std::io::Error| error.to_string();
        let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let Ok(asked) = stream
                    .try_clone()
                    .and_then(|stream| request(&mut BufReader::new(stream)))
                else {
                    continue;
                };
                let body = answer(budget, &asked).to_string();
                let head = format!(
                    "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(head.as_bytes());
                let _ = stream.write_all(body.as_bytes());
            }
        });
        Ok(Store {
            url: format!("http://{address}"),
        })
    }
}

fn answer(budget: Budget, asked: &str) -> serde_json::Value {
    let bad = match budget {
        Budget::Left => Some("10"),
        Budget::Spent => Some("900"),
        Budget::Unknown => None,
    };
    let is_window = asked
        .replace("%3A", ":")
        .contains("query=slo:events:sum_window");
    let time = asked.split("time=").nth(1).unwrap_or_default();
    let time = time.split(['&', ' ']).next().unwrap_or_default();
    // The moment that is asked about.
    let time: f64 = time.parse().unwrap_or_default();
    let mut result = Vec::new();
    for sli in ["availability", "latency"] {
        let (Some(bad), true) = (bad, is_window) else {
            continue;
        };
        for (outcome, value) in [("good", "99000"), ("bad", bad)] {
            let slo = format!("orders/checkout.{sli}");
            let labels = json!({"slo": slo, "slo_outcome": outcome, "job": "orders"});
            result.push(json!({"metric": labels, "value": [time, value]}));
        }
    }
    json!({"status": "success", "data": {"resultType": "vector", "result": result}})
}
