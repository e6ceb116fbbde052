//! [`Answering`].

use crate::testing::{
    EchoStatus, Empty, Payload, ResponseParameters, SimpleRequest, SimpleResponse,
    StreamingInputCallRequest, StreamingInputCallResponse, StreamingOutputCallRequest,
    StreamingOutputCallResponse,
};
use std::{error::Error, future::pending, pin::Pin, time::Duration};
use tokio_stream::Stream;
use tonic::{Code, Request, Response, Status, Streaming};

/// The answers of a call with several of them.
pub type Answers = Pin<Box<dyn Stream<Item = Answered> + Send>>;

type Answered = Result<StreamingOutputCallResponse, Status>;

/// The methods of the test service, without annotations.
///
/// The head of an answer is sent before the first request of a stream is read: then no timer
/// of tonic's server runs against the client's, and what ends a call is the client alone.
#[derive(Clone, Copy, Debug)]
pub struct Answering;

impl Answering {
    /// Nothing for nothing.
    #[expect(clippy::unused_async, reason = "a method of a service is async")]
    pub async fn empty_call(self) -> Result<Response<Empty>, Status> {
        Ok(Response::new(Empty {}))
    }

    /// A payload of the size asked for, or the status asked for.
    ///
    /// # Errors
    /// The status asked for, or that of a size that can't be.
    #[expect(clippy::unused_async, reason = "a method of a service is async")]
    pub async fn unary_call(
        self,
        request: Request<SimpleRequest>,
    ) -> Result<Response<SimpleResponse>, Status> {
        let request = request.into_inner();
        asked_for(request.response_status)?;
        let payload = Some(payload(request.response_size)?);
        Ok(Response::new(SimpleResponse { payload }))
    }

    /// A payload for each one asked for, when it is due.
    ///
    /// # Errors
    /// None before the answers begin.
    #[expect(clippy::unused_async, reason = "a method of a service is async")]
    pub async fn streaming_output_call(
        self,
        request: Request<StreamingOutputCallRequest>,
    ) -> Result<Response<Answers>, Status> {
        let request = request.into_inner();
        Ok(Response::new(Box::pin(async_stream::try_stream! {
            asked_for(request.response_status)?;
            for asked in request.response_parameters {
                yield answer(asked).await?;
            }
        })))
    }

    /// How much all requests held; no answer where there was none. A client that begins and
    /// sends nothing is about to leave, some after they ended their requests, and an answer
    /// would race with that.
    ///
    /// # Errors
    /// If a request can't be read.
    pub async fn streaming_input_call(
        self,
        request: Request<Streaming<StreamingInputCallRequest>>,
    ) -> Result<Response<StreamingInputCallResponse>, Status> {
        let mut requests = request.into_inner();
        let mut sum = None;
        while let Some(request) = next(&mut requests).await? {
            let size = request.payload.map_or(0, |payload| payload.body.len());
            sum = Some(sum.unwrap_or(0) + size);
        }
        let Some(sum) = sum else {
            return pending().await;
        };
        let aggregated_payload_size =
            i32::try_from(sum).map_err(|_| Status::out_of_range("more than a response can say"))?;
        Ok(Response::new(StreamingInputCallResponse {
            aggregated_payload_size,
        }))
    }

    /// To each request what it asks for, as it comes.
    ///
    /// # Errors
    /// None before the answers begin.
    #[expect(clippy::unused_async, reason = "a method of a service is async")]
    pub async fn full_duplex_call(
        self,
        request: Request<Streaming<StreamingOutputCallRequest>>,
    ) -> Result<Response<Answers>, Status> {
        let mut requests = request.into_inner();
        Ok(Response::new(Box::pin(async_stream::try_stream! {
            while let Some(request) = next(&mut requests).await? {
                asked_for(request.response_status)?;
                for asked in request.response_parameters {
                    yield answer(asked).await?;
                }
            }
        })))
    }

    /// As a method that somebody means to write one day.
    ///
    /// # Errors
    /// Always.
    #[expect(clippy::unused_async, reason = "a method of a service is async")]
    pub async fn unimplemented_call(self) -> Result<Response<Empty>, Status> {
        Err(Status::unimplemented("on purpose"))
    }
}

/// The next request of a stream, or nothing at its end; tonic calls a reset by the client an
/// end, too. Where the connection broke, nobody is left to be answered: it waits until the
/// server drops the call. A status would make a failure of the server of it.
async fn next<T>(requests: &mut Streaming<T>) -> Result<Option<T>, Status> {
    match requests.message().await {
        // A request that can't be decoded has no source.
        Err(status) if status.source().is_some() => pending().await,
        read => read,
    }
}

fn asked_for(status: Option<EchoStatus>) -> Result<(), Status> {
    match status {
        Some(status) if status.code != 0 => {
            Err(Status::new(Code::from_i32(status.code), status.message))
        }
        _ => Ok(()),
    }
}

async fn answer(asked: ResponseParameters) -> Answered {
    let wait = u64::try_from(asked.interval_us).unwrap_or_default();
    if wait > 0 {
        tokio::time::sleep(Duration::from_micros(wait)).await;
    }
    let payload = Some(payload(asked.size)?);
    Ok(StreamingOutputCallResponse { payload })
}

fn payload(size: i32) -> Result<Payload, Status> {
    let size = usize::try_from(size)
        .map_err(|_| Status::invalid_argument("a payload of less than nothing"))?;
    Ok(Payload {
        body: vec![0; size],
        ..Payload::default()
    })
}
