//! Budgets, when they are back and who spent them: what rules recorded, minute by minute.

use super::{Fault, Question, Random, seeds, store};
use crate::fixtures::{Sandbox, elf, record, sentinel, strict_endpoint};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SLOS: [&str; 3] = [
    "orders/checkout.availability",
    "orders/checkout.latency",
    "orders/checkout/place-order.availability",
];

/// Minutes of 30 days.
const WINDOW: i64 = 43_200;

/// One good event a minute, and some bad ones in a few minutes; the same of each SLO.
#[derive(Clone, Debug)]
struct World {
    now: i64,
    /// Bad events by the minute since 1970.
    bad: BTreeMap<i64, i64>,
}

impl World {
    fn new(random: &mut Random) -> World {
        let hour = 480_000 + i64::try_from(random.below(10_000)).unwrap();
        let now = hour * 3600 + 120 + i64::try_from(random.below(3_400)).unwrap();
        let mut bad = BTreeMap::new();
        for _ in 0..4 {
            // Away from both ends of the window.
            let start = now / 60 - 300 - i64::try_from(random.below(42_000)).unwrap();
            for minute in start..start + 3 {
                bad.insert(minute, 5 + i64::try_from(random.below(20)).unwrap());
            }
        }
        World { now, bad }
    }

    /// The last minute that rules have counted: 20 s after its end.
    fn last(&self) -> i64 {
        (self.now - 20) / 60 - 1
    }

    /// Good and bad events of the minutes from the first to the last one.
    fn sums(&self, first: i64, last: i64) -> [i64; 2] {
        [
            last - first + 1,
            self.bad.range(first..=last).map(|(_, bad)| bad).sum(),
        ]
    }

    fn answer(&self, question: &Question) -> Vec<Value> {
        let last = self.last();
        let query = &*question.query;
        let both = |sums: [i64; 2]| {
            let series = SLOS.iter().flat_map(|slo| {
                [("good", sums[0]), ("bad", sums[1])].map(|(outcome, count)| {
                    json!({
                        "metric": {"slo": slo, "job": "orders", "slo_outcome": outcome},
                        "value": [question.time, count.to_string()],
                    })
                })
            });
            series.collect()
        };
        let named = |word: &str| query.starts_with(word);
        if named("timestamp(") {
            let moment = self.now - self.now.rem_euclid(60);
            return both([moment, moment]);
        }
        if named("slo:events:sum_window") {
            return both(self.sums(last - WINDOW + 1, last));
        }
        if query.contains("slo:events:sum1h|") {
            let paces = [("1h", 60), ("6h", 360), ("3d", 4320)].into_iter();
            let paces = paces.flat_map(|(over, minutes)| {
                let mut pace: Vec<Value> = both(self.sums(last - minutes + 1, last));
                for series in &mut pace {
                    series["metric"]["__name__"] = json!(format!("slo:events:sum{over}"));
                }
                pace
            });
            return paces.collect();
        }
        if named("slo:events:count_this_hour") {
            return both(self.sums(last / 60 * 60, last));
        }
        if named("slo:events:count1h") {
            return self.stored(question, |moment| {
                let hour = moment.div_euclid(3600) - 1;
                (moment.rem_euclid(3600) == 20).then(|| self.sums(hour * 60, hour * 60 + 59))
            });
        }
        if named("slo:events:count1m") {
            let mut all = self.stored(question, |moment| {
                let minute = moment.div_euclid(60) - 1;
                (moment.rem_euclid(60) == 20).then(|| self.sums(minute, minute))
            });
            all.retain(|series| series["metric"]["slo_outcome"] == "bad");
            return all;
        }
        if query.contains("slo[._]events") && query.contains("slo_journey") {
            return self.counters(question);
        }
        Vec::new()
    }

    /// Samples of recorded series, of the SLOs that are asked for.
    fn stored(&self, question: &Question, counts: impl Fn(i64) -> Option<[i64; 2]>) -> Vec<Value> {
        let (start, end) = stretch(question);
        let moments: Vec<_> = (start..=end)
            .filter_map(|moment| Some((moment, counts(moment)?)))
            .collect();
        let names = SLOS.iter().filter(|slo| {
            // As far as they stand in a regular expression.
            let name = slo.replace('.', "\\\\.");
            let asked = question.query.split(['"', '|']);
            asked.clone().any(|part| part == name || part == **slo)
        });
        let series = names.flat_map(|slo| {
            [("good", 0), ("bad", 1)].map(|(outcome, side)| {
                let values: Vec<_> = moments
                    .iter()
                    .map(|(moment, counts)| json!([moment, counts[side].to_string()]))
                    .collect();
                json!({
                    "metric": {"slo": slo, "job": "orders", "slo_outcome": outcome},
                    "values": values,
                })
            })
        });
        series.collect()
    }

    /// The counters of one process.
    fn counters(&self, question: &Question) -> Vec<Value> {
        let (start, end) = stretch(question);
        let sides = [("good", 0), ("bad", 1)].map(|(outcome, side)| {
            let minutes = start.div_euclid(60) + 1..=end.div_euclid(60);
            let values: Vec<_> = minutes
                .map(|minute| {
                    let sums = self.sums(self.now / 60 - 60_000, minute - 1);
                    json!([minute * 60, sums[side].to_string()])
                })
                .collect();
            json!({
                "metric": {
                    "__name__": "slo_events_total", "job": "orders", "instance": "a",
                    "slo_journey": "checkout", "slo_endpoint": "place-order",
                    "slo_sli": "availability", "slo_outcome": outcome,
                },
                "values": values,
            })
        });
        sides.into()
    }
}

fn stretch(question: &Question) -> (i64, i64) {
    #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970")]
    let whole = |seconds: f64| seconds.ceil() as i64;
    let end = question.time;
    (whole(end - question.length().unwrap()), whole(end))
}

/// What `status` says of the SLO of the journey, its exit code, and what it says beside.
fn told(
    sandbox: &Sandbox,
    world: &World,
    fault: Option<(Fault, &'static str)>,
    seed: u64,
) -> (Option<Value>, i32, String) {
    let now = world.now;
    let world = world.clone();
    let store = store(move |question| world.answer(question), fault, Random(seed));
    let at = jiff::Timestamp::from_second(now).unwrap();
    let run = sandbox.slo(&format!(
        "status --prometheus {} --at {at} --bin orders --format json --explain {}",
        store.url(),
        SLOS[0]
    ));
    let report = serde_json::from_str::<Value>(&run.out).ok();
    (
        report.map(|report| report["slos"][0].clone()),
        run.code,
        run.err,
    )
}

#[test]
fn budgets_recovery_and_spenders_are_the_honest_ones_or_none() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "orders",
        elf(&[&sentinel(), &record(&strict_endpoint("place-order"))]),
    );
    let seeds = seeds(2);
    let mut withheld = [0; Fault::ALL.len()];
    for &seed in &seeds {
        let mut random = Random(seed);
        let world = World::new(&mut random);
        let (right, code, err) = told(&sandbox, &world, None, seed);
        let right = right.unwrap();
        assert_eq!(code, 1, "seed {seed}: {right:#} {err}");
        for part in ["budget", "back", "spent", "paces"] {
            assert!(!right[part].is_null(), "seed {seed}: {part}: {right:#}");
        }
        assert_eq!(right["spent"].as_array().unwrap().len(), 4, "{right:#}");
        for (place, fault) in Fault::ALL.into_iter().enumerate() {
            for (n, word) in [
                "slo:events:sum_window{",
                "slo:events:sum1h|",
                "timestamp(",
                "slo:events:count1h{",
                "slo:events:count_this_hour",
                "slo:events:count1m{",
                "slo_journey",
            ]
            .into_iter()
            .enumerate()
            {
                // Each run is a process: half of the pairs, the others with the next seed.
                if (place + n) % 2 != usize::try_from(seed % 2).unwrap() {
                    continue;
                }
                let case = format!("seed {seed}: {fault:?} of {word} at {}", world.now);
                let (found, code, err) = told(&sandbox, &world, Some((fault, word)), seed);
                let Some(found) = found else {
                    assert!(
                        code == 2 && err.contains("querying Prometheus failed"),
                        "{case}: {err}"
                    );
                    withheld[place] += 1;
                    continue;
                };
                if found["budget"].is_null() {
                    let why = found["why"].as_str().unwrap_or_default();
                    assert!(code == 2 && why.len() > 20, "{case}: {found:#}");
                    withheld[place] += 1;
                    continue;
                }
                assert_eq!((&found["budget"], code), (&right["budget"], 1), "{case}");
                for pace in found["paces"].as_array().unwrap() {
                    let is_right = right["paces"].as_array().unwrap().contains(pace);
                    assert!(is_right, "{case}: {pace:#}");
                }
                for part in ["back", "spent"] {
                    if found[part].is_null() {
                        let remarks = found["remarks"].to_string();
                        assert!(remarks.contains("is not known"), "{case}: {found:#}");
                        withheld[place] += 1;
                    }
                }
                if !found["back"].is_null() {
                    assert_eq!(found["back"], right["back"], "{case}");
                }
                for (n, episode) in found["spent"].as_array().into_iter().flatten().enumerate() {
                    for field in ["start", "end", "bad", "share"] {
                        let [found, right] = [&episode[field], &right["spent"][n][field]];
                        let [found, right] = [found, right].map(|field| field.as_f64().unwrap());
                        // Whoever moves a sample by less than a minute moves the episode as far.
                        let is_moved = fault == Fault::Late && ["start", "end"].contains(&field);
                        let most = if is_moved { 31.0 } else { 0.0 };
                        assert!((found - right).abs() <= most, "{case}: {field}");
                    }
                    for split in episode["by"].as_array().unwrap() {
                        let parts = split["parts"].as_array().unwrap().iter();
                        let known: i64 = parts.map(|part| part["bad"].as_i64().unwrap()).sum();
                        let all = known + split["unattributed"].as_i64().unwrap();
                        assert_eq!(Some(all), episode["bad"].as_i64(), "{case}: {split:#}");
                    }
                }
            }
        }
    }
    // Each of them was met by one of the seeds.
    for (fault, withheld) in Fault::ALL.iter().zip(withheld) {
        assert!(withheld > 0 || seeds.len() < 2, "{fault:?}");
    }
}
