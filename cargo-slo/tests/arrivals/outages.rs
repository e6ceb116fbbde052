//! Rules that are not evaluated for minutes or for hours, while processes come and go: every long window
//! is the sum of the minutes that rules counted in it, without those of hours that were lost. Nothing
//! that is no longer in a window is subtracted from it.

use crate::{
    judge::{Answer, History, Labels, Query, Series, judge},
    number,
    rules::{self, record},
    splitmix::Random,
};
use cargo_slo::outputs::Mode;
use serde_json::json;
use std::{collections::BTreeMap, ops::Range, path::Path};

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3600.0;

/// Plays without a variable that says how many; eight are all kinds of them twice.
const PLAYS: u64 = 4;

/// How long a play is, in minutes: a day after the last outage began.
const MINUTES: usize = 33 * 60;

/// In which minutes outages begin, and how long they are.
const OUTAGES: [Range<usize>; 2] = [70..540, 5..480];

/// How long rules may not be evaluated without loss: they find the hour before for that long.
const LOST_AFTER: f64 = 59.5 * MINUTE;

/// The recorded windows, and their seconds.
const WINDOWS: [(&str, f64); 3] = [
    ("slo:events:sum6h", 6.0 * HOUR),
    ("slo:events:sum1d", 24.0 * HOUR),
    ("slo:events:sum_window", 30.0 * 24.0 * HOUR),
];

/// What is asked after each minute of each metric, by SLO, outcome and whatever else tells series apart.
const ASKED: [&str; 5] = [
    "slo:events:count1m",
    r#"slo:events:hour_start{slo_hour=""}"#,
    WINDOWS[0].0,
    WINDOWS[1].0,
    WINDOWS[2].0,
];

/// The journey and its former name, whose old processes stay for as long as they live.
const PRESENT: &str = "buy";
const FORMER: &str = "checkout";

/// Whose series it is, and the outcome.
type Whose = (String, String);

/// When rules of one name were evaluated, or what they counted then.
type Minutes<V> = Vec<(f64, V)>;

struct Play {
    seed: u64,
    mode: Mode,
    is_renamed: bool,
    evaluated: Vec<f64>,
    series: Vec<Series>,
}

impl Play {
    fn new(seed: u64) -> Play {
        let mut random = Random(seed);
        let begin = 1_800_000_000.0 + MINUTE * random.below(1440) as f64 + 7.0;
        let mut is_out = vec![false; MINUTES];
        for _ in 0..=random.below(3) {
            let [from, length] = OUTAGES.map(|of| of.start + random.below(of.end - of.start));
            for out in is_out.iter_mut().skip(from).take(length) {
                *out = true;
            }
        }
        let evaluated = (0..MINUTES).filter(|n| !is_out[*n]);
        let evaluated = evaluated.map(|n| begin + MINUTE * n as f64).collect();
        let mode = [Mode::PerSlo, Mode::Universal][usize::from(seed.is_multiple_of(2))];
        let is_renamed = (seed / 2).is_multiple_of(2);
        let bursts: Vec<_> = (0..40).map(|_| random.below(MINUTES)).collect();
        let mut series = Vec::new();
        for (n, journey) in [PRESENT, FORMER].into_iter().cycle().take(8).enumerate() {
            if journey == FORMER && !is_renamed {
                continue;
            }
            // Of each name one is there from the beginning to the end.
            let from = if n < 2 { 0 } else { random.below(1200) };
            let to = if n < 2 {
                1980
            } else {
                from + 20 + random.below(400)
            };
            let counted = (from..to).map(|minute| {
                let is_bad = bursts.iter().any(|at| (*at..*at + 9).contains(&minute));
                let bad = if is_bad { 5 + random.below(90) } else { 0 };
                (minute, [random.below(20), bad])
            });
            series.extend(process(n, journey, begin, &counted.collect::<Vec<_>>()));
        }
        Play {
            seed,
            mode,
            is_renamed,
            evaluated,
            series,
        }
    }

    fn history(&self, folder: &Path) -> History {
        let mut record = record("cart", false);
        record["journey"]["name"] = json!(PRESENT);
        if self.is_renamed {
            record["journey"]["formerly"] = json!([FORMER]);
        }
        let folder = folder.join(self.seed.to_string());
        std::fs::create_dir_all(&folder).unwrap();
        let records = [record];
        let services = std::iter::once(("orders", &records[..]));
        let ask = |at: f64| {
            // By then each group of this minute was evaluated, and none of the next.
            let at = at + MINUTE - 0.001;
            let asked = ASKED
                .into_iter()
                .flat_map(|metric| [metric.to_owned(), format!("timestamp({metric})")]);
            asked.map(move |expr| Query { at, expr })
        };
        History {
            rules: rules::generate(services, self.mode, &folder),
            reloaded: None,
            phased: true,
            concurrent: false,
            recording_only: true,
            series: self.series.clone(),
            evaluated: self.evaluated.clone(),
            queries: self.evaluated.iter().flat_map(|at| ask(*at)).collect(),
        }
    }
}

/// What a process exports that counts so much, good and bad, in these minutes.
fn process(n: usize, journey: &str, begin: f64, counted: &[(usize, [usize; 2])]) -> Vec<Series> {
    let labels = |name: &str, more: &[(&'static str, &str)]| -> Labels {
        let id = format!("process-{n}");
        let all = [("__name__", name), ("job", "orders"), ("instance", &id)];
        let all = all.iter().chain(more);
        all.map(|(name, value)| (*name, (*value).to_owned()))
            .collect()
    };
    let at = |minute: usize| begin + MINUTE * minute as f64 - 20.0;
    let constant = |value: f64| {
        let samples = counted
            .iter()
            .map(|(minute, _)| (at(*minute), at(*minute), value));
        samples.collect()
    };
    let sli = [("slo_journey", journey), ("slo_sli", "availability")];
    let start = Series {
        labels: labels("slo_start_time_seconds", &[]),
        samples: constant(at(counted[0].0) - 30.0),
    };
    let mut objective = sli.to_vec();
    objective.push(("slo_window", "30d"));
    let objective = Series {
        labels: labels("slo_objective_ratio", &objective),
        samples: constant(f64::from(rules::TARGET_PPB) / 1e9),
    };
    let events = ["good", "bad"]
        .into_iter()
        .enumerate()
        .map(|(outcome, name)| {
            let mut more = sli.to_vec();
            more.extend([("slo_endpoint", "cart"), ("slo_outcome", name)]);
            let mut sum = 0;
            let samples = counted.iter().map(|(minute, events)| {
                sum += events[outcome];
                (at(*minute), at(*minute), sum as f64)
            });
            Series {
                labels: labels("slo_events_total", &more),
                samples: samples.collect(),
            }
        });
    [start, objective].into_iter().chain(events).collect()
}

/// What was recorded, each with the moment of its evaluation.
#[derive(Default)]
struct Recorded {
    /// By name and outcome.
    minutes: BTreeMap<Whose, Minutes<f64>>,
    /// By name, or of all.
    evaluated: BTreeMap<String, Minutes<()>>,
    /// By window and outcome, those of the present name.
    windows: BTreeMap<(usize, String), Minutes<f64>>,
}

impl Recorded {
    fn of(play: &Play, answer: &Answer) -> Recorded {
        let mut recorded = Recorded::default();
        for (answers, &minute) in answer.results.chunks(2 * ASKED.len()).zip(&play.evaluated) {
            for (metric, pair) in answers.chunks(2).enumerate() {
                let key = |labels: &BTreeMap<String, String>| -> Whose {
                    let label = |name| labels.get(name).cloned().unwrap_or_default();
                    (label("slo"), label("slo_outcome"))
                };
                let moments = pair[1].iter().flatten();
                let moments: BTreeMap<_, _> =
                    moments.map(|one| (key(&one.labels), one.value)).collect();
                for one in pair[0].iter().flatten() {
                    let (slo, outcome) = key(&one.labels);
                    let at = moments[&(slo.clone(), outcome.clone())];
                    // What an earlier evaluation recorded is seen for five minutes.
                    if at < minute {
                        continue;
                    }
                    let is_present = slo.contains(PRESENT);
                    match metric {
                        0 => recorded
                            .minutes
                            .entry((slo, outcome))
                            .or_default()
                            .push((at, one.value)),
                        1 => recorded.evaluated.entry(slo).or_default().push((at, ())),
                        // In universal rules what has the former name has windows, too.
                        n if is_present => {
                            let windows = recorded.windows.entry((n - 2, outcome)).or_default();
                            windows.push((at, one.value));
                        }
                        _ => {}
                    }
                }
            }
        }
        recorded
    }

    /// When rules that count a name were evaluated.
    fn evaluations(&self, slo: &str) -> &[(f64, ())] {
        let of_all = || &self.evaluated[""];
        self.evaluated.get(slo).unwrap_or_else(of_all)
    }

    /// From when on the last hour before each outage is lost, and the evaluation that finds it is, for rules
    /// that count a name.
    fn lost(&self, slo: &str) -> Vec<Range<f64>> {
        let pairs = self.evaluations(slo).windows(2);
        let pairs = pairs.map(|pair| [pair[0].0, pair[1].0]);
        let lost = pairs.filter(|[last, next]| next - last > LOST_AFTER);
        lost.map(|[last, next]| last - last.rem_euclid(HOUR)..next)
            .collect()
    }

    /// True where each name was counted in the minute before a moment. After an outage the rules of one
    /// name are evaluated seconds before those of the other.
    fn is_counted(&self, at: f64) -> bool {
        self.minutes.keys().all(|(slo, _)| {
            let evaluations = self.evaluations(slo);
            let first = evaluations.partition_point(|(then, ())| *then <= at - MINUTE);
            evaluations.get(first).is_some_and(|(then, ())| *then <= at)
        })
    }
}

/// Minutes of one name and outcome, and the hours that are lost of them.
struct Counted<'a> {
    minutes: &'a [(f64, f64)],
    lost: Vec<Range<f64>>,
}

impl Counted<'_> {
    /// What is in a window of so many seconds that ends at a moment: the minutes in it, but for those of
    /// hours that are lost by then.
    fn within(&self, seconds: f64, at: f64) -> f64 {
        let place = |moment| self.minutes.partition_point(|(then, _)| *then <= moment);
        let in_window = &self.minutes[place(at - seconds)..place(at)];
        let is_lost = |then| {
            let mut lost = self.lost.iter();
            lost.any(|lost| lost.end <= at && lost.contains(&then))
        };
        let kept = in_window.iter().filter(|(then, _)| !is_lost(*then));
        kept.map(|(_, events)| events).sum()
    }
}

/// How many numbers were compared, how many of them are of a window that began in a lost hour or in the
/// outage after it, and what differs.
fn compare(play: &Play, recorded: &Recorded) -> (usize, usize, Vec<String>) {
    let (mut compared, mut began_lost, mut wrong) = (0, 0, Vec::new());
    for outcome in ["good", "bad"] {
        let names = recorded.minutes.iter().filter(|((_, of), _)| of == outcome);
        let names = names.map(|((slo, _), minutes)| Counted {
            minutes,
            lost: recorded.lost(slo),
        });
        let names: Vec<_> = names.collect();
        for (n, (metric, seconds)) in WINDOWS.into_iter().enumerate() {
            let windows = &recorded.windows[&(n, outcome.to_owned())];
            for (at, value) in windows.iter().filter(|(at, _)| recorded.is_counted(*at)) {
                let expected: f64 = names.iter().map(|name| name.within(seconds, *at)).sum();
                compared += 1;
                let lost = &names[0].lost;
                began_lost += usize::from(lost.iter().any(|lost| lost.contains(&(at - seconds))));
                if *value != expected {
                    wrong.push(format!(
                        "seed {} {:?} renamed {}: {outcome} {metric} at {at}: {expected}, the rules say {value}",
                        play.seed, play.mode, play.is_renamed,
                    ));
                }
            }
        }
    }
    (compared, began_lost, wrong)
}

#[test]
fn nothing_is_subtracted_that_was_lost() {
    let folder = tempfile::tempdir().unwrap();
    let first = number("SLO_SEED", 1);
    let plays: Vec<_> = (first..first + number("SLO_HISTORIES", PLAYS))
        .map(Play::new)
        .collect();
    let histories: Vec<_> = plays
        .iter()
        .map(|play| play.history(folder.path()))
        .collect();
    let (mut compared, mut began_lost, mut wrong) = (0, 0, Vec::new());
    let mut played = plays.iter();
    judge(histories.into_iter(), |answer| {
        let play = played.next().unwrap();
        let (numbers, lost, differences) = compare(play, &Recorded::of(play, &answer));
        println!(
            "seed {:<4} {:<10} renamed {:<5}  evaluations {:>4}  numbers {numbers:>6}  began in a lost hour or after {lost:>4}  differ {:>4}",
            play.seed,
            format!("{:?}", play.mode),
            play.is_renamed,
            play.evaluated.len(),
            differences.len(),
        );
        compared += numbers;
        began_lost += lost;
        wrong.extend(differences);
    });
    let shown: Vec<_> = wrong.iter().take(12).collect();
    assert!(
        wrong.is_empty(),
        "{} of {compared} differ: {shown:#?}",
        wrong.len()
    );
    assert!(began_lost > 0, "no window began in a lost hour");
    assert!(compared > 5000 * plays.len(), "{compared} numbers");
}
