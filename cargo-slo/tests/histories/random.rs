//! Histories that nobody thought of.

use crate::{
    comparison::compare_all,
    history::{History, Pod},
    splitmix::Random,
};
use cargo_slo::outputs::Mode;
use slo_model::{Target, Window};

/// How many random histories are played, unless `SLO_HISTORIES` says otherwise.
const HISTORIES: u64 = 8;

#[test]
fn random_histories_give_the_same_numbers() {
    let number = |name: &str, default| match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name} is a number")),
        Err(_) => default,
    };
    let first = number("SLO_SEED", 1);
    let seeds = first..first + number("SLO_HISTORIES", HISTORIES);
    let histories = seeds.flat_map(|seed| {
        let of_mode = move |mode| (format!("seed {seed}"), history(seed), mode);
        [Mode::PerSlo, Mode::Universal].map(of_mode)
    });
    compare_all(&histories.collect::<Vec<_>>());
}

/// A span of minutes in which something is different.
struct Span {
    from: usize,
    length: usize,
    value: f64,
}

impl Span {
    fn contains(&self, minute: usize) -> bool {
        (self.from..self.from + self.length).contains(&minute)
    }
}

fn history(seed: u64) -> History {
    let mut random = Random(seed);
    let percent = random.one_of(&[90.0, 99.0, 99.5, 99.9, 99.99]);
    let target = Target::from_percent(percent);
    let budget = target.budget().to_f64();
    let window = Window::days(random.one_of(&[1, 2, 7, 30]));
    // Some live longer than their window of a day; the time it takes grows with the minutes.
    let minutes = 500 + random.below(1400);
    let per_minute = random.one_of(&[0.05, 2.0, 60.0, 900.0, 20_000.0]);
    let usual = budget * random.one_of(&[0.0, 0.1, 0.8, 1.5]);
    let spans = |random: &mut Random, most: usize, longest: usize, values: &[f64]| -> Vec<Span> {
        let span = |random: &mut Random| Span {
            from: random.below(minutes),
            length: 5 + random.below(longest),
            value: random.one_of(values),
        };
        (0..random.below(most + 1)).map(|_| span(random)).collect()
    };
    // Nobody comes; many come; much fails.
    let idle = spans(&mut random, 2, 400, &[0.0]);
    let rush = spans(&mut random, 2, 200, &[5.0, 30.0]);
    let faults = spans(
        &mut random,
        3,
        250,
        &[2.0 * budget, 10.0 * budget, 0.5, 1.0],
    );
    let first_error = random.one_of(&[0, 0, minutes / 2]);
    let pods = (0..1 + random.below(3)).map(|_| {
        let born = random.one_of(&[0, 0, random.0 as usize % minutes]);
        let early = born + 30 + random.below(minutes);
        let dies = random.one_of(&[minutes, minutes, early]);
        let restarts: Vec<_> = (0..random.below(4))
            .map(|_| random.below(minutes))
            .collect();
        // The rules look back a quarter of an hour for the value before.
        let missed = spans(&mut random, 3, 6, &[0.0]);
        let (mut good, mut bad) = (0, 0);
        let mut pod = Pod {
            good: Vec::new(),
            bad: Vec::new(),
        };
        for minute in 0..minutes {
            if minute < born || minute >= dies {
                pod.good.push(None);
                pod.bad.push(None);
                continue;
            }
            if restarts.contains(&minute) {
                (good, bad) = (0, 0);
            }
            // Half the day is quiet.
            let day = if minute % 1440 < 720 { 1.5 } else { 0.5 };
            let times: f64 = idle
                .iter()
                .chain(&rush)
                .filter(|s| s.contains(minute))
                .map(|s| s.value)
                .product();
            let ratio = faults
                .iter()
                .filter(|s| s.contains(minute))
                .map(|s| s.value)
                .fold(usual, f64::max);
            let events = random.about(per_minute * day * times);
            let failed = match minute < first_error {
                true => 0,
                false => random.about(events as f64 * ratio.min(1.0)).min(events),
            };
            // The SDK's counters are there, at 0, before the first event.
            if minute > born {
                good += events - failed;
                bad += failed;
            }
            let is_seen = minute == born || !missed.iter().any(|s| s.contains(minute));
            pod.good.push(is_seen.then_some(good));
            pod.bad.push(is_seen.then_some(bad));
        }
        pod
    });
    let pods = pods.collect();
    History {
        target,
        window,
        minutes,
        pods,
    }
}
