//! Histories that rules judge promises by: any number of days, until any moment.

use super::{Fault, Question, Random, seeds, store};
use cargo_slo::input::{
    history::{Asked, fetch_until, text},
    http::{Address, Headers},
    prometheus::Prometheus,
};
use serde_json::{Value, json};

/// Events of a day, the same for the same moment.
fn events(moment: f64, outcome: &str) -> String {
    let each = if outcome == "bad" { 7.0 } else { 1000.0 };
    let count = each + (moment / 86_400.0).rem_euclid(5.0).floor();
    format!("{count}")
}

/// What a store has of one service.
fn honest(question: &Question, kept_days: usize) -> Vec<Value> {
    let labels = |more: Value| {
        let mut labels = json!({"job": "shop/orders", "slo_journey": "checkout"});
        labels
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        labels
    };
    if question.query.contains("by (__name__)") {
        let name = match () {
            () if question.query.contains("events") => "slo_events_total",
            () if question.query.contains("results") => "slo_results_total",
            () => return Vec::new(),
        };
        return vec![json!({"metric": {"__name__": name}, "value": [question.time, "4"]})];
    }
    if question.path.ends_with("query_range") {
        let mut all = Vec::new();
        for (endpoint, outcome) in [
            ("cart", "good"),
            ("cart", "bad"),
            ("pay", "good"),
            ("pay", "bad"),
        ] {
            let mut values = Vec::new();
            let mut moment = question.start;
            while moment <= question.end {
                values.push(json!([moment, events(moment, outcome)]));
                moment += question.step;
            }
            values.drain(..values.len().saturating_sub(kept_days));
            let metric = labels(json!({
                "slo_endpoint": endpoint, "slo_sli": "availability", "slo_outcome": outcome,
            }));
            all.push(json!({"metric": metric, "values": values}));
        }
        return all;
    }
    let result = |result: &str, count: &str| {
        let metric = labels(json!({"slo_endpoint": "cart", "slo_result": result}));
        json!({"metric": metric, "value": [question.time, count]})
    };
    vec![result("ok", "4321"), result("server_error", "17")]
}

/// The history as it is written, or why there is none.
fn told(
    seed: u64,
    kept_days: usize,
    now: u64,
    days: u16,
    fault: Option<(Fault, &'static str)>,
) -> Result<String, String> {
    let store = store(
        move |question| honest(question, kept_days),
        fault,
        Random(seed),
    );
    let prometheus = Prometheus::at(Address::parse(&store.url()).unwrap(), Headers::default());
    let asked = Asked {
        services: ["orders"].into(),
        days,
        matchers: "",
    };
    let fetched = fetch_until(now, &prometheus, &asked);
    match (fetched, prometheus.partial()) {
        (_, Some(partial)) => Err(partial.message),
        (Ok(fetched), None) => Ok(text(&fetched.history)),
        (Err(error), None) => Err(error.to_string()),
    }
}

#[test]
fn a_history_is_the_honest_one_or_none() {
    let mut refused = [0; Fault::ALL.len()];
    for seed in seeds(4) {
        let mut random = Random(seed);
        let now = 1_700_000_000 + random.next() % 100_000_000;
        let days = u16::try_from(1 + random.below(400)).unwrap();
        let kept_days = 1 + random.below(400);
        let right = told(seed, kept_days, now, days, None).unwrap();
        for (place, fault) in Fault::ALL.into_iter().enumerate() {
            for word in ["increase", "slo_results", "by (__name__)"] {
                let case = format!("seed {seed}: {fault:?} in {word}, {days} days until {now}");
                match told(seed, kept_days, now, days, Some((fault, word))) {
                    Ok(found) if word == "by (__name__)" || fault == Fault::OnlyOtherTenant => {
                        // A name that is not told is an instrument that nobody has.
                        assert!(is_part(&found, &right), "{case}: {found}");
                    }
                    Ok(found) if fault == Fault::DroppedSeries && word == "slo_results" => {
                        assert!(is_part(&found, &right), "{case}: {found}");
                    }
                    Ok(found) => assert_eq!(found, right, "{case}"),
                    Err(why) => {
                        assert!(why.len() > 20, "{case}: {why}");
                        refused[place] += 1;
                    }
                }
            }
        }
    }
    // Each of them was met, but for the one that harms nobody.
    for (fault, refused) in Fault::ALL.iter().zip(refused) {
        assert_eq!(
            refused > 0,
            *fault != Fault::OtherTenant,
            "{fault:?}: {refused}"
        );
    }
}

/// Nothing stands in a history that does not stand in the other one.
fn is_part(found: &str, right: &str) -> bool {
    let [found, right]: [Value; 2] = [found, right].map(|text| serde_json::from_str(text).unwrap());
    let list = |history: &Value, kind: &str| {
        history["services"]["orders"][kind]
            .as_array()
            .cloned()
            .unwrap_or_default()
    };
    ["events", "results"].into_iter().all(|kind| {
        let right = list(&right, kind);
        list(&found, kind).iter().all(|item| right.contains(item))
    })
}
