//! Jobs that are a process for each run, as CronJobs and systemd timers are: each run is counted,
//! one that stopped is told, and silence between two runs is not.

use crate::{
    judge::{Answer, History, Labels, Query, Series, judge},
    rules,
};
use cargo_slo::outputs::Mode;

const BEGIN: f64 = 1_800_000_000.0;
const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// How often a job runs, how often rules are evaluated, and how many runs there are: at the
/// longest schedules rules are evaluated less often than they say, or the play would take minutes.
const SCHEDULES: [(f64, f64, usize); 4] = [
    (MINUTE, MINUTE, 12),
    (5.0 * MINUTE, MINUTE, 6),
    (DAY, 20.0 * MINUTE, 3),
    (31.0 * DAY, 50.0 * MINUTE, 2),
];

/// What becomes of the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It succeeds until the end.
    Healthy,
    /// It fails every time.
    Failing,
    /// It succeeds, and then does not run any more.
    Stopped,
    /// Its processes are killed in the middle of their second run and later ones.
    Killed,
    /// It never ran.
    Unheard,
}

const FATES: [Fate; 5] = [
    Fate::Healthy,
    Fate::Failing,
    Fate::Stopped,
    Fate::Killed,
    Fate::Unheard,
];

#[derive(Clone, Copy, Debug)]
struct Case {
    every: f64,
    step: f64,
    runs: usize,
    fate: Fate,
    mode: Mode,
}

impl Case {
    /// How long a success may be waited for.
    fn patience(&self) -> f64 {
        self.every + (self.every / 2.0).max(3.0 * MINUTE)
    }

    /// When the last run ended, if there was one.
    fn last_run(&self) -> f64 {
        BEGIN + (self.runs - 1) as f64 * self.every + self.takes()
    }

    fn takes(&self) -> f64 {
        (self.every / 3.0).min(20.0)
    }

    fn end(&self) -> f64 {
        match self.fate {
            // Before the next run would be due.
            Fate::Healthy => self.last_run() + 0.9 * self.every,
            _ => self.last_run() + self.patience() + 4.0 * self.step + 5.0 * MINUTE,
        }
    }

    fn history(&self, folder: &std::path::Path) -> History {
        let (begin, end) = (BEGIN - 2.0 * self.step + 7.0, self.end());
        let evaluations = ((end - begin) / self.step) as usize;
        let evaluated: Vec<_> = (0..=evaluations)
            .map(|n| begin + self.step * n as f64)
            .collect();
        let last = *evaluated.last().unwrap();
        // At once where a window of the play is asked about.
        let long = format!("{}s", (last - begin) as u64 + 60);
        let alerts = |of: &str| {
            format!("count by (alertname) (count_over_time(ALERTS{{alertstate=\"firing\"}}[{of}]))")
        };
        History {
            rules: rules::write_job("nightly", "settle", self.every, self.mode, folder),
            reloaded: None,
            phased: false,
            concurrent: true,
            recording_only: false,
            series: self.series(),
            queries: vec![
                Query {
                    at: last,
                    expr: format!(
                        "sum by (slo_outcome) (sum_over_time(slo:events:count1m[{long}]))"
                    ),
                },
                Query {
                    at: last,
                    expr: alerts(&long),
                },
                // Until a success is waited for too long; a minute for what travels.
                Query {
                    at: self.last_success() + self.patience() - self.step - MINUTE,
                    expr: alerts(&long),
                },
            ],
            evaluated,
        }
    }

    /// When it succeeded last, or became known.
    fn last_success(&self) -> f64 {
        match self.fate {
            Fate::Healthy | Fate::Stopped => self.last_run(),
            Fate::Killed => BEGIN + self.takes(),
            Fate::Failing => BEGIN,
            // The rules are there before.
            Fate::Unheard => BEGIN - 2.0 * self.step,
        }
    }

    fn series(&self) -> Vec<Series> {
        let mut all = Vec::new();
        let runs = if self.fate == Fate::Unheard {
            0
        } else {
            self.runs
        };
        for run in 0..runs {
            let start = BEGIN + run as f64 * self.every;
            let is_killed = self.fate == Fate::Killed && run > 0;
            let fails = self.fate == Fate::Failing;
            let end = start + self.takes();
            // At its start a process knows of no success, and has counted nothing.
            let moments = [(start + 0.05, false), (end, true)];
            let exports: Vec<_> = moments
                .into_iter()
                .filter(|(_, has_run)| !(is_killed && *has_run))
                .collect();
            let mut add =
                |name: &str, more: &[(&'static str, &str)], value: &dyn Fn(bool) -> f64| {
                    let instance = run.to_string();
                    let of_process = [
                        ("__name__", name),
                        ("job", "nightly"),
                        ("instance", &*instance),
                    ];
                    let labels: Labels = of_process
                        .iter()
                        .chain(more)
                        .map(|(label, value)| (*label, (*value).to_owned()))
                        .collect();
                    let samples = exports.iter();
                    let samples = samples.map(|&(at, has_run)| (at + 10.0, at, value(has_run)));
                    all.push(Series {
                        labels,
                        samples: samples.collect(),
                    });
                };
            let journey = ("slo_journey", "checkout");
            let endpoint = ("slo_endpoint", "settle");
            let sli = ("slo_sli", "availability");
            for (outcome, counts) in [("good", !fails), ("bad", fails)] {
                let outcome = ("slo_outcome", outcome);
                let count = move |has_run: bool| f64::from(u8::from(has_run && counts));
                add(
                    "slo_events_total",
                    &[journey, endpoint, sli, outcome],
                    &count,
                );
            }
            add("slo_start_time_seconds", &[], &|_| start);
            add("slo_interval_seconds", &[journey, endpoint], &|_| {
                self.every
            });
            let success = |has_run: bool| if has_run && !fails { end.floor() } else { 0.0 };
            add("slo_last_success_seconds", &[journey, endpoint], &success);
            let target = f64::from(rules::TARGET_PPB) / 1e9;
            let objective = [journey, sli, ("slo_window", "30d")];
            add("slo_objective_ratio", &objective, &|_| target);
        }
        all
    }

    /// What is wrong with an answer.
    fn wrong(&self, answer: &Answer) -> Option<String> {
        let [counts, alerts, before] = &answer.results[..] else {
            return Some("three queries".to_owned());
        };
        let value = |label: &str, of: &str| {
            let results = counts.iter().flatten();
            let mut found = results.filter(|result| result.labels[label] == of);
            found.next().map_or(0.0, |result| result.value)
        };
        let (good, bad) = (value("slo_outcome", "good"), value("slo_outcome", "bad"));
        let runs = self.runs as f64;
        let wanted = match self.fate {
            Fate::Healthy | Fate::Stopped => (runs, 0.0),
            Fate::Failing => (0.0, runs),
            Fate::Killed => (1.0, 0.0),
            Fate::Unheard => (0.0, 0.0),
        };
        if (good, bad) != wanted {
            return Some(format!("{good} good and {bad} bad, not {wanted:?}"));
        }
        let fired = |results: &Option<Vec<crate::judge::Result>>, name: &str| {
            results
                .iter()
                .flatten()
                .any(|result| result.labels["alertname"] == name)
        };
        let is_missed = matches!(self.fate, Fate::Failing | Fate::Stopped | Fate::Killed);
        let is_missing = self.fate == Fate::Unheard && self.mode == Mode::PerSlo;
        for (name, wanted) in [
            ("SloRunMissed", is_missed),
            ("SloDataMissing", is_missing),
            ("SloDataGap", false),
        ] {
            if fired(alerts, name) != wanted {
                return Some(format!("{name} fired: {}", !wanted));
            }
            if fired(before, name) {
                return Some(format!("{name} fired too early"));
            }
        }
        None
    }
}

#[test]
fn each_run_is_counted_and_one_that_stopped_is_told() {
    let mut cases = Vec::new();
    for (every, step, runs) in SCHEDULES {
        for fate in FATES {
            // A play of three months takes seconds, and these two tell it from the others.
            let is_long = every > 7.0 * DAY;
            if is_long && !matches!(fate, Fate::Healthy | Fate::Stopped) {
                continue;
            }
            for mode in [Mode::PerSlo, Mode::Universal] {
                cases.push(Case {
                    every,
                    step,
                    runs,
                    fate,
                    mode,
                });
            }
        }
    }
    let folders: Vec<_> = cases.iter().map(|_| tempfile::tempdir().unwrap()).collect();
    let histories = cases.iter().zip(&folders);
    let mut answered = cases.iter();
    let mut wrong = Vec::new();
    judge(
        histories.map(|(case, folder)| case.history(folder.path())),
        |answer| {
            let case = answered.next().unwrap();
            let what = case.wrong(&answer);
            wrong.extend(what.map(|what| format!("{case:?}: {what}")));
        },
    );
    assert_eq!(answered.len(), 0);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
