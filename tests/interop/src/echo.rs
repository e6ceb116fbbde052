//! [`EchoMetadata`].

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Request, Response};
use http_body::Frame;
use http_body_util::BodyExt;
use std::{
    pin::Pin,
    task::{Context, Poll},
};
use tonic::body::Body;
use tower::{BoxError, Layer, Service};

/// Comes back with the head of the answer.
pub(crate) const INITIAL: &str = "x-grpc-test-echo-initial";

/// Comes back after the answer.
pub(crate) const TRAILING: &str = "x-grpc-test-echo-trailing-bin";

/// Sends two entries of the request's metadata back. A layer, because tonic lets no handler
/// say what follows its answer.
#[derive(Clone, Copy, Debug)]
pub struct EchoMetadata;

impl<S> Layer<S> for EchoMetadata {
    type Service = Echoing<S>;

    fn layer(&self, inner: S) -> Echoing<S> {
        Echoing(inner)
    }
}

/// See [`EchoMetadata`].
#[derive(Clone, Debug)]
pub struct Echoing<S>(S);

type Echoed<E> = Pin<Box<dyn Future<Output = Result<Response<Body>, E>> + Send>>;

impl<S, A, B> Service<Request<A>> for Echoing<S>
where
    S: Service<Request<A>, Response = Response<B>, Future: Send + 'static>,
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Echoed<S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<A>) -> Self::Future {
        let initial = only(request.headers(), INITIAL);
        let trailing = only(request.headers(), TRAILING);
        let answer = self.0.call(request);
        Box::pin(async move {
            let mut response = answer.await?;
            response.headers_mut().extend(initial);
            Ok(response.map(|body| {
                Body::new(body.map_frame(move |frame| match frame.into_trailers() {
                    Ok(mut trailers) => {
                        trailers.extend(trailing.clone());
                        Frame::trailers(trailers)
                    }
                    Err(frame) => frame,
                }))
            }))
        })
    }
}

fn only(headers: &HeaderMap, name: &'static str) -> HeaderMap {
    let name = HeaderName::from_static(name);
    let values = headers.get_all(&name).into_iter();
    values.map(|value| (name.clone(), value.clone())).collect()
}
