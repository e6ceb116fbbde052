//! Plays histories of many services, and compares.

use crate::{
    judge::{Answer, History, Labels, Query, Series, judge},
    ledger::{Ledger, is_counted_at_once, ledger, moment},
    rules,
    splitmix::Random,
    writers::{self, Process, Shape},
};
use cargo_slo::outputs::Mode;
use slo_model::budget::Counts;
use std::{collections::BTreeMap, sync::Mutex};

/// Services of a play, which are evaluated together.
pub(crate) const SERVICES: usize = 100;

/// Rules of each SLO take longer.
const SERVICES_PER_SLO: usize = 25;

/// One play in four is long enough for windows that are put together from hours; it has a quarter of the
/// services.
const HOURS: [f64; 4] = [3.0, 2.0, LONG, 2.5];
const LONG: f64 = 9.0;

/// The whole of it, which no window of a query is shorter than.
const ALL: &str = r#"sum by (job, slo, slo_outcome) (sum_over_time(slo:events:count1m[1d]))"#;

/// What is compared with our engine at some moments: a window in seconds, and what is recorded.
const WINDOWS: [(f64, &str); 3] = [
    (3600.0, "slo:events:sum1h"),
    (6.0 * 3600.0, "slo:events:sum6h"),
    (30.0 * 86_400.0, "slo:events:sum_window"),
];

/// How long after the last sample something is recorded in any case.
const KNOWN_FOR: f64 = 3000.0;

struct Play {
    seed: u64,
    mode: Mode,
    evaluated: Vec<f64>,
    moments: Vec<f64>,
    services: Vec<(String, Shape, Vec<Process>)>,
    /// Holds the rules for as long as they are played.
    folder: tempfile::TempDir,
}

/// Plays them all, and panics where an event is missing or counted twice.
pub(crate) fn all(plays: &[(u64, Mode)]) {
    let started: Mutex<Vec<Play>> = Mutex::new(Vec::new());
    let (mut wrong, mut events, mut services, mut compared) = (Vec::new(), 0, 0, 0);
    let histories = plays.iter().map(|&(seed, mode)| {
        let play = Play::new(seed, mode);
        let history = play.history();
        started.lock().unwrap().push(play);
        history
    });
    let mut place = 0;
    judge(histories, |answer| {
        let play = {
            let mut started = started.lock().unwrap();
            // Answers come in the order of the histories; one that is done is not needed any more.
            let none = Play::empty();
            std::mem::replace(&mut started[place], none)
        };
        place += 1;
        let (of_play, numbers, differences) = play.compare(&answer);
        println!(
            "seed {:<4} {:<10} services {:>3}  evaluations {:>3}  events {of_play:>9}  numbers {numbers:>6}  differ {:>3}",
            play.seed,
            format!("{:?}", play.mode),
            play.services.len(),
            play.evaluated.len(),
            differences.len()
        );
        events += of_play;
        compared += numbers;
        services += play.services.len();
        wrong.extend(differences);
    });
    println!("{services} histories, {events} events, {compared} numbers");
    let shown = wrong.iter().take(12).collect::<Vec<_>>();
    assert!(wrong.is_empty(), "{} differ: {shown:#?}", wrong.len());
    assert!(events > 1000, "nothing happened");
}

impl Play {
    fn empty() -> Play {
        Play {
            seed: 0,
            mode: Mode::Universal,
            evaluated: Vec::new(),
            moments: Vec::new(),
            services: Vec::new(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn new(seed: u64, mode: Mode) -> Play {
        let mut random = Random(seed);
        let begin = 1_800_000_000.0 + 60.0 * random.below(5000) as f64;
        let hours = HOURS[usize::try_from(seed % 4).unwrap()];
        let end = begin + 3600.0 * hours;
        let evaluated = evaluations(&mut random, begin, end);
        let number = match mode {
            Mode::PerSlo => SERVICES_PER_SLO,
            Mode::Universal if hours == LONG => SERVICES / 4,
            Mode::Universal => SERVICES,
        };
        let services = (0..number).map(|n| {
            let (shape, processes) = writers::service(&mut random, begin, end);
            (format!("service-{n}"), shape, processes)
        });
        let services = services.collect();
        let moments = (0..12).map(|_| random.one_of(&evaluated)).collect();
        Play {
            seed,
            mode,
            evaluated,
            moments,
            services,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn history(&self) -> History {
        let names: Vec<_> = self
            .services
            .iter()
            .map(|(name, ..)| name.clone())
            .collect();
        let series = self.services.iter();
        let mut queries = vec![Query {
            at: *self.evaluated.last().unwrap(),
            expr: ALL.to_owned(),
        }];
        for &at in &self.moments {
            queries.extend(WINDOWS.map(|(_, metric)| Query {
                at,
                expr: format!("sum by (job, slo, slo_outcome) ({metric})"),
            }));
        }
        History {
            rules: rules::write(&names, self.mode, self.folder.path()),
            reloaded: None,
            phased: false,
            concurrent: self.seed.is_multiple_of(2),
            recording_only: true,
            series: series
                .flat_map(|(name, _, processes)| exported(name, processes, self.mode))
                .collect(),
            evaluated: self.evaluated.clone(),
            queries,
        }
    }

    /// How many events there were, how many numbers were compared, and what differs.
    fn compare(&self, answer: &Answer) -> (u64, usize, Vec<String>) {
        let mut results = answer.results.iter().map(by_slo);
        let totals = results.next().unwrap();
        let windows: Vec<_> = results.collect();
        let (mut events, mut compared, mut wrong) = (0, 0, Vec::new());
        for (service, shape, processes) in &self.services {
            for (slo, endpoints) in slos(service) {
                let Ledger { exported, timeline } = ledger(processes, &self.evaluated, &endpoints);
                events += exported.valid();
                let said = totals.get(&slo).copied().unwrap_or_default();
                let whose = format!("seed {} {:?} {slo} ({shape:?})", self.seed, self.mode);
                if said != exported {
                    wrong.push(format!("{whose}: {exported:?} exported, {said:?} counted"));
                }
                compared += 1;
                for (n, &at) in self.moments.iter().enumerate() {
                    for (w, (seconds, metric)) in WINDOWS.iter().enumerate() {
                        let said = windows[n * WINDOWS.len() + w].get(&slo).copied();
                        let wanted = timeline.within(moment(*seconds), moment(at));
                        let is_known = is_known(processes, &self.evaluated, at);
                        let is_right = match said {
                            Some(said) => said == wanted,
                            None => !is_known,
                        };
                        compared += 1;
                        if !is_right {
                            wrong.push(format!(
                                "{whose}: {metric} at {at}: {wanted:?}, the rules say {said:?}"
                            ));
                        }
                    }
                }
            }
        }
        (events, compared, wrong)
    }
}

/// The SLOs of a service, and the endpoints whose events they count.
fn slos(service: &str) -> [(String, Vec<usize>); 2] {
    [
        (format!("{service}/checkout.availability"), vec![0, 1]),
        (format!("{service}/checkout/pay.availability"), vec![1]),
    ]
}

/// True where a sample is there that is young enough for all that is recorded. What an old process
/// showed first is only remembered, to count from.
fn is_known(processes: &[Process], evaluated: &[f64], at: f64) -> bool {
    processes.iter().any(|process| {
        let is_there = |until: f64| process.exports.iter().any(|one| one.arrives <= until);
        let first = evaluated.iter().find(|&&then| is_there(then));
        let is_counted =
            first.is_some_and(|&first| is_counted_at_once(process, first) || first < at);
        let mut exports = process.exports.iter();
        is_counted && exports.any(|export| export.arrives <= at && export.at > at - KNOWN_FOR)
    })
}

fn by_slo(results: &Option<Vec<crate::judge::Result>>) -> BTreeMap<String, Counts> {
    let mut all: BTreeMap<String, Counts> = BTreeMap::new();
    for result in results.iter().flatten() {
        let counts = all.entry(result.labels["slo"].clone()).or_default();
        // A count below 0 is not a count.
        assert!(
            result.value >= 0.0 && result.value.fract() == 0.0,
            "{result:?}"
        );
        match &*result.labels["slo_outcome"] {
            "good" => counts.good = result.value as u64,
            _ => counts.bad = result.value as u64,
        }
    }
    all
}

/// The evaluations: every minute, but for some that are skipped, up to half an hour in a row.
fn evaluations(random: &mut Random, begin: f64, end: f64) -> Vec<f64> {
    let phase = 60.0 * (random.share() * 1000.0).floor() / 1000.0;
    let gaps: Vec<_> = (0..random.below(4))
        .map(|_| {
            let from = begin + 600.0 + random.share() * (end - begin);
            (from, from + 60.0 * random.one_of(&[1.0, 3.0, 7.0, 30.0]))
        })
        .collect();
    // The last samples arrive within the end, and are evaluated twice.
    let after = 60.0 * 8.0;
    let minutes = ((end + after - begin) / 60.0) as usize;
    let at = (0..minutes).map(|n| begin + phase + 60.0 * n as f64);
    let evaluated: Vec<_> = at
        .filter(|at| *at > end || !gaps.iter().any(|(from, to)| (*from..*to).contains(at)))
        .collect();
    // Two gaps side by side may be longer than the memory of the rules.
    let longest = evaluated.windows(2).map(|pair| pair[1] - pair[0]);
    match longest.fold(0.0, f64::max) < 2400.0 {
        true => evaluated,
        false => evaluations(random, begin, end),
    }
}

/// What the processes of a service export, as series.
fn exported(service: &str, processes: &[Process], mode: Mode) -> Vec<Series> {
    let mut all: BTreeMap<Labels, Vec<(f64, f64, f64)>> = BTreeMap::new();
    let mut add = |labels: Labels, export: &writers::Export, value: f64| {
        let samples = all.entry(labels).or_default();
        samples.push((export.arrives, export.at, value));
    };
    for process in processes {
        let labels = |more: &[(&'static str, &str)]| -> Labels {
            let of_process = [("job", service), ("instance", &*process.id)];
            let both = of_process.iter().chain(more);
            both.map(|(name, value)| (*name, (*value).to_owned()))
                .collect()
        };
        let sli = [("slo_journey", "checkout"), ("slo_sli", "availability")];
        for export in &process.exports {
            for (counts, endpoint) in export.counts.iter().zip(rules::ENDPOINTS) {
                for (count, outcome) in counts.iter().zip(["good", "bad"]) {
                    let mut labels = labels(&sli);
                    labels.insert("__name__", "slo_events_total".to_owned());
                    labels.insert("slo_endpoint", endpoint.to_owned());
                    labels.insert("slo_outcome", outcome.to_owned());
                    add(labels, export, *count as f64);
                }
            }
            let mut start = labels(&[]);
            start.insert("__name__", "slo_start_time_seconds".to_owned());
            add(start, export, process.start);
            if mode == Mode::Universal {
                for endpoint in ["", "pay"] {
                    let mut objective = labels(&sli);
                    objective.insert("__name__", "slo_objective_ratio".to_owned());
                    objective.insert("slo_window", "30d".to_owned());
                    if !endpoint.is_empty() {
                        objective.insert("slo_endpoint", endpoint.to_owned());
                    }
                    let target = f64::from(rules::TARGET_PPB) / 1e9;
                    add(objective, export, target);
                }
            }
        }
    }
    let series = all.into_iter();
    series
        .map(|(labels, samples)| Series { labels, samples })
        .collect()
}
