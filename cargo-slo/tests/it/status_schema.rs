//! The published schema of what `status --format json` writes, and what it writes.

use crate::{
    fixtures::repository,
    status::sandbox,
    status_store::{AT, NOW, PACES, SLOS, WINDOW, body, events, paces, serve, windows},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs, sync::Arc};

/// Follows a `$ref`.
fn resolved<'s>(schema: &'s Value, of: &'s Value) -> &'s Value {
    match of["$ref"].as_str() {
        Some(path) => schema.pointer(path.trim_start_matches('#')).unwrap(),
        None => of,
    }
}

/// Holds a value against its schema, and notes which keys there were.
pub(crate) fn hold(
    schema: &Value,
    of: &Value,
    value: &Value,
    at: &str,
    met: &mut BTreeSet<String>,
) {
    let of = resolved(schema, of);
    match (value, of["type"].as_str()) {
        (Value::Object(fields), Some("object")) => {
            assert_eq!(of["additionalProperties"], false, "{at}");
            for required in of["required"].as_array().into_iter().flatten() {
                assert!(
                    value.get(required.as_str().unwrap()).is_some(),
                    "{at}: {required}"
                );
            }
            for (key, value) in fields {
                let property = &of["properties"][key];
                assert!(
                    property["description"].is_string() || property["$ref"].is_string(),
                    "{at}.{key}"
                );
                met.insert(key.clone());
                hold(schema, property, value, &format!("{at}.{key}"), met);
            }
        }
        (Value::Array(items), Some("array")) => {
            for item in items {
                hold(schema, &of["items"], item, &format!("{at}[]"), met);
            }
        }
        (Value::String(text), Some("string")) => {
            let known = of["enum"].as_array();
            assert!(
                known.is_none_or(|known| known.contains(&json!(text))),
                "{at}: {text}"
            );
        }
        (Value::Number(number), Some("integer")) => assert!(!number.is_f64(), "{at}: {number}"),
        (Value::Number(_), Some("number")) => {}
        (Value::Null, None) => assert!(
            of["type"].as_array().unwrap().contains(&json!("null")),
            "{at}"
        ),
        (Value::Number(_), None) => {
            assert!(
                of["type"].as_array().unwrap().contains(&json!("number")),
                "{at}"
            );
        }
        (value, kind) => panic!("{at}: {value} is not of type {kind:?}"),
    }
}

#[test]
fn reports_are_as_their_schema_says() {
    let text = fs::read_to_string(repository("docs/schema/status.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    let mut met = BTreeSet::new();
    let sandbox = sandbox();
    let calendar = "[[correction]]\nfrom = 2026-11-28T18:00:00Z\nto = 2026-11-28T20:00:00Z\nreason = \"r\"\n\
                    by = \"b\"\nlink = \"l\"\n[[budget-policy]]\nleft = \"10%\"\nthen = \"freeze\"\n";
    sandbox.write("slo.toml", calendar);
    let alert = json!({
        "metric": {"slo": SLOS[0], "job": "orders", "severity": "page", "alertname": "SloErrorBudgetBurn"},
        "value": [NOW, "1"],
    });
    let in_flight = json!({
        "metric": {"slo_endpoint": "place-order", "job": "orders"}, "value": [NOW, "4"],
    });
    let hour = json!({
        "metric": {"slo": SLOS[2], "slo_outcome": "good", "job": "orders"}, "values": [[NOW - 90_000, "7"]],
    });
    let mut earlier = Vec::new();
    for ago in ["1", "2"] {
        for mut series in events(SLOS[1], "100000", "0") {
            series["metric"]["ago"] = json!(ago);
            earlier.push(series);
        }
    }
    let spent = || {
        [
            events(SLOS[0], "40962", "58"),
            events(SLOS[1], "100000", "0"),
        ]
        .concat()
    };
    for window in [spent(), windows("1000", "NaN")] {
        let answers = [
            (WINDOW, window),
            (PACES, paces("1h", &SLOS, "980", "20")),
            ("query=ALERTS", vec![alert.clone()]),
            ("slo[._]in_flight", vec![in_flight.clone()]),
            ("query=label_replace(slo:events:sum_window", earlier.clone()),
            ("query=slo:events:count1h{", vec![hour.clone()]),
        ];
        let (url, _) = serve(move |asked| {
            let found = answers.iter().find(|(word, _)| asked.contains(word));
            let series = found.map_or(&[][..], |(_, series)| series);
            Some(Arc::from(body(series).to_string()))
        });
        let run = sandbox.slo(&format!(
            "status --prometheus {url} --at {AT} --bin orders --format json"
        ));
        let report: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{run:?}"));
        hold(&schema, &schema, &report, "report", &mut met);
    }
    for key in [
        "why",
        "budget",
        "corrected",
        "paces",
        "policy",
        "firing",
        "unclean-ends",
        "over-achieved",
        "last-counted",
    ] {
        assert!(met.contains(key), "{key}");
    }
}
