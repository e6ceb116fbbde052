//! A gRPC service by hand, so that nothing needs generated code: the message says which
//! status to end with.

use super::{CHAOS, LONG, broken::ON_PURPOSE};
use crate::{codec::Raw, signals::tell};
use axum::{
    Router,
    extract::{Path, Request as HttpRequest},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
    routing::post,
};
use slo_sdk::slo;
use std::{future::pending, time::Duration};
use tokio_stream::Stream;
use tonic::{Code, Request, Response, Status};
use tower::service_fn;

type Answer = Result<Response<Vec<u8>>, Status>;

/// The status stands in the head of the answer, but for OK.
#[slo(journey = CHAOS, route = "/recon.Chaos/Unary")]
async fn unary(request: Request<Vec<u8>>) -> Answer {
    answer(request.get_ref()).map(Response::new)
}

/// The status stands in the trailers.
#[slo(journey = CHAOS, route = "/recon.Chaos/Stream")]
async fn stream(
    request: Request<Vec<u8>>,
) -> Result<Response<impl Stream<Item = Result<Vec<u8>, Status>>>, Status> {
    let last = answer(request.get_ref());
    Ok(Response::new(tokio_stream::iter([
        Ok(vec![1]),
        Ok(vec![2]),
        last,
    ])))
}

#[slo(journey = CHAOS, route = "/recon.Chaos/Late", latency = 99% < 1ms)]
async fn grpc_late(_: Request<Vec<u8>>) -> Answer {
    tokio::time::sleep(LONG).await;
    Ok(Response::new(Vec::new()))
}

#[slo(journey = CHAOS, route = "/recon.Chaos/Panic")]
async fn grpc_panic(_: Request<Vec<u8>>) -> Answer {
    tokio::task::yield_now().await;
    panic!("{ON_PURPOSE}")
}

#[slo(journey = CHAOS, route = "/recon.Chaos/PanicStream")]
async fn grpc_panic_stream(
    _: Request<Vec<u8>>,
) -> Result<Response<impl Stream<Item = Result<Vec<u8>, Status>>>, Status> {
    Ok(Response::new(async_stream::stream! {
        yield Ok(vec![1]);
        tokio::task::yield_now().await;
        panic!("{ON_PURPOSE}");
    }))
}

#[slo(journey = CHAOS, route = "/recon.Chaos/Endless")]
async fn grpc_endless(
    _: Request<Vec<u8>>,
) -> Result<Response<impl Stream<Item = Result<Vec<u8>, Status>>>, Status> {
    Ok(Response::new(async_stream::stream! {
        loop {
            yield Ok(vec![1; 256]);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }))
}

#[slo(journey = CHAOS, route = "/recon.Chaos/Hang")]
async fn grpc_hang(request: Request<Vec<u8>>) -> Answer {
    tell(request.metadata().as_ref());
    pending().await
}

/// Tells when the 5 ms that its client gives it have passed, if nobody ends it before.
#[slo(journey = CHAOS, route = "/recon.Chaos/Overdue")]
async fn grpc_overdue(request: Request<Vec<u8>>) -> Answer {
    tokio::time::sleep(LONG).await;
    tell(request.metadata().as_ref());
    pending().await
}

#[slo(journey = CHAOS, route = "/recon.Chaos/Marked")]
async fn grpc_marked(_: Request<Vec<u8>>) -> Answer {
    slo_sdk::current().exclude();
    Err(Status::internal("a test request"))
}

/// Answers without gRPC's machinery, for what it would never do.
#[slo(journey = CHAOS, route = "POST /recon.Odd/{how}")]
async fn grpc_odd(headers: HeaderMap) -> impl IntoResponse {
    let mut answer = HeaderMap::new();
    answer.insert(CONTENT_TYPE, GRPC);
    if let Some(status) = headers.get("x-answer") {
        answer.insert("grpc-status", status.clone());
    }
    let is_down = headers.contains_key("x-down");
    let status = if is_down {
        StatusCode::BAD_GATEWAY
    } else {
        StatusCode::OK
    };
    (status, answer, "\0\0\0\0\0")
}

const GRPC: http::HeaderValue = http::HeaderValue::from_static("application/grpc");

/// gRPC-Web: the status is the last message of the body.
#[slo(journey = CHAOS, route = "POST /recon.Web/{status}")]
async fn grpc_web(Path(status): Path<u8>) -> impl IntoResponse {
    let trailers = format!("grpc-status:{status}");
    let length = u32::try_from(trailers.len()).unwrap_or_default();
    let message = [b"\x80", &length.to_be_bytes()[..], trailers.as_bytes()].concat();
    ([(CONTENT_TYPE, "application/grpc-web+proto")], message)
}

fn answer(request: &[u8]) -> Result<Vec<u8>, Status> {
    match request {
        [0] | [] => Ok(vec![0]),
        [code, ..] => Err(Status::new(Code::from_i32((*code).into()), "on purpose")),
    }
}

async fn dispatch(request: HttpRequest) -> http::Response<tonic::body::Body> {
    let path = request.uri().path().to_owned();
    let mut grpc = tonic::server::Grpc::new(Raw);
    macro_rules! unary {
        ($method:ident) => {
            grpc.unary(service_fn(|request| Box::pin($method(request))), request)
                .await
        };
    }
    macro_rules! streaming {
        ($method:ident) => {
            grpc.server_streaming(service_fn(|request| Box::pin($method(request))), request)
                .await
        };
    }
    match path.trim_start_matches("/recon.Chaos/") {
        "Unary" => unary!(unary),
        "Late" => unary!(grpc_late),
        "Panic" => unary!(grpc_panic),
        "Hang" => unary!(grpc_hang),
        "Overdue" => unary!(grpc_overdue),
        "Marked" => unary!(grpc_marked),
        "Stream" => streaming!(stream),
        "PanicStream" => streaming!(grpc_panic_stream),
        "Endless" => streaming!(grpc_endless),
        _ => Status::unimplemented("no such method").into_http(),
    }
}

pub(super) fn router() -> Router {
    Router::new()
        .route("/recon.Chaos/{method}", post(dispatch))
        .route("/recon.Odd/{how}", post(grpc_odd))
        .route("/recon.Web/{status}", post(grpc_web))
}
