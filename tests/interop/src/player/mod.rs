//! The client's side of the cases, with the assertions of the protocol.
//!
//! `calls` holds the cases whose calls end by themselves, `endings` those that a status, a
//! deadline or the client ends.

mod calls;
mod endings;

use crate::{
    Case, Observer,
    testing::{
        EchoStatus, Payload, ResponseParameters, StreamingOutputCallRequest,
        StreamingOutputCallResponse, test_service_client::TestServiceClient,
        unimplemented_service_client::UnimplementedServiceClient,
    },
};
use bytes::Bytes;
use http::Uri;
use http_body::Body;
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::{Code, Status, Streaming, client::GrpcService, codegen::StdError};

/// What was seen that should not be.
type Outcome = Result<(), String>;

type Requests = mpsc::UnboundedSender<StreamingOutputCallRequest>;

/// Plays the cases over a transport.
#[derive(Debug)]
pub struct Player<T> {
    service: TestServiceClient<T>,
    nobody: UnimplementedServiceClient<T>,
    observer: Observer,
}

impl<T> Player<T>
where
    T: GrpcService<tonic::body::Body> + Clone,
    T::Error: Into<StdError>,
    T::ResponseBody: Body<Data = Bytes> + Send + 'static,
    <T::ResponseBody as Body>::Error: Into<StdError> + Send,
{
    /// A player for a server in which the witness stands.
    pub fn new(transport: T, server: &Uri, observer: Observer) -> Player<T> {
        Player {
            service: TestServiceClient::with_origin(transport.clone(), server.clone()),
            nobody: UnimplementedServiceClient::with_origin(transport, server.clone()),
            observer,
        }
    }

    /// Plays a case.
    ///
    /// # Errors
    /// If the server did not do what the protocol asks for.
    pub async fn play(&mut self, case: Case) -> Result<(), String> {
        match case {
            Case::EmptyUnary => self.empty_unary().await,
            Case::LargeUnary => self.large_unary().await,
            Case::ClientStreaming => self.client_streaming().await,
            Case::ServerStreaming => self.server_streaming().await,
            Case::PingPong => self.ping_pong().await,
            Case::EmptyStream => self.empty_stream().await,
            Case::TimeoutOnSleepingServer => self.timeout_on_sleeping_server().await,
            Case::CancelAfterBegin => self.cancel_after_begin().await,
            Case::CancelAfterFirstResponse => self.cancel_after_first_response().await,
            Case::StatusCodeAndMessage => self.status_code_and_message().await,
            Case::SpecialStatusMessage => self.special_status_message().await,
            Case::CustomMetadata => self.custom_metadata().await,
            Case::UnimplementedMethod => self.unimplemented_method().await,
            Case::UnimplementedService => self.unimplemented_service().await,
        }
    }

    /// A call of both streams, and its requests to be.
    async fn full_duplex(
        &mut self,
    ) -> Result<(Requests, Streaming<StreamingOutputCallResponse>), String> {
        let (requests, stream) = requests();
        let answer = self.service.full_duplex_call(stream).await;
        Ok((
            requests,
            answer.map_err(|status| shown(&status))?.into_inner(),
        ))
    }
}

fn requests() -> (
    Requests,
    UnboundedReceiverStream<StreamingOutputCallRequest>,
) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (sender, UnboundedReceiverStream::new(receiver))
}

/// A request with a payload that asks for answers of these sizes.
fn ask(payload: usize, sizes: &[i32]) -> StreamingOutputCallRequest {
    let asked = |&size| ResponseParameters {
        size,
        interval_us: 0,
    };
    StreamingOutputCallRequest {
        response_parameters: sizes.iter().map(asked).collect(),
        payload: Some(zeros(payload)),
        ..StreamingOutputCallRequest::default()
    }
}

fn zeros(size: usize) -> Payload {
    Payload {
        body: vec![0; size],
        ..Payload::default()
    }
}

fn status(code: Code, message: &str) -> Option<EchoStatus> {
    Some(EchoStatus {
        code: code.into(),
        message: message.to_owned(),
    })
}

/// An answer has a payload of so many zeros.
fn has(payload: Option<&Payload>, size: usize) -> Outcome {
    match payload {
        Some(payload) if payload.body.len() == size && payload.body.iter().all(|&b| b == 0) => {
            Ok(())
        }
        Some(payload) => Err(format!(
            "{} bytes instead of {size} zeros",
            payload.body.len()
        )),
        None => Err(format!("no payload instead of {size} bytes")),
    }
}

/// The next answer has a payload of so many zeros.
async fn answers(answers: &mut Streaming<StreamingOutputCallResponse>, size: usize) -> Outcome {
    match answers.message().await.map_err(|status| shown(&status))? {
        Some(answer) => has(answer.payload.as_ref(), size),
        None => Err(format!("no answer of {size} bytes")),
    }
}

/// No answer comes any more, and the status is OK.
async fn ends(answers: &mut Streaming<StreamingOutputCallResponse>) -> Outcome {
    match answers.message().await.map_err(|status| shown(&status))? {
        None => Ok(()),
        Some(_) => Err("an answer too many".to_owned()),
    }
}

/// It ended with this status.
fn fails<A>(ended: Result<A, Status>, code: Code, message: Option<&str>) -> Outcome {
    match ended {
        Ok(_) => Err(format!("no {code:?}")),
        Err(status) if status.code() != code => Err(format!("{status:?} instead of {code:?}")),
        Err(status) if message.is_some_and(|text| text != status.message()) => {
            Err(format!("{status:?} does not say {message:?}"))
        }
        Err(_) => Ok(()),
    }
}

fn shown(status: &Status) -> String {
    format!("{status:?}")
}
