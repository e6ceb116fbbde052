//! Many streams on one connection: each is one event, wherever it and its connection break.

use crate::{
    alone::alone,
    client::{Peer, all, part},
    endpoints::router,
    place::{Place, serve, tapped},
    seen::{LEFT, Line, OK, check, in_flight},
};
use h2::Reason;
use slo_sdk::{EventResult, testing::Recorder};
use std::{
    env,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::sync::Semaphore;

/// What a connection can carry at once.
const STREAMS: u64 = 50;

#[test]
fn a_connection_that_breaks_under_many_streams() {
    alone(async {
        for place in Place::BOTH {
            let slo = slo_sdk::testing::recorder();
            let mut peer = Peer::connect(serve(place.count(router())).await).await;
            let (mut waiting, mut reading) = (Vec::new(), Vec::new());
            for _ in 0..STREAMS / 2 {
                waiting.push(peer.get("/forever").await);
                let (answer, _) = peer.get("/endless").await;
                let mut body = answer.await.expect("an answer").into_body();
                part(&mut body).await;
                reading.push(body);
            }
            in_flight(&slo, "forever", STREAMS / 2).await;
            in_flight(&slo, "endless", STREAMS / 2).await;
            peer.leave().await;
            let lines: &[Line] = &[
                ("forever", LEFT, STREAMS / 2),
                ("endless", LEFT, STREAMS / 2),
            ];
            check(&slo, lines, &format!("{place:?}")).await;
        }
    });
}

/// Where a client gives a stream up.
#[derive(Clone, Copy)]
enum Leaves {
    AtOnce,
    Waiting,
    Head,
    Part,
    Never,
}

const LEAVES: [Leaves; 5] = [
    Leaves::AtOnce,
    Leaves::Waiting,
    Leaves::Head,
    Leaves::Part,
    Leaves::Never,
];

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let place = (z ^ (z >> 31)) % of.len() as u64;
        of[usize::try_from(place).expect("it is small")]
    }
}

/// `SHAPES_SEED` repeats a run.
fn seed() -> u64 {
    match env::var("SHAPES_SEED") {
        Ok(seed) => seed.parse().expect("SHAPES_SEED is a number"),
        Err(_) => SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(1, |since| u64::from(since.subsec_nanos())),
    }
}

/// Asks for an answer and leaves; gives what that must count as, if it is not a race.
async fn play(
    leaves: Leaves,
    peer: &mut Peer,
    slo: &Recorder,
    random: &mut Random,
) -> Option<Line> {
    match leaves {
        Leaves::AtOnce => {
            let (_answer, mut to) = peer.get("/page").await;
            for _ in 0..random.pick(&[0, 1, 2, 3, 5]) {
                tokio::task::yield_now().await;
            }
            to.send_reset(Reason::CANCEL);
            return None;
        }
        Leaves::Waiting => {
            let (_answer, mut to) = peer.get("/forever").await;
            in_flight(slo, "forever", 1).await;
            to.send_reset(Reason::CANCEL);
            in_flight(slo, "forever", 0).await;
            return Some(("forever", LEFT, 1));
        }
        Leaves::Head => {
            let (answer, _) = peer.get("/endless").await;
            drop(answer.await.expect("an answer"));
        }
        Leaves::Part => {
            let (answer, mut to) = peer.get("/endless").await;
            let mut body = answer.await.expect("an answer").into_body();
            part(&mut body).await;
            to.send_reset(Reason::INTERNAL_ERROR);
        }
        Leaves::Never => {
            let (answer, _) = peer.get("/streamed").await;
            let body = answer.await.expect("an answer").into_body();
            assert_eq!(all(body).await.len(), 3000);
            return Some(("streamed", OK, 1));
        }
    }
    Some(("endless", LEFT, 1))
}

#[test]
fn streams_reset_anywhere() {
    let seed = seed();
    println!("SHAPES_SEED={seed}");
    alone(async {
        let mut random = Random(seed);
        for place in Place::BOTH {
            let slo = slo_sdk::testing::recorder();
            let polled = Arc::new(Semaphore::new(0));
            let address = serve(tapped(place.count(router()), &polled)).await;
            let mut lines = Vec::new();
            for _ in 0..20 {
                let mut peer = Peer::connect(address).await;
                for _ in 0..10 {
                    let leaves = random.pick(&LEAVES);
                    lines.extend(play(leaves, &mut peer, &slo, &mut random).await);
                }
                // What was sent before it has arrived when this is answered.
                let (answer, _) = peer.get("/empty").await;
                answer.await.expect("an answer");
                lines.push(("empty", OK, 1));
            }
            // A race has several ends, but each request that was polled has one of them.
            let raced = slo.settle(Duration::from_secs(20)).await;
            let raced = raced.endpoint("page").expect("it is known");
            let results = [EventResult::Ok, EventResult::Cancelled];
            for (result, seen) in results.into_iter().zip([OK, LEFT]) {
                lines.push(("page", seen, raced.result(result)));
            }
            let events = lines.iter().map(|(.., events)| events).sum::<u64>();
            assert_eq!(polled.available_permits() as u64, events, "{place:?}");
            check(&slo, &lines, &format!("SHAPES_SEED={seed} {place:?}")).await;
        }
    });
}
