//! Services export, and rules count, at moments of their own: what belongs to an episode begins two
//! minutes before it, and of dependencies ends two minutes after it.

use crate::{
    scale::export,
    status::sandbox,
    status_store::{AT, NOW, SLOS, WINDOW, answer, serve, windows},
};
use serde_json::{Value, json};
use std::sync::Arc;

/// When the only minute with bad events ended.
const END: i64 = NOW - 7200;
const START: i64 = END - 60;

const DEPENDENCY: &str = "payments/journey-0.availability";

/// What a store has in the stretch that a question is about: `[240000ms]` at its `time`.
fn within(asked: &str, samples: &[(i64, u64)]) -> u64 {
    let number = |after: &str, end: &str| -> f64 {
        let (_, rest) = asked.split_once(after).unwrap_or_else(|| panic!("{asked}"));
        rest.split(end).next().unwrap().trim().parse().unwrap()
    };
    let (time, length) = (number("time=", "&"), number("[", "ms]") / 1000.0);
    let is_within = |moment: i64| {
        let age = time - moment as f64;
        (0.0..length).contains(&age)
    };
    let found = samples.iter().filter(|(moment, _)| is_within(*moment));
    found.map(|(_, bad)| bad).sum()
}

/// The first episode of an SLO that spent 20 in the minute that ends at `end`; minutes of a dependency,
/// and samples of the counter of bad events.
fn episode(end: i64, dependency: &[(i64, u64)], counter: &[(i64, u64)]) -> Value {
    let sandbox = sandbox();
    sandbox.write("payments.slo.json", export("payments"));
    sandbox.write(
        "slo.toml",
        "service = \"orders\"\n[[dependency]]\nservice = \"payments\"\njourney = \"journey-0\"\nkind = \"hard\"\n",
    );
    let minutes = vec![json!({
        "metric": {"slo": SLOS[0], "slo_outcome": "bad", "job": "orders"}, "values": [[end, "20"]],
    })];
    let values: Vec<_> = counter
        .iter()
        .map(|(moment, value)| json!([moment, value.to_string()]))
        .collect();
    let counters = vec![json!({
        "metric": {
            "job": "orders", "instance": "a", "slo_outcome": "bad", "slo_sli": "availability",
            "slo_journey": "checkout", "slo_endpoint": "place-order",
        },
        "values": values,
    })];
    let window = windows("40980", "20");
    let dependency = dependency.to_vec();
    let (url, _) = serve(move |asked| {
        if asked.contains("query=sum by (slo)") {
            let bad = within(asked, &dependency).to_string();
            let series = json!({"metric": {"slo": DEPENDENCY}, "value": [0, bad]});
            return Some(Arc::from(answer(asked, &[series]).to_string()));
        }
        let series = match () {
            () if asked.contains(WINDOW) => &window[..],
            () if asked.contains("query=slo:events:count1m") => &minutes,
            () if asked.contains("query={__name__=~\"slo[._]events(") => &counters,
            () => &[],
        };
        Some(Arc::from(answer(asked, series).to_string()))
    });
    let slo = SLOS[0];
    let run = sandbox.slo(&format!(
        "status --prometheus {url} --at {AT} --bin orders --export payments.slo.json --explain {slo} \
         --format json"
    ));
    let report: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{run:?}"));
    let episode = report["slos"][0]["spent"][0].clone();
    assert!(episode.is_object(), "{report:#}");
    episode
}

fn of_dependency(episode: &Value) -> u64 {
    let all = episode["dependencies"].as_array().unwrap();
    let found = all.iter().find(|it| it["slo"] == DEPENDENCY);
    let found = found.unwrap_or_else(|| panic!("{episode:#}"));
    found["bad"].as_u64().unwrap()
}

#[test]
fn a_dependency_that_was_counted_two_minutes_apart_is_told() {
    let counter = [(START, 0), (END, 20)];
    let of = |end: i64, minutes: &[(i64, u64)]| of_dependency(&episode(end, minutes, &counter));
    let near = [(START - 119, 1), (START + 30, 10), (END + 120, 100)];
    assert_eq!(of(END, &near), 111);
    let far = [(START - 121, 1), (END + 121, 100)];
    assert_eq!(of(END, &far), 0);
    // Nothing is asked about the future.
    let counter = [(NOW - 60, 0), (NOW, 20)];
    let now = episode(NOW, &[(NOW - 60 - 119, 1), (NOW, 10)], &counter);
    assert_eq!(of_dependency(&now), 11);
}

#[test]
fn what_was_exported_two_minutes_before_an_episode_is_part_of_it() {
    let endpoint = |counter: &[(i64, u64)]| {
        let episode = episode(END, &[], counter);
        let splits = episode["by"].as_array().unwrap().iter();
        let mut instances = splits.filter(|split| split["kind"] == "instance");
        let split = instances.next().unwrap_or_else(|| panic!("{episode:#}"));
        (
            split["parts"][0]["bad"].as_u64().unwrap_or(0),
            split["unattributed"].as_i64().unwrap(),
        )
    };
    // Rules count in the minute what was exported 110 s before it.
    assert_eq!(
        endpoint(&[(START - 170, 5), (START - 110, 25), (END, 25)]),
        (20, 0)
    );
    // What grew before that belongs to something else.
    assert_eq!(
        endpoint(&[(START - 190, 5), (START - 130, 25), (END, 25)]),
        (0, 20)
    );
}
