//! A real tonic server and client: the status decides, wherever it stands.

use bytes::{Buf, BufMut};
use slo_sdk::{EventResult, slo};
use slo_tower::SloLayer;
use std::{net::SocketAddr, time::Duration};
use tokio_stream::{Stream, StreamExt, wrappers::TcpListenerStream};
use tonic::{
    Code, Request, Response, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    transport::{Channel, Server},
};

use crate::shop::SHOP;

/// A service by hand, so that the test needs no generated code: the request says which
/// status to answer with, and how many messages come before it.
#[derive(Clone, Debug)]
struct Statuses;

#[slo(journey = SHOP, route = "/test.Statuses/Unary")]
async fn unary(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Status> {
    answer(request.get_ref()).map(Response::new)
}

#[slo(journey = SHOP, route = "/test.Statuses/Stream")]
async fn server_stream(
    request: Request<Vec<u8>>,
) -> Result<Response<impl Stream<Item = Result<Vec<u8>, Status>>>, Status> {
    let last = answer(request.get_ref());
    Ok(Response::new(tokio_stream::iter([
        Ok(vec![1]),
        Ok(vec![2]),
        last,
    ])))
}

#[slo(journey = SHOP, route = "/test.Statuses/Sleep")]
async fn sleep(_: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Status> {
    tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(Response::new(Vec::new()))
}

fn answer(request: &[u8]) -> Result<Vec<u8>, Status> {
    match request {
        [0] | [] => Ok(vec![0]),
        [code, ..] => Err(Status::new(Code::from_i32((*code).into()), "on purpose")),
    }
}

impl tonic::server::NamedService for Statuses {
    const NAME: &'static str = "test.Statuses";
}

type Answer = http::Response<tonic::body::Body>;

impl tower::Service<http::Request<tonic::body::Body>> for Statuses {
    type Response = Answer;
    type Error = std::convert::Infallible;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Answer, Self::Error>> + Send>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Self::Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<tonic::body::Body>) -> Self::Future {
        Box::pin(async move {
            let mut grpc = tonic::server::Grpc::new(Bytes);
            Ok(match request.uri().path() {
                "/test.Statuses/Unary" => {
                    grpc.unary(
                        tower::service_fn(|request| Box::pin(unary(request))),
                        request,
                    )
                    .await
                }
                "/test.Statuses/Sleep" => {
                    grpc.unary(
                        tower::service_fn(|request| Box::pin(sleep(request))),
                        request,
                    )
                    .await
                }
                "/test.Statuses/Stream" => {
                    let stream = tower::service_fn(|request| Box::pin(server_stream(request)));
                    grpc.server_streaming(stream, request).await
                }
                _ => Status::unimplemented("no such method").into_http(),
            })
        })
    }
}

/// Messages are plain bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Bytes;

impl Codec for Bytes {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Bytes;
    type Decoder = Bytes;

    fn encoder(&mut self) -> Bytes {
        Bytes
    }

    fn decoder(&mut self) -> Bytes {
        Bytes
    }
}

impl Encoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining()).to_vec()))
    }
}

async fn serve() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("an address");
    let server = Server::builder()
        .layer(SloLayer::new())
        .add_service(Statuses);
    tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
    address
}

async fn client(address: SocketAddr) -> Grpc<Channel> {
    let channel = Channel::from_shared(format!("http://{address}")).expect("an address");
    let mut grpc = Grpc::new(channel.connect().await.expect("the server listens"));
    grpc.ready().await.expect("a connection");
    grpc
}

fn method(name: &'static str) -> http::uri::PathAndQuery {
    http::uri::PathAndQuery::from_static(name)
}

#[tokio::test]
async fn every_status_is_judged_wherever_it_stands() {
    const SERVER: [i32; 6] = [2, 4, 12, 13, 14, 15];
    let slo = slo_sdk::testing::recorder();
    let mut grpc = client(serve().await).await;
    for code in 0..=16u8 {
        let seen = grpc
            .unary(
                Request::new(vec![code]),
                method("/test.Statuses/Unary"),
                Bytes,
            )
            .await;
        assert_eq!(
            seen.map_or_else(|s| s.code(), |_| Code::Ok),
            Code::from_i32(code.into())
        );
        grpc.ready().await.expect("a connection");
        let stream = method("/test.Statuses/Stream");
        let answer = grpc
            .server_streaming(Request::new(vec![code]), stream, Bytes)
            .await;
        let messages = answer.expect("the head comes first").into_inner();
        let all: Vec<Result<Vec<u8>, Status>> = messages.collect().await;
        let last = all.last().expect("three messages, or two and a status");
        assert_eq!(
            last.as_ref().map_or_else(Status::code, |_| Code::Ok),
            Code::from_i32(code.into())
        );
        grpc.ready().await.expect("a connection");
    }
    let snapshot = slo.settle(Duration::from_secs(5)).await;
    for endpoint in ["unary", "server-stream"] {
        let counts = snapshot.endpoint(endpoint).expect("it is known");
        let server = SERVER.len() as u64;
        assert_eq!(counts.result(EventResult::Ok), 1, "{endpoint}");
        assert_eq!(
            counts.result(EventResult::ServerError),
            server,
            "{endpoint}"
        );
        assert_eq!(
            counts.result(EventResult::ClientError),
            16 - server,
            "{endpoint}"
        );
        assert_eq!(counts.started(), 17, "{endpoint}");
    }
}

#[tokio::test]
async fn a_method_nobody_serves_is_unannotated() {
    let slo = slo_sdk::testing::recorder();
    let mut grpc = client(serve().await).await;
    for path in ["/test.Statuses/Missing", "/test.Nothing/Missing"] {
        let seen = grpc
            .unary::<_, Vec<u8>, _>(Request::new(vec![0]), method(path), Bytes)
            .await;
        assert_eq!(
            seen.expect_err("nobody serves it").code(),
            Code::Unimplemented
        );
        grpc.ready().await.expect("a connection");
    }
    slo.settle(Duration::from_secs(5)).await;
    assert_eq!(slo.snapshot().unannotated()["_unmatched"], 2);
}

#[tokio::test]
async fn a_client_that_leaves_a_stream_is_no_failure() {
    let slo = slo_sdk::testing::recorder();
    let mut grpc = client(serve().await).await;
    let stream = method("/test.Statuses/Stream");
    let answer = grpc
        .server_streaming(Request::new(vec![13]), stream, Bytes)
        .await;
    drop::<Result<Response<tonic::Streaming<Vec<u8>>>, _>>(answer);
    let snapshot = slo.settle(Duration::from_secs(5)).await;
    let counts = snapshot.endpoint("server-stream").expect("it is known");
    // The server may have sent everything before it heard of it.
    let ended = counts.result(EventResult::Cancelled) + counts.result(EventResult::ServerError);
    assert_eq!((ended, counts.started()), (1, 1));
}

#[tokio::test]
async fn a_deadline_the_client_announced_and_the_server_missed_is_bad() {
    let slo = slo_sdk::testing::recorder();
    let mut grpc = client(serve().await).await;
    let mut request = Request::new(vec![0]);
    request.set_timeout(Duration::from_millis(50));
    let seen = grpc
        .unary::<_, Vec<u8>, _>(request, method("/test.Statuses/Sleep"), Bytes)
        .await;
    seen.expect_err("nobody sleeps that long");
    // Without a deadline, a client that leaves is just a client that leaves.
    let mut patient = grpc.clone();
    patient.ready().await.expect("a connection");
    let call = patient.unary::<_, Vec<u8>, _>(
        Request::new(vec![0]),
        method("/test.Statuses/Sleep"),
        Bytes,
    );
    tokio::time::timeout(Duration::from_millis(50), call)
        .await
        .expect_err("it leaves");
    let snapshot = slo.settle(Duration::from_secs(5)).await;
    let counts = snapshot.endpoint("sleep").expect("it is known");
    assert_eq!(counts.result(EventResult::TimedOut), 1);
    assert_eq!(counts.result(EventResult::Cancelled), 1);
    let availability = counts
        .sli("availability")
        .expect("the journey has it")
        .counts;
    assert_eq!((availability.good, availability.bad), (0, 1));
}
