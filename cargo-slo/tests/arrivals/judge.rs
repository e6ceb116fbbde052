//! The program that evaluates rules as Prometheus does, started.

use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, BufWriter, Write},
    process::{Command, Stdio},
};

pub(crate) type Labels = BTreeMap<&'static str, String>;

/// What arrived when, and what is asked about it; times are seconds.
#[derive(Debug, Serialize)]
pub(crate) struct History {
    pub(crate) rules: Vec<String>,
    /// Rules that take the place of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reloaded: Option<Reload>,
    /// Each group is evaluated at a moment of its own, as in a server.
    pub(crate) phased: bool,
    /// Rules that don't use each other are evaluated side by side.
    pub(crate) concurrent: bool,
    /// Rules that alert are left out.
    pub(crate) recording_only: bool,
    pub(crate) series: Vec<Series>,
    pub(crate) evaluated: Vec<f64>,
    pub(crate) queries: Vec<Query>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Reload {
    /// From when on.
    pub(crate) at: f64,
    pub(crate) rules: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Series {
    pub(crate) labels: Labels,
    /// When it arrived, its time stamp, and its value.
    pub(crate) samples: Vec<(f64, f64, f64)>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Query {
    pub(crate) at: f64,
    pub(crate) expr: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    /// Of the queries, in their order.
    pub(crate) results: Vec<Option<Vec<Result>>>,
    #[serde(default)]
    error: String,
    refused: usize,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Result {
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) value: f64,
}

/// Plays histories, as many at once as there are processors.
pub(crate) fn judge(histories: impl Iterator<Item = History> + Send, mut each: impl FnMut(Answer)) {
    let program = std::env::var_os("SLO_RULES_JUDGE").unwrap_or_else(|| {
        panic!("SLO_RULES_JUDGE names no program: run `cargo xtask interop rules`")
    });
    let mut child = Command::new(&program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{} can't be started: {error}", program.display()));
    let mut to = BufWriter::new(child.stdin.take().unwrap());
    let from = BufReader::new(child.stdout.take().unwrap());
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for history in histories {
                serde_json::to_writer(&mut to, &history).unwrap();
                to.write_all(b"\n").unwrap();
            }
        });
        for line in from.lines() {
            let answer: Answer = serde_json::from_str(&line.unwrap()).unwrap();
            assert_eq!(answer.error, "");
            assert_eq!(answer.refused, 0, "the storage refused samples");
            each(answer);
        }
    });
    assert!(child.wait().unwrap().success());
}
