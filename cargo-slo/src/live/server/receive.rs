//! An export, from its request to its answer.

use super::{
    answer::{Answer, grpc, grpc_error, with},
    connections::Server,
};
use crate::live::{
    otlp::{
        Encoding, GrpcStatus, Incoming, MAX_BYTES, Reply, Signal, TOO_LONG, Unwelcome, accepted,
        from_json, from_protobuf, plain,
    },
    page,
    state::now,
    view::Refusal,
};
use bytes::Bytes;
use http::{Request, header};
use http_body::Body as _;
use http_body_util::{BodyExt, Limited};
use hyper::body;
use std::time::Duration;

/// How long a body may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Refuses what was to be an export.
pub(super) fn refuse(
    server: &Server,
    request: &Request<body::Incoming>,
    told: Unwelcome,
) -> Answer {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let is_grpc = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"));
    let why = page::refusal(&told.why);
    let mend = told
        .mend
        .map(|mend| mend.setting(&server.access.endpoint()));
    let answer = match (is_grpc, &mend) {
        (true, _) => grpc_error(GrpcStatus::Unimplemented, &why),
        (false, mend) => {
            let lines = [Some(&why), mend.as_ref()].into_iter().flatten();
            let text: String = lines.flat_map(|line| [line, "\n"]).collect();
            with(told.status, "text/plain; charset=utf-8", text)
        }
    };
    server.state.known().refuse(what(request), told.why, mend);
    answer
}

/// What came: `POST /v1/metrics`.
pub(super) fn what(request: &Request<body::Incoming>) -> String {
    let path: String = request.uri().path().chars().take(100).collect();
    format!("{} {path}", request.method())
}

/// Takes an export.
pub(super) async fn receive(
    server: &Server,
    incoming: Incoming,
    request: Request<body::Incoming>,
) -> Answer {
    let what = what(&request);
    match taken(server, incoming, request).await {
        Ok(reply) => {
            let message = accepted(incoming.signal, incoming.encoding, &reply);
            match incoming.encoding {
                Encoding::Grpc => grpc(message),
                Encoding::Protobuf => with(200, "application/x-protobuf", message),
                Encoding::Json => with(200, "application/json", message),
            }
        }
        Err(refusal) => {
            let why = page::refusal(&refusal);
            let is_large = matches!(refusal, Refusal::TooLong { .. } | Refusal::TooMany { .. });
            let answer = match (incoming.encoding, is_large) {
                (Encoding::Grpc, true) => grpc_error(GrpcStatus::ResourceExhausted, &why),
                (Encoding::Grpc, false) => grpc_error(GrpcStatus::InvalidArgument, &why),
                (_, true) => with(413, "text/plain; charset=utf-8", format!("{why}\n")),
                (_, false) => with(400, "text/plain; charset=utf-8", format!("{why}\n")),
            };
            server.state.known().refuse(what, refusal, None);
            answer
        }
    }
}

async fn taken(
    server: &Server,
    incoming: Incoming,
    request: Request<body::Incoming>,
) -> Result<Reply, Refusal> {
    let body = request.into_body();
    if body.size_hint().lower() > MAX_BYTES as u64 {
        return Err(TOO_LONG);
    }
    // So many bodies at once, and no more, are in memory.
    let _permit = server.bodies.acquire().await;
    let body = tokio::time::timeout(PATIENCE, Limited::new(body, MAX_BYTES).collect()).await;
    let body = body.ok().and_then(Result::ok).ok_or(TOO_LONG)?.to_bytes();
    let message = plain(&incoming, &body)?;
    let reply = counted(server, incoming, &message)?;
    let mut known = server.state.known();
    known.came[incoming.signal as usize] = true;
    if let Some(forward) = &known.forward {
        let is_json = incoming.encoding == Encoding::Json;
        forward.pass_on(incoming.signal, is_json, Bytes::from(message.into_owned()));
    }
    Ok(reply)
}

fn counted(server: &Server, incoming: Incoming, message: &[u8]) -> Result<Reply, Refusal> {
    let is_json = incoming.encoding == Encoding::Json;
    let taken = match incoming.signal {
        Signal::Metrics => {
            let export = if is_json {
                from_json(message)
            } else {
                from_protobuf(message)
            }?;
            server.state.known().counts.take_metrics(&export, now())
        }
        Signal::Logs => {
            let export = if is_json {
                from_json(message)
            } else {
                from_protobuf(message)
            }?;
            server.state.known().counts.take_events(&export, now())
        }
        Signal::Traces => {
            return Ok(Reply {
                rejected: 0,
                why: String::new(),
            });
        }
    };
    let mut known = server.state.known();
    known.accepted += taken.accepted;
    let why: Vec<_> = taken.why().map(|why| page::refusal(&why)).collect();
    for why in taken.why() {
        known.refuse(format!("POST {}", incoming.signal.path()), why, None);
    }
    Ok(Reply {
        rejected: taken.rejections(),
        why: why.join(" "),
    })
}
