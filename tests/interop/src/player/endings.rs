//! Cases that a status, a deadline or the client ends.

use super::{Outcome, Player, answers, ask, fails, requests, status};
use crate::{
    Cut,
    testing::{Empty, SimpleRequest, StreamingInputCallRequest, StreamingOutputCallRequest},
};
use bytes::Bytes;
use http_body::Body;
use std::{future::Future, pin::pin, time::Duration};
use tonic::{Code, Request, Status, client::GrpcService, codegen::StdError};

const DEADLINE: Duration = Duration::from_millis(1);

const MESSAGE: &str = "test status message";
const SPECIAL: &str = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";

impl<T> Player<T>
where
    T: GrpcService<tonic::body::Body> + Clone,
    T::Error: Into<StdError>,
    T::ResponseBody: Body<Data = Bytes> + Send + 'static,
    <T::ResponseBody as Body>::Error: Into<StdError> + Send,
{
    pub(super) async fn status_code_and_message(&mut self) -> Outcome {
        self.unary_fails(MESSAGE).await?;
        let (requests, mut messages) = self.full_duplex().await?;
        // If nobody takes it, another status comes.
        let _ = requests.send(StreamingOutputCallRequest {
            response_status: status(Code::Unknown, MESSAGE),
            ..StreamingOutputCallRequest::default()
        });
        drop(requests);
        fails(messages.message().await, Code::Unknown, Some(MESSAGE))
    }

    pub(super) async fn special_status_message(&mut self) -> Outcome {
        self.unary_fails(SPECIAL).await
    }

    async fn unary_fails(&mut self, message: &str) -> Outcome {
        let request = SimpleRequest {
            response_status: status(Code::Unknown, message),
            ..SimpleRequest::default()
        };
        let ended = self.service.unary_call(request).await;
        fails(ended, Code::Unknown, Some(message))
    }

    pub(super) async fn unimplemented_method(&mut self) -> Outcome {
        let ended = self.service.unimplemented_call(Empty {}).await;
        fails(ended, Code::Unimplemented, None)
    }

    pub(super) async fn unimplemented_service(&mut self) -> Outcome {
        let ended = self.nobody.unimplemented_call(Empty {}).await;
        fails(ended, Code::Unimplemented, None)
    }

    /// The client leaves when the deadline has passed and the server has the call, unless its
    /// transport says before that the deadline has passed.
    pub(super) async fn timeout_on_sleeping_server(&mut self) -> Outcome {
        let arrived = self.next_arrives();
        let (requests, stream) = requests();
        let mut request = Request::new(stream);
        request.set_timeout(DEADLINE);
        let cut = Cut::new(&mut request);
        let _ = requests.send(ask(27_182, &[]));
        let ended = {
            let mut call = pin!(async {
                let mut messages = self.service.full_duplex_call(request).await?.into_inner();
                messages.message().await
            });
            let passed = async {
                arrived.await;
                tokio::time::sleep(DEADLINE).await;
            };
            tokio::select! {
                ended = &mut call => ended,
                () = passed => Err(Status::deadline_exceeded("the client's own clock")),
            }
        };
        drop(cut);
        drop(requests);
        match ended {
            // What tonic's `Channel` says, where the protocol has `DEADLINE_EXCEEDED`.
            Err(status) if status.code() == Code::Cancelled => fails(
                Err::<(), _>(status),
                Code::Cancelled,
                Some("Timeout expired"),
            ),
            ended => fails(ended, Code::DeadlineExceeded, None),
        }
    }

    pub(super) async fn cancel_after_begin(&mut self) -> Outcome {
        let arrived = self.next_arrives();
        let mut request = Request::new(tokio_stream::pending::<StreamingInputCallRequest>());
        let cut = Cut::new(&mut request);
        tokio::select! {
            ended = self.service.streaming_input_call(request) => {
                return Err(format!("{ended:?} without a request"));
            }
            () = arrived => {}
        }
        drop(cut);
        Ok(())
    }

    pub(super) async fn cancel_after_first_response(&mut self) -> Outcome {
        let (requests, stream) = requests();
        let mut request = Request::new(stream);
        let cut = Cut::new(&mut request);
        let answer = self.service.full_duplex_call(request).await;
        let mut messages = answer.map_err(|status| super::shown(&status))?.into_inner();
        let _ = requests.send(ask(27_182, &[31_415]));
        answers(&mut messages, 31_415).await?;
        drop(messages);
        drop(cut);
        drop(requests);
        Ok(())
    }

    /// Ends when one more call than now has arrived.
    fn next_arrives(&self) -> impl Future<Output = ()> + use<T> {
        let observer = self.observer.clone();
        let before = observer.seen().arrived;
        async move {
            observer.wait_for(|seen| seen.arrived > before).await;
        }
    }
}
