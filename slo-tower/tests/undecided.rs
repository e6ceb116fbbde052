//! The first request of a process inside another: it can't be told whether the two are one. It is
//! counted where its layer has an endpoint, else nowhere, and a warning says so once. From then on
//! it can be told.
//!
//! Each case runs in a process of its own, because each process has only one first.

#![cfg(not(feature = "off"))]

#[path = "warnings/heard.rs"]
mod heard;

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::Uri,
    middleware::{Next, from_fn},
    response::Response,
    routing::get,
};
use slo_sdk::{Endpoint, EventResult as R, Journey, Objectives, endpoint, slo, testing::Recorder};
use slo_tower::SloLayer;
use std::{convert::Infallible, env, process::Command, sync::Arc};
use tokio::sync::Barrier;
use tower::{Layer, ServiceExt, buffer::Buffer, util::BoxCloneSyncService};

const J: Journey = Journey::new("j").objectives(Objectives::new().availability(99.9));

/// Names the case to a process of its own.
const CASE: &str = "SLO_TEST_UNDECIDED";

/// Requests before the first that is inside another: none of them is marked.
const BEFORE: [u64; 2] = [0, 1_100];

#[slo(journey = J)]
async fn plain() {}

#[slo(journey = J)]
async fn inner() {}

#[slo(journey = J)]
async fn claims() {}

static CLIENT: &Endpoint = endpoint!(name = "client", journey = J);

type App = BoxCloneSyncService<Request, Response, Infallible>;

/// What is inside the event of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    /// A middleware asks an API of the same process.
    Api,
    /// A middleware asks through a client with a layer of its own.
    Client,
    /// The same request in a second layer.
    Layer,
    /// The same in a second layer that has its endpoint.
    Named,
    /// The same behind a buffer, which calls the second layer elsewhere.
    Buffer,
}

impl Inside {
    const ALL: [Inside; 5] = [
        Inside::Api,
        Inside::Client,
        Inside::Layer,
        Inside::Named,
        Inside::Buffer,
    ];

    /// True where the request inside is another one.
    fn is_another(self) -> bool {
        matches!(self, Inside::Api | Inside::Client)
    }

    /// The endpoint that the request inside belongs to.
    fn endpoint(self) -> &'static str {
        match self {
            Inside::Client | Inside::Named => "client",
            _ => "inner",
        }
    }

    /// How often it is counted where it can't be told.
    fn undecided(self) -> u64 {
        u64::from(matches!(self, Inside::Client | Inside::Named))
    }
}

fn boxed(router: Router) -> App {
    BoxCloneSyncService::new(router.with_state(()))
}

fn counted() -> Router {
    Router::new()
        .route("/inner", get(inner))
        .layer(SloLayer::new())
}

fn client() -> App {
    let answers = tower::service_fn(async |_: Request| Ok(Response::new(Body::empty())));
    let counted = SloLayer::new().endpoint(CLIENT).layer(answers);
    BoxCloneSyncService::new(counted.map_response(|response| response.map(Body::new)))
}

/// A service with a request inside each request but that for `/wait`, which has one only once both
/// have met at the barrier.
fn app(inside: Inside, barrier: Arc<Barrier>) -> App {
    let asked = match inside {
        Inside::Client => client(),
        _ => boxed(counted()),
    };
    let asks = move |request: Request, next: Next| {
        let (asked, barrier) = (asked.clone(), barrier.clone());
        async move {
            if request.uri().path() == "/wait" {
                barrier.wait().await;
                barrier.wait().await;
            }
            send(&asked, "/inner").await;
            next.run(request).await
        }
    };
    let page = || get(|| async {});
    let pages = Router::new()
        .route("/claims", get(claims))
        .route("/page", page())
        .route("/wait", page());
    match inside {
        Inside::Api | Inside::Client => boxed(pages.layer(from_fn(asks)).layer(SloLayer::new())),
        Inside::Layer => boxed(counted().layer(SloLayer::new())),
        Inside::Named => {
            let route = get(|| async {}).layer(SloLayer::new().endpoint(CLIENT));
            boxed(Router::new().route("/inner", route).layer(SloLayer::new()))
        }
        Inside::Buffer => {
            let buffered = Buffer::new(boxed(counted()), 4);
            let service = SloLayer::new().layer(buffered);
            let service = service.map_response(|response| response.map(Body::new));
            BoxCloneSyncService::new(service.map_err(|error| panic!("{error}")))
        }
    }
}

async fn send(app: &App, path: &'static str) {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = Uri::from_static(path);
    let answer = app.clone().oneshot(request).await;
    let answer = answer.unwrap_or_else(|never| match never {});
    assert_eq!(answer.status(), 200, "{path}");
    let whole = axum::body::to_bytes(answer.into_body(), 1 << 10).await;
    whole.expect("a body");
}

/// What an endpoint counted, all of it good.
fn good(slo: &Recorder, name: &str) -> u64 {
    let endpoint = slo.endpoint(name);
    assert_eq!(endpoint.in_flight(), 0, "{name}");
    assert_eq!(endpoint.started(), endpoint.ended(), "{name}");
    let results: Vec<_> = endpoint.results().filter(|(_, n)| *n > 0).collect();
    match results[..] {
        [] => 0,
        [(R::Ok, n)] => n,
        _ => panic!("{name}: {results:?}"),
    }
}

/// Counts of the endpoint inside, of the handler outside, and of what nobody annotated.
fn book(slo: &Recorder, inside: Inside) -> [u64; 3] {
    [
        good(slo, inside.endpoint()),
        good(slo, "claims"),
        slo.snapshot().unannotated().values().sum(),
    ]
}

async fn play(inside: Inside, before: u64) {
    let slo = slo_sdk::testing::recorder();
    let bare = boxed(Router::new().route("/", get(plain)).layer(SloLayer::new()));
    for _ in 0..before {
        send(&bare, "/").await;
    }
    assert_eq!(good(&slo, "plain"), before);
    let barrier = Arc::new(Barrier::new(2));
    let app = app(inside, barrier.clone());
    let first = inside.undecided();
    if !inside.is_another() {
        send(&app, "/inner").await;
        assert_eq!(book(&slo, inside), [first, 0, 0]);
        send(&app, "/inner").await;
        assert_eq!(book(&slo, inside), [first + 1, 0, 0]);
        return;
    }
    let under_way = tokio::spawn({
        let app = app.clone();
        async move { send(&app, "/wait").await }
    });
    barrier.wait().await;
    // A handler of its own claims the one around it.
    send(&app, "/claims").await;
    assert_eq!(book(&slo, inside), [first, 1, 0]);
    // What started before is not marked.
    barrier.wait().await;
    under_way.await.expect("no panic");
    assert_eq!(book(&slo, inside), [2 * first, 1, 0]);
    send(&app, "/page").await;
    send(&app, "/claims").await;
    assert_eq!(book(&slo, inside), [2 * first + 2, 2, 1]);
}

#[tokio::test]
async fn the_first_is_nobodys_and_said_once() {
    let cases = BEFORE
        .iter()
        .flat_map(|before| Inside::ALL.map(|inside| (inside, *before)));
    let name = |(inside, before): (Inside, u64)| format!("{inside:?} after {before}");
    if let Ok(wanted) = env::var(CASE) {
        let log = heard::log();
        let mut cases = cases;
        let (inside, before) = cases.find(|case| name(*case) == wanted).expect("a case");
        play(inside, before).await;
        let mut said = log.take();
        let fate = match inside.undecided() {
            0 => "it is counted nowhere",
            _ => "it is counted, and the other one only where a handler of its own claims it;",
        };
        said.retain(|line| line.contains(fate));
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with("WARN"), "{said:?}");
        return;
    }
    for case in cases {
        let output = Command::new(env::current_exe().expect("this program"))
            .args([
                "--exact",
                "the_first_is_nobodys_and_said_once",
                "--nocapture",
            ])
            .env(CASE, name(case))
            .output()
            .expect("it starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}:\n{stderr}", name(case));
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(stdout.contains("1 passed"), "{}:\n{stdout}", name(case));
    }
}
