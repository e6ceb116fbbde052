//! What handlers count that no layer stands around: whatever they return, no answer that
//! failed is good, and what is not known is said.

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::{Path, Request},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use slo_sdk::{EventResult, Journey, Objectives, slo, testing};
use slo_tower::SloLayer;
use std::collections::BTreeMap;
use tower::ServiceExt;

const J: Journey = Journey::new("outside").objectives(Objectives::new().availability(99.9));

/// Panics where the client asks for it, else gives the status to answer with.
fn asked(path: &str) -> StatusCode {
    assert_ne!(path, "panic", "on purpose");
    path.parse().expect("a status")
}

/// A type of the application that renders what it likes.
struct Own(StatusCode);

impl IntoResponse for Own {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

/// An error of the application with a status that nobody sees.
struct AppError(StatusCode);

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

fn checked<T, E>(status: StatusCode, good: T, error: impl FnOnce(StatusCode) -> E) -> Result<T, E> {
    if status.is_success() {
        Ok(good)
    } else {
        Err(error(status))
    }
}

macro_rules! handlers {
    ($($name:ident($status:ident) -> $answer:ty { $value:expr })*) => {
        $(
            #[slo(journey = J)]
            async fn $name(Path(path): Path<String>) -> $answer {
                let $status = asked(&path);
                $value
            }
        )*

        /// The handlers, each on a path of its own.
        fn router() -> Router {
            Router::new()$(.route(concat!("/", stringify!($name), "/{status}"), get($name)))*
        }

        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

handlers! {
    response(status) -> Response { status.into_response() }
    status(status) -> StatusCode { status }
    status_and_json(status) -> (StatusCode, Json<u8>) { (status, Json(1)) }
    result_of_response(status) -> Result<Response, AppError> { Ok(status.into_response()) }
    result_of_json(status) -> Result<Json<u8>, StatusCode> { checked(status, Json(1), |s| s) }
    opaque(status) -> impl IntoResponse { status }
    opaque_own(status) -> impl IntoResponse { Own(status) }
    own(status) -> Own { Own(status) }
    result_of_own(status) -> Result<Own, AppError> { checked(status, Own(status), AppError) }
    ok_of_own(status) -> Result<Own, AppError> { Ok(Own(status)) }
    own_error(status) -> Result<Json<u8>, AppError> { checked(status, Json(1), AppError) }
    error_and_text(status) -> Result<&'static str, (StatusCode, String)> {
        checked(status, "", |s| (s, String::new()))
    }
    // axum refuses the header and answers 500, whatever the status was to be.
    broken_part(status) -> (StatusCode, [(&'static str, &'static str); 1], &'static str) {
        (status, [("x-note", "line\nbreak")], "")
    }
    nested_result(status) -> Result<Result<Own, AppError>, AppError> {
        Ok(checked(status, Own(status), AppError))
    }
}

/// What the client met with: a status, or `None` if the connection broke.
async fn ask(app: &Router, path: String) -> Option<StatusCode> {
    let request = Request::builder()
        .uri(path)
        .body(Body::empty())
        .expect("a path");
    let app = app.clone();
    let answer = tokio::spawn(async move {
        let response = app.oneshot(request).await.expect("a router");
        let status = response.status();
        to_bytes(response.into_body(), 1000).await.expect("a body");
        status
    });
    answer.await.ok()
}

type Row = (Option<u16>, &'static str, u64, u64);

/// What each handler counts in such a router: what the client met with, the only result, and
/// the events that are good and bad by it.
async fn table(app: &Router) -> BTreeMap<(&'static str, &'static str), Row> {
    let mut table = BTreeMap::new();
    for name in NAMES {
        for status in ["200", "404", "500", "panic"] {
            let slo = testing::recorder();
            let met = ask(app, format!("/{name}/{status}")).await;
            let counts = slo.endpoint(&name.replace('_', "-"));
            let results: Vec<_> = counts.results().filter(|(_, n)| *n > 0).collect();
            let [(result, 1)] = results.as_slice() else {
                panic!("{name} {status}: {results:?}");
            };
            let sli = counts.sli("availability").expect("it has one").counts;
            let row = (met.map(|s| s.as_u16()), result.as_str(), sli.good, sli.bad);
            table.insert((*name, status), row);
        }
    }
    table
}

fn has_status(name: &str) -> bool {
    !matches!(
        name,
        "own"
            | "opaque_own"
            | "ok_of_own"
            | "broken_part"
            | "nested_result"
            | "result_of_own"
            | "own_error"
    )
}

#[tokio::test]
async fn without_a_layer_no_failing_answer_is_good() {
    let late = Router::new()
        .route("/first", get(|| async {}))
        .layer(SloLayer::new());
    for (place, app) in [
        ("no layer", router()),
        ("after the layer", late.merge(router())),
    ] {
        println!("{place}");
        for ((name, asked), row) in table(&app).await {
            let (met, result, good, bad) = row;
            println!("{name:20} {asked:6} {met:?} {result} {good} {bad}");
            let failed = met.is_none_or(|status| status >= 500);
            let case = format!("{place}: {name} {asked} {row:?}");
            assert!(good == 0 || met == Some(200), "{case}");
            // What failed is bad or said, and what did not is bad only as an error of a type
            // that says nothing more.
            assert!(!failed || bad == 1 || result == "outside_layer", "{case}");
            assert!(failed || bad == 0 || !has_status(name), "{case}");
            if met.is_none() {
                assert_eq!(result, "panicked", "{case}");
            }
        }
    }
}

#[tokio::test]
async fn a_status_that_is_said_counts_as_under_the_layer() {
    let (without, with) = (
        table(&router()).await,
        table(&router().layer(SloLayer::new())).await,
    );
    let mut equal = 0;
    for (case, row) in &without {
        if row.1 != EventResult::OutsideLayer.as_str() && has_status(case.0) {
            assert_eq!(row, &with[case], "{case:?}");
            equal += 1;
        }
    }
    // Of eight handlers that say a status all but two successes that are `Json` or text.
    assert!(equal >= 7 * 4 - 2, "{equal}");
}
