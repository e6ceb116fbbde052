//! Budgets around the moments at which hours and calendar periods begin, by rules that are evaluated
//! once a minute, or not at all for a while.
//!
//! What each evaluation counts is drawn from a seed, which stands in every message; the truth is the sum
//! of what the evaluations of a period counted.

use crate::{
    fixtures::{Sandbox, elf, endpoint, record, sentinel},
    status_store::{body, serve},
};
use serde_json::{Value, json};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Older than this, a sample is not part of what a store answers about a moment.
const MAX_AGE: i64 = 300;

/// Moments at which rules were evaluated, and what they counted then.
#[derive(Clone, Debug)]
struct World {
    seed: u64,
    /// Seconds after the minute.
    phase: i64,
    /// Nothing was evaluated from the first to before the second.
    outage: (i64, i64),
    slos: Vec<String>,
}

impl World {
    fn evaluated(&self, from: i64, to: i64) -> impl Iterator<Item = i64> {
        let first = (from - self.phase).div_euclid(60) + 1;
        let last = (to - self.phase).div_euclid(60);
        let moments = (first..=last).map(move |minute| minute * 60 + self.phase);
        moments.filter(|moment| !(self.outage.0..self.outage.1).contains(moment))
    }

    /// The last evaluation after one moment and until another.
    fn last(&self, after: i64, until: i64) -> Option<i64> {
        self.evaluated(after, until).last()
    }

    /// Good and bad events that were counted after one moment and until another.
    fn counted(&self, after: i64, until: i64) -> [i64; 2] {
        self.evaluated(after, until).fold([0, 0], |sum, moment| {
            let drawn = moment.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ self.seed;
            let drawn = i64::try_from(drawn >> 40).unwrap();
            [sum[0] + drawn % 50, sum[1] + drawn % 3]
        })
    }

    /// What the hour had counted until an evaluation of it.
    fn this_hour(&self, evaluation: i64) -> [i64; 2] {
        self.counted(evaluation.div_euclid(HOUR) * HOUR - 1, evaluation)
    }

    fn answer(&self, query: &str, time: i64) -> Vec<Value> {
        let latest = self.last(time - MAX_AGE, time);
        let seconds = || {
            let range = query.rsplit('[').next().unwrap();
            let digits = range.split(|c: char| !c.is_ascii_digit()).next();
            digits.unwrap().parse::<i64>().unwrap()
        };
        let counts = match query {
            _ if query.starts_with("timestamp(slo:events:") => latest.map(|at| [at, at]),
            _ if query.starts_with("slo:events:sum_window{") => {
                latest.map(|at| self.counted(at - 30 * DAY, at))
            }
            _ if query.starts_with("slo:events:count_this_hour{") => {
                latest.map(|at| self.this_hour(at))
            }
            _ if query.starts_with("last_over_time(slo:events:count_this_hour{") => self
                .last(time - seconds(), time)
                .map(|at| self.this_hour(at)),
            _ if query.starts_with("slo:events:count1h{") => return self.hours(time),
            _ => None,
        };
        let sample = |slo: &String, outcome: &str, count: i64| {
            json!({
                "metric": {"slo": slo, "slo_outcome": outcome, "job": "orders"},
                "value": [time, count.to_string()],
            })
        };
        let both = |counts: [i64; 2]| {
            let slos = self.slos.iter();
            slos.flat_map(move |slo| {
                [
                    sample(slo, "good", counts[0]),
                    sample(slo, "bad", counts[1]),
                ]
            })
        };
        counts.into_iter().flat_map(both).collect()
    }

    /// Full hours, each by the first evaluation after it.
    fn hours(&self, time: i64) -> Vec<Value> {
        let this = time.div_euclid(HOUR);
        let recorded = (this - 20 * 24..this).filter_map(|hour| {
            let start = hour * HOUR;
            let at = self
                .evaluated(start + HOUR - 1, (start + 2 * HOUR - 1).min(time))
                .next()?;
            Some((at, self.counted(start - 1, start + HOUR - 1)))
        });
        let recorded: Vec<_> = recorded.collect();
        let series = |slo: &String, (n, outcome): (usize, &str)| {
            let values = recorded.iter();
            let values: Vec<_> = values
                .map(|(at, counts)| json!([at, counts[n].to_string()]))
                .collect();
            json!({
                "metric": {"slo": slo, "slo_outcome": outcome, "job": "orders"}, "values": values,
            })
        };
        let both = |slo| [(0, "good"), (1, "bad")].map(|side| series(slo, side));
        self.slos.iter().flat_map(both).collect()
    }

    fn serve(self) -> String {
        serve(move |asked| {
            let part = |name: &str| Some(asked.split(name).nth(1)?.split('&').next()?.trim());
            #[expect(clippy::cast_possible_truncation, reason = "a moment of ours")]
            let time = part("time=")?.parse::<f64>().unwrap() as i64;
            let answer = self.answer(part("query=")?, time);
            let mut answer = body(&answer);
            if answer["data"]["result"][0]["values"].is_array() {
                answer["data"]["resultType"] = json!("matrix");
            }
            Some(answer.to_string().into())
        })
        .0
    }
}

/// Endpoints with objectives over windows of their own.
fn sandbox(endpoints: &[(String, &str)]) -> (Sandbox, Vec<String>) {
    let mut records = vec![sentinel()];
    let mut slos = Vec::new();
    for (name, window) in endpoints {
        let mut endpoint = endpoint(name);
        endpoint["objectives"] = json!({"availability_ppb": 990_000_000, "window": window});
        records.push(record(&endpoint));
        slos.push(format!("orders/checkout/{name}.availability"));
    }
    let sandbox = Sandbox::new();
    let records: Vec<_> = records.iter().map(Vec::as_slice).collect();
    sandbox.write("orders", elf(&records));
    (sandbox, slos)
}

/// The statuses of all SLOs.
fn told(sandbox: &Sandbox, world: &World, now: i64, zone: &str) -> Vec<Value> {
    let at = jiff::Timestamp::from_second(now).unwrap();
    let run = sandbox.slo(&format!(
        "status --prometheus {} --at {at} --time-zone {zone} --bin orders --format json",
        world.clone().serve()
    ));
    let report: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{run:?}"));
    report["slos"].as_array().unwrap().clone()
}

/// What an SLO has of its period, without a doubt.
fn budget_of(statuses: &[Value], slo: &str, case: &str) -> [i64; 2] {
    let status = statuses.iter().find(|status| status["slo"] == slo);
    let status = status.unwrap_or_else(|| panic!("{case}"));
    assert_eq!(status["remarks"], json!([]), "{case}: {status:#}");
    ["good", "bad"].map(|side| {
        let count = status["budget"][side].as_i64();
        count.unwrap_or_else(|| panic!("{case}: {status:#}"))
    })
}

/// Where a month begins that begins in December 2026 in UTC.
const MONTHS: [(&str, i64); 3] = [
    ("UTC", 1_796_083_200),
    ("Asia/Kolkata", 1_796_083_200 - 19_800),
    ("Asia/Kathmandu", 1_796_083_200 - 20_700),
];

/// No event of the period before is one of this one, whenever it is asked, and none is missing.
#[test]
fn a_period_has_what_was_counted_since_it_began() {
    let (sandbox, slos) = sandbox(&[("place-order".to_owned(), "calendar-month")]);
    let mut cases = 0;
    for (zone, start) in MONTHS {
        for phase in [7_i64, 34, 58] {
            for (is_out, after) in [
                (false, 0),
                (false, 5),
                (false, 40),
                (false, 61),
                (false, HOUR),
                (false, HOUR + 5),
                (false, 7 * HOUR + 2),
                (true, 500),
                (true, 2 * HOUR),
                (true, 3 * DAY + 1),
            ] {
                let outage = match is_out {
                    true => (start - 540, start + 360),
                    false => (0, 0),
                };
                let seed = 1 + phase.unsigned_abs();
                let world = World {
                    seed,
                    phase,
                    outage,
                    slos: slos.clone(),
                };
                let now = start + after;
                let case = format!(
                    "seed {seed}: {zone}, phase {phase}, {after} s after {start}, {outage:?}"
                );
                let found = budget_of(&told(&sandbox, &world, now, zone), &slos[0], &case);
                assert_eq!(
                    found,
                    world.counted(start - i64::from(start % HOUR == 0), now),
                    "{case}"
                );
                cases += 1;
            }
        }
    }
    assert_eq!(cases, 90);
}

/// Many SLOs are asked about by their service, so that those of other periods are in the answer, too.
#[test]
fn periods_of_many_slos_are_not_mixed_up() {
    let mut endpoints = vec![("pay".to_owned(), "calendar-month")];
    endpoints.extend((0..41).map(|n| (format!("look-{n}"), "calendar-week")));
    let (sandbox, slos) = sandbox(&endpoints);
    let world = World {
        seed: 3,
        phase: 34,
        outage: (0, 0),
        slos: slos.clone(),
    };
    let (zone, month) = MONTHS[1];
    // Monday the 30th of November began a day before December.
    let week = month - DAY;
    let now = month + 5 * HOUR + 17;
    let statuses = told(&sandbox, &world, now, zone);
    assert_eq!(
        budget_of(&statuses, &slos[0], "month"),
        world.counted(month, now)
    );
    for slo in &slos[1..] {
        assert_eq!(budget_of(&statuses, slo, slo), world.counted(week, now));
    }
}
