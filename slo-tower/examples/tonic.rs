//! A gRPC service: the layer stands around tonic's server, and the status in the trailers decides.
//!
//! A service would be generated from its `.proto`; this one is written by hand, to need no build
//! script. `examples/shop/payments` is a generated one.
//!
//! ```console
//! cargo run -p slo-tower --example tonic
//! ```

#![expect(clippy::print_stdout, reason = "it shows what was counted")]

use bytes::{Buf, BufMut};
use http_body_util::BodyExt;
use slo_sdk::{EventResult, Journey, Objectives, millis, slo};
use slo_tower::SloLayer;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::{Request, Response, Status, body::Body, server::Grpc};
use tower::{ServiceBuilder, ServiceExt, service_fn};

const CHECKOUT: Journey = Journey::new("checkout")
    .title("Buy what is in the cart")
    .objectives(
        Objectives::new()
            .availability(99.9)
            .latency(99.0, millis(300)),
    );

#[slo(journey = CHECKOUT, route = "/shop.Payments/Charge")]
async fn charge(cents: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Status> {
    match cents.into_inner().as_slice() {
        [0] => Err(Status::internal("the bank is closed")),
        cents => Ok(Response::new(cents.to_vec())),
    }
}

/// Messages are plain bytes.
#[derive(Clone, Copy, Default)]
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

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        let bytes = buffer.copy_to_bytes(buffer.remaining());
        Ok(Some(bytes.to_vec()))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let serve = |request| async {
        let handler = service_fn(|request| Box::pin(charge(request)));
        let response = Grpc::new(Bytes).unary(handler, request).await;
        Ok::<_, std::convert::Infallible>(response)
    };
    let server = ServiceBuilder::new()
        .layer(SloLayer::new())
        .service(service_fn(serve));
    for cents in [7, 0] {
        // One message on the wire: not compressed, one byte long.
        let message = http_body_util::Full::new(bytes::Bytes::from(vec![0, 0, 0, 0, 1, cents]));
        let request = http::Request::post("/shop.Payments/Charge").body(Body::new(message))?;
        let response = server.clone().oneshot(request).await?;
        response.into_body().collect().await?;
    }
    let counts = slo_sdk::snapshot();
    let charge = counts.endpoint("charge").expect("it is annotated");
    let seen = [EventResult::Ok, EventResult::ServerError].map(|result| charge.result(result));
    println!("ok, server_error: {seen:?}");
    assert_eq!(seen, [1, 1]);
    Ok(())
}
