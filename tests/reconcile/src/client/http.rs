//! Acts over HTTP/1 and HTTP/2.

use super::{Attempt, pool::Pool};
use crate::{
    scenario::Act,
    signals::{self, NUMBER},
};
use bytes::Bytes;
use http::{Request, Response, Version, header::HOST};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;

type Sent = hyper::Result<Response<Incoming>>;

pub(super) async fn over_http1(pool: &Pool, attempt: Attempt<'_>) -> Result<(), String> {
    let mut sender = pool.one(attempt.place).await?;
    let mut request = request(pool, attempt, Version::HTTP_11)?;
    // A connection may break while it waits. A request that then comes back has not been
    // sent, so the server does not know of it.
    let sending = async {
        loop {
            match sender.try_send_request(request).await {
                Ok(response) => return Ok(response),
                Err(mut failed) => match failed.take_message() {
                    None => return Err(failed.into_error()),
                    Some(unsent) => {
                        request = unsent;
                        sender = match pool.one(attempt.place).await {
                            Ok(sender) => sender,
                            Err(_) => return Err(failed.into_error()),
                        };
                    }
                },
            }
        }
    };
    act(attempt, sending).await?;
    if matches!(attempt.scenario.act, Act::Read(_)) {
        pool.keep(attempt.place, sender);
    }
    Ok(())
}

pub(super) async fn over_http2(pool: &Pool, attempt: Attempt<'_>) -> Result<(), String> {
    let mut sender = pool.two(attempt.place).await?;
    let request = request(pool, attempt, Version::HTTP_2)?;
    // Sent when it is polled, not before: the handler must find who waits for its word.
    act(attempt, async { sender.send_request(request).await }).await
}

async fn act(attempt: Attempt<'_>, sending: impl Future<Output = Sent>) -> Result<(), String> {
    match attempt.scenario.act {
        Act::Read(status) => {
            let body = headed(sending.await, status)?;
            let whole = body.collect().await;
            whole.map(drop).map_err(|error| format!("body: {error}"))
        }
        Act::SeeItBreak => match sending.await {
            Err(_) => Ok(()),
            Ok(response) => match response.into_body().collect().await {
                Err(_) => Ok(()),
                Ok(_) => Err("it did not break".to_owned()),
            },
        },
        Act::LeaveAfterHead(status) => headed(sending.await, status).map(drop),
        Act::LeaveAfterPart(status) => {
            let mut body = headed(sending.await, status)?;
            match body.frame().await {
                Some(Ok(_)) => Ok(()),
                other => Err(format!("no part of the body: {other:?}")),
            }
        }
        Act::LeaveWhenTold => {
            let told = signals::expect(attempt.number);
            tokio::select! {
                answer = sending => Err(format!("an answer: {answer:?}")),
                told = told => told.map_err(|_| "nobody tells".to_owned()),
            }
        }
        Act::Unary(_) | Act::Stream(_) | Act::SeeStreamBreak | Act::LeaveStream => {
            Err("that is for tonic's client".to_owned())
        }
    }
}

fn headed(sent: Sent, status: u16) -> Result<Incoming, String> {
    let response = sent.map_err(|error| format!("no answer: {error:?}"))?;
    match response.status().as_u16() {
        seen if seen == status => Ok(response.into_body()),
        seen => Err(format!("status {seen}")),
    }
}

fn request(
    pool: &Pool,
    attempt: Attempt<'_>,
    version: Version,
) -> Result<Request<Full<Bytes>>, String> {
    let scenario = attempt.scenario;
    let authority = pool.authority(attempt.place);
    let mut builder = Request::builder()
        .method(scenario.method.clone())
        .version(version)
        .header(NUMBER, attempt.number);
    builder = if version == Version::HTTP_2 {
        builder.uri(format!("http://{authority}{}", scenario.path))
    } else {
        builder.uri(scenario.path).header(HOST, authority)
    };
    for (name, value) in &scenario.headers {
        builder = builder.header(*name, *value);
    }
    builder
        .body(Full::new(Bytes::from_static(scenario.body)))
        .map_err(|error| error.to_string())
}
