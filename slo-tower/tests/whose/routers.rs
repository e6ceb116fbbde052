//! Requests that no handler claims, of routers that are easily taken for each other.

use crate::book::{J, app, ask, lines, routed, serve};
use axum::{
    Router,
    extract::{Path, Request},
    http::StatusCode,
    middleware::{Next, from_fn},
    response::IntoResponse,
    routing::get,
};
use slo_sdk::{EventResult as R, slo};
use slo_tower::SloLayer;
use tower::Layer;
use tower_http::normalize_path::NormalizePathLayer;

/// The key under which a request is counted that somebody served and no annotation covers: its
/// route, or the first segment of its path where the layer sees no route.
fn key(route: &'static str) -> &'static str {
    if cfg!(feature = "axum") {
        route
    } else {
        first_segment(route)
    }
}

fn first_segment(path: &'static str) -> &'static str {
    let end = path[1..].find('/').map_or(path.len(), |at| at + 1);
    &path[..end]
}

#[tokio::test]
async fn two_listeners_with_one_template() {
    #[slo(journey = J)]
    async fn home() -> &'static str {
        "home"
    }
    let slo = slo_sdk::testing::recorder();
    let public = Router::new().route("/", get(home)).layer(SloLayer::new());
    let admin = Router::new()
        .route("/", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
        .layer(SloLayer::new());
    let (public, admin) = (serve(routed(public)).await, serve(routed(admin)).await);
    for _ in 0..3 {
        assert_eq!(ask(public, "GET", "/").await, Some(200));
        assert_eq!(ask(admin, "GET", "/").await, Some(500));
        assert_eq!(ask(admin, "HEAD", "/").await, Some(500));
    }
    let book = lines(&[("home", R::Ok, 3)], &[(key("/"), 6)]);
    book.check(&slo, "two listeners").await;
}

#[slo(journey = J, route = "GET /p/{id}")]
async fn p_id(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[slo(journey = J, route = "GET /p/{*rest}")]
async fn p_rest() -> &'static str {
    "of another router, or a library's"
}

#[slo(journey = J, route = "GET /twice")]
async fn twice_a() {}

#[slo(journey = J, route = "GET /twice")]
async fn twice_b() {}

#[tokio::test]
async fn routes_that_cant_stand_in_one_router() {
    let slo = slo_sdk::testing::recorder();
    let around = |router: Router| app(SloLayer::new().layer(router.with_state(())));
    let only = serve(around(Router::new().route("/p/{id}", get(p_id)))).await;
    // The other one has never had an event.
    assert_eq!(ask(only, "GET", "/p/none").await, Some(400));
    let mut book = lines(&[("p-id", R::ClientError, 1)], &[]);
    book.check(&slo, "one of them is served").await;
    let other = Router::new().route("/p/{*rest}", get(p_rest));
    let other = serve(around(other)).await;
    assert_eq!(ask(other, "GET", "/p/some").await, Some(200));
    // From here on both are known to be served, and the path can't tell.
    assert_eq!(ask(only, "GET", "/p/none").await, Some(400));
    book.event("p-rest", R::Ok);
    book.unannotated("/p");
    book.check(&slo, "both are served").await;
}

#[tokio::test]
async fn two_endpoints_with_one_route() {
    let slo = slo_sdk::testing::recorder();
    let refusing = |request: Request, next: Next| async move {
        match request.uri().query() {
            Some("refuse") => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            _ => next.run(request).await,
        }
    };
    let a = Router::new()
        .route("/twice", get(twice_a))
        .layer(from_fn(refusing));
    let b = Router::new()
        .route("/twice", get(twice_b))
        .layer(from_fn(refusing));
    let around = app(SloLayer::new().layer(a.clone().with_state(())));
    let around = serve(around).await;
    let a = serve(routed(a.layer(SloLayer::new()))).await;
    let b = serve(routed(b.layer(SloLayer::new()))).await;
    let mut book = lines(&[], &[]);
    for (address, name, path_only) in [(around, "twice-a", true), (a, "twice-a", false)] {
        // Before any of them came through, nobody knows whose this router is.
        assert_eq!(ask(address, "GET", "/twice?refuse").await, Some(503));
        assert_eq!(ask(address, "GET", "/twice").await, Some(200));
        assert_eq!(ask(address, "GET", "/twice?refuse").await, Some(503));
        book.event(name, R::Ok);
        if path_only || cfg!(not(feature = "axum")) {
            book.unannotated("/twice");
            book.unannotated("/twice");
        } else {
            book.unannotated("/twice");
            book.event(name, R::ServerError);
        }
    }
    assert_eq!(ask(b, "GET", "/twice").await, Some(200));
    assert_eq!(ask(b, "GET", "/twice?refuse").await, Some(503));
    book.event("twice-b", R::Ok);
    if cfg!(feature = "axum") {
        book.event("twice-b", R::ServerError);
    } else {
        book.unannotated("/twice");
    }
    book.check(&slo, "one route").await;
}

#[tokio::test]
async fn what_an_unannotated_handler_answers_is_never_an_endpoints() {
    #[slo(journey = J)]
    async fn sometimes() -> &'static str {
        "annotated"
    }
    let dispatch = |Path(who): Path<String>| async move {
        match &*who {
            "annotated" => sometimes().await.into_response(),
            "fails" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            _ => "not annotated".into_response(),
        }
    };
    let slo = slo_sdk::testing::recorder();
    let router = Router::new().route("/sometimes/{who}", get(dispatch));
    let address = serve(routed(router.layer(SloLayer::new()))).await;
    for (who, status) in [
        ("annotated", 200),
        ("answers", 200),
        ("fails", 500),
        ("fails", 500),
    ] {
        let path = format!("/sometimes/{who}");
        assert_eq!(ask(address, "GET", &path).await, Some(status));
    }
    // It stays so, however often the annotated one is reached.
    assert_eq!(ask(address, "GET", "/sometimes/annotated").await, Some(200));
    assert_eq!(ask(address, "GET", "/sometimes/fails").await, Some(500));
    let free = [(key("/sometimes/{who}"), 4)];
    let book = lines(&[("sometimes", R::Ok, 2)], &free);
    book.check(&slo, "a dispatch").await;
}

#[slo(journey = J, route = "GET /trimmed/{id}")]
async fn trimmed(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[tokio::test]
async fn slashes_at_the_end_and_paths_that_only_look_alike() {
    let slo = slo_sdk::testing::recorder();
    let routes = || {
        Router::new()
            .route("/trimmed/{id}", get(trimmed))
            .with_state(())
    };
    let trims = NormalizePathLayer::trim_trailing_slash().layer(routes());
    let trims = serve(app(SloLayer::new().layer(trims))).await;
    let plain = serve(app(SloLayer::new().layer(routes()))).await;
    let mut book = lines(&[], &[]);
    for (address, path, status) in [
        (trims, "/trimmed/none", 400),
        (trims, "/trimmed/none/", 400),
        (trims, "/trimmed/none//", 400),
        (plain, "/trimmed/none", 400),
        (plain, "/trimmed/a%2fb", 400),
    ] {
        assert_eq!(ask(address, "GET", path).await, Some(status), "{path}");
        book.event("trimmed", R::ClientError);
    }
    for (path, status) in [
        ("/trimmed/none/", 404),
        ("//trimmed/none", 404),
        ("/trimmed//none", 404),
        ("/trimmed%2fnone", 404),
        ("/trimmed/../none", 404),
        ("/x/../trimmed/1", 404),
        ("/Trimmed/1", 404),
    ] {
        assert_eq!(ask(plain, "GET", path).await, Some(status), "{path}");
        book.unannotated("_unmatched");
    }
    book.check(&slo, "slashes").await;
}

#[cfg(feature = "axum")]
#[tokio::test]
async fn a_text_that_is_made_anew_is_never_learnt() {
    #[slo(journey = J)]
    async fn remade(Path(id): Path<u32>) -> String {
        id.to_string()
    }
    let slo = slo_sdk::testing::recorder();
    let inner = Router::new()
        .route("/remade/{id}", get(remade))
        .layer(SloLayer::new());
    let address = serve(routed(Router::new().nest_service("/nested", inner))).await;
    let mut book = lines(&[], &[]);
    for _ in 0..20 {
        assert_eq!(ask(address, "GET", "/nested/remade/1").await, Some(200));
        assert_eq!(ask(address, "GET", "/nested/remade/none").await, Some(400));
        book.event("remade", R::Ok);
        book.unannotated("/nested/remade/{id}");
    }
    book.check(&slo, "made remade").await;
}

#[cfg(feature = "axum")]
#[tokio::test]
async fn a_template_that_takes_whatever_follows_stands_for_no_endpoint() {
    #[slo(journey = J)]
    async fn file(Path(path): Path<String>) -> String {
        path
    }
    #[slo(journey = J, route = "GET /declared-files/{*path}")]
    async fn declared_file(Path(path): Path<String>) -> String {
        path
    }
    let refusing = |request: Request, next: Next| async move {
        match request.uri().query() {
            Some("refuse") => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            _ => next.run(request).await,
        }
    };
    let slo = slo_sdk::testing::recorder();
    let router = Router::new()
        .route("/files/{*path}", get(file))
        .route("/declared-files/{*path}", get(declared_file))
        .layer(from_fn(refusing));
    let address = serve(routed(router.layer(SloLayer::new()))).await;
    for path in ["/files/a/b", "/declared-files/a/b"] {
        assert_eq!(ask(address, "GET", path).await, Some(200));
        let refused = format!("{path}?refuse");
        assert_eq!(ask(address, "GET", &refused).await, Some(503));
    }
    let expected = [
        ("file", R::Ok, 1),
        ("declared-file", R::Ok, 1),
        ("declared-file", R::ServerError, 1),
    ];
    let book = lines(&expected, &[("/files/{*path}", 1)]);
    book.check(&slo, "wildcards").await;
}
