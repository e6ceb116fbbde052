//! A shop while somebody develops it: everything that the page can show.

use cargo_slo::live::view::{
    ConditionView, ConsumerView, EventView, HistogramView, Interval, JourneyView, Never,
    ProcessView, Refusal, Refused, Remark, Scale, ServiceView, Severity, SliView, SloView,
    StepView, SuppressedView, UnannotatedView, View, WouldPage,
};
use std::time::Duration;

/// 2026-11-29, 14:05:30 UTC.
const AT: u64 = 1_795_961_130_000;

pub(crate) fn empty() -> View {
    View {
        at: AT,
        scale: Scale {
            window: Duration::from_secs(600),
            factor: 4320.0,
        },
        receiver: Some("http://127.0.0.1:4318".to_owned()),
        services: Vec::new(),
        refused: Vec::new(),
        remarks: Vec::new(),
        events: Vec::new(),
        suppressed: Vec::new(),
        trace_link: None,
    }
}

pub(crate) fn shop() -> View {
    View {
        services: vec![payments(), orders()],
        refused: refused(),
        remarks: vec![
            Remark::ShortestWindow { seconds: 2 },
            Remark::TracesForwarded,
            Remark::Forwarded {
                address: "http://collector:4318".to_owned(),
                passed: 1_204,
                failed: 3,
                dropped: 0,
                why: None,
            },
            Remark::OtherDefinitions {
                service: "payments".to_owned(),
                parts: vec!["settlement/settle".to_owned()],
            },
        ],
        suppressed: [("pay", 37), ("search", 4)]
            .map(|(endpoint, events)| SuppressedView {
                service: "orders".to_owned(),
                journey: "checkout".to_owned(),
                endpoint: endpoint.to_owned(),
                events,
            })
            .into(),
        events: events(),
        trace_link: Some("http://localhost:16686/trace/{trace}?uiFind={span}".to_owned()),
        ..empty()
    }
}

fn sli(name: &str, threshold: Option<f64>, counts: [u64; 3]) -> SliView {
    SliView {
        sli: name.to_owned(),
        threshold,
        good: counts[0],
        bad: counts[1],
        excluded: counts[2],
    }
}

fn slo(id: &str, counts: SliView, target: &str, within: (u64, u64), would: WouldPage) -> SloView {
    let (good, bad) = (within.0 as f64, within.1 as f64);
    let allowed = 1.0 - target.parse::<f64>().unwrap() / 100.0;
    let is_seen = good + bad > 0.0;
    SloView {
        id: id.to_owned(),
        counts,
        target: target.to_owned(),
        window: "30d".to_owned(),
        within,
        good_share: is_seen.then(|| good / (good + bad)),
        budget_left: is_seen.then(|| 1.0 - bad / (good + bad) / allowed),
        burn_rate: is_seen.then(|| bad / (good + bad) / allowed),
        would_page: would,
    }
}

const PAGE: ConditionView = ConditionView {
    severity: Severity::Page,
    minutes: 60,
};
const TICKET: ConditionView = ConditionView {
    severity: Severity::Ticket,
    minutes: 3 * 1440,
};

const fn after(events: u64) -> WouldPage {
    let condition = PAGE;
    WouldPage::After { events, condition }
}

fn step(name: &str, route: &str, slis: Vec<SliView>, results: &[(&str, u64)]) -> StepView {
    StepView {
        name: name.to_owned(),
        route: (!route.is_empty()).then(|| route.to_owned()),
        runbook: None,
        slos: Vec::new(),
        never_called: results.is_empty(),
        slis,
        results: results
            .iter()
            .map(|(result, events)| ((*result).to_owned(), *events))
            .collect(),
        in_flight: 0,
        durations: None,
        last_success: None,
        interval: None,
    }
}

/// Forty intervals of ten seconds, which begin with silence.
fn timeline(rate: u64, bad: impl Fn(u64) -> u64) -> Vec<Interval> {
    let interval = |n: u64| {
        let is_quiet = n < 6;
        let good = if is_quiet {
            0
        } else {
            rate + rate * ((n * 7) % 5) / 9
        };
        Interval {
            start: AT - 400_000 + n * 10_000,
            good,
            bad: if is_quiet { 0 } else { bad(n) },
            excluded: good / 25,
        }
    };
    (0..40).map(interval).collect()
}

fn journey(name: &str, title: &str, steps: Vec<StepView>, timeline: Vec<Interval>) -> JourneyView {
    JourneyView {
        name: name.to_owned(),
        title: (!title.is_empty()).then(|| title.to_owned()),
        owner: None,
        runbook: None,
        slos: Vec::new(),
        steps,
        consumers: Vec::new(),
        more_consumers: 0,
        timeline,
    }
}

fn process(instance: &str, started: u64, ended: bool) -> ProcessView {
    ProcessView {
        instance: instance.to_owned(),
        started: Some(started),
        seen: if ended { AT - 150_000 } else { AT - 1000 },
        ended,
        restarts: 0,
    }
}

fn orders() -> ServiceView {
    let whole = sli("availability", None, [48_112, 61, 1_904]);
    let fast = sli("latency", Some(0.3), [47_310, 802, 1_965]);
    let mut checkout = journey(
        "checkout",
        "Pay for what is in the cart",
        vec![
            StepView {
                in_flight: 3,
                slos: vec![slo(
                    "orders/checkout/pay.availability",
                    sli("availability", None, [7_934, 58, 211]),
                    "99.5",
                    (7_934, 58),
                    WouldPage::Yes { condition: PAGE },
                )],
                durations: Some(HistogramView {
                    bounds: vec![0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5],
                    counts: vec![2_204, 3_310, 1_530, 604, 208, 71, 7, 0],
                    sum: 1_022.4,
                }),
                ..step(
                    "pay",
                    "POST /carts/{id}/payment",
                    vec![
                        sli("availability", None, [7_934, 58, 211]),
                        sli("latency", Some(0.3), [7_648, 286, 269]),
                    ],
                    &[
                        ("ok", 7_934),
                        ("client_error", 211),
                        ("server_error", 51),
                        ("timeout", 7),
                    ],
                )
            },
            step(
                "add-item",
                "POST /carts/{id}/items",
                vec![sli("availability", None, [40_178, 3, 1_693])],
                &[("ok", 40_178), ("client_error", 1_693), ("server_error", 3)],
            ),
            step(
                "apply-voucher",
                "POST /carts/{id}/voucher",
                vec![sli("availability", None, [0, 0, 0])],
                &[],
            ),
        ],
        timeline(280, |n| {
            if n > 33 {
                8 + n % 4
            } else {
                u64::from(n == 12)
            }
        }),
    );
    checkout.owner = Some("team-orders".to_owned());
    checkout.runbook = Some("https://runbooks.example/checkout".to_owned());
    checkout.consumers = [
        ("mobile-app", "availability", 12_003, 49),
        ("web", "availability", 36_100, 12),
        ("other", "latency", 240, 0),
    ]
    .map(|(name, sli, good, bad)| ConsumerView {
        name: name.to_owned(),
        sli: sli.to_owned(),
        good,
        bad,
    })
    .into();
    checkout.more_consumers = 2;
    checkout.slos = vec![
        slo(
            "orders/checkout.availability",
            whole,
            "99.9",
            (48_112, 61),
            WouldPage::Yes { condition: TICKET },
        ),
        slo(
            "orders/checkout.latency",
            fast,
            "95",
            (47_310, 802),
            after(411),
        ),
    ];
    let mut browse = journey(
        "browse",
        "Look for something to buy",
        vec![
            StepView {
                in_flight: 12,
                ..step(
                    "search",
                    "GET /search",
                    vec![sli("availability", None, [193_004, 12, 0])],
                    &[("ok", 193_004), ("server_error", 12)],
                )
            },
            step(
                "suggest",
                "GET /suggest",
                vec![sli("availability", None, [0, 0, 6_120])],
                &[("outside_layer", 6_120)],
            ),
        ],
        timeline(1_900, |n| u64::from(n % 9 == 0)),
    );
    browse.slos = vec![slo(
        "orders/browse.availability",
        sli("availability", None, [193_004, 12, 6_120]),
        "99",
        (193_004, 12),
        after(27_300),
    )];
    let mut account = journey(
        "account",
        "",
        vec![step(
            "sign-in",
            "POST /session",
            vec![sli("availability", None, [0, 0, 0])],
            &[],
        )],
        timeline(0, |_| 0),
    );
    account.slos = vec![slo(
        "orders/account.availability",
        sli("availability", None, [0, 0, 0]),
        "90",
        (0, 0),
        WouldPage::Never {
            why: Never::OutOfReach {
                burn_rate: 14.4,
                bad_share: 1.44,
            },
        },
    )];
    ServiceView {
        name: "orders".to_owned(),
        version: Some("0.4.2".to_owned()),
        processes: vec![
            process("orders-7f9c", AT - 340_000, true),
            process("orders-b210", AT - 149_000, false),
        ],
        journeys: vec![account, browse, checkout],
        unannotated: vec![
            UnannotatedView {
                route: "GET /carts/{id}".to_owned(),
                good: 12_033,
                bad: 4,
                excluded: 120,
                annotation: "#[slo(journey = \"carts\", name = \"show-cart\")]".to_owned(),
            },
            UnannotatedView {
                route: "DELETE /carts/{id}/items/{item}".to_owned(),
                good: 310,
                bad: 0,
                excluded: 2,
                annotation: "#[slo(journey = \"carts\", name = \"remove-item\")]".to_owned(),
            },
            UnannotatedView {
                route: "_unmatched".to_owned(),
                good: 0,
                bad: 0,
                excluded: 41,
                annotation: String::new(),
            },
        ],
        overflow: 0,
        lost: 14,
    }
}

fn payments() -> ServiceView {
    let runs = sli("availability", None, [12, 0, 0]);
    let mut settle = journey(
        "settlement",
        "Merchants get their money",
        vec![StepView {
            last_success: Some(48.0),
            interval: Some(60.0),
            ..step("settle", "", vec![runs.clone()], &[("ok", 12)])
        }],
        timeline(0, |_| 0)
            .into_iter()
            .enumerate()
            .map(|(n, interval)| Interval {
                good: u64::from(n % 6 == 3),
                ..interval
            })
            .collect(),
    );
    settle.slos = vec![slo(
        "payments/settlement.availability",
        runs,
        "99",
        (12, 0),
        after(1),
    )];
    ServiceView {
        name: "payments".to_owned(),
        version: None,
        processes: vec![ProcessView {
            started: None,
            ..process("payments-1", AT, false)
        }],
        journeys: vec![settle],
        unannotated: Vec::new(),
        overflow: 0,
        lost: 0,
    }
}

fn refused() -> Vec<Refused> {
    vec![
        Refused {
            count: 34,
            last: AT - 900,
            what: "POST /v1/metrics/v1/metrics".to_owned(),
            why: Refusal::PathTwice,
            mend: Some("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318".to_owned()),
        },
        Refused {
            count: 1,
            last: AT - 61_000,
            what: "POST /v1/logs".to_owned(),
            why: Refusal::ContentType {
                found: "text/plain".to_owned(),
            },
            mend: Some("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=http/protobuf".to_owned()),
        },
    ]
}

fn events() -> Vec<EventView> {
    let event = |n: u64, journey: &str, endpoint: &str, route: &str, result: &str| EventView {
        number: 40 - n,
        at: AT - 1_300 - n * 4_100,
        service: "orders".to_owned(),
        journey: journey.to_owned(),
        endpoint: endpoint.to_owned(),
        result: result.to_owned(),
        reason: None,
        judged: vec![("availability".to_owned(), "bad".to_owned())],
        duration: Some(0.041_2 + 0.01 * n as f64),
        threshold: Some(0.3),
        route: Some(route.to_owned()),
        status: Some("503".to_owned()),
        consumer: None,
        trace: Some(format!("4bf92f3577b34da6a3ce929d0e0e47{n:02x}")),
        span: Some("00f067aa0ba902b7".to_owned()),
        suppressed: 0,
    };
    let pay = |n| {
        event(
            n,
            "checkout",
            "pay",
            "POST /carts/{id}/payment",
            "server_error",
        )
    };
    vec![
        EventView {
            reason: Some("bank-unreachable".to_owned()),
            suppressed: 37,
            consumer: Some("mobile-app".to_owned()),
            ..pay(0)
        },
        EventView {
            duration: Some(1.284),
            status: Some("200".to_owned()),
            result: "ok".to_owned(),
            judged: vec![
                ("availability".to_owned(), "good".to_owned()),
                ("latency".to_owned(), "bad".to_owned()),
            ],
            ..pay(1)
        },
        EventView {
            reason: Some("bank-unreachable".to_owned()),
            trace: None,
            ..pay(2)
        },
        event(3, "browse", "search", "GET /search", "panicked"),
        EventView {
            status: Some("409".to_owned()),
            judged: vec![("availability".to_owned(), "excluded".to_owned())],
            result: "excluded".to_owned(),
            reason: Some("cart-already-paid".to_owned()),
            ..pay(4)
        },
    ]
}
