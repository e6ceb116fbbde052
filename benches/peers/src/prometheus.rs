//! Middlewares that record for a page that Prometheus reads.

use crate::{
    contest::Contest,
    router::{PATH, bare},
};
use autometrics::{autometrics, prometheus_exporter};
use axum::{Router, extract::Path, routing::get};
use axum_prometheus::PrometheusMetricLayer;
use std::{hint::black_box, rc::Rc};

#[autometrics]
async fn measured(Path(user): Path<u32>) -> &'static str {
    black_box(user);
    "hello, user"
}

pub(crate) fn enter(contest: &mut Contest) {
    let runtime = Rc::clone(contest.runtime());
    // It spawns what follows here, for every few seconds.
    let entered = runtime.enter();
    let (layer, handle) = PrometheusMetricLayer::pair();
    drop(entered);
    let case = contest.requests(
        "axum-prometheus",
        "axum-prometheus 0.10",
        bare().layer(layer),
    );
    let page = handle.clone();
    contest.enter(case, move || {
        samples(&page.render(), "axum_http_requests_total")
    });
    contest.between_rounds(move || handle.run_upkeep());

    prometheus_exporter::init();
    let case = contest.requests(
        "autometrics",
        "autometrics 3, on the handler",
        Router::new().route(PATH, get(measured)),
    );
    contest.enter(case, || {
        let page = prometheus_exporter::encode_to_string().expect("counters can be written");
        samples(&page, "function_calls_total")
    });
}

/// The sum of all series of a counter.
fn samples(page: &str, counter: &str) -> u64 {
    let value = |line: &str| {
        let labels = line.strip_prefix(counter)?;
        let value = labels.rsplit(' ').next()?;
        labels
            .starts_with(['{', ' '])
            .then(|| value.parse::<f64>().ok())?
    };
    page.lines().filter_map(value).sum::<f64>() as u64
}
