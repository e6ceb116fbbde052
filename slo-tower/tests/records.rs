//! Log records of bad requests: nothing in them is a client's, and no trace is another request's.

#![expect(clippy::unwrap_used, reason = "a test that can not go on panics")]

#[allow(dead_code, reason = "other tests need the rest of it")]
#[path = "../../slo-sdk/tests/it/collector.rs"]
mod collector;

use axum::{
    Router,
    body::Body,
    extract::{Path, Request},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::any,
};
use collector::Collector;
use http_body_util::{BodyExt, Collected};
use opentelemetry::{
    Context, SpanId, TraceFlags, TraceId,
    context::FutureExt,
    trace::{SpanContext, TraceContextExt, TraceState},
};
use opentelemetry_proto::tonic::{common::v1::any_value::Value, logs::v1::LogRecord};
use slo_sdk::{Guard, Journey, Objectives, slo};
use slo_tower::SloLayer;
use std::{
    collections::{BTreeMap, BTreeSet},
    panic,
    time::Duration,
};
use tokio::sync::Mutex;
use tower::ServiceExt;

/// One export at a time may live in a process.
static ALONE: Mutex<()> = Mutex::const_new(());

const RECORDED: Journey = Journey::new("recorded").objectives(Objectives::new().availability(99.0));

#[slo(journey = RECORDED)]
async fn answers(Path((way, said)): Path<(String, String)>, request: Request) -> Response {
    let asked = request.into_body().collect().await;
    let asked = asked.map(Collected::to_bytes).unwrap_or_default();
    tokio::task::yield_now().await;
    let secret = format!("{said}{}", String::from_utf8_lossy(&asked));
    match way.as_str() {
        "fails" => (StatusCode::BAD_GATEWAY, secret).into_response(),
        "breaks" => {
            let parts = [Ok(secret.clone()), Err(std::io::Error::other(secret))];
            Body::from_stream(tokio_stream::iter(parts)).into_response()
        }
        "panics" => panic!("{secret}"),
        "marked" => {
            slo_sdk::current().bad("stale");
            secret.into_response()
        }
        _ => secret.into_response(),
    }
}

#[slo(journey = RECORDED)]
async fn status(Path(status): Path<u16>) -> Response {
    for _ in 0..status % 7 {
        tokio::task::yield_now().await;
    }
    let status = StatusCode::from_u16(status).expect("a status");
    // Whoever writes the body has entered nothing.
    (status, "an error").into_response()
}

fn app(layer: SloLayer) -> Router {
    Router::new()
        .route("/say/{way}/{said}", any(answers))
        .route("/status/{status}", any(status))
        .layer(layer)
}

fn exporting_to(collector: &Collector) -> Guard {
    slo_sdk::builder()
        .endpoint(collector.url())
        .export_interval(Duration::from_secs(3600))
        .shutdown_timeout(Duration::from_secs(10))
        .try_init()
        .expect("it starts")
}

fn records(collector: &Collector) -> Vec<LogRecord> {
    let exports = collector.logs().into_iter();
    exports
        .flat_map(|export| export.resource_logs)
        .flat_map(|resource| resource.scope_logs)
        .flat_map(|scope| scope.log_records)
        .collect()
}

fn attributes(record: &LogRecord) -> BTreeMap<&str, String> {
    let pairs = record.attributes.iter().filter_map(|pair| {
        let text = match pair.value.as_ref()?.value.as_ref()? {
            Value::StringValue(text) => text.clone(),
            Value::IntValue(number) => number.to_string(),
            _ => return None,
        };
        Some((pair.key.as_str(), text))
    });
    pairs.collect()
}

/// splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[tokio::test]
async fn no_record_says_what_a_client_did() {
    const WAYS: [&str; 5] = ["fails", "breaks", "panics", "marked", "good"];
    let _alone = ALONE.lock().await;
    let seed = std::env::var("SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or(0x510_0005);
    println!("SEED={seed}");
    let mut random = Random(seed);
    let collector = Collector::start();
    let guard = exporting_to(&collector);
    let app = app(SloLayer::new().trace_context(true));
    let mut secrets = BTreeSet::new();
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| ()));
    for round in 0..45 {
        let mut secret = || {
            let secret = format!("s3cr3t{:016x}", random.next());
            secrets.insert(secret.clone());
            secret
        };
        let way = WAYS[round % WAYS.len()];
        let request = Request::builder()
            .method(secret().as_str())
            .uri(format!(
                "http://{}/say/{way}/{}?q={}",
                secret(),
                secret(),
                secret()
            ))
            .header("authorization", secret())
            .header("traceparent", secret())
            .header("tracestate", secret())
            .header(secret(), secret())
            .body(Body::from(secret()))
            .expect("a request");
        let answer = tokio::spawn(app.clone().oneshot(request)).await;
        if let Ok(Ok(answer)) = answer {
            // An answer that breaks off is an error here, too.
            let _ = answer.into_body().collect().await;
        }
    }
    panic::set_hook(hook);
    drop(guard);

    let records = records(&collector);
    let results = records
        .iter()
        .filter_map(|record| attributes(record).remove("slo.result"));
    let results: BTreeSet<_> = results.collect();
    let expected = ["body_error", "marked_bad", "panicked", "server_error"];
    assert_eq!(results, expected.map(str::to_owned).into());
    assert_eq!(records.len(), 36, "below the limit, each bad event has one");
    assert!(records.iter().all(|record| record.trace_id.is_empty()));
    let raw = collector.raw_logs().concat();
    let raw = String::from_utf8_lossy(&raw).to_lowercase();
    assert!(raw.contains("server_error") && raw.contains("stale"));
    assert!(!raw.contains("s3cr3t"), "seed {seed}: {raw}");
    for secret in &secrets {
        assert!(
            !raw.contains(&secret["s3cr3t".len()..]),
            "seed {seed}: {secret}"
        );
    }
    if cfg!(feature = "axum") {
        for record in &records {
            let attributes = attributes(record);
            // A panic and a stream that breaks off are not answers that were bad from the start.
            if attributes["slo.result"] == "server_error" {
                assert_eq!(attributes["http.route"], "/say/{way}/{said}");
            }
        }
    }
}

/// Requests of fifty statuses at once, each with the trace of its status where `asks` says how; of
/// each record, the status and the trace.
async fn traces(
    layer: SloLayer,
    asks: impl Fn(u16, Router) -> tokio::task::JoinHandle<Response>,
) -> Vec<(u16, u128)> {
    let collector = Collector::start();
    let guard = exporting_to(&collector);
    let app = app(layer);
    // The limit knows nothing of other tests.
    tokio::time::sleep(Duration::from_millis(5_100)).await;
    let asked: Vec<_> = (500..550).map(|status| asks(status, app.clone())).collect();
    for answer in asked {
        let answer = answer.await.expect("an answer");
        answer.into_body().collect().await.expect("all of it");
    }
    drop(guard);
    let records = records(&collector);
    let seen = records.iter().map(|record| {
        let status = attributes(record)["http.response.status_code"].parse();
        let trace = record
            .trace_id
            .iter()
            .fold(0, |id, byte| id << 8 | u128::from(*byte));
        (status.expect("a status"), trace)
    });
    let mut seen: Vec<_> = seen.collect();
    seen.sort_unstable();
    seen
}

fn request(status: u16) -> http::request::Builder {
    Request::builder().uri(format!("/status/{status}"))
}

fn each_its_own() -> Vec<(u16, u128)> {
    (500..550)
        .map(|status| (status, u128::from(status)))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_trace_context_each_record_has_the_callers_trace() {
    let _alone = ALONE.lock().await;
    let traceparent = |status: u16| format!("00-{status:032x}-00000000000000aa-01");
    let ask = |status, app: Router| {
        let request = request(status).header("traceparent", traceparent(status));
        let request = request.body(Body::empty()).expect("a request");
        tokio::spawn(async move { app.oneshot(request).await.expect("an answer") })
    };
    let seen = traces(SloLayer::new().trace_context(true), ask).await;
    assert_eq!(seen, each_its_own());
    // Not asked for, nothing is kept.
    let seen = traces(SloLayer::new(), ask).await;
    let none: Vec<_> = (500..550).map(|status| (status, 0)).collect();
    assert_eq!(seen, none);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_opentelemetry_entered_around_the_layer_is_the_trace() {
    let _alone = ALONE.lock().await;
    let ask = |status: u16, app: Router| {
        let request = request(status).body(Body::empty()).expect("a request");
        let span = SpanContext::new(
            TraceId::from(u128::from(status)),
            SpanId::from(0xbb),
            TraceFlags::SAMPLED,
            false,
            TraceState::NONE,
        );
        let entered = Context::new().with_remote_span_context(span);
        let answer = async move { app.oneshot(request).await.expect("an answer") };
        tokio::spawn(answer.with_context(entered))
    };
    let seen = traces(SloLayer::new(), ask).await;
    assert_eq!(seen, each_its_own());
}
