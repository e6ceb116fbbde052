//! Cases whose calls end by themselves.

use super::{Outcome, Player, answers, ask, ends, has, requests, shown, zeros};
use crate::{
    echo::{INITIAL, TRAILING},
    testing::{Empty, SimpleRequest, StreamingInputCallRequest},
};
use bytes::Bytes;
use http_body::Body;
use tonic::{
    Request,
    client::GrpcService,
    codegen::StdError,
    metadata::{MetadataMap, MetadataValue},
};

/// What the requests of a stream hold, and what its answers are to hold.
const REQUESTS: [usize; 4] = [27_182, 8, 1_828, 45_904];
const ANSWERS: [i32; 4] = [31_415, 9, 2_653, 58_979];

const INITIAL_VALUE: &str = "test_initial_metadata_value";
const TRAILING_VALUE: [u8; 3] = [0xab; 3];

impl<T> Player<T>
where
    T: GrpcService<tonic::body::Body> + Clone,
    T::Error: Into<StdError>,
    T::ResponseBody: Body<Data = Bytes> + Send + 'static,
    <T::ResponseBody as Body>::Error: Into<StdError> + Send,
{
    pub(super) async fn empty_unary(&mut self) -> Outcome {
        let answer = self.service.empty_call(Empty {}).await;
        answer.map(drop).map_err(|status| shown(&status))
    }

    pub(super) async fn large_unary(&mut self) -> Outcome {
        let request = SimpleRequest {
            response_size: 314_159,
            payload: Some(zeros(271_828)),
            ..SimpleRequest::default()
        };
        let answer = self
            .service
            .unary_call(request)
            .await
            .map_err(|status| shown(&status))?;
        has(answer.get_ref().payload.as_ref(), 314_159)
    }

    pub(super) async fn client_streaming(&mut self) -> Outcome {
        let requests = REQUESTS.map(|size| StreamingInputCallRequest {
            payload: Some(zeros(size)),
        });
        let answer = self
            .service
            .streaming_input_call(tokio_stream::iter(requests))
            .await;
        let sum = answer
            .map_err(|status| shown(&status))?
            .get_ref()
            .aggregated_payload_size;
        if usize::try_from(sum) == Ok(REQUESTS.iter().sum()) {
            Ok(())
        } else {
            Err(format!("{sum} bytes arrived"))
        }
    }

    pub(super) async fn server_streaming(&mut self) -> Outcome {
        let request = ask(0, &ANSWERS);
        let answer = self.service.streaming_output_call(request).await;
        let mut messages = answer.map_err(|status| shown(&status))?.into_inner();
        for size in ANSWERS {
            answers(&mut messages, bytes(size)).await?;
        }
        ends(&mut messages).await
    }

    pub(super) async fn ping_pong(&mut self) -> Outcome {
        let (requests, mut messages) = self.full_duplex().await?;
        for (request, answer) in REQUESTS.into_iter().zip(ANSWERS) {
            // If nobody takes it, no answer comes.
            let _ = requests.send(ask(request, &[answer]));
            answers(&mut messages, bytes(answer)).await?;
        }
        drop(requests);
        ends(&mut messages).await
    }

    pub(super) async fn empty_stream(&mut self) -> Outcome {
        let (requests, mut messages) = self.full_duplex().await?;
        drop(requests);
        ends(&mut messages).await
    }

    pub(super) async fn custom_metadata(&mut self) -> Outcome {
        let mut request = Request::new(SimpleRequest {
            response_size: 1,
            payload: Some(zeros(1)),
            ..SimpleRequest::default()
        });
        say(request.metadata_mut());
        let answer = self
            .service
            .unary_call(request)
            .await
            .map_err(|status| shown(&status))?;
        has(answer.get_ref().payload.as_ref(), 1)?;
        // tonic gives what follows a single answer together with what precedes it.
        precedes(answer.metadata())?;
        follows(Some(answer.metadata()))?;

        let (requests, stream) = requests();
        let mut request = Request::new(stream);
        say(request.metadata_mut());
        let answer = self
            .service
            .full_duplex_call(request)
            .await
            .map_err(|status| shown(&status))?;
        precedes(answer.metadata())?;
        let mut messages = answer.into_inner();
        let _ = requests.send(ask(1, &[1]));
        drop(requests);
        answers(&mut messages, 1).await?;
        ends(&mut messages).await?;
        follows(
            messages
                .trailers()
                .await
                .map_err(|status| shown(&status))?
                .as_ref(),
        )
    }
}

fn bytes(size: i32) -> usize {
    usize::try_from(size).unwrap_or_default()
}

fn say(metadata: &mut MetadataMap) {
    metadata.insert(INITIAL, MetadataValue::from_static(INITIAL_VALUE));
    metadata.insert_bin(TRAILING, MetadataValue::from_bytes(&TRAILING_VALUE));
}

fn precedes(metadata: &MetadataMap) -> Outcome {
    let value = metadata.get(INITIAL);
    if value.is_some_and(|value| value == INITIAL_VALUE) {
        Ok(())
    } else {
        Err(format!("{INITIAL} is {value:?}"))
    }
}

fn follows(metadata: Option<&MetadataMap>) -> Outcome {
    let value = metadata.and_then(|metadata| metadata.get_bin(TRAILING));
    if value.is_some_and(|value| value == TRAILING_VALUE.as_slice()) {
        Ok(())
    } else {
        Err(format!("{TRAILING} is {value:?}"))
    }
}
