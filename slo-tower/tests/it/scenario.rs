//! One of everything that can happen to a request, and what must have been counted.

use crate::client::{Seen, abandon, read_a_little, request};
use slo_sdk::{EndpointCounts, EventResult, Snapshot, testing::Recorder};
use std::{net::SocketAddr, time::Duration};

/// How many requests of each kind are sent.
const N: u64 = 5;

/// How many requests of one round are refused by an endpoint that no `route` tells: one for
/// `/items/none`, and one for each place of `shared`.
const REFUSED: u64 = 4;

/// How many reach a route without annotation, one with several handlers behind it where the
/// request reached none, and a path nobody serves.
const UNANNOTATED: u64 = 3;

/// Sends the requests; they are over for the client when it returns.
pub(crate) async fn play(address: SocketAddr) {
    let get = |path| request(address, "GET", path);
    for _ in 0..N {
        assert_eq!(get("/good").await.status, Some(200));
        assert_eq!(request(address, "HEAD", "/good").await.status, Some(200));
        assert_eq!(get("/slow").await.status, Some(200));
        assert_eq!(get("/failing").await.status, Some(500));
        assert_eq!(
            get("/panicking").await,
            Seen {
                status: None,
                bytes: 0
            }
        );
        // Refused by the extractor, the first of them before any order came through.
        assert_eq!(
            request(address, "POST", "/orders/none").await.status,
            Some(400)
        );
        assert_eq!(
            request(address, "POST", "/orders/7").await.status,
            Some(200)
        );
        assert_eq!(get("/items/7").await.status, Some(200));
        assert_eq!(get("/items/none").await.status, Some(400));
        abandon(address, "/forever", Duration::from_millis(40)).await;
        abandon(address, "/forever-late", Duration::from_millis(60)).await;
        assert_eq!(get("/broken-body").await.status, Some(200));
        read_a_little(address, "/endless-body").await;
        assert_eq!(get("/streaming").await.status, Some(200));
        assert_eq!(get("/trickling").await.status, Some(200));
        assert_eq!(get("/marked").await.status, Some(200));
        assert_eq!(get("/marked-late").await.status, Some(200));
        assert_eq!(get("/empty").await.status, Some(204));
        assert_eq!(get("/download").await.status, Some(200));
        assert_eq!(get("/not-modified").await.status, Some(304));
        read_a_little(address, "/feed").await;
        for (method, path) in [("GET", "/shared"), ("PUT", "/shared"), ("GET", "/other")] {
            for (id, status) in [("7", 200), ("none", 400)] {
                let seen = request(address, method, &format!("{path}/{id}")).await;
                assert_eq!(seen.status, Some(status), "{method} {path}/{id}");
            }
        }
        assert_eq!(get("/numbers/1").await.status, Some(200));
        assert_eq!(get("/numbers/2").await.status, Some(200));
        assert_eq!(get("/numbers/none").await.status, Some(400));
        assert_eq!(get("/unannotated").await.status, Some(200));
        assert_eq!(get("/nowhere").await.status, Some(404));
    }
}

/// An endpoint's results, its (good, bad) availability and its (good, bad) latency.
type Expected<'a> = (&'a str, &'a [(EventResult, u64)], (u64, u64), (u64, u64));

/// Compares what was counted with what was sent. A layer that can't see routes leaves the
/// refused requests of an endpoint without `route` unannotated: those of [`REFUSED`].
pub(crate) async fn check(slo: &Recorder, sees_routes: bool) -> Snapshot {
    use EventResult as R;
    let refused = |of_each: u64| match sees_routes {
        true => vec![(R::Ok, of_each), (R::ClientError, of_each)],
        false => vec![(R::Ok, of_each)],
    };
    let (refused, shared) = (&refused(N), &refused(3 * N));
    let expected: &[Expected<'_>] = &[
        ("good", &[(R::Ok, 2 * N)], (2 * N, 0), (2 * N, 0)),
        ("slow", &[(R::Ok, N)], (N, 0), (0, N)),
        ("failing", &[(R::ServerError, N)], (0, N), (0, 0)),
        ("panicking", &[(R::Panicked, N)], (0, N), (0, 0)),
        (
            "declared",
            &[(R::Ok, N), (R::ClientError, N)],
            (N, 0),
            (N, 0),
        ),
        ("learnt", refused, (N, 0), (N, 0)),
        ("forever", &[(R::Cancelled, N)], (0, 0), (0, 0)),
        ("forever-late", &[(R::TimedOut, N)], (0, 0), (0, N)),
        ("broken-body", &[(R::BodyError, N)], (0, N), (0, 0)),
        ("endless-body", &[(R::Cancelled, N)], (0, 0), (0, 0)),
        ("streaming", &[(R::Ok, N)], (N, 0), (N, 0)),
        ("trickling", &[(R::Ok, N)], (N, 0), (0, N)),
        ("marked", &[(R::MarkedBad, N)], (0, N), (0, N)),
        ("marked-late", &[(R::MarkedExcluded, N)], (0, 0), (0, 0)),
        ("empty", &[(R::Ok, N)], (N, 0), (N, 0)),
        ("download", &[(R::Ok, N)], (N, 0), (N, 0)),
        ("not-modified", &[(R::Ok, N)], (N, 0), (N, 0)),
        ("feed", &[(R::Ok, N)], (N, 0), (N, 0)),
        ("shared", shared, (3 * N, 0), (3 * N, 0)),
        ("even", &[(R::Ok, N)], (N, 0), (N, 0)),
        ("odd", &[(R::Ok, N)], (N, 0), (N, 0)),
    ];
    let snapshot = slo.settle(Duration::from_secs(10)).await;
    for (name, results, availability, latency) in expected {
        let counts = snapshot
            .endpoint(name)
            .unwrap_or_else(|| panic!("{name} is known"));
        let non_zero: Vec<_> = counts.results().filter(|(_, events)| *events > 0).collect();
        assert_eq!(&non_zero, results, "{name}");
        assert_eq!(sli(counts, "availability"), *availability, "{name}");
        assert_eq!(sli(counts, "latency"), *latency, "{name}");
        assert_eq!(counts.started(), counts.ended(), "{name}");
    }
    snapshot
}

pub(crate) fn unannotated(snapshot: &Snapshot, route: &str) -> u64 {
    snapshot.unannotated().get(route).copied().unwrap_or(0)
}

/// What a layer that sees no route has counted under which name: the first segment of the path,
/// and apart what nobody served.
pub(crate) fn by_segment() -> Vec<(&'static str, u64)> {
    let requests = [
        ("/items", 1),
        ("/numbers", 1),
        ("/other", 1),
        ("/shared", 2),
        ("/unannotated", 1),
        ("_unmatched", 1),
    ];
    let all: u64 = requests.iter().map(|(_, requests)| requests).sum();
    assert_eq!(all, REFUSED + UNANNOTATED);
    requests.map(|(name, requests)| (name, requests * N)).into()
}

pub(crate) const fn sent_of_each() -> u64 {
    N
}

fn sli(counts: &EndpointCounts, name: &str) -> (u64, u64) {
    let counts = counts.sli(name).expect("the journey has it").counts;
    (counts.good, counts.bad)
}
