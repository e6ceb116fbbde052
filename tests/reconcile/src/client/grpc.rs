//! Acts through tonic's client.

use super::{Attempt, pool::Pool};
use crate::{
    codec::Raw,
    scenario::Act,
    signals::{self, NUMBER},
};
use http::uri::PathAndQuery;
use tokio_stream::StreamExt;
use tonic::{Code, Request, Response, Status, Streaming, client::Grpc, transport::Channel};

pub(super) async fn act(pool: &Pool, attempt: Attempt<'_>) -> Result<(), String> {
    let mut grpc = Grpc::new(pool.grpc(attempt.place).await?);
    grpc.ready().await.map_err(|error| error.to_string())?;
    match attempt.scenario.act {
        Act::Unary(code) => {
            let seen = unary(&mut grpc, attempt, code).await;
            is(seen.map(drop), code)
        }
        Act::Stream(code) => {
            let messages = stream(&mut grpc, attempt, code).await;
            let mut messages = messages.map_err(|status| status.to_string())?.into_inner();
            let mut last = Ok(());
            while let Some(message) = messages.next().await {
                last = message.map(drop);
            }
            is(last, code)
        }
        Act::SeeStreamBreak => {
            let Ok(messages) = stream(&mut grpc, attempt, 0).await else {
                return Ok(());
            };
            let mut messages = messages.into_inner();
            while let Some(message) = messages.next().await {
                if message.is_err() {
                    return Ok(());
                }
            }
            Err("it did not break".to_owned())
        }
        Act::LeaveStream => {
            let messages = stream(&mut grpc, attempt, 0).await;
            let mut messages = messages.map_err(|status| status.to_string())?.into_inner();
            match messages.next().await {
                Some(Ok(_)) => Ok(()),
                other => Err(format!("no first message: {other:?}")),
            }
        }
        Act::LeaveWhenTold => {
            let told = signals::expect(attempt.number);
            tokio::select! {
                answer = unary(&mut grpc, attempt, 0) => Err(format!("an answer: {answer:?}")),
                told = told => told.map_err(|_| "nobody tells".to_owned()),
            }
        }
        Act::Read(_) | Act::SeeItBreak | Act::LeaveAfterHead(_) | Act::LeaveAfterPart(_) => {
            Err("that is for a client of HTTP".to_owned())
        }
    }
}

type Answered<T> = Result<Response<T>, Status>;

async fn unary(grpc: &mut Grpc<Channel>, attempt: Attempt<'_>, code: u8) -> Answered<Vec<u8>> {
    grpc.unary(request(attempt, code), path(attempt), Raw).await
}

async fn stream(
    grpc: &mut Grpc<Channel>,
    attempt: Attempt<'_>,
    code: u8,
) -> Answered<Streaming<Vec<u8>>> {
    grpc.server_streaming(request(attempt, code), path(attempt), Raw)
        .await
}

fn path(attempt: Attempt<'_>) -> PathAndQuery {
    PathAndQuery::from_static(attempt.scenario.path)
}

fn request(attempt: Attempt<'_>, code: u8) -> Request<Vec<u8>> {
    let mut request = Request::new(vec![code]);
    request.metadata_mut().insert(NUMBER, attempt.number.into());
    request
}

fn is(seen: Result<(), Status>, code: u8) -> Result<(), String> {
    let seen = seen.err().map_or(Code::Ok, |status| status.code());
    if seen == Code::from_i32(code.into()) {
        Ok(())
    } else {
        Err(format!("status {seen:?}"))
    }
}
