//! Services of one name in several namespaces.

use crate::shop::{PAGES, Play, definition, endpoint, events, mode, play_both, rules};
use cargo_slo::outputs::Mode;

/// The value of a metric of the SLO, for one job.
fn of_job(metric: &str, job: &str) -> String {
    format!(r#"sum({metric}{{slo="orders/checkout.availability",job="{job}"}})"#)
}

#[test]
fn a_service_in_a_namespace_is_found() {
    play_both(
        &definition("orders", &[endpoint("cart", "30d")]),
        &["shop/orders"],
        &[
            (events!("shop/orders", "good"), "0x80"),
            (events!("shop/orders", "bad"), "0+50x80"),
            // Names that only end or begin alike are other services.
            (events!("shop/preorders", "good"), "0+5000x80"),
            (events!("orders/shop", "good"), "0+5000x80"),
            (events!("orders2", "good"), "0+5000x80"),
        ],
        &[
            (PAGES, 100, Some(1.0)),
            (&of_job("slo:error:ratio1h", "shop/orders"), 100, Some(1.0)),
            ("count(count by (job) (slo:error:ratio1h))", 100, Some(1.0)),
            (r#"sum(ALERTS{alertname="SloDataMissing"})"#, 100, None),
        ],
    );
}

#[test]
fn characters_of_a_name_are_no_expression() {
    play_both(
        &definition("orders.v2+", &[endpoint("cart", "30d")]),
        &["shop/orders.v2+"],
        &[
            (events!("shop/orders.v2+", "good"), "0+10x20"),
            (events!("shop/orders-v22", "good"), "0+10x20"),
        ],
        &[
            ("count(count by (job) (slo:events:count1m))", 90, Some(1.0)),
            (
                r#"sum(slo:events:count1m{job="shop/orders.v2+",slo="orders.v2+/checkout.availability"})"#,
                90,
                Some(10.0),
            ),
        ],
    );
}

#[test]
fn services_of_one_name_in_two_namespaces_stay_apart() {
    let series = [
        (events!("shop/orders", "good"), "0x80"),
        (events!("shop/orders", "bad"), "0+5x80"),
        (events!("books/orders", "good"), "0+5000x80"),
        (events!("books/orders", "bad"), "0x80"),
    ];
    let left = "slo:error_budget_left:ratio";
    let (of_shop, of_books) = (of_job(left, "shop/orders"), of_job(left, "books/orders"));
    let page =
        |job| format!(r#"count(ALERTS{{severity="page",slo_window_tier="1h",job="{job}"}})"#);
    let (page_of_shop, page_of_books) = (page("shop/orders"), page("books/orders"));
    let expected = [
        // Mixed, the errors would be 0.1 % of 1 % allowed, and nobody would be told.
        (&*of_shop, 300, Some(-99.0)),
        (&of_books, 300, Some(1.0)),
        (&page_of_shop, 300, Some(1.0)),
        (&page_of_books, 300, None),
    ];
    let definition = definition("orders", &[endpoint("cart", "30d")]);
    let jobs = ["shop/orders", "books/orders"];
    play_both(&definition, &jobs, &series, &expected);

    // With a file each, side by side in one Prometheus.
    let mut play = Play::default();
    for namespace in ["shop", "books"] {
        let mut settings = mode(Mode::PerSlo);
        settings.namespace = Some(namespace.into());
        play.files.push(rules(&definition, &settings));
    }
    let mut both = play.clone();
    both.series(&series);
    both.expected(&expected);
    both.run();
    let missing =
        r#"count(ALERTS{alertname="SloDataMissing",alertstate="firing",job="shop/orders"})"#;
    play.series(&series[2..]);
    play.expected(&[(missing, 60, Some(1.0))]);
    play.run();
}
