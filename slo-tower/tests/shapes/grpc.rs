//! gRPC whose client streams: it ends, it leaves, or the server fails midway.

use crate::{
    alone::alone,
    client::{Peer, Stream},
    endpoints::SHAPES,
    place::{Place, serve},
    seen::{CLIENT, LEFT, OK, SERVER, Seen, check, in_flight},
};
use axum::Router;
use bytes::{Buf, BufMut, Bytes};
use slo_sdk::slo;
use std::convert::Infallible;
use tokio_stream::StreamExt;
use tonic::{
    Request, Response, Status, Streaming,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    server::Grpc,
};

type Messages = Streaming<Vec<u8>>;

/// What a message can ask for.
const FAIL: &[u8] = b"fail";
const REFUSE: &[u8] = b"refuse";

/// Takes all of it, then answers with how many there were.
#[slo(journey = SHAPES, route = "/test.Streams/Collect")]
async fn collect(request: Request<Messages>) -> Result<Response<Vec<u8>>, Status> {
    let mut messages = request.into_inner();
    let mut number = 0;
    while let Some(message) = messages.message().await? {
        number += 1;
        obey(&message)?;
    }
    Ok(Response::new(vec![number]))
}

type Answers = std::pin::Pin<Box<dyn tokio_stream::Stream<Item = Result<Vec<u8>, Status>> + Send>>;

/// Answers each message while they come.
#[slo(journey = SHAPES, route = "/test.Streams/Talk")]
async fn talk(request: Request<Messages>) -> Result<Response<Answers>, Status> {
    let messages = request.into_inner();
    let answers = messages.map(|message| {
        let message = message?;
        obey(&message).map(|()| message)
    });
    Ok(Response::new(Box::pin(answers)))
}

fn obey(message: &[u8]) -> Result<(), Status> {
    match message {
        FAIL => Err(Status::internal("on purpose")),
        REFUSE => Err(Status::invalid_argument("on purpose")),
        _ => Ok(()),
    }
}

/// Messages are plain bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Plain;

impl Codec for Plain {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Plain;
    type Decoder = Plain;

    fn encoder(&mut self) -> Plain {
        Plain
    }

    fn decoder(&mut self) -> Plain {
        Plain
    }
}

impl Encoder for Plain {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Plain {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining()).to_vec()))
    }
}

/// As tonic's own router does it: a service behind a wildcard.
fn app() -> Router {
    let streams = tower::service_fn(|request: axum::extract::Request| async move {
        let mut grpc = Grpc::new(Plain);
        Ok::<_, Infallible>(match request.uri().path() {
            "/test.Streams/Collect" => {
                let collect = tower::service_fn(|request| Box::pin(collect(request)));
                grpc.client_streaming(collect, request).await
            }
            _ => {
                let talk = tower::service_fn(|request| Box::pin(talk(request)));
                grpc.streaming(talk, request).await
            }
        })
    });
    Router::new().route_service("/test.Streams/{*method}", streams)
}

/// Starts a call and sends these messages.
async fn call(peer: &mut Peer, method: &str, messages: &[&[u8]], is_all: bool) -> Stream {
    let request = http::Request::post(format!("http://test/test.Streams/{method}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(());
    let mut stream = peer.send(request.expect("a request"), false).await;
    let mut framed = Vec::new();
    for message in messages {
        framed.put_u8(0);
        framed.put_u32(u32::try_from(message.len()).expect("it is short"));
        framed.put_slice(message);
    }
    let sent = stream.1.send_data(Bytes::from(framed), is_all);
    sent.expect("it is open");
    stream
}

/// The status of a call, wherever it stands.
async fn status((answer, _to): Stream) -> String {
    let answer = answer.await.expect("an answer");
    let text = |headers: &http::HeaderMap| {
        let status = headers.get("grpc-status")?;
        Some(status.to_str().expect("ASCII").to_owned())
    };
    if let Some(status) = text(answer.headers()) {
        return status;
    }
    let mut body = answer.into_body();
    while crate::client::part(&mut body).await.is_some() {}
    let trailers = body.trailers().await.expect("the call ends");
    text(&trailers.expect("trailers")).expect("a status")
}

const METHODS: [(&str, &str); 2] = [("Collect", "collect"), ("Talk", "talk")];

#[test]
fn ended_by_either_side() {
    alone(async {
        for place in Place::BOTH {
            let mut peer = Peer::connect(serve(place.count(app())).await).await;
            for (method, endpoint) in METHODS {
                let rows: [(&[&[u8]], bool, &str, Seen); 5] = [
                    (&[], true, "0", OK),
                    (&[b"a", b"b"], true, "0", OK),
                    (&[b"a", FAIL], true, "13", SERVER),
                    // The client had more to say.
                    (&[b"a", FAIL, b"b"], false, "13", SERVER),
                    (&[b"a", REFUSE], false, "3", CLIENT),
                ];
                for (messages, is_all, code, seen) in rows {
                    let slo = slo_sdk::testing::recorder();
                    let stream = call(&mut peer, method, messages, is_all).await;
                    assert_eq!(status(stream).await, code, "{method} {messages:?}");
                    let what = format!("{method} {messages:?} {place:?}");
                    check(&slo, &[(endpoint, seen, 1)], &what).await;
                }
            }
        }
    });
}

#[test]
fn a_stream_left_midway() {
    alone(async {
        for place in Place::BOTH {
            let mut peer = Peer::connect(serve(place.count(app())).await).await;
            for (method, endpoint) in METHODS {
                let slo = slo_sdk::testing::recorder();
                let mut stream = call(&mut peer, method, &[b"a"], false).await;
                in_flight(&slo, endpoint, 1).await;
                stream.1.send_reset(h2::Reason::CANCEL);
                check(&slo, &[(endpoint, LEFT, 1)], &format!("{place:?}")).await;
            }
        }
    });
}

#[test]
fn a_connection_left_midway() {
    alone(async {
        for place in Place::BOTH {
            let slo = slo_sdk::testing::recorder();
            let mut peer = Peer::connect(serve(place.count(app())).await).await;
            let _stream = call(&mut peer, "Talk", &[b"a"], false).await;
            in_flight(&slo, "talk", 1).await;
            peer.leave().await;
            check(&slo, &[("talk", LEFT, 1)], &format!("{place:?}")).await;
        }
    });
}
