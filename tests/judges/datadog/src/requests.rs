//! Reads what `cargo slo generate datadog` wrote with the types of Datadog's own client: every
//! value is one that Datadog knows, and nothing gets lost on the way through its types, as a
//! field that it does not know would.

use datadog_api_client::datadogV1::model::{
    Monitor, MonitorType, SLOThreshold, SLOTimeframe, SLOType, ServiceLevelObjectiveRequest,
};
use serde_json::Value;
use std::fs;

/// Judges these files.
pub(crate) fn run(paths: &[String]) -> Result<(), String> {
    let mut failed = paths.is_empty();
    for path in paths {
        match judge(path) {
            Ok(count) => eprintln!("  {path}: {count} SLOs and monitors"),
            Err(why) => {
                eprintln!("{path}: {why}");
                failed = true;
            }
        }
    }
    match failed {
        true => Err("not all files are what Datadog's client knows".to_owned()),
        false => Ok(()),
    }
}

fn judge(path: &str) -> Result<usize, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let file: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let objectives = file["objectives"].as_array().ok_or("no objectives")?;
    let mut read = 0;
    for objective in objectives {
        slo(&objective["slo"])?;
        let monitors = objective["monitors"].as_array().ok_or("no monitors")?;
        for body in monitors {
            monitor(body)?;
        }
        read += 1 + monitors.len();
    }
    Ok(read)
}

fn slo(body: &Value) -> Result<(), String> {
    let slo: ServiceLevelObjectiveRequest =
        serde_json::from_value(body.clone()).map_err(|error| error.to_string())?;
    if slo.type_ != SLOType::METRIC {
        return Err(format!("{}: type {:?}", slo.name, slo.type_));
    }
    slo.query.as_ref().ok_or("an SLO without a query")?;
    for threshold in &slo.thresholds {
        let SLOThreshold {
            target, timeframe, ..
        } = threshold;
        let known_timeframe = matches!(
            timeframe,
            SLOTimeframe::SEVEN_DAYS | SLOTimeframe::THIRTY_DAYS | SLOTimeframe::NINETY_DAYS
        );
        if !known_timeframe || !(0.0..100.0).contains(target) {
            return Err(format!("{}: {threshold:?}", slo.name));
        }
    }
    same(&slo, body)
}

fn monitor(body: &Value) -> Result<(), String> {
    let monitor: Monitor =
        serde_json::from_value(body.clone()).map_err(|error| error.to_string())?;
    if monitor.type_ != MonitorType::SLO_ALERT {
        return Err(format!("{:?}: type {:?}", monitor.name, monitor.type_));
    }
    let options = monitor
        .options
        .as_ref()
        .ok_or("a monitor without options")?;
    let thresholds = options.thresholds.as_ref().ok_or("no thresholds")?;
    // Datadog refuses a query that does not end with the threshold.
    let critical = thresholds.critical.ok_or("no critical threshold")?;
    let in_query = monitor.query.rsplit(" > ").next().map(str::parse);
    if in_query != Some(Ok(critical)) {
        return Err(format!("{}: critical {critical}", monitor.query));
    }
    same(&monitor, body)
}

/// What Datadog's type writes is what it read: nothing was lost or taken for something else.
pub(crate) fn same(read: &impl serde::Serialize, body: &Value) -> Result<(), String> {
    let written = serde_json::to_value(read).map_err(|error| error.to_string())?;
    match as_doubles(written.clone()) == as_doubles(body.clone()) {
        true => Ok(()),
        false => Err(format!("read {body:#}, but it is {written:#}")),
    }
}

/// Datadog's numbers are doubles: 99 and 99.0 are the same.
fn as_doubles(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.as_f64()),
        Value::Array(items) => items.into_iter().map(as_doubles).collect(),
        Value::Object(entries) => entries
            .into_iter()
            .map(|(key, value)| (key, as_doubles(value)))
            .collect(),
        other => other,
    }
}
