//! gRPC in an axum router and in tonic's server: a method is a path of its own.

use crate::book::{App, Book, J, app, ask_with, lines, routed, serve};
use crate::random::{Random, seed};
use axum::body::Body;
use http::Response;
use slo_sdk::{EventResult as R, slo};
use slo_tower::SloLayer;
use std::{
    convert::Infallible,
    net::SocketAddr,
    panic::resume_unwind,
    pin::Pin,
    task::{Context, Poll},
};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{server::NamedService, service::Routes, transport::Server};
use tower::{Layer, Service};

/// A service by hand, so that the test needs no generated code; headers say what it does.
#[derive(Clone, Debug)]
struct Health;

impl NamedService for Health {
    const NAME: &'static str = "whose.Health";
}

type Answer = Response<Body>;

fn status(code: u16) -> Answer {
    Response::builder()
        .header("content-type", "application/grpc")
        .header("grpc-status", code)
        .body(Body::empty())
        .expect("a response")
}

#[slo(journey = J, route = "/whose.Health/Check")]
async fn check(code: Option<u16>) -> Answer {
    answer(code)
}

/// Its route isn't declared, and what takes all methods tells nothing.
#[slo(journey = J)]
async fn silent(code: Option<u16>) -> Answer {
    answer(code)
}

fn answer(code: Option<u16>) -> Answer {
    match code {
        Some(code) => status(code),
        None => resume_unwind(Box::new("on purpose")),
    }
}

impl<B: Send + 'static> Service<http::Request<B>> for Health {
    type Response = Answer;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let headers = request.headers();
        let code = headers
            .get("x-code")
            .and_then(|code| code.to_str().ok()?.parse().ok());
        let is_refused = headers.contains_key("x-refuse");
        let path = request.uri().path().to_owned();
        Box::pin(async move {
            if is_refused {
                return Ok(status(14));
            }
            Ok(match &*path {
                "/whose.Health/Check" => check(code).await,
                "/whose.Health/Silent" => silent(code).await,
                // Nobody annotated it.
                "/whose.Health/Watch" => answer(code),
                _ => status(12),
            })
        })
    }
}

/// Where the layer stands.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// `Router::layer`, tonic in axum.
    Inside,
    /// Around the router, tonic in axum.
    Around,
    /// The layer of tonic's server.
    Tonic,
    /// Nested in a router of its own, where it sees the prefix only.
    Nested,
}

impl Place {
    const ALL: [Place; 4] = [Place::Inside, Place::Around, Place::Tonic, Place::Nested];

    async fn serve(self) -> SocketAddr {
        let routes = || Routes::new(Health).into_axum_router();
        let app: App = match self {
            Place::Inside => routed(routes().layer(SloLayer::new())),
            Place::Around => app(SloLayer::new().layer(routes().with_state(()))),
            Place::Nested => {
                let inner = app(SloLayer::new().layer(Health));
                routed(axum::Router::new().route_service("/whose.Health/{*rest}", inner))
            }
            Place::Tonic => return serve_by_tonic().await,
        };
        serve(app).await
    }

    /// The key of what has no answer of gRPC: a panic.
    fn key_of_a_panic(self) -> &'static str {
        match self {
            Place::Inside | Place::Nested if cfg!(feature = "axum") => "/whose.Health/{*rest}",
            _ => "/whose.Health/Watch",
        }
    }
}

async fn serve_by_tonic() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let server = Server::builder()
        .accept_http1(true)
        .layer(SloLayer::new())
        .add_service(Health);
    tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
    address
}

const GRPC: &str = "content-type: application/grpc\r\n";

#[tokio::test]
async fn a_sibling_is_not_the_annotated_method() {
    for place in Place::ALL {
        let slo = slo_sdk::testing::recorder();
        let address = place.serve().await;
        let ask = async |method: &str, code: u16| {
            let headers = format!("{GRPC}x-code: {code}\r\n");
            let path = format!("/whose.Health/{method}");
            assert_eq!(ask_with(address, "POST", &path, &headers).await, Some(200));
        };
        ask("Check", 0).await;
        ask("Watch", 14).await;
        ask("Nope", 0).await;
        // What does not exist was served by nobody.
        let free = [("/whose.Health/Watch", 1), ("_unmatched", 1)];
        let book = lines(&[("check", R::Ok, 1)], &free);
        book.check(&slo, &format!("{place:?}")).await;
    }
}

#[tokio::test]
async fn every_place_method_and_answer() {
    const CALLS: u64 = 60;
    let seed = seed();
    println!("HOSTILE_SEED={seed}");
    for (number, place) in Place::ALL.into_iter().enumerate() {
        let slo = slo_sdk::testing::recorder();
        let address = place.serve().await;
        let mut random = Random::new(seed, number as u64);
        let mut book = Book::default();
        for _ in 0..CALLS {
            let method = random.pick(&["Check", "Silent", "Watch", "Nope"]);
            let (headers, result) = random.pick(&[
                ("x-code: 0\r\n", R::Ok),
                ("x-code: 5\r\n", R::ClientError),
                ("x-code: 13\r\n", R::ServerError),
                ("x-code: panic\r\n", R::Panicked),
                ("x-refuse: yes\r\n", R::ServerError),
            ]);
            let path = format!("/whose.Health/{method}");
            let headers = format!("{GRPC}{headers}");
            let seen = ask_with(address, "POST", &path, &headers).await;
            let is_refused = headers.contains("x-refuse");
            let panics = result == R::Panicked && method != "Nope";
            assert_eq!(seen, (!panics).then_some(200), "{path} {headers}");
            match method {
                "Check" => book.event("check", result),
                "Silent" if !is_refused => book.event("silent", result),
                "Watch" if panics => book.unannotated(place.key_of_a_panic()),
                "Nope" if !is_refused => book.unannotated("_unmatched"),
                _ => book.unannotated(&path),
            }
        }
        book.check(&slo, &format!("{place:?}, seed {seed}")).await;
    }
}
