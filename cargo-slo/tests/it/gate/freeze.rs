//! A rehearsed freeze: an incident spends the budget of a journey, and days later the gate opens at the
//! moment that was foretold.

use super::{
    fleet,
    store::{DAY, HOUR, NOW, at, labels, sample, store},
};
use crate::fixtures::Sandbox;
use serde_json::{Value, json};

/// The hour of the incident.
const INCIDENT: i64 = NOW / HOUR;

/// That of an earlier one, which is in the window for ten days more.
const EARLIER: i64 = INCIDENT - 20 * 24;

/// Good and bad events of an hour. The shop is busier by day; a window has about a million events, of
/// which a thousand may be bad.
fn hour(slo: &str, hour: i64) -> [i64; 2] {
    let busy = 1000 + 40 * (hour % 24);
    let bad = match hour {
        EARLIER => 800,
        INCIDENT => 700,
        _ => 0,
    };
    match slo == "gateway/checkout.availability" {
        true => [busy - bad, bad],
        false => [busy, 0],
    }
}

/// Events up to a moment, evenly spread over each hour; counted from 70 days before.
fn until(slo: &str, moment: i64, outcome: usize) -> i64 {
    let this = moment.div_euclid(HOUR);
    let full: i64 = (INCIDENT - 70 * 24..this)
        .map(|full| hour(slo, full)[outcome])
        .sum();
    full + hour(slo, this)[outcome] * moment.rem_euclid(HOUR) / HOUR
}

fn events(query: &str, time: i64) -> Vec<Value> {
    let slos = ["gateway", "orders", "mail"].iter().flat_map(|service| {
        ["availability", "latency"].map(|sli| format!("{service}/checkout.{sli}"))
    });
    let mut series = Vec::new();
    for slo in slos {
        for (n, outcome) in ["good", "bad"].into_iter().enumerate() {
            let count = |from: i64| (until(&slo, time, n) - until(&slo, from, n)).to_string();
            if query.starts_with("slo:events:sum_window") {
                series.push(sample(&slo, outcome, time, &count(time - 30 * DAY)));
            } else if query.starts_with("slo:events:count_this_hour") {
                series.push(sample(
                    &slo,
                    outcome,
                    time,
                    &count(time - time.rem_euclid(HOUR)),
                ));
            } else if query.starts_with("slo:events:count1h") {
                let this = time.div_euclid(HOUR);
                let recorded = |full: i64| (full + 1) * HOUR;
                let values: Vec<_> = (this - 32 * 24..this)
                    .filter(|full| (time - 30 * DAY - HOUR + 1..=time).contains(&recorded(*full)))
                    .map(|full| json!([recorded(full), hour(&slo, full)[n].to_string()]))
                    .collect();
                series.push(json!({"metric": labels(&slo, outcome), "values": values}));
            }
        }
    }
    series
}

struct Rehearsal {
    sandbox: Sandbox,
    url: String,
}

impl Rehearsal {
    /// The exit code of the gate, and what it says of the journey.
    fn gate(&self, moment: i64, more: &str) -> (i32, Value) {
        let run = self.sandbox.slo(&format!(
            "gate --prometheus {} --at {} --format json {more} exports",
            self.url,
            at(moment)
        ));
        let told: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{run:?}"));
        let mut slos = told["slos"].as_array().unwrap().iter();
        let journey = slos.find(|row| row["slo"] == "gateway/checkout.availability");
        (run.code, journey.cloned().unwrap_or_default())
    }
}

#[test]
fn the_gate_opens_when_it_said_it_would() {
    let rehearsal = Rehearsal {
        sandbox: fleet(),
        url: store(events),
    };
    let gate = |moment, more: &str| rehearsal.gate(moment, more);
    let orders = "--deliver orders";
    let spent = (INCIDENT + 1) * HOUR;
    // The earlier incident alone leaves a quarter of the budget.
    assert_eq!(gate(INCIDENT * HOUR - 60, orders).0, 0);
    let (code, row) = gate(spent, orders);
    assert_eq!((code, &row["answer"]), (1, &json!("closed")), "{row:#}");
    assert_eq!(row["takes-part"], json!(["orders"]), "{row:#}");
    assert_eq!(
        row["way-out"]["level"],
        json!({"policy": "platform", "left": "0%", "blocks-participants": true})
    );
    let opens = row["way-out"]["opens"]["usual"].as_i64().unwrap();
    // When the earlier incident has left the window.
    assert_eq!(opens, (EARLIER + 1 + 30 * 24) * HOUR);

    // What mends passes, and so does what has no part in the journey.
    for more in ["--change fix", "--change rollback"] {
        assert_eq!(gate(spent, &format!("{orders} {more}")).0, 0, "{more}");
    }
    assert_eq!(gate(spent, "--deliver mail").0, 0);
    // An override opens for as long as it says, and is told.
    rehearsal.sandbox.write(
        "overrides.toml",
        "[[override]]\nslo = \"gateway/checkout.availability\"\nservice = \"orders\"\n\
         until = \"2026-11-30\"\nbecause = \"the sale\"\nby = \"Sato\"\n",
    );
    let overridden = format!("{orders} --overrides overrides.toml");
    let (code, row) = gate(spent, &overridden);
    let reason = row["reason"].as_str().unwrap();
    assert_eq!(code, 0, "{reason}");
    assert!(
        reason.ends_with("; overridden by Sato until 2026-11-30: the sale"),
        "{reason}"
    );
    assert_eq!(gate(spent + 2 * DAY, &overridden).0, 1);

    // Day by day the same is foretold, until it is so.
    for day in 1..10 {
        let (code, row) = gate(spent + day * DAY, orders);
        assert_eq!(
            (code, row["way-out"]["opens"]["usual"].as_i64()),
            (1, Some(opens)),
            "after {day} days: {row:#}"
        );
    }
    let step = 10 * 60;
    let first = (-12..=6).find(|steps| gate(opens + steps * step, orders).0 == 0);
    let off = first.map(|steps| steps * step);
    // Hours are what is known of a window.
    assert!(
        off.is_some_and(|off| off.abs() < HOUR),
        "opens {off:?} s off"
    );
}
