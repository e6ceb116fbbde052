//! `until` does not fit the response type.
//!
//! By default latency ends with the last byte of the answer, because that is what a user waits for. An
//! answer that streams, such as server-sent events or a server stream of gRPC, is sent for as long as
//! the client listens: measured to its end, every long conversation is a slow one, and the more users
//! like the stream, the worse the latency gets. With `until = headers` the time to the head of the
//! answer counts, which is how soon something comes.
//!
//! The other way round, `until = headers` on an answer that is there as a whole measures nothing
//! that users wait for: an answer of ten megabytes that takes a minute to arrive is as fast as one of
//! ten bytes. Leave the key out.
//!
//! What a handler answers is read off its return type by `#[slo]`: `Sse`, and whatever ends with
//! `Stream`, streams; `Json`, `Html`, `String` and the like are whole. Of `impl IntoResponse` and
//! other types nothing is known, and nothing is said. Accept the finding with an exception where a
//! stream is short and its end is what users wait for, such as the download of a file.

use crate::{
    diagnostics::{Change, Level},
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, promise::annotation, rule::Check},
};
use slo_model::{Answer, Until, record::EndpointRecord};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "latency-of-stream",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("latency_of_stream.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let endpoints = subject.service.endpoints.iter();
    let timed = endpoints.filter(|record| has_latency(record));
    timed
        .filter_map(|record| {
            let name = format!("{}/{}", record.journey.name, record.name);
            let found = |message: String| {
                Finding::new(&name, Place::Source(record.source.clone()), message)
            };
            match (record.until, record.answer) {
                (Until::Body, Answer::Stream) => Some(
                    found(format!(
                        "`{name}` answers with a stream, and its latency ends with the last byte"
                    ))
                    .note("how long a client listens is not a latency")
                    .changes([Change::decision(
                        "measure how soon the answer begins",
                        annotation(&record.source, "until = headers".to_owned(), None),
                    )]),
                ),
                (Until::Headers, Answer::Whole) => Some(
                    found(format!(
                        "the latency of `{name}` ends before its answer is sent, which does not stream"
                    ))
                    .note("users wait for the last byte, however long that takes")
                    .changes([Change::decision(
                        "measure until the last byte",
                        annotation(
                            &record.source,
                            String::new(),
                            Some("until = headers".to_owned()),
                        ),
                    )]),
                ),
                _ => None,
            }
        })
        .collect()
}

/// True where its events are judged by how long they took.
fn has_latency(record: &EndpointRecord) -> bool {
    let all = record.objectives.iter().chain(&record.journey.objectives);
    all.into_iter()
        .any(|objectives| !objectives.latency.is_empty())
}
