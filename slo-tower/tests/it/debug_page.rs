//! The page of counts: what it shows to whom, and that looking at it counts nowhere.

use crate::shop::SHOP;
use axum::{Router, body::Body, routing::get};
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use slo_sdk::{Endpoint, endpoint, slo, testing};
use slo_tower::{Consumers, SloLayer, debug_page};
use tower::{Layer, ServiceExt};

const PAGE: &str = "/debug/slo";

#[slo(journey = SHOP)]
async fn looked_at() -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

static WHATEVER_ELSE: &Endpoint = endpoint!(name = "whatever-else-was-served", journey = SHOP);

fn service() -> Router {
    Router::new()
        .route("/looked-at", get(looked_at))
        .route("/odd/{<b>&\"}", get(|| async { "odd" }))
        .route_service(PAGE, debug_page())
        .route_service("/debug/consumers", debug_page().with_consumers())
}

struct Seen {
    status: StatusCode,
    headers: http::HeaderMap,
    text: String,
}

async fn ask(app: &Router, request: http::request::Builder) -> Seen {
    let request = request.body(Body::empty()).expect("a request");
    let answer = app.clone().oneshot(request).await;
    let (head, body) = answer.expect("a router").into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes();
    Seen {
        status: head.status,
        headers: head.headers,
        text: String::from_utf8(bytes.to_vec()).expect("a text"),
    }
}

#[tokio::test]
async fn each_form_says_the_same() {
    let slo = testing::recorder();
    let app = service().layer(SloLayer::new());
    for _ in 0..3 {
        ask(&app, Request::get("/looked-at")).await;
    }
    let counted = slo_sdk::snapshot();
    let endpoint = counted.endpoint("looked-at").expect("it is annotated");
    let bad = endpoint.sli("availability").expect("it has one").counts.bad;
    assert!(bad >= 3);

    let of = |format: &str| Request::get(format!("{PAGE}?format={format}"));
    let json = ask(&app, of("json")).await;
    assert_eq!(json.headers[header::CONTENT_TYPE], "application/json");
    let json: serde_json::Value = serde_json::from_str(&json.text).expect("JSON");
    let all = json["endpoints"].as_array().expect("a list");
    assert_eq!(all.len(), counted.endpoints().len());
    let it = all.iter().find(|it| it["endpoint"] == "looked-at");
    let it = it.expect("it is there");
    assert_eq!(it["slis"][0]["sli"], "availability");
    assert_eq!(it["slis"][0]["bad"], bad);
    assert_eq!(it["results"]["server_error"], bad);

    let prometheus = ask(&app, of("prometheus")).await;
    let line = format!(
        "slo_events_total{{slo_endpoint=\"looked-at\",slo_journey=\"{}\",slo_outcome=\"bad\",\
         slo_sli=\"availability\"}} {bad}\n",
        SHOP.name()
    );
    assert!(prometheus.text.contains(&line), "{}", prometheus.text);

    let text = ask(&app, Request::get(PAGE)).await;
    assert!(
        text.text.contains(&format!("server_error {bad}")),
        "{}",
        text.text
    );

    let page = ask(&app, Request::get(PAGE).header(header::ACCEPT, "text/html")).await;
    assert!(page.text.contains(&format!("<td class=\"bad\">{bad}</td>")));
    assert!(page.headers.contains_key(header::CONTENT_SECURITY_POLICY));
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
    drop(slo);
}

/// In a layer, around a router, and where whatever else is served counts for an endpoint.
#[tokio::test]
async fn looking_at_it_is_no_event() {
    let slo = testing::recorder();
    let rest = SloLayer::new().journey(WHATEVER_ELSE);
    let counted = SloLayer::new().layer(service().with_state(()));
    let boxed = |answer: http::Response<slo_tower::SloBody<Body>>| answer.map(Body::new);
    let counted = ServiceExt::<Request<Body>>::map_response(counted, boxed);
    let around = Router::new().fallback_service(counted);
    for (place, app) in [
        ("inside", service().layer(SloLayer::new())),
        ("around", around),
        ("for a journey", service().layer(rest)),
    ] {
        for request in [Request::get(PAGE), Request::head(PAGE)] {
            let seen = ask(&app, request).await;
            assert_eq!(seen.status, StatusCode::OK, "{place}");
        }
        let refused = ask(&app, Request::builder().method(Method::POST).uri(PAGE)).await;
        assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED, "{place}");
        assert_eq!(refused.headers[header::ALLOW], "GET, HEAD", "{place}");
        let snapshot = slo.snapshot();
        let events: u64 = snapshot
            .endpoints()
            .iter()
            .map(slo_sdk::EndpointCounts::started)
            .sum();
        assert_eq!(events, 0, "{place}:\n{snapshot}");
        let unannotated: u64 = snapshot.unannotated().values().sum();
        assert_eq!(unannotated, 0, "{place}:\n{snapshot}");
        assert_eq!(snapshot.unclaimed(), 0, "{place}");
    }
    // The same services count what else they serve.
    let app = service().layer(SloLayer::new().journey(WHATEVER_ELSE));
    ask(&app, Request::get("/odd/1")).await;
    assert_eq!(slo.endpoint("whatever-else-was-served").started(), 1);
}

#[tokio::test]
async fn hostile_routes_are_texts_and_consumers_are_hidden() {
    let _slo = testing::recorder();
    let unit = http::HeaderName::from_static("x-looking-unit");
    let consumers = Consumers::by_header(unit.clone(), ["curious-unit"]);
    let app = service().layer(SloLayer::new().consumers(consumers));
    ask(&app, Request::get("/odd/1")).await;
    ask(
        &app,
        Request::get("/looked-at").header(unit, "curious-unit"),
    )
    .await;
    for format in ["html", "text", "json", "prometheus"] {
        let hidden = ask(&app, Request::get(format!("{PAGE}?format={format}"))).await;
        assert!(!hidden.text.contains("curious-unit"), "{format}");
        let shown = Request::get(format!("/debug/consumers?format={format}"));
        let shown = ask(&app, shown).await;
        assert!(
            shown.text.contains("curious-unit"),
            "{format}: {}",
            shown.text
        );
    }
    let page = ask(&app, Request::get(format!("{PAGE}?format=html"))).await;
    assert!(!page.text.contains("<b>"), "{}", page.text);
    if cfg!(feature = "axum") {
        assert!(
            page.text.contains("/odd/{&lt;b&gt;&amp;&quot;}"),
            "{}",
            page.text
        );
    }
}
