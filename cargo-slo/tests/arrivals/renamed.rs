//! A service whose journey and endpoint are renamed while it runs, and whose rules are exchanged before,
//! during or after the deployment: its budget has every event of both names, once.

use crate::{
    judge::{History, Labels, Query, Reload, Series, judge},
    rules::{self, record},
};
use cargo_slo::outputs::Mode;
use serde_json::{Value, json};
use std::path::Path;

/// Not at the start of an hour.
const BEGIN: f64 = 1_800_001_234.0;
const MINUTE: f64 = 60.0;
const HOUR: f64 = 3600.0;

/// Good and bad events between two exports, which are a minute apart: of `cart` and of `pay`.
const RATES: [[f64; 2]; 2] = [[10.0, 1.0], [5.0, 2.0]];

/// How late, in seconds, what was exported is recorded: the next export, an evaluation of the group that counts,
/// and one of the group that sums up.
const DELAY: f64 = 3.0 * MINUTE;

struct Process {
    id: &'static str,
    journey: &'static str,
    endpoints: [&'static str; 2],
    start: f64,
    end: f64,
}

/// The new process is there for an hour before the old one goes.
const PROCESSES: [Process; 2] = [
    Process {
        id: "old",
        journey: "checkout",
        endpoints: ["cart", "pay"],
        start: BEGIN,
        end: BEGIN + 9.0 * HOUR,
    },
    Process {
        id: "new",
        journey: "buy",
        endpoints: ["cart", "charge"],
        start: BEGIN + 8.0 * HOUR,
        end: BEGIN + 17.0 * HOUR,
    },
];

/// When the rules are exchanged: before there is a new process, while there are both, and late.
const EXCHANGED: [f64; 3] = [7.3, 8.4, 8.9];

impl Process {
    /// When it exports.
    fn exports(&self) -> impl Iterator<Item = f64> {
        let number = ((self.end - self.start) / MINUTE) as u32;
        (1..=number).map(|n| self.start + 7.0 + MINUTE * f64::from(n))
    }

    /// How many exports there were until a moment.
    fn exported(&self, until: f64) -> f64 {
        self.exports().filter(|at| *at <= until).count() as f64
    }

    fn series(&self) -> Vec<Series> {
        let labels = |name: &str, more: &[(&'static str, &str)]| -> Labels {
            let all = [("__name__", name), ("job", "orders"), ("instance", self.id)];
            let all = all.iter().chain(more);
            all.map(|(name, value)| (*name, (*value).to_owned()))
                .collect()
        };
        let mut all = Vec::new();
        let mut add = |labels: Labels, value: &dyn Fn(f64) -> f64| {
            let samples = self.exports().zip(1..);
            let samples = samples.map(|(at, n)| (at, at, value(f64::from(n))));
            all.push(Series {
                labels,
                samples: samples.collect(),
            });
        };
        add(labels("slo_start_time_seconds", &[]), &|_| self.start);
        let sli = [("slo_journey", self.journey), ("slo_sli", "availability")];
        for (endpoint, rates) in self.endpoints.into_iter().zip(RATES) {
            for (outcome, rate) in ["good", "bad"].into_iter().zip(rates) {
                let mut more = sli.to_vec();
                more.extend([("slo_endpoint", endpoint), ("slo_outcome", outcome)]);
                add(labels("slo_events_total", &more), &|n| n * rate);
            }
        }
        for endpoint in ["", self.endpoints[1]] {
            let mut more = sli.to_vec();
            more.extend([("slo_window", "30d"), ("slo_endpoint", endpoint)]);
            let target = f64::from(rules::TARGET_PPB) / 1e9;
            add(labels("slo_objective_ratio", &more), &|_| target);
        }
        all
    }
}

fn records(says_so: bool) -> [Value; 2] {
    let mut records = [record("cart", false), record("charge", true)];
    for record in &mut records {
        record["journey"]["name"] = json!("buy");
        if says_so {
            record["journey"]["formerly"] = json!(["checkout"]);
        }
    }
    if says_so {
        records[1]["formerly"] = json!(["pay"]);
    }
    records
}

/// The SLOs, and the good and bad events that an export adds to each.
fn slos() -> [(&'static str, [f64; 2]); 2] {
    let [[good, bad], pay] = RATES;
    [
        ("orders/buy.availability", [good + pay[0], bad + pay[1]]),
        ("orders/buy/charge.availability", pay),
    ]
}

/// What is asked, and between which numbers the answer has to be.
struct Asked {
    query: Query,
    between: [f64; 2],
}

/// What is asked from a moment on. What a process exports before there are rules that look at it
/// is seen when there are.
fn asked(says_so: bool, from: f64, seen_from: f64) -> Vec<Asked> {
    let exported = |until: f64| -> f64 {
        let counted = PROCESSES
            .iter()
            .filter(|process| says_so || process.id == "new");
        counted
            .filter(|process| process.id == "old" || until >= seen_from)
            .map(|process| process.exported(until))
            .sum()
    };
    let end = PROCESSES[1].end;
    let mut all = Vec::new();
    for (slo, rates) in slos() {
        for (outcome, rate) in ["good", "bad"].into_iter().zip(rates) {
            let mut ask = |metric: &str, at, between: [f64; 2]| {
                let selector =
                    format!("{{slo=\"{slo}\",slo_outcome=\"{outcome}\",slo_journey=\"buy\"}}");
                all.push(Asked {
                    query: Query {
                        at,
                        expr: format!("sum({metric}{selector})"),
                    },
                    between: between.map(|exports| exports * rate),
                });
            };
            // What it says without the word is only compared in the end.
            let minutes = if says_so { 450 } else { 0 };
            for at in (1..=minutes).map(|n| from + DELAY + MINUTE * f64::from(n)) {
                let early = exported(at - DELAY);
                ask("slo:events:sum_window", at, [early, exported(at)]);
                // At the other end of a window as well.
                let before = |at: f64| exported(at - 6.0 * HOUR);
                let between = [
                    early - before(at + DELAY),
                    exported(at) - before(at - DELAY),
                ];
                ask("slo:events:sum6h", at, between);
            }
            let at = end + 10.0 * MINUTE;
            ask("slo:events:sum_window", at, [exported(at); 2]);
        }
    }
    all
}

/// A play, and what is asked of it.
struct Play {
    name: String,
    history: History,
    between: Vec<[f64; 2]>,
}

fn play(mode: Mode, says_so: bool, exchanged: f64, folder: &Path) -> Play {
    let name = format!("{mode:?} after {exchanged} h, formerly {says_so}");
    let write = |which: &str, records: &[Value]| {
        let folder = folder.join(format!("{name} {which}"));
        std::fs::create_dir_all(&folder).unwrap();
        rules::generate(std::iter::once(("orders", records)), mode, &folder)
    };
    let at = BEGIN + exchanged * HOUR;
    let start = PROCESSES[1].start;
    let (from, seen_from) = match mode {
        Mode::PerSlo => (at, at),
        // Universal rules count whatever there is, and know the budget of an SLO as soon as it exists.
        Mode::Universal => (at.max(start), start),
    };
    let (queries, between) = asked(says_so, from, seen_from)
        .into_iter()
        .map(|asked| (asked.query, asked.between))
        .unzip();
    let minutes = ((PROCESSES[1].end - BEGIN) / MINUTE) as u32 + 10;
    let history = History {
        rules: write("before", &[record("cart", false), record("pay", true)]),
        reloaded: Some(Reload {
            at,
            rules: write("after", &records(says_so)),
        }),
        phased: true,
        concurrent: false,
        recording_only: true,
        series: PROCESSES.iter().flat_map(Process::series).collect(),
        evaluated: (0..minutes)
            .map(|n| BEGIN + MINUTE * f64::from(n))
            .collect(),
        queries,
    };
    Play {
        name,
        history,
        between,
    }
}

#[test]
fn a_renamed_service_keeps_its_budget() {
    let folder = tempfile::tempdir().unwrap();
    let modes = [Mode::PerSlo, Mode::Universal];
    let plays = modes.into_iter().flat_map(|mode| {
        let silent = (mode, false, EXCHANGED[1]);
        let exchanged = EXCHANGED.map(|exchanged| (mode, true, exchanged));
        exchanged.into_iter().chain([silent])
    });
    let plays: Vec<_> = plays
        .map(|(mode, says_so, exchanged)| play(mode, says_so, exchanged, folder.path()))
        .collect();
    let (mut histories, mut expected) = (Vec::new(), Vec::new());
    for play in plays {
        let asked = play.history.queries.iter();
        let asked: Vec<_> = asked
            .map(|query| format!("{} at {} min", query.expr, (query.at - BEGIN) / MINUTE))
            .collect();
        expected.push((play.name, asked, play.between));
        histories.push(play.history);
    }
    let mut expected = expected.into_iter();
    let (mut compared, mut wrong) = (0, Vec::new());
    judge(histories.into_iter(), |answer| {
        let (name, asked, between) = expected.next().unwrap();
        println!("{name}: {} numbers", asked.len());
        for ((query, [least, most]), results) in asked.iter().zip(between).zip(answer.results) {
            let value = results.iter().flatten().map(|result| result.value).next();
            compared += 1;
            if !value.is_some_and(|value| least <= value && value <= most) {
                wrong.push(format!(
                    "{name}: {query}: {value:?} is not in {least} to {most}"
                ));
            }
        }
    });
    assert_eq!(expected.next().map(|(name, ..)| name), None);
    assert!(compared > 10_000, "{compared} numbers");
    let shown: Vec<_> = wrong.iter().take(12).collect();
    assert!(
        wrong.is_empty(),
        "{} of {compared} differ: {shown:#?}",
        wrong.len()
    );
}
