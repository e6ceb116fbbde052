//! A service that uses every shape of the API, built with the feature `off`: it behaves the
//! same, counts nothing, and `cargo slo` finds nothing in it.

#![forbid(unsafe_code)]
#![deny(warnings)]

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
    routing::get,
};
use http_body_util::BodyExt;
use slo_sdk::{Endpoint, InCurrentSlo, Journey, Objectives, endpoint, millis, slo};
use slo_tower::{Classifier, ResponseFuture, Slo, SloBody, SloLayer, UpstreamLayer};
use std::{future::Future, pin::Pin, time::Duration};
use tower::{Layer, ServiceExt};

// Used by annotations alone: switched off, they still use it.
const SHOP: Journey = Journey::new("shop").objectives(
    Objectives::new()
        .availability(99.9)
        .latency(99.0, millis(500)),
);

slo_sdk::service!("never-called-so");

static CONSUME: &Endpoint = endpoint!(name = "consume", journey = SHOP);

#[slo(journey = SHOP, route = "GET /cart", bad_status = [429])]
async fn cart() -> Result<&'static str, StatusCode> {
    slo_sdk::current().bad("nobody listens");
    let price = tokio::spawn(async { 7 }.in_current_slo());
    match price.await {
        Ok(7) => Ok("a cart"),
        _ => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

#[slo(journey = SHOP)]
fn boxed(n: u32) -> Pin<Box<dyn Future<Output = u32> + Send>> {
    Box::pin(async move { n + 1 })
}

#[slo(journey = SHOP)]
fn opaque(n: u32) -> impl Future<Output = u32> {
    let m = n + 1;
    async move { m }
}

#[slo(journey = SHOP, per = call)]
fn sync(n: u32) -> Result<u32, String> {
    if n == 0 {
        return Err("none".to_owned());
    }
    Ok(n)
}

#[slo(journey = SHOP, every = 5m)]
async fn job() -> Result<(), String> {
    Ok(())
}

trait Till {
    fn charge(&self) -> Pin<Box<dyn Future<Output = u32> + Send + '_>>;
}

struct Desk(u32);

mod desk {
    use super::{Desk, SHOP};
    use slo_sdk::slo;

    #[async_trait::async_trait]
    pub(super) trait Clerk {
        async fn ask<T: Send + Copy>(&self, thing: T) -> T;
    }

    #[async_trait::async_trait]
    impl Clerk for Desk {
        #[slo(journey = SHOP, name = "ask")]
        async fn ask<T: Send + Copy>(&self, thing: T) -> T {
            thing
        }
    }
}

impl Till for Desk {
    #[slo(journey = SHOP, name = "charge")]
    fn charge(&self) -> Pin<Box<dyn Future<Output = u32> + Send + '_>> {
        Box::pin(async move { self.0 })
    }
}

#[derive(Clone)]
struct Opinion;

impl Classifier for Opinion {}

/// The layer adds nothing to what it stands around.
fn has_no_size() {
    type Service = Router;
    assert_eq!(size_of::<Slo<Service>>(), size_of::<Service>());
    assert_eq!(size_of::<Slo<Service, Opinion>>(), size_of::<Service>());
    assert_eq!(size_of::<SloBody<Body>>(), size_of::<Body>());
    assert_eq!(size_of::<ResponseFuture<[u64; 9]>>(), size_of::<[u64; 9]>());
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    has_no_size();
    let guard = slo_sdk::init();
    guard.flush()?;

    let layer = SloLayer::new()
        .timeout(Duration::from_secs(1))
        .journey(CONSUME)
        .mounted_at("/v2")
        .classifier(Opinion);
    let inside = Router::new()
        .route("/cart", get(cart))
        .layer(layer.clone().announce_result());
    let app = UpstreamLayer::new().layer(layer.endpoint(CONSUME).layer(inside.with_state(())));
    let answer = app
        .oneshot(Request::get("/cart").body(Body::empty())?)
        .await?;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.into_body().collect().await?.to_bytes(), "a cart");

    assert_eq!((boxed(1).await, opaque(1).await), (2, 2));
    assert_eq!((sync(0).is_err(), sync(3)), (true, Ok(3)));
    job().await?;
    assert_eq!(
        (
            Desk(5).charge().await,
            desk::Clerk::ask(&Desk(5), "x").await
        ),
        (5, "x")
    );
    let mut event = CONSUME.event();
    event.enter(|| assert!(!slo_sdk::current().is_active()));
    event.good();

    let snapshot = slo_sdk::snapshot();
    let counted = snapshot
        .endpoints()
        .iter()
        .flat_map(|e| e.results())
        .map(|(_, n)| n)
        .sum::<u64>();
    let unannotated = snapshot.unannotated().values().sum::<u64>();
    assert_eq!((counted, unannotated), (0, 0));
    println!("it served, and counted nothing");
    Ok(())
}
