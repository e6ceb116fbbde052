//! A store that does to its answers whatever it likes: no number is made of them that it would not have
//! given honestly.
//!
//! Each case is drawn from a seed, which stands in every message. `HOSTILE_SEED` runs one again.

mod counted;
mod faults;
mod recorded;

use crate::servers::{Answer, Server, decoded, parameter};
use faults::Fault;
use serde_json::{Value, json};
use std::sync::Mutex;

/// SplitMix64.
#[derive(Clone, Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn share(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap()) / f64::from(u32::MAX)
    }
}

/// The seeds of a test: one of the environment, else these.
fn seeds(count: u64) -> Vec<u64> {
    match std::env::var("HOSTILE_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => (0..count).collect(),
    }
}

/// What is asked.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) path: String,
    pub(crate) query: String,
    time: f64,
    start: f64,
    end: f64,
    step: f64,
}

impl Question {
    pub(crate) fn of(head: &str) -> Question {
        let number = |name| parameter(head, name).map_or(0.0, |text| text.parse().unwrap());
        let path = head.split_whitespace().nth(1).unwrap_or_default();
        Question {
            path: path.split('?').next().unwrap().to_owned(),
            query: decoded(parameter(head, "query").unwrap_or_default()),
            time: number("time"),
            start: number("start"),
            end: number("end"),
            step: number("step"),
        }
    }

    /// The length of the stretch that is asked for, in seconds.
    fn length(&self) -> Option<f64> {
        let length = self.query.strip_suffix(']')?.rsplit('[').next()?;
        match length.strip_suffix("ms") {
            Some(milliseconds) => Some(milliseconds.parse::<f64>().unwrap() / 1000.0),
            None => length.strip_suffix('s')?.parse().ok(),
        }
    }

    /// The first moment that is asked for.
    fn first(&self) -> f64 {
        match self.path.ends_with("query_range") {
            true => self.start,
            false => self.time - self.length().unwrap_or_default(),
        }
    }
}

/// An answer with these series.
fn success(result: &[Value]) -> Value {
    json!({"status": "success", "data": {"resultType": "matrix", "result": result}})
}

/// A store that answers honestly, but for questions that hold a word.
fn store(
    honest: impl Fn(&Question) -> Vec<Value> + Send + 'static,
    fault: Option<(Fault, &'static str)>,
    random: Random,
) -> Server {
    let random = Mutex::new(random);
    Server::new(move |head| {
        let question = Question::of(head);
        let answer = success(&honest(&question));
        match fault {
            Some((fault, word)) if question.query.contains(word) => {
                let (status, body) = fault.apply(&question, answer, &mut random.lock().unwrap());
                Answer::of(status, body)
            }
            _ => Answer::ok(answer),
        }
    })
}
