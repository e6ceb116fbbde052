//! Differences that are planted, and what has to be said of each.

use crate::stock::Stock;
use datadog_api_client::datadogV1::model::{MonitorThresholds, SLOTimeframe};

pub(crate) struct Planted {
    pub(crate) name: &'static str,
    pub(crate) plant: fn(&mut Stock),
    /// The lines that say what differs, without what is to be done.
    pub(crate) told: &'static [&'static str],
}

const SLO: &str = "orders/checkout.availability";
const LATENCY: &str = "orders/checkout.latency";
const PAGE: &str = "orders/checkout.availability: error budget burns (page, 1h)";
const TICKET: &str = "orders/checkout.latency: error budget burns (ticket, 24h)";

pub(crate) const PLANTED: &[Planted] = &[
    Planted {
        name: "nothing",
        plant: |_| {},
        told: &[],
    },
    Planted {
        name: "what others may change",
        plant: |stock| {
            let tags = stock.slo(SLO).tags.get_or_insert_default();
            tags.push("env:prod".to_owned());
            let message = stock.monitor(PAGE).message.get_or_insert_default();
            *message += "\n@slack-orders @pagerduty";
            let slo = stock.slo(LATENCY);
            slo.thresholds[0].warning = Some(99.5);
            slo.warning_threshold = Some(99.5);
        },
        told: &[],
    },
    Planted {
        name: "a target",
        plant: |stock| stock.slo(SLO).thresholds[0].target = 99.0,
        told: &[
            "target of orders/checkout.availability 99% → 99.9%: in Datadog, budget 7 h 12 min → 43 min a month",
        ],
    },
    Planted {
        name: "a window",
        plant: |stock| stock.slo(LATENCY).thresholds[0].timeframe = SLOTimeframe::SEVEN_DAYS,
        told: &["window of orders/checkout.latency 7d → 30d: in Datadog"],
    },
    Planted {
        name: "a query",
        plant: |stock| {
            let query = stock.slo(SLO).query.as_mut();
            query.expect("it is over a metric").denominator = "sum:requests{*}".to_owned();
        },
        told: &[
            "Datadog SLO orders/checkout.availability: different query of valid events `sum:requests{*}` → `sum:slo.events{service:orders,slo.journey:checkout,slo.sli:availability}.as_count()`",
        ],
    },
    Planted {
        name: "a threshold of a monitor",
        plant: |stock| {
            let monitor = stock.monitor(PAGE);
            monitor.query = monitor.query.replace("14.4", "10");
            let options = monitor.options.get_or_insert_default();
            options.thresholds = Some(MonitorThresholds::new().critical(10.0).warning(None));
        },
        told: &[
            "Datadog monitors of orders/checkout.availability: different page 1h in threshold 10 → 14.4",
        ],
    },
    Planted {
        name: "a short window of a monitor",
        plant: |stock| {
            let monitor = stock.monitor(PAGE);
            monitor.query = monitor.query.replace("\"5m\"", "\"30m\"");
        },
        told: &[
            "Datadog monitors of orders/checkout.availability: different page 1h in short window 30m → 5m",
        ],
    },
    Planted {
        name: "a monitor that is gone",
        plant: |stock| {
            stock
                .monitors
                .retain(|monitor| monitor.name.as_deref() != Some(TICKET))
        },
        told: &["Datadog monitors of orders/checkout.latency: missing ticket 24h"],
    },
    Planted {
        name: "an SLO that is gone, with its monitors",
        plant: |stock| {
            let id = stock.slo(LATENCY).id.clone().unwrap_or_default();
            stock.slos.retain(|slo| slo.name != LATENCY);
            stock
                .monitors
                .retain(|monitor| !monitor.query.contains(&id));
        },
        told: &["Datadog SLO orders/checkout.latency: missing"],
    },
    Planted {
        name: "monitors whose SLO is gone",
        plant: |stock| stock.slos.retain(|slo| slo.name != LATENCY),
        told: &[
            "Datadog SLO orders/checkout.latency: missing",
            "Datadog monitors of orders/checkout.latency: error budget burns (ticket, 24h): left over, its SLO is gone",
            "Datadog monitors of orders/checkout.latency: error budget burns (page, 1h): left over, its SLO is gone",
            "Datadog monitors of orders/checkout.latency: error budget burns (page, 6h): left over, its SLO is gone",
        ],
    },
    Planted {
        name: "an SLO that is no more",
        plant: |stock| {
            let slo = stock.slo(SLO);
            let mut gone = slo.clone();
            gone.id = Some("ffffffffffffffffffffffffffffffff".to_owned());
            gone.name = "orders/pay.availability".to_owned();
            let tags = gone.tags.iter_mut().flatten();
            tags.for_each(|tag| *tag = tag.replace("slo.journey:checkout", "slo.journey:pay"));
            stock.slos.insert(600, gone);
        },
        told: &["Datadog SLO orders/pay.availability: left over"],
    },
    Planted {
        name: "two at once",
        plant: |stock| {
            stock.slo(SLO).name = "renamed by hand".to_owned();
            stock
                .slo(LATENCY)
                .tags
                .get_or_insert_default()
                .retain(|tag| tag != "team:team-orders");
        },
        told: &[
            "Datadog SLO orders/checkout.availability: different name `renamed by hand` → `orders/checkout.availability`",
            "Datadog SLO orders/checkout.latency: missing tag team:team-orders",
        ],
    },
];
