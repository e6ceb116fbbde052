//! In what two dashboards differ.
//!
//! Grafana fills in what a dashboard leaves out, and counts its versions: only what we write is
//! compared. Where panels stand, and which rows are folded, is for who looks at them.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What Grafana or who looks at a dashboard changes in it, at whatever depth.
const NOT_COMPARED: &[&str] = &[
    "id",
    "version",
    "schemaVersion",
    "pluginVersion",
    "gridPos",
    "collapsed",
    "panels",
    "current",
];

/// More differences of a dashboard are only counted.
const MAX_TOLD: usize = 20;

/// Longest text that is shown, in characters.
const MAX_SHOWN: usize = 60;

/// Deeper values than these are only compared as a whole.
const MAX_DEPTH: usize = 20;

/// A panel by the row it is in, its type and its title, and which one of these it is.
type Key = (String, String, String, usize);

/// Returns what differs, panel by panel.
pub(super) fn differences(found: &Value, wanted: &Value) -> Vec<String> {
    let mut told = Vec::new();
    let mut paths = Vec::new();
    walk(found, wanted, "", 0, &mut paths);
    if !paths.is_empty() {
        told.push(format!("different {}", paths.join(", ")));
    }
    let (mut found, wanted) = (panels(found), panels(wanted));
    for (key, panel) in wanted {
        match found.remove(&key) {
            None => told.push(format!("missing panel {}", name(&key))),
            Some(other) => {
                let mut paths = Vec::new();
                walk(other, panel, "", 0, &mut paths);
                if !paths.is_empty() {
                    told.push(format!(
                        "different panel {} in {}",
                        name(&key),
                        paths.join(", ")
                    ));
                }
            }
        }
    }
    told.extend(
        found
            .keys()
            .map(|key| format!("left over panel {}", name(key))),
    );
    if told.len() > MAX_TOLD {
        let rest = told.len() - MAX_TOLD;
        told.truncate(MAX_TOLD);
        told.push(format!("and {rest} more"));
    }
    told
}

/// All panels, also those in rows that are folded.
fn panels(dashboard: &Value) -> BTreeMap<Key, &Value> {
    let mut all = BTreeMap::new();
    let mut counts: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    let mut row = String::new();
    let text = |panel: &Value, key: &str| panel[key].as_str().unwrap_or_default().to_owned();
    for panel in list(&dashboard["panels"]) {
        let is_row = panel["type"] == "row";
        if is_row {
            row = text(panel, "title");
        }
        let within = list(&panel["panels"]).filter(|_| is_row);
        for panel in std::iter::once(panel).chain(within) {
            let key = (row.clone(), text(panel, "type"), text(panel, "title"));
            let count = counts.entry(key.clone()).or_default();
            all.insert((key.0, key.1, key.2, *count), panel);
            *count += 1;
        }
    }
    all
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn name((row, kind, title, count): &Key) -> String {
    let title = if title.is_empty() { kind } else { title };
    let number = match count {
        0 => String::new(),
        count => format!(" ({})", count + 1),
    };
    match row.is_empty() || row == title {
        true => format!("\"{title}\"{number}"),
        false => format!("\"{title}\"{number} of \"{row}\""),
    }
}

/// Notes where what is wanted is not there.
fn walk(found: &Value, wanted: &Value, path: &str, depth: usize, paths: &mut Vec<String>) {
    let within = |key: &str| match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    };
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) if depth < MAX_DEPTH => {
            for (key, wanted) in compared(wanted) {
                let found = found.get(key).unwrap_or(&Value::Null);
                walk(found, wanted, &within(key), depth + 1, paths);
            }
        }
        (Value::Array(found), Value::Array(wanted))
            if found.len() == wanted.len() && depth < MAX_DEPTH =>
        {
            for (n, (found, wanted)) in found.iter().zip(wanted).enumerate() {
                walk(found, wanted, &within(&n.to_string()), depth + 1, paths);
            }
        }
        (Value::Number(found), Value::Number(wanted)) if found.as_f64() == wanted.as_f64() => {}
        (Value::Null, wanted) if is_empty(wanted) => {}
        (found, wanted) if found != wanted => {
            paths.push(format!("{path} {} → {}", shown(found), shown(wanted)));
        }
        _ => {}
    }
}

fn compared(object: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    let mut all = object.iter();
    std::iter::from_fn(move || all.find(|(key, _)| !NOT_COMPARED.contains(&&***key)))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => return "none".to_owned(),
        Value::Array(items) => return format!("a list of {}", items.len()),
        Value::Object(_) => return "an object".to_owned(),
        Value::String(text) => format!("`{text}`"),
        other => other.to_string(),
    };
    match text.char_indices().nth(MAX_SHOWN) {
        None => text,
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn dashboard(panels: &Value) -> Value {
        json!({"uid": "u", "title": "t", "refresh": "1m", "version": 1, "panels": panels})
    }

    fn panel(title: &str, expr: &str) -> Value {
        json!({"id": 1, "type": "stat", "title": title, "gridPos": {"y": 1}, "targets": [{"expr": expr}]})
    }

    #[test]
    fn what_grafana_adds_makes_no_difference() {
        let row = |panels: Value| json!({"type": "row", "title": "r", "collapsed": false, "panels": panels});
        let wanted = dashboard(&json!([panel("a", "1"), row(json!([])), panel("b", "2")]));
        let mut folded = dashboard(&json!([panel("a", "1"), row(json!([panel("b", "2")]))]));
        folded["id"] = 7.into();
        folded["version"] = 9.into();
        folded["panels"][0]["pluginVersion"] = "12".into();
        folded["panels"][1]["collapsed"] = true.into();
        folded["panels"][0]["gridPos"]["y"] = 90.into();
        assert_eq!(differences(&folded, &wanted), [""; 0]);
    }

    #[test]
    fn differences_are_told_by_panel() {
        let wanted = dashboard(&json!([panel("a", "1"), panel("b", "2"), panel("c", "3")]));
        let mut found = dashboard(&json!([panel("a", "1"), panel("b", "9"), panel("b", "2")]));
        found["refresh"] = "5m".into();
        assert_eq!(
            differences(&found, &wanted),
            [
                "different refresh `5m` → `1m`",
                "different panel \"b\" in targets.0.expr `9` → `2`",
                "missing panel \"c\"",
                "left over panel \"b\" (2)"
            ]
        );
        assert_eq!(differences(&json!([]), &wanted).len(), 4);
    }

    #[test]
    fn many_differences_are_counted() {
        let many: Vec<_> = (0..50).map(|n| panel(&n.to_string(), "1")).collect();
        let told = differences(&dashboard(&json!([])), &dashboard(&many.into()));
        assert_eq!((told.len(), &*told[20]), (21, "and 30 more"));
    }
}
