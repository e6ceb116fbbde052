//! A server without a layer and without annotations, that keeps no deadline: whoever announces
//! one gets no answer, so that what ends the call is the client's own clock.

use axum::{
    extract::Request as HttpRequest,
    middleware::{self, Next},
    response::Response as HttpResponse,
};
use interop::{
    Answering, Answers, EchoMetadata, Observer,
    testing::{
        Empty, SimpleRequest, SimpleResponse, StreamingInputCallRequest,
        StreamingInputCallResponse, StreamingOutputCallRequest,
        test_service_server::{TestService, TestServiceServer},
    },
};
use std::{future::pending, io};
use tokio::net::TcpListener;
use tonic::{Request, Response, Status, Streaming, service::Routes};

#[derive(Debug)]
struct Plain;

#[tonic::async_trait]
impl TestService for Plain {
    async fn empty_call(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        Answering.empty_call().await
    }

    async fn unary_call(
        &self,
        request: Request<SimpleRequest>,
    ) -> Result<Response<SimpleResponse>, Status> {
        Answering.unary_call(request).await
    }

    type StreamingOutputCallStream = Answers;

    async fn streaming_output_call(
        &self,
        request: Request<StreamingOutputCallRequest>,
    ) -> Result<Response<Answers>, Status> {
        Answering.streaming_output_call(request).await
    }

    async fn streaming_input_call(
        &self,
        request: Request<Streaming<StreamingInputCallRequest>>,
    ) -> Result<Response<StreamingInputCallResponse>, Status> {
        Answering.streaming_input_call(request).await
    }

    type FullDuplexCallStream = Answers;

    async fn full_duplex_call(
        &self,
        request: Request<Streaming<StreamingOutputCallRequest>>,
    ) -> Result<Response<Answers>, Status> {
        Answering.full_duplex_call(request).await
    }

    async fn unimplemented_call(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        Answering.unimplemented_call().await
    }
}

/// Serves as long as the test lives. With axum, because tonic's server would answer when the
/// deadline passes.
pub(crate) async fn serve(listener: TcpListener, observer: Observer) -> io::Result<()> {
    let routes = Routes::new(TestServiceServer::new(Plain)).into_axum_router();
    let app = routes
        .layer(EchoMetadata)
        .layer(observer)
        .layer(middleware::from_fn(sleep));
    axum::serve(listener, app).await
}

/// Outside of the witness: what sleeps has not arrived.
async fn sleep(request: HttpRequest, next: Next) -> HttpResponse {
    if request.headers().contains_key("grpc-timeout") {
        return pending().await;
    }
    next.run(request).await
}
