//! Layers that let some requests wait and refuse others: what happens inside the layer is
//! part of the event, what happens outside is not.

use crate::{
    alone::{SLOW, alone, pass},
    client::Wire,
    endpoints::{GATE, router},
    place::{Place, around, serve, tapped},
    seen::{Line, OK, OK_LATE, SERVER, UNANNOTATED, check, in_flight},
};
use axum::{BoxError, error_handling::HandleErrorLayer, http::StatusCode};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::sync::Semaphore;
use tower::{ServiceBuilder, limit::GlobalConcurrencyLimitLayer, load_shed::LoadShedLayer};

/// One request at a time. What a service can't take is refused, or waits.
const ONE: usize = 1;

async fn refused(_: BoxError) -> StatusCode {
    StatusCode::SERVICE_UNAVAILABLE
}

/// A request that holds the only place there is.
async fn holder(address: SocketAddr, slo: &slo_sdk::testing::Recorder) -> Wire {
    let wire = Wire::get(address, "/held").await;
    in_flight(slo, "held", 1).await;
    wire
}

#[test]
fn shed_load() {
    alone(async {
        let stack = || {
            ServiceBuilder::new()
                .layer(HandleErrorLayer::new(refused))
                .layer(LoadShedLayer::new())
                .layer(GlobalConcurrencyLimitLayer::new(ONE))
        };
        let inside = |place: Place| place.count(router().layer(stack()));
        let outside = |place: Place| around(stack(), place.count(router()));
        let seen: &[Line] = &[
            ("held", OK, 1),
            ("held", SERVER, 3),
            ("page", SERVER, 1),
            (UNANNOTATED, SERVER, 1),
        ];
        for place in Place::BOTH {
            for (app, lines) in [(inside(place), seen), (outside(place), &seen[..1])] {
                let slo = slo_sdk::testing::recorder();
                let address = serve(app).await;
                let holder = holder(address, &slo).await;
                for path in ["/held", "/held", "/held", "/page", "/plain"] {
                    assert_eq!(Wire::get(address, path).await.status().await, Some(503));
                }
                GATE.add_permits(1);
                assert_eq!(holder.status().await, Some(200));
                check(&slo, lines, &format!("{place:?}")).await;
            }
        }
    });
}

#[test]
fn a_queue_inside_is_part_of_the_latency() {
    alone(async {
        let limit = || GlobalConcurrencyLimitLayer::new(ONE);
        for place in Place::BOTH {
            let inside = place.count(router().layer(limit()));
            let outside = around(limit(), place.count(router()));
            for (app, seen, arrive) in [(inside, OK_LATE, 2), (outside, OK, 1)] {
                let slo = slo_sdk::testing::recorder();
                let arrivals = Arc::new(Semaphore::new(0));
                let address = serve(tapped(app, &arrivals)).await;
                let holder = holder(address, &slo).await;
                let waits = Wire::get(address, "/page").await;
                let all = arrivals.acquire_many(arrive).await;
                drop(all.expect("it is never closed"));
                pass(SLOW);
                GATE.add_permits(1);
                assert_eq!(holder.status().await, Some(200));
                assert_eq!(waits.status().await, Some(200));
                let lines = [("held", OK_LATE, 1), ("page", seen, 1)];
                check(&slo, &lines, &format!("{place:?} {seen:?}")).await;
            }
        }
    });
}

#[test]
fn a_limited_rate_inside() {
    alone(async {
        let stack = || {
            ServiceBuilder::new()
                .layer(HandleErrorLayer::new(refused))
                .buffer(8)
                .rate_limit(2, Duration::from_millis(20))
        };
        for place in Place::BOTH {
            let slo = slo_sdk::testing::recorder();
            let address = serve(place.count(router().layer(stack()))).await;
            for _ in 0..5 {
                assert_eq!(Wire::get(address, "/page").await.status().await, Some(200));
            }
            check(&slo, &[("page", OK, 5)], &format!("{place:?}")).await;
        }
    });
}
