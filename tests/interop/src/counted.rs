//! The counted server: the methods with their annotations, under the layer.

use interop::{
    Answering, Answers, EchoMetadata, Observer,
    testing::{
        Empty, SimpleRequest, SimpleResponse, StreamingInputCallRequest,
        StreamingInputCallResponse, StreamingOutputCallRequest,
        test_service_server::{TestService, TestServiceServer},
    },
};
use slo_sdk::{Journey, Objectives, minutes, slo};
use slo_tower::SloLayer;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{
    Request, Response, Status, Streaming,
    transport::{self, Server},
};

/// Long enough for the busiest machine: what is late here missed a deadline.
const INTEROP: Journey = Journey::new("interop").objectives(
    Objectives::new()
        .availability(99.9)
        .latency(99.0, minutes(5)),
);

#[derive(Debug)]
struct Counted;

#[tonic::async_trait]
impl TestService for Counted {
    #[slo(journey = INTEROP, route = "/grpc.testing.TestService/EmptyCall")]
    async fn empty_call(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        Answering.empty_call().await
    }

    #[slo(journey = INTEROP, route = "/grpc.testing.TestService/UnaryCall")]
    async fn unary_call(
        &self,
        request: Request<SimpleRequest>,
    ) -> Result<Response<SimpleResponse>, Status> {
        Answering.unary_call(request).await
    }

    type StreamingOutputCallStream = Answers;

    #[slo(journey = INTEROP, route = "/grpc.testing.TestService/StreamingOutputCall")]
    async fn streaming_output_call(
        &self,
        request: Request<StreamingOutputCallRequest>,
    ) -> Result<Response<Answers>, Status> {
        Answering.streaming_output_call(request).await
    }

    #[slo(journey = INTEROP, route = "/grpc.testing.TestService/StreamingInputCall")]
    async fn streaming_input_call(
        &self,
        request: Request<Streaming<StreamingInputCallRequest>>,
    ) -> Result<Response<StreamingInputCallResponse>, Status> {
        Answering.streaming_input_call(request).await
    }

    type FullDuplexCallStream = Answers;

    #[slo(journey = INTEROP, route = "/grpc.testing.TestService/FullDuplexCall")]
    async fn full_duplex_call(
        &self,
        request: Request<Streaming<StreamingOutputCallRequest>>,
    ) -> Result<Response<Answers>, Status> {
        Answering.full_duplex_call(request).await
    }

    #[slo(journey = INTEROP, route = "/grpc.testing.TestService/UnimplementedCall")]
    async fn unimplemented_call(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        Answering.unimplemented_call().await
    }
}

/// Serves until told to stop, and then until every connection is gone.
pub(crate) async fn serve(
    listener: TcpListener,
    observer: Observer,
    stop: impl Future<Output = ()>,
) -> Result<(), transport::Error> {
    Server::builder()
        .tcp_nodelay(true)
        .layer(observer)
        .layer(SloLayer::new())
        .layer(EchoMetadata)
        .add_service(TestServiceServer::new(Counted))
        .serve_with_incoming_shutdown(TcpListenerStream::new(listener), stop)
        .await
}
