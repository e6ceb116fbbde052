//! What a Datadog has, in the types of its own client.

use crate::requests::same;
use datadog_api_client::datadogV1::model::{
    Creator, Monitor, MonitorOptions, MonitorOverallStates, MonitorState, MonitorThresholds,
    MonitorType, MonitorUpdateRequest, SLOThreshold, SLOTimeframe, SLOType, ServiceLevelObjective,
    ServiceLevelObjectiveQuery, ServiceLevelObjectiveRequest,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// SLOs and monitors of others: more than two pages of each.
const OF_OTHERS: usize = 1100;

/// What stands in the queries of monitors whose SLO is yet to be created.
const PLACEHOLDER: &str = "SLO_ID";

/// SLOs and monitors.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stock {
    pub(crate) slos: Vec<ServiceLevelObjective>,
    pub(crate) monitors: Vec<Monitor>,
    /// How many objects were ever created.
    created: u32,
}

impl Stock {
    /// What others have.
    pub(crate) fn of_others() -> Result<Stock, String> {
        let mut stock = Stock::default();
        for number in 0..OF_OTHERS {
            let slo = slo_of_others(number)?;
            stock.add_slo(slo);
            let monitor = monitor_of_others(number);
            stock.add_monitor(monitor)?;
        }
        Ok(stock)
    }

    /// Does what the requests of a file of `generate datadog` ask for. What others have comes before
    /// it, between and after.
    pub(crate) fn with(objectives: &[Value]) -> Result<Stock, String> {
        let mut stock = Stock::of_others()?;
        for objective in objectives {
            let id = stock.post_slo(&objective["slo"])?;
            for monitor in objective["monitors"].as_array().into_iter().flatten() {
                stock.post_monitor(monitor, &id)?;
            }
        }
        let places = [0, 499, 500, 700];
        for (place, number) in places.iter().zip(OF_OTHERS..) {
            let (ours, theirs) = (stock.slos.pop(), stock.monitors.pop());
            stock.slos.splice(place..place, ours);
            stock.monitors.splice(place..place, theirs);
            stock.add_slo(slo_of_others(number)?);
        }
        Ok(stock)
    }

    pub(crate) fn slo(&mut self, name: &str) -> &mut ServiceLevelObjective {
        let mut slos = self.slos.iter_mut();
        let found = slos.find(|slo| slo.name == name);
        found.unwrap_or_else(|| panic!("there is no {name}"))
    }

    pub(crate) fn monitor(&mut self, name: &str) -> &mut Monitor {
        let mut monitors = self.monitors.iter_mut();
        let found = monitors.find(|monitor| monitor.name.as_deref() == Some(name));
        found.unwrap_or_else(|| panic!("there is no {name}"))
    }

    fn add_slo(&mut self, mut slo: ServiceLevelObjective) -> String {
        let id = format!("{:032x}", 0xfeed_0000 + self.created);
        self.created += 1;
        slo.id = Some(id.clone());
        self.slos.push(slo);
        id
    }

    fn add_monitor(&mut self, mut monitor: Monitor) -> Result<(), String> {
        monitor.id = Some(1000 + i64::from(self.created));
        self.created += 1;
        // Of the time there is no constructor without another crate.
        let mut written = written(&monitor)?;
        written["created"] = json!("2023-11-14T22:13:20.123456+00:00");
        written["modified"] = json!("2023-11-15T22:13:20+00:00");
        written["deleted"] = Value::Null;
        self.monitors.push(read(&written)?);
        Ok(())
    }

    fn post_slo(&mut self, body: &Value) -> Result<String, String> {
        let asked: ServiceLevelObjectiveRequest = read_all(body)?;
        let mut slo = ServiceLevelObjective::new(asked.name, asked.thresholds, asked.type_);
        slo.description = asked.description;
        slo.query = asked.query;
        slo.tags = asked.tags;
        Ok(self.add_slo(kept(slo)))
    }

    fn post_monitor(&mut self, body: &Value, slo: &str) -> Result<(), String> {
        let mut monitor: Monitor = read_all(body)?;
        monitor.query = monitor.query.replace(PLACEHOLDER, slo);
        let options = monitor.options.take().unwrap_or_default();
        monitor.options = Some(filled(options));
        self.add_monitor(told(monitor))
    }

    /// Does what a request asks for.
    pub(crate) fn apply(&mut self, request: &Value, last_slo: &mut String) -> Result<(), String> {
        let text = |key: &str| request[key].as_str().ok_or(format!("no {key}: {request}"));
        let (method, url, body) = (text("method")?, text("url")?, &request["body"]);
        let (_, path) = url.split_once("/api/v1/").ok_or(format!("{url}?"))?;
        let (kind, id) = path.split_once('/').unwrap_or((path, ""));
        let of_monitor =
            |monitor: &Monitor| monitor.id.map(|id| id.to_string()).as_deref() == Some(id);
        let of_slo = |slo: &ServiceLevelObjective| slo.id.as_deref() == Some(id);
        match (method, kind, id) {
            ("POST", "slo", "") => *last_slo = self.post_slo(body)?,
            ("POST", "monitor", "") => self.post_monitor(body, last_slo)?,
            ("PUT", "slo", _) => {
                let mut asked: ServiceLevelObjective = read_all(body)?;
                let slo = self.slos.iter_mut().find(|slo| of_slo(slo));
                let slo = slo.ok_or(format!("no SLO {id}"))?;
                asked.id = slo.id.take();
                *slo = kept(asked);
            }
            ("PUT", "monitor", _) => {
                let asked: MonitorUpdateRequest = read_all(body)?;
                let monitor = self.monitors.iter_mut().find(|monitor| of_monitor(monitor));
                let monitor = monitor.ok_or(format!("no monitor {id}"))?;
                monitor.query = asked.query.unwrap_or(monitor.query.clone());
                monitor.name = asked.name.or(monitor.name.take());
                monitor.message = asked.message.or(monitor.message.take());
                monitor.tags = asked.tags.or(monitor.tags.take());
                monitor.options = asked.options.or(monitor.options.take());
            }
            ("DELETE", "slo", _) => self.slos.retain(|slo| !of_slo(slo)),
            ("DELETE", "monitor", _) => self.monitors.retain(|monitor| !of_monitor(monitor)),
            other => return Err(format!("{other:?}?")),
        }
        Ok(())
    }
}

/// An SLO with what Datadog adds to what it is given.
fn kept(mut slo: ServiceLevelObjective) -> ServiceLevelObjective {
    let thresholds = slo.thresholds.iter_mut();
    for threshold in thresholds {
        threshold.target_display = Some(format!("{}", threshold.target));
    }
    if let Some(first) = slo.thresholds.first() {
        slo.target_threshold = Some(first.target);
        slo.timeframe = Some(first.timeframe.clone());
    }
    slo.created_at(1_700_000_000)
        .modified_at(1_700_000_001)
        .creator(somebody())
        .monitor_tags(Vec::new())
}

/// A monitor with what Datadog adds to what it is given.
fn told(monitor: Monitor) -> Monitor {
    monitor
        .creator(somebody())
        .multi(false)
        .overall_state(MonitorOverallStates::OK)
        .priority(None)
        .restricted_roles(None)
        .state(MonitorState::new())
}

fn filled(options: MonitorOptions) -> MonitorOptions {
    options
        .include_tags(true)
        .evaluation_delay(None)
        .new_group_delay(None)
        .new_host_delay(Some(300))
        .no_data_timeframe(None)
        .notify_audit(false)
        .notify_no_data(false)
        .renotify_interval(None)
        .silenced(BTreeMap::from([("*".to_owned(), None)]))
        .timeout_h(None)
}

fn somebody() -> Creator {
    let who = "somebody@example.com".to_owned();
    Creator::new().email(who.clone()).handle(who).name(None)
}

/// An SLO that is nothing of ours, of any kind there is; some are of services of ours.
fn slo_of_others(number: usize) -> Result<ServiceLevelObjective, String> {
    let threshold = SLOThreshold::new(99.0, SLOTimeframe::SEVEN_DAYS).warning(99.5);
    let new = |name: &str, kind| {
        let slo =
            ServiceLevelObjective::new(format!("{name} {number}"), vec![threshold.clone()], kind);
        slo.warning_threshold(99.5)
    };
    let tags = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    let slo = match number % 4 {
        0 => new("hosts", SLOType::MONITOR)
            .description(None)
            .monitor_ids(vec![1000])
            .groups(tags(&["host:a", "host:b"]))
            .tags(Vec::new()),
        1 => {
            let specification = json!({"time_slice": {
                "comparator": ">", "query_interval_seconds": 300, "threshold": 5.0,
                "query": {"formulas": [{"formula": "q"}], "queries": [{
                    "data_source": "metrics", "name": "q", "query": "avg:trace.servlet.request{*}"}]},
            }});
            new("slices", SLOType::TIME_SLICE)
                .sli_specification(read_all(&specification)?)
                .tags(tags(&["service:orders", "env:prod"]))
        }
        2 => new("orders/checkout.availability", SLOType::METRIC)
            .query(ServiceLevelObjectiveQuery::new(
                "sum:a{*}".into(),
                "sum:b{*}".into(),
            ))
            .tags(tags(&[
                "service:payments",
                "slo.journey:checkout",
                "slo.sli:availability",
                "managed_by:cargo-slo",
            ])),
        _ => new("by hand", SLOType::METRIC)
            .query(ServiceLevelObjectiveQuery::new(
                "sum:a{*}".into(),
                "sum:b{*}".into(),
            ))
            .description(Some(String::new()))
            .tags(tags(&["service:orders", "slo.journey:refund"])),
    };
    Ok(kept(slo))
}

/// A monitor that is nothing of ours, of several kinds.
fn monitor_of_others(number: usize) -> Monitor {
    let (kind, query) = match number % 3 {
        0 => (
            MonitorType::SERVICE_CHECK,
            "\"ntp.in_sync\".by(\"*\").last(2).count_by_status()",
        ),
        1 => (
            MonitorType::QUERY_ALERT,
            "avg(last_5m):avg:system.load.1{*} > 5",
        ),
        _ => (
            MonitorType::SLO_ALERT,
            "error_budget(\"0123456789abcdef0123456789abcdef\").over(\"7d\") > 75",
        ),
    };
    let thresholds = MonitorThresholds::new()
        .critical(5.0)
        .warning(None)
        .ok(None);
    let options = filled(MonitorOptions::new()).thresholds(thresholds);
    let monitor = Monitor::new(query.to_owned(), kind).options(options);
    match number % 2 {
        0 => told(
            monitor
                .name(format!("load {number}"))
                .tags(vec!["service:orders".to_owned()]),
        ),
        // Without a name, tags and a message.
        _ => told(monitor.name(String::new())),
    }
}

fn written(object: &impl Serialize) -> Result<Value, String> {
    serde_json::to_value(object).map_err(|error| error.to_string())
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    serde_json::from_value(value.clone()).map_err(|error| format!("{error}: {value}"))
}

/// Reads what the type knows in full.
fn read_all<T: DeserializeOwned + Serialize>(body: &Value) -> Result<T, String> {
    let object = read(body)?;
    same(&object, body)?;
    Ok(object)
}
