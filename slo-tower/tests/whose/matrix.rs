//! The whole kind: every place of the layer, every way a router is mounted, every answer and
//! method. What each request must have counted follows from what the client saw and from one
//! question: could the layer know whose it was?

use crate::book::{App, Book, J, app, ask_with, routed, serve};
use crate::journey::REST;
use crate::random::{Random, seed};
use axum::{
    Router,
    extract::{Path, Request},
    http::StatusCode,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use slo_sdk::{EventResult as R, slo};
use slo_tower::SloLayer;
use std::{net::SocketAddr, panic::resume_unwind};
use tower::{Layer, ServiceExt};

#[slo(journey = J, route = "GET /v/declared/{id}")]
async fn declared(Path(id): Path<u32>) -> StatusCode {
    answer(id)
}

#[slo(journey = J)]
async fn learnt(Path(id): Path<u32>) -> StatusCode {
    answer(id)
}

/// Nobody annotated it.
async fn free(Path(id): Path<u32>) -> StatusCode {
    answer(id)
}

fn answer(id: u32) -> StatusCode {
    match id {
        0 => resume_unwind(Box::new("on purpose")),
        1 => StatusCode::OK,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Where the layer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// `Router::route_layer` of the router with the routes.
    Routes,
    /// `Router::layer` of the router with the routes.
    Inner,
    /// `Router::layer` of the router it is mounted in.
    Outer,
    /// Around everything.
    Around,
}

/// How the routes are mounted at `/v`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mounting {
    Plain,
    Nest,
    NestService,
    Merge,
    Fallback,
    /// By the `x-host` header, beside another host with the same routes.
    ByHost,
    /// On a listener of its own, beside another listener with the same routes.
    TwoListeners,
}

impl Place {
    const ALL: [Place; 4] = [Place::Routes, Place::Inner, Place::Outer, Place::Around];

    /// True where the layer sees which route of which router matched, the same text each time.
    fn sees_the_router(self, mounting: Mounting) -> bool {
        use Mounting::{ByHost, Fallback, NestService};
        cfg!(feature = "axum")
            && match self {
                Place::Around => false,
                Place::Outer => !matches!(mounting, NestService | Fallback | ByHost),
                Place::Routes | Place::Inner => mounting != NestService,
            }
    }
}

impl Place {
    /// True where the path that the layer sees is the client's.
    fn sees_the_path(self, mounting: Mounting) -> bool {
        let is_stripped = matches!(mounting, Mounting::Nest | Mounting::NestService);
        cfg!(feature = "axum") || !is_stripped || matches!(self, Place::Outer | Place::Around)
    }
}

impl Mounting {
    const ALL: [Mounting; 7] = [
        Mounting::Plain,
        Mounting::Nest,
        Mounting::NestService,
        Mounting::Merge,
        Mounting::Fallback,
        Mounting::ByHost,
        Mounting::TwoListeners,
    ];

    fn prefix(self) -> &'static str {
        match self {
            Mounting::Nest | Mounting::NestService => "",
            _ => "/v",
        }
    }
}

async fn refuse(request: Request, next: Next) -> Response {
    if request.headers().contains_key("x-refuse") {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    next.run(request).await
}

impl Run {
    fn layer(self) -> SloLayer {
        match self.has_journey {
            true => SloLayer::new().journey(REST),
            false => SloLayer::new(),
        }
    }
}

/// The routes; where they are only a neighbour's, none of them is annotated, but the declared one
/// is missing: a declared route wins, whoever serves it.
///
/// Learnt routes have a text for each run: one that more than eight routers have is never learnt.
fn routes(run: Run, is_neighbour: bool) -> Router {
    let Run {
        place,
        mounting,
        number,
        ..
    } = run;
    let layer = run.layer();
    let prefix = mounting.prefix();
    let path = |name: &str| match name {
        "learnt" => format!("{prefix}/learnt/{number}/{{id}}"),
        _ => format!("{prefix}/{name}/{{id}}"),
    };
    let routes = if is_neighbour {
        Router::new().route(&path("learnt"), get(free))
    } else {
        Router::new()
            .route(&path("declared"), get(declared))
            .route(&path("learnt"), get(learnt))
    };
    let routes = routes
        .route(&path("free"), get(free))
        .route_layer(from_fn(refuse));
    match place {
        Place::Routes => routes.route_layer(layer),
        Place::Inner => routes.layer(layer),
        Place::Outer | Place::Around => routes,
    }
}

fn mounted(run: Run, is_neighbour: bool) -> App {
    let inner = routes(run, is_neighbour);
    let router = match run.mounting {
        Mounting::Plain | Mounting::TwoListeners => inner,
        Mounting::Nest => Router::new().nest("/v", inner),
        Mounting::NestService => Router::new().nest_service("/v", inner),
        Mounting::Merge => Router::new().merge(inner),
        Mounting::Fallback => Router::new().fallback_service(inner),
        Mounting::ByHost => {
            let other = routes(run, true);
            let by_host = tower::service_fn(move |request: Request| {
                let is_other = request.headers().contains_key("x-host");
                let host = if is_other { &other } else { &inner };
                host.clone().oneshot(request)
            });
            Router::new().fallback_service(by_host)
        }
    };
    match run.place {
        Place::Outer => routed(router.layer(run.layer())),
        Place::Around => app(run.layer().layer(router.with_state(()))),
        Place::Routes | Place::Inner => routed(router),
    }
}

/// One place of one mounting.
#[derive(Clone, Copy, Debug)]
struct Run {
    place: Place,
    mounting: Mounting,
    /// True where the layer was given the journey of all that nobody claims.
    has_journey: bool,
    number: u64,
}

impl Run {
    fn all() -> Vec<Run> {
        let mut all = Vec::new();
        for mounting in Mounting::ALL {
            for place in Place::ALL {
                for has_journey in [false, true] {
                    all.push(Run {
                        place,
                        mounting,
                        has_journey,
                        number: all.len() as u64,
                    });
                }
            }
        }
        all
    }
}

/// What the client does.
#[derive(Clone, Copy, Debug)]
struct Ask {
    method: &'static str,
    name: &'static str,
    id: &'static str,
    headers: &'static str,
    /// True where the neighbour is asked: the other host, or the other listener.
    of_neighbour: bool,
}

impl Ask {
    fn any(random: &mut Random, mounting: Mounting) -> Ask {
        let has_neighbour = matches!(mounting, Mounting::ByHost | Mounting::TwoListeners);
        let of_neighbour = has_neighbour && random.once_in(2);
        let names: &[_] = match of_neighbour {
            true => &["learnt", "free"],
            false => &["declared", "learnt", "free"],
        };
        Ask {
            method: random.pick(&["GET", "GET", "HEAD", "POST", "OPTIONS"]),
            name: random.pick(names),
            id: random.pick(&["0", "1", "1", "500", "none"]),
            headers: random.pick(&["", "", "x-refuse: yes\r\n"]),
            of_neighbour,
        }
    }

    async fn send(self, addresses: [SocketAddr; 2], run: Run) -> Option<u16> {
        let address = addresses[usize::from(self.of_neighbour)];
        let host = match run.mounting {
            Mounting::ByHost if self.of_neighbour => "x-host: other\r\n",
            _ => "",
        };
        let headers = format!("{}{host}", self.headers);
        let path = match self.name {
            "learnt" => format!("/v/learnt/{}/{}", run.number, self.id),
            name => format!("/v/{name}/{}", self.id),
        };
        ask_with(address, self.method, &path, &headers).await
    }

    fn is_served(self) -> bool {
        matches!(self.method, "GET" | "HEAD")
    }

    /// True where a layer with a journey counts it, if it is nobody else's.
    fn is_of_the_rest(self) -> bool {
        self.method != "OPTIONS" && self.status() != Some(405)
    }

    fn status(self) -> Option<u16> {
        match (self.headers, self.is_served(), self.id) {
            ("", false, _) => Some(405),
            ("", true, "0") => None,
            ("", true, "1") => Some(200),
            ("", true, "500") => Some(500),
            ("", true, _) => Some(400),
            _ => Some(503),
        }
    }

    /// True where a handler runs.
    fn is_handled(self) -> bool {
        self.headers.is_empty() && self.is_served() && self.id != "none"
    }

    fn result(self) -> R {
        match self.status() {
            None => R::Panicked,
            Some(200) => R::Ok,
            Some(400..500) => R::ClientError,
            _ => R::ServerError,
        }
    }
}

#[tokio::test]
async fn every_place_mounting_answer_and_method() {
    const REQUESTS: u64 = 60;
    let seed = seed();
    println!("HOSTILE_SEED={seed}");
    for run in Run::all() {
        let Run {
            place, mounting, ..
        } = run;
        let what = format!("{run:?}, seed {seed}");
        let slo = slo_sdk::testing::recorder();
        let own = serve(mounted(run, false)).await;
        let other = match mounting {
            Mounting::TwoListeners => serve(mounted(run, true)).await,
            _ => own,
        };
        let mut random = Random::new(seed, run.number);
        let mut book = Book::default();
        let mut is_learnt = false;
        for _ in 0..REQUESTS {
            let ask = Ask::any(&mut random, mounting);
            let seen = ask.send([own, other], run).await;
            assert_eq!(seen, ask.status(), "{ask:?}, {what}");
            let is_own = !ask.of_neighbour && ask.is_served();
            is_learnt |= ask.is_handled() && is_own && ask.name == "learnt";
            match ask.name {
                "declared" if is_own && (ask.is_handled() || place.sees_the_path(mounting)) => {
                    book.event("declared", ask.result());
                }
                "learnt" if is_own && ask.is_handled() => book.event("learnt", ask.result()),
                "learnt" if is_own && is_learnt && place.sees_the_router(mounting) => {
                    book.event("learnt", ask.result());
                }
                _ if run.has_journey && ask.is_of_the_rest() => book.event("rest", ask.result()),
                _ => book.unannotated("any"),
            }
        }
        book.check_totals(&slo, &what).await;
    }
}
